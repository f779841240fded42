/* hikae drill show: the record of a drill, one page for who asks for it. */
#include <string.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/drill_words.h"
#include "cli/option.h"
#include "cli/view.h"
#include "cli/wrap.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/quantity.h"

#define LINE_BYTES (4 * VIEW_TEXT_BYTES)
#define INDENT 2
/* On paper: A4 in letters of 10 points. */
#define PAGE_COLUMNS 90
#define PACE_BYTES (2 * VIEW_TEXT_BYTES)

static const char *
span_of(const json_t *object, const char *key, char *text)
{
	int64_t ms;

	if (!view_instant(object, key, &ms))
		(void)snprintf(text, VIEW_TEXT_BYTES, "-");
	else
		(void)quantity_describe_duration(ms, text);
	return text;
}

static void
print_plain(struct cli *cli, const char *label, const char *text)
{
	char line[LINE_BYTES + VIEW_TEXT_BYTES];

	(void)snprintf(line, sizeof(line), _("%s: %s"), label, text);
	wrap_print(&cli->print, INDENT, 2 * INDENT, line);
}

/* What people wrote, whole, and in their lines. */
static void
print_text(
    struct cli *cli, const char *label, const json_t *drill, const char *key)
{
	const char *text = json_string_value(json_object_get(drill, key));
	struct bytes line = BYTES_EMPTY;
	size_t indent = INDENT;

	if (text == NULL)
		return;
	bytes_append_text(&line, label);
	bytes_append_text(&line, _(": "));
	for (;; text++) {
		size_t length = strcspn(text, "\n");

		bytes_append(&line, text, length);
		bytes_append_u8(&line, 0);
		if (!line.failed)
			wrap_print(&cli->print, indent, 2 * INDENT,
			    (const char *)line.data);
		bytes_clear(&line);
		indent = 2 * INDENT;
		text += length;
		if (*text == '\0')
			break;
	}
	bytes_done(&line);
}

/* "Patient records (ehr)", or the id alone. */
static void
print_named(struct cli *cli, const char *label, const json_t *drill,
    const char *id_key, const char *name_key)
{
	char id[VIEW_TEXT_BYTES], name[VIEW_TEXT_BYTES], line[LINE_BYTES];

	(void)view_text(drill, id_key, id);
	if (view_text(drill, name_key, name)[0] == '\0' ||
	    strcmp(name, id) == 0) {
		print_plain(cli, label, id);
	} else {
		(void)snprintf(line, sizeof(line), _("%s (%s)"), name, id);
		print_plain(cli, label, line);
	}
}

static void
print_what(struct cli *cli, const json_t *drill)
{
	char text[VIEW_TEXT_BYTES], other[VIEW_TEXT_BYTES], line[LINE_BYTES];
	/* At its begin an older hikae counted an archive as one file. */
	bool is_counted = json_object_get(drill, "of_files") != NULL;

	print_text(cli, _("Facility"), drill, "facility_name");
	print_named(cli, _("System"), drill, "system", "system_name");
	print_text(cli, _("Generation"), drill, "generation");
	print_named(cli, _("Medium"), drill, "medium", "medium_name");
	print_text(cli, _("Carried out by"), drill, "operator");
	print_plain(cli, _("Began"), view_date(drill, "began_at", text));
	print_plain(cli, _("Ended"), view_date(drill, "ended_at", text));
	(void)snprintf(line, sizeof(line), _("%s of %s in %d of %d files"),
	    view_size(drill, "bytes", text),
	    view_size(drill, is_counted ? "of_bytes" : "bytes_total", other),
	    (int)view_number(drill, "files"),
	    (int)view_number(drill, is_counted ? "of_files" : "files_total"));
	print_plain(cli, _("Restored, and equal to the manifest"), line);
	print_plain(cli, _("Share chosen"),
	    drill_words_percent(drill, "share_ppm", text));
}

/* "12 seconds, 80 MiB a second" */
static const char *
pace_of(const json_t *drill, const char *key, char *line)
{
	char time[VIEW_TEXT_BYTES], size[VIEW_TEXT_BYTES];

	if (view_number(drill, "rate") == 0)
		(void)snprintf(
		    line, LINE_BYTES, "%s", span_of(drill, key, time));
	else
		(void)snprintf(line, PACE_BYTES, _("%s, %s a second"),
		    span_of(drill, key, time), view_size(drill, "rate", size));
	return line;
}

