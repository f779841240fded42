/*
 * The folders from the root to the current one stand on a stack.  The root
 * and the deepest few are open: levels[0] and levels[first_open .. depth - 1].
 * Coming back to a folder that was closed opens it, and those directly above
 * it, again from the root; one that is not the same any more gives its errno
 * to the names that are left in it.
 */
#include "lib/os/walk.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/os/listing.h"

/* How many folders are opened again at once, on the way back up. */
#define REOPEN_FOLDERS (WALK_OPEN_FOLDERS_MAX / 2)

struct level {
	int fd;	     /* -1: closed */
	int problem; /* it could not be opened again; 0 otherwise */
	uint64_t device, inode;
	struct listing *listing;
	size_t memory; /* of the listing, bytes */
	size_t prefix; /* length of its path and a slash; 0 for the root */
	size_t name;   /* length of its name that was returned last */
};

struct walk {
	struct walk_options options;
	struct level *levels;
	size_t depth, capacity, first_open;
	size_t memory; /* of all listings, bytes */
	struct bytes path;
	struct walk_entry entry; /* what was returned last */
	bool has_entry;
	bool has_entered; /* and the top level is its folder */
	bool has_failed;
	struct error failure;
	char target[PATH_MAX + 1];
};

static struct level *
top(const struct walk *walk)
{
	return &walk->levels[walk->depth - 1];
}

/* The name of the entry that was returned last. */
static const char *
entry_name(const struct walk *walk, const struct level *level)
{
	return (const char *)walk->path.data + level->prefix;
}

/* --- the stack --- */

static void
pop(struct walk *walk)
{
	struct level *level = top(walk);

	if (level->fd >= 0)
		(void)close(level->fd);
	listing_free(level->listing);
	walk->memory -= level->memory;
	walk->depth--;
	if (walk->first_open > walk->depth && walk->depth > 0)
		walk->first_open = walk->depth;
}

/* Close the open folder that will be needed last, if there are too many. */
static void
limit_descriptors(struct walk *walk)
{
	/* The root, and room for one more. */
	if (walk->depth - walk->first_open + 2 <= WALK_OPEN_FOLDERS_MAX)
		return;
	(void)close(walk->levels[walk->first_open].fd);
	walk->levels[walk->first_open].fd = -1;
	walk->first_open++;
}

