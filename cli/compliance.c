#include "cli/compliance.h"

#include <string.h>

#include "cli/compliance_part.h"
#include "cli/view.h"
#include "cli/wrap.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/judge/basis.h"
#include "lib/judge/compliance.h"
#include "lib/model/requirement.h"

/* Columns of ids, and before what stands below a requirement. */
#define ID_COLUMNS 15
#define INDENT 3

const char *
compliance_text(const json_t *object, const char *key)
{
	/* TRANSLATORS: the code of your language; "ja" shows the texts of the
	 * requirements as their sources have them. */
	bool is_japanese = strcmp(_("en"), "ja") == 0;
	char other[48];
	const char *text, *fallback;

	(void)snprintf(other, sizeof(other), "%s_en", key);
	text = json_string_value(
	    json_object_get(object, is_japanese ? key : other));
	fallback = json_string_value(
	    json_object_get(object, is_japanese ? other : key));
	return text != NULL ? text : fallback != NULL ? fallback : "";
}

static bool
is_superseded(const json_t *requirement)
{
	return json_is_true(json_object_get(requirement, "is_superseded"));
}

/* A symbol of two columns, in its colour. */
static void
print_symbol(struct print *print, const json_t *object)
{
	enum print_mark mark = view_mark(object, "status");

	print_mark(print, mark, compliance_part_symbol(mark));
}

/* "○ LAW-14-2      Measures for cybersecurity" */
static void
print_name(struct print *print, const json_t *requirement)
{
	struct bytes line = BYTES_EMPTY;
	char id[VIEW_TEXT_BYTES];

	print_symbol(print, requirement);
	text_pad(&line, view_text(requirement, "id", id), ID_COLUMNS);
	bytes_append_text(&line, " ");
	bytes_append_text(&line, compliance_text(requirement, "title"));
	if (json_is_true(json_object_get(requirement, "is_site")))
		bytes_append_text(&line, _(" (written by the facility)"));
	bytes_append_u8(&line, 0);
	if (!line.failed)
		(void)fprintf(print->out, "%s\n", (const char *)line.data);
	bytes_done(&line);
}

/* "guideline: SOURCE SECTION" */
static void
print_source(struct print *print, const json_t *requirement)
{
	const char *name = compliance_text(requirement, "source");
	char source[VIEW_TEXT_BYTES], section[VIEW_TEXT_BYTES];
	char line[3 * VIEW_TEXT_BYTES];

	(void)text_escape(source, sizeof(source), name, strlen(name));
	(void)view_text(requirement, "section", section);
	/* TRANSLATORS: the kind of a rule, its document, the section. */
	(void)snprintf(line, sizeof(line), _("%s: %s%s%s"),
	    compliance_part_kind(requirement), source,
	    section[0] == '\0' ? "" : " ", section);
	wrap_print(print, INDENT, INDENT + 2, line);
}

/* What is missing of a requirement, and how to get it. */
static void
print_lacks(struct print *print, const json_t *requirement)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(requirement, "rows"), i, row)
	{
		compliance_part_row(print, INDENT, row, false);
	}
	compliance_part_steps(print, INDENT, requirement, false);
}

static void
print_requirement(struct print *print, const json_t *requirement)
{
	print_name(print, requirement);
	print_source(print, requirement);
	if (view_mark(requirement, "status") != PRINT_GOOD ||
	    compliance_part_ends_soon(requirement))
		print_lacks(print, requirement);
}

/* The requirements of one pack that are in force. */
static void
print_pack(struct print *print, const json_t *document, const json_t *pack)
{
	bool has_heading = false;
	json_t *requirement;
	size_t i;

	json_array_foreach(
	    json_object_get(document, "requirements"), i, requirement)
	{
		if (is_superseded(requirement) ||
		    !json_equal(json_object_get(requirement, "pack"),
			json_object_get(pack, "id")))
			continue;
		if (!has_heading) {
			(void)fputc('\n', print->out);
			print_heading(print, compliance_text(pack, "name"));
		}
		has_heading = true;
		print_requirement(print, requirement);
	}
}

