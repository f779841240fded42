/*
 * journal_check: a journal's leaves one after the other, computed anew.
 *
 * Layer 5, internal to store.  Uses: journal_verify, leaf.
 *
 * Holds the right edge of the tree only, so that memory does not grow.
 */
#ifndef HIKAE_STORE_JOURNAL_CHECK_H
#define HIKAE_STORE_JOURNAL_CHECK_H

#include "lib/store/journal_verify.h"

struct journal_check {
	struct catalog *catalog; /* whose stored nodes are compared, or NULL */
	const struct signature_public *keys;
	size_t key_count;
	struct journal_report *report;
	int64_t last_at;
	struct merkle_edge edge;
	char origin[NOTE_NAME_BYTES];	    /* from the origin entry */
	struct signature_public daemon_key; /* in force after these leaves */
	uint64_t untrusted_size; /* of the newest checkpoint by another key */
};

/* Begin with an empty journal and report. */
void journal_check_begin(
    struct journal_check *check, struct journal_report *report);

/*
 * The next leaf and the next note: 0, or -1 with err.  A fault stands in the
 * report; what comes after the first one is not looked at.
 */
int journal_check_leaf(struct journal_check *check, const uint8_t *leaf,
    size_t length, struct error *err) ERROR_CHECKED;

/*
 * A checkpoint that must be of exactly the leaves so far, and be signed by the
 * daemon key in force after them: a retired key counts only for what was
 * journalled before.  One by a key that is none of the given proves nothing;
 * it is a fault where no later one by a given key covers the same leaves.
 */
int journal_check_note(struct journal_check *check, const uint8_t *note,
    size_t length, struct error *err) ERROR_CHECKED;

/* After the last leaf: fills in the root. */
int journal_check_end(
    struct journal_check *check, struct error *err) ERROR_CHECKED;

/* Note a fault unless there is one. */
void journal_check_fault(
    struct journal_check *check, enum journal_fault fault, uint64_t seq);

#endif
