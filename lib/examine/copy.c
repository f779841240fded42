#include "lib/examine/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/descend.h"
#include "lib/os/file.h"

int
copy_open(struct copy *copy, int root_fd, const char *locator, bool is_file,
    struct error *err)
{
	const char *slash = strrchr(locator, '/');
	char *folder = NULL;
	int rc = -1;

	if (!is_file)
		folder = strdup(locator[0] != '\0' ? locator : ".");
	else if (slash != NULL)
		folder = strndup(locator, (size_t)(slash - locator));
	else
		folder = strdup(".");
	if (folder == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (file_open_below(
		root_fd, folder, O_RDONLY | O_DIRECTORY, &copy->fd, err) != 0)
		goto out;
	if (is_file)
		copy->name = slash != NULL ? slash + 1 : locator;
	rc = 0;
out:
	free(folder);
	return rc;
}

void
copy_close(struct copy *copy)
{
	copy_refresh(copy);
	if (copy->fd >= 0)
		(void)close(copy->fd);
	copy->fd = -1;
	bytes_done(&copy->folder);
}

/* Close all but the first levels. */
static void
leave_folders(struct copy *copy, size_t depth)
{
	while (copy->depth > depth)
		(void)close(copy->levels[--copy->depth].fd);
}

void
copy_refresh(struct copy *copy)
{
	leave_folders(copy, 0);
}

/* How many of the open folders the path begins with. */
static size_t
count_shared(const struct copy *copy, const char *path, size_t length)
{
	const char *open = (const char *)copy->folder.data;
	size_t shared = 0, from = 0;

	while (shared < copy->depth) {
		const size_t to = copy->levels[shared].length;

		if (to > length || (to < length && path[to] != '/') ||
		    memcmp(open + from, path + from, to - from) != 0)
			break;
		from = to;
		shared++;
	}
	return shared;
}

/* The length of the path of the deepest open folder, or 0. */
static size_t
held_length(const struct copy *copy)
{
	return copy->depth > 0 ? copy->levels[copy->depth - 1].length : 0;
}

/* Open the next folder of the path, in the deepest that is open. */
static int
enter_next(struct copy *copy, int *ret_errno)
{
	const bool is_last = copy->depth == COPY_LEVELS_MAX - 1;
	const size_t from = held_length(copy) + (copy->depth > 0);
	char *name = (char *)copy->folder.data + from;
	const size_t length = is_last ? strlen(name) : strcspn(name, "/");
	const char was = name[length];
	int fd = copy->fd;

	if (copy->depth > 0)
		fd = copy->levels[copy->depth - 1].fd;
	name[length] = '\0';
	fd = descend_open(fd, name, O_PATH | O_DIRECTORY, true);
	name[length] = was;
	if (fd < 0) {
		*ret_errno = errno;
		return -1;
	}
	copy->levels[copy->depth++] = (struct copy_level){fd, from + length};
	return 0;
}

static int
remember_path(struct copy *copy, const char *path, size_t length)
{
	bytes_clear(&copy->folder);
	bytes_append(&copy->folder, path, length);
	bytes_append_u8(&copy->folder, 0);
	return copy->folder.failed ? -1 : 0;
}

/* The descriptor of a folder, which stays open; -1 with *ret_errno. */
static int
hold_folder(struct copy *copy, const char *path, size_t length, int *ret_errno)
{
	leave_folders(copy, count_shared(copy, path, length));
	if (held_length(copy) == length)
		return copy->levels[copy->depth - 1].fd;
	/* Below the last level there is none: it is opened in one go. */
	if (copy->depth == COPY_LEVELS_MAX)
		leave_folders(copy, COPY_LEVELS_MAX - 1);
	if (remember_path(copy, path, length) != 0) {
		copy_refresh(copy);
		*ret_errno = ENOMEM;
		return -1;
	}
	while (held_length(copy) < length)
		if (enter_next(copy, ret_errno) != 0)
			return -1;
	return copy->levels[copy->depth - 1].fd;
}

bool
copy_enter(struct copy *copy, const char *path)
{
	int ignored;

	return hold_folder(copy, path, strlen(path), &ignored) >= 0;
}

/*
 * The descriptor of the path's folder and the name in it; -1 with *ret_errno.
 */
static int
enter_folder(
    struct copy *copy, const char *path, const char **ret_name, int *ret_errno)
{
	const char *slash = strrchr(path, '/');

