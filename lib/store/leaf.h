/*
 * leaf: one journal entry into the database, and its hash into the tree.
 *
 * Layer 5, internal to store.  Uses: crypto/merkle, entry, apply.
 */
#ifndef HIKAE_STORE_LEAF_H
#define HIKAE_STORE_LEAF_H

#include "lib/crypto/merkle.h"
#include "lib/store/entry.h"
#include "lib/store/store.h"

/* The stored nodes of the journal's tree. */
struct merkle_nodes leaf_nodes(struct catalog *catalog);

/*
 * Parse and check a leaf that stands at seq: an entry in canonical form.
 * ERROR_INPUT where it is not.
 */
int leaf_check(const void *leaf, size_t length, uint64_t seq,
    struct apply_entry *ret_entry, struct error *err) ERROR_CHECKED;

/*
 * Store a checked entry's leaf as the newest, with its nodes and rows.  Within
 * a transaction; on error nothing of it is left.
 */
int leaf_append(struct catalog *catalog, const struct apply_entry *entry,
    struct error *err) ERROR_CHECKED;

#endif
