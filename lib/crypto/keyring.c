#include "lib/crypto/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/crypto/keyring_statement.h"
#include "lib/os/file.h"

#define KEYS "keys"

/* Where systemd puts what LoadCredential= names (systemd.exec(5)). */
#define CREDENTIALS "CREDENTIALS_DIRECTORY"

/* Room for a path in an error, escaped and cut. */
#define SHOWN_BYTES 256

/*
 * The path of a file in a folder, for a person who has to do something about
 * it.  Only the kernel knows where the folder is.
 */
static const char *
describe(int folder_fd, const char *name, char shown[SHOWN_BYTES])
{
	char link[64], path[PATH_MAX + 64];
	ssize_t length;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", folder_fd);
	length = readlink(link, path, PATH_MAX);
	if (length < 0)
		length = 0;
	(void)snprintf(
	    path + length, sizeof(path) - (size_t)length, "/%s", name);
	return text_escape(shown, SHOWN_BYTES, path, strlen(path));
}

/* Read a file of the folder; errors name it. */
static int
read_file(int folder_fd, const char *name, struct bytes *out, struct error *err)
{
	char shown[SHOWN_BYTES];
	int fd = -1, rc;

	rc = file_open_below(folder_fd, name, O_RDONLY, &fd, err);
	if (rc == 0)
		rc = file_read_whole(fd, SIGNATURE_FILE_BYTES_MAX, out, err);
	if (rc != 0)
		(void)error_prefix(err, "%s", describe(folder_fd, name, shown));
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

/*
 * Refuse a secret that somebody else could have read.  name is "." for the
 * folder itself.
 */
static int
check_private(int folder_fd, const char *name, uid_t owner, struct error *err)
{
	char shown[SHOWN_BYTES];
	struct stat st;

	if (fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return error_set_errno(
		    err, errno, "%s", describe(folder_fd, name, shown));
	if (st.st_uid != owner)
		return error_set(err, ERROR_DENIED,
		    _("%s belongs to user %u, but the state to user %u; if "
		      "nobody else had it, run: chown %u %s"),
		    describe(folder_fd, name, shown), st.st_uid, owner, owner,
		    shown);
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return error_set(err, ERROR_DENIED,
		    _("%s is open to others (mode %04o); if nobody else had "
		      "it, run: chmod %s %s"),
		    describe(folder_fd, name, shown), st.st_mode & 07777,
		    S_ISDIR(st.st_mode) ? "0700" : "0400", shown);
	return 0;
}

static int
load_public(int keys_fd, const char *name, const struct signature_public *said,
    struct error *err)
{
	struct signature_public public;
	struct bytes file = BYTES_EMPTY;
	char shown[SHOWN_BYTES];
	int rc = -1;

	if (read_file(keys_fd, name, &file, err) != 0)
		goto out;
	if (signature_public_decode(
		(const char *)file.data, file.length, &public, err) != 0) {
		(void)error_prefix(err, "%s", describe(keys_fd, name, shown));
		goto out;
	}
	if (memcmp(&public, said, sizeof(public)) != 0) {
		(void)error_set(err, ERROR_SIGNATURE,
		    _("%s is not the key of the newest statement"),
		    describe(keys_fd, name, shown));
		goto out;
	}
	rc = 0;
out:
	bytes_done(&file);
	return rc;
}

/* The file "origin" must say what the statements say. */
static int
load_origin(int keys_fd, const char *said, struct error *err)
{
	struct bytes file = BYTES_EMPTY;
	char shown[SHOWN_BYTES];
	int rc = -1;

	if (read_file(keys_fd, "origin", &file, err) != 0)
		goto out;
	if (file.length != strlen(said) + 1 ||
	    memcmp(file.data, said, strlen(said)) != 0 ||
	    file.data[file.length - 1] != '\n') {
		(void)error_set(err, ERROR_SIGNATURE,
		    _("%s is not the origin of the statements"),
		    describe(keys_fd, "origin", shown));
		goto out;
	}
	rc = 0;
out:
	bytes_done(&file);
	return rc;
}

/* Whether the folder was never filled: there are no keys yet. */
static bool
is_unused(int keys_fd)
{
	return faccessat(keys_fd, "origin", F_OK, AT_SYMLINK_NOFOLLOW) != 0 &&
	       errno == ENOENT &&
	       faccessat(keys_fd, "statements", F_OK, AT_SYMLINK_NOFOLLOW) !=
		   0 &&
	       errno == ENOENT;
}

static int
open_keys(int state_fd, int *ret_fd, struct error *err)
{
	char shown[SHOWN_BYTES];
	struct error why = {0};
	int fd = -1;

	if (file_open_below(
		state_fd, KEYS, O_RDONLY | O_DIRECTORY, &fd, &why) == 0 &&
	    !is_unused(fd)) {
		*ret_fd = fd;
		return 0;
	}
	if (fd >= 0)
		(void)close(fd);
	if (fd >= 0 || why.code == ERROR_NOT_FOUND)
		return error_set(err, ERROR_NOT_FOUND,
		    _("there are no keys yet; run: hikae key init"));
	return error_set_errno(
	    err, why.os_errno, "%s", describe(state_fd, KEYS, shown));
}

/* Only keys that were never made are "not found": the rest is damage. */
static void
name_damage(struct error *err)
{
	if (err != NULL && err->code == ERROR_NOT_FOUND)
		err->code = ERROR_SIGNATURE;
}

static int
load_public_part(int keys_fd, struct keyring *keyring, struct error *err)
{
	struct keyring_chain chain;

	if (keyring_chain_load(keys_fd, &chain, NULL, NULL, err) != 0)
		return -1;
	memcpy(keyring->origin, chain.origin, sizeof(keyring->origin));
	keyring->facility = chain.facility;
	keyring->public_count = chain.daemon_count;
	for (size_t i = 0; i < chain.daemon_count; i++)
		keyring->publics[i] = chain.daemons[chain.daemon_count - 1 - i];
	if (load_origin(keys_fd, keyring->origin, err) != 0 ||
	    load_public(keys_fd, "facility.pub", &keyring->facility, err) != 0)
		return -1;
	return load_public(keys_fd, "daemon.pub", &keyring->publics[0], err);
}

int
keyring_open_public(
    int state_fd, struct keyring *ret_keyring, struct error *err)
{
	struct keyring keyring = {0};
	int keys_fd = -1, rc;

	if (open_keys(state_fd, &keys_fd, err) != 0)
		return -1;
	rc = load_public_part(keys_fd, &keyring, err);
	if (rc == 0)
		*ret_keyring = keyring;
	else
		name_damage(err);
	(void)close(keys_fd);
	return rc;
}

/* Free a buffer that held a secret. */
static void
wipe_bytes(struct bytes *bytes)
{
	if (bytes->data != NULL)
		signature_wipe(bytes->data, bytes->capacity);
	bytes_done(bytes);
}

/*
 * Read daemon.key as a credential.  1: it was there, 0: systemd gave none.
 * Its owner and mode are systemd's affair.
 */
static int
read_credential(struct bytes *out, struct error *err)
{
	const char *folder = getenv(CREDENTIALS);
	struct error why = {0};
	int folder_fd = -1, rc;

	if (folder == NULL || folder[0] == '\0')
		return 0;
	if (file_open_folder(folder, &folder_fd, err) != 0)
		return error_prefix(err, CREDENTIALS);
	rc = read_file(folder_fd, "daemon.key", out, &why);
	(void)close(folder_fd);
	if (rc == 0)
		return 1;
	if (why.code == ERROR_NOT_FOUND)
		return 0;
	return error_set(err, why.code, "%s", why.text);
}

static int
load_daemon_key(
    int keys_fd, uid_t owner, struct keyring *keyring, struct error *err)
{
	struct bytes file = BYTES_EMPTY;
	struct signature_public public;
	char shown[SHOWN_BYTES];
	const char *name = _("the credential daemon.key");
	int from_systemd = read_credential(&file, err), rc = -1;

	if (from_systemd < 0)
		goto out;
	if (from_systemd == 0) {
		name = describe(keys_fd, "daemon.key", shown);
		if (check_private(keys_fd, "daemon.key", owner, err) != 0 ||
		    read_file(keys_fd, "daemon.key", &file, err) != 0)
			goto out;
	}
	if (signature_secret_decode((const char *)file.data, file.length, NULL,
		0, &keyring->daemon, err) != 0) {
		(void)error_prefix(err, "%s", name);
		goto out;
	}
	signature_public_of(&keyring->daemon, &public);
	if (memcmp(&public, &keyring->publics[0], sizeof(public)) != 0) {
		(void)error_set(err, ERROR_SIGNATURE,
		    _("%s and daemon.pub do not belong together"), name);
		goto out;
	}
	rc = 0;
out:
	wipe_bytes(&file);
	return rc;
}

static int
load_readings_secret(
    int keys_fd, uid_t owner, struct keyring *keyring, struct error *err)
{
	static const char name[] = "readings.secret";
	struct bytes file = BYTES_EMPTY;
	char shown[SHOWN_BYTES];
	int rc = -1;

	if (check_private(keys_fd, name, owner, err) != 0 ||
	    read_file(keys_fd, name, &file, err) != 0)
		goto out;
	if (file.length != KEYRING_SECRET_BYTES) {
		(void)error_set(err, ERROR_INPUT, _("%s is not %d bytes long"),
		    describe(keys_fd, name, shown), KEYRING_SECRET_BYTES);
		goto out;
	}
	memcpy(keyring->readings_secret, file.data, KEYRING_SECRET_BYTES);
	rc = 0;
out:
	wipe_bytes(&file);
	return rc;
}

int
keyring_open(int state_fd, struct keyring *ret_keyring, struct error *err)
{
	struct keyring keyring = {0};
	struct stat st;
	int keys_fd = -1, rc = -1;

	if (open_keys(state_fd, &keys_fd, err) != 0)
		return -1;
	if (fstat(state_fd, &st) != 0) {
		(void)error_set_errno(err, errno, _("cannot examine folder"));
		goto out;
	}
	if (check_private(keys_fd, ".", st.st_uid, err) != 0 ||
	    load_public_part(keys_fd, &keyring, err) != 0 ||
	    load_daemon_key(keys_fd, st.st_uid, &keyring, err) != 0 ||
	    load_readings_secret(keys_fd, st.st_uid, &keyring, err) != 0)
		goto out;
	*ret_keyring = keyring;
	rc = 0;
out:
	if (rc != 0)
		name_damage(err);
	keyring_close(&keyring);
	(void)close(keys_fd);
	return rc;
}

/* Whether systemd gave the key, so that no file of it counts. */
static bool
has_credential(void)
{
	const char *folder = getenv(CREDENTIALS);
	char path[PATH_MAX];

	if (folder == NULL || folder[0] == '\0' ||
	    (size_t)snprintf(path, sizeof(path), "%s/daemon.key", folder) >=
		sizeof(path))
		return false;
	return access(path, F_OK) == 0;
}

int
keyring_check(int state_fd, struct error *err)
{
	struct stat st;
	int keys_fd = -1, rc = -1;

	if (open_keys(state_fd, &keys_fd, err) != 0)
		return -1;
	if (fstat(keys_fd, &st) != 0)
		(void)error_set_errno(err, errno, _("cannot examine folder"));
	else if (check_private(keys_fd, ".", st.st_uid, err) == 0 &&
		 (has_credential() ||
		     check_private(keys_fd, "daemon.key", st.st_uid, err) == 0))
		rc = check_private(keys_fd, "readings.secret", st.st_uid, err);
	(void)close(keys_fd);
	return rc;
}

void
keyring_close(struct keyring *keyring)
{
	signature_wipe(keyring, sizeof(*keyring));
}

int
keyring_each_statement(
    int state_fd, keyring_statement_fn *each, void *context, struct error *err)
{
	struct keyring_chain chain;
	int keys_fd = -1, rc;

	if (open_keys(state_fd, &keys_fd, err) != 0)
		return -1;
	rc = keyring_chain_load(keys_fd, &chain, each, context, err);
	(void)close(keys_fd);
	return rc;
}
