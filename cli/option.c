#include "cli/option.h"

#include <assert.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"

#define COMMON_OPTIONS 3
#define SHOWN_BYTES 128

/* The options of every command; the last entry ends the table. */
static void
list_common(struct cli *cli, struct option_spec specs[COMMON_OPTIONS + 1])
{
	specs[0] = (struct option_spec){"root", &cli->root, NULL};
	specs[1] = (struct option_spec){"database", &cli->database, NULL};
	specs[2] = (struct option_spec){"json", NULL, &cli->is_json};
	specs[3] = (struct option_spec){NULL, NULL, NULL};
}

/* The entry for a word "name" or "name=value". */
static const struct option_spec *
find(const struct option_spec *specs, const char *word)
{
	size_t length = strcspn(word, "=");

	for (; specs->name != NULL; specs++)
		if (strlen(specs->name) == length &&
		    memcmp(specs->name, word, length) == 0)
			return specs;
	return NULL;
}

/*
 * Store the option at argv[*index] ("--..."), leaving *index at its last
 * word.  0, or an exit status.
 */
static int
store(struct cli *cli, const struct option_spec *spec, int argc, char **argv,
    int *index)
{
	const char *value = strchr(argv[*index], '=');

	if (spec->flag != NULL) {
		if (value != NULL)
			return cli_fail_usage(
			    cli, _("--%s takes no value"), spec->name);
		*spec->flag = true;
		return 0;
	}
	if (value != NULL)
		value++;
	else if (*index + 1 < argc)
		value = argv[++*index];
	if (value == NULL || value[0] == '\0')
		return cli_fail_usage(cli, _("--%s needs a value"), spec->name);
	assert(spec->text != NULL);
	*spec->text = value;
	return 0;
}

static int
refuse(struct cli *cli, const char *option)
{
	char shown[SHOWN_BYTES];

	return cli_fail_usage(cli, _("unknown option %s"),
	    text_escape(shown, sizeof(shown), option, strlen(option)));
}

static int
check_count(struct cli *cli, int count, char **argv, int min, int max)
{
	char shown[SHOWN_BYTES];

	if (count < min)
		return cli_fail_usage(
		    cli, _("something is missing on the command line"));
	if (count > max)
		return cli_fail_usage(cli,
		    _("one word too many on the command line: %s"),
		    text_escape(
			shown, sizeof(shown), argv[max], strlen(argv[max])));
	return 0;
}

int
option_parse(struct cli *cli, const struct option_spec *specs, int *argc,
    char **argv, int min, int max)
{
	struct option_spec common[COMMON_OPTIONS + 1];
	const struct option_spec *spec;
	bool is_ended = false;
	int kept = 0, status;

	list_common(cli, common);
	for (int i = 0; i < *argc; i++) {
		/* A lone "-" is an operand: standard input. */
		if (is_ended || argv[i][0] != '-' || argv[i][1] == '\0') {
			argv[kept++] = argv[i];
			continue;
		}
		if (strcmp(argv[i], "--") == 0) {
			is_ended = true;
			continue;
		}
		if (argv[i][1] != '-')
			return refuse(cli, argv[i]);
		spec = find(specs, argv[i] + 2);
		if (spec == NULL)
			spec = find(common, argv[i] + 2);
		if (spec == NULL)
			return refuse(cli, argv[i]);
		status = store(cli, spec, *argc, argv, &i);
		if (status != 0)
			return status;
	}
	*argc = kept;
	return check_count(cli, kept, argv, min, max);
}

int
option_parse_leading(struct cli *cli, int argc, char **argv, int *ret_taken)
{
	struct option_spec common[COMMON_OPTIONS + 1];
	const struct option_spec *spec;
	int i, status;

	list_common(cli, common);
	for (i = 0; i < argc; i++) {
		if (strncmp(argv[i], "--", 2) != 0)
			break;
		spec = find(common, argv[i] + 2);
		if (spec == NULL)
			break;
		status = store(cli, spec, argc, argv, &i);
		if (status != 0)
			return status;
	}
	*ret_taken = i;
	return 0;
}
