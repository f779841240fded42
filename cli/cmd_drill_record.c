/* hikae drill list, show, due, sign-off, improved: the record of drills. */
#include <string.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/drill_words.h"
#include "cli/option.h"
#include "cli/view.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/quantity.h"

#define LINE_BYTES (4 * VIEW_TEXT_BYTES)

static enum print_mark
mark_of(const json_t *object, const char *key)
{
	static const struct {
		const char *word;
		enum print_mark mark;
	} marks[] = {
	    {"passed", PRINT_GOOD},
	    {"warning", PRINT_WARNING},
	    {"failed", PRINT_BAD},
	};
	const char *word = json_string_value(json_object_get(object, key));

	for (size_t i = 0; word != NULL && i < sizeof(marks) / sizeof(marks[0]);
	     i++)
		if (strcmp(word, marks[i].word) == 0)
			return marks[i].mark;
	return PRINT_UNKNOWN;
}

static const char *
percent_of(const json_t *object, const char *key, char *text)
{
	(void)snprintf(text, VIEW_TEXT_BYTES, "%.4g %%",
	    (double)view_number(object, key) / 10000);
	return text;
}

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

/* How many wait for their medium. */
static size_t
print_waiting(struct cli *cli, const json_t *reply)
{
	const json_t *waiting = json_object_get(reply, "waiting");
	char system[VIEW_TEXT_BYTES], medium[VIEW_TEXT_BYTES];
	char since[VIEW_TEXT_BYTES], operator[VIEW_TEXT_BYTES];
	json_t *drill;
	size_t i;

	json_array_foreach(waiting, i, drill)
	{
		print_line(&cli->print, PRINT_UNKNOWN,
		    _("A drill of %s by %s waits for the medium %s since %s; "
		      "hikae drill cancel %s"),
		    view_text(drill, "system", system),
		    view_text(drill, "operator", operator),
		    view_text(drill, "medium", medium),
		    view_date(drill, "asked_at", since), system);
	}
	return json_array_size(waiting);
}

static int
print_list(struct cli *cli, const json_t *reply, struct error *err)
{
	const struct print_column columns[] = {
	    {"", false, false},
	    {_("Number"), true, false},
	    {_("System"), false, false},
	    {_("Generation"), false, true},
	    {_("Medium"), false, false},
	    {_("Share"), true, false},
	    {_("Ended"), false, false},
	    {_("Signed by"), false, true},
	};
	const json_t *drills = json_object_get(reply, "drills");
	struct print_table *table;
	char text[VIEW_TEXT_BYTES];
	json_t *drill;
	size_t i;

	if (print_waiting(cli, reply) > 0 && json_array_size(drills) == 0)
		return 0;
	if (json_array_size(drills) == 0) {
		(void)fprintf(
		    cli->print.out, "%s\n", _("There was no drill yet."));
		return 0;
	}
	table = print_table_new(columns, 8);
	json_array_foreach(drills, i, drill)
	{
		print_table_add_mark(table, mark_of(drill, "outcome"));
		print_table_add_format(
		    table, "%d", (int)view_number(drill, "id"));
		print_table_add(table, view_text(drill, "system", text));
		print_table_add(table, view_text(drill, "generation", text));
		print_table_add(table, view_text(drill, "medium", text));
		print_table_add(table, percent_of(drill, "share_ppm", text));
		print_table_add(table, view_date(drill, "ended_at", text));
		print_table_add(table, view_text(drill, "signed_by", text));
	}
	return print_table_finish(&cli->print, table, err);
}

static int
run_list(struct cli *cli, int argc, char **argv)
{
	json_t *parameters;
	int rc = option_parse(cli, &(struct option_spec){0}, &argc, argv, 0, 1);

	if (rc != 0)
		return rc;
	cli_open_zone(cli);
	parameters = json_object();
	ask_set_text(parameters, "system", argc > 0 ? argv[0] : NULL);
	return ask_print(cli, "Drills", parameters, print_list);
}

/* Lines of people's text stay lines, each escaped. */
static void
print_text(
    struct cli *cli, const char *label, const json_t *drill, const char *key)
{
	char text[VIEW_TEXT_BYTES], line[LINE_BYTES];

	if (json_object_get(drill, key) == NULL)
		return;
	(void)snprintf(
	    line, sizeof(line), "  %s: %s", label, view_text(drill, key, text));
	view_line(&cli->print, PRINT_PLAIN, line);
}

static void
print_plain(struct cli *cli, const char *label, const char *text)
{
	char line[LINE_BYTES + VIEW_TEXT_BYTES];

	(void)snprintf(line, sizeof(line), "  %s: %s", label, text);
	view_line(&cli->print, PRINT_PLAIN, line);
}

