#include "lib/crypto/keyring_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/crypto/signature.h"
#include "lib/os/file.h"

#define OLD "keys"
#define NEW "keys.new"
#define STATEMENTS "statements"

/* keys.new holds files, and one folder of files. */
#define DEPTH 2

/* Remove what is in the folder; what cannot be removed stays. */
static void
clear(int folder_fd, int depth)
{
	int copy_fd = fcntl(folder_fd, F_DUPFD_CLOEXEC, 0), inner_fd = -1;
	DIR *dir = copy_fd < 0 ? NULL : fdopendir(copy_fd);
	const struct dirent *item;

	if (dir == NULL) {
		if (copy_fd >= 0)
			(void)close(copy_fd);
		return;
	}
	rewinddir(dir);
	while ((item = readdir(dir)) != NULL) {
		if (strcmp(item->d_name, ".") == 0 ||
		    strcmp(item->d_name, "..") == 0 ||
		    unlinkat(folder_fd, item->d_name, 0) == 0 || depth <= 1)
			continue;
		if (file_open_below(folder_fd, item->d_name,
			O_RDONLY | O_DIRECTORY, &inner_fd, NULL) != 0)
			continue;
		clear(inner_fd, depth - 1);
		(void)close(inner_fd);
		(void)unlinkat(folder_fd, item->d_name, AT_REMOVEDIR);
	}
	(void)closedir(dir);
}

static bool
is_empty(int folder_fd)
{
	int copy_fd = fcntl(folder_fd, F_DUPFD_CLOEXEC, 0), count = 0;
	DIR *dir = copy_fd < 0 ? NULL : fdopendir(copy_fd);

	if (dir == NULL) {
		if (copy_fd >= 0)
			(void)close(copy_fd);
		return false;
	}
	rewinddir(dir);
	while (readdir(dir) != NULL)
		count++;
	(void)closedir(dir);
	return count == 2;
}

static int
lock(int fd, struct error *err)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno == EWOULDBLOCK)
		return error_set(err, ERROR_UNAVAILABLE,
		    _("another program is changing the keys"));
	return error_set_errno(err, errno, _("cannot lock the keys"));
}

/* Make a folder (0700) that belongs to whom the state belongs. */
static int
make(struct keyring_folder *folder, int parent_fd, const char *name,
    int *ret_fd, struct error *err)
{
	if (mkdirat(parent_fd, name, 0700) != 0 && errno != EEXIST)
		return error_set_errno(err, errno, _("cannot make folder"));
	if (file_open_below(
		parent_fd, name, O_RDONLY | O_DIRECTORY, ret_fd, err) != 0)
		return -1;
	if (fchmod(*ret_fd, 0700) != 0 ||
	    (folder->is_given_away &&
		fchown(*ret_fd, folder->uid, folder->gid) != 0))
		return error_set_errno(err, errno, _("cannot make folder"));
	return 0;
}

/* Open and lock the old folder, where it is more than an empty one. */
static int
open_old(struct keyring_folder *folder, bool is_first, struct error *err)
{
	struct error why = {0};

	if (file_open_below(folder->state_fd, OLD, O_RDONLY | O_DIRECTORY,
		&folder->old_fd, &why) != 0 &&
	    why.code != ERROR_NOT_FOUND)
		return error_set_errno(err, why.os_errno, OLD);
	if (is_first && folder->old_fd >= 0 && !is_empty(folder->old_fd))
		return error_set(
		    err, ERROR_EXISTS, _("there are keys already"));
	if (!is_first && folder->old_fd < 0)
		return error_set(err, ERROR_NOT_FOUND,
		    _("there are no keys yet; run: hikae key init"));
	return folder->old_fd >= 0 ? lock(folder->old_fd, err) : 0;
}

int
keyring_folder_begin(struct keyring_folder *folder, int state_fd, bool is_first,
    struct error *err)
{
	struct stat st;

