/* Requirements: what was measured, stated and attached for each. */
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/judge/compliance.h"
#include "lib/output/document_row.h"

/* Put a finished object into an array; its reference is taken over. */
static void
append(struct document_row *row, json_t *array, struct document_row *inner)
{
	if (inner->has_failed || json_array_append(array, inner->object) != 0)
		row->has_failed = true;
	json_decref(inner->object);
}

static void
describe_value(struct document_row *row, const struct measure_value *value,
    enum measure measure)
{
	static const char *const states[] = {
	    [MEASURE_KNOWN] = "known",
	    [MEASURE_UNKNOWN] = "unknown",
	    [MEASURE_NONE] = "none",
	};
	json_t *evidence = json_array();

	document_row_text(row, "measure", measure_name(measure));
	document_row_text(
	    row, "unit", measure_unit_name(measure_unit_of(measure)));
	document_row_text(row, "state", states[value->state]);
	if (value->state == MEASURE_KNOWN)
		document_row_instant(row, "value", value->number);
	if (value->state == MEASURE_UNKNOWN && value->least < value->most) {
		document_row_instant(row, "value_least", value->least);
		if (value->most < INT64_MAX)
			document_row_instant(row, "value_most", value->most);
	}
	if (value->share_ppm > 0)
		document_row_number(row, "share_ppm", value->share_ppm);
	document_row_text(row, "reason", value->reason);
	for (size_t i = 0; i < value->evidence_count; i++)
		if (json_array_append_new(
			evidence, json_of_u64(value->evidence[i])) != 0)
			row->has_failed = true;
	document_row_value(row, "evidence", evidence);
}

static json_t *
list_checks(struct document_row *row, const struct compliance_row *from)
{
	const struct requirement *requirement = from->requirement;
	json_t *array = json_array();

	for (size_t i = 0; from->is_measured && i < requirement->check_count;
	     i++) {
		const struct requirement_check *check = &requirement->checks[i];
		struct document_row inner;

		document_row_begin(&inner);
		describe_value(&inner, &from->checks[i].value, check->measure);
		document_row_text(&inner, "operator",
		    requirement_operator_name(check->operator));
		document_row_instant(&inner, "wanted", check->number);
		document_row_text(&inner, "evidence_state",
		    compliance_state_name(from->checks[i].state));
		append(row, array, &inner);
	}
	return array;
}

static json_t *
list_shows(struct document_row *row, const struct compliance_row *from)
{
	const struct requirement *requirement = from->requirement;
	json_t *array = json_array();

	for (size_t i = 0; from->is_measured && i < requirement->show_count;
	     i++) {
		struct document_row inner;

		document_row_begin(&inner);
		describe_value(&inner, &from->shows[i], requirement->shows[i]);
		append(row, array, &inner);
	}
	return array;
}

static void
describe_system(struct document_row *row, const char *id,
    const struct document_context *context)
{
	const struct config_system *named =
	    context->config == NULL ? NULL
				    : config_find_system(context->config, id);

	document_row_text(row, "system", id);
	document_row_text(row, "name", named == NULL ? NULL : named->name);
}

/* A requirement for one system. */
static void
append_row(struct document_row *row, json_t *rows,
    const struct compliance_row *from, const struct document_context *context)
{
	struct document_row inner;

	document_row_begin(&inner);
	describe_system(&inner, from->system, context);
	document_row_text(
	    &inner, "evidence_state", compliance_state_name(from->state));
	document_row_text(&inner, "status",
	    verdict_exit_name(compliance_state_exit(from->state)));
	document_row_text(
	    &inner, "reason", compliance_reason_name(from->reason));
	if (from->reason == COMPLIANCE_CHECK_FAILED ||
	    from->reason == COMPLIANCE_CHECK_EMPTY ||
	    from->reason == COMPLIANCE_CHECK_UNKNOWN ||
	    from->reason == COMPLIANCE_CHECK_TOO_LONG ||
	    from->reason == COMPLIANCE_CHECK_PARTIAL)
		document_row_number(&inner, "check", from->check);
	document_row_value(&inner, "checks", list_checks(&inner, from));
	document_row_value(&inner, "shows", list_shows(&inner, from));
	append(row, rows, &inner);
}

/* What was stated; absent where nobody ever did. */
static void
describe_statement(
    struct document_row *row, const struct compliance_statement *statement)
{
	struct document_row inner;

