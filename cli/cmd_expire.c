/* A copy that was deleted on purpose. */
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
	    _("Recorded: the copy expired. It no longer counts."));
	return 0;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	struct error err = {0};
	uint64_t copy;
	int rc = option_parse(cli, &(struct option_spec){0}, &argc, argv, 1, 1);

	if (rc != 0)
		return rc;
	if (ask_parse_number(argv[0], &copy, &err) != 0)
		return cli_fail(cli, &err);
	return ask_print(cli, "Expire",
	    json_pack("{s:I}", "copy", (json_int_t)copy), print_done);
}

const struct command cmd_expire_table[] = {
    {"expire", N_("record that a missing copy was deleted on purpose"), "COPY",
	N_("COPY is its number (hikae copies). Only a copy that is missing, "
	   "or whose source\nwas taken out of the configuration, can expire. "
	   "What is deleted by a rule needs\nno record: set retention for its "
	   "source."),
	run},
    {NULL, NULL, NULL, NULL, NULL},
};
