#include "lib/judge/drills_trend.h"

#include <string.h>

#include "lib/judge/drills.h"
#include "lib/store/query_drill.h"

struct reading {
	uint64_t upto;
	struct drills_trend trend;
};

/* Newest first; each goes before those that are there. */
static int
take_drill(const struct query_drill *row, void *context, struct error *err)
{
	struct reading *reading = context;
	struct drills_trend *trend = &reading->trend;
	uint64_t rate = drills_rate(row->bytes, row->restore_ms);

	(void)err;
	if (!row->is_ended || rate == 0 ||
	    (reading->upto != 0 && row->id > reading->upto))
		return 0;
	memmove(&trend->points[1], &trend->points[0],
	    trend->count * sizeof(trend->points[0]));
	trend->points[0] = (struct drills_trend_point){
	    .id = row->id,
	    .ended_at = row->ended_at,
	    .share_ppm = drills_share(row),
	    .total_ms = row->medium_ms + row->restore_ms + row->check_ms,
	    .rate = rate,
	};
	return ++trend->count == DRILLS_TREND_MAX ? 1 : 0;
}

int
drills_trend_read(struct catalog *catalog, struct catalog_at at,
    const char *system, uint64_t upto, struct drills_trend *ret_trend,
    struct error *err)
{
	const struct query_drill_filter filter = {.system = system};
	struct reading reading = {.upto = upto};

	if (query_drills(catalog, at, &filter, take_drill, &reading, err) != 0)
		return -1;
	*ret_trend = reading.trend;
	return 0;
}
