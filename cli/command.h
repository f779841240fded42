/*
 * command: the table of commands, and finding one in it.
 *
 * Uses: cli, base/text.
 *
 * A command is one or two words, noun first ("key init", "status").  Every
 * file cmd_NOUN.c has one table, which ends in an entry without a name.
 */
#ifndef HIKAE_CLI_COMMAND_H
#define HIKAE_CLI_COMMAND_H

#include "cli/cli.h"

struct command {
	const char *name;    /* "key init" */
	const char *summary; /* N_, one line */
	const char *usage;   /* what follows the name: "[--force] FILE" */
	const char *help;    /* N_, lines about options; NULL: none */
	/* argv[0] is the first word after the name.  Returns an exit status. */
	int (*run)(struct cli *cli, int argc, char **argv);
};

extern const struct command cmd_attest_table[];
extern const struct command cmd_accept_table[];
extern const struct command cmd_ack_table[];
extern const struct command cmd_catalog_table[];
extern const struct command cmd_check_table[];
extern const struct command cmd_compliance_table[];
extern const struct command cmd_config_table[];
extern const struct command cmd_diff_table[];
extern const struct command cmd_evidence_table[];
extern const struct command cmd_evidence_verify_table[];
extern const struct command cmd_find_table[];
extern const struct command cmd_drill_list_table[];
extern const struct command cmd_drill_record_table[];
extern const struct command cmd_drill_table[];
extern const struct command cmd_drill_sign_table[];
extern const struct command cmd_expire_table[];
extern const struct command cmd_jobs_table[];
extern const struct command cmd_journal_list_table[];
extern const struct command cmd_journal_lost_table[];
extern const struct command cmd_journal_table[];
extern const struct command cmd_key_table[];
extern const struct command cmd_key_paper_table[];
extern const struct command cmd_list_table[];
extern const struct command cmd_manifest_table[];
extern const struct command cmd_metrics_table[];
extern const struct command cmd_notify_table[];
extern const struct command cmd_preflight_table[];
extern const struct command cmd_recover_table[];
extern const struct command cmd_media_table[];
extern const struct command cmd_media_add_table[];
extern const struct command cmd_media_ledger_table[];
extern const struct command cmd_report_table[];
extern const struct command cmd_setup_table[];
extern const struct command cmd_show_table[];
extern const struct command cmd_status_table[];
extern const struct command cmd_verify_table[];

/*
 * The command that the first words name, and how many words its name takes.
 * NULL when there is none.
 */
const struct command *command_find(int argc, char **argv, int *ret_words);

/* The name of the command that looks most like the words; NULL: none does. */
const char *command_nearest(int argc, char **argv);

/* Whether there are commands whose first word is this. */
bool command_has_noun(const char *noun);

/* Print the commands with that noun, or all where it is NULL. */
int command_list(
    struct print *print, const char *noun, struct error *err) ERROR_CHECKED;

/* Summary, usage and options of one command. */
void command_describe(struct print *print, const struct command *command);

#endif
