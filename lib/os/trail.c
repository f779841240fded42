/*
 * The folders are levels of a stack.  Open are levels[0], the root, and
 * levels[first_open .. depth - 1].
 */
#include "lib/os/trail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/os/listing.h"

struct level {
	int fd;	     /* -1: closed */
	int problem; /* it could not be opened again; 0 otherwise */
	uint64_t device, inode;
	struct listing *listing;
	size_t memory; /* of the listing, bytes */
	size_t prefix; /* length of its path and a slash; 0 for the root */
	size_t name;   /* length of the name taken last */
};

struct trail {
	struct trail_options options;
	struct level *levels;
	size_t depth, capacity, first_open;
	size_t memory;	   /* of all listings, bytes */
	struct bytes path; /* of the name taken last, with a NUL */
};

static struct level *
top(const struct trail *trail)
{
	return &trail->levels[trail->depth - 1];
}

void
trail_leave(struct trail *trail)
{
	struct level *level = top(trail);

	if (level->fd >= 0)
		(void)close(level->fd);
	listing_free(level->listing);
	trail->memory -= level->memory;
	trail->depth--;
	if (trail->first_open > trail->depth && trail->depth > 0)
		trail->first_open = trail->depth;
}

/* Close the open folder that will be needed last, if there are too many. */
static void
limit_descriptors(struct trail *trail)
{
	/* The root, and room for one more. */
	if (trail->depth - trail->first_open + 2 <=
	    trail->options.open_folders_max)
		return;
	(void)close(trail->levels[trail->first_open].fd);
	trail->levels[trail->first_open].fd = -1;
	trail->first_open++;
}

static int
reserve_level(struct trail *trail, struct error *err)
{
	size_t capacity = 2 * trail->capacity + 16;
	struct level *levels;

	if (trail->depth < trail->capacity)
		return 0;
	levels = realloc(trail->levels, capacity * sizeof(*levels));
	if (levels == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	trail->levels = levels;
	trail->capacity = capacity;
	return 0;
}

/*
 * List the folder and put it on the stack, which owns level.fd from here on.
 * A listing may take half of the memory that is left, so that the folders
 * below have some too.
 */
static int
push(struct trail *trail, struct level level, int *ret_problem,
    struct error *err)
{
	size_t limit = trail->options.memory_bytes;
	struct listing_options options = {
	    .spill_fd = trail->options.spill_fd,
	    .memory_bytes =
		limit > trail->memory ? (limit - trail->memory) / 2 : 0,
	};

	if (trail->depth > 0)
		options.spill_offset = listing_spill_end(top(trail)->listing);
	if (reserve_level(trail, err) != 0)
		goto fail;
	level.listing = listing_new(level.fd, &options, ret_problem, err);
	if (level.listing == NULL)
		goto fail;
	level.memory = listing_memory(level.listing);
	trail->memory += level.memory;
	trail->levels[trail->depth++] = level;
	return 0;
fail:
	(void)close(level.fd);
	return -1;
}

static bool
is_same(uint64_t device, uint64_t inode, const struct stat *status)
{
	return status->st_dev == device && status->st_ino == inode;
}

/* Open a folder that must be the one that was seen; 0 or an errno value. */
static int
open_folder(const struct trail *trail, int fd, const char *path,
    uint64_t device, uint64_t inode, int *ret_fd)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOATIME, folder_fd, problem = 0;
	struct stat status;
	struct error err;

	if (!trail->options.cross_mounts)
		flags |= FILE_SAME_MOUNT;
	if (file_open_below(fd, path, flags, &folder_fd, &err) != 0)
		return err.os_errno;
	if (fstat(folder_fd, &status) != 0)
		problem = errno;
	else if (!is_same(device, inode, &status))
		problem = ESTALE;
	if (problem != 0)
		(void)close(folder_fd);
	else
		*ret_fd = folder_fd;
	return problem;
}

/* Open levels[i] again, by its path below the folder `from`. */
static int
reopen_level(struct trail *trail, size_t i, const struct level *from)
{
	struct level *level = &trail->levels[i];
	char *path = (char *)trail->path.data;
	int problem;

	path[level->prefix - 1] = '\0';
	problem = open_folder(trail, from->fd, path + from->prefix,
	    level->device, level->inode, &level->fd);
	path[level->prefix - 1] = '/';
	return problem;
}

