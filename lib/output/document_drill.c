/* Drills: what was proved, who signed, what is due. */
#include "lib/output/document_drill.h"

#include <stdio.h>

#include "lib/base/i18n.h"
#include "lib/judge/drills.h"
#include "lib/judge/drills_trend.h"
#include "lib/output/document_row.h"
#include "lib/store/query_drill.h"

static const char *
name_of_system(const struct document_context *context, const char *id)
{
	const struct config_system *system =
	    context->config == NULL ? NULL
				    : config_find_system(context->config, id);

	return system == NULL ? NULL : system->name;
}

static const char *
name_of_medium(const struct document_context *context, const char *id)
{
	const struct config_medium *medium =
	    context->config == NULL ? NULL
				    : config_find_medium(context->config, id);

	return medium == NULL ? NULL : medium->name;
}

static void
describe_end(struct document_row *row, const struct query_drill *drill)
{
	document_row_instant(row, "ended_at", drill->ended_at);
	document_row_text(row, "outcome", drill->outcome);
	document_row_text(row, "reason", drill->reason);
	document_row_number(row, "files", drill->files);
	document_row_number(row, "bytes", drill->bytes);
	document_row_instant(row, "medium_ms", drill->medium_ms);
	document_row_instant(row, "restore_ms", drill->restore_ms);
	document_row_instant(row, "check_ms", drill->check_ms);
	if (drill->of_files > 0) {
		document_row_number(row, "of_files", drill->of_files);
		document_row_number(row, "of_bytes", drill->of_bytes);
	}
	document_row_instant(row, "total_ms",
	    drill->medium_ms + drill->restore_ms + drill->check_ms);
	if (drills_rate(drill->bytes, drill->restore_ms) > 0)
		document_row_number(
		    row, "rate", drills_rate(drill->bytes, drill->restore_ms));
}

static void
describe_signature(struct document_row *row, const struct query_drill *drill)
{
	document_row_number(row, "signature", drill->signature_seq);
	document_row_instant(row, "signed_at", drill->signed_at);
	document_row_text(row, "signed_by", drill->signed_by);
	document_row_text(row, "witness", drill->witness);
	document_row_text(row, "observation", drill->observation);
	document_row_text(row, "improvement", drill->improvement);
	document_row_instant(row, "due", drill->due);
	if (drill->improvement_seq == 0)
		return;
	document_row_instant(row, "improved_at", drill->improved_at);
	document_row_text(row, "improved_by", drill->improved_by);
	document_row_text(row, "improvement_note", drill->improvement_note);
}

static void
describe_drill(struct document_row *row, const struct document_context *context,
    const struct query_drill *drill)
{
	document_row_number(row, "id", drill->id);
	document_row_text(row, "system", drill->system);
	document_row_text(
	    row, "system_name", name_of_system(context, drill->system));
	document_row_text(row, "generation", drill->generation);
	document_row_text(row, "medium", drill->medium);
	document_row_text(
	    row, "medium_name", name_of_medium(context, drill->medium));
	document_row_number(row, "copy", drill->copy);
	document_row_text(row, "operator", drill->operator);
	document_row_instant(row, "began_at", drill->began_at);
	document_row_number(row, "share_ppm", drill->share_ppm);
	document_row_number(row, "files_total", drill->files_total);
	document_row_number(row, "bytes_total", drill->bytes_total);
	document_row_flag(row, "is_ended", drill->is_ended);
	if (drill->is_ended)
		describe_end(row, drill);
	if (drill->signature_seq != 0)
		describe_signature(row, drill);
}

static int
add_drill(const struct query_drill *drill, void *context, struct error *err)
{
	struct document_list *list = context;
	struct document_row row;

	document_row_begin(&row);
	describe_drill(&row, list->context, drill);
	return document_list_add(list, &row, err);
}

int
document_drills(const struct document_context *context, const char *system,
    json_t **ret, struct error *err)
{
	const struct query_drill_filter filter = {.system = system};
	struct document_list list;
	int rc = document_list_begin(&list, context, err);

	if (rc == 0)
		rc = query_drills(context->catalog, context->at, &filter,
		    add_drill, &list, err);
	return document_list_end(&list, "drills", rc, ret, err);
}

/* One drill with its checks. */
struct record {
	const struct document_context *context;
	struct document_row row;
	json_t *checks;
	bool is_known;
	uint64_t id;
	char system[CONFIG_ID_BYTES];
};

