#include "lib/judge/measure.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/judge/measure_internal.h"

void
measure_set_known(
    struct measure_value *value, int64_t number, const char *reason)
{
	value->state = MEASURE_KNOWN;
	value->number = value->least = value->most = number;
	value->reason = reason;
}

void
measure_set_none(struct measure_value *value, const char *reason)
{
	value->state = MEASURE_NONE;
	value->number = value->least = value->most = 0;
	value->reason = reason;
}

void
measure_set_bounds(
    struct measure_value *value, struct bounds bounds, const char *reason)
{
	if (bounds.least == bounds.most) {
		measure_set_known(
		    value, bounds.least, bounds.least == 0 ? reason : "");
		return;
	}
	value->state = MEASURE_UNKNOWN;
	value->number = 0;
	value->least = bounds.least;
	value->most = bounds.most;
	value->reason = reason;
}

void
measure_set_answer(
    struct measure_value *value, enum bounds_answer answer, const char *reason)
{
	measure_set_bounds(value,
	    (struct bounds){answer == BOUNDS_YES, answer != BOUNDS_NO}, reason);
}

/* In order, none twice; the oldest makes room for a newer one. */
void
measure_cite(struct measure_value *value, uint64_t seq)
{
	uint64_t *evidence = value->evidence;
	size_t count = value->evidence_count, at = count;

	while (at > 0 && evidence[at - 1] >= seq)
		at--;
	if (seq == 0 || (at < count && evidence[at] == seq))
		return;
	if (count < MEASURE_EVIDENCE_MAX) {
		memmove(&evidence[at + 1], &evidence[at],
		    (count - at) * sizeof(*evidence));
		value->evidence_count++;
	} else if (at == 0) {
		return;
	} else {
		at--;
		memmove(evidence, &evidence[1], at * sizeof(*evidence));
	}
	evidence[at] = seq;
}

void
measure_cite_claim(
    struct measure_value *value, const struct offline_claim *claim)
{
	for (size_t i = 0; i < claim->seq_count; i++)
		measure_cite(value, claim->seqs[i]);
}

/* One pass over each system. */
static int
prepare(struct measure_context *context, struct error *err)
{
	const struct inventory *inventory = context->inventory;

	context->systems =
	    calloc(inventory->system_count + 1, sizeof(*context->systems));
	if (context->systems == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	for (size_t i = 0; i < inventory->system_count; i++) {
		struct measure_of_system *system = &context->systems[i];

		copies_summarize(context->copies, i, &system->summary);
		generations_count(context->copies, i, &system->generations);
	}
	for (size_t i = 0; i < inventory->copy_count; i++) {
		const struct inventory_copy *copy = &inventory->copies[i];
		size_t system = inventory->generations[copy->generation].system;

		if (copy->is_captured)
			context->systems[system].has_captured = true;
	}
	return 0;
}

int
measure_open(struct catalog *catalog, struct catalog_at at, int64_t now,
    struct measure_context **ret_context, struct error *err)
{
	const struct inventory_moment moment = {.at = at, .now = now};
	struct measure_context *context = calloc(1, sizeof(*context));

	if (context == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	context->catalog = catalog;
	if (inventory_read(catalog, &moment, &context->inventory, err) != 0 ||
	    copies_judge(context->inventory, &context->copies, err) != 0 ||
	    drills_judge(catalog, context->inventory, &context->drills, err) !=
		0 ||
	    prepare(context, err) != 0) {
		measure_close(context);
		return -1;
	}
	*ret_context = context;
	return 0;
}

void
measure_remember(struct measure_context *context, struct merkle_prefix *known)
{
	context->known = known;
}

void
measure_close(struct measure_context *context)
{
	if (context == NULL)
		return;
	free(context->systems);
	copies_free(context->copies);
	drills_free(context->drills);
	inventory_free(context->inventory);
	free(context);
}

int64_t
measure_left(const struct measure_context *context, uint64_t seq, int64_t at,
    int64_t until)
{
	const struct inventory_event event = {seq, at, until};

	return inventory_left(context->inventory, &event);
}

static bool
is_between(enum measure measure, enum measure first, enum measure last)
{
	return measure >= first && measure <= last;
}

int
measure_take(struct measure_context *context, enum measure measure,
    const char *id, struct measure_value *ret_value, struct error *err)
{
	const struct inventory *inventory = context->inventory;
	struct measure_value value = {.state = MEASURE_NONE, .reason = ""};
	size_t at = INVENTORY_NOT;
	int rc = 0;

	if (measure_argument_of(measure) == MEASURE_OF_SYSTEM)
		at = id == NULL ? INVENTORY_NOT
				: inventory_find_system(inventory, id);
	if (measure_argument_of(measure) == MEASURE_OF_FACILITY)
		rc = measure_facility_take(context, measure, &value, err);
	else if (at == INVENTORY_NOT)
		measure_set_none(&value, "no-system");
	else if (is_between(measure, MEASURE_DRILL_AGE, MEASURE_RESTORE_ORDER))
		measure_restore_take(context, measure, at, &value);
	else if (inventory->systems[at].generation_count == 0)
		measure_set_none(&value,
		    inventory->systems[at].source_count == 0 ? "no-source"
							     : "no-generation");
	else if (measure <= MEASURE_OLD_FULLS_PROTECTED)
		measure_generations_take(context, measure, at, &value);
	else if (measure <= MEASURE_OFFLINE_EXPOSURE)
		measure_copies_take(context, measure, at, &value);
	else
		rc = measure_bytes_take(context, measure, at, &value, err);
	if (rc == 0)
		*ret_value = value;
	return rc;
}
