/* hikae drill start, cancel: restore a copy, and prove it usable. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/client.h"
#include "cli/command.h"
#include "cli/drill_words.h"
#include "cli/option.h"
#include "cli/passphrase.h"
#include "cli/progress.h"
#include "cli/view.h"
#include "lib/base/i18n.h"
#include "lib/crypto/signature.h"

#define ALL_PPM 1000000
/* After Ctrl-C: hikaed tells something every second while it answers at all. */
#define SILENCE_MS 10000
/* Of a private key: what one message to hikaed has room for. */
#define KEY_BYTES_MAX ((size_t)48 * 1024)

struct words {
	const char *generation, *medium, *sample, *target, *operator;
	const char *secret_file, *key_file;
	bool is_full, is_kept, has_secret;
};

/* Ctrl-C is read like an answer; -1: it ends the command. */
static int
hold_signals(void)
{
	sigset_t signals;
	int fd;

	(void)sigemptyset(&signals);
	(void)sigaddset(&signals, SIGINT);
	(void)sigaddset(&signals, SIGTERM);
	fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd >= 0)
		(void)sigprocmask(SIG_BLOCK, &signals, NULL);
	return fd;
}

static bool
take_signal(int fd)
{
	struct signalfd_siginfo signal;

	return read(fd, &signal, sizeof(signal)) > 0;
}

/* "5%" or "0.5%" as millionths; -1: it is none, or nothing, or too much. */
static long
parse_share(const char *text)
{
	char *end;
	double percent = strtod(text, &end);

	if (end == text || strcmp(end, "%") != 0 || !(percent >= 0.0001) ||
	    percent > 100)
		return -1;
	return (long)(percent * 10000);
}

static json_t *
build_parameters(const struct words *words, const char *system)
{
	json_t *parameters = json_object();

	ask_set_text(parameters, "system", system);
	ask_set_text(parameters, "generation", words->generation);
	ask_set_text(parameters, "medium", words->medium);
	ask_set_text(parameters, "operator", words->operator);
	ask_set_text(parameters, "target", words->target);
	(void)json_object_set_new(parameters, "share_ppm",
	    json_integer(
		words->sample != NULL ? parse_share(words->sample) : ALL_PPM));
	if (words->is_kept)
		(void)json_object_set_new(parameters, "is_kept", json_true());
	return parameters;
}

/* A passphrase, from a file or the terminal: never from an argument. */
static int
add_secret(json_t *parameters, const struct words *words, struct error *err)
{
	struct passphrase secret;

	if (!words->has_secret && words->secret_file == NULL)
		return 0;
	if (passphrase_read(
		words->secret_file, _("the backups"), false, &secret, err) != 0)
		return -1;
	ask_set_text(parameters, "secret", secret.text);
	passphrase_wipe(&secret);
	return 0;
}

/* A private key, as gpg --export-secret-keys --armor writes it. */
static int
add_key(json_t *parameters, const struct words *words, struct error *err)
{
	struct bytes key = BYTES_EMPTY;
	json_t *text;
	int rc = -1;

	if (words->key_file == NULL)
		return 0;
	if (cli_read_file(words->key_file, KEY_BYTES_MAX, &key, err) != 0)
		return -1;
	text = json_stringn((const char *)key.data, key.length);
	if (text == NULL || memchr(key.data, '\0', key.length) != NULL ||
	    strstr(json_string_value(text), "PRIVATE KEY BLOCK") == NULL)
		(void)error_set(err, ERROR_INPUT,
		    _("%s holds no private key as text: gpg "
		      "--export-secret-keys --armor"),
		    words->key_file);
	else
		rc = json_object_set(parameters, "key", text);
	json_decref(text);
	signature_wipe(key.data, key.length);
	bytes_done(&key);
	return rc;
}

static int
add_secrets(json_t *parameters, const struct words *words, struct error *err)
{
	if (add_key(parameters, words, err) != 0)
		return -1;
	return add_secret(parameters, words, err);
}