static int
reserve_level(struct walk *walk, struct error *err)
{
	size_t capacity = 2 * walk->capacity + 16;
	struct level *levels;

	if (walk->depth < walk->capacity)
		return 0;
	levels = realloc(walk->levels, capacity * sizeof(*levels));
	if (levels == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	walk->levels = levels;
	walk->capacity = capacity;
	return 0;
}

/*
 * List the folder and put it on the stack, which owns level.fd from here on.
 * A listing may take half of the memory that is left, so that the folders
 * below have some too.
 */
static int
push(struct walk *walk, struct level level, int *ret_problem, struct error *err)
{
	size_t limit = walk->options.memory_bytes;
	struct listing_options options = {
	    .spill_fd = walk->options.spill_fd,
	    .memory_bytes =
		limit > walk->memory ? (limit - walk->memory) / 2 : 0,
	};

	if (walk->depth > 0)
		options.spill_offset = listing_spill_end(top(walk)->listing);
	if (reserve_level(walk, err) != 0)
		goto fail;
	level.listing = listing_new(level.fd, &options, ret_problem, err);
	if (level.listing == NULL)
		goto fail;
	level.memory = listing_memory(level.listing);
	walk->memory += level.memory;
	walk->levels[walk->depth++] = level;
	return 0;
fail:
	(void)close(level.fd);
	return -1;
}

/* --- opening folders --- */

static bool
is_same(uint64_t device, uint64_t inode, const struct stat *status)
{
	return status->st_dev == device && status->st_ino == inode;
}

/* Open a folder that must be the one that was seen; 0 or an errno value. */
static int
open_folder(const struct walk *walk, int fd, const char *path, uint64_t device,
    uint64_t inode, int *ret_fd)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOATIME, folder_fd, problem = 0;
	struct stat status;
	struct error err;

	if (!walk->options.cross_mounts)
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
reopen_level(struct walk *walk, size_t i, const struct level *from)
{
	struct level *level = &walk->levels[i];
	char *path = (char *)walk->path.data;
	int problem;

	path[level->prefix - 1] = '\0';
	problem = open_folder(walk, from->fd, path + from->prefix,
	    level->device, level->inode, &level->fd);
	path[level->prefix - 1] = '/';
	return problem;
}

/* Open the top level again, and some above it, which are needed next. */
static void
reopen(struct walk *walk)
{
	size_t last = walk->depth - 1;
	size_t first = last < REOPEN_FOLDERS ? 1 : last - REOPEN_FOLDERS + 1;
	struct level *from = &walk->levels[0];
	int problem = 0;

	walk->first_open = first;
	for (size_t i = first; i <= last; i++) {
		if (problem == 0)
			problem = reopen_level(walk, i, from);
		walk->levels[i].problem = problem;
		from = &walk->levels[i];
	}
}

static bool
contains_itself(const struct walk *walk, const struct walk_entry *entry)
{
	for (size_t i = 0; i < walk->depth; i++) {
		if (walk->levels[i].inode == entry->inode &&
		    walk->levels[i].device == entry->device)
			return true;
	}
	return false;
}

/* Make the entry's folder the top level, or say why not in its problem. */
static int
enter(struct walk *walk, struct walk_entry *entry, struct error *err)
{
	struct level level = {
	    .device = entry->device,
	    .inode = entry->inode,
	    .prefix = entry->path_length + 1,
	};

	if (entry->path_length >= WALK_PATH_MAX_BYTES) {
		entry->problem = ENAMETOOLONG;
		return 0;
	}
	if (contains_itself(walk, entry)) {
		entry->problem = ELOOP;
		return 0;
	}
	limit_descriptors(walk);
	entry->problem = open_folder(walk, top(walk)->fd,
	    entry_name(walk, top(walk)), level.device, level.inode, &level.fd);
	if (entry->problem != 0)
		return 0;
	if (push(walk, level, &entry->problem, err) != 0)
		return -1;
	walk->has_entered = true;
	return 0;
}

/* --- entries --- */

static enum walk_type
type_of_d_type(uint8_t d_type)
{
	switch (d_type) {
	case DT_DIR:
		return WALK_FOLDER;
	case DT_LNK:
		return WALK_LINK;
	case DT_FIFO:
		return WALK_FIFO;
	case DT_SOCK:
		return WALK_SOCKET;
	case DT_CHR:
		return WALK_CHAR;
	case DT_BLK:
		return WALK_BLOCK;
	default:
		return WALK_FILE;
	}
}

static void
copy_status(struct walk_entry *entry, const struct statx *status)
{
	entry->type = type_of_d_type((uint8_t)IFTODT(status->stx_mode));
	entry->size = status->stx_size;
	entry->inode = status->stx_ino;
	entry->device = makedev(status->stx_dev_major, status->stx_dev_minor);
	entry->links = status->stx_nlink;
	entry->blocks_512 = status->stx_blocks;
	entry->mtime_seconds = status->stx_mtime.tv_sec;
	entry->mtime_nanoseconds = status->stx_mtime.tv_nsec;
	entry->ctime_seconds = status->stx_ctime.tv_sec;
	entry->ctime_nanoseconds = status->stx_ctime.tv_nsec;
	entry->mode = status->stx_mode & 07777;
	entry->is_known = true;
}

/* 0 or an errno value. */
static int
read_target(struct walk *walk, int fd, const char *name)
{
	ssize_t length =
	    readlinkat(fd, name, walk->target, sizeof(walk->target));

	/* EINVAL: no link any more. */
	if (length < 0)
		return errno == EINVAL ? ESTALE : errno;
	if ((size_t)length == sizeof(walk->target))
		return ENAMETOOLONG;
	walk->target[length] = '\0';
	walk->entry.link_target = walk->target;
	walk->entry.link_length = (size_t)length;
	return 0;
}

/* Look at the name whose path stands in walk->path. */
static void
look(struct walk *walk, const struct level *level, uint8_t d_type)
{
	struct walk_entry *entry = &walk->entry;
	const char *name = entry_name(walk, level);
	struct statx status;

	*entry = (struct walk_entry){
	    .path = (const char *)walk->path.data,
	    .path_length = walk->path.length - 1,
	    .type = type_of_d_type(d_type),
	    .problem = level->problem,
	};
	if (entry->problem != 0)
		return;
	if (statx(level->fd, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
		STATX_BASIC_STATS, &status) != 0) {
		entry->problem = errno;
		return;
	}
	copy_status(entry, &status);
	if (!walk->options.cross_mounts &&
	    (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0)
		entry->problem = EXDEV;
	else if (entry->type == WALK_LINK)
		entry->problem = read_target(walk, level->fd, name);
}

/*
 * The next name of the top level, put behind its prefix in walk->path.  As
 * listing_next.
 */
static int
next_name(struct walk *walk, uint8_t *ret_d_type, struct error *err)
{
	struct level *level = top(walk);
	struct bytes *path = &walk->path;
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

static int
next_entry(struct walk *walk, struct error *err)
{
	struct level *level;
	uint8_t d_type;
	int rc;

	for (;;) {
		if (walk->depth == 0)
			return 0;
		rc = next_name(walk, &d_type, err);
		if (rc < 0)
			return -1;
		if (rc > 0)
			break;
		pop(walk);
	}
	level = top(walk);
	if (level->fd < 0 && level->problem == 0)
		reopen(walk);
	look(walk, level, d_type);
	if (walk->entry.type == WALK_FOLDER && walk->entry.problem == 0 &&
	    enter(walk, &walk->entry, err) != 0)
		return -1;
	return 1;
}

/* --- the walk --- */

struct walk *
walk_new(int root_fd, const struct walk_options *options, struct error *err)
{
	struct walk *walk = calloc(1, sizeof(*walk));
	struct level root = {0};
	struct stat status;
	int problem;

	if (walk == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		return NULL;
	}
	walk->options = *options;
	walk->first_open = 1;
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
	if (push(walk, root, &problem, err) != 0)
		goto fail;
	if (problem != 0) {
		(void)error_set_errno(err, problem, _("cannot list folder"));
		goto fail;
	}
	return walk;
fail:
	walk_free(walk);
	return NULL;
}

void
walk_free(struct walk *walk)
{
	if (walk == NULL)
		return;
	while (walk->depth > 0)
		pop(walk);
	bytes_done(&walk->path);
	free(walk->levels);
	free(walk);
}

int
walk_next(struct walk *walk, struct walk_entry *ret_entry, struct error *err)
{
	int rc = -1;

	walk->has_entered = false;
	walk->has_entry = false;
	if (!walk->has_failed)
		rc = next_entry(walk, &walk->failure);
	if (rc < 0) {
		walk->has_failed = true;
		if (err != NULL)
			*err = walk->failure;
		return -1;
	}
	walk->has_entry = rc > 0;
	if (walk->has_entry)
		*ret_entry = walk->entry;
	return rc;
}

void
walk_skip(struct walk *walk)
{
	if (walk->has_entered)
		pop(walk);
	walk->has_entered = false;
}

int
walk_open_file(struct walk *walk, int *ret_fd, struct error *err)
{
	const struct walk_entry *entry = &walk->entry;
	const struct level *level;
	struct stat status;
	int fd;

	if (!walk->has_entry || entry->type != WALK_FILE || entry->problem != 0)
		return error_set(
		    err, ERROR_USAGE, _("not a file that can be opened"));
	level = top(walk);
	if (file_open_below(level->fd, entry_name(walk, level),
		O_RDONLY | O_NOFOLLOW | O_NOATIME, &fd, err) != 0) {
		if (err != NULL && err->os_errno == ELOOP)
			return error_set_errno(
			    err, ESTALE, _("cannot open file"));
		return -1;
	}
	if (fstat(fd, &status) != 0) {
		(void)error_set_errno(err, errno, _("cannot open file"));
		goto fail;
	}
	if (!S_ISREG(status.st_mode) ||
	    !is_same(entry->device, entry->inode, &status)) {
		(void)error_set_errno(err, ESTALE, _("cannot open file"));
		goto fail;
	}
	*ret_fd = fd;
	return 0;
fail:
	(void)close(fd);
	return -1;
}
