/* Measures of restoring: drills, and the order of recovery. */
#include <string.h>

#include "lib/judge/measure_internal.h"
#include "lib/store/query_drill.h"

#define DAY_MS INT64_C(86400000)

/* Drills that were signed off so long ago count. */
#define YEAR_MS (366 * DAY_MS)

struct drills {
	const struct inventory *inventory;
	struct measure_value *value;
	int64_t age_ms; /* of the youngest that succeeded and was signed */
	uint64_t seq;	/* and its signature */
	int64_t signed_count, count;
	bool has_good; /* one that succeeded, signed or not */
};

/* A drill is as old as its end: what is signed later is no younger. */
static int
take_drill(const struct query_drill *row, void *context, struct error *err)
{
	struct drills *drills = context;
	bool is_good =
	    row->is_ended && (strcmp(row->outcome, "passed") == 0 ||
				 strcmp(row->outcome, "warning") == 0);
	int64_t age;

	(void)err;
	drills->count++;
	drills->has_good = drills->has_good || is_good;
	if (!row->is_ended || row->signature_seq == 0)
		return 0;
	age = inventory_age(drills->inventory, row->ended_at, row->end_seq);
	if (age <= YEAR_MS) {
		drills->signed_count++;
		measure_cite(drills->value, row->signature_seq);
	}
	if (is_good && age < drills->age_ms) {
		drills->age_ms = age;
		drills->seq = row->signature_seq;
	}
	return 0;
}

static const char *
reason_of(const struct drills *drills)
{
	return drills->count == 0 ? "no-drill"
	       : drills->has_good ? "drill-unsigned"
				  : "drill-failed";
}

static void
take_order(const struct inventory_system *system, struct measure_value *value)
{
	measure_cite(value, system->from_seq);
	measure_set_known(value, system->recovery_order > 0,
	    system->recovery_order > 0 ? "" : "no-restore-order");
}

int
measure_restore_take(const struct measure_context *context,
    enum measure measure, size_t at, struct measure_value *value,
    struct error *err)
{
	const struct inventory *inventory = context->inventory;
	const struct query_drill_filter filter = {
	    .system = inventory->systems[at].id};
	struct drills drills = {.inventory = inventory,
	    .value = value,
	    .age_ms = INVENTORY_AGELESS};

	if (measure == MEASURE_RESTORE_ORDER) {
		take_order(&inventory->systems[at], value);
		return 0;
	}
	if (query_drills(context->catalog, inventory->at, &filter, take_drill,
		&drills, err) != 0)
		return -1;
	if (drills.count == 0 || (measure == MEASURE_DRILL_AGE &&
				     drills.age_ms == INVENTORY_AGELESS))
		measure_set_none(value, reason_of(&drills));
	else if (measure == MEASURE_DRILLS_SIGNED)
		measure_set_known(value, drills.signed_count,
		    drills.signed_count == 0 ? reason_of(&drills) : "");
	else
		measure_set_known(value, drills.age_ms / DAY_MS, "");
	if (measure == MEASURE_DRILL_AGE) {
		value->evidence_count = 0;
		measure_cite(value, drills.seq);
	}
	return 0;
}
