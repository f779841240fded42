/* hikae setup: from questions to an installation that works. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/configuration.h"
#include "cli/facility.h"
#include "cli/option.h"
#include "cli/setup.h"
#include "cli/setup_file.h"
#include "cli/view.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"

#define SHOWN_BYTES 256

/* What the command line and the last questions say, and what came of it. */
struct task {
	struct cli *cli;
	struct dialogue *dialogue;
	const char *answers, *passphrase_option, *key_option;
	bool is_forced, was_there;
	char key[DIALOGUE_ANSWER_BYTES], passphrase[DIALOGUE_ANSWER_BYTES];
	bool is_scan_wanted;
	size_t idle;		 /* systems without a source */
	const char *keys, *scan; /* words of the JSON result */
};

/* A line of the result, where it is for people. */
#define TELL(task, mark, ...)                                               \
	do {                                                                \
		if (!(task)->cli->is_json)                                  \
			print_line(&(task)->cli->print, mark, __VA_ARGS__); \
	} while (0)

static void
tell_idle(struct task *task, const struct setup *setup)
{
	for (size_t i = 0; i < setup->system_count; i++) {
		if (setup->systems[i].has_source)
			continue;
		task->idle++;
		TELL(task, PRINT_WARNING,
		    _("%s: no backup of it is known; it is written so, and "
		      "shows as missing"),
		    setup->systems[i].name);
	}
}

/* Where the facility's key goes, and whether to begin at once. */
static int
ask_rest(struct task *task, struct setup *setup, struct error *err)
{
	const struct dialogue_question key = {.kind = "keys",
	    .id = "",
	    .key = "facility_key",
	    .text = _("\nFile for the facility's secret key (best on a USB "
		      "stick)"),
	    .standard = task->key_option};
	const struct dialogue_question passphrase = {.kind = "keys",
	    .id = "",
	    .key = "passphrase_file",
	    .text = _("File with its passphrase (empty: it is asked for)"),
	    .standard =
		task->passphrase_option != NULL ? task->passphrase_option : ""};
	const struct dialogue_question scan = {.kind = "start",
	    .id = "",
	    .key = "scan",
	    .text = _("Look for backups at once?"),
	    .standard = "yes",
	    .is_yes_no = true};

	if (dialogue_ask(task->dialogue, &key, task->key, err) != 0)
		return -1;
	if (!dialogue_is_person(task->dialogue)) {
		if (dialogue_ask(task->dialogue, &passphrase, task->passphrase,
			err) != 0)
			return -1;
	} else if (task->passphrase_option != NULL) {
		(void)snprintf(task->passphrase, sizeof(task->passphrase), "%s",
		    task->passphrase_option);
	}
	if (setup_ask_yes(setup, &scan, &task->is_scan_wanted, err) != 0)
		return -1;
	return dialogue_finish(task->dialogue, err);
}

/* A file answers by being there. */
static int
confirm(struct task *task, struct setup *setup, bool *ret_is_wanted,
    struct error *err)
{
	const struct dialogue_question write = {.kind = "setup",
	    .id = "",
	    .key = "write",
	    .text = _("Write this configuration?"),
	    .standard = "yes",
	    .is_yes_no = true};

	dialogue_say(task->dialogue,
	    _("\nSystems: %zu, media: %zu, sources: %zu"), setup->system_count,
	    setup->medium_count, setup->source_count);
	tell_idle(task, setup);
	*ret_is_wanted = true;
	if (!dialogue_is_person(task->dialogue))
		return 0;
	return setup_ask_yes(setup, &write, ret_is_wanted, err);
}

