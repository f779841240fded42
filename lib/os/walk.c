#include "lib/os/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/os/trail.h"

struct walk {
	struct trail *trail;
	bool cross_mounts;
	int folder_fd;		 /* of the folder that has the entry */
	struct walk_entry entry; /* what was returned last */
	bool has_entry;
	bool has_entered; /* and its folder is the deepest of the trail */
	bool has_failed;
	struct error failure;
	char target[PATH_MAX + 1];
};

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
	entry->is_immutable =
	    (status->stx_attributes & status->stx_attributes_mask &
		STATX_ATTR_IMMUTABLE) != 0;
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

/* Look at the name that was taken from the trail. */
static void
look(struct walk *walk, uint8_t d_type)
{
	struct walk_entry *entry = &walk->entry;
	const char *name = trail_name(walk->trail);
	struct statx status;

	*entry = (struct walk_entry){.type = type_of_d_type(d_type)};
	entry->path = trail_path(walk->trail, &entry->path_length);
	entry->problem = trail_folder(walk->trail, &walk->folder_fd);
	if (entry->problem != 0)
		return;
	if (statx(walk->folder_fd, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
		STATX_BASIC_STATS, &status) != 0) {
		entry->problem = errno;
		return;
	}
	copy_status(entry, &status);
	if (!walk->cross_mounts &&
	    (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0)
		entry->problem = EXDEV;
	else if (entry->type == WALK_LINK)
		entry->problem = read_target(walk, walk->folder_fd, name);
}

static int
next_entry(struct walk *walk, struct error *err)
{
	struct walk_entry *entry = &walk->entry;
	uint8_t d_type;
	int rc = trail_next(walk->trail, &d_type, err);

	if (rc != 1)
		return rc;
	look(walk, d_type);
	if (entry->type == WALK_FOLDER && entry->problem == 0 &&
	    trail_enter(walk->trail, entry->device, entry->inode,
		&walk->has_entered, &entry->problem, err) != 0)
		return -1;
	return 1;
}

/* --- the walk --- */

struct walk *
walk_new(int root_fd, const struct walk_options *options, struct error *err)
{
	struct trail_options trail_options = {
	    .spill_fd = options->spill_fd,
	    .memory_bytes = options->memory_bytes,
	    .cross_mounts = options->cross_mounts,
	    .open_folders_max = WALK_OPEN_FOLDERS_MAX,
	    .path_max_bytes = WALK_PATH_MAX_BYTES,
	};
	struct walk *walk = calloc(1, sizeof(*walk));

	if (walk == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		return NULL;
	}
	walk->cross_mounts = options->cross_mounts;
	walk->trail = trail_new(root_fd, &trail_options, err);
	if (walk->trail == NULL) {
		walk_free(walk);
		return NULL;
	}
	return walk;
}

void
walk_free(struct walk *walk)
{
	if (walk == NULL)
		return;
	trail_free(walk->trail);
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
		trail_leave(walk->trail);
	walk->has_entered = false;
}

int
walk_open_file(struct walk *walk, int *ret_fd, struct error *err)
{
	const struct walk_entry *entry = &walk->entry;
	struct stat status;
	int fd;

	if (!walk->has_entry || entry->type != WALK_FILE || entry->problem != 0)
		return error_set(
		    err, ERROR_USAGE, _("not a file that can be opened"));
	if (file_open_below(walk->folder_fd, trail_name(walk->trail),
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
	if (!S_ISREG(status.st_mode) || status.st_dev != entry->device ||
	    status.st_ino != entry->inode) {
		(void)error_set_errno(err, ESTALE, _("cannot open file"));
		goto fail;
	}
	*ret_fd = fd;
	return 0;
fail:
	(void)close(fd);
	return -1;
}
