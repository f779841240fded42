/* hikae recover plan: what to restore, from where, in which order. */
#include <string.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/view.h"
#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/judge/measure.h"

#define LINE_BYTES (6 * VIEW_TEXT_BYTES)

static void
print_heading_line(struct cli *cli, const json_t *plan)
{
	char at[DATE_TEXT_BYTES], before[VIEW_TEXT_BYTES], line[LINE_BYTES];
	int64_t instant = 0;

	(void)view_instant(plan, "at", &instant);
	if (json_object_get(plan, "before") == NULL)
		(void)snprintf(line, sizeof(line), _("Recovery plan, as of %s"),
		    date_describe(instant, at));
	else
		(void)snprintf(line, sizeof(line),
		    _("Recovery plan, as of %s, from backups made before %s"),
		    date_describe(instant, at),
		    view_date(plan, "before", before));
	print_heading(&cli->print, line);
}

static void
print_label(struct cli *cli, const char *label, const char *text)
{
	char line[LINE_BYTES + VIEW_TEXT_BYTES];

	(void)snprintf(line, sizeof(line), _("     %s: %s"), label, text);
	view_line(&cli->print, PRINT_PLAIN, line);
}

/* Why it may not be as good as it looks, or not there. */
static void
print_doubt(struct cli *cli, const json_t *copy)
{
	const char *reason = json_string_value(json_object_get(copy, "reason"));
	const char *sentence;

	if (reason == NULL || reason[0] == '\0')
		return;
	sentence = measure_sentence(reason);
	print_label(cli, _("note"), sentence == NULL ? reason : sentence);
}

/* Where a medium is kept, and who has it. */
static void
print_place(struct cli *cli, const json_t *copy)
{
	char location[VIEW_TEXT_BYTES], holder[VIEW_TEXT_BYTES];
	char place[VIEW_TEXT_BYTES], until[VIEW_TEXT_BYTES], line[LINE_BYTES];

	(void)view_text(copy, "location", location);
	(void)view_text(copy, "holder", holder);
	if (location[0] != '\0')
		print_label(cli, _("kept"), location);
	if (holder[0] == '\0')
		return;
	(void)view_text(copy, "place", place);
	if (json_object_get(copy, "until") == NULL)
		(void)snprintf(line, sizeof(line), "%s (%s)", holder, place);
	else
		(void)snprintf(line, sizeof(line), _("%s (%s), until %s"),
		    holder, place, view_date(copy, "until", until));
	print_label(cli, _("taken out by"), line);
}

static void
print_copy(struct cli *cli, const json_t *plan, const json_t *copy)
{
	char medium[VIEW_TEXT_BYTES], size[VIEW_TEXT_BYTES];
	char read[VIEW_TEXT_BYTES], line[LINE_BYTES];
	int64_t now = 0;

	(void)view_instant(plan, "at", &now);
	if (view_text(copy, "medium_name", medium)[0] == '\0')
		(void)view_text(copy, "medium", medium);
	(void)snprintf(line, sizeof(line), _("%s, %s, %s, %s; read %s"), medium,
	    json_is_true(json_object_get(copy, "is_in_reach"))
		? _("may have been in reach of an attacker")
		: _("out of reach"),
	    json_is_true(json_object_get(copy, "is_confirmed"))
		? _("verified")
		: _("not read again yet"),
	    view_size(copy, "bytes", size),
	    view_age(copy, "oldest_read_at", now, read));
	print_label(cli, _("medium"), line);
	print_doubt(cli, copy);
	print_place(cli, copy);
}

/* Generations that are newer, and why they are not taken. */
static void
print_newer(struct cli *cli, const json_t *system)
{
	static const struct {
		const char *key, *text;
	} reasons[] = {
	    {"newer_later", N_("made or recorded later")},
	    {"newer_damaged", N_("damaged or missing")},
	    {"newer_retired", N_("intact, on media out of service")},
	    {"newer_undetermined", N_("not determined")},
	    {"newer_suspicious", N_("suspicious")},
	    {"newer_misdated", N_("dated in the future")},
	};
	char line[LINE_BYTES] = "";
	size_t used = 0;

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		uint64_t count = view_number(system, reasons[i].key);

		if (count == 0)
			continue;
		(void)snprintf(line + used, sizeof(line) - used, "%s%s %d",
		    used == 0 ? "" : ", ", _(reasons[i].text), (int)count);
		used = strlen(line);
	}
	if (used > 0)
		print_label(cli, _("newer ones, not to be used"), line);
}

/* Whether the plan looks back to when nothing of the system was recorded. */
static bool
is_before_first(const json_t *plan, const json_t *system, int64_t *ret_first)
{
	int64_t before;

	return view_instant(plan, "before", &before) &&
	       view_instant(system, "first_at", ret_first) &&
	       before <= *ret_first;
}

