/* Who is told, what waits to be told, and whether it gets through. */
#include <poll.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/view.h"
#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"

/* Between two questions whether a test has ended, ms. */
#define ASK_AGAIN_MS 100
/* Longer than any program may take (worker/messenger_message.h), ms. */
#define TEST_MAX_MS (15 * CLOCK_MINUTE_MS)

static enum print_mark
mark_of(const json_t *section)
{
	const json_t *last = json_object_get(section, "last");

	if (view_number(section, "undelivered") > 0)
		return PRINT_BAD;
	if (json_object_get(section, "said") != NULL ||
	    (last != NULL &&
		!json_is_true(json_object_get(last, "is_delivered"))))
		return PRINT_WARNING;
	return PRINT_GOOD;
}

static void
add_last(struct print_table *table, const json_t *section)
{
	const json_t *last = json_object_get(section, "last");
	char date[VIEW_TEXT_BYTES], said[VIEW_TEXT_BYTES];

	print_table_add(
	    table, last == NULL ? "-" : view_date(last, "at", date));
	print_table_add(
	    table, view_text(last != NULL ? last : section, "said", said));
}

static int
print_sections(struct cli *cli, const json_t *sections, struct error *err)
{
	const struct print_column columns[] = {
	    {"", false, false},
	    {_("Section"), false, false},
	    {_("Method"), false, false},
	    {_("Delivered"), true, false},
	    {_("Failed"), true, false},
	    {_("Waiting"), true, false},
	    {_("Last"), false, false},
	    {"", false, true},
	};
	struct print_table *table = print_table_new(columns, 8);
	char text[VIEW_TEXT_BYTES];
	json_t *section;
	size_t i;

	json_array_foreach(sections, i, section)
	{
		print_table_add_mark(table, mark_of(section));
		print_table_add(table, view_text(section, "id", text));
		print_table_add(table, view_text(section, "method", text));
		view_add_number(table, section, "delivered");
		view_add_number(table, section, "failed");
		print_table_add_format(table, "%d",
		    (int)json_array_size(json_object_get(section, "waiting")));
		add_last(table, section);
	}
	return print_table_finish(&cli->print, table, err);
}

static void
print_waiting(struct cli *cli, const json_t *sections)
{
	char subject[VIEW_TEXT_BYTES], id[VIEW_TEXT_BYTES];
	char date[VIEW_TEXT_BYTES];
	json_t *section, *notice;
	size_t i, k;

	json_array_foreach(sections, i, section)
	{
		json_array_foreach(
		    json_object_get(section, "waiting"), k, notice)
		{
			if (k == 0)
				(void)fprintf(cli->print.out,
				    _("\nWaiting for %s:\n"),
				    view_text(section, "id", id));
			(void)fprintf(cli->print.out,
			    _("  %s  %s (%d attempts, next %s)\n"),
			    view_date(notice, "made_at", id),
			    view_text(notice, "subject", subject),
			    (int)view_number(notice, "attempts"),
			    view_date(notice, "next_at", date));
		}
	}
}

static void
print_acks(struct cli *cli, const json_t *acks)
{
	char code[VIEW_TEXT_BYTES], system[VIEW_TEXT_BYTES];
	char medium[VIEW_TEXT_BYTES], by[VIEW_TEXT_BYTES];
	char until[VIEW_TEXT_BYTES];
	json_t *ack;
	size_t i;

	json_array_foreach(acks, i, ack)
	{
		if (i == 0)
			(void)fputs(_("\nAcknowledged:\n"), cli->print.out);
		(void)fprintf(cli->print.out, _("  %s %s %s: %s, until %s\n"),
		    view_text(ack, "code", code),
		    view_text(ack, "system", system),
		    view_text(ack, "medium", medium), view_text(ack, "by", by),
		    view_date(ack, "until", until));
	}
}

