/* hikae: what a person asks of hikae, from the command line. */
#include <string.h>
#include <sysexits.h>

#include "cli/command.h"
#include "cli/option.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"

#define SHOWN_BYTES 128

static int
print_overview(struct cli *cli, struct print *print)
{
	struct error err;

	(void)fprintf(print->out, "%s\n\n%s\n\n",
	    _("hikae checks that backups are whole, enough and restorable."),
	    _("Usage: hikae [--root DIR] [--json] COMMAND ..."));
	if (command_list(print, NULL, &err) != 0)
		return cli_fail(cli, &err);
	(void)fprintf(print->out, "\n%s\n",
	    _("Options of every command:\n"
	      "  --root DIR       use configuration and state below DIR\n"
	      "  --database FILE  read this copy of the catalog, without a "
	      "daemon\n"
	      "  --json           print JSON\n"
	      "  --help           explain the command\n"
	      "  --version        print the version\n"
	      "\n"
	      "Exit status: 0 good, 1 warning, 2 bad, 3 could not be "
	      "determined,\n"
	      "64 to 78 the command could not do its work (sysexits).\n"
	      "\n"
	      "hikae help COMMAND explains one command."));
	return CLI_GOOD;
}

/* Options were not parsed, for want of a command; how is known to all. */
static int
drop_options(struct cli *cli, int argc, char **argv)
{
	int words = 0;

	while (words < argc && argv[words][0] != '-')
		words++;
	for (int i = words; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--json") == 0)
			cli->is_json = true;
	return words;
}

/* Words that are no command; says what may have been meant. */
static int
refuse_command(struct cli *cli, int argc, char **argv)
{
	struct print errors = {.out = stderr};
	const char *nearest;
	char shown[SHOWN_BYTES], words[SHOWN_BYTES];
	int count = 1;

	argc = drop_options(cli, argc, argv);
	if (command_has_noun(argv[0])) {
		/* A noun alone: these are its verbs. */
		if (argc == 1 && cli->is_json)
			return cli_fail_usage(
			    cli, _("%s needs a word behind it"), argv[0]);
		if (argc == 1) {
			if (command_list(&errors, argv[0], NULL) != 0)
				return error_exit_status(ERROR_INTERNAL);
			return error_exit_status(ERROR_USAGE);
		}
		count = 2;
	}
	(void)snprintf(words, sizeof(words), "%s%s%s", argv[0],
	    count > 1 ? " " : "", count > 1 ? argv[1] : "");
	(void)text_escape(shown, sizeof(shown), words, strlen(words));
	nearest = command_nearest(argc, argv);
	if (nearest == NULL)
		return cli_fail_usage(cli, _("there is no command %s"), shown);
	return cli_fail_usage(
	    cli, _("there is no command %s; did you mean %s?"), shown, nearest);
}

static int
list(struct cli *cli, const char *noun)
{
	struct error err;

	if (command_list(&cli->print, noun, &err) != 0)
		return cli_fail(cli, &err);
	return CLI_GOOD;
}

static int
help(struct cli *cli, int argc, char **argv)
{
	const struct command *command;
	int words = 0;

	if (argc == 0)
		return print_overview(cli, &cli->print);
	command = command_find(argc, argv, &words);
	if (command != NULL) {
		command_describe(&cli->print, command);
		return CLI_GOOD;
	}
	if (!command_has_noun(argv[0]))
		return refuse_command(cli, argc, argv);
	return list(cli, argv[0]);
}

static bool
asks_for_help(int argc, char **argv)
{
	for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0)
			return true;
	return false;
}

/* argv begins with the command's words. */
static int
run(struct cli *cli, int argc, char **argv)
{
	const struct command *command;
	int words = 0, status;

	if (argc == 0) {
		struct print errors = {.out = stderr};

		status = print_overview(cli, &errors);
		return status != 0 ? status : error_exit_status(ERROR_USAGE);
	}
	if (strcmp(argv[0], "help") == 0)
		return help(cli, argc - 1, argv + 1);
	if (strcmp(argv[0], "--help") == 0)
		return help(cli, 0, NULL);
	if (strcmp(argv[0], "--version") == 0) {
		(void)fprintf(cli->print.out, "hikae " HIKAE_VERSION "\n");
		return CLI_GOOD;
	}
	if (argv[0][0] == '-')
		return option_parse(
		    cli, &(struct option_spec){0}, &argc, argv, 0, 0);
	command = command_find(argc, argv, &words);
	if (command == NULL)
		return refuse_command(cli, argc, argv);
	cli->command = command->name;
	if (asks_for_help(argc - words, argv + words)) {
		command_describe(&cli->print, command);
		return CLI_GOOD;
	}
	cli_open_zone(cli);
	return command->run(cli, argc - words, argv + words);
}

int
main(int argc, char **argv)
{
	struct cli cli = {.root = "/", .command = ""};
	int taken = 0, status;

	i18n_start();
	print_init(&cli.print, stdout);
	status = argc < 1
		     ? EX_USAGE
		     : option_parse_leading(&cli, argc - 1, argv + 1, &taken);
	if (status == 0)
		status = run(&cli, argc - 1 - taken, argv + 1 + taken);
	/* What could not be written was not said: a full disk is no success. */
	if (fflush(stdout) != 0 || ferror(stdout))
		status = EX_IOERR;
	return status;
}