/* Open the top level again, and some above it: they are needed next. */
static void
reopen(struct trail *trail)
{
	size_t last = trail->depth - 1;
	size_t count = trail->options.open_folders_max / 2;
	size_t first = last < count ? 1 : last - count + 1;
	struct level *from = &trail->levels[0];
	int problem = 0;

	trail->first_open = first;
	for (size_t i = first; i <= last; i++) {
		if (problem == 0)
			problem = reopen_level(trail, i, from);
		trail->levels[i].problem = problem;
		from = &trail->levels[i];
	}
}

static bool
contains(const struct trail *trail, uint64_t device, uint64_t inode)
{
	for (size_t i = 0; i < trail->depth; i++) {
		if (trail->levels[i].inode == inode &&
		    trail->levels[i].device == device)
			return true;
	}
	return false;
}

/* --- the trail --- */

struct trail *
trail_new(int root_fd, const struct trail_options *options, struct error *err)
{
	struct trail *trail = calloc(1, sizeof(*trail));
	struct level root = {0};
	struct stat status;
	int problem;

	if (trail == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		return NULL;
	}
	trail->options = *options;
	trail->first_open = 1;
	/* A description of its own: the position in a folder is shared. */
	if (file_open_below(root_fd, ".", O_RDONLY | O_DIRECTORY | O_NOATIME,
		&root.fd, err) != 0)
		goto fail;
	if (fstat(root.fd, &status) != 0) {
		(void)error_set_errno(err, errno, _("cannot list folder"));
		(void)close(root.fd);
		goto fail;
	}
	root.device = status.st_dev;
	root.inode = status.st_ino;
	if (push(trail, root, &problem, err) != 0)
		goto fail;
	if (problem != 0) {
		(void)error_set_errno(err, problem, _("cannot list folder"));
		goto fail;
	}
	return trail;
fail:
	trail_free(trail);
	return NULL;
}

void
trail_free(struct trail *trail)
{
	if (trail == NULL)
		return;
	while (trail->depth > 0)
		trail_leave(trail);
	bytes_done(&trail->path);
	free(trail->levels);
	free(trail);
}

/*
 * The next name of the top level, put behind its prefix in trail->path.  As
 * listing_next.
 */
static int
next_name(struct trail *trail, uint8_t *ret_d_type, struct error *err)
{
	struct level *level = top(trail);
	struct bytes *path = &trail->path;
	const char *name;
	size_t length;
	int rc;

	/* A folder that changes while it is read may give a name twice. */
	do {
		rc = listing_next(
		    level->listing, &name, &length, ret_d_type, err);
		if (rc != 1)
			return rc;
	} while (length == level->name &&
		 memcmp(path->data + level->prefix, name, length) == 0);
	level->name = length;
	path->length = level->prefix;
	if (level->prefix > 0)
		path->data[level->prefix - 1] = '/';
	bytes_append(path, name, length);
	bytes_append_u8(path, '\0');
	return bytes_check(path, err) == 0 ? 1 : -1;
}

int
trail_next(struct trail *trail, uint8_t *ret_d_type, struct error *err)
{
	while (trail->depth > 0) {
		int rc = next_name(trail, ret_d_type, err);

		if (rc != 0)
			return rc;
		trail_leave(trail);
	}
	return 0;
}

const char *
trail_path(const struct trail *trail, size_t *ret_length)
{
	*ret_length = trail->path.length - 1;
	return (const char *)trail->path.data;
}

const char *
trail_name(const struct trail *trail)
{
	return (const char *)trail->path.data + top(trail)->prefix;
}

int
trail_folder(struct trail *trail, int *ret_fd)
{
	if (top(trail)->fd < 0 && top(trail)->problem == 0)
		reopen(trail);
	*ret_fd = top(trail)->fd;
	return top(trail)->problem;
}

int
trail_enter(struct trail *trail, uint64_t device, uint64_t inode,
    bool *ret_has_entered, int *ret_problem, struct error *err)
{
	struct level level = {
	    .device = device,
	    .inode = inode,
	    .prefix = trail->path.length,
	};

	*ret_has_entered = false;
	*ret_problem = 0;
	if (level.prefix > trail->options.path_max_bytes)
		*ret_problem = ENAMETOOLONG;
	else if (contains(trail, device, inode))
		*ret_problem = ELOOP;
	if (*ret_problem != 0)
		return 0;
	limit_descriptors(trail);
	*ret_problem = open_folder(
	    trail, top(trail)->fd, trail_name(trail), device, inode, &level.fd);
	if (*ret_problem != 0)
		return 0;
	if (push(trail, level, ret_problem, err) != 0)
		return -1;
	*ret_has_entered = true;
	return 0;
}
