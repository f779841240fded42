/*
 * journal_since: what came to a journal since it was last looked at.
 *
 * Layer 5.  Uses: journal_verify, crypto/merkle_prefix.
 */
#ifndef HIKAE_STORE_JOURNAL_SINCE_H
#define HIKAE_STORE_JOURNAL_SINCE_H

#include "lib/crypto/merkle_prefix.h"
#include "lib/store/journal_verify.h"

/* Whose journal it is, and what of it was looked at. */
struct journal_since {
	const struct signature_public *keys;
	size_t key_count;
	const char *origin;
	const struct merkle_prefix *known; /* of size 0: nothing yet */
};

/*
 * Hash the entries from the known ones to the newest checkpoint, which must be
 * signed by one of the keys and be of exactly these.  Stored nodes and older
 * checkpoints are not looked at: that is journal_verify's.  *ret_known is what
 * holds now; where there is a fault it stays as it was.
 */
int journal_verify_since(struct catalog *catalog,
    const struct journal_since *since, struct journal_report *ret_report,
    struct merkle_prefix *ret_known, struct error *err) ERROR_CHECKED;

#endif
