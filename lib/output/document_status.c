/* The status: judge's conclusions, member by member. */
#include "lib/output/document_reach.h"

/* An array of what `describe` makes of each of count items. */
#define ARRAY(row, key, items, count, describe, context)                \
	do {                                                            \
		json_t *array = json_array();                           \
		for (size_t i = 0; i < (count); i++) {                  \
			struct document_row item;                       \
			document_row_begin(&item);                      \
			describe(&item, &(items)[i], context);          \
			if (item.has_failed ||                          \
			    json_array_append(array, item.object) != 0) \
				(row)->has_failed = true;               \
			json_decref(item.object);                       \
		}                                                       \
		document_row_value(row, key, array);                    \
	} while (0)

static void
describe_system(struct document_row *row, const struct health_system *system,
    const struct document_context *context)
{
	static const char *const lateness[] = {
	    [SCHEDULE_ON_TIME] = "on-time",
	    [SCHEDULE_LATE_IN_GRACE] = "late-in-grace",
	    [SCHEDULE_LATE] = "late",
	};
	const struct config_system *named =
	    context->config == NULL
		? NULL
		: config_find_system(context->config, system->id);

	document_row_text(row, "id", system->id);
	document_row_text(row, "name", named == NULL ? NULL : named->name);
	document_row_text(row, "kind", system->kind);
	document_row_text(row, "status", verdict_exit_name(system->status));
	document_row_number(row, "sources", system->sources);
	document_row_number(row, "generations", system->generations);
	document_row_number(row, "generations_good", system->generations_good);
	document_row_number(row, "generations_min", system->generations_min);
	document_row_number(row, "copies", system->copies);
	document_row_number(row, "copies_good", system->copies_good);
	document_row_number(row, "intact", system->intact);
	document_row_number(row, "damaged", system->damaged);
	document_row_number(row, "undetermined", system->undetermined);
	document_row_number(row, "missing", system->missing);
	document_row_number(row, "settling", system->settling);
	document_row_number(row, "unseen", system->unseen);
	document_row_number(row, "media", system->media);
	document_row_text(row, "newest", system->newest);
	document_row_instant(row, "newest_at", system->newest_at);
	document_row_text(row, "lateness", lateness[system->lateness]);
	document_row_instant(row, "interval_ms", system->interval_ms);
	document_row_instant(row, "grace_ms", system->grace_ms);
	document_row_number(row, "bytes", system->bytes);
	document_row_number(
	    row, "unconfirmed_bytes", system->unconfirmed_bytes);
	document_row_instant(row, "oldest_read_at", system->oldest_read_at);
	document_row_instant(row, "coverage_ms", system->coverage_ms);
	document_row_number(row, "generations_kept", system->generations_kept);
	document_reach_add_system(row, system);
}

static void
describe_medium(struct document_row *row, const struct health_medium *medium,
    const struct document_context *context)
{
	const struct query_coverage *coverage = &medium->coverage;
	const struct config_medium *named =
	    context->config == NULL
		? NULL
		: config_find_medium(context->config, medium->id);

	document_row_text(row, "id", medium->id);
	document_row_text(row, "name", named == NULL ? NULL : named->name);
	document_row_text(row, "kind", medium->kind);
	document_row_text(row, "offline", medium->offline);
	document_row_text(row, "status", verdict_exit_name(medium->status));
	document_row_text(row, "state", medium->state);
	document_row_instant(row, "seen_at", medium->seen_at);
	document_row_instant(row, "coverage_ms", medium->coverage_ms);
	document_row_flag(row, "is_overdue", medium->is_overdue);
	document_row_number(row, "copies", coverage->copies);
	document_row_number(row, "missing", coverage->missing);
	document_row_number(row, "settling", coverage->settling);
	document_row_number(row, "slices", coverage->slices);
	document_row_number(row, "slices_damaged", coverage->damaged);
	document_row_number(row, "slices_undetermined", coverage->undetermined);
	document_row_number(row, "bytes", coverage->bytes);
	document_row_number(
	    row, "unconfirmed_bytes", coverage->unconfirmed_bytes);
	document_row_instant(row, "oldest_read_at", coverage->oldest_read_at);
	document_row_number(row, "copies_linked", coverage->copies_linked);
	document_row_number(
	    row, "copies_read_twice", coverage->copies_read_twice);
	document_reach_add_medium(row, medium);
}

