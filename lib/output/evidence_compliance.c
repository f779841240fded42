/* What evidence there is for each requirement: for programs, and as a table. */
#include <stdio.h>
#include <string.h>

#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/output/evidence_internal.h"

/* What a spreadsheet takes for a formula when a cell begins with it. */
#define FORMULA "=+-@\t\r"

/* RFC 4180: quoted, quotes doubled, CRLF. */
static void
append_cell(struct bytes *out, const char *text)
{
	if (out->length > 0 && out->data[out->length - 1] != '\n')
		bytes_append_u8(out, ',');
	bytes_append_u8(out, '"');
	if (text != NULL && text[0] != '\0' && strchr(FORMULA, text[0]) != NULL)
		bytes_append_u8(out, '\'');
	for (; text != NULL && *text != '\0'; text++) {
		if (*text == '"')
			bytes_append_u8(out, '"');
		bytes_append(out, text, 1);
	}
	bytes_append_u8(out, '"');
}

static const char *
text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* "generations 3 (>= 5); ..." */
static void
append_checks(struct bytes *out, const json_t *checks)
{
	struct bytes text = BYTES_EMPTY;
	const json_t *check;
	size_t i;

	json_array_foreach(checks, i, check)
	{
		const json_t *value = json_object_get(check, "value");

		bytes_append_format(&text, "%s%s ", i == 0 ? "" : "; ",
		    text_of(check, "measure"));
		if (value != NULL)
			bytes_append_format(&text, "%lld",
			    (long long)json_integer_value(value));
		else
			bytes_append_text(&text, text_of(check, "state"));
		bytes_append_format(&text, " (%s %lld %s)",
		    text_of(check, "operator"),
		    (long long)json_integer_value(
			json_object_get(check, "wanted")),
		    text_of(check, "unit"));
	}
	bytes_append_u8(&text, 0);
	append_cell(out, text.failed ? NULL : (const char *)text.data);
	bytes_done(&text);
}

static const char *
mark_of(const char *state)
{
	static const struct {
		const char *state, *mark;
	} marks[] = {{"complete", "○"}, {"partial", "△"}, {"missing", "×"},
	    {"undetermined", "？"}};

	for (size_t i = 0; i < 4 && state != NULL; i++)
		if (strcmp(marks[i].state, state) == 0)
			return marks[i].mark;
	return "？";
}

static void
append_statement(struct bytes *out, const json_t *statement)
{
	char until[DATE_TEXT_BYTES] = "";

	if (statement != NULL)
		(void)date_format_iso(
		    json_integer_value(json_object_get(statement, "until")),
		    until);
	append_cell(out, text_of(statement, "by"));
	append_cell(out, until);
	append_cell(out, text_of(statement, "document_sha256"));
}

static void
append_rows(struct bytes *out, const json_t *requirement)
{
	static const char *const members[] = {"id", "kind", "title", "source",
	    "edition", "section", "text_status"};
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(requirement, "rows"), i, row)
	{
		const char *state = text_of(row, "evidence_state");

		for (size_t k = 0; k < sizeof(members) / sizeof(*members); k++)
			append_cell(out, text_of(requirement, members[k]));
		append_cell(out,
		    json_is_true(json_object_get(requirement, "is_superseded"))
			? "旧版"
			: "");
		append_cell(out, text_of(row, "system"));
		append_cell(out, mark_of(state));
		append_cell(out, state);
		append_cell(out, text_of(row, "reason"));
		append_checks(out, json_object_get(row, "checks"));
		append_statement(
		    out, json_object_get(requirement, "statement"));
		bytes_append_text(out, "\r\n");
	}
}

/* With the mark by which spreadsheets know UTF-8. */
static int
put_table(
    struct evidence_making *making, const json_t *document, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	const json_t *requirement;
	size_t i;
	int rc;

	bytes_append_text(&text,
	    "\xef\xbb\xbf"
	    "id,kind,title,source,edition,section,text_status,superseded,"
	    "system,mark,evidence_state,reason,checks,stated_by,stated_until,"
	    "document_sha256\r\n");
	json_array_foreach(
	    json_object_get(document, "requirements"), i, requirement)
	{
		append_rows(&text, requirement);
	}
	rc = evidence_bag_put(
	    &making->bag, EVIDENCE_PAYLOAD "compliance.csv", &text, err);
	bytes_done(&text);
	return rc;
}

