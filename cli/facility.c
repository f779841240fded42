#include "cli/facility.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "cli/passphrase.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/crypto/keyring.h"
#include "lib/os/file.h"

#define SHOWN_BYTES 256

static void
tell_patience(void)
{
	if (isatty(STDERR_FILENO) == 1)
		(void)fputs(_("This takes some seconds.\n"), stderr);
}

int
facility_load(const char *file, const char *passphrase_file,
    struct signature_secret *ret_secret, struct error *err)
{
	struct passphrase passphrase = {.length = 0};
	struct bytes content = BYTES_EMPTY;
	char shown[SHOWN_BYTES];
	const char *text;
	int rc = -1;

	(void)text_escape(shown, sizeof(shown), file, strlen(file));
	if (cli_read_file(file, SIGNATURE_FILE_BYTES_MAX, &content, err) != 0)
		goto out;
	text = (const char *)content.data;
	if (signature_secret_is_encrypted(text, content.length)) {
		if (passphrase_read(
			passphrase_file, shown, false, &passphrase, err) != 0)
			goto out;
		tell_patience();
	}
	rc = signature_secret_decode(text, content.length, passphrase.text,
	    passphrase.length, ret_secret, err);
	if (rc != 0)
		(void)error_prefix(err, "%s", shown);
out:
	passphrase_wipe(&passphrase);
	if (content.data != NULL)
		signature_wipe(content.data, content.capacity);
	bytes_done(&content);
	return rc;
}

/* Make the name durable in the folder that holds it. */
static int
sync_parent(const char *file, struct error *err)
{
	char path[PATH_MAX];
	int fd = -1, rc;

	(void)snprintf(path, sizeof(path), "%s", file);
	if (file_open_folder(dirname(path), &fd, err) != 0)
		return -1;
	rc = file_sync_folder(fd, err);
	(void)close(fd);
	return rc;
}

static int
write_new(const char *file, const struct bytes *content, struct error *err)
{
	char shown[SHOWN_BYTES];
	int fd = open(
	    file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0400);
	int rc = -1;

	(void)text_escape(shown, sizeof(shown), file, strlen(file));
	if (fd < 0)
		return error_set_errno(err, errno, "%s", shown);
	if (file_write_all(fd, content->data, content->length, err) != 0)
		goto out;
	if (fsync(fd) != 0) {
		(void)error_set_errno(err, errno, _("cannot write"));
		goto out;
	}
	rc = sync_parent(file, err);
out:
	if (rc != 0) {
		(void)unlink(file);
		(void)error_prefix(err, "%s", shown);
	}
	(void)close(fd);
	return rc;
}

int
facility_make(const char *file, const char *passphrase_file,
    struct signature_secret *ret_secret, struct error *err)
{
	struct passphrase passphrase = {.length = 0};
	struct signature_secret secret;
	struct bytes content = BYTES_EMPTY;
	char shown[SHOWN_BYTES];
	int rc = -1;

	signature_generate(&secret);
	(void)text_escape(shown, sizeof(shown), file, strlen(file));
	if (passphrase_read(passphrase_file, shown, true, &passphrase, err) !=
	    0)
		goto out;
	tell_patience();
	if (signature_secret_encode(&secret, passphrase.text, passphrase.length,
		&content, err) != 0 ||
	    write_new(file, &content, err) != 0)
		goto out;
	*ret_secret = secret;
	rc = 0;
out:
	signature_wipe(&secret, sizeof(secret));
	passphrase_wipe(&passphrase);
	if (content.data != NULL)
		signature_wipe(content.data, content.capacity);
	bytes_done(&content);
	return rc;
}

int
facility_load_or_make(const char *file, const char *passphrase_file,
    struct signature_secret *ret_secret, struct error *err)
{
	if (access(file, F_OK) == 0)
		return facility_load(file, passphrase_file, ret_secret, err);
	return facility_make(file, passphrase_file, ret_secret, err);
}

/* Fails early where there are keys, before somebody thinks of a passphrase. */
static int
expect_none(int state_fd, struct error *err)
{
	struct keyring keyring;
	struct error why = {0};

	if (keyring_open_public(state_fd, &keyring, &why) == 0)
		return error_set(
		    err, ERROR_EXISTS, _("there are keys already"));
	if (why.code == ERROR_NOT_FOUND)
		return 0;
	return error_set(err, why.code, "%s", why.text);
}

int
facility_begin_with(int state_fd, const char *name,
    const struct signature_secret *secret, struct error *err)
{
	return keyring_init(state_fd, name, secret, clock_wall_ms(), err);
}

int
facility_begin(int state_fd, const char *name, const char *file,
    const char *passphrase_file, struct error *err)
{
	struct signature_secret secret;
	int rc;

	if (expect_none(state_fd, err) != 0 ||
	    facility_load_or_make(file, passphrase_file, &secret, err) != 0)
		return -1;
	rc = facility_begin_with(state_fd, name, &secret, err);
	signature_wipe(&secret, sizeof(secret));
	return rc;
}
