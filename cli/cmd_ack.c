/* Somebody takes care of a problem: its repeats rest for a while. */
#include <string.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/until.h"
#include "cli/view.h"
#include "lib/base/i18n.h"

static int
print_done(struct cli *cli, const json_t *reply, struct error *err)
{
	(void)err;
	(void)fprintf(cli->print.out,
	    _("Recorded with your name: %d problems. The status stays what it "
	      "is until they are gone.\n"),
	    (int)view_number(reply, "count"));
	return 0;
}

/* Codes stand in no table of a status: tell those that there are. */
static void
tell_codes(struct cli *cli)
{
	char codes[1024] = "", code[VIEW_TEXT_BYTES];
	json_t *status = NULL, *reason;
	struct error ignored;
	size_t i, used = 0;

	if (ask(cli, "Status", NULL, &status, &ignored) != 0)
		return;
	json_array_foreach(json_object_get(status, "reasons"), i, reason)
	{
		(void)view_text(reason, "code", code);
		if (strstr(codes, code) == NULL &&
		    used + strlen(code) + 3 < sizeof(codes))
			used +=
			    (size_t)snprintf(codes + used, sizeof(codes) - used,
				"%s%s", used > 0 ? ", " : "", code);
	}
	if (used > 0)
		(void)fprintf(
		    stderr, _("Problems of the status now: %s\n"), codes);
	json_decref(status);
}

/* As ask_print, with help where a code is none. */
static int
acknowledge(struct cli *cli, json_t *parameters)
{
	json_t *reply = NULL;
	struct error err = {0};
	int rc = CLI_GOOD;

	if (ask(cli, "Acknowledge", parameters, &reply, &err) != 0) {
		rc = cli_fail(cli, &err);
		if (err.code == ERROR_NOT_FOUND)
			tell_codes(cli);
		return rc;
	}
	if ((cli->is_json ? print_json(&cli->print, reply, &err)
			  : print_done(cli, reply, &err)) != 0)
		rc = cli_fail(cli, &err);
	json_decref(reply);
	return rc;
}

/* A number is a finding, anything else a reason's code. */
static int
set_what(json_t *parameters, const char *what, struct error *err)
{
	uint64_t finding;

	if (what[strspn(what, "0123456789")] != '\0') {
		ask_set_text(parameters, "code", what);
		return 0;
	}
	if (ask_parse_number(what, &finding, err) != 0)
		return -1;
	(void)json_object_set_new(parameters, "finding", json_of_u64(finding));
	return 0;
}

static int
check(struct cli *cli, const char *by, const char *until, const char *note)
{
	if (by == NULL || by[0] == '\0')
		return cli_fail_usage(
		    cli, _("--by NAME is needed: who takes care of it"));
	if (until == NULL || until[0] == '\0')
		return cli_fail_usage(
		    cli, _("--until TIME is needed: when it should be done; an "
			   "acknowledgement ends"));
	if (note == NULL || note[0] == '\0')
		return cli_fail_usage(
		    cli, _("--note TEXT is needed: what is being done"));
	return 0;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const char *by = NULL, *until = NULL, *note = NULL;
	const char *system = NULL, *medium = NULL;
	const struct option_spec specs[] = {{"by", &by, NULL},
	    {"until", &until, NULL}, {"note", &note, NULL},
	    {"system", &system, NULL}, {"medium", &medium, NULL},
	    {NULL, NULL, NULL}};
	json_t *parameters;
	struct error err = {0};
	int64_t instant = 0;
	int rc = option_parse(cli, specs, &argc, argv, 1, 1);

	if (rc == 0)
		rc = check(cli, by, until, note);
	if (rc != 0)
		return rc;
	cli_open_zone(cli);
	parameters = json_object();
	if (until_parse_ahead(until, &instant, &err) != 0 ||
	    set_what(parameters, argv[0], &err) != 0) {
		json_decref(parameters);
		return cli_fail(cli, &err);
	}
	(void)json_object_set_new(parameters, "until", json_integer(instant));
	ask_set_text(parameters, "system", system);
	ask_set_text(parameters, "medium", medium);
	ask_set_text(parameters, "by", by);
	ask_set_text(parameters, "note", note);
	return acknowledge(cli, parameters);
}

const struct command cmd_ack_table[] = {
    {"ack", N_("say that you take care of a problem"),
	"FINDING|REASON --by NAME --until TIME --note TEXT ...",
	N_("  --by NAME     who takes care of it\n  --until TIME  when it "
	   "should "
	   "be done: within 90 days (a date, or 7d)\n  --note TEXT   what is "
	   "being done; no "
	   "patient's name\n  --system ID   of a REASON, only where it is "
	   "about "
	   "this system\n  --medium ID   ... about this medium\n\nFINDING is a "
	   "number (hikae findings), REASON a code (hikae status --all). "
	   "Until "
	   "then\nit is not told again and not escalated, unless it gets "
	   "worse. "
	   "The status stays\nwhat it is. Name and note stand in the journal "
	   "for good."),
	run},
    {NULL, NULL, NULL, NULL, NULL},
};