/* At this pace, for all that the copy holds. */
static void
describe_whole(struct record *record, const struct query_drill *drill)
{
	int64_t whole_ms = drills_time(
	    drill->of_bytes, drill->bytes, drill->restore_ms + drill->check_ms);
	const struct config *config = record->context->config;
	const struct config_system *system =
	    config == NULL ? NULL : config_find_system(config, drill->system);

	if (config != NULL)
		document_row_text(
		    &record->row, "facility_name", config->facility.name);
	if (drill->is_ended && whole_ms > 0)
		document_row_instant(&record->row, "whole_ms", whole_ms);
	if (system != NULL && system->recovery_target_ms > 0)
		document_row_instant(
		    &record->row, "target_ms", system->recovery_target_ms);
}

static int
take_drill(const struct query_drill *drill, void *context, struct error *err)
{
	struct record *record = context;

	(void)err;
	record->is_known = true;
	record->id = drill->id;
	(void)snprintf(
	    record->system, sizeof(record->system), "%s", drill->system);
	describe_drill(&record->row, record->context, drill);
	describe_whole(record, drill);
	return 1;
}

/* The one before that measured something, for the trend. */
static int
take_previous(const struct query_drill *drill, void *context, struct error *err)
{
	struct record *record = context;
	struct document_row row;

	(void)err;
	if (drill->id >= record->id || !drill->is_ended ||
	    drills_rate(drill->bytes, drill->restore_ms) == 0)
		return 0;
	document_row_begin(&row);
	document_row_number(&row, "id", drill->id);
	document_row_number(&row, "share_ppm", drill->share_ppm);
	describe_end(&row, drill);
	record->row.has_failed = record->row.has_failed || row.has_failed;
	document_row_value(&record->row, "previous", row.object);
	return 1;
}

static int
add_previous(struct record *record, struct error *err)
{
	const struct query_drill_filter filter = {.system = record->system};

	return query_drills(record->context->catalog, record->context->at,
	    &filter, take_previous, record, err);
}

/* The last few, this one among them. */
static int
add_trend(struct record *record, struct error *err)
{
	struct drills_trend trend;
	json_t *list;

	if (drills_trend_read(record->context->catalog, record->context->at,
		record->system, record->id, &trend, err) != 0)
		return -1;
	list = json_array();
	for (size_t i = 0; i < trend.count; i++) {
		const struct drills_trend_point *point = &trend.points[i];
		struct document_row row;

		document_row_begin(&row);
		document_row_number(&row, "id", point->id);
		document_row_instant(&row, "ended_at", point->ended_at);
		document_row_number(&row, "share_ppm", point->share_ppm);
		document_row_instant(&row, "total_ms", point->total_ms);
		document_row_number(&row, "rate", point->rate);
		record->row.has_failed = record->row.has_failed ||
					 row.has_failed ||
					 json_array_append(list, row.object);
		json_decref(row.object);
	}
	document_row_value(&record->row, "trend", list);
	return 0;
}

static int
add_check(
    const struct query_drill_check *check, void *context, struct error *err)
{
	struct record *record = context;
	struct document_row row;

	(void)err;
	document_row_begin(&row);
	document_row_text(&row, "kind", check->kind);
	document_row_text(&row, "name", check->name);
	document_row_text(&row, "outcome", check->outcome);
	if (check->detail != NULL)
		document_row_value(&row, "detail",
		    json_loads(check->detail, JSON_REJECT_DUPLICATES, NULL));
	record->row.has_failed =
	    record->row.has_failed || row.has_failed ||
	    json_array_append_new(record->checks, row.object) != 0;
	return 0;
}

int
document_drill(const struct document_context *context, uint64_t id,
    json_t **ret, struct error *err)
{
	const struct query_drill_filter filter = {.drill = id, .limit = 1};
	struct record record = {.context = context, .checks = json_array()};
	int rc;

	document_row_begin(&record.row);
	rc = query_drills(
	    context->catalog, context->at, &filter, take_drill, &record, err);
	if (rc == 0 && (id == 0 || !record.is_known))
		rc = error_set(
		    err, ERROR_NOT_FOUND, _("there is no such drill"));
	if (rc == 0)
		rc = add_previous(&record, err);
	if (rc == 0)
		rc = add_trend(&record, err);
	if (rc == 0)
		rc = query_drill_checks(
		    context->catalog, context->at, id, add_check, &record, err);
	document_row_value(&record.row, "checks", record.checks);
	if (rc != 0) {
		json_decref(record.row.object);
		return -1;
	}
	return document_row_end(&record.row, ret, err);
}

