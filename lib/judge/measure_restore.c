/* Measures of restoring.  Drills are not recorded yet. */
#include "lib/judge/measure_internal.h"

void
measure_restore_take(const struct measure_context *context,
    enum measure measure, size_t at, struct measure_value *value)
{
	const struct inventory_system *system =
	    &context->inventory->systems[at];

	if (measure != MEASURE_RESTORE_ORDER) {
		measure_set_none(value, "no-drill");
		return;
	}
	measure_cite(value, system->from_seq);
	measure_set_known(value, system->recovery_order > 0,
	    system->recovery_order > 0 ? "" : "no-restore-order");
}
