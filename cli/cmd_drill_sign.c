/* hikae drill due, sign-off, improved: what people have to do about drills. */
#include <string.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/view.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/quantity.h"

/* "12 days", "12 days, 5 %" */
static const char *
last_of(const json_t *system, int64_t now, char *text)
{
	char age[VIEW_TEXT_BYTES], share[QUANTITY_TEXT_BYTES];
	uint64_t ppm = view_number(system, "done_ppm");

	(void)view_age(system, "done_at", now, age);
	if (json_object_get(system, "done") == NULL || ppm >= 1000000)
		(void)snprintf(text, VIEW_TEXT_BYTES, "%s", age);
	else
		(void)snprintf(text, VIEW_TEXT_BYTES, "%.200s%s%s", age,
		    _(", "), quantity_describe_share(ppm, share));
	return text;
}

static void
add_due(struct print_table *table, const json_t *system, int64_t now)
{
	char text[VIEW_TEXT_BYTES];

	print_table_add_mark(table, view_mark(system, "status"));
	if (view_text(system, "name", text)[0] == '\0')
		(void)view_text(system, "id", text);
	print_table_add(table, text);
	print_table_add(table, last_of(system, now, text));
	print_table_add(table, view_date(system, "quarter_due_at", text));
	print_table_add(table, view_date(system, "year_due_at", text));
	print_table_add_format(
	    table, "%d", (int)view_number(system, "unsigned"));
	print_table_add_format(
	    table, "%d", (int)view_number(system, "improvements_open"));
	print_table_add(table, view_duration(system, "estimate_ms", text));
	print_table_add(table, view_duration(system, "back_after_ms", text));
	print_table_add(table, view_duration(system, "target_ms", text));
}

/* What failed and was not mended. */
static void
print_failed(struct cli *cli, const json_t *systems)
{
	char line[4 * VIEW_TEXT_BYTES], name[VIEW_TEXT_BYTES];
	char text[VIEW_TEXT_BYTES];
	json_t *system;
	size_t i;

	json_array_foreach(systems, i, system)
	{
		if (json_object_get(system, "failed") == NULL)
			continue;
		(void)snprintf(line, sizeof(line),
		    _("%s: drill no. %d failed, and none after it passed and "
		      "was signed"),
		    view_name(systems, view_text(system, "id", text), name),
		    (int)view_number(system, "failed"));
		view_line(&cli->print, PRINT_BAD, line);
	}
}

static void
print_never(struct cli *cli, const json_t *systems)
{
	char line[2 * VIEW_TEXT_BYTES], name[VIEW_TEXT_BYTES];
	char text[VIEW_TEXT_BYTES];
	json_t *system;
	size_t i;

	json_array_foreach(systems, i, system)
	{
		if (json_object_get(system, "last") != NULL)
			continue;
		(void)snprintf(line, sizeof(line), _("%s: never drilled yet"),
		    view_name(systems, view_text(system, "id", text), name));
		view_line(&cli->print, PRINT_WARNING, line);
	}
}

/* What was restored of too small a part. */
static void
print_samples(struct cli *cli, const json_t *systems)
{
	char line[4 * VIEW_TEXT_BYTES], name[VIEW_TEXT_BYTES];
	char text[VIEW_TEXT_BYTES], share[QUANTITY_TEXT_BYTES];
	json_t *system;
	size_t i, count = 0;

	json_array_foreach(systems, i, system)
	{
		if (json_object_get(system, "sample") == NULL)
			continue;
		count++;
		(void)snprintf(line, sizeof(line),
		    _("%s: drill no. %d restored only %s of the bytes"),
		    view_name(systems, view_text(system, "id", text), name),
		    (int)view_number(system, "sample"),
		    quantity_describe_share(
			view_number(system, "sample_ppm"), share));
		view_line(&cli->print, PRINT_WARNING, line);
	}
	if (count > 0)
		view_line(&cli->print, PRINT_PLAIN,
		    _("A sample counts from a twentieth (5 %) of the bytes on. "
		      "That is hikae's own default; no rule names a share."));
}

/* What the table adds up to, in the facility's order of recovery. */
static void
print_whole(struct cli *cli, const json_t *reply)
{
	char text[VIEW_TEXT_BYTES], line[4 * VIEW_TEXT_BYTES];
	char name[VIEW_TEXT_BYTES], target[VIEW_TEXT_BYTES];
	const json_t *systems = json_object_get(reply, "systems");
	json_t *system;
	size_t i;

	if (json_object_get(reply, "estimate_ms") != NULL)
		(void)snprintf(line, sizeof(line),
		    _("All systems, one after the other in the order of "
		      "recovery: %s, without fetching media"),
		    view_duration(reply, "estimate_ms", text));
	else
		(void)snprintf(line, sizeof(line), "%s",
		    _("How long all systems would take is not known: not "
		      "every one has a signed drill."));
	view_line(&cli->print, PRINT_PLAIN, line);
	print_never(cli, systems);
	print_failed(cli, systems);
	print_samples(cli, systems);
	json_array_foreach(systems, i, system)
	{
		bool is_known =
		    json_object_get(system, "back_after_ms") != NULL;

		if (!json_is_true(json_object_get(system, "is_over_target")))
			continue;
		(void)snprintf(line, sizeof(line),
		    is_known ? _("%s: %s is longer than the target, %s")
			     : _("%s: %s at least, with those before it, is "
				 "longer than the target, %s"),
		    view_name(systems, view_text(system, "id", text), name),
		    view_duration(system, "least_after_ms", text),
		    view_duration(system, "target_ms", target));
		view_line(&cli->print, PRINT_WARNING, line);
	}
}

