/* hikae journal lost: the record is gone, and a person says so by name. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/configuration.h"
#include "cli/facility.h"
#include "cli/library.h"
#include "cli/option.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/os/file.h"
#include "lib/store/journal_loss.h"

/* Where keys and manifests of the former journal are kept. */
#define LOST "lost"

struct wish {
	const char *by, *reason, *facility_key, *passphrase;
	struct config *config;
};

struct losing {
	int state_fd;
	struct catalog *catalog; /* NULL: none */
	struct keyring keyring;
	bool has_keys;
	struct journal_seen seen;
	struct journal_loss loss;
};

static int
check_words(struct cli *cli, const struct wish *wish)
{
	const char *const words[] = {wish->by, wish->reason};

	for (size_t i = 0; i < 2; i++) {
		if (words[i] == NULL || text_is_blank(words[i]))
			return cli_fail_usage(
			    cli, _("--by NAME and --reason TEXT are needed: "
				   "who says "
				   "so, and why"));
		if (strlen(words[i]) >= JOURNAL_LOSS_WORDS_BYTES ||
		    strpbrk(words[i], "\r\n\t") != NULL ||
		    !text_is_utf8(words[i], strlen(words[i])))
			return cli_fail_usage(cli,
			    _("--by and --reason: one line of up to %d bytes"),
			    JOURNAL_LOSS_WORDS_BYTES - 1);
	}
	return 0;
}

