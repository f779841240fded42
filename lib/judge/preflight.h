/*
 * preflight: may a system be changed now, with its newest backup to go back to?
 *
 * Layer 6.  Uses: recover, copies.
 *
 * Asked before an update; the answer is journalled (FORMATS section 4.1).
 */
#ifndef HIKAE_JUDGE_PREFLIGHT_H
#define HIKAE_JUDGE_PREFLIGHT_H

#include "lib/judge/recover.h"

struct preflight {
	/* Good: young enough, read again, and in sight or out of reach with
	 * evidence.  Warning: not read again.  Bad: too old, or none.
	 * Undetermined: not judged, or nobody knows whether it is there. */
	enum verdict_exit status;
	/* fresh, not-confirmed, not-in-sight, clock-ahead, too-old, none,
	 * undetermined */
	const char *reason;
	char system[INVENTORY_ID_BYTES];
	char generation[INVENTORY_GENERATION_BYTES]; /* that counts, or "" */
	int64_t taken_at;			     /* or QUERY_NEVER */
	int64_t max_age_ms;
};

/* What is asked; a generation further ahead of now than 2 h counts for none. */
struct preflight_question {
	struct catalog_at at;
	int64_t now, max_age_ms;
	const char *system;
};

/* ERROR_NOT_FOUND for an unknown system. */
int preflight_judge(struct catalog *catalog,
    const struct preflight_question *question, struct preflight *ret,
    struct error *err) ERROR_CHECKED;

/* The sentence for a reason, in the reader's language; NULL: unknown. */
const char *preflight_sentence(const char *reason);

#endif
