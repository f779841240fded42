#include "lib/examine/restore.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/os/file.h"

#define COPY_BYTES ((size_t)256 * 1024)

struct restore {
	int root_fd;
	struct restore_limits limits;
	struct restore_counts counts;
	int folder_fd;	     /* of the last path, or -1 */
	struct bytes folder; /* its path, with a NUL */
	int fd;		     /* the file that is being written, or -1 */
	struct bytes path;   /* its path, with a NUL */
	uint64_t written;
};

int
restore_new(int root_fd, const struct restore_limits *limits,
    struct restore **ret_restore, struct error *err)
{
	struct restore *restore = calloc(1, sizeof(*restore));

	if (restore == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	restore->root_fd = root_fd;
	restore->limits = *limits;
	restore->folder_fd = -1;
	restore->fd = -1;
	*ret_restore = restore;
	return 0;
}

static void
leave_folder(struct restore *restore)
{
	if (restore->folder_fd >= 0)
		(void)close(restore->folder_fd);
	restore->folder_fd = -1;
}

void
restore_free(struct restore *restore)
{
	if (restore == NULL)
		return;
	leave_folder(restore);
	if (restore->fd >= 0)
		(void)close(restore->fd);
	bytes_done(&restore->folder);
	bytes_done(&restore->path);
	free(restore);
}

const struct restore_counts *
restore_counts(const struct restore *restore)
{
	return &restore->counts;
}

/* The name without its folders. */
static const char *
last_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

bool
restore_is_inside(const char *path, const char *target)
{
	size_t depth = 0;

	if (target[0] == '/' || target[0] == '\0')
		return false;
	for (const char *p = path; *p != '\0'; p++)
		depth += *p == '/';
	while (*target != '\0') {
		size_t length = strcspn(target, "/");

		if (length == 2 && memcmp(target, "..", 2) == 0) {
			if (depth-- == 0)
				return false;
		} else if (length > 0 && !(length == 1 && *target == '.')) {
			depth++;
		}
		target += length;
		target += strspn(target, "/");
	}
	return true;
}

/*
 * Whether errno says that the path cannot be there: through a link or a file,
 * another thing in its place, a name too long for this file system.
 */
static bool
is_of_path(int os_errno)
{
	return os_errno == ELOOP || os_errno == ENOTDIR || os_errno == EXDEV ||
	       os_errno == ENAMETOOLONG || os_errno == EISDIR ||
	       os_errno == EILSEQ || os_errno == EINVAL ||
	       os_errno == ENOTEMPTY || os_errno == EEXIST;
}

/* 0 where the thing is refused; else the error as it is. */
static int
refuse(struct restore *restore, const struct error *why, struct error *err)
{
	if (is_of_path(why->os_errno)) {
		restore->counts.refused_paths++;
		return 0;
	}
	if (err != NULL)
		*err = *why;
	return -1;
}

/* One component; what is missing is made.  *fd is replaced. */
static int
enter(int *fd, const char *name, struct error *err)
{
	int next;

	if (name[0] == '\0' || strcmp(name, ".") == 0 ||
	    strcmp(name, "..") == 0)
		return error_set_errno(err, EINVAL, _("not a path"));
	if (mkdirat(*fd, name, 0700) != 0 && errno != EEXIST)
		return error_set_errno(
		    err, errno, _("cannot make a folder to restore into"));
	if (file_open_below(*fd, name, O_RDONLY | O_DIRECTORY, &next, err) != 0)
		return -1;
	(void)close(*fd);
	*fd = next;
	return 0;
}

/* Make the folder with the path, and keep it open; "" is the root. */
static int
enter_all(struct restore *restore, const char *path, struct error *err)
{
	int fd = dup(restore->root_fd);
	char name[NAME_MAX + 1];
	int rc = 0;

	leave_folder(restore);
	if (fd < 0)
		return error_set_errno(err, errno, _("cannot open a folder"));
	while (rc == 0 && *path != '\0') {
		size_t length = strcspn(path, "/");

		if (length > NAME_MAX) {
			rc =
			    error_set_errno(err, ENAMETOOLONG, _("not a path"));
			break;
		}
		memcpy(name, path, length);
		name[length] = '\0';
		rc = enter(&fd, name, err);
		path += length + (path[length] == '/');
	}
	if (rc == 0)
		restore->folder_fd = fd;
	else
		(void)close(fd);
	return rc;
}

/* Stand in the folder that the path lies in. */
static int
stand_at(struct restore *restore, const char *path, struct error *err)
{
	size_t length = (size_t)(last_of(path) - path);
	const char *name = last_of(path);

	if (path[0] == '/' || name[0] == '\0' || strcmp(name, ".") == 0 ||
	    strcmp(name, "..") == 0 || strlen(name) > NAME_MAX ||
	    (length > 1 && path[length - 2] == '/'))
		return error_set_errno(err, EINVAL, _("not a path"));
	if (length > 0)
		length--;
	if (restore->folder_fd >= 0 && restore->folder.length == length + 1 &&
	    memcmp(restore->folder.data, path, length) == 0)
		return 0;
	bytes_clear(&restore->folder);
	bytes_append(&restore->folder, path, length);
	bytes_append_u8(&restore->folder, 0);
	if (bytes_check(&restore->folder, err) != 0)
		return -1;
	return enter_all(restore, (const char *)restore->folder.data, err);
}

static int
count_entry(struct restore *restore, struct error *err)
{
	const struct restore_counts *counts = &restore->counts;

	if (counts->files + counts->folders + counts->links <
	    restore->limits.entries)
		return 0;
	return error_set(
	    err, ERROR_LIMIT, _("more things than were to be restored"));
}

int
restore_folder(struct restore *restore, const char *path, struct error *err)
{
	struct error why = {0};

	if (count_entry(restore, err) != 0)
		return -1;
	bytes_clear(&restore->folder);
	if (enter_all(restore, path, &why) != 0)
		return refuse(restore, &why, err);
	/* Not kept: a path of a folder is not that of what lies in it. */
	leave_folder(restore);
	restore->counts.folders++;
	return 0;
}

/* Take away what an earlier entry with this name left; folders stay. */
static void
make_way(struct restore *restore, const char *name)
{
	if (unlinkat(restore->folder_fd, name, 0) == 0)
		restore->counts.twice++;
}

int
restore_link(struct restore *restore, const char *path, const char *target,
    struct error *err)
{
	struct error why = {0};