static int
lock(int state_fd, struct error *err)
{
	if (flock(state_fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	return error_set(err, ERROR_UNAVAILABLE,
	    _("hikaed is running: stop it first (systemctl stop hikaed)"));
}

static int
open_all(struct cli *cli, struct losing *losing, struct error *err)
{
	struct error why = {0};

	if (cli_open_state(cli, false, &losing->state_fd, err) != 0 ||
	    lock(losing->state_fd, err) != 0)
		return -1;
	losing->has_keys =
	    keyring_open_public(losing->state_fd, &losing->keyring, &why) == 0;
	if (!losing->has_keys && why.code != ERROR_NOT_FOUND)
		return error_set(err, why.code, "%s", why.text);
	if (library_open_catalog(cli, &losing->catalog, &why) != 0 &&
	    why.code != ERROR_NOT_FOUND)
		return error_set(err, why.code, "%s", why.text);
	return journal_mark_look(losing->state_fd, losing->catalog,
	    losing->has_keys ? &losing->keyring : NULL, &losing->seen, err);
}

/* What was signed last, as far as anything here tells. */
static int
decide(struct losing *losing, struct error *err)
{
	struct journal_loss before;
	struct error why = {0};
	bool is_said = journal_loss_read(losing->state_fd, &before, &why) == 0;

	losing->loss.former = losing->seen.last;
	/* An earlier attempt put the manifests away. */
	if (losing->seen.last.size == 0 && is_said && losing->seen.size == 0)
		losing->loss.former = before.former;
	else if (losing->seen.standing == JOURNAL_STANDS)
		return error_set(err, ERROR_EXISTS,
		    _("the journal has all that was signed here: nothing is "
		      "lost"));
	else if (losing->seen.last.size == 0 && losing->has_keys)
		memcpy(losing->loss.former.origin, losing->keyring.origin,
		    strlen(losing->keyring.origin) + 1);
	return 0;
}

/* A new journal may not bear the name of another. */
static bool
needs_keys(const struct losing *losing)
{
	return losing->seen.size == 0 &&
	       (!losing->has_keys || strcmp(losing->keyring.origin,
					 losing->loss.former.origin) == 0);
}

static int
make_folder(int parent_fd, const char *name, int *ret_fd, struct error *err)
{
	struct stat st;

	if (mkdirat(parent_fd, name, 0750) != 0 && errno != EEXIST)
		return error_set_errno(err, errno, _("cannot make folder"));
	if (file_open_below(
		parent_fd, name, O_RDONLY | O_DIRECTORY, ret_fd, err) != 0)
		return -1;
	if (geteuid() == 0 && (fstat(parent_fd, &st) != 0 ||
				  fchown(*ret_fd, st.st_uid, st.st_gid) != 0))
		return error_set_errno(err, errno, _("cannot make folder"));
	return 0;
}

/* What is not there was put away before. */
static int
put_away(int state_fd, int folder_fd, struct error *err)
{
	static const char *const names[] = {"manifests", "readings", "keys"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (renameat2(state_fd, names[i], folder_fd, names[i],
			RENAME_NOREPLACE) != 0 &&
		    errno != ENOENT)
			return error_set_errno(err, errno, "%s", names[i]);
	if (file_sync_folder(folder_fd, err) != 0)
		return -1;
	return file_sync_folder(state_fd, err);
}

/* Named by the random part of the origin. */
static int
keep_former(const struct losing *losing, struct error *err)
{
	const char *name = strrchr(losing->loss.former.origin, '/');
	int lost_fd = -1, folder_fd = -1, rc = -1;

	if (name == NULL || name[1] == '\0' || name[1] == '.')
		return error_set(
		    err, ERROR_INPUT, _("the former origin is malformed"));
	if (make_folder(losing->state_fd, LOST, &lost_fd, err) == 0 &&
	    make_folder(lost_fd, name + 1, &folder_fd, err) == 0 &&
	    file_sync_folder(lost_fd, err) == 0)
		rc = put_away(losing->state_fd, folder_fd, err);
	if (folder_fd >= 0)
		(void)close(folder_fd);
	if (lost_fd >= 0)
		(void)close(lost_fd);
	return rc;
}

/* The key is opened first: nothing is moved for a wrong passphrase. */
static int
begin_anew(struct losing *losing, const struct wish *wish, struct error *err)
{
	struct signature_secret secret;
	int rc = -1;

	if (facility_load_or_make(
		wish->facility_key, wish->passphrase, &secret, err) != 0)
		return -1;
	if (journal_loss_write(losing->state_fd, &losing->loss, err) == 0 &&
	    keep_former(losing, err) == 0)
		rc = facility_begin_with(
		    losing->state_fd, wish->config->facility.id, &secret, err);
	signature_wipe(&secret, sizeof(secret));
	return rc;
}

static int
tell(struct cli *cli, const struct losing *losing, bool is_anew)
{
	struct error err = {0};
	json_t *value;
	int rc = CLI_WARNING;

	if (cli->is_json) {
		value = json_pack("{s:o, s:o, s:b}", "signed",
		    json_of_u64(losing->loss.former.size), "kept",
		    json_of_u64(losing->seen.size), "new_journal",
		    (int)is_anew);
		if (value == NULL || print_json(&cli->print, value, &err) != 0)
			rc = cli_fail(cli, &err);
		json_decref(value);
		return rc;
	}
	if (is_anew)
		print_line(&cli->print, PRINT_WARNING, "%s",
		    _("A new journal with new keys begins. The former keys and "
		      "manifests are kept in var/lib/hikae/lost."));
	else
		print_line(&cli->print, PRINT_WARNING,
		    _("The journal goes on after %llu entries; %llu were "
		      "signed."),
		    (unsigned long long)losing->seen.size,
		    (unsigned long long)losing->loss.former.size);
	print_line(&cli->print, PRINT_PLAIN, "%s",
	    _("Start hikaed now. It journals who said so and why, and the "
	      "problem journal-lost stays until somebody accepts it (hikae "
	      "findings, hikae accept)."));
	if (is_anew)
		print_line(&cli->print, PRINT_PLAIN, "%s",
		    _("Print the new keys: hikae key show"));
	return rc;
}

static int
say(struct cli *cli, const struct wish *wish)
{
	struct losing losing = {.state_fd = -1};
	struct error err = {0};
	bool is_anew = false;
	int status = 0, rc = -1;

	if (open_all(cli, &losing, &err) != 0 || decide(&losing, &err) != 0)
		goto out;
	memcpy(losing.loss.by, wish->by, strlen(wish->by) + 1);
	memcpy(losing.loss.reason, wish->reason, strlen(wish->reason) + 1);
	is_anew = needs_keys(&losing);
	if (is_anew && wish->facility_key == NULL) {
		status = cli_fail_usage(cli, "%s",
		    _("no journal is left, so a new one begins: --facility-key "
		      "FILE is needed. Where the journal is on a witness, in a "
		      "backup or exported: hikae catalog rebuild"));
		goto out;
	}
	rc = is_anew ? begin_anew(&losing, wish, &err)
		     : journal_loss_write(losing.state_fd, &losing.loss, &err);
out:
	if (status == 0)
		status =
		    rc == 0 ? tell(cli, &losing, is_anew) : cli_fail(cli, &err);
	catalog_close(losing.catalog);
	if (losing.state_fd >= 0)
		(void)close(losing.state_fd);
	return status;
}

static int
run(struct cli *cli, int argc, char **argv)
{
	struct wish wish = {.by = NULL};
	const struct option_spec options[] = {
	    {"by", &wish.by, NULL},
	    {"reason", &wish.reason, NULL},
	    {"facility-key", &wish.facility_key, NULL},
	    {"passphrase-file", &wish.passphrase, NULL},
	    {NULL, NULL, NULL},
	};
	int status = option_parse(cli, options, &argc, argv, 0, 0);

	if (status == 0)
		status = check_words(cli, &wish);
	if (status != 0)
		return status;
	wish.config = configuration_load(cli, &status);
	if (wish.config == NULL)
		return status;
	status = say(cli, &wish);
	config_free(wish.config);
	return status;
}

const struct command cmd_journal_lost_table[] = {
    {"journal lost", N_("say that the journal, or its end, is lost for good"),
	"--by NAME --reason TEXT [--facility-key FILE] [--passphrase-file "
	"FILE]",
	N_("The last resort, with hikaed stopped, where hikaed refuses to "
	   "start because the\njournal lacks entries that were signed, and "
	   "nobody has them (hikae catalog rebuild).\nWhat is left of the "
	   "journal goes on. Where nothing is left, a new one begins, with "
	   "new\nkeys under a new name; the former keys and manifests are kept "
	   "in\nvar/lib/hikae/lost. The journal has who said so and why, and "
	   "the problem\njournal-lost stays until somebody accepts it.\n"
	   "  --facility-key FILE     the facility's key, for a new journal\n"
	   "  --passphrase-file FILE  its first line is the passphrase; else "
	   "you are asked"),
	run},
    {NULL, NULL, NULL, NULL, NULL},
};
