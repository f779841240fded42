/* hikae media checkout, checkin, retire: who has which medium. */
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/until.h"
#include "cli/view.h"
#include "lib/base/i18n.h"

static bool
is_connected(const json_t *reply)
{
	static const char *const states[] = {"mounted", "attached", "hung"};
	const char *state = json_string_value(json_object_get(reply, "state"));

	for (size_t i = 0; state != NULL && i < 3; i++)
		if (strcmp(state, states[i]) == 0)
			return true;
	return false;
}

static void
print_entry(struct cli *cli, const json_t *reply)
{
	(void)fprintf(cli->print.out, _("Recorded in the journal: entry %d\n"),
	    (int)json_integer_value(json_object_get(reply, "entry")));
}

static void
print_retired_before(struct cli *cli, const json_t *reply)
{
	char text[VIEW_TEXT_BYTES];

	if (json_object_get(reply, "retired_at") != NULL)
		print_line(&cli->print, PRINT_WARNING,
		    _("It was taken out of service before: %s."),
		    view_date(reply, "retired_at", text));
}

/* Who had it until now, if anybody. */
struct former {
	char holder[VIEW_TEXT_BYTES], place[VIEW_TEXT_BYTES];
};

static bool
take_former(const json_t *reply, struct former *former)
{
	const json_t *object = json_object_get(reply, "former");

	if (object == NULL)
		return false;
	(void)view_text(object, "holder", former->holder);
	(void)view_text(object, "place", former->place);
	return true;
}

static int
print_checkout(struct cli *cli, const json_t *reply, struct error *err)
{
	struct former former;

	(void)err;
	print_entry(cli, reply);
	if (take_former(reply, &former))
		print_line(&cli->print, PRINT_WARNING,
		    _("Until now %s had it (%s); no return is recorded."),
		    former.holder, former.place);
	print_retired_before(cli, reply);
	if (is_connected(reply))
		print_line(&cli->print, PRINT_WARNING, "%s",
		    _("It is still connected to this host."));
	return 0;
}

static int
print_checkin(struct cli *cli, const json_t *reply, struct error *err)
{
	(void)err;
	print_entry(cli, reply);
	return 0;
}

static int
print_retire(struct cli *cli, const json_t *reply, struct error *err)
{
	struct former former;

	(void)err;
	print_entry(cli, reply);
	if (take_former(reply, &former))
		print_line(&cli->print, PRINT_WARNING,
		    _("Until now %s had it (%s); that is over with this."),
		    former.holder, former.place);
	print_retired_before(cli, reply);
	if (is_connected(reply))
		print_line(&cli->print, PRINT_WARNING, "%s",
		    _("It is still connected to this host; its copies no "
		      "longer count. Unmount and remove it."));
	return 0;
}

static int
run_checkout(struct cli *cli, int argc, char **argv)
{
	const char *by = NULL, *to = NULL, *place = NULL, *until = NULL;
	const char *note = NULL;
	const struct option_spec specs[] = {
	    {"by", &by, NULL},
	    {"to", &to, NULL},
	    {"place", &place, NULL},
	    {"until", &until, NULL},
	    {"note", &note, NULL},
	    {NULL, NULL, NULL},
	};
	json_t *parameters;
	struct error err = {0};
	int64_t at = 0;
	int rc = option_parse(cli, specs, &argc, argv, 1, 1);

	if (rc != 0)
		return rc;
	if (by == NULL || to == NULL || place == NULL)
		return cli_fail_usage(
		    cli, _("--by, --to and --place are needed"));
	cli_open_zone(cli);
	if (until != NULL && until_parse_ahead(until, &at, &err) != 0)
		return cli_fail(cli, &err);
	parameters = json_object();
	ask_set_text(parameters, "medium", argv[0]);
	ask_set_text(parameters, "by", by);
	ask_set_text(parameters, "holder", to);
	ask_set_text(parameters, "place", place);
	ask_set_text(parameters, "note", note);
	if (at != 0)
		(void)json_object_set_new(
		    parameters, "until", json_integer(at));
	return ask_print(cli, "MediaCheckout", parameters, print_checkout);
}

static int
record(struct cli *cli, int argc, char **argv, const char *method,
    int (*print)(struct cli *cli, const json_t *reply, struct error *err))
{
	const char *by = NULL, *place = NULL, *note = NULL;
	const struct option_spec specs[] = {
	    {"by", &by, NULL},
	    {"place", &place, NULL},
	    {"note", &note, NULL},
	    {NULL, NULL, NULL},
	};
	json_t *parameters;
	int rc = option_parse(cli, specs, &argc, argv, 1, 1);

	if (rc != 0)
		return rc;
	if (by == NULL)
		return cli_fail_usage(cli, _("--by is needed"));
	parameters = json_object();
	ask_set_text(parameters, "medium", argv[0]);
	ask_set_text(parameters, "by", by);
	ask_set_text(parameters, "place", place);
	ask_set_text(parameters, "note", note);
	return ask_print(cli, method, parameters, print);
}

static int
run_checkin(struct cli *cli, int argc, char **argv)
{
	return record(cli, argc, argv, "MediaCheckin", print_checkin);
}

static int
run_retire(struct cli *cli, int argc, char **argv)
{
	return record(cli, argc, argv, "MediaRetire", print_retire);
}

const struct command cmd_media_ledger_table[] = {
    {"media checkout", N_("record who takes a medium away, and where to"),
	"MEDIUM --by NAME --to HOLDER --place PLACE [--until TIME] [--note "
	"TEXT]",
	N_("The ledger of removable media. --by hands it over, --to has it "
	   "then. TIME is a\ndate (2026-12-31) or a time from now (30d)."),
	run_checkout},
    {"media checkin", N_("record that a medium came back"),
	"MEDIUM --by NAME [--place PLACE] [--note TEXT]",
	N_("Exit status 64: it was not checked out."), run_checkin},
    {"media retire", N_("record that a medium is no longer used"),
	"MEDIUM --by NAME [--place PLACE] [--note TEXT]",
	N_("How it was wiped or destroyed belongs into the note. Its copies "
	   "count no longer, also\nwhile it is still connected; when it is "
	   "connected anew, they do again. Take it out\nof the configuration "
	   "afterwards."),
	run_retire},
    {NULL, NULL, NULL, NULL, NULL},
};