/* What to do where it does, for the earliest record there is. */
static void
print_first(struct cli *cli, const json_t *plan)
{
	char day[DATE_TEXT_BYTES], time[DATE_TEXT_BYTES], line[LINE_BYTES];
	int64_t first, earliest = INT64_MAX;
	json_t *system;
	size_t i;

	json_array_foreach(json_object_get(plan, "systems"), i, system)
	{
		if (is_before_first(plan, system, &first) && first < earliest)
			earliest = first;
	}
	if (earliest == INT64_MAX)
		return;
	(void)snprintf(line, sizeof(line),
	    _("Nothing was recorded before that; the first record is of %s."),
	    date_describe(earliest, day));
	(void)fprintf(cli->print.out, "\n%s\n", line);
	/* The next whole minute: what is asked for is what lies before. */
	(void)date_format_plain(
	    (earliest / CLOCK_MINUTE_MS + 1) * CLOCK_MINUTE_MS, time);
	(void)fprintf(cli->print.out,
	    _("To plan with it, although it is from after that time:\n"
	      "  hikae recover plan --before '%s'\n"),
	    time);
}

static void
print_system(
    struct cli *cli, const json_t *plan, const json_t *system, size_t number)
{
	const json_t *copies = json_object_get(system, "copies");
	char name[VIEW_TEXT_BYTES], target[VIEW_TEXT_BYTES];
	char generation[VIEW_TEXT_BYTES], taken[VIEW_TEXT_BYTES];
	char line[LINE_BYTES];
	json_t *copy;
	int64_t first;
	size_t i;

	if (view_text(system, "name", name)[0] == '\0')
		(void)view_text(system, "id", name);
	if (json_object_get(system, "target_ms") == NULL)
		(void)snprintf(line, sizeof(line), "%d. %s", (int)number, name);
	else
		(void)snprintf(line, sizeof(line), _("%d. %s, within %s"),
		    (int)number, name,
		    view_duration(system, "target_ms", target));
	view_line(&cli->print, view_mark(system, "status"), line);
	if (json_array_size(copies) == 0) {
		print_label(
		    cli, _("generation"), _("there is none that can be used"));
		if (is_before_first(plan, system, &first))
			print_label(cli, _("first record"),
			    view_date(system, "first_at", taken));
	} else {
		(void)snprintf(line, sizeof(line), "%s  %s",
		    view_text(system, "generation", generation),
		    view_date(system, "taken_at", taken));
		print_label(cli, _("generation"), line);
	}
	if (json_object_get(system, "contents_broken") != NULL) {
		(void)snprintf(line, sizeof(line),
		    _("what it holds is broken, at least in part: hikae show "
		      "%d"),
		    (int)view_number(system, "contents_broken"));
		print_label(cli, _("contents"), line);
	}
	json_array_foreach(copies, i, copy)
	{
		print_copy(cli, plan, copy);
	}
	print_newer(cli, system);
}

static int
print_plan(struct cli *cli, const json_t *plan, struct error *err)
{
	const json_t *systems = json_object_get(plan, "systems");
	json_t *system;
	size_t i;

	(void)err;
	print_heading_line(cli, plan);
	json_array_foreach(systems, i, system)
	{
		(void)fputc('\n', cli->print.out);
		print_system(cli, plan, system, i + 1);
	}
	if (json_array_size(systems) == 0)
		(void)fprintf(cli->print.out, "%s\n",
		    _("No systems are configured: there is nothing to plan "
		      "with."));
	print_first(cli, plan);
	(void)fprintf(cli->print.out, "\n%s\n",
	    _("Verify the chosen copy once more before you restore, on a host "
	      "that the\nattacker cannot have touched. Attach offline media "
	      "read-only."));
	return 0;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const char *before = NULL, *system = NULL;
	const struct option_spec specs[] = {{"before", &before, NULL},
	    {"system", &system, NULL}, {NULL, NULL, NULL}};
	json_t *parameters = json_object(), *reply = NULL;
	struct error err = {0};
	int64_t instant;
	int rc = option_parse(cli, specs, &argc, argv, 0, 0);

	if (rc != 0)
		goto out;
	cli_open_zone(cli);
	if (before != NULL) {
		if (date_parse(before, &instant, &err) != 0) {
			rc = cli_fail_usage(cli, "--before: %s", err.text);
			goto out;
		}
		(void)json_object_set_new(
		    parameters, "before", json_integer(instant));
	}
	ask_set_text(parameters, "system", system);
	rc = ask(cli, "RecoverPlan", json_incref(parameters), &reply, &err);
	if (rc == 0)
		rc = cli->is_json ? print_json(&cli->print, reply, &err)
				  : print_plan(cli, reply, &err);
	rc = rc != 0 ? cli_fail(cli, &err) : (int)view_number(reply, "exit");
out:
	json_decref(reply);
	json_decref(parameters);
	return rc;
}

const struct command cmd_recover_table[] = {
    {"recover plan",
	N_("show what to restore, from which medium, in which order"),
	"[--before TIME] [--system SYSTEM]",
	N_("  --before TIME    take only backups made before TIME, when the "
	   "attack began:\n                   a day, minute or second, from "
	   "its beginning\n  --system SYSTEM  plan for one system\n\nWorks "
	   "with "
	   "--database FILE where the backup host is gone. The exit status is\n"
	   "good only when every system has a copy that was verified in time "
	   "and can be\n"
	   "got at."),
	run},
    {NULL, NULL, NULL, NULL, NULL},
};
