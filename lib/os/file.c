#include "lib/os/file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/descend.h"

/* The first and the largest single read of file_read_whole, bytes. */
#define READ_FIRST_BYTES 4096
#define READ_MAX_BYTES 65536

/* Attempts while the kernel cannot tell that a path stayed below its root. */
#define RESOLVE_ATTEMPTS 16

/* Attempts to find a name that nobody else has. */
#define NAME_ATTEMPTS 16

_Static_assert(
    (FILE_SAME_MOUNT &
	(O_ACCMODE | O_CREAT | O_EXCL | O_TRUNC | O_APPEND | O_DIRECT |
	    O_DIRECTORY | O_NOATIME | O_PATH | O_TMPFILE | O_SYNC)) == 0,
    "FILE_SAME_MOUNT is a flag of open(2)");

/* Close without losing the errno that is about to be reported. */
static void
close_quietly(int fd)
{
	int saved = errno;

	if (fd >= 0)
		(void)close(fd);
	errno = saved;
}

int
file_open_folder(const char *path, int *ret_fd, struct error *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

	if (fd < 0)
		return error_set_errno(err, errno, _("cannot open folder"));
	*ret_fd = fd;
	return 0;
}

/* As open_piece, in the sandbox. */
static int
open_by_names(int root_fd, const char *path, int flags)
{
	const bool same_mount = (flags & FILE_SAME_MOUNT) != 0;
	int fd;

	flags &= ~FILE_SAME_MOUNT;
	if ((flags & O_PATH) == 0)
		flags |= O_NOCTTY | O_NONBLOCK;
	fd = descend_open(root_fd, path, flags, same_mount);
	if (fd < 0 && errno == EPERM && (flags & O_NOATIME) != 0)
		fd =
		    descend_open(root_fd, path, flags & ~O_NOATIME, same_mount);
	return fd;
}

/* One path of less than PATH_MAX bytes; the descriptor, or -1 and errno. */
static int
open_piece(int root_fd, const char *path, int flags)
{
	struct open_how how = {
	    .flags = (uint32_t)(flags & ~FILE_SAME_MOUNT) | O_CLOEXEC,
	    .resolve =
		RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};

	if ((flags & FILE_SAME_MOUNT) != 0)
		how.resolve |= RESOLVE_NO_XDEV;
	if ((flags & O_PATH) == 0)
		how.flags |= O_NOCTTY | O_NONBLOCK;
	if ((flags & O_CREAT) != 0)
		how.mode = 0600;
	for (int attempt = 0;; attempt++) {
		int fd =
		    (int)syscall(SYS_openat2, root_fd, path, &how, sizeof(how));

		if (fd >= 0 || attempt == RESOLVE_ATTEMPTS)
			return fd;
		if (errno == ENOSYS)
			return open_by_names(root_fd, path, flags);
		if (errno == EPERM && (how.flags & O_NOATIME) != 0)
			how.flags &= ~(uint64_t)O_NOATIME;
		else if (errno != EAGAIN && errno != EINTR)
			return -1;
	}
}

/* A ".." that stays below the root is refused too: no path of ours has one. */
static bool
leaves_root(const char *path)
{
	if (path[0] == '/')
		return true;
	for (const char *at = path; at != NULL; at = strchr(at, '/')) {
		at += *at == '/';
		if (at[0] == '.' && at[1] == '.' &&
		    (at[2] == '/' || at[2] == '\0'))
			return true;
	}
	return false;
}

/*
 * The length of the longest beginning of path that one call takes and that
 * ends before a slash; 0 when there is none.
 */
static size_t
piece_length(const char *path)
{
	size_t length = PATH_MAX - 1;

	while (length > 0 && path[length] != '/')
		length--;
	return length;
}

/* As open_piece, for a path of any length. */
static int
open_pieces(int root_fd, const char *path, int flags)
{
	int between = O_PATH | O_DIRECTORY | (flags & FILE_SAME_MOUNT);
	int folder_fd = root_fd, fd = -1;

	while (strlen(path) >= PATH_MAX) {
		char piece[PATH_MAX];
		size_t length = piece_length(path);
		int next;

		if (length == 0) {
			errno = ENAMETOOLONG;
			goto out;
		}
		memcpy(piece, path, length);
		piece[length] = '\0';
		next = open_piece(folder_fd, piece, between);
		if (next < 0)
			goto out;
		if (folder_fd != root_fd)
			(void)close(folder_fd);
		folder_fd = next;
		path += length;
		path += strspn(path, "/");
	}
	/* A path that ended in slashes names the folder itself. */
	fd = open_piece(folder_fd, *path != '\0' ? path : ".", flags);
out:
	if (folder_fd != root_fd)
		close_quietly(folder_fd);
	return fd;
}

int
file_open_below(
    int root_fd, const char *path, int flags, int *ret_fd, struct error *err)
{
	int fd = -1;

	if (path[0] == '\0')
		errno = ENOENT;
	else if (leaves_root(path))
		errno = EXDEV;
	else
		fd = open_pieces(root_fd, path, flags);
	if (fd < 0)
		return error_set_errno(err, errno, _("cannot open file"));
	*ret_fd = fd;
	return 0;
}

/* Make one folder, durable if it was missing, and open it. */
static int
make_folder(int folder_fd, const char *name, mode_t mode, int *ret_fd,
    struct error *err)
{
	bool made = mkdirat(folder_fd, name, mode) == 0;

	if (!made && errno != EEXIST)
		return error_set_errno(err, errno, _("cannot make folder"));
	if (made && file_sync_folder(folder_fd, err) != 0)
		return -1;
	return file_open_below(
	    folder_fd, name, O_RDONLY | O_DIRECTORY, ret_fd, err);
}

