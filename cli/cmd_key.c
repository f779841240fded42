/* The keys of the installation, which need no daemon. */
#include <string.h>
#include <unistd.h>

#include "cli/ask.h"
#include "cli/command.h"
#include "cli/configuration.h"
#include "cli/facility.h"
#include "cli/option.h"
#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/crypto/keyring_statement.h"
#include "lib/crypto/note.h"

#define FACILITY_FILE "hikae-facility.key"
#define KEY_TEXT_BYTES 64
#define SHOWN_BYTES 256

/* The bare public key: the second line of its file. */
static const char *
format_key(const struct signature_public *public, char text[KEY_TEXT_BYTES])
{
	struct bytes file = BYTES_EMPTY;
	const char *line;

	text[0] = '\0';
	signature_public_encode(public, &file);
	bytes_append_u8(&file, '\0');
	line = file.failed ? NULL : strchr((const char *)file.data, '\n');
	if (line != NULL)
		(void)snprintf(text, KEY_TEXT_BYTES, "%.*s",
		    (int)strcspn(line + 1, "\n"), line + 1);
	bytes_done(&file);
	return text;
}

static json_t *
pack_key(const struct signature_public *public)
{
	char text[KEY_TEXT_BYTES], id[SIGNATURE_KEY_ID_TEXT_BYTES];

	signature_key_id_text(public->key_id, id);
	return json_pack(
	    "{s:s,s:s}", "id", id, "public_key", format_key(public, text));
}