static bool
is_input(const char *file)
{
	return file != NULL && strcmp(file, "-") == 0;
}

static int
status_of(const json_t *drill)
{
	static const struct {
		const char *outcome;
		int status;
	} table[] = {{"passed", CLI_GOOD}, {"warning", CLI_WARNING},
	    {"failed", CLI_BAD}};
	const char *outcome =
	    json_string_value(json_object_get(drill, "outcome"));

	for (size_t i = 0;
	     outcome != NULL && i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(outcome, table[i].outcome) == 0)
			return table[i].status;
	return CLI_UNKNOWN;
}

/* A sentence, or the word: the check that was no good one. */
static void
print_reason(struct cli *cli, const json_t *drill)
{
	char reason[VIEW_TEXT_BYTES];
	const char *sentence;

	if (view_text(drill, "reason", reason)[0] == '\0')
		return;
	sentence = drill_words_sentence(reason);
	(void)fprintf(cli->print.out, "%s\n",
	    sentence != NULL ? sentence : drill_words_name(reason));
}

static void
print_end(struct cli *cli, const json_t *drill, int status)
{
	static const enum print_mark marks[] = {
	    PRINT_GOOD, PRINT_WARNING, PRINT_BAD, PRINT_UNKNOWN};
	char outcome[VIEW_TEXT_BYTES];
	char size[VIEW_TEXT_BYTES], medium[VIEW_TEXT_BYTES];
	char restored[VIEW_TEXT_BYTES], checked[VIEW_TEXT_BYTES];
	char generation[VIEW_TEXT_BYTES], scratch[VIEW_TEXT_BYTES];
	FILE *out = cli->print.out;

	print_line(&cli->print, marks[status], _("Drill %d of %s: %s"),
	    (int)view_number(drill, "id"),
	    view_text(drill, "generation", generation),
	    drill_words_name(view_text(drill, "outcome", outcome)));
	print_reason(cli, drill);
	if (view_number(drill, "files") > 0)
		(void)fprintf(out,
		    _("%s in %d files from %s, equal to the signed manifest; "
		      "restored in %s, checked in %s\n"),
		    view_size(drill, "bytes", size),
		    (int)view_number(drill, "files"),
		    view_text(drill, "medium", medium),
		    view_duration(drill, "restore_ms", restored),
		    view_duration(drill, "check_ms", checked));
	if (!json_is_true(json_object_get(drill, "is_offline")))
		(void)fprintf(out, "%s\n",
		    _("The medium is not an offline one: after an attack it "
		      "may not be left."));
	if (json_is_true(json_object_get(drill, "is_left")))
		print_line(&cli->print, PRINT_WARNING,
		    _("What was restored could not be removed from %s; hikaed "
		      "tries again."),
		    view_text(drill, "scratch", scratch));
	else if (json_object_get(drill, "scratch") != NULL)
		(void)fprintf(out,
		    _("The restored files stay in %s; they are for you to "
		      "remove.\n"),
		    view_text(drill, "scratch", scratch));
	(void)fprintf(out,
	    _("What was checked: hikae drill show %d. A drill counts when it "
	      "is signed: hikae drill sign-off %d\n"),
	    (int)view_number(drill, "id"), (int)view_number(drill, "id"));
}

/* What is followed, and what was asked meanwhile. */
struct watch {
	struct client *client, *canceller; /* the second one, or NULL */
	struct progress progress;
	char step[VIEW_TEXT_BYTES]; /* "": nothing was told yet */
	uint64_t drill;		    /* 0: not known yet */
	int signal_fd;
	bool is_cancelled;
};

/*
 * Ask for its end, once it has a number.  What follows is told on the
 * conversation that is waited for, so that no second answer is.
 */