/* Those that were in force once; they never count. */
static void
print_superseded(struct print *print, const json_t *document)
{
	bool has_heading = false;
	char until[VIEW_TEXT_BYTES], by[VIEW_TEXT_BYTES];
	char line[3 * VIEW_TEXT_BYTES];
	json_t *requirement;
	size_t i;

	json_array_foreach(
	    json_object_get(document, "requirements"), i, requirement)
	{
		if (!is_superseded(requirement))
			continue;
		if (!has_heading) {
			(void)fputc('\n', print->out);
			print_heading(
			    print, _("Earlier editions (they do not count)"));
		}
		has_heading = true;
		print_name(print, requirement);
		(void)view_text(requirement, "valid_to", until);
		if (view_text(requirement, "superseded_by", by)[0] != '\0')
			(void)snprintf(line, sizeof(line),
			    _("until %s; now: %s"), until, by);
		else
			(void)snprintf(
			    line, sizeof(line), _("until %s"), until);
		wrap_print(print, INDENT, INDENT + 2, line);
	}
}

/* Those that do not apply, each with why: nothing is left out in silence. */
static void
print_omitted(struct print *print, const json_t *document)
{
	const json_t *omitted = json_object_get(document, "omitted");
	char code[VIEW_TEXT_BYTES], id[VIEW_TEXT_BYTES];
	enum compliance_reason reason;
	struct bytes line = BYTES_EMPTY;
	json_t *item;
	size_t i;

	if (json_array_size(omitted) == 0)
		return;
	(void)fputc('\n', print->out);
	print_heading(print, _("Not applied here"));
	json_array_foreach(omitted, i, item)
	{
		bytes_clear(&line);
		bytes_append_text(&line, "－");
		text_pad(&line, view_text(item, "id", id), ID_COLUMNS);
		bytes_append_text(&line, " ");
		bytes_append_text(&line, compliance_text(item, "title"));
		if (compliance_reason_parse(
			view_text(item, "reason", code), &reason) == 0) {
			bytes_append_text(&line, _(": "));
			bytes_append_text(
			    &line, compliance_reason_sentence(reason));
		}
		bytes_append_u8(&line, 0);
		if (!line.failed)
			wrap_print(print, 0, INDENT, (const char *)line.data);
	}
	bytes_done(&line);
}

/* Whose evidence, as of when. */
static void
print_origin(struct print *print, const json_t *document)
{
	char facility[VIEW_TEXT_BYTES], line[3 * VIEW_TEXT_BYTES];
	char at[DATE_TEXT_BYTES];
	int64_t now = 0;

	if (view_text(document, "facility_name", facility)[0] == '\0')
		(void)view_text(document, "facility", facility);
	(void)view_instant(document, "at", &now);
	(void)snprintf(line, sizeof(line),
	    _("%s  as of %s, by %d entries of the journal"), facility,
	    date_describe(now, at), (int)view_number(document, "entries"));
	wrap_print(print, 0, INDENT, line);
}

static void
print_totals(struct print *print, const json_t *document)
{
	(void)fprintf(print->out,
	    _("Evidence is complete for %d of %d requirements in force: ○ %d  "
	      "△ %d  × %d  ？ %d\n"),
	    (int)view_number(document, "complete"),
	    (int)view_number(document, "total"),
	    (int)view_number(document, "complete"),
	    (int)view_number(document, "partial"),
	    (int)view_number(document, "missing"),
	    (int)view_number(document, "undetermined"));
}

/* What the reader must know to read the rest rightly. */
static void
print_remarks(struct print *print, const json_t *document)
{
	wrap_print(print, 0, 0,
	    _("○ evidence complete, △ partial, × missing, ？ not "
	      "determinable. Whether a rule is satisfied is decided by "
	      "people."));
	wrap_print(print, 0, 0,
	    _("One in full: hikae compliance REQUIREMENT. To state what "
	      "cannot be measured: hikae attest."));
	if (json_is_true(json_object_get(document, "is_fees_unknown")))
		wrap_print(print, 0, 0,
		    _("Conditions of fees are all shown: [facility] fees does "
		      "not say which were notified."));
	if (json_is_true(json_object_get(document, "is_beds_unknown")))
		wrap_print(print, 0, 0,
		    _("Rules for larger facilities are all shown: [facility] "
		      "beds is not set."));
}