static int
print_list(struct cli *cli, const json_t *reply, struct error *err)
{
	const json_t *sections = json_object_get(reply, "sections");

	if (json_array_size(sections) == 0) {
		print_line(&cli->print, PRINT_WARNING,
		    _("Nobody is told: there is no [notify] section."));
		return 0;
	}
	if (print_sections(cli, sections, err) != 0)
		return -1;
	print_waiting(cli, sections);
	print_acks(cli, json_object_get(reply, "acknowledged"));
	return 0;
}

static int
run_list(struct cli *cli, int argc, char **argv)
{
	static const struct option_spec specs[] = {{NULL, NULL, NULL}};
	int rc = option_parse(cli, specs, &argc, argv, 0, 0);

	if (rc != 0)
		return rc;
	cli_open_zone(cli);
	return ask_print(cli, "Notifications", NULL, print_list);
}

/* The last attempt of a section, where it was of this notice; NULL. */
static json_t *
outcome_of(const json_t *reply, const char *id, uint64_t notice)
{
	char text[VIEW_TEXT_BYTES];
	json_t *section, *last;
	size_t i;

	json_array_foreach(json_object_get(reply, "sections"), i, section)
	{
		last = json_object_get(section, "last");
		if (strcmp(view_text(section, "id", text), id) == 0 &&
		    last != NULL && view_number(last, "id") == notice)
			return last;
	}
	return NULL;
}

static int
tell(struct cli *cli, const json_t *outcome, struct error *err)
{
	const bool is_good =
	    json_is_true(json_object_get(outcome, "is_delivered"));
	char said[VIEW_TEXT_BYTES];

	if (cli->is_json) {
		if (print_json(&cli->print, outcome, err) != 0)
			return cli_fail(cli, err);
	} else if (is_good) {
		print_line(&cli->print, PRINT_GOOD,
		    _("The program took it. Look whether it arrives."));
	} else {
		print_line(&cli->print, PRINT_BAD, _("It failed: %s"),
		    view_text(outcome, "said", said));
	}
	return is_good ? CLI_GOOD : CLI_BAD;
}

static int
await(struct cli *cli, const char *id, uint64_t notice)
{
	const int64_t end = clock_monotonic_ms() + TEST_MAX_MS;
	struct error err = {0};

	while (clock_monotonic_ms() < end) {
		json_t *reply, *outcome;
		int rc = -1;

		if (ask(cli, "Notifications", NULL, &reply, &err) != 0)
			return cli_fail(cli, &err);
		outcome = outcome_of(reply, id, notice);
		if (outcome != NULL)
			rc = tell(cli, outcome, &err);
		json_decref(reply);
		if (outcome != NULL)
			return rc;
		(void)poll(NULL, 0, ASK_AGAIN_MS);
	}
	(void)!error_set(
	    &err, ERROR_UNAVAILABLE, _("hikaed does not say how it went"));
	return cli_fail(cli, &err);
}

static int
run_test(struct cli *cli, int argc, char **argv)
{
	static const struct option_spec specs[] = {{NULL, NULL, NULL}};
	json_t *parameters, *reply;
	struct error err = {0};
	uint64_t notice;
	int rc = option_parse(cli, specs, &argc, argv, 1, 1);

	if (rc != 0)
		return rc;
	parameters = json_pack("{s:s}", "section", argv[0]);
	if (ask(cli, "NotifyTest", parameters, &reply, &err) != 0)
		return cli_fail(cli, &err);
	notice = view_number(reply, "id");
	json_decref(reply);
	return await(cli, argv[0], notice);
}

const struct command cmd_notify_table[] = {
    {"notify list", N_("show who is told, and what waits to be told"), "",
	N_("Sections are those of the configuration ([notify ID]). What could "
	   "not be delivered\nwaits, and is tried again; after three attempts "
	   "the status says so, too."),
	run_list},
    {"notify test", N_("send a test now, and say what happened"), "ID",
	N_("Exit status: 0 the program took it, 2 it failed. Whether a mail "
	   "arrives, only its\nreader knows."),
	run_test},
    {NULL, NULL, NULL, NULL, NULL},
};