static int
pack_statement(
    const struct keyring_statement *statement, void *context, struct error *err)
{
	char hex[2 * DIGEST_SHA256_BYTES + 1];
	json_t *value;

	bytes_format_hex(statement->sha256, sizeof(statement->sha256), hex);
	value = json_pack("{s:o,s:s,s:o,s:o,s:o,s:s,s:s}", "number",
	    json_of_u64(statement->number), "change",
	    keyring_change_name(statement->change), "new",
	    pack_key(&statement->new), "authority",
	    pack_key(&statement->authority), "at",
	    json_integer(statement->at_ms), "reason", statement->reason,
	    "sha256", hex);
	if (json_array_append_new(context, value) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

/* What outsiders check checkpoints with (C2SP signed-note). */
static json_t *
pack_verifier(const struct keyring *keyring, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	json_t *value = NULL;

	if (note_verifier_key_format(
		keyring->origin, &keyring->publics[0], &text, err) == 0)
		value = json_of_bytes(text.data, text.length);
	bytes_done(&text);
	return value;
}

static int
show_json(struct cli *cli, int state_fd, const struct keyring *keyring,
    struct error *err)
{
	json_t *retired = json_array(), *statements = json_array(), *value;
	int rc = -1;

	for (size_t i = 1; i < keyring->public_count; i++)
		(void)json_array_append_new(
		    retired, pack_key(&keyring->publics[i]));
	value = json_pack("{s:s,s:o,s:o,s:o,s:O,s:o}", "origin",
	    keyring->origin, "daemon", pack_key(&keyring->publics[0]),
	    "facility", pack_key(&keyring->facility), "retired", retired,
	    "statements", statements, "checkpoint_verifier_key",
	    pack_verifier(keyring, err));
	if (value == NULL)
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
	else if (keyring_each_statement(
		     state_fd, pack_statement, statements, err) == 0)
		rc = print_json(&cli->print, value, err);
	json_decref(value);
	json_decref(statements);
	return rc;
}

static void
add_key(struct print_table *table, const char *role,
    const struct signature_public *public)
{
	char text[KEY_TEXT_BYTES], id[SIGNATURE_KEY_ID_TEXT_BYTES];

	signature_key_id_text(public->key_id, id);
	print_table_add(table, role);
	print_table_add(table, id);
	print_table_add(table, format_key(public, text));
}

static int
show_keys(struct cli *cli, const struct keyring *keyring, struct error *err)
{
	const struct print_column columns[] = {
	    {_("Key"), false, false},
	    {_("Key ID"), false, false},
	    {_("Public key"), false, false},
	};
	struct print_table *table = print_table_new(columns, 3);

	add_key(table, _("daemon"), &keyring->publics[0]);
	for (size_t i = 1; i < keyring->public_count; i++)
		add_key(table, _("daemon, retired"), &keyring->publics[i]);
	add_key(table, _("facility"), &keyring->facility);
	return print_table_finish(&cli->print, table, err);
}

/* What a change is called, for people. */
static const char *
describe_change(enum keyring_change change)
{
	switch (change) {
	case KEYRING_BEGIN:
		return _("first keys");
	case KEYRING_DAEMON:
		return _("new daemon key");
	case KEYRING_FACILITY:
		return _("new facility key");
	case KEYRING_FACILITY_LOST:
		return _("new facility key, the old one was lost");
	}
	return "";
}

static int
add_statement(
    const struct keyring_statement *statement, void *context, struct error *err)
{
	char date[DATE_TEXT_BYTES], id[SIGNATURE_KEY_ID_TEXT_BYTES];

	(void)err;
	signature_key_id_text(statement->new.key_id, id);
	print_table_add(context, date_format_plain(statement->at_ms, date));
	print_table_add(context, describe_change(statement->change));
	print_table_add(context, id);
	print_table_add(context, statement->reason);
	return 0;
}

static int
show_history(struct cli *cli, int state_fd, struct error *err)
{
	const struct print_column columns[] = {
	    {_("Date"), false, false},
	    {_("Change"), false, false},
	    {_("Key ID"), false, false},
	    {_("Reason"), false, true},
	};
	struct print_table *table = print_table_new(columns, 4);
	struct error why = {0};

	if (table != NULL &&
	    keyring_each_statement(state_fd, add_statement, table, &why) != 0) {
		if (print_table_finish(&cli->print, table, err) != 0)
			return -1;
		return error_set(err, why.code, "%s", why.text);
	}
	return print_table_finish(&cli->print, table, err);
}

static int
show(struct cli *cli, int state_fd, struct error *err)
{
	struct keyring keyring;

	if (keyring_open_public(state_fd, &keyring, err) != 0)
		return -1;
	if (cli->is_json)
		return show_json(cli, state_fd, &keyring, err);
	print_line(&cli->print, PRINT_PLAIN, _("Origin: %s"), keyring.origin);
	if (show_keys(cli, &keyring, err) != 0)
		return -1;
	(void)fputc('\n', cli->print.out);
	if (show_history(cli, state_fd, err) != 0)
		return -1;
	(void)fprintf(cli->print.out, "\n%s\n",
	    _("Keep this on paper, away from this host: with it anybody can "
	      "check manifests,\ncheckpoints and bundles. The facility's "
	      "secret key belongs in a safe, on two media,\nits passphrase "
	      "elsewhere; the daemon's secret key never leaves this host."));
	return 0;
}

static int
run_show(struct cli *cli, int argc, char **argv)
{
	struct error err;
	int state_fd = -1;
	int status =
	    option_parse(cli, &(struct option_spec){0}, &argc, argv, 0, 0);

	if (status != 0)
		return status;
	if (cli_open_state(cli, false, &state_fd, &err) != 0)
		return cli_fail(cli, &err);
	if (show(cli, state_fd, &err) != 0)
		status = cli_fail(cli, &err);
	(void)close(state_fd);
	return status;
}

/* Where the facility's key goes and comes from. */
struct key_files {
	const char *key, *passphrase;
	const char *new_key, *new_passphrase;
};

static void
tell_safe(struct cli *cli, const char *file)
{
	char shown[SHOWN_BYTES];

	(void)text_escape(shown, sizeof(shown), file, strlen(file));
	if (!cli->is_json)
		print_line(&cli->print, PRINT_PLAIN,
		    _("Now move %s off this host: copy it to two media, lock "
		      "them away, keep the passphrase elsewhere, delete the "
		      "file here."),
		    shown);
}

static int
run_init(struct cli *cli, int argc, char **argv)
{
	struct key_files files = {.key = FACILITY_FILE};
	const struct option_spec options[] = {
	    {"facility-key", &files.key, NULL},
	    {"passphrase-file", &files.passphrase, NULL},
	    {NULL, NULL, NULL},
	};
	struct config *config;
	struct error err;
	int status = option_parse(cli, options, &argc, argv, 0, 0);
	int state_fd = -1;

	if (status != 0)
		return status;
	config = configuration_load(cli, &status);
	if (config == NULL)
		return status;
	if (cli_open_state(cli, true, &state_fd, &err) != 0 ||
	    facility_begin(state_fd, config->facility.id, files.key,
		files.passphrase, &err) != 0 ||
	    show(cli, state_fd, &err) != 0)
		status = cli_fail(cli, &err);
	else
		tell_safe(cli, files.key);
	if (state_fd >= 0)
		(void)close(state_fd);
	config_free(config);
	return status;
}

static int
rotate_facility(int state_fd, struct keyring_rotation *rotation,
    const struct key_files *files, struct error *err)
{
	struct signature_secret next;
	int rc;

	if (facility_load_or_make(
		files->new_key, files->new_passphrase, &next, err) != 0)
		return -1;
	rc = keyring_rotate_facility(state_fd, rotation, &next, err);
	signature_wipe(&next, sizeof(next));
	return rc;
}

static int
rotate(struct cli *cli, bool is_daemon, const char *reason,
    const struct key_files *files, struct error *err)
{
	struct signature_secret secret = {0};
	struct keyring_rotation rotation = {
	    files->key == NULL ? NULL : &secret, reason, clock_wall_ms()};
	int state_fd = -1, rc = -1;

	if (cli_open_state(cli, false, &state_fd, err) != 0)
		return -1;
	if (files->key != NULL &&
	    facility_load(files->key, files->passphrase, &secret, err) != 0)
		goto out;
	if (is_daemon)
		rc = keyring_rotate_daemon(state_fd, &rotation, err);
	else
		rc = rotate_facility(state_fd, &rotation, files, err);
	if (rc == 0)
		rc = show(cli, state_fd, err);
out:
	signature_wipe(&secret, sizeof(secret));
	(void)close(state_fd);
	return rc;
}

/* Which options go together; before any passphrase is asked for. */
static int
check_rotation(struct cli *cli, const char *which, bool is_lost,
    const char *reason, const struct key_files *files)
{
	bool is_daemon = strcmp(which, "daemon") == 0;

	if (!is_daemon && strcmp(which, "facility") != 0)
		return cli_fail_usage(cli, _("which key: daemon or facility?"));
	if (is_lost == (files->key != NULL))
		return cli_fail_usage(cli,
		    is_daemon ? _("--facility-key FILE is needed")
			      : _("either --facility-key FILE or --lost is "
				  "needed"));
	if (is_daemon && (is_lost || files->new_key != NULL ||
			     files->new_passphrase != NULL))
		return cli_fail_usage(
		    cli, _("--lost and --new-facility-key are for: hikae key "
			   "rotate facility"));
	if (!is_daemon && files->new_key == NULL)
		return cli_fail_usage(
		    cli, _("--new-facility-key FILE is needed"));
	if (text_is_blank(reason))
		return cli_fail_usage(cli,
		    _("--%s: write some words; spaces say nothing"), "reason");
	return 0;
}

/*
 * A running daemon signs with the new key from here on: what the retired one
 * signed afterwards would prove nothing.
 */
static int
hand_over(struct cli *cli)
{
	json_t *reply = NULL;
	struct error err = {0};
	int rc = ask(cli, "Checkpoint", NULL, &reply, &err);

	json_decref(reply);
	if (rc != 0 && err.code != ERROR_UNAVAILABLE) {
		(void)error_prefix(&err,
		    _("the keys are replaced, but hikaed has not taken them "
		      "(hikae reload)"));
		(void)cli_fail(cli, &err);
		return CLI_WARNING;
	}
	if (!cli->is_json)
		print_line(&cli->print, rc == 0 ? PRINT_GOOD : PRINT_PLAIN,
		    "%s",
		    rc == 0 ? _("hikaed signs with the new keys from now on.")
			    : _("hikaed does not run: it takes the new keys "
				"when it starts."));
	return CLI_GOOD;
}

static int
run_rotate(struct cli *cli, int argc, char **argv)
{
	struct key_files files = {NULL, NULL, NULL, NULL};
	const char *reason = "routine";
	bool is_lost = false, is_daemon;
	const struct option_spec options[] = {
	    {"facility-key", &files.key, NULL},
	    {"passphrase-file", &files.passphrase, NULL},
	    {"new-facility-key", &files.new_key, NULL},
	    {"new-passphrase-file", &files.new_passphrase, NULL},
	    {"reason", &reason, NULL},
	    {"lost", NULL, &is_lost},
	    {NULL, NULL, NULL},
	};
	struct error err;
	int status = option_parse(cli, options, &argc, argv, 1, 1);

	if (status == 0)
		status = check_rotation(cli, argv[0], is_lost, reason, &files);
	if (status != 0)
		return status;
	is_daemon = strcmp(argv[0], "daemon") == 0;
	if (rotate(cli, is_daemon, reason, &files, &err) != 0)
		return cli_fail(cli, &err);
	if (!is_daemon)
		tell_safe(cli, files.new_key);
	return hand_over(cli);
}

const struct command cmd_key_table[] = {
    {"key init", N_("make the keys of this installation"),
	"[--facility-key FILE] [--passphrase-file FILE]",
	N_("Makes the daemon's key in the state and the facility's key in FILE "
	   "(standard:\nhikae-facility.key here), protected by a passphrase. "
	   "The facility's key is needed\nto replace keys and to sign drills; "
	   "keep it off this host. An existing FILE is\nused as it is.\n"
	   "  --passphrase-file FILE  its first line is the passphrase; else "
	   "you are asked"),
	run_init},
    {"key show", N_("print the public keys and their history"), "",
	N_("Only public keys are shown. As root, or as the daemon's user."),
	run_show},
    {"key rotate", N_("replace the daemon's or the facility's key"),
	"daemon|facility --facility-key FILE [--reason TEXT] ...",
	N_("  --facility-key FILE         the facility's present secret key\n"
	   "  --passphrase-file FILE      its passphrase; else you are asked\n"
	   "  --reason TEXT               why, for the record (standard: "
	   "routine)\n"
	   "For the facility's key also:\n"
	   "  --new-facility-key FILE     where the new one goes, or comes "
	   "from\n"
	   "  --new-passphrase-file FILE  its passphrase\n"
	   "  --lost                      instead of --facility-key: the "
	   "present one is lost,\n"
	   "                              the daemon's key signs; the record "
	   "says so"),
	run_rotate},
    {NULL, NULL, NULL, NULL, NULL},
};
