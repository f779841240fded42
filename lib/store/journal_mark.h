/*
 * journal_mark: what was signed last, beside the catalog, so that a journal
 * that got lost or shorter is seen.
 *
 * Layer 5.  Uses: os/file, crypto/note_parts, keyring, journal.
 * Owns: the state's file "checkpoint" (FORMATS section 4.3).
 *
 * The catalog commits first, the mark follows, and nobody gets a checkpoint
 * before: a crash between leaves a mark that asks for less than there is.
 */
#ifndef HIKAE_STORE_JOURNAL_MARK_H
#define HIKAE_STORE_JOURNAL_MARK_H

#include "lib/crypto/keyring.h"
#include "lib/crypto/note.h"
#include "lib/store/catalog.h"

#define JOURNAL_MARK_FILE "checkpoint"

/* Replace a file of the state, durable, for its owner and group. */
int journal_mark_put(int state_fd, const char *name, const struct bytes *text,
    struct error *err) ERROR_CHECKED;

/* Replace the mark by a signed note, durable. */
int journal_mark_write(
    int state_fd, const struct bytes *note, struct error *err) ERROR_CHECKED;

/*
 * What it says; its signature is not looked at: who could write it could
 * remove it.  ERROR_NOT_FOUND: there is none; ERROR_INPUT: it is damaged.
 */
int journal_mark_read(int state_fd, struct note_checkpoint *ret_mark,
    struct error *err) ERROR_CHECKED;

enum journal_standing {
	JOURNAL_STANDS,	   /* it has what was signed last */
	JOURNAL_GONE,	   /* it is empty, and was not */
	JOURNAL_SHORTENED, /* entries that were signed are not there */
	JOURNAL_ANOTHER,   /* of other entries, or of another origin */
};

struct journal_seen {
	enum journal_standing standing;
	uint64_t size; /* entries that are there */
	/* What was signed last; its size is 0 where only manifests tell. */
	struct note_checkpoint last;
};

/*
 * Compare the journal with the mark; without one, an empty journal beside a
 * manifest that one of these keys signed is JOURNAL_GONE.  catalog NULL: there
 * is none; keyring NULL: there are no keys.
 */
int journal_mark_look(int state_fd, struct catalog *catalog,
    const struct keyring *keyring, struct journal_seen *ret_seen,
    struct error *err) ERROR_CHECKED;

#endif