static int
put_document(
    struct evidence_making *making, json_t *document, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	int rc = -1;

	if (json_object_set_new(document, "checkpoint",
		evidence_checkpoint_object(making)) != 0) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		goto out;
	}
	if (json_append_canonical(document, &text, err) != 0)
		goto out;
	bytes_append_u8(&text, '\n');
	if (text.length > EVIDENCE_JSON_BYTES_MAX) {
		(void)error_set(err, ERROR_LIMIT,
		    _("there are too many requirements for one bundle"));
		goto out;
	}
	rc = evidence_bag_put(
	    &making->bag, EVIDENCE_PAYLOAD "compliance.json", &text, err);
out:
	bytes_done(&text);
	return rc;
}

int
evidence_put_compliance(struct evidence_making *making, struct error *err)
{
	const struct evidence_request *request = making->request;
	const struct document_compliance_filter filter = {
	    .basis = &making->basis,
	    .pack = request->pack,
	    .system = request->system,
	};
	json_t *document = NULL;
	int rc = -1;

	if (document_compliance(&making->context, &filter, &document, err) != 0)
		return -1;
	if (put_document(making, document, err) == 0)
		rc = put_table(making, document, err);
	json_decref(document);
	return rc;
}

static void
append_line(struct bytes *out, const char *label, const char *text)
{
	if (text != NULL && text[0] != '\0')
		bytes_append_format(out, "%s: %s\n", label, text);
}

static void
append_requirement(struct bytes *out, const struct requirement *requirement)
{
	bytes_append_format(
	    out, "== %s  %s\n", requirement->id, requirement->title);
	append_line(out, "種別", requirement_kind_name(requirement->kind));
	append_line(out, "出典", requirement->source);
	append_line(out, "版", requirement->edition);
	append_line(out, "箇所", requirement->section);
	append_line(out, "URL", requirement->url);
	append_line(out, "文言の確認状況",
	    requirement_text_status_name(requirement->text_status));
	append_line(out, "注", requirement->note);
	if (requirement->text != NULL)
		bytes_append_format(out, "文言:\n%s\n", requirement->text);
	else
		bytes_append_text(out, "文言: (未確認のため記載なし)\n");
	bytes_append_u8(out, '\n');
}

/* The files that the rules were read from, each by its digest, once. */
static int
put_files(struct evidence_making *making, struct error *err)
{
	const struct requirement_texts *texts = &making->basis.texts;
	char path[EVIDENCE_PATH_BYTES];

	for (size_t i = 0; i < texts->count; i++) {
		const struct requirement_text *text = &texts->items[i];

		if (requirement_texts_find(texts, text->sha256) != text)
			continue;
		(void)snprintf(
		    path, sizeof(path), EVIDENCE_PACKS "%s", text->sha256);
		if (evidence_bag_put(&making->bag, path, &text->text, err) != 0)
			return -1;
	}
	return 0;
}

/* The rules that were held against, as they were in force. */
int
evidence_put_requirements(struct evidence_making *making, struct error *err)
{
	const struct evidence_request *request = making->request;
	const struct requirement *requirement;
	struct bytes text = BYTES_EMPTY;
	int rc;

	if (making->basis.is_of_today)
		bytes_append_text(&text,
		    "※ 当時の要件は記録簿に記載がないため、書き出した日の"
		    "要件で判断しています。\n\n");
	for (size_t i = 0;
	     (requirement = requirement_at(making->basis.set, i)) != NULL; i++)
		if (request->pack == NULL ||
		    strcmp(requirement->pack->id, request->pack) == 0)
			append_requirement(&text, requirement);
	rc = evidence_bag_put(
	    &making->bag, EVIDENCE_PAYLOAD "requirements.txt", &text, err);
	bytes_done(&text);
	return rc == 0 ? put_files(making, err) : -1;
}
