/*
 * suspicion: does a generation look like ransomware that was backed up?
 *
 * Layer 6.  Uses: store's queries, model/finding.
 *
 * A hint, never a verdict: the bytes of a suspicious generation are as intact
 * as ever, and it stays suspicious until a person says why it is not (law 3).
 * Everything comes from the journal's rows at the asked point.
 */
#ifndef HIKAE_JUDGE_SUSPICION_H
#define HIKAE_JUDGE_SUSPICION_H

#include "lib/store/query.h"

/* Three outcomes, never merged (law 1). */
enum suspicion {
	SUSPICION_UNKNOWN, /* no copy of it was looked at, or not to the end */
	SUSPICION_NONE,	   /* looked at, and nothing hints at it now */
	SUSPICION_HINTED,  /* a finding about one of its copies is open */
};

struct suspicion_state {
	enum suspicion state;
	uint64_t finding; /* the newest open one; 0: none */
	int64_t since;	  /* when the oldest open one was found; QUERY_NEVER */
};

/*
 * Is this generation suspicious?  Of a living tree that means: is it, with all
 * that was captured of it up to that point.  An unknown id is UNKNOWN.
 */
int suspicion_of_generation(struct catalog *catalog, struct catalog_at at,
    const char *generation, struct suspicion_state *ret_state,
    struct error *err) ERROR_CHECKED;

#endif
