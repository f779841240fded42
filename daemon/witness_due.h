/*
 * witness_due: when a medium's witness is to be written again.
 *
 * Part of media.  Uses: nothing.  Decides alone; no clock, no store.
 *
 * The plan in a witness is what is left when everything else is lost, so one
 * that names nothing, or not what is there, is a trap.  But each writing wears
 * the medium: a cheap stick stands some thousand of them in one place, and a
 * disk that rests is woken for each.
 */
#ifndef HIKAE_DAEMON_WITNESS_DUE_H
#define HIKAE_DAEMON_WITNESS_DUE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/crypto/digest.h"

/* At least so often, ms: the journal's own growth. */
#define WITNESS_DUE_PERIOD_MS INT64_C(86400000)
/*
 * Between two writings for a plan that changed, ms: an hour.  That is 24 a day
 * at most, and a plan is old by an hour at most.
 */
#define WITNESS_DUE_APART_MS INT64_C(3600000)

/* What a plan says, but for the instants of readings. */
struct witness_plan {
	uint8_t digest[DIGEST_SHA256_BYTES];
	size_t named; /* systems of which it names a generation */
};

/* The last time that a witness was to be written, since it was mounted. */
struct witness_last {
	enum {
		WITNESS_NEVER,
		WITNESS_WRITTEN,
		WITNESS_NOT_WRITTEN, /* it failed, or may not be, or is not yet
					done */
	} outcome;
	int64_t began_ms;	  /* monotonic */
	struct witness_plan plan; /* of WRITTEN */
};

/*
 * When the next is due, monotonic ms; 0: at once.  now: the plan as it is, or
 * NULL where it does not matter.
 */
int64_t witness_due_at(
    const struct witness_last *last, const struct witness_plan *now);

#endif