static int
make_keys(struct task *task, const char *facility)
{
	char shown[SHOWN_BYTES];
	struct error err = {0};
	int state_fd = -1, rc = CLI_GOOD;

	if (cli_open_state(task->cli, true, &state_fd, &err) != 0)
		return cli_fail(task->cli, &err);
	if (facility_begin(state_fd, facility, task->key,
		task->passphrase[0] != '\0' ? task->passphrase : NULL,
		&err) == 0) {
		task->keys = "made";
		TELL(task, PRINT_GOOD,
		    _("The keys are made. Now move %s off this host: copy it "
		      "to two media, lock them away, keep the passphrase "
		      "elsewhere, delete the file here."),
		    text_escape(
			shown, sizeof(shown), task->key, strlen(task->key)));
	} else if (err.code == ERROR_EXISTS) {
		task->keys = "kept";
		TELL(task, PRINT_GOOD,
		    _("There are keys already; they stay as they are."));
	} else {
		(void)error_prefix(&err,
		    _("the configuration is written, but there are no keys "
		      "(hikae key init makes them)"));
		rc = cli_fail(task->cli, &err);
	}
	(void)close(state_fd);
	return rc;
}

/* A daemon that does not run looks when it starts. */
static int
begin_scan(struct task *task)
{
	json_t *reply = NULL;
	struct error err = {0};
	int rc = CLI_GOOD;

	if (ask(task->cli, "Reload", NULL, &reply, &err) != 0) {
		if (err.code != ERROR_UNAVAILABLE)
			return cli_fail(task->cli, &err);
		task->scan = "at start";
		TELL(task, PRINT_PLAIN,
		    _("Now start hikaed, which looks for backups at once: "
		      "systemctl enable --now hikaed hikae-report.timer"));
		return CLI_GOOD;
	}
	if (!json_is_true(json_object_get(reply, "is_loaded")))
		rc = error_exit_status(ERROR_CONFIG);
	json_decref(reply);
	if (rc != CLI_GOOD || !task->is_scan_wanted)
		return rc;
	if (ask(task->cli, "Scan", NULL, &reply, &err) != 0)
		return cli_fail(task->cli, &err);
	json_decref(reply);
	task->scan = "begun";
	TELL(task, PRINT_GOOD,
	    _("hikaed looks for backups now. See: hikae jobs, then hikae "
	      "status"));
	return CLI_GOOD;
}

static int
print_result(struct task *task, const struct setup *setup, int rc)
{
	struct error err = {0};
	json_t *value, *idle = json_array();

	for (size_t i = 0; i < setup->system_count; i++)
		if (!setup->systems[i].has_source)
			(void)json_array_append_new(
			    idle, json_string(setup->systems[i].id));
	value = json_pack("{s:s,s:s?,s:o,s:o,s:o,s:o,s:s,s:s}", "written",
	    CONFIG_FILE, "kept", task->was_there ? SETUP_FILE_KEPT : NULL,
	    "systems", json_of_u64(setup->system_count), "media",
	    json_of_u64(setup->medium_count), "sources",
	    json_of_u64(setup->source_count), "systems_without_source", idle,
	    "keys", task->keys, "scan", task->scan);
	if (value == NULL)
		return cli_fail_memory(task->cli);
	if (print_json(&task->cli->print, value, &err) != 0)
		rc = cli_fail(task->cli, &err);
	json_decref(value);
	return rc;
}

/* After the file is written: keys, paper, the first look. */
static int
finish(struct task *task, const struct setup *setup)
{
	int rc;

	TELL(task, PRINT_GOOD, _("%s is written."), CONFIG_FILE);
	if (task->was_there)
		TELL(task, PRINT_PLAIN, _("The one before stands in %s."),
		    SETUP_FILE_KEPT);
	rc = make_keys(task, setup->facility_id);
	if (rc != CLI_GOOD)
		return rc;
	TELL(task, PRINT_PLAIN,
	    _("Print the public keys and keep the paper away from this host, "
	      "with the other papers of the facility's security: hikae key "
	      "paper -o FILE.html"));
	rc = begin_scan(task);
	if (rc == CLI_GOOD && (task->idle > 0 || setup->source_count == 0))
		rc = CLI_WARNING;
	return task->cli->is_json ? print_result(task, setup, rc) : rc;
}