	if (count_entry(restore, err) != 0)
		return -1;
	if (!restore_is_inside(path, target)) {
		restore->counts.refused_links++;
		return 0;
	}
	if (stand_at(restore, path, &why) != 0)
		return refuse(restore, &why, err);
	make_way(restore, last_of(path));
	if (symlinkat(target, restore->folder_fd, last_of(path)) != 0) {
		(void)error_set_errno(&why, errno, _("cannot make a link"));
		return refuse(restore, &why, err);
	}
	restore->counts.links++;
	return 0;
}

void
restore_refuse_special(struct restore *restore)
{
	restore->counts.refused_special++;
}

void
restore_leave_out(struct restore *restore)
{
	restore->counts.left_out++;
}

int
restore_file_begin(struct restore *restore, const char *path, struct error *err)
{
	struct error why = {0};

	restore->written = 0;
	bytes_clear(&restore->path);
	bytes_append(&restore->path, path, strlen(path) + 1);
	if (bytes_check(&restore->path, err) != 0 ||
	    count_entry(restore, err) != 0)
		return -1;
	if (stand_at(restore, path, &why) != 0)
		return refuse(restore, &why, err);
	make_way(restore, last_of(path));
	if (file_open_below(restore->folder_fd, last_of(path),
		O_WRONLY | O_CREAT | O_EXCL, &restore->fd, &why) != 0)
		return refuse(restore, &why, err);
	return 0;
}

int
restore_file_write(struct restore *restore, const uint8_t *data, size_t length,
    struct error *err)
{
	if (restore->fd < 0)
		return 0;
	if (length >
	    restore->limits.bytes - restore->counts.bytes - restore->written)
		return error_set(
		    err, ERROR_LIMIT, _("more bytes than were to be restored"));
	restore->written += length;
	return file_write_all(restore->fd, data, length, err);
}

int
restore_file_zeros(struct restore *restore, uint64_t count, struct error *err)
{
	static const uint8_t zeros[64 * 1024];

	while (count > 0) {
		size_t n =
		    count < sizeof(zeros) ? (size_t)count : sizeof(zeros);

		if (restore_file_write(restore, zeros, n, err) != 0)
			return -1;
		count -= n;
	}
	return 0;
}

int
restore_file_end(struct restore *restore, bool is_good, struct error *err)
{
	const char *path = (const char *)restore->path.data;

	if (restore->fd < 0)
		return 0;
	if (close(restore->fd) != 0) {
		restore->fd = -1;
		return error_set_errno(
		    err, errno, _("cannot finish a restored file"));
	}
	restore->fd = -1;
	if (!is_good) {
		(void)unlinkat(restore->folder_fd, last_of(path), 0);
		restore->counts.failed++;
		return 0;
	}
	restore->counts.files++;
	restore->counts.bytes += restore->written;
	return 0;
}

/* The rest of one file into the one that is being written. */
static int
copy_all(struct restore *restore, int from, uint8_t *block, struct error *err)
{
	ssize_t n;

	while ((n = read(from, block, COPY_BYTES)) > 0)
		if (restore_file_write(restore, block, (size_t)n, err) != 0)
			return -1;
	if (n < 0)
		return error_set_errno(
		    err, errno, _("cannot read a restored file"));
	return restore_file_end(restore, true, err);
}

int
restore_again(struct restore *restore, const char *path, const char *target,
    struct error *err)
{
	uint8_t *block;
	struct stat st;
	int from, rc = -1;

	if (file_open_below(restore->root_fd, target, O_RDONLY, &from, NULL) !=
	    0) {
		restore->counts.unresolved++;
		return 0;
	}
	block = malloc(COPY_BYTES);
	if (block == NULL)
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
	else if (fstat(from, &st) != 0 || !S_ISREG(st.st_mode)) {
		restore->counts.unresolved++;
		rc = 0;
	} else if (restore_file_begin(restore, path, err) == 0)
		rc = copy_all(restore, from, block, err);
	free(block);
	(void)close(from);
	return rc;
}
