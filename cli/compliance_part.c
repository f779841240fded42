#include "cli/compliance_part.h"

#include <stdint.h>
#include <string.h>

#include "cli/compliance.h"
#include "cli/view.h"
#include "cli/wrap.h"
#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/judge/compliance.h"
#include "lib/judge/reason.h"
#include "lib/model/requirement.h"
#include "lib/output/value_words.h"

const char *
compliance_part_symbol(enum print_mark mark)
{
	static const char *const symbols[PRINT_MARKS] = {
	    [PRINT_PLAIN] = "  ",
	    [PRINT_GOOD] = "○ ",
	    [PRINT_WARNING] = "△ ",
	    [PRINT_BAD] = "× ",
	    [PRINT_UNKNOWN] = "？",
	};

	return symbols[mark];
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

const char *
compliance_part_kind(const json_t *requirement)
{
	const char *name = text_of(requirement, "kind");

	for (int i = 0; i < REQUIREMENT_KINDS; i++)
		if (strcmp(name,
			requirement_kind_name((enum requirement_kind)i)) == 0)
			return requirement_kind_word((enum requirement_kind)i);
	return name;
}

const char *
compliance_part_text_status(const json_t *requirement)
{
	const char *name = text_of(requirement, "text_status");

	for (int i = 0; i < REQUIREMENT_TEXT_STATUSES; i++)
		if (strcmp(name, requirement_text_status_name(
				     (enum requirement_text_status)i)) == 0)
			return requirement_text_status_word(
			    (enum requirement_text_status)i);
	return name;
}

static bool
is_reason(const json_t *row, enum compliance_reason reason)
{
	return strcmp(text_of(row, "reason"), compliance_reason_name(reason)) ==
	       0;
}

/* Whether one of the rows stands so for that reason. */
static bool
has_reason(const json_t *requirement, enum compliance_reason reason)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(requirement, "rows"), i, row)
	{
		if (is_reason(row, reason))
			return true;
	}
	return false;
}

bool
compliance_part_ends_soon(const json_t *requirement)
{
	return has_reason(requirement, COMPLIANCE_ENDS_SOON);
}

/* The operator of a check, by its name; false where there is none. */
static bool
take_operator(const json_t *check, enum requirement_operator *ret_operator)
{
	const char *name = text_of(check, "operator");

	for (int i = 0; i < REQUIREMENT_OPERATORS; i++)
		if (strcmp(name, requirement_operator_name(
				     (enum requirement_operator)i)) == 0) {
			*ret_operator = (enum requirement_operator)i;
			return true;
		}
	return false;
}

/* "copies out of reach: 0 (asked for: at least 1)", and why not more. */
static void
append_value(struct bytes *line, const json_t *value)
{
	struct value_words words = {
	    .state = MEASURE_UNKNOWN,
	    .most = INT64_MAX,
	    .share_ppm = view_number(value, "share_ppm"),
	    .reason = text_of(value, "reason"),
	};

	if (measure_parse(text_of(value, "measure"), &words.measure) != 0) {
		/* A newer hikaed measures more. */
		bytes_append_text(line, text_of(value, "measure"));
		return;
	}
	if (view_instant(value, "value", &words.number))
		words.state = MEASURE_KNOWN;
	else if (strcmp(text_of(value, "state"), "none") == 0)
		words.state = MEASURE_NONE;
	(void)view_instant(value, "value_least", &words.least);
	(void)view_instant(value, "value_most", &words.most);
	words.is_asked = view_instant(value, "wanted", &words.wanted) &&
			 take_operator(value, &words.operator);
	value_words_append(line, &words);
}

/* The entries of the journal behind a value. */
static void
append_evidence(struct bytes *line, const json_t *value)
{
	const json_t *evidence = json_object_get(value, "evidence");
	json_t *seq;
	size_t i;

	if (json_array_size(evidence) == 0)
		return;
	bytes_append_text(line, _("  [entries"));
	json_array_foreach(evidence, i, seq)
	{
		bytes_append_format(
		    line, " %" JSON_INTEGER_FORMAT, json_integer_value(seq));
	}
	bytes_append_text(line, "]");
}

static void
print_bytes(struct print *print, size_t indent, size_t more, struct bytes *line)
{
	bytes_append_u8(line, 0);
	if (!line->failed)
		wrap_print(print, indent, more, (const char *)line->data);
	bytes_clear(line);
}

static enum print_mark
mark_of(const json_t *value)
{
	const char *state = text_of(value, "evidence_state");

	if (state[0] == '\0')
		return PRINT_PLAIN;
	return strcmp(state, "complete") == 0  ? PRINT_GOOD
	       : strcmp(state, "partial") == 0 ? PRINT_WARNING
	       : strcmp(state, "missing") == 0 ? PRINT_BAD
					       : PRINT_UNKNOWN;
}

