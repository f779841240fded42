/* hikae media checkout, checkin, retire: who has which medium. */
#include <stdlib.h>
#include <string.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/until.h"
#include "lib/base/i18n.h"

static int
print_recorded(struct cli *cli, const json_t *reply, struct error *err)
{
	const char *state = json_string_value(json_object_get(reply, "state"));

	(void)err;
	(void)fprintf(cli->print.out, _("Recorded in the journal: entry %d\n"),
	    (int)json_integer_value(json_object_get(reply, "entry")));
	if (state != NULL &&
	    (strcmp(state, "mounted") == 0 || strcmp(state, "attached") == 0))
		print_line(&cli->print, PRINT_WARNING, "%s",
		    _("It is still connected to this host."));
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
	return ask_print(cli, "MediaCheckout", parameters, print_recorded);
}

static int
record(struct cli *cli, int argc, char **argv, const char *method)
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
	return ask_print(cli, method, parameters, print_recorded);
}

static int
run_checkin(struct cli *cli, int argc, char **argv)
{
	return record(cli, argc, argv, "MediaCheckin");
}

static int
run_retire(struct cli *cli, int argc, char **argv)
{
	return record(cli, argc, argv, "MediaRetire");
}

const struct command cmd_media_ledger_table[] = {
    {"media checkout", N_("record who takes a medium away, and where to"),
	"MEDIUM --by NAME --to HOLDER --place PLACE [--until TIME] [--note "
	"TEXT]",
	N_("The ledger of removable media. --by hands it over, --to has it "
	   "then. TIME is a\ndate (2026-12-31) or a time from now (30d)."),
	run_checkout},
    {"media checkin", N_("record that a medium came back"),
	"MEDIUM --by NAME [--place PLACE] [--note TEXT]", NULL, run_checkin},
    {"media retire", N_("record that a medium is no longer used"),
	"MEDIUM --by NAME [--place PLACE] [--note TEXT]",
	N_("How it was wiped or destroyed belongs into the note. Take it out "
	   "of the\nconfiguration afterwards."),
	run_retire},
    {NULL, NULL, NULL, NULL, NULL},
};
