/*
 * offline_windows: when a medium was in reach, for the mode connect-window.
 *
 * Layer 6.  Uses: inventory.  Used by offline alone.
 */
#ifndef HIKAE_JUDGE_OFFLINE_WINDOWS_H
#define HIKAE_JUDGE_OFFLINE_WINDOWS_H

#include "lib/judge/inventory.h"

/* How the windows of the period were, as far as the spans tell. */
struct offline_windows {
	int64_t longest_ms; /* INVENTORY_AGELESS: nobody can say */
	uint64_t seq;	    /* the entry that the longest one began with */
	bool was_away;	    /* between two windows, or now */
};

/*
 * A window begins when the medium comes in reach and ends when it has been out
 * of it for long enough: an outage and a restart end none.  What nobody could
 * observe is in reach, or is not, as `is_doubt_in` says.
 */
struct offline_windows offline_windows_of(const struct inventory *inventory,
    const struct inventory_medium *medium, bool is_doubt_in);

#endif
