/* Measures of restoring. */
#include <string.h>

#include "lib/judge/measure_internal.h"

#define DAY_MS INT64_C(86400000)

static const struct drills_system *
find(const struct drills *drills, const char *id)
{
	for (size_t i = 0; i < drills->system_count; i++)
		if (strcmp(drills->systems[i].id, id) == 0)
			return &drills->systems[i];
	return NULL;
}

static void
set_age(const struct measure_context *context, uint64_t drill, int64_t at,
    uint64_t share_ppm, struct measure_value *value)
{
	int64_t age = inventory_age(context->inventory, at, drill);

	if (age == INVENTORY_AGELESS) {
		measure_set_none(value, "no-drill");
		return;
	}
	measure_set_known(value, age / DAY_MS, "");
	if (share_ppm >= 1000000)
		return;
	value->share_ppm = share_ppm;
	value->is_partial = share_ppm < DRILLS_SHARE_PPM;
	value->reason = value->is_partial ? "drill-small" : "drill-sampled";
}

static void
take_age(const struct measure_context *context,
    const struct drills_system *drills, struct measure_value *value)
{
	/* However fresh the one before (law 3). */
	if (drills->failed != 0)
		measure_set_none(value, "drill-failed");
	else if (drills->done != 0)
		set_age(context, drills->done, drills->done_at,
		    drills->done_ppm, value);
	else if (drills->sample != 0)
		set_age(context, drills->sample, drills->sample_at,
		    drills->sample_ppm, value);
	else
		measure_set_none(value,
		    drills->unsigned_count > 0 ? "drill-unsigned" : "no-drill");
}

static void
take_drill(const struct measure_context *context, enum measure measure,
    const struct drills_system *drills, struct measure_value *value)
{
	measure_cite(value, drills->done != 0	  ? drills->done
			    : drills->sample != 0 ? drills->sample
						  : drills->last);
	measure_cite(value, drills->failed);
	if (measure == MEASURE_DRILLS_SIGNED)
		measure_set_known(value, (int64_t)drills->in_a_year,
		    drills->failed != 0	    ? "drill-failed"
		    : drills->in_a_year > 0 ? ""
		    : drills->sample != 0   ? "drill-small"
					    : "no-drill");
	else
		take_age(context, drills, value);
}

void
measure_restore_take(const struct measure_context *context,
    enum measure measure, size_t at, struct measure_value *value)
{
	const struct inventory_system *system =
	    &context->inventory->systems[at];
	const struct drills_system *drills = find(context->drills, system->id);

	if (measure == MEASURE_RESTORE_ORDER) {
		measure_cite(value, system->from_seq);
		measure_set_known(value, system->recovery_order > 0,
		    system->recovery_order > 0 ? "" : "no-restore-order");
	} else if (drills == NULL || drills->attempts == 0) {
		measure_set_none(value, "no-drill");
	} else {
		take_drill(context, measure, drills, value);
	}
}
