#include "lib/os/remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"

struct removing {
	const struct remove_events *events;
	uint64_t removed;
	int fd; /* the folder that is being emptied */
	uint64_t depth;
	char child[NAME_MAX + 1]; /* a folder in it that is not empty */
};

/* A program may have taken its own rights away. */
static int
enter(struct removing *removing, struct error *err)
{
	int flags = O_RDONLY | O_DIRECTORY | FILE_SAME_MOUNT, next;

	if (file_open_below(removing->fd, removing->child, flags, &next, err) !=
	    0) {
		if (err->os_errno != EACCES ||
		    fchmodat(removing->fd, removing->child, 0700, 0) != 0 ||
		    file_open_below(
			removing->fd, removing->child, flags, &next, err) != 0)
			return -1;
	} else if (fchmod(next, 0700) != 0) {
		(void)close(next);
		return error_set_errno(err, errno, _("cannot remove"));
	}
	(void)close(removing->fd);
	removing->fd = next;
	removing->depth++;
	return 0;
}

/* The folder is empty now: back to the one that holds it. */
static int
leave(struct removing *removing, struct error *err)
{
	int parent = openat(removing->fd, "..",
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	if (parent < 0)
		return error_set_errno(err, errno, _("cannot remove"));
	(void)close(removing->fd);
	removing->fd = parent;
	removing->depth--;
	return 0;
}

/* Remove one name: 1 it was, 0 it is a folder with something in it, -1. */
static int
remove_name(struct removing *removing, const char *name, struct error *err)
{
	if (unlinkat(removing->fd, name, 0) == 0) {
		removing->removed++;
		return 1;
	}
	if (errno == EISDIR || errno == EPERM) {
		if (unlinkat(removing->fd, name, AT_REMOVEDIR) == 0)
			return 1;
		if (errno == ENOTEMPTY || errno == EEXIST) {
			(void)snprintf(removing->child, sizeof(removing->child),
			    "%s", name);
			return 0;
		}
	}
	return error_set_errno(err, errno, _("cannot remove"));
}

/* Empty one folder: 1 it is empty, 0 there is a child to enter, -1. */
static int
empty(struct removing *removing, struct error *err)
{
	int fd = openat(removing->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;
	int got = 1;

	if (folder == NULL) {
		(void)error_set_errno(err, errno, _("cannot remove"));
		if (fd >= 0)
			(void)close(fd);
		return -1;
	}
	while (got == 1 && (errno = 0, entry = readdir(folder)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			got = remove_name(removing, entry->d_name, err);
	if (got == 1 && errno != 0)
		got = error_set_errno(err, errno, _("cannot remove"));
	(void)closedir(folder);
	return got;
}

int
remove_content(
    int folder_fd, const struct remove_events *events, struct error *err)
{
	struct removing removing = {.events = events, .fd = dup(folder_fd)};
	int got, rc = -1;

	if (removing.fd < 0)
		return error_set_errno(err, errno, _("cannot remove"));
	while ((got = empty(&removing, err)) >= 0) {
		if (events != NULL && events->progress != NULL &&
		    events->progress(events->context, removing.removed, err) !=
			0)
			break;
		if (got == 0 && enter(&removing, err) != 0)
			break;
		if (got == 1 && removing.depth == 0) {
			rc = 0;
			break;
		}
		if (got == 1 && leave(&removing, err) != 0)
			break;
	}
	(void)close(removing.fd);
	return rc;
}