static void
cancel(struct cli *cli, struct watch *watch)
{
	struct error err = {0};

	if (watch->drill == 0 || watch->canceller != NULL)
		return;
	if (client_open(cli, &watch->canceller, &err) != 0 ||
	    client_begin(watch->canceller, "DrillCancel",
		json_pack("{s:I}", "drill", (json_int_t)watch->drill),
		&err) != 0)
		(void)cli_fail(cli, &err);
}

/* Each step counts from its beginning. */
static void
show(struct watch *watch, const json_t *drill)
{
	char step[VIEW_TEXT_BYTES];

	if (strcmp(view_text(drill, "step", step), watch->step) != 0)
		progress_init(&watch->progress,
		    view_number(drill, "bytes_done"),
		    view_number(drill, "bytes_total"));
	(void)view_text(drill, "step", watch->step);
	progress_update(&watch->progress, view_number(drill, "bytes_done"));
	watch->drill = view_number(drill, "id");
}

/* The first signal asks for its end; whether it is waited for any longer. */
static bool
wake(struct cli *cli, struct watch *watch)
{
	if (!take_signal(watch->signal_fd) || watch->is_cancelled)
		return false;
	watch->is_cancelled = true;
	client_set_wake(watch->client, watch->signal_fd, SILENCE_MS);
	cancel(cli, watch);
	return true;
}

/* Show the drill until its end; *ret_reply is the last reply. */
static int
follow(
    struct cli *cli, struct watch *watch, json_t **ret_reply, struct error *err)
{
	bool continues = true;
	json_t *reply = NULL;

	while (continues) {
		json_decref(reply);
		reply = NULL;
		if (client_next(watch->client, &reply, &continues, err) == 0) {
			show(watch, json_object_get(reply, "drill"));
			if (watch->is_cancelled && continues)
				cancel(cli, watch);
		} else if (err->code != ERROR_CANCELLED || !wake(cli, watch)) {
			if (watch->step[0] != '\0')
				progress_done(&watch->progress);
			return -1;
		}
	}
	progress_done(&watch->progress);
	*ret_reply = reply;
	return 0;
}

static int
tell(struct cli *cli, const json_t *reply)
{
	const json_t *drill = json_object_get(reply, "drill");
	int status = status_of(drill);
	struct error err = {0};

	if (!cli->is_json)
		print_end(cli, drill, status);
	else if (print_json(&cli->print, reply, &err) != 0)
		status = cli_fail(cli, &err);
	return status;
}

/* What becomes of it is not known here. */
static int
leave(struct cli *cli)
{
	struct error err = {0};

	(void)error_set(&err, ERROR_CANCELLED,
	    _("not waited for any longer: the drill goes on in hikaed, and "
	      "hikae drill list shows it"));
	(void)cli_fail(cli, &err);
	return CLI_UNKNOWN;
}

/* One that had begun does not begin by itself: its end is not known here. */
static int
fail(struct cli *cli, const struct watch *watch, const struct error *err)
{
	int status = cli_fail(cli, err);

	return watch->drill != 0 ? CLI_UNKNOWN : status;
}

static int
start(struct cli *cli, json_t *parameters)
{
	struct watch watch = {.signal_fd = -1};
	json_t *reply = NULL;
	struct error err = {0};
	int status;

	if (client_open(cli, &watch.client, &err) != 0) {
		json_decref(parameters);
		return cli_fail(cli, &err);
	}
	watch.signal_fd = hold_signals();
	client_set_wake(watch.client, watch.signal_fd, -1);
	if (client_begin(watch.client, "DrillStart", parameters, &err) == 0 &&
	    follow(cli, &watch, &reply, &err) == 0)
		status = tell(cli, reply);
	else if (err.code == ERROR_CANCELLED && watch.is_cancelled)
		status = leave(cli);
	else
		status = fail(cli, &watch, &err);
	json_decref(reply);
	client_close(watch.canceller);
	client_close(watch.client);
	if (watch.signal_fd >= 0)
		(void)close(watch.signal_fd);
	return status;
}

