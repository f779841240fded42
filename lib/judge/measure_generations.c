/* Measures of generations. */
#include "lib/judge/measure_internal.h"

#define DAY_MS INT64_C(86400000)

/* Of a good one, its good copies; why the newest other one is none, or perhaps
 * none. */
static const char *
cite_copies(const struct measure_context *context, size_t at,
    enum copies_trait trait, struct measure_value *value)
{
	const struct inventory *inventory = context->inventory;
	const struct inventory_system *system = &inventory->systems[at];
	const char *reason = "", *doubt = "";

	for (size_t i = 0; i < system->generation_count; i++) {
		const struct inventory_generation *generation =
		    &inventory->generations[system->generation + i];

		for (size_t c = generation->copy;
		     c < generation->copy + generation->copy_count; c++)
			if (copies_is(context->copies, c, trait) != BOUNDS_NO) {
				measure_cite(
				    value, inventory->copies[c].state_seq);
				if (doubt[0] == '\0')
					doubt =
					    copies_reason(context->copies, c);
			} else if (reason[0] == '\0') {
				reason = copies_reason(context->copies, c);
			}
	}
	return reason[0] != '\0' ? reason : doubt;
}

/* An age that is sure, one that is perhaps, or none. */
static void
set_age(struct measure_value *value, int64_t age, int64_t possible,
    int64_t unit, const char *reason)
{
	if (age != INVENTORY_AGELESS)
		measure_set_known(value, age / unit, "");
	else if (possible != INVENTORY_AGELESS)
		measure_set_bounds(
		    value, (struct bounds){possible / unit, INT64_MAX}, reason);
	else
		measure_set_none(value, reason);
}

/* From the oldest that is sure; what is not sure spans nothing. */
static void
set_span(struct measure_value *value, const struct generations *generations,
    const char *reason)
{
	if (generations->oldest_age_ms != INVENTORY_AGELESS)
		measure_set_known(
		    value, generations->oldest_age_ms / DAY_MS, "");
	else
		measure_set_bounds(
		    value, (struct bounds){0, INT64_MAX}, reason);
}

static bool
has_schedule(const struct measure_context *context, size_t system)
{
	return context->inventory->systems[system].interval_ms > 0;
}

static void
set_old(struct measure_value *value, const struct generations *generations)
{
	int64_t old = (int64_t)generations->old;

	if (old == 0)
		measure_set_none(value, "no-old-generation");
	else
		measure_set_answer(value,
		    generations->old_protected.least == old ? BOUNDS_YES
		    : generations->old_protected.most < old ? BOUNDS_NO
							    : BOUNDS_MAYBE,
		    "not-protected");
}

void
measure_generations_take(const struct measure_context *context,
    enum measure measure, size_t system, struct measure_value *value)
{
	const struct generations *g = &context->systems[system].generations;
	bool is_protection = measure == MEASURE_GENERATIONS_PROTECTED_FROM ||
			     measure == MEASURE_OLD_FULLS_PROTECTED;
	const char *reason = cite_copies(context, system,
	    is_protection ? COPIES_PROTECTED : COPIES_GOOD, value);

	if (reason[0] == '\0')
		reason = "no-good-generation";
	if (measure == MEASURE_GENERATIONS)
		measure_set_bounds(value, g->good, reason);
	else if (measure == MEASURE_GENERATION_AGE)
		set_age(value, g->newest_age_ms, g->newest_possible_age_ms, 1,
		    reason);
	else if (measure == MEASURE_ONSITE_AGE)
		set_age(value, g->newest_on_site_age_ms,
		    g->good.most > g->good.least ? g->newest_possible_age_ms
						 : INVENTORY_AGELESS,
		    1, "not-on-site");
	else if (measure == MEASURE_SCHEDULE_KEPT)
		measure_set_answer(value,
		    generations_is_scheduled(context->copies, system, g),
		    g->good.least == 0		    ? reason
		    : has_schedule(context, system) ? "schedule-missed"
						    : "no-schedule");
	else if (g->good.most == 0)
		measure_set_none(value, "no-good-generation");
	else if (measure == MEASURE_RETENTION_SPAN)
		set_span(value, g, reason);
	else if (measure == MEASURE_OLD_FULLS_PROTECTED)
		set_old(value, g);
	else
		measure_set_bounds(
		    value, g->protected_from, "protection-not-measured");
}
