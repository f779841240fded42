/*
 * bounds: a number between what it is at least and at most, and an answer.
 *
 * Layer 6.  Uses: nothing.
 *
 * What could not be determined widens the bounds; it is never folded into a
 * number (DESIGN law 2).  A comparison holds where it holds for both ends, and
 * fails where it fails for both; between, nobody knows.
 */
#ifndef HIKAE_JUDGE_BOUNDS_H
#define HIKAE_JUDGE_BOUNDS_H

#include <stdint.h>

struct bounds {
	int64_t least, most;
};

/* Ordered: the larger is the better. */
enum bounds_answer {
	BOUNDS_NO,
	BOUNDS_MAYBE,
	BOUNDS_YES,
};

#endif
