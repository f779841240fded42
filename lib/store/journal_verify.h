/*
 * journal_verify: does a journal prove itself, in the catalog or as a file?
 *
 * Layer 5.  Uses: journal.
 *
 * Everything is computed again from the leaves.  What is wrong with a journal
 * is no error but stands in the report.
 */
#ifndef HIKAE_STORE_JOURNAL_VERIFY_H
#define HIKAE_STORE_JOURNAL_VERIFY_H

#include "lib/store/journal.h"

enum journal_fault {
	JOURNAL_GOOD,
	JOURNAL_EMPTY,	   /* no entries: nothing was checked */
	JOURNAL_GAP,	   /* an entry is missing or misnumbered */
	JOURNAL_MALFORMED, /* a leaf is not the form of FORMATS 4 */
	JOURNAL_NODE,	   /* a stored hash is not that of the leaves */
	JOURNAL_ROOT,	   /* a checkpoint is of other leaves */
	JOURNAL_UNSIGNED,  /* a checkpoint that no given key signed */
	JOURNAL_SIGNATURE, /* a checkpoint's signature does not hold */
	JOURNAL_SHORT,	   /* a checkpoint has more entries than there are */
	JOURNAL_NO_CHECKPOINT, /* entries, but nothing signed */
	JOURNAL_FORMAT,	       /* the file is not a journal, or cut off */
};
#define JOURNAL_FAULTS (JOURNAL_FORMAT + 1)

struct journal_report {
	enum journal_fault fault;	 /* the first that was found */
	uint64_t fault_seq;		 /* entry, or size of the checkpoint */
	uint64_t size;			 /* entries read */
	uint8_t root[MERKLE_HASH_BYTES]; /* of all entries read */
	uint64_t checkpoints;		 /* that hold */
	uint64_t signed_size;	      /* entries under the newest that holds */
	uint64_t clock_back;	      /* entries older than the one before */
	char origin[NOTE_NAME_BYTES]; /* of the newest checkpoint that holds */
};

/* "good", "gap", ...: stable names. */
const char *journal_fault_name(enum journal_fault fault);

/*
 * Verify the catalog's journal, its nodes and its checkpoints.  Each
 * checkpoint must be signed by the daemon key in force there, and the newest
 * by one of the given keys: it covers the older ones, with the rotations that
 * the journal tells of.
 */
int journal_verify(struct catalog *catalog, const struct signature_public *keys,
    size_t key_count, struct journal_report *ret_report,
    struct error *err) ERROR_CHECKED;

/*
 * Does the catalog's journal extend one that was remembered elsewhere (a
 * witness, a printed checkpoint)?  *ret_extends is false after a rollback or a
 * rewrite.  The note must be verified before.
 */
int journal_extends(struct catalog *catalog,
    const struct note_checkpoint *remembered, bool *ret_extends,
    struct error *err) ERROR_CHECKED;

/*
 * Write the journal up to its newest checkpoint to a descriptor as a file that
 * stands alone (FORMATS section 4.2).  ERROR_NOT_FOUND without a checkpoint.
 */
int journal_export(
    struct catalog *catalog, int fd, struct error *err) ERROR_CHECKED;

/*
 * Such a file in pieces, one after the other (a witness has several: FORMATS
 * section 11).  each, which may be NULL, gets every leaf that is in its place;
 * whether a signature covers it is only known in the end.
 */
struct journal_files {
	const int *fds;
	size_t count;
	journal_leaf_fn *each;
	void *context;
	struct bytes *note; /* gets its checkpoint, once it holds; or NULL */
};
int journal_verify_files(const struct journal_files *files,
    const struct signature_public *keys, size_t key_count,
    struct journal_report *ret_report, struct error *err) ERROR_CHECKED;

/* Verify such a file, read from a descriptor. */
int journal_verify_file(int fd, const struct signature_public *keys,
    size_t key_count, struct journal_report *ret_report,
    struct error *err) ERROR_CHECKED;

#endif
