/* A hint that somebody looked into, and found to be as it should be. */
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/option.h"
#include "lib/base/i18n.h"

static int
print_done(struct cli *cli, const json_t *reply, struct error *err)
{
	(void)reply;
	(void)err;
	(void)fprintf(cli->print.out, "%s\n",
	    _("Recorded with your name and reason: the finding is closed."));
	return 0;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	const char *by = NULL, *note = NULL;
	const struct option_spec specs[] = {
	    {"by", &by, NULL}, {"note", &note, NULL}, {NULL, NULL, NULL}};
	json_t *parameters;
	struct error err = {0};
	uint64_t finding;
	int rc = option_parse(cli, specs, &argc, argv, 1, 1);

	if (rc != 0)
		return rc;
	if (by == NULL || by[0] == '\0')
		return cli_fail_usage(
		    cli, _("--by NAME is needed: who looked into it"));
	if (note == NULL || note[0] == '\0')
		return cli_fail_usage(
		    cli, _("--note TEXT is needed: why it is as it should be"));
	if (ask_parse_number(argv[0], &finding, &err) != 0)
		return cli_fail(cli, &err);
	parameters = json_pack("{s:I}", "finding", (json_int_t)finding);
	ask_set_text(parameters, "by", by);
	ask_set_text(parameters, "note", note);
	return ask_print(cli, "Accept", parameters, print_done);
}

const struct command cmd_accept_table[] = {
    {"accept", N_("record why a finding is no reason to worry"),
	"FINDING --by NAME --note TEXT",
	N_("  --by NAME    who looked into it\n  --note TEXT  why it is as it "
	   "should be; no patient's name\n\nFINDING is its number (hikae "
	   "findings). What can be accepted is what a person "
	   "has to judge:\nsuspicious-content (later captures are compared "
	   "with what was accepted), content-...,\nlost-since-capture, "
	   "data-unchanged (until the data changes), journal-..., witness-... "
	   "and\nclock-jumped. All else closes when "
	   "it was read again and is good. Name and reason stand in the "
	   "journal for good."),
	run},
    {NULL, NULL, NULL, NULL, NULL},
};