static void
print_what(struct cli *cli, const json_t *drill)
{
	char text[VIEW_TEXT_BYTES], other[VIEW_TEXT_BYTES], line[LINE_BYTES];

	if (view_text(drill, "system_name", text)[0] == '\0')
		(void)view_text(drill, "system", text);
	print_plain(cli, _("System"), text);
	print_text(cli, _("Generation"), drill, "generation");
	print_text(cli, _("Medium"), drill, "medium");
	print_text(cli, _("Carried out by"), drill, "operator");
	print_plain(cli, _("Began"), view_date(drill, "began_at", text));
	print_plain(cli, _("Ended"), view_date(drill, "ended_at", text));
	(void)snprintf(line, sizeof(line), _("%s of %s in %d of %d files"),
	    view_size(drill, "bytes", text),
	    view_size(drill, "bytes_total", other),
	    (int)view_number(drill, "files"),
	    (int)view_number(drill, "files_total"));
	print_plain(cli, _("Restored, and equal to the manifest"), line);
	print_plain(
	    cli, _("Share chosen"), percent_of(drill, "share_ppm", text));
}

static void
print_times(struct cli *cli, const json_t *drill)
{
	char text[VIEW_TEXT_BYTES];

	print_plain(cli, _("Until the medium was there"),
	    span_of(drill, "medium_ms", text));
	print_plain(cli, _("Restoring"), span_of(drill, "restore_ms", text));
	print_plain(cli, _("Checking"), span_of(drill, "check_ms", text));
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

/* A count with its unit. */
static void
describe_count(const char *key, json_int_t count, char *text, size_t size)
{
	char with_unit[QUANTITY_TEXT_BYTES];

	if (strcmp(key, "took_ms") == 0) {
		(void)snprintf(text, size, "%s",
		    quantity_describe_duration(count, with_unit));
		return;
	}
	if (strcmp(key, "unpacked") == 0 || strstr(key, "bytes") != NULL)
		(void)snprintf(text, size, "%s %s", drill_words_name(key),
		    quantity_describe_size((uint64_t)count, with_unit));
	else
		(void)snprintf(text, size, "%s %lld", drill_words_name(key),
		    (long long)count);
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
	char line[LINE_BYTES], name[VIEW_TEXT_BYTES], text[VIEW_TEXT_BYTES];
	const char *key, *between = ": ";
	json_t *value;
	size_t used;

	(void)snprintf(line, sizeof(line), "%s", subject_of(check, name));
	json_object_foreach(json_object_get(check, "detail"), key, value)
	{
		/* What there is none of need not be read. */
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
		used = strlen(line);
		(void)snprintf(
		    line + used, sizeof(line) - used, "%s%s", between, text);
		between = ", ";
	}
	view_line(&cli->print, mark_of(check, "outcome"), line);
}

static void
print_sentence(struct cli *cli, const char *sentence)
{
	char line[LINE_BYTES];

	(void)snprintf(line, sizeof(line), "  %s", sentence);
	view_line(&cli->print, PRINT_PLAIN, line);
}

static void
print_check(struct cli *cli, const json_t *check)
{
	const json_t *detail = json_object_get(check, "detail");
	const json_t *is_apart = json_object_get(detail, "is_apart");
	const char *key;
	json_t *value;

	print_counts(cli, check);
	json_object_foreach((json_t *)(uintptr_t)detail, key, value)
	{
		const char *word = json_string_value(value);

		if (word != NULL && drill_words_sentence(word) != NULL)
			print_sentence(cli, drill_words_sentence(word));
	}
	if (is_apart == NULL)
		return;
	print_sentence(
	    cli, json_is_true(is_apart)
		     ? _("The program ran in the unit hikae-drill@.")
		     : _("The program ran as a child of hikaed, as the same "
			 "user."));
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
		const char *kind =
		    json_string_value(json_object_get(check, "kind"));

		has_program = has_program ||
			      (kind != NULL && strcmp(kind, "program") == 0);
	}
	print_heading(&cli->print, _("Not proved"));
	if (view_number(drill, "share_ppm") < 1000000)
		view_line(&cli->print, PRINT_PLAIN,
		    _("  The files that were not in the sample."));
	if (!has_program)
		view_line(&cli->print, PRINT_PLAIN,
		    _("  That the application works with what was restored."));
	view_line(&cli->print, PRINT_PLAIN,
	    _("  That people can do it with the hospital's own servers "
	      "gone."));
}

static void
print_signature(struct cli *cli, const json_t *drill)
{
	char text[VIEW_TEXT_BYTES];

	print_heading(&cli->print, _("Signature"));
	if (json_object_get(drill, "signed_by") == NULL) {
		view_line(&cli->print, PRINT_WARNING,
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
	(void)snprintf(line, sizeof(line), _("Restore drill no. %d: %s"),
	    (int)view_number(drill, "id"),
	    json_object_get(drill, "outcome") == NULL
		? _("under way")
		: drill_words_name(view_text(drill, "outcome", outcome)));
	view_line(&cli->print, mark_of(drill, "outcome"), line);
	print_what(cli, drill);
	print_times(cli, drill);
	print_heading(&cli->print, _("Proved"));
	if (json_array_size(checks) == 0)
		view_line(&cli->print, PRINT_UNKNOWN, _("nothing"));
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
    {"drill list", N_("list restore drills, the newest first"), "[SYSTEM]",
	NULL, run_list},
    {"drill show", N_("print the record of a restore drill"), "ID",
	N_("What was restored from which medium, by whom, what was proved and "
	   "what not, how\nlong it took, and who signed: the page that an "
	   "inspector asks for."),
	run_show},
    {NULL, NULL, NULL, NULL, NULL},
};
