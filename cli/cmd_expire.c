/* A copy that was deleted on purpose. */
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/option.h"
#include "lib/base/i18n.h"

/* Copies that one command takes. */
#define COPIES_MAX 1000

static int
expire(struct cli *cli, const char *number, struct error *err)
{
	json_t *reply = NULL;
	uint64_t copy;

	if (ask_parse_number(number, &copy, err) != 0)
		return -1;
	if (ask(cli, "Expire", json_pack("{s:I}", "copy", (json_int_t)copy),
		&reply, err) != 0)
		return error_prefix(err, "%s", number);
	json_decref(reply);
	return 0;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	struct error err = {0};
	json_t *done;
	int count = 0;
	int rc = option_parse(
	    cli, &(struct option_spec){0}, &argc, argv, 1, COPIES_MAX);

	if (rc != 0)
		return rc;
	while (count < argc && expire(cli, argv[count], &err) == 0)
		count++;
	if (!cli->is_json && count > 0)
		(void)fprintf(cli->print.out,
		    _("Recorded: %d copies expired. They no longer count.\n"),
		    count);
	if (count < argc)
		return cli_fail(cli, &err);
	if (!cli->is_json)
		return CLI_GOOD;
	done = json_pack("{s:i}", "count", count);
	if (done == NULL || print_json(&cli->print, done, &err) != 0)
		rc = done == NULL ? cli_fail_memory(cli) : cli_fail(cli, &err);
	json_decref(done);
	return rc;
}

const struct command cmd_expire_table[] = {
    {"expire", N_("record that a missing copy was deleted on purpose"),
	"COPY ...",
	N_("COPY is its number (hikae copies). Only a copy that is missing, "
	   "or whose source\nwas taken out of the configuration, can expire. "
	   "What is deleted by a rule needs\nno record: set retention for its "
	   "source."),
	run},
    {NULL, NULL, NULL, NULL, NULL},
};