static void
describe_source(struct document_row *row, const struct health_source *source,
    const struct document_context *context)
{
	(void)context;
	document_row_text(row, "id", source->id);
	document_row_text(row, "system", source->system);
	document_row_text(row, "medium", source->medium);
	document_row_text(row, "state", source->state);
	document_row_instant(row, "scanned_at", source->scanned_at);
	document_row_instant(row, "good_at", source->good_at);
}

static void
describe_reason(struct document_row *row, const struct health_reason *reason,
    const struct document_context *context)
{
	(void)context;
	document_row_text(row, "code", reason->code);
	document_row_text(row, "severity", verdict_exit_name(reason->severity));
	document_row_text(row, "system", reason->system);
	document_row_text(row, "medium", reason->medium);
	document_row_text(row, "source", reason->source);
	document_row_text(row, "generation", reason->generation);
	document_row_number(row, "count", reason->count);
	if (reason->finding != 0)
		document_row_number(row, "finding", reason->finding);
	if (reason->newest != 0)
		document_row_number(row, "newest", reason->newest);
	document_row_instant(row, "since", reason->since);
}

static void
describe_run(struct document_row *row, const struct health_run *run)
{
	struct document_row inner;

	if (run->id == 0)
		return;
	document_row_begin(&inner);
	document_row_number(&inner, "id", run->id);
	document_row_text(&inner, "outcome", run->outcome);
	document_row_text(&inner, "canary", run->canary);
	document_row_instant(&inner, "began_at", run->began_at);
	document_row_instant(&inner, "ended_at", run->ended_at);
	document_row_number(&inner, "bytes", run->bytes);
	document_row_number(&inner, "bytes_read", run->bytes_read);
	document_row_number(&inner, "intact", run->intact);
	document_row_number(&inner, "damaged", run->damaged);
	document_row_number(&inner, "undetermined", run->undetermined);
	row->has_failed = row->has_failed || inner.has_failed;
	document_row_value(row, "run", inner.object);
}

static void
describe_findings(struct document_row *row, const struct health *health)
{
	struct document_row inner;

	document_row_begin(&inner);
	for (int i = 0; i < 4; i++)
		document_row_number(&inner,
		    verdict_exit_name((enum verdict_exit)i),
		    health->findings[i]);
	row->has_failed = row->has_failed || inner.has_failed;
	document_row_value(row, "findings", inner.object);
}

static void
describe_things(struct document_row *row, const struct health *health,
    const struct document_context *context)
{
	document_row_text(row, "status", verdict_exit_name(health->status));
	document_row_number(row, "exit", (uint64_t)health->status);
	document_row_instant(row, "at", health->now);
	document_row_number(row, "entries", health->size);
	ARRAY(row, "systems", health->systems, health->system_count,
	    describe_system, context);
	ARRAY(row, "media", health->media, health->medium_count,
	    describe_medium, context);
	ARRAY(row, "sources", health->sources, health->source_count,
	    describe_source, context);
}

/* The members of a status, or of its part about systems. */
static int
build(const struct document_context *context, bool is_whole, json_t **ret,
    struct error *err)
{
	struct health *health = NULL;
	struct document_row row;

	if (health_judge(
		context->catalog, context->at, context->now, &health, err) != 0)
		return -1;
	document_row_begin(&row);
	describe_things(&row, health, context);
	if (is_whole) {
		document_row_text(&row, "facility", health->facility);
		if (context->config != NULL)
			document_row_text(&row, "facility_name",
			    context->config->facility.name);
		document_row_instant(
		    &row, "newest_entry_at", health->newest_entry_at);
		ARRAY(&row, "reasons", health->reasons, health->reason_count,
		    describe_reason, context);
		describe_findings(&row, health);
		describe_run(&row, &health->run);
	}
	health_free(health);
	return document_row_end(&row, ret, err);
}

int
document_status(
    const struct document_context *context, json_t **ret, struct error *err)
{
	return build(context, true, ret, err);
}

int
document_systems(
    const struct document_context *context, json_t **ret, struct error *err)
{
	return build(context, false, ret, err);
}
