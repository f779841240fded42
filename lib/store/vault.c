#include "lib/store/vault.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"

#define FOLDER_MODE 0750
#define FILE_MODE 0640
#define SIGNATURE_SUFFIX ".minisig"

static int
format_folder(
    char *path, size_t size, const struct vault_name *name, struct error *err)
{
	int length = snprintf(
	    path, size, "manifests/%s/%s", name->system, name->generation);

	if (length < 0 || (size_t)length >= size)
		return error_set(err, ERROR_LIMIT, _("the name is too long"));
	return 0;
}

static int
format_file(
    char *path, size_t size, const struct vault_name *name, struct error *err)
{
	int length = snprintf(path, size, "%s.%" PRIu64 "%s.mtree.zst",
	    name->medium, name->version, name->is_members ? ".members" : "");

	/* The signature's suffix must fit behind it. */
	if (length < 0 || (size_t)length + sizeof(SIGNATURE_SUFFIX) >= size)
		return error_set(err, ERROR_LIMIT, _("the name is too long"));
	return 0;
}

int
vault_begin(int state_fd, const struct vault_name *name,
    struct vault_draft *draft, struct error *err)
{
	char folder[512];

	if (format_folder(folder, sizeof(folder), name, err) != 0 ||
	    format_file(draft->name, sizeof(draft->name), name, err) != 0 ||
	    file_make_folders(state_fd, folder, FOLDER_MODE, err) != 0 ||
	    file_open_below(state_fd, folder, O_RDONLY | O_DIRECTORY,
		&draft->folder_fd, err) != 0)
		return -1;
	return file_replacement_begin(
	    &draft->manifest, draft->folder_fd, draft->name, FILE_MODE, err);
}

/* Write NAME.minisig beside the manifest. */
static int
write_signature(const struct vault_draft *draft, const struct bytes *text,
    struct error *err)
{
	char name[NAME_MAX + 1];
	struct file_replacement signature = {.fd = -1};
	int rc = -1;

	(void)snprintf(name, sizeof(name), "%.*s" SIGNATURE_SUFFIX,
	    (int)(sizeof(name) - sizeof(SIGNATURE_SUFFIX)), draft->name);
	if (file_replacement_begin(
		&signature, draft->folder_fd, name, FILE_MODE, err) == 0 &&
	    file_write_all(signature.fd, text->data, text->length, err) == 0 &&
	    file_replacement_commit(&signature, err) == 0)
		rc = 0;
	file_replacement_rollback(&signature);
	return rc;
}

int
vault_commit(struct vault_draft *draft, const struct manifest_header *header,
    const uint8_t prehash[SIGNATURE_PREHASH_BYTES],
    const struct signature_secret *secret, struct error *err)
{
	struct bytes comment = BYTES_EMPTY, text = BYTES_EMPTY;
	int rc = -1;

	manifest_trusted_comment(header, &comment);
	bytes_append_u8(&comment, 0);
	if (bytes_check(&comment, err) == 0 &&
	    signature_sign(secret, prehash, (const char *)comment.data,
		"signature of a hikae manifest", &text, err) == 0 &&
	    write_signature(draft, &text, err) == 0 &&
	    file_replacement_commit(&draft->manifest, err) == 0)
		rc = 0;
	bytes_done(&comment);
	bytes_done(&text);
	return rc;
}

void
vault_rollback(struct vault_draft *draft)
{
	file_replacement_rollback(&draft->manifest);
	if (draft->folder_fd >= 0)
		(void)close(draft->folder_fd);
	draft->folder_fd = -1;
}

static int
open_in(int state_fd, const struct vault_name *name, const char *suffix,
    int *ret_fd, struct error *err)
{
	char folder[512], file[NAME_MAX + 1], path[1024];

	if (format_folder(folder, sizeof(folder), name, err) != 0 ||
	    format_file(file, sizeof(file), name, err) != 0)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/%s%s", folder, file, suffix);
	if (file_open_below(state_fd, path, O_RDONLY, ret_fd, err) != 0)
		return error_prefix(err, "%s", path);
	return 0;
}

int
vault_open(int state_fd, const struct vault_name *name, int *ret_fd,
    struct bytes *ret_signature, struct error *err)
{
	int manifest_fd = -1, signature_fd = -1;
	int rc = -1;

	if (open_in(state_fd, name, "", &manifest_fd, err) != 0 ||
	    open_in(state_fd, name, SIGNATURE_SUFFIX, &signature_fd, err) !=
		0 ||
	    file_read_whole(signature_fd, SIGNATURE_FILE_BYTES_MAX,
		ret_signature, err) != 0)
		goto out;
	*ret_fd = manifest_fd;
	manifest_fd = -1;
	rc = 0;
out:
	if (manifest_fd >= 0)
		(void)close(manifest_fd);
	if (signature_fd >= 0)
		(void)close(signature_fd);
	return rc;
}

int
vault_open_readings(
    int state_fd, const char *medium, int *ret_fd, struct error *err)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "readings/%.*s", 64, medium);
	if (file_make_folders(state_fd, "readings", FOLDER_MODE, err) != 0)
		return -1;
	return file_open_below(state_fd, path, O_RDWR | O_CREAT, ret_fd, err);
}