/* What the last few took, this one among them. */
static void
print_trend(struct cli *cli, const json_t *drill)
{
	const json_t *trend = json_object_get(drill, "trend");
	char pace[PACE_BYTES], date[VIEW_TEXT_BYTES];
	char share[QUANTITY_TEXT_BYTES], line[LINE_BYTES];
	json_t *point;
	size_t i;

	if (json_array_size(trend) < 2)
		return;
	wrap_print(&cli->print, INDENT, INDENT, _("Trend, the oldest first:"));
	json_array_foreach(trend, i, point)
	{
		(void)snprintf(line, sizeof(line),
		    _("no. %d, %s, %s of it: %s"),
		    (int)view_number(point, "id"),
		    view_date(point, "ended_at", date),
		    quantity_describe_share(
			view_number(point, "share_ppm"), share),
		    pace_of(point, "total_ms", pace));
		wrap_print(&cli->print, 2 * INDENT, 3 * INDENT, line);
	}
}

/* What was measured, and what that is worth against the target. */
static void
print_times(struct cli *cli, const json_t *drill)
{
	char line[PACE_BYTES], text[VIEW_TEXT_BYTES];
	int64_t whole, target;

	print_plain(cli, _("Until the medium was there"),
	    span_of(drill, "medium_ms", text));
	print_plain(cli, _("Restoring"), pace_of(drill, "restore_ms", line));
	print_plain(cli, _("Checking"), span_of(drill, "check_ms", text));
	print_plain(cli, _("In all"), span_of(drill, "total_ms", text));
	if (view_instant(drill, "whole_ms", &whole) &&
	    view_number(drill, "share_ppm") < 1000000)
		print_plain(cli,
		    _("Restoring and checking all of it, at this pace"),
		    span_of(drill, "whole_ms", text));
	if (view_instant(drill, "target_ms", &target))
		print_plain(
		    cli, _("Target"), span_of(drill, "target_ms", text));
	print_trend(cli, drill);
}

/* Members that a sentence says, or that are the same where all is well. */
static bool
is_told_elsewhere(const char *key, const json_t *value)
{
	const char *word = json_string_value(value);

	return word != NULL &&
	       ((strcmp(key, "end") == 0 && strcmp(word, "exited") == 0) ||
		   drill_words_sentence(word) != NULL);
}

/* Of these a record says that they were not looked into. */
static bool
is_not_proved(const char *key)
{
	return strcmp(key, "no_format") == 0 || strcmp(key, "skipped") == 0 ||
	       strcmp(key, "not_inspected") == 0;
}

/* A count with its unit. */
static void
describe_count(const char *key, json_int_t count, char *text, size_t size)
{
	char with_unit[QUANTITY_TEXT_BYTES], label[VIEW_TEXT_BYTES];

	if (strcmp(key, "took_ms") == 0) {
		(void)snprintf(text, size, "%s",
		    quantity_describe_duration(count, with_unit));
		return;
	}
	if (strcmp(key, "unpacked") == 0 || strstr(key, "bytes") != NULL)
		(void)snprintf(text, size, "%s %s", drill_words_name(key),
		    quantity_describe_size((uint64_t)count, with_unit));
	else
		(void)snprintf(text, size, "%s %lld",
		    drill_words_count(key, label), (long long)count);
}

/* What a check looked at; the last one is named for what it counts. */
static const char *
subject_of(const json_t *check, char *text)
{
	const char *name = view_text(check, "name", text);

	return drill_words_name(strcmp(name, "bytes") == 0 ? "prove" : name);
}

