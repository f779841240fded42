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
take_drill(const struct measure_context *context, enum measure measure,
    const struct drills_system *drills, struct measure_value *value)
{
	int64_t age =
	    inventory_age(context->inventory, drills->done_at, drills->done);

	measure_cite(value, drills->done != 0 ? drills->done : drills->last);
	measure_cite(value, drills->failed);
	if (measure == MEASURE_DRILLS_SIGNED)
		measure_set_known(value, (int64_t)drills->in_a_year,
		    drills->failed != 0	    ? "drill-failed"
		    : drills->in_a_year > 0 ? ""
					    : "no-drill");
	/* However fresh the one before (law 3). */
	else if (drills->failed != 0)
		measure_set_none(value, "drill-failed");
	else if (drills->done != 0 && age != INVENTORY_AGELESS)
		measure_set_known(value, age / DAY_MS, "");
	else
		measure_set_none(value,
		    drills->unsigned_count > 0 ? "drill-unsigned" : "no-drill");
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