	if (statement->id == 0)
		return;
	document_row_begin(&inner);
	document_row_number(&inner, "id", statement->id);
	document_row_text(&inner, "by", statement->by);
	document_row_instant(&inner, "at", statement->at);
	document_row_instant(&inner, "until", statement->until);
	document_row_flag(&inner, "is_in_force", statement->is_in_force);
	if (statement->document != 0) {
		document_row_number(&inner, "document", statement->document);
		document_row_text(&inner, "document_kind",
		    requirement_document_name(statement->document_kind));
		document_row_text(
		    &inner, "document_sha256", statement->document_sha256);
	}
	row->has_failed = row->has_failed || inner.has_failed;
	document_row_value(row, "statement", inner.object);
}

static void
describe_documents(
    struct document_row *row, const struct requirement *requirement)
{
	json_t *array = json_array();

	for (unsigned int i = 0; i < REQUIREMENT_DOCUMENTS; i++)
		if ((requirement->documents & 1u << i) != 0 &&
		    json_array_append_new(
			array, json_string(requirement_document_name(
				   (enum requirement_document)i))) != 0)
			row->has_failed = true;
	document_row_value(row, "documents", array);
}

/* "2026-06-29", or "2026-06" for a month; left out where there is none. */
static void
describe_day(struct document_row *row, const char *key, int64_t day)
{
	char text[32];

	if (day == 0)
		return;
	(void)snprintf(text, sizeof(text), "%04d-%02d-%02d", (int)(day / 10000),
	    (int)(day / 100 % 100), (int)(day % 100));
	if (day % 100 == 0 || day % 100 == 99)
		text[strlen("2026-06")] = '\0';
	document_row_text(row, key, text);
}

/* The rule itself, as its pack has it. */
static void
describe_requirement(
    struct document_row *row, const struct requirement *requirement)
{
	document_row_text(row, "id", requirement->id);
	document_row_text(row, "pack", requirement->pack->id);
	document_row_flag(row, "is_site", requirement->is_site);
	document_row_text(
	    row, "kind", requirement_kind_name(requirement->kind));
	document_row_text(row, "title", requirement->title);
	document_row_text(row, "title_en", requirement->title_en);
	document_row_text(row, "source", requirement->source);
	document_row_text(row, "source_en", requirement->source_en);
	document_row_text(row, "edition", requirement->edition);
	document_row_text(row, "section", requirement->section);
	document_row_text(row, "url", requirement->url);
	document_row_text(row, "text_status",
	    requirement_text_status_name(requirement->text_status));
	document_row_text(row, "text", requirement->text);
	document_row_text(row, "text_en", requirement->text_en);
	document_row_text(row, "meaning_en", requirement->meaning_en);
	document_row_text(row, "nearest", requirement->nearest);
	document_row_text(row, "superseded_by", requirement->superseded_by);
	document_row_text(row, "note", requirement->note);
	document_row_text(row, "note_en", requirement->note_en);
	document_row_text(row, "attestation", requirement->attestation);
	document_row_text(row, "attestation_en", requirement->attestation_en);
	describe_documents(row, requirement);
	describe_day(row, "valid_from", requirement->valid_from);
	describe_day(row, "valid_to", requirement->valid_to);
}

/* All rows of one requirement, from the first on; returns how many. */
static size_t
append_requirement(struct document_row *row, json_t *array,
    const struct compliance_row *rows, size_t count,
    const struct document_context *context)
{
	enum compliance_state worst = rows->state;
	struct document_row inner;
	json_t *list = json_array();
	size_t i;

	document_row_begin(&inner);
	describe_requirement(&inner, rows->requirement);
	document_row_flag(&inner, "is_superseded", rows->is_superseded);
	for (i = 0; i < count && rows[i].requirement == rows->requirement;
	     i++) {
		worst = compliance_state_worse(worst, rows[i].state);
		append_row(&inner, list, &rows[i], context);
	}
	document_row_text(
	    &inner, "evidence_state", compliance_state_name(worst));
	document_row_text(
	    &inner, "status", verdict_exit_name(compliance_state_exit(worst)));
	describe_statement(&inner, &rows->statement);
	document_row_value(&inner, "rows", list);
	append(row, array, &inner);
	return i;
}

static void
describe_requirements(struct document_row *row,
    const struct compliance *compliance, const struct document_context *context)
{
	json_t *array = json_array();
	size_t i = 0;

	while (i < compliance->row_count)
		i += append_requirement(row, array, &compliance->rows[i],
		    compliance->row_count - i, context);
	document_row_value(row, "requirements", array);
}