int
file_make_folders(int root_fd, const char *path, mode_t mode, struct error *err)
{
	int folder_fd = root_fd, rc = -1;

	if (path[0] == '\0' || leaves_root(path))
		return error_set_errno(err, path[0] == '\0' ? ENOENT : EXDEV,
		    _("cannot make folder"));
	while (*path != '\0') {
		char name[NAME_MAX + 1];
		size_t length = strcspn(path, "/");
		int next;

		if (length > NAME_MAX) {
			(void)error_set_errno(
			    err, ENAMETOOLONG, _("cannot make folder"));
			goto out;
		}
		memcpy(name, path, length);
		name[length] = '\0';
		path += length;
		path += strspn(path, "/");
		if (make_folder(folder_fd, name, mode, &next, err) != 0)
			goto out;
		if (folder_fd != root_fd)
			(void)close(folder_fd);
		folder_fd = next;
	}
	rc = 0;
out:
	if (folder_fd != root_fd)
		close_quietly(folder_fd);
	return rc;
}

int
file_read_whole(int fd, size_t limit, struct bytes *out, struct error *err)
{
	char buffer[READ_MAX_BYTES];
	size_t want = READ_FIRST_BYTES;

	bytes_clear(out);
	for (;;) {
		ssize_t n = read(fd, buffer, want);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			(void)error_set_errno(err, errno, _("cannot read"));
			break;
		}
		if (n == 0)
			return 0;
		if ((size_t)n > limit - out->length) {
			(void)error_set(err, ERROR_LIMIT,
			    _("larger than %zu bytes"), limit);
			break;
		}
		bytes_append(out, buffer, (size_t)n);
		if (bytes_check(out, err) != 0)
			break;
		want = READ_MAX_BYTES;
	}
	bytes_clear(out);
	return -1;
}

int
file_write_all(int fd, const void *data, size_t length, struct error *err)
{
	const uint8_t *from = data;

	while (length > 0) {
		ssize_t n = write(fd, from, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_set_errno(
			    err, n < 0 ? errno : EIO, _("cannot write"));
		from += n;
		length -= (size_t)n;
	}
	return 0;
}

/*
 * Create a file under a new name, which is copied to name; the descriptor, or
 * -1 and errno.
 */
static int
create_unique(int folder_fd, char *name, size_t name_size)
{
	for (int attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
		uint8_t random[8];
		char digits[2 * sizeof(random) + 1];
		int fd;

		bytes_random(random, sizeof(random));
		bytes_format_hex(random, sizeof(random), digits);
		(void)snprintf(
		    name, name_size, "%s%s", FILE_TEMPORARY_PREFIX, digits);
		fd = openat(folder_fd, name,
		    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

int
file_temporary(int folder_fd, int *ret_fd, struct error *err)
{
	char name[sizeof(FILE_TEMPORARY_PREFIX) + 16];
	int fd = openat(
	    folder_fd, ".", O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);

	/* File systems without O_TMPFILE say EOPNOTSUPP, old ones EISDIR. */
	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
		fd = create_unique(folder_fd, name, sizeof(name));
		if (fd >= 0 && unlinkat(folder_fd, name, 0) != 0) {
			close_quietly(fd);
			fd = -1;
		}
	}
	if (fd < 0)
		return error_set_errno(
		    err, errno, _("cannot create temporary file"));
	*ret_fd = fd;
	return 0;
}

int
file_sync_folder(int folder_fd, struct error *err)
{
	if (fsync(folder_fd) != 0)
		return error_set_errno(
		    err, errno, _("cannot make folder durable"));
	return 0;
}

int
file_replacement_begin(struct file_replacement *replacement, int folder_fd,
    const char *name, mode_t mode, struct error *err)
{
	struct file_replacement r = {.fd = -1, .folder_fd = folder_fd};
	size_t length = strlen(name);

	*replacement = (struct file_replacement){.fd = -1};
	assert(length > 0 && strchr(name, '/') == NULL);
	if (length > NAME_MAX)
		return error_set_errno(
		    err, ENAMETOOLONG, _("cannot create file"));
	memcpy(r.name, name, length + 1);
	r.fd = create_unique(folder_fd, r.temporary, sizeof(r.temporary));
	if (r.fd < 0)
		return error_set_errno(err, errno, _("cannot create file"));
	/* The umask does not count: who may read is the caller's decision. */
	if (mode != FILE_MODE_AS_MADE && fchmod(r.fd, mode) != 0) {
		(void)error_set_errno(err, errno, _("cannot create file"));
		file_replacement_rollback(&r);
		return -1;
	}
	*replacement = r;
	return 0;
}

int
file_replacement_commit(struct file_replacement *replacement, struct error *err)
{
	struct file_replacement *r = replacement;
	int fd = r->fd;

	assert(r->temporary[0] != '\0');
	if (fsync(fd) != 0)
		return error_set_errno(
		    err, errno, _("cannot make file durable"));
	r->fd = -1;
	if (close(fd) != 0)
		return error_set_errno(
		    err, errno, _("cannot make file durable"));
	if (renameat(r->folder_fd, r->temporary, r->folder_fd, r->name) != 0)
		return error_set_errno(err, errno, _("cannot replace file"));
	r->temporary[0] = '\0';
	return file_sync_folder(r->folder_fd, err);
}

void
file_replacement_rollback(struct file_replacement *replacement)
{
	int saved = errno;

	if (replacement == NULL || replacement->temporary[0] == '\0')
		return;
	close_quietly(replacement->fd);
	(void)unlinkat(replacement->folder_fd, replacement->temporary, 0);
	*replacement = (struct file_replacement){.fd = -1};
	errno = saved;
}