/* The counts of a check, as "DICOM images: files 12, images 12". */
static void
print_counts(struct cli *cli, const json_t *check)
{
	char name[VIEW_TEXT_BYTES], text[2 * VIEW_TEXT_BYTES];
	struct bytes line = BYTES_EMPTY;
	const char *key, *between = _(": ");
	json_t *value;

	bytes_append_text(&line, subject_of(check, name));
	json_object_foreach(json_object_get(check, "detail"), key, value)
	{
		/* What there is none of need not be read. */
		if (is_not_proved(key))
			continue;
		if (json_is_integer(value) && json_integer_value(value) != 0)
			describe_count(
			    key, json_integer_value(value), text, sizeof(text));
		else if (json_is_string(value) &&
			 !is_told_elsewhere(key, value))
			(void)snprintf(text, sizeof(text), "%s %s",
			    drill_words_name(key),
			    drill_words_name(json_string_value(value)));
		else
			continue;
		bytes_append_text(&line, between);
		bytes_append_text(&line, text);
		between = _(", ");
	}
	bytes_append_u8(&line, 0);
	if (!line.failed)
		wrap_print_marked(&cli->print,
		    drill_words_mark(check, "outcome"), INDENT,
		    (const char *)line.data);
	bytes_done(&line);
}

static void
print_sentence(struct cli *cli, const char *sentence)
{
	wrap_print(&cli->print, INDENT, INDENT, sentence);
}

static bool
is_word(const json_t *check, const char *key, const char *word)
{
	const char *text = json_string_value(json_object_get(check, key));

	return text != NULL && strcmp(text, word) == 0;
}

/* Of a program that says so: that one ran and was content shows nothing yet. */
static bool
shows_application(const json_t *check)
{
	return is_word(check, "kind", "program") &&
	       (is_word(check, "outcome", "passed") ||
		   is_word(check, "outcome", "warning")) &&
	       json_is_true(json_object_get(
		   json_object_get(check, "detail"), "application"));
}

static void
print_check(struct cli *cli, const json_t *check)
{
	const json_t *detail = json_object_get(check, "detail");
	const json_t *is_apart = json_object_get(detail, "is_apart");
	const char *key;
	json_t *value;

	/* Its count is of files that nobody looked into. */
	if (is_word(check, "kind", "inspect") &&
	    is_word(check, "name", "none")) {
		wrap_print_marked(&cli->print,
		    drill_words_mark(check, "outcome"), INDENT,
		    drill_words_sentence("nothing-inspected"));
		return;
	}
	print_counts(cli, check);
	json_object_foreach((json_t *)(uintptr_t)detail, key, value)
	{
		const char *word = json_string_value(value);

		if (word != NULL && drill_words_sentence(word) != NULL)
			print_sentence(cli, drill_words_sentence(word));
	}
	if (shows_application(check))
		print_sentence(cli,
		    _("By its own account the application works with what was "
		      "restored."));
	if (is_apart == NULL)
		return;
	print_sentence(
	    cli, json_is_true(is_apart)
		     ? _("The program ran in the unit hikae-drill@.")
		     : _("The program ran as a child of hikaed, as the same "
			 "user."));
}

/* How many files nobody looked into; the check of all bytes has it. */
static void
print_uninspected(struct cli *cli, const json_t *check)
{
	const json_t *detail = json_object_get(check, "detail");
	uint64_t unknown = view_number(detail, "no_format");
	uint64_t skipped = view_number(detail, "skipped");
	uint64_t packed = view_number(detail, "not_inspected");
	char line[LINE_BYTES];

	if (packed > 0 && is_word(check, "kind", "inspect")) {
		(void)snprintf(line, sizeof(line),
		    _("Compressed files with a content that was not looked "
		      "into: %lld"),
		    (long long)packed);
		print_sentence(cli, line);
	}
	if (!is_word(check, "kind", "restore"))
		return;
	if (unknown > 0) {
		(void)snprintf(line, sizeof(line),
		    _("Files of no format that hikae knows: %lld"),
		    (long long)unknown);
		print_sentence(cli, line);
	}
	if (skipped > 0) {
		(void)snprintf(line, sizeof(line),
		    _("Files that could not be looked into: %lld"),
		    (long long)skipped);
		print_sentence(cli, line);
	}
}

/* Why it came to no better end, where no check says it. */
static void
print_reason(struct cli *cli, const json_t *drill, const json_t *checks)
{
	const char *word = json_string_value(json_object_get(drill, "reason"));
	const char *key;
	json_t *check, *value;
	size_t i;

	if (word == NULL || drill_words_sentence(word) == NULL)
		return;
	json_array_foreach(checks, i, check)
	{
		json_object_foreach(
		    json_object_get(check, "detail"), key, value)
		{
			if (json_is_string(value) &&
			    strcmp(json_string_value(value), word) == 0)
				return;
		}
		if (is_word(check, "name", "none") &&
		    strcmp(word, "nothing-inspected") == 0)
			return;
	}
	print_sentence(cli, drill_words_sentence(word));
}

