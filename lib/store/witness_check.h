/*
 * witness_check: what a witness that lay on a medium says of this journal.
 *
 * Layer 5.  Uses: journal_verify, crypto/note_parts, keyring.
 *
 * Somebody may have written the witness who wants hikae to believe it: only
 * what one of this installation's keys signed counts, for or against.  A child
 * took the checkpoint apart; here its text is made again and verified.
 */
#ifndef HIKAE_STORE_WITNESS_CHECK_H
#define HIKAE_STORE_WITNESS_CHECK_H

#include "lib/crypto/keyring.h"
#include "lib/crypto/note_parts.h"
#include "lib/store/journal_verify.h"

enum witness_verdict {
	WITNESS_EXTENDS,     /* this journal begins with that one */
	WITNESS_REWRITTEN,   /* as many entries, but others */
	WITNESS_ROLLED_BACK, /* it has entries that are not here any more */
	WITNESS_FOREIGN,     /* of another installation */
	/*
	 * In this one's name by a key that is not known here: as when the
	 * state was put back to before its key was replaced.
	 */
	WITNESS_UNKNOWN_KEY,
	WITNESS_UNSIGNED,  /* by nobody, or what is signed does not hold */
	WITNESS_MALFORMED, /* no checkpoint */
};

/* As a child read it. */
struct witness_seen {
	bool has_checkpoint;
	struct note_checkpoint checkpoint;
	struct note_signatures signatures; /* in its origin's name */
	uint64_t entries;
	uint8_t root[MERKLE_HASH_BYTES]; /* of the entries */
};

struct witness_result {
	enum witness_verdict verdict;
	/* Under its checkpoint; 0 where that does not count. */
	uint64_t size;
	uint8_t root[MERKLE_HASH_BYTES];
	/* Its entries are not those that its own checkpoint signs. */
	bool is_damaged;
};

int witness_check(struct catalog *catalog, const struct keyring *keyring,
    const struct witness_seen *seen, struct witness_result *ret_result,
    struct error *err) ERROR_CHECKED;

#endif
