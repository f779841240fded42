/* Measures of bytes: what was read, and what was found. */
#include "lib/judge/measure_internal.h"
#include "lib/judge/suspicion.h"

/* The captured copies of a system, one by one; false after the last. */
static bool
next_captured(const struct measure_context *context, size_t system, size_t *at)
{
	const struct inventory *inventory = context->inventory;

	for (; *at < inventory->copy_count; (*at)++) {
		const struct inventory_copy *copy = &inventory->copies[*at];

		if (copy->is_captured &&
		    inventory->generations[copy->generation].system == system)
			return true;
	}
	return false;
}

static int64_t
age_of(const struct measure_context *context, size_t copy)
{
	return inventory_age(context->inventory,
	    context->inventory->copies[copy].oldest_read_at, 0);
}

static void
take_age(const struct measure_context *context, size_t system,
    struct measure_value *value)
{
	size_t oldest = INVENTORY_NOT;
	int64_t most = -1;

	for (size_t i = 0; next_captured(context, system, &i); i++)
		if (age_of(context, i) > most) {
			most = age_of(context, i);
			oldest = i;
		}
	measure_cite(value, context->inventory->copies[oldest].state_seq);
	if (most == INVENTORY_AGELESS)
		measure_set_bounds(
		    value, (struct bounds){0, INT64_MAX}, "clock");
	else
		measure_set_known(value, most, "");
}

/* Media with a promise; what nobody knows when it was read is overdue. */
static void
take_overdue(const struct measure_context *context, size_t system,
    struct measure_value *value)
{
	const struct inventory *inventory = context->inventory;
	int64_t promised = 0, overdue = 0;

	for (size_t m = 0; m < inventory->medium_count; m++) {
		int64_t promise = inventory->media[m].coverage_ms;
		bool has_copy = false, is_overdue = false;

		for (size_t i = 0; next_captured(context, system, &i); i++) {
			if (inventory->copies[i].medium != m)
				continue;
			has_copy = true;
			if (age_of(context, i) <= promise)
				continue;
			is_overdue = true;
			if (promise > 0)
				measure_cite(
				    value, inventory->copies[i].state_seq);
		}
		promised += promise > 0 && has_copy;
		overdue += promise > 0 && is_overdue;
	}
	if (promised == 0)
		measure_set_none(value, "no-promise");
	else
		measure_set_known(
		    value, overdue, overdue > 0 ? "coverage-overdue" : "");
}

static void
take_errors(const struct measure_context *context, size_t at,
    struct measure_value *value)
{
	const struct inventory *inventory = context->inventory;
	const struct inventory_system *system = &inventory->systems[at];

	for (size_t i = 0; i < system->generation_count; i++) {
		const struct inventory_generation *generation =
		    &inventory->generations[system->generation + i];

		for (size_t c = generation->copy;
		     c < generation->copy + generation->copy_count; c++)
			if (inventory->copies[c].is_missing ||
			    (inventory->copies[c].is_captured &&
				inventory->copies[c].verdict != VERDICT_INTACT))
				measure_cite(
				    value, inventory->copies[c].state_seq);
	}
	measure_set_bounds(
	    value, context->systems[at].summary.errors, "never-verified");
	if (value->state == MEASURE_KNOWN)
		value->reason = "";
}

/*
 * Generations that nobody looked into may be suspicious.  One is enough to say
 * so: it is not asked of each how it stands.
 */
static int
take_suspicious(const struct measure_context *context, size_t at,
    struct measure_value *value, struct error *err)
{
	const struct inventory *inventory = context->inventory;
	const struct inventory_system *system = &inventory->systems[at];
	struct bounds bounds = {0, 0};
	struct suspicion_state state = {.state = SUSPICION_NONE};

	for (size_t i = 0; i < system->generation_count; i++) {
		const struct inventory_generation *generation =
		    &inventory->generations[system->generation + i];

		bounds.least += generation->suspicious != 0;
		measure_cite(value, generation->suspicious);
		if (generation->suspicious != 0 ||
		    state.state == SUSPICION_UNKNOWN)
			continue;
		if (suspicion_of_generation(context->catalog, inventory->at,
			generation->id, &state, err) != 0)
			return -1;
	}
	bounds.most = state.state == SUSPICION_UNKNOWN
			  ? (int64_t)system->generation_count
			  : bounds.least;
	measure_set_bounds(value, bounds, "content-not-examined");
	if (value->state == MEASURE_KNOWN)
		value->reason = "";
	return 0;
}

int
measure_bytes_take(const struct measure_context *context, enum measure measure,
    size_t system, struct measure_value *value, struct error *err)
{
	const struct inventory_system *s = &context->inventory->systems[system];

	if (!context->systems[system].has_captured) {
		measure_set_none(value, "nothing-captured");
		return 0;
	}
	if (measure == MEASURE_SUSPICIOUS)
		return take_suspicious(context, system, value, err);
	if (measure == MEASURE_COVERAGE_AGE) {
		take_age(context, system, value);
	} else if (measure == MEASURE_COVERAGE_OVERDUE) {
		take_overdue(context, system, value);
	} else if (measure == MEASURE_VERIFICATION_ERRORS) {
		take_errors(context, system, value);
	} else {
		measure_cite(value, s->damage_seq);
		measure_set_known(value, (int64_t)s->damage, "");
	}
	return 0;
}
