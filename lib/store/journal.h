/*
 * journal: the append-only log of everything that was found out.
 *
 * Layer 5.  Uses: crypto (merkle, note), format/json, catalog.
 *
 * Entries are numbered from 0 (seq).  An entry and the rows that follow from
 * it (apply.c) are one transaction.  FORMATS section 4 has the formats;
 * section 4.1, like entry_types.c, has each type's members.
 */
#ifndef HIKAE_STORE_JOURNAL_H
#define HIKAE_STORE_JOURNAL_H

#include "lib/crypto/merkle.h"
#include "lib/crypto/note.h"
#include "lib/format/json.h"
#include "lib/store/catalog.h"

/* No entry is longer. */
#define JOURNAL_LEAF_BYTES_MAX (16 * 1024 * 1024)

/*
 * Append an entry: an object with `type` and that type's members.  Its
 * reference is taken over, also on failure (NULL is ERROR_INTERNAL: building
 * it failed).  `v`, `seq` and `at` are added.  Within a transaction.
 * ERROR_INPUT: unknown type, unknown, missing or malformed member, or one that
 * refers to what is not there; then nothing was added, and the transaction can
 * go on.  ret_seq may be NULL.
 */
int journal_append(struct catalog *catalog, json_t *entry, int64_t at_ms,
    uint64_t *ret_seq, struct error *err) ERROR_CHECKED;

/* How many entries there are, uncommitted ones of this catalog included. */
int journal_size(struct catalog *catalog, uint64_t *ret_size,
    struct error *err) ERROR_CHECKED;

/* The root of the tree of the first size entries. */
int journal_root(struct catalog *catalog, uint64_t size,
    uint8_t ret_root[MERKLE_HASH_BYTES], struct error *err) ERROR_CHECKED;

/* Proofs; ERROR_USAGE where the sizes are beyond the journal's. */
int journal_inclusion(struct catalog *catalog, uint64_t seq, uint64_t size,
    struct merkle_proof *ret_proof, struct error *err) ERROR_CHECKED;
int journal_consistency(struct catalog *catalog, uint64_t old_size,
    uint64_t size, struct merkle_proof *ret_proof,
    struct error *err) ERROR_CHECKED;

/*
 * Sign the tree of all committed entries and keep the note.  Not within a
 * transaction (it would cover what may yet vanish).  ERROR_NOT_FOUND for an
 * empty journal.  The note is appended to ret_note, which may be NULL.
 */
int journal_checkpoint(struct catalog *catalog, const char *origin,
    const struct signature_secret *secret, int64_t at_ms,
    struct bytes *ret_note, struct error *err) ERROR_CHECKED;

/* Append the newest checkpoint's note.  ERROR_NOT_FOUND where there is none. */
int journal_last_checkpoint(struct catalog *catalog, struct bytes *out,
    struct error *err) ERROR_CHECKED;

/* A checkpoint that was kept. */
struct journal_note {
	uint64_t size;
	int64_t at; /* when it was signed */
	uint8_t root[MERKLE_HASH_BYTES];
	struct bytes text;
};

/*
 * The first of at least so many entries, and the last of at most so many.
 * ERROR_NOT_FOUND.  ret_note->text is the caller's, to be freed.
 */
int journal_checkpoint_from(struct catalog *catalog, uint64_t size,
    struct journal_note *ret_note, struct error *err) ERROR_CHECKED;
int journal_checkpoint_upto(struct catalog *catalog, uint64_t size,
    struct journal_note *ret_note, struct error *err) ERROR_CHECKED;

/*
 * Called with each leaf as it was hashed, valid during the call.  0 goes on,
 * 1 stops, -1 stops and fails with err.
 */
typedef int journal_leaf_fn(uint64_t seq, const uint8_t *leaf, size_t length,
    void *context, struct error *err);

/* Entries from <= seq < to, in order. */
int journal_each(struct catalog *catalog, uint64_t from, uint64_t to,
    journal_leaf_fn *each, void *context, struct error *err) ERROR_CHECKED;

/*
 * The state at an instant: the last entry that is not younger.  ERROR_NOT_FOUND
 * where all are younger.
 */
int journal_seq_at(struct catalog *catalog, int64_t at_ms,
    struct catalog_at *ret_at, struct error *err) ERROR_CHECKED;

/*
 * The same for who asks about that instant: where all are younger,
 * ERROR_UNAVAILABLE.
 */
int journal_seq_known(struct catalog *catalog, int64_t at_ms,
    struct catalog_at *ret_at, struct error *err) ERROR_CHECKED;

#endif
