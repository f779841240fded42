/*
 * option: the options of a command, parsed by a table.
 *
 * Uses: cli.
 *
 * Options are long ("--name", "--name VALUE", "--name=VALUE") and may stand
 * before, between and after operands; "--" ends them.  The options of every
 * command (--root, --json, --database) are understood everywhere.
 */
#ifndef HIKAE_CLI_OPTION_H
#define HIKAE_CLI_OPTION_H

#include "cli/cli.h"

/* Exactly one of text and flag is set; the table ends without a name. */
struct option_spec {
	const char *name; /* without "--" */
	const char **text;
	bool *flag;
};

/*
 * Take the options out of argv, leaving *argc operands at its beginning, of
 * which there must be from min to max.  Returns 0, or an exit status after
 * saying what is wrong; then the command returns it.
 */
int option_parse(struct cli *cli, const struct option_spec *specs, int *argc,
    char **argv, int min, int max) ERROR_CHECKED;

/*
 * Take the options of every command from the beginning of argv, up to the
 * first operand or an option that is none of them; *ret_taken words were
 * taken.  As above.
 */
int option_parse_leading(
    struct cli *cli, int argc, char **argv, int *ret_taken) ERROR_CHECKED;

#endif