/* How many measures of a row miss; *ret_value is one of them. */
static size_t
count_missing(const json_t *row, const json_t **ret_value)
{
	size_t count = 0, i;
	json_t *value;

	json_array_foreach(json_object_get(row, "checks"), i, value)
	{
		if (mark_of(value) == PRINT_GOOD)
			continue;
		*ret_value = value;
		count++;
	}
	return count;
}

/* Measures below their system; all of them, or those that miss. */
static void
print_values(
    struct print *print, size_t indent, const json_t *values, bool is_whole)
{
	struct bytes line = BYTES_EMPTY;
	json_t *value;
	size_t i;

	json_array_foreach(values, i, value)
	{
		if (!is_whole && mark_of(value) == PRINT_GOOD)
			continue;
		bytes_append_text(
		    &line, compliance_part_symbol(mark_of(value)));
		append_value(&line, value);
		if (is_whole)
			append_evidence(&line, value);
		print_bytes(print, indent, indent + 2, &line);
	}
	bytes_done(&line);
}

/* Why a row is not complete, behind its name. */
static void
append_reason(struct bytes *line, const json_t *row)
{
	enum compliance_reason reason;

	if (compliance_reason_parse(text_of(row, "reason"), &reason) != 0)
		return;
	bytes_append_text(line, _(": "));
	bytes_append_text(line, compliance_reason_sentence(reason));
}

void
compliance_part_row(
    struct print *print, size_t indent, const json_t *row, bool is_whole)
{
	enum print_mark mark = view_mark(row, "status");
	const char *name = text_of(row, "name");
	struct bytes line = BYTES_EMPTY;
	const json_t *value = NULL;
	size_t missing = count_missing(row, &value);

	if (name[0] == '\0')
		name = text_of(row, "system");
	bytes_append_text(&line, compliance_part_symbol(mark));
	bytes_append_text(&line, name[0] == '\0' ? _("facility") : name);
	if (!is_whole && missing == 1 &&
	    !is_reason(row, COMPLIANCE_TEXT_UNSEEN)) {
		bytes_append_text(&line, _(": "));
		append_value(&line, value);
	} else if (is_whole || (missing == 0 && mark != PRINT_GOOD) ||
		   is_reason(row, COMPLIANCE_ENDS_SOON) ||
		   is_reason(row, COMPLIANCE_TEXT_UNSEEN)) {
		append_reason(&line, row);
	}
	print_bytes(print, indent, indent + 2, &line);
	bytes_done(&line);
	if (is_whole || missing > 1)
		print_values(print, indent + 3, json_object_get(row, "checks"),
		    is_whole);
	if (is_whole)
		print_values(
		    print, indent + 3, json_object_get(row, "shows"), true);
}

/* What a kind of document is called; one that is not known, as it is. */
static const char *
document_word(const char *name)
{
	enum requirement_document document;

	return requirement_document_parse(name, &document) == 0
		   ? requirement_document_word(document)
		   : name;
}

void
compliance_part_statement(
    struct print *print, size_t indent, const json_t *requirement)
{
	const json_t *statement = json_object_get(requirement, "statement");
	char by[VIEW_TEXT_BYTES], until[VIEW_TEXT_BYTES];
	struct bytes line = BYTES_EMPTY;

	if (statement == NULL)
		return;
	(void)view_text(statement, "by", by);
	(void)view_date(statement, "until", until);
	if (json_is_true(json_object_get(statement, "is_in_force")))
		bytes_append_format(
		    &line, _("Stated by %s, until %s"), by, until);
	else
		bytes_append_format(
		    &line, _("Stated by %s; it ended: %s"), by, until);
	bytes_append_format(
	    &line, _("  [entry %d]"), (int)view_number(statement, "id"));
	print_bytes(print, indent, indent + 2, &line);
	if (text_of(statement, "document_sha256")[0] != '\0') {
		bytes_append_format(&line, _("Document (%s), SHA-256 %s"),
		    document_word(text_of(statement, "document_kind")),
		    text_of(statement, "document_sha256"));
		print_bytes(print, indent, indent + 2, &line);
	}
	bytes_done(&line);
}

/* The documents of which one is asked for: "bcp|sds", and in words. */
static void
append_documents(
    struct bytes *names, struct bytes *words, const json_t *requirement)
{
	enum requirement_document document;
	const char *name;
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(requirement, "documents"), i, item)
	{
		name = json_string_value(item);
		if (name == NULL ||
		    requirement_document_parse(name, &document) != 0)
			continue;
		bytes_append_format(names, "%s%s", i == 0 ? "" : "|", name);
		bytes_append_format(words, "%s%s", i == 0 ? "" : _(" or "),
		    requirement_document_word(document));
	}
	bytes_append_u8(names, 0);
	bytes_append_u8(words, 0);
}