/* By what was judged, and what was not, before all else. */
static void
print_basis(struct print *print, const json_t *document)
{
	const char *from =
	    json_string_value(json_object_get(document, "packs_from"));
	json_t *text;
	size_t i;

	if (from != NULL && strcmp(from, "today") == 0)
		print_line(
		    print, PRINT_WARNING, "%s", basis_sentence(BASIS_OF_TODAY));
	if (json_is_true(json_object_get(document, "is_packs_changed")))
		print_line(
		    print, PRINT_WARNING, "%s", basis_sentence(BASIS_CHANGED));
	if (json_is_true(json_object_get(document, "is_packs_gone")))
		print_line(
		    print, PRINT_UNKNOWN, "%s", basis_sentence(BASIS_GONE));
	json_array_foreach(json_object_get(document, "left_out"), i, text)
	{
		if (i == 0)
			print_line(print, PRINT_BAD, "%s",
			    basis_sentence(BASIS_LEFT_OUT));
		wrap_print(print, INDENT, INDENT, json_string_value(text));
	}
}

void
compliance_print(struct print *print, const json_t *document)
{
	json_t *pack;
	size_t i;

	print_origin(print, document);
	print_basis(print, document);
	print_totals(print, document);
	print_remarks(print, document);
	json_array_foreach(json_object_get(document, "packs"), i, pack)
	{
		print_pack(print, document, pack);
	}
	print_superseded(print, document);
	print_omitted(print, document);
}

static void
print_field(struct print *print, const char *label, const char *text)
{
	struct bytes line = BYTES_EMPTY;

	if (text[0] == '\0')
		return;
	bytes_append_text(&line, label);
	bytes_append_text(&line, _(": "));
	bytes_append_text(&line, text);
	bytes_append_u8(&line, 0);
	if (!line.failed)
		wrap_print(print, INDENT, INDENT + 2, (const char *)line.data);
	bytes_done(&line);
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

/* "2026-06-29 to ..." */
static void
print_validity(struct print *print, const json_t *requirement)
{
	char line[128];
	const char *from = text_of(requirement, "valid_from");
	const char *to = text_of(requirement, "valid_to");

	if (from[0] == '\0' && to[0] == '\0')
		return;
	/* TRANSLATORS: from the first day to the last. */
	(void)snprintf(line, sizeof(line), _("%s to %s"),
	    from[0] == '\0' ? "…" : from, to[0] == '\0' ? "…" : to);
	print_field(print, _("in force"), line);
}

void
compliance_print_one(struct print *print, const json_t *document)
{
	const json_t *requirement =
	    json_array_get(json_object_get(document, "requirements"), 0);
	json_t *row;
	size_t i;

	print_origin(print, document);
	print_basis(print, document);
	if (requirement == NULL) {
		print_omitted(print, document);
		return;
	}
	(void)fputc('\n', print->out);
	print_name(print, requirement);
	print_source(print, requirement);
	print_field(print, _("edition"), text_of(requirement, "edition"));
	print_validity(print, requirement);
	print_field(
	    print, _("superseded by"), text_of(requirement, "superseded_by"));
	if (is_superseded(requirement))
		wrap_print(print, INDENT, INDENT + 2,
		    _("An earlier edition: it does not count any more, and "
		      "nothing needs to be done for it."));
	print_field(print, _("wording"), text_of(requirement, "text"));
	print_field(print, _("wording"), text_of(requirement, "text_en"));
	print_field(print, _("in English (not official)"),
	    text_of(requirement, "meaning_en"));
	print_field(print, _("how far it was seen"),
	    compliance_part_text_status(requirement));
	print_field(print, _("official text"), text_of(requirement, "url"));
	print_field(print, _("note"), compliance_text(requirement, "note"));
	(void)fputc('\n', print->out);
	json_array_foreach(json_object_get(requirement, "rows"), i, row)
	{
		compliance_part_row(print, INDENT, row, true);
	}
	compliance_part_statement(print, INDENT, requirement);
	if (!is_superseded(requirement))
		compliance_part_steps(print, INDENT, requirement, true);
}