	*folder = (struct keyring_folder)KEYRING_FOLDER_EMPTY;
	folder->state_fd = state_fd;
	if (fstat(state_fd, &st) != 0)
		return error_set_errno(err, errno, _("cannot examine folder"));
	folder->is_given_away = geteuid() == 0 && st.st_uid != 0;
	folder->uid = st.st_uid;
	folder->gid = st.st_gid;
	if (open_old(folder, is_first, err) != 0 ||
	    make(folder, state_fd, NEW, &folder->new_fd, err) != 0)
		goto fail;
	if (lock(folder->new_fd, err) != 0) {
		/* It is somebody else's: leave it alone. */
		(void)close(folder->new_fd);
		folder->new_fd = -1;
		goto fail;
	}
	clear(folder->new_fd, DEPTH);
	if (make(folder, folder->new_fd, STATEMENTS, &folder->statements_fd,
		err) != 0)
		goto fail;
	return 0;
fail:
	keyring_folder_rollback(folder);
	return -1;
}

/* The folder that holds a path, and its last component. */
static int
parent_of(const struct keyring_folder *folder, const char *path,
    const char **ret_name)
{
	const char *slash = strchr(path, '/');

	*ret_name = slash == NULL ? path : slash + 1;
	return slash == NULL ? folder->new_fd : folder->statements_fd;
}

int
keyring_folder_put(struct keyring_folder *folder, const char *path,
    const struct bytes *content, mode_t mode, struct error *err)
{
	struct file_replacement file = {0};
	const char *name;
	int parent_fd = parent_of(folder, path, &name), rc = -1;

	if (bytes_check(content, err) != 0 ||
	    file_replacement_begin(&file, parent_fd, name, mode, err) != 0)
		goto out;
	if (folder->is_given_away &&
	    fchown(file.fd, folder->uid, folder->gid) != 0) {
		(void)error_set_errno(err, errno, _("cannot change the owner"));
		goto out;
	}
	if (file_write_all(file.fd, content->data, content->length, err) != 0)
		goto out;
	rc = file_replacement_commit(&file, err);
out:
	if (rc != 0)
		(void)error_prefix(err, NEW "/%s", path);
	file_replacement_rollback(&file);
	return rc;
}

int
keyring_folder_copy(struct keyring_folder *folder, const char *path,
    mode_t mode, struct error *err)
{
	struct bytes content = BYTES_EMPTY;
	struct error why = {0};
	int fd = -1, rc = -1;

	if (file_open_below(folder->old_fd, path, O_RDONLY, &fd, &why) != 0) {
		if (why.code == ERROR_NOT_FOUND)
			return 0;
		return error_set_errno(err, why.os_errno, OLD "/%s", path);
	}
	if (file_read_whole(fd, SIGNATURE_FILE_BYTES_MAX, &content, err) != 0)
		(void)error_prefix(err, OLD "/%s", path);
	else
		rc = keyring_folder_put(folder, path, &content, mode, err);
	if (content.data != NULL)
		signature_wipe(content.data, content.capacity);
	bytes_done(&content);
	(void)close(fd);
	return rc;
}

int
keyring_folder_commit(struct keyring_folder *folder, struct error *err)
{
	/* An empty keys/ may be replaced; full ones change places, so that
	 * there is never a moment without keys. */
	unsigned int flags = folder->old_fd < 0 || is_empty(folder->old_fd)
				 ? 0
				 : RENAME_EXCHANGE;

	if (file_sync_folder(folder->statements_fd, err) != 0 ||
	    file_sync_folder(folder->new_fd, err) != 0)
		return -1;
	if (renameat2(folder->state_fd, NEW, folder->state_fd, OLD, flags) != 0)
		return error_set_errno(
		    err, errno, _("cannot put the new keys in place"));
	/* From here on what is called keys.new is the old folder. */
	(void)close(folder->new_fd);
	folder->new_fd = flags == 0 ? -1 : folder->old_fd;
	if (flags != 0)
		folder->old_fd = -1;
	if (file_sync_folder(folder->state_fd, err) != 0) {
		/* After a crash the old folder may be the one that counts. */
		int old_fd = folder->new_fd;

		folder->new_fd = -1;
		if (old_fd >= 0)
			(void)close(old_fd);
		return -1;
	}
	keyring_folder_rollback(folder);
	return 0;
}

void
keyring_folder_rollback(struct keyring_folder *folder)
{
	if (folder->new_fd >= 0) {
		clear(folder->new_fd, DEPTH);
		(void)unlinkat(folder->state_fd, NEW, AT_REMOVEDIR);
		(void)close(folder->new_fd);
	}
	if (folder->statements_fd >= 0)
		(void)close(folder->statements_fd);
	if (folder->old_fd >= 0)
		(void)close(folder->old_fd);
	folder->new_fd = folder->statements_fd = folder->old_fd = -1;
}
