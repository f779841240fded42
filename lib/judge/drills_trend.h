/*
 * drills_trend: how a system's drills compare with those before.
 *
 * Layer 6.  Uses: drills, store's queries.
 */
#ifndef HIKAE_JUDGE_DRILLS_TREND_H
#define HIKAE_JUDGE_DRILLS_TREND_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/store/catalog.h"

#define DRILLS_TREND_MAX 5

struct drills_trend {
	struct drills_trend_point {
		uint64_t id;
		int64_t ended_at;
		uint64_t share_ppm; /* proved, as drills_share */
		int64_t total_ms;   /* with waiting for the medium */
		uint64_t rate;	    /* bytes a second while restoring */
	} points[DRILLS_TREND_MAX]; /* oldest first */
	size_t count;
};

/*
 * The last ones that measured a rate, whatever became of them, up to a drill
 * (0: all).
 */
int drills_trend_read(struct catalog *catalog, struct catalog_at at,
    const char *system, uint64_t upto, struct drills_trend *ret_trend,
    struct error *err) ERROR_CHECKED;

#endif
