/* hikae preflight: may a system be updated now? */
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/option.h"
#include "cli/view.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/quantity.h"
#include "lib/judge/preflight.h"

static int
print_answer(struct cli *cli, const json_t *reply)
{
	char reason[VIEW_TEXT_BYTES], generation[VIEW_TEXT_BYTES];
	char taken[VIEW_TEXT_BYTES], age[VIEW_TEXT_BYTES];
	char max_age[VIEW_TEXT_BYTES], line[6 * VIEW_TEXT_BYTES];
	const char *sentence =
	    preflight_sentence(view_text(reply, "reason", reason));

	view_line(&cli->print, view_mark(reply, "status"),
	    sentence == NULL ? reason : sentence);
	if (view_text(reply, "generation", generation)[0] != '\0') {
		(void)snprintf(line, sizeof(line),
		    _("Newest good one: %s  %s (%s; at most %s are asked for)"),
		    generation, view_date(reply, "taken_at", taken),
		    view_age(reply, "taken_at", clock_wall_ms(), age),
		    view_duration(reply, "max_age_ms", max_age));
		view_line(&cli->print, PRINT_PLAIN, line);
	}
	view_line(
	    &cli->print, PRINT_PLAIN, _("This answer stands in the journal."));
	return 0;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const char *max_age = "24h", *by = NULL, *note = NULL;
	const struct option_spec specs[] = {{"max-age", &max_age, NULL},
	    {"by", &by, NULL}, {"note", &note, NULL}, {NULL, NULL, NULL}};
	json_t *parameters, *reply = NULL;
	struct error err = {0};
	int64_t age_ms;
	int rc = option_parse(cli, specs, &argc, argv, 1, 1);

	if (rc != 0)
		return rc;
	if (by == NULL)
		return cli_fail_usage(cli, _("--by NAME is needed: who asks"));
	if (quantity_parse_duration(max_age, &age_ms, &err) != 0)
		return cli_fail_usage(cli, "--max-age: %s", err.text);
	if (age_ms == 0)
		return cli_fail_usage(cli, _("--max-age must not be 0"));
	parameters = json_pack("{s:I}", "max_age_ms", (json_int_t)age_ms);
	ask_set_text(parameters, "system", argv[0]);
	ask_set_text(parameters, "by", by);
	ask_set_text(parameters, "note", note);
	if (ask(cli, "Preflight", parameters, &reply, &err) != 0)
		return cli_fail(cli, &err);
	if (cli->is_json) {
		rc = print_json(&cli->print, reply, &err);
	} else {
		(void)json_object_set_new(
		    reply, "max_age_ms", json_integer(age_ms));
		rc = print_answer(cli, reply);
	}
	rc = rc != 0 ? cli_fail(cli, &err) : (int)view_number(reply, "exit");
	json_decref(reply);
	return rc;
}

const struct command cmd_preflight_table[] = {
    {"preflight", N_("ask before an update: is there a backup to go back to?"),
	"SYSTEM --by NAME [--max-age 24h] [--note TEXT]",
	N_("  --by NAME        who asks\n  --max-age TIME   how old the "
	   "newest good generation may be (24h)\n  --note TEXT      what for, "
	   "such as the name of the update\n\nThe answer is recorded in the "
	   "journal. The exit status is good only when the\ngeneration is "
	   "young enough and was read again since it was recorded."),
	run},
    {NULL, NULL, NULL, NULL, NULL},
};