/* The text must be one that hikaed would take, drop-ins included. */
static int
check_and_write(struct task *task, const struct setup *setup)
{
	struct bytes text = BYTES_EMPTY;
	struct config *config = NULL;
	struct error err = {0};
	int rc = CLI_GOOD;

	setup_print(setup, &text);
	if (bytes_check(&text, &err) != 0) {
		rc = cli_fail(task->cli, &err);
		goto out;
	}
	config = configuration_load_instead(task->cli, &text, &rc);
	if (config == NULL)
		goto out;
	if (setup_file_write(task->cli, &text, &err) != 0)
		rc = cli_fail(task->cli, &err);
out:
	config_free(config);
	bytes_done(&text);
	return rc;
}

static int
run_task(struct task *task, struct setup *setup)
{
	struct error err = {0};
	bool is_wanted = false;
	int rc;

	if (setup_file_check(
		task->cli, task->is_forced, &task->was_there, &err) != 0 ||
	    dialogue_open(task->cli, task->answers, &task->dialogue, &err) != 0)
		return cli_fail(task->cli, &err);
	setup->dialogue = task->dialogue;
	dialogue_say(task->dialogue, "%s",
	    _("An empty line takes what stands in [ ]. Nothing is written "
	      "before the end; Ctrl-C gives up."));
	if (setup_ask(setup, &err) != 0 || ask_rest(task, setup, &err) != 0 ||
	    confirm(task, setup, &is_wanted, &err) != 0)
		return cli_fail(task->cli, &err);
	if (!is_wanted) {
		(void)error_set(
		    &err, ERROR_CANCELLED, _("nothing was written"));
		return cli_fail(task->cli, &err);
	}
	rc = check_and_write(task, setup);
	return rc == CLI_GOOD ? finish(task, setup) : rc;
}

static int
run_setup(struct cli *cli, int argc, char **argv)
{
	struct task task = {.cli = cli,
	    .key_option = "hikae-facility.key",
	    .keys = "none",
	    .scan = "not asked for"};
	const struct option_spec options[] = {
	    {"answers", &task.answers, NULL},
	    {"facility-key", &task.key_option, NULL},
	    {"passphrase-file", &task.passphrase_option, NULL},
	    {"force", NULL, &task.is_forced},
	    {NULL, NULL, NULL},
	};
	struct setup *setup;
	int rc = option_parse(cli, options, &argc, argv, 0, 0);

	if (rc != 0)
		return rc;
	if (cli->is_json && task.answers == NULL)
		return cli_fail_usage(cli, _("--json needs --answers FILE"));
	setup = calloc(1, sizeof(*setup));
	if (setup == NULL)
		return cli_fail_memory(cli);
	rc = run_task(&task, setup);
	setup_done(setup);
	free(setup);
	dialogue_close(task.dialogue);
	return rc;
}

const struct command cmd_setup_table[] = {
    {"setup", N_("ask what there is, and write the first configuration"),
	"[--answers FILE] [--force] [--facility-key FILE]\n"
	"                   [--passphrase-file FILE]",
	N_("Asks for the facility, every system, the media and where backups "
	   "lie; proposes\nwhat is mounted. Writes etc/hikae/hikae.conf, "
	   "makes the keys, begins the first scan.\n"
	   "  --answers FILE          answers from a file (INI), without a "
	   "person\n"
	   "  --force                 replace the configuration that is there; "
	   "it is kept as .bak\n"
	   "  --facility-key FILE     where the facility's key goes (standard: "
	   "hikae-facility.key)\n"
	   "  --passphrase-file FILE  its first line is the passphrase; else "
	   "you are asked\n"
	   "Exit status 1: it is done, but a system has no backup that is "
	   "known."),
	run_setup},
    {NULL, NULL, NULL, NULL, NULL},
};
