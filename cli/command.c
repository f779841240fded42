#include "cli/command.h"

#include <stdint.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/nearest.h"

/* Room for "noun verb" made of two words. */
#define NAME_BYTES 64

static const struct command *const tables[] = {
    cmd_status_table,
    cmd_list_table,
    cmd_show_table,
    cmd_verify_table,
    cmd_drill_table,
    cmd_drill_list_table,
    cmd_drill_record_table,
    cmd_drill_sign_table,
    cmd_recover_table,
    cmd_preflight_table,
    cmd_check_table,
    cmd_metrics_table,
    cmd_compliance_table,
    cmd_report_table,
    cmd_attest_table,
    cmd_expire_table,
    cmd_accept_table,
    cmd_ack_table,
    cmd_notify_table,
    cmd_jobs_table,
    cmd_media_table,
    cmd_media_ledger_table,
    cmd_media_add_table,
    cmd_catalog_table,
    cmd_config_table,
    cmd_diff_table,
    cmd_evidence_table,
    cmd_evidence_verify_table,
    cmd_find_table,
    cmd_journal_list_table,
    cmd_journal_lost_table,
    cmd_journal_table,
    cmd_key_table,
    cmd_key_paper_table,
    cmd_setup_table,
    cmd_manifest_table,
};
#define TABLES (sizeof(tables) / sizeof(tables[0]))

/* The command with exactly that name. */
static const struct command *
find_name(const char *name)
{
	for (size_t i = 0; i < TABLES; i++)
		for (const struct command *c = tables[i]; c->name != NULL; c++)
			if (strcmp(c->name, name) == 0)
				return c;
	return NULL;
}

/* The first `words` words as one name; false when they are too long. */
static bool
join(char **argv, int words, char name[NAME_BYTES])
{
	int length = snprintf(name, NAME_BYTES, "%s%s%s", argv[0],
	    words > 1 ? " " : "", words > 1 ? argv[1] : "");

	return length > 0 && length < NAME_BYTES;
}

const struct command *
command_find(int argc, char **argv, int *ret_words)
{
	const struct command *command;
	char name[NAME_BYTES];

	for (int words = argc < 2 ? argc : 2; words > 0; words--) {
		if (!join(argv, words, name))
			continue;
		command = find_name(name);
		if (command == NULL)
			continue;
		*ret_words = words;
		return command;
	}
	return NULL;
}

const char *
command_nearest(int argc, char **argv)
{
	const char *nearest = NULL;
	size_t best = SIZE_MAX, far;
	char name[NAME_BYTES];

	for (int words = argc < 2 ? argc : 2; words > 0; words--) {
		if (!join(argv, words, name))
			continue;
		for (size_t i = 0; i < TABLES; i++)
			for (const struct command *c = tables[i];
			     c->name != NULL; c++) {
				far = nearest_distance(name, c->name);
				if (far >= best || far > strlen(name) / 2)
					continue;
				best = far;
				nearest = c->name;
			}
	}
	return nearest;
}

/* Whether a command's first word is the noun. */
static bool
has_noun(const struct command *command, const char *noun)
{
	size_t length = strcspn(command->name, " ");

	return strlen(noun) == length &&
	       memcmp(command->name, noun, length) == 0;
}

bool
command_has_noun(const char *noun)
{
	for (size_t i = 0; i < TABLES; i++)
		for (const struct command *c = tables[i]; c->name != NULL; c++)
			if (has_noun(c, noun))
				return true;
	return false;
}

int
command_list(struct print *print, const char *noun, struct error *err)
{
	static const struct print_column columns[] = {
	    {"", false, false}, {"", false, false}};
	struct print_table *table = print_table_new(columns, 2);

	for (size_t i = 0; i < TABLES; i++)
		for (const struct command *c = tables[i]; c->name != NULL;
		     c++) {
			if (noun != NULL && !has_noun(c, noun))
				continue;
			print_table_add_format(table, "  %s", c->name);
			print_table_add(table, _(c->summary));
		}
	return print_table_finish(print, table, err);
}

void
command_describe(struct print *print, const struct command *command)
{
	(void)fprintf(print->out, "%s\n\n", _(command->summary));
	(void)fprintf(print->out, _("Usage: hikae %s%s%s\n"), command->name,
	    command->usage[0] != '\0' ? " " : "", command->usage);
	if (command->help != NULL)
		(void)fprintf(print->out, "\n%s\n", _(command->help));
}