	*ret_name = slash != NULL ? slash + 1 : path;
	if (slash == NULL)
		return copy->fd;
	return hold_folder(copy, path, (size_t)(slash - path), ret_errno);
}

/* Nobody: (uid_t)-1 is no user's number. */
#define NO_OWNER ((uid_t)-1)

/* Whether the owner's files were refused before: only he is asked about. */
static bool
is_refused(const struct copy *copy, const struct stat *seen)
{
	return copy->is_refused && seen != NULL &&
	       seen->st_uid == copy->refused_owner;
}

/* O_NOATIME is the owner's right, and that of who may act for any owner. */
static void
note_refusal(struct copy *copy, const struct stat *seen)
{
	copy->is_refused = true;
	copy->refused_owner = seen != NULL ? seen->st_uid : NO_OWNER;
}

int
copy_open_seen(struct copy *copy, const char *path, const struct stat *seen,
    int *ret_errno)
{
	int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	const char *name;
	int folder = enter_folder(copy, path, &name, ret_errno);
	int fd = -1;

	if (folder < 0)
		return -1;
	errno = EPERM;
	if (!is_refused(copy, seen))
		fd = openat(folder, name, flags | O_NOATIME);
	if (fd < 0 && errno == EPERM) {
		fd = openat(folder, name, flags);
		if (fd >= 0)
			note_refusal(copy, seen);
	}
	if (fd < 0)
		*ret_errno = errno;
	return fd;
}

int
copy_open_file(struct copy *copy, const char *path, int *ret_errno)
{
	struct stat st;

	if (copy_stat(copy, path, &st, ret_errno) != 0)
		return -1;
	/* Opening a device may make it do something. */
	if (!S_ISREG(st.st_mode)) {
		*ret_errno = ELOOP;
		return -1;
	}
	return copy_open_seen(copy, path, &st, ret_errno);
}

/* The unit in which os/stream narrows a failed read, bytes. */
#define PROBE_BYTES 4096

/* Bytes that can be read of a block: 0 outside the file, -1 when it fails. */
static ssize_t
probe(int fd, uint64_t offset)
{
	char block[PROBE_BYTES];

	return pread(fd, block, sizeof(block), (off_t)offset);
}

bool
copy_is_isolated(
    struct copy *copy, const char *path, uint64_t offset, bool is_alone_so)
{
	uint64_t block = offset - offset % PROBE_BYTES;
	ssize_t before = 0, behind;
	int ignored, fd;

	copy_refresh(copy);
	fd = copy_open_file(copy, path, &ignored);
	if (fd < 0)
		return false;
	/* From the medium, and without reading ahead into the bad block. */
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
	if (block >= PROBE_BYTES)
		before = probe(fd, block - PROBE_BYTES);
	behind = probe(fd, block + PROBE_BYTES);
	(void)close(fd);
	if (before < 0 || behind < 0)
		return false;
	return before > 0 || behind > 0 || is_alone_so;
}

int
copy_stat(
    struct copy *copy, const char *path, struct stat *ret_st, int *ret_errno)
{
	const char *name;
	int folder = enter_folder(copy, path, &name, ret_errno);

	if (folder < 0)
		return -1;
	if (fstatat(folder, name, ret_st, AT_SYMLINK_NOFOLLOW) != 0) {
		*ret_errno = errno;
		return -1;
	}
	return 0;
}

bool
copy_is_immutable(struct copy *copy, const char *path)
{
	const char *name;
	struct statx status;
	int ignored, folder = enter_folder(copy, path, &name, &ignored);

	return folder >= 0 &&
	       statx(folder, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
		   STATX_TYPE, &status) == 0 &&
	       (status.stx_attributes & status.stx_attributes_mask &
		   STATX_ATTR_IMMUTABLE) != 0;
}

int
copy_read_link(
    struct copy *copy, const char *path, struct bytes *out, int *ret_errno)
{
	const char *name;
	int folder = enter_folder(copy, path, &name, ret_errno);
	char target[PATH_MAX];
	ssize_t length;

	if (folder < 0)
		return -1;
	length = readlinkat(folder, name, target, sizeof(target));
	if (length < 0) {
		*ret_errno = errno;
		return -1;
	}
	bytes_append(out, target, (size_t)length);
	if (out->failed) {
		*ret_errno = ENOMEM;
		return -1;
	}
	return 0;
}