static enum verdict_exit
status_of(const struct drills_system *system)
{
	if (system->is_year_overdue || system->failed != 0)
		return VERDICT_EXIT_BAD;
	/* Of one that was never drilled nobody knows that it can be restored.
	 */
	return system->last == 0 || system->is_quarter_overdue ||
		       system->unsigned_count > 0 ||
		       system->improvements_overdue > 0 ||
		       system->is_over_target
		   ? VERDICT_EXIT_WARNING
		   : VERDICT_EXIT_GOOD;
}

static void
describe_due(struct document_row *row, const struct document_context *context,
    const struct drills_system *system)
{
	document_row_text(row, "id", system->id);
	document_row_text(row, "name", name_of_system(context, system->id));
	document_row_text(row, "status", verdict_exit_name(status_of(system)));
	if (system->done != 0) {
		document_row_number(row, "done", system->done);
		document_row_instant(row, "done_at", system->done_at);
		document_row_number(row, "done_ppm", system->done_ppm);
	}
	if (system->sample != 0) {
		document_row_number(row, "sample", system->sample);
		document_row_instant(row, "sample_at", system->sample_at);
		document_row_number(row, "sample_ppm", system->sample_ppm);
	}
	if (system->last != 0) {
		document_row_number(row, "last", system->last);
		document_row_text(row, "last_outcome", system->last_outcome);
		document_row_instant(row, "last_at", system->last_at);
		document_row_flag(
		    row, "is_last_signed", system->is_last_signed);
	}
	if (system->failed != 0) {
		document_row_number(row, "failed", system->failed);
		document_row_instant(row, "failed_at", system->failed_at);
	}
	document_row_number(row, "attempts", system->attempts);
	document_row_number(row, "in_a_year", system->in_a_year);
	document_row_number(row, "unsigned", system->unsigned_count);
	document_row_number(
	    row, "improvements_open", system->improvements_open);
	document_row_number(
	    row, "improvements_overdue", system->improvements_overdue);
	document_row_instant(row, "quarter_due_at", system->quarter_due_at);
	document_row_instant(row, "year_due_at", system->year_due_at);
	if (system->rate > 0)
		document_row_number(row, "rate", system->rate);
	if (system->estimate_ms > 0)
		document_row_instant(row, "estimate_ms", system->estimate_ms);
	if (system->back_after_ms > 0)
		document_row_instant(
		    row, "back_after_ms", system->back_after_ms);
	if (system->least_after_ms > 0)
		document_row_instant(
		    row, "least_after_ms", system->least_after_ms);
	if (system->target_ms > 0)
		document_row_instant(row, "target_ms", system->target_ms);
	document_row_flag(row, "is_over_target", system->is_over_target);
}

int
document_drill_due(
    const struct document_context *context, json_t **ret, struct error *err)
{
	const struct inventory_moment moment = {
	    .at = context->at, .now = context->now};
	enum verdict_exit status = VERDICT_EXIT_GOOD;
	struct inventory *inventory = NULL;
	struct drills *drills = NULL;
	struct document_row row, item;
	json_t *systems;
	int rc = inventory_read(context->catalog, &moment, &inventory, err);

	if (rc == 0)
		rc = drills_judge(context->catalog, inventory, &drills, err);
	inventory_free(inventory);
	if (rc != 0)
		return -1;
	if (drills->system_count == 0)
		status = VERDICT_EXIT_UNDETERMINED;
	systems = json_array();
	document_row_begin(&row);
	for (size_t i = 0; i < drills->system_count; i++) {
		status =
		    verdict_exit_worse(status, status_of(&drills->systems[i]));
		document_row_begin(&item);
		describe_due(&item, context, &drills->systems[i]);
		row.has_failed = row.has_failed || item.has_failed ||
				 json_array_append_new(systems, item.object);
	}
	document_row_text(&row, "status", verdict_exit_name(status));
	document_row_number(&row, "exit", (uint64_t)status);
	document_row_instant(&row, "at", context->now);
	if (drills->estimate_ms > 0)
		document_row_instant(&row, "estimate_ms", drills->estimate_ms);
	document_row_value(&row, "systems", systems);
	drills_free(drills);
	return document_row_end(&row, ret, err);
}