static void
describe_omissions(
    struct document_row *row, const struct compliance *compliance)
{
	json_t *array = json_array();

	for (size_t i = 0; i < compliance->omission_count; i++) {
		const struct compliance_omission *omission =
		    &compliance->omissions[i];
		struct document_row inner;

		document_row_begin(&inner);
		describe_requirement(&inner, omission->requirement);
		document_row_text(
		    &inner, "reason", compliance_reason_name(omission->reason));
		append(row, array, &inner);
	}
	document_row_value(row, "omitted", array);
}

static void
describe_packs(struct document_row *row, const struct requirement_set *set)
{
	const struct requirement_pack *pack;
	json_t *array = json_array();

	for (size_t i = 0; (pack = requirement_pack_at(set, i)) != NULL; i++) {
		struct document_row inner;

		document_row_begin(&inner);
		document_row_text(&inner, "id", pack->id);
		document_row_text(&inner, "name", pack->name);
		document_row_text(&inner, "name_en", pack->name_en);
		append(row, array, &inner);
	}
	document_row_value(row, "packs", array);
}

static void
describe_totals(struct document_row *row, const struct compliance *compliance)
{
	document_row_number(row, "total", compliance->total);
	for (int i = 0; i < COMPLIANCE_STATES; i++)
		document_row_number(row,
		    compliance_state_name((enum compliance_state)i),
		    compliance->totals[i]);
	document_row_flag(row, "is_fees_unknown", compliance->is_fees_unknown);
	document_row_flag(row, "is_beds_unknown", compliance->is_beds_unknown);
}

/* The files that were judged by: a digest is what the journal names. */
static void
describe_files(struct document_row *row, const struct basis *basis)
{
	json_t *array = json_array();

	for (size_t i = 0; i < basis->texts.count; i++) {
		const struct requirement_text *text = &basis->texts.items[i];
		struct document_row inner;

		document_row_begin(&inner);
		document_row_value(&inner, "file",
		    json_of_bytes(text->file, strlen(text->file)));
		document_row_flag(&inner, "is_site", text->is_site);
		document_row_flag(&inner, "is_gone", text->is_gone);
		document_row_text(&inner, "sha256",
		    text->sha256[0] == '\0' ? NULL : text->sha256);
		append(row, array, &inner);
	}
	document_row_value(row, "pack_files", array);
}

/* What is not judged at all keeps the whole from being good (law 1). */
static void
describe_basis(
    struct document_row *row, const struct basis *basis, enum verdict_exit exit)
{
	json_t *texts = json_array();

	for (size_t i = 0; i < basis->left_out.count; i++)
		if (json_array_append_new(
			texts, json_of_bytes(basis->left_out.texts[i],
				   strlen(basis->left_out.texts[i]))) != 0)
			row->has_failed = true;
	exit = basis_exit(basis, exit);
	document_row_text(row, "status", verdict_exit_name(exit));
	document_row_number(row, "exit", (uint64_t)exit);
	document_row_value(row, "left_out", texts);
	document_row_text(row, "packs_from",
	    basis_has(basis, BASIS_OF_TODAY) ? "today" : "journal");
	document_row_flag(
	    row, "is_packs_changed", basis_has(basis, BASIS_CHANGED));
	document_row_flag(row, "is_packs_gone", basis_has(basis, BASIS_GONE));
	describe_files(row, basis);
}

int
document_compliance(const struct document_context *context,
    const struct document_compliance_filter *filter, json_t **ret,
    struct error *err)
{
	const struct compliance_request request = {
	    .catalog = context->catalog,
	    .at = context->at,
	    .now = context->now,
	    .set = filter->basis->set,
	    .pack = filter->pack,
	    .system = filter->system,
	    .requirement = filter->requirement,
	    .known = context->known,
	};
	struct compliance *compliance = NULL;
	struct document_row row;

	if (compliance_judge(&request, &compliance, err) != 0)
		return -1;
	document_row_begin(&row);
	describe_basis(&row, filter->basis, compliance->exit);
	document_row_instant(&row, "at", compliance->now);
	describe_day(&row, "day", compliance->day);
	document_row_number(&row, "entries", compliance->size);
	document_row_text(&row, "facility", compliance->facility);
	if (context->config != NULL)
		document_row_text(
		    &row, "facility_name", context->config->facility.name);
	describe_totals(&row, compliance);
	describe_packs(&row, filter->basis->set);
	describe_requirements(&row, compliance, context);
	describe_omissions(&row, compliance);
	compliance_free(compliance);
	return document_row_end(&row, ret, err);
}