static int
run_start(struct cli *cli, int argc, char **argv)
{
	struct words words = {0};
	const struct option_spec specs[] = {
	    {"generation", &words.generation, NULL},
	    {"medium", &words.medium, NULL}, {"sample", &words.sample, NULL},
	    {"full", NULL, &words.is_full}, {"target", &words.target, NULL},
	    {"keep", NULL, &words.is_kept}, {"secret", NULL, &words.has_secret},
	    {"secret-file", &words.secret_file, NULL},
	    {"key-file", &words.key_file, NULL},
	    {
		"operator",
		&words.operator,
		NULL },
		{NULL, NULL, NULL},
	    };
	json_t *parameters;
	struct error err = {0};
	int rc = option_parse(cli, specs, &argc, argv, 1, 1);

	if (rc != 0)
		return rc;
	if (cli->database != NULL)
		return cli_fail_usage(cli,
		    _("this needs hikaed and does not work with --database"));
	if (words.operator== NULL || words.operator[0] == '\0')
		return cli_fail_usage(
		    cli, _("--operator NAME says who carries it out"));
	if (words.sample != NULL &&
	    (words.is_full || parse_share(words.sample) < 0))
		return cli_fail_usage(
		    cli, _("--sample is a share such as 5%%, without --full"));
	if (words.target != NULL && words.target[0] != '/')
		return cli_fail_usage(
		    cli, _("--target is a folder by its absolute path"));
	if (is_input(words.key_file) && is_input(words.secret_file))
		return cli_fail_usage(
		    cli, _("only one thing can be read from standard input"));
	parameters = build_parameters(&words, argv[0]);
	if (add_secrets(parameters, &words, &err) == 0)
		return start(cli, parameters);
	json_decref(parameters);
	return cli_fail(cli, &err);
}

static int
run_cancel(struct cli *cli, int argc, char **argv)
{
	static const struct option_spec specs[] = {{NULL, NULL, NULL}};
	json_t *parameters, *reply = NULL;
	struct error err = {0};
	uint64_t id;
	int rc = option_parse(cli, specs, &argc, argv, 1, 1);

	if (rc != 0)
		return rc;
	parameters = json_object();
	if (ask_parse_number(argv[0], &id, &err) == 0)
		(void)json_object_set_new(
		    parameters, "drill", json_integer((json_int_t)id));
	else
		ask_set_text(parameters, "system", argv[0]);
	if (ask(cli, "DrillCancel", parameters, &reply, &err) != 0)
		return cli_fail(cli, &err);
	rc = CLI_GOOD;
	if (cli->is_json && print_json(&cli->print, reply, &err) != 0)
		rc = cli_fail(cli, &err);
	json_decref(reply);
	return rc;
}

const struct command cmd_drill_table[] = {
    {"drill start", N_("restore a copy and prove it usable"),
	"SYSTEM --operator NAME [--generation G] [--medium M]\n"
	"                         [--sample 5%|--full] [--target DIR] "
	"[--keep]\n"
	"                         [--secret|--secret-file FILE] "
	"[--key-file FILE]",
	N_("Restores the newest intact copy on an offline medium to a scratch "
	   "folder, compares\nevery byte with the signed manifest, looks into "
	   "the files, and runs the programs in\netc/hikae/drill.d over them. "
	   "Exit status 75: the medium has to be attached first;\nthe drill "
	   "then begins by itself. --medium takes another. --sample restores "
	   "that\nshare of the bytes only; --target and --keep say where the "
	   "files go, and that they\nstay. For encrypted files: --secret asks "
	   "for a passphrase, --key-file reads a private\nkey; nobody keeps "
	   "either."),
	run_start},
    {"drill cancel", N_("end a drill, or what waits for a medium"),
	"DRILL|SYSTEM", NULL, run_cancel},
    {NULL, NULL, NULL, NULL, NULL},
};