static int
print_due(struct cli *cli, const json_t *reply, struct error *err)
{
	const struct print_column columns[] = {
	    {"", false, false},
	    {_("System"), false, true},
	    {_("Last drill"), false, false},
	    /* TRANSLATORS: the next is due so; no requirement asks for it. */
	    {_("Default: quarter"), false, true},
	    {_("Rules: year"), false, true},
	    {_("Not signed"), true, false},
	    {_("To improve"), true, false},
	    {_("Would take"), true, false},
	    /* TRANSLATORS: with the systems that are recovered before it. */
	    {_("In order, after"), true, false},
	    {_("Target"), true, false},
	};
	struct print_table *table = print_table_new(columns, 10);
	int64_t now = 0;
	json_t *system;
	size_t i;

	(void)view_instant(reply, "at", &now);
	json_array_foreach(json_object_get(reply, "systems"), i, system)
	{
		add_due(table, system, now);
	}
	if (print_table_finish(&cli->print, table, err) != 0)
		return -1;
	(void)fputc('\n', cli->print.out);
	print_whole(cli, reply);
	(void)fprintf(cli->print.out, "%s\n",
	    _("Rules: once a year (fee for record management 1 of 2024: about "
	      "once a year; what is\nasked for since 2026 was not seen). "
	      "Default: once a quarter is hikae's own, and no\n"
	      "requirement."));
	return 0;
}

static int
run_due(struct cli *cli, int argc, char **argv)
{
	struct error err = {0};
	json_t *reply = NULL;
	int rc = option_parse(cli, &(struct option_spec){0}, &argc, argv, 0, 0);

	if (rc != 0)
		return rc;
	cli_open_zone(cli);
	if (ask(cli, "DrillDue", NULL, &reply, &err) != 0)
		return cli_fail(cli, &err);
	rc = cli->is_json ? print_json(&cli->print, reply, &err)
			  : print_due(cli, reply, &err);
	rc = rc != 0 ? cli_fail(cli, &err) : (int)view_number(reply, "exit");
	json_decref(reply);
	return rc;
}

static int
print_signed(struct cli *cli, const json_t *reply, struct error *err)
{
	char line[2 * VIEW_TEXT_BYTES];

	(void)err;
	(void)snprintf(line, sizeof(line),
	    _("Recorded as entry %d of the journal."),
	    (int)view_number(reply, "entry"));
	view_line(&cli->print, PRINT_GOOD, line);
	return 0;
}

/* The drill's number, and who acts: what both commands need. */
static int
begin(struct cli *cli, const char *id, const char *by, json_t **ret_parameters)
{
	struct error err = {0};
	uint64_t drill;

	if (by == NULL)
		return cli_fail_usage(cli, _("--by NAME is needed"));
	if (ask_parse_number(id, &drill, &err) != 0)
		return cli_fail(cli, &err);
	*ret_parameters = json_pack("{s:I}", "drill", (json_int_t)drill);
	ask_set_text(*ret_parameters, "by", by);
	return 0;
}

static int
run_sign_off(struct cli *cli, int argc, char **argv)
{
	const char *by = NULL, *witness = NULL, *due = NULL;
	const char *observation = NULL, *improvement = NULL;
	const struct option_spec specs[] = {{"by", &by, NULL},
	    {"witness", &witness, NULL}, {"observation", &observation, NULL},
	    {"improvement", &improvement, NULL}, {"due", &due, NULL},
	    {NULL, NULL, NULL}};
	json_t *parameters = NULL;
	struct error err = {0};
	int64_t instant;
	int rc = option_parse(cli, specs, &argc, argv, 1, 1);

	if (rc != 0)
		return rc;
	cli_open_zone(cli);
	if (observation == NULL)
		return cli_fail_usage(cli, _("--observation TEXT is needed"));
	if (due != NULL && improvement == NULL)
		return cli_fail_usage(cli, _("--due needs --improvement TEXT"));
	if (due != NULL && date_parse(due, &instant, &err) != 0)
		return cli_fail_usage(cli, "--due: %s", err.text);
	if ((rc = begin(cli, argv[0], by, &parameters)) != 0)
		return rc;
	ask_set_text(parameters, "witness", witness);
	ask_set_text(parameters, "observation", observation);
	ask_set_text(parameters, "improvement", improvement);
	if (due != NULL)
		(void)json_object_set_new(
		    parameters, "due", json_integer(instant));
	return ask_print(cli, "DrillSign", parameters, print_signed);
}

static int
run_improved(struct cli *cli, int argc, char **argv)
{
	const char *by = NULL, *note = NULL;
	const struct option_spec specs[] = {
	    {"by", &by, NULL}, {"note", &note, NULL}, {NULL, NULL, NULL}};
	json_t *parameters = NULL;
	int rc = option_parse(cli, specs, &argc, argv, 1, 1);

	if (rc != 0 || (rc = begin(cli, argv[0], by, &parameters)) != 0)
		return rc;
	ask_set_text(parameters, "note", note);
	return ask_print(cli, "DrillImproved", parameters, print_signed);
}

const struct command cmd_drill_sign_table[] = {
    {"drill due", N_("show which systems are due for a restore drill"), "",
	NULL, run_due},
    {"drill sign-off", N_("sign a restore drill, so that it counts"),
	"ID --by NAME --observation TEXT [--witness NAME] [--improvement TEXT "
	"[--due DATE]]",
	N_("  --by NAME           who signs; not necessarily who carried it "
	   "out\n  --witness NAME      who was present\n  --observation TEXT  "
	   "what was seen\n  --improvement TEXT  what is to be improved\n  "
	   "--due DATE          until when"),
	run_sign_off},
    {"drill improved", N_("record that an improvement was made"),
	"ID --by NAME [--note TEXT]", NULL, run_improved},
    {NULL, NULL, NULL, NULL, NULL},
};
