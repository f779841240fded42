/* The plan for a recovery, and the answer before an update. */
#include "lib/output/document_row.h"

static void
describe_copy(struct document_row *row, const struct recover_copy *copy)
{
	document_row_number(row, "id", copy->id);
	document_row_text(row, "medium", copy->medium);
	document_row_text(row, "source", copy->source);
	document_row_text(row, "offline", copy->offline);
	document_row_text(row, "medium_state", copy->state);
	document_row_flag(row, "is_in_reach", copy->is_in_reach);
	document_row_flag(row, "is_confirmed", copy->is_confirmed);
	document_row_flag(row, "counts", copy->counts == BOUNDS_YES);
	document_row_text(row, "reason", copy->reason);
	document_row_instant(row, "oldest_read_at", copy->oldest_read_at);
	document_row_instant(row, "medium_seen_at", copy->medium_seen_at);
	document_row_number(row, "files", copy->files);
	document_row_number(row, "bytes", copy->bytes);
	document_row_text(row, "location", copy->location);
	document_row_text(row, "holder", copy->holder);
	document_row_text(row, "place", copy->place);
	document_row_instant(row, "until", copy->until);
}

static void
add_copies(struct document_row *row, const struct recover_system *system,
    const struct document_context *context)
{
	json_t *copies = json_array();

	for (size_t i = 0; i < system->copy_count; i++) {
		const struct recover_copy *copy = &system->copies[i];
		const struct config_medium *named =
		    context->config == NULL
			? NULL
			: config_find_medium(context->config, copy->medium);
		struct document_row item;

		document_row_begin(&item);
		describe_copy(&item, copy);
		document_row_text(
		    &item, "medium_name", named == NULL ? NULL : named->name);
		row->has_failed = row->has_failed || item.has_failed ||
				  json_array_append_new(copies, item.object);
	}
	document_row_value(row, "copies", copies);
}

static void
describe_system(struct document_row *row, const struct recover_system *system,
    const struct document_context *context)
{
	const struct config_system *named =
	    context->config == NULL
		? NULL
		: config_find_system(context->config, system->id);

	document_row_text(row, "id", system->id);
	document_row_text(row, "name", named == NULL ? NULL : named->name);
	document_row_text(row, "kind", system->kind);
	document_row_text(row, "status", verdict_exit_name(system->status));
	if (system->order > 0)
		document_row_number(row, "order", system->order);
	if (system->target_ms > 0)
		document_row_instant(row, "target_ms", system->target_ms);
	document_row_text(row, "generation", system->generation);
	document_row_instant(row, "taken_at", system->taken_at);
	document_row_instant(row, "captured_at", system->captured_at);
	document_row_instant(row, "first_at", system->first_at);
	document_row_number(row, "newer_later", system->later);
	document_row_number(row, "newer_damaged", system->damaged);
	document_row_number(row, "newer_retired", system->retired);
	document_row_number(row, "newer_undetermined", system->undetermined);
	document_row_number(row, "newer_suspicious", system->suspicious);
	document_row_number(row, "newer_misdated", system->misdated);
	if (system->broken != 0)
		document_row_number(row, "contents_broken", system->broken);
	add_copies(row, system, context);
}

int
document_recover(const struct document_context *context, int64_t before,
    const char *system, json_t **ret, struct error *err)
{
	const struct recover_question question = {
	    context->at, context->now, before, system};
	struct recover *plan = NULL;
	struct document_row row, item;
	json_t *systems;

	if (recover_plan(context->catalog, &question, &plan, err) != 0)
		return -1;
	document_row_begin(&row);
	document_row_text(&row, "status", verdict_exit_name(plan->status));
	document_row_number(&row, "exit", (uint64_t)plan->status);
	document_row_instant(&row, "at", context->now);
	if (before != INT64_MAX)
		document_row_instant(&row, "before", before);
	systems = json_array();
	for (size_t i = 0; i < plan->system_count; i++) {
		document_row_begin(&item);
		describe_system(&item, &plan->systems[i], context);
		row.has_failed = row.has_failed || item.has_failed ||
				 json_array_append_new(systems, item.object);
	}
	document_row_value(&row, "systems", systems);
	recover_free(plan);
	return document_row_end(&row, ret, err);
}

int
document_preflight(
    const struct preflight *preflight, json_t **ret, struct error *err)
{
	struct document_row row;

	document_row_begin(&row);
	document_row_text(&row, "status", verdict_exit_name(preflight->status));
	document_row_number(&row, "exit", (uint64_t)preflight->status);
	document_row_text(&row, "reason", preflight->reason);
	document_row_text(&row, "system", preflight->system);
	document_row_text(&row, "generation", preflight->generation);
	document_row_instant(&row, "taken_at", preflight->taken_at);
	document_row_instant(&row, "max_age_ms", preflight->max_age_ms);
	return document_row_end(&row, ret, err);
}