static bool
is_stated(const json_t *requirement)
{
	return json_is_true(json_object_get(
	    json_object_get(requirement, "statement"), "is_in_force"));
}

/* Whether a person still has to state or attach something. */
static bool
lacks_statement(const json_t *requirement)
{
	const json_t *statement = json_object_get(requirement, "statement");
	bool has_paper = text_of(statement, "document_sha256")[0] != '\0';

	return (text_of(requirement, "attestation")[0] != '\0' &&
		   !is_stated(requirement)) ||
	       (json_array_size(json_object_get(requirement, "documents")) >
		       0 &&
		   !has_paper) ||
	       compliance_part_ends_soon(requirement);
}

/* What somebody who stated it already would not do again without a reason. */
static void
append_wish(struct bytes *line, const json_t *requirement)
{
	const char *statement = compliance_text(requirement, "attestation");

	if (statement[0] == '\0')
		bytes_append_text(line, _("-> Attach a document"));
	else if (!is_stated(requirement))
		bytes_append_format(
		    line, _("-> Somebody states: \"%s\""), statement);
	else if (compliance_part_ends_soon(requirement))
		bytes_append_format(line,
		    _("-> State it again before it ends: \"%s\""), statement);
	else
		bytes_append_format(line,
		    _("-> It is stated, but a document is to be attached; "
		      "state it again with one: \"%s\""),
		    statement);
}

/* What somebody has to state or to attach, and the command for it. */
static void
print_attest(struct print *print, size_t indent, const json_t *requirement,
    bool has_command)
{
	struct bytes line = BYTES_EMPTY, names = BYTES_EMPTY;
	struct bytes words = BYTES_EMPTY;
	bool has_paper =
	    json_array_size(json_object_get(requirement, "documents")) > 0;

	append_documents(&names, &words, requirement);
	append_wish(&line, requirement);
	if (has_paper && !words.failed)
		bytes_append_format(
		    &line, _(" (document: %s)"), (const char *)words.data);
	print_bytes(print, indent, indent + 3, &line);
	bytes_append_format(&line, "   hikae attest %s --by %s --until %s",
	    text_of(requirement, "id"), _("NAME"), _("DATE"));
	if (has_paper && !names.failed)
		bytes_append_format(&line, " --document %s --document-kind %s",
		    _("FILE"), (const char *)names.data);
	if (has_command)
		print_bytes(print, indent, indent + 3, &line);
	bytes_done(&line);
	bytes_done(&names);
	bytes_done(&words);
}

/* Whether a measure of one of the rows says so. */
static bool
has_check_reason(const json_t *requirement, const char *reason)
{
	json_t *row, *check;
	size_t i, k;

	json_array_foreach(json_object_get(requirement, "rows"), i, row)
	{
		json_array_foreach(json_object_get(row, "checks"), k, check)
		{
			if (strcmp(text_of(check, "reason"), reason) == 0)
				return true;
		}
	}
	return false;
}

/* Of media that may be clones: what would make them count. */
static void
print_doubts(struct print *print, size_t indent, const json_t *requirement)
{
	static const enum reason doubts[] = {
	    REASON_UUID_TWICE, REASON_UUID_UNSURE, REASON_IDENTITY_UNREADABLE};
	struct bytes line = BYTES_EMPTY;

	for (size_t i = 0; i < sizeof(doubts) / sizeof(doubts[0]); i++) {
		const char *name = reason_name(doubts[i]);

		if (!has_check_reason(requirement, name))
			continue;
		bytes_append_format(&line, _("-> %s"), reason_advice(name));
		print_bytes(print, indent, indent + 3, &line);
	}
	bytes_done(&line);
}

void
compliance_part_steps(struct print *print, size_t indent,
    const json_t *requirement, bool has_command)
{
	struct bytes line = BYTES_EMPTY;

	if (has_command && has_reason(requirement, COMPLIANCE_NO_SOURCE)) {
		bytes_append_format(&line, _("-> %s"),
		    reason_advice(reason_name(REASON_NO_SOURCE)));
		print_bytes(print, indent, indent + 3, &line);
	}
	print_doubts(print, indent, requirement);
	if (has_reason(requirement, COMPLIANCE_TEXT_UNSEEN)) {
		bytes_append_format(&line,
		    _("-> Open the official text: %s; nearest known rule: %s"),
		    text_of(requirement, "url"),
		    text_of(requirement, "nearest"));
		print_bytes(print, indent, indent + 3, &line);
	} else if (lacks_statement(requirement)) {
		print_attest(print, indent, requirement, has_command);
	}
	bytes_done(&line);
}
