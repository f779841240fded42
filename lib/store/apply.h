/*
 * apply: what a journal entry means for the catalog's rows.
 *
 * Layer 5, internal to store.  Uses: entry, sql.
 *
 * The rows follow from the entry and from rows that are there, and from
 * nothing else: replaying the journal gives the same rows again.
 */
#ifndef HIKAE_STORE_APPLY_H
#define HIKAE_STORE_APPLY_H

#include "lib/store/entry.h"
#include "lib/store/sql.h"

/* No more statements in all types together. */
#define APPLY_STEPS_MAX 128

struct apply_entry {
	enum entry_type type;
	uint64_t seq;
	int64_t at;
	const char *leaf; /* checked by entry_check */
	size_t leaf_length;
};

/* Prepare all statements into queries; they belong to the connection. */
int apply_prepare(struct sql *sql, struct sql_query *queries[APPLY_STEPS_MAX],
    struct error *err) ERROR_CHECKED;

/*
 * Make the rows.  ERROR_INPUT where the entry refers to what is not there, or
 * is not in a state for it; rows may then be half made (see journal.c).
 */
int apply_rows(struct sql *sql, struct sql_query *const *queries,
    const struct apply_entry *entry, struct error *err) ERROR_CHECKED;

#endif
