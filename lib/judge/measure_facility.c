/* Measures of the facility as a whole. */
#include <string.h>

#include "lib/judge/measure_internal.h"

/* To be shown for the first time, as soon as one that was seen would be. */
static enum bounds_answer
is_due(const struct inventory *inventory, const struct inventory_medium *medium,
    struct measure_value *value)
{
	int64_t age = inventory_age(inventory, medium->configured_at, 0);

	if (age == INVENTORY_AGELESS)
		return BOUNDS_MAYBE;
	if (age <= inventory->verified_ms)
		return BOUNDS_NO;
	measure_cite(value, medium->from_seq);
	return BOUNDS_YES;
}

/* Not brought back as agreed, or not shown for too long. */
static enum bounds_answer
is_overdue(const struct measure_context *context, size_t at,
    struct measure_value *value)
{
	const struct inventory *inventory = context->inventory;
	const struct inventory_medium *medium = &inventory->media[at];
	const struct offline_claim *claim = copies_claim(context->copies, at);

	if (medium->custody.seq != 0 && !medium->in_reach &&
	    !inventory_holds(inventory, &medium->custody)) {
		measure_cite(value, medium->custody.seq);
		return BOUNDS_YES;
	}
	if (claim->evidence == OFFLINE_STALE) {
		measure_cite_claim(value, claim);
		return BOUNDS_YES;
	}
	if (strcmp(claim->reason, "never-seen") == 0)
		return is_due(inventory, medium, value);
	return claim->evidence == OFFLINE_UNDETERMINED ? BOUNDS_MAYBE
						       : BOUNDS_NO;
}

static void
take_overdue(const struct measure_context *context, struct measure_value *value)
{
	struct bounds bounds = {0, 0};

	for (size_t i = 0; i < context->inventory->medium_count; i++) {
		enum bounds_answer answer = is_overdue(context, i, value);

		bounds.least += answer == BOUNDS_YES;
		bounds.most += answer != BOUNDS_NO;
	}
	measure_set_bounds(value, bounds, "not-observed");
	if (value->state == MEASURE_KNOWN)
		value->reason = bounds.least > 0 ? "medium-overdue" : "";
}

static int
take_connected(const struct measure_context *context,
    struct measure_value *value, struct error *err)
{
	const struct inventory *inventory = context->inventory;
	enum bounds_answer answer;

	if (offline_all_connected(inventory, &answer, err) != 0)
		return -1;
	for (size_t i = 0; i < inventory->medium_count; i++)
		measure_cite(value, inventory->media[i].state_seq);
	measure_set_answer(value, answer, "history-short");
	if (value->state == MEASURE_KNOWN)
		value->reason = "";
	return 0;
}

/* Every medium has been observed, and nothing of it was taken away. */
static void
take_log(const struct measure_context *context, struct measure_value *value)
{
	const struct inventory *inventory = context->inventory;
	const char *reason = context->journal_reason;
	enum bounds_answer answer = context->journal;

	for (size_t i = 0; i < inventory->medium_count; i++) {
		measure_cite(value, inventory->media[i].state_seq);
		if (inventory->media[i].state_seq != 0 || answer != BOUNDS_YES)
			continue;
		answer = BOUNDS_MAYBE;
		reason = "not-observed";
	}
	measure_set_answer(value, answer, reason);
}

int
measure_facility_take(struct measure_context *context, enum measure measure,
    struct measure_value *value, struct error *err)
{
	const struct inventory *inventory = context->inventory;

	if ((measure == MEASURE_JOURNAL_INTACT ||
		measure == MEASURE_MEDIA_LOG) &&
	    context->journal_reason == NULL &&
	    measure_journal_check(context, err) != 0)
		return -1;
	if (measure == MEASURE_JOURNAL_INTACT) {
		measure_cite(value, inventory->journal_finding);
		measure_set_answer(
		    value, context->journal, context->journal_reason);
		return 0;
	}
	if (inventory->medium_count == 0) {
		measure_set_none(value, "no-media");
		return 0;
	}
	if (measure == MEASURE_ALL_CONNECTED)
		return take_connected(context, value, err);
	if (measure == MEASURE_MEDIA_LOG)
		take_log(context, value);
	else
		take_overdue(context, value);
	return 0;
}