/* Law 9: what a drill did not prove is said as well. */
static void
print_not_proved(struct cli *cli, const json_t *drill, const json_t *checks)
{
	bool has_program = false;
	json_t *check;
	size_t i;

	json_array_foreach(checks, i, check)
	{
		has_program = has_program || shows_application(check);
	}
	print_heading(&cli->print, _("Not proved"));
	if (view_number(drill, "share_ppm") < 1000000)
		print_sentence(
		    cli, _("The files that were not in the sample."));
	json_array_foreach(checks, i, check)
	{
		print_uninspected(cli, check);
	}
	if (!has_program)
		print_sentence(cli,
		    _("That the application works with what was restored."));
	print_sentence(
	    cli, _("That people can do it with the hospital's own servers "
		   "gone."));
}

static void
print_signature(struct cli *cli, const json_t *drill)
{
	char text[VIEW_TEXT_BYTES];

	print_heading(&cli->print, _("Signature"));
	if (json_object_get(drill, "signed_by") == NULL) {
		wrap_print_marked(&cli->print, PRINT_WARNING, INDENT,
		    _("Not signed yet: the drill does not count. "
		      "hikae drill sign-off"));
		return;
	}
	print_text(cli, _("Signed by"), drill, "signed_by");
	print_plain(cli, _("On"), view_date(drill, "signed_at", text));
	print_text(cli, _("Witness"), drill, "witness");
	print_text(cli, _("Observation"), drill, "observation");
	print_text(cli, _("To be improved"), drill, "improvement");
	if (json_object_get(drill, "due") != NULL)
		print_plain(cli, _("Until"), view_date(drill, "due", text));
	print_text(cli, _("Improved by"), drill, "improved_by");
	print_text(cli, _("Note"), drill, "improvement_note");
}

static int
print_record(struct cli *cli, const json_t *drill, struct error *err)
{
	const json_t *checks = json_object_get(drill, "checks");
	char line[LINE_BYTES], outcome[VIEW_TEXT_BYTES];
	json_t *check;
	size_t i;

	(void)err;
	if (cli->print.columns == 0)
		cli->print.columns = PAGE_COLUMNS;
	(void)snprintf(line, sizeof(line), _("Restore drill no. %d: %s"),
	    (int)view_number(drill, "id"),
	    json_object_get(drill, "outcome") == NULL
		? _("under way")
		: drill_words_name(view_text(drill, "outcome", outcome)));
	wrap_print_marked(
	    &cli->print, drill_words_mark(drill, "outcome"), INDENT, line);
	print_reason(cli, drill, checks);
	print_what(cli, drill);
	print_times(cli, drill);
	print_heading(&cli->print, _("Proved"));
	if (json_array_size(checks) == 0)
		print_line(&cli->print, PRINT_UNKNOWN, "%s", _("nothing"));
	json_array_foreach(checks, i, check)
	{
		print_check(cli, check);
	}
	print_not_proved(cli, drill, checks);
	print_signature(cli, drill);
	return 0;
}

static int
run_show(struct cli *cli, int argc, char **argv)
{
	struct error err = {0};
	uint64_t id;
	int rc = option_parse(cli, &(struct option_spec){0}, &argc, argv, 1, 1);

	if (rc != 0)
		return rc;
	cli_open_zone(cli);
	if (ask_parse_number(argv[0], &id, &err) != 0)
		return cli_fail(cli, &err);
	return ask_print(cli, "DrillShow",
	    json_pack("{s:I}", "drill", (json_int_t)id), print_record);
}

const struct command cmd_drill_record_table[] = {
    {"drill show", N_("print the record of a restore drill"), "ID",
	N_("What was restored from which medium, by whom, what was proved and "
	   "what not, how\nlong it took, and who signed: the page that an "
	   "inspector asks for."),
	run_show},
    {NULL, NULL, NULL, NULL, NULL},
};
