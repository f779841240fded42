#include "lib/os/descend.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Close without losing the errno that is about to be reported. */
static int
close_failed(int fd, int os_errno)
{
	(void)close(fd);
	errno = os_errno;
	return -1;
}

/* Whether the name itself is a symbolic link. */
static bool
is_link(int folder_fd, const char *name)
{
	struct stat st;

	return fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISLNK(st.st_mode);
}

/* 0 where the descriptor may be handed out, else an errno value. */
static int
check(int fd, int flags, bool same_mount)
{
	struct statx facts;

	/* O_PATH without O_DIRECTORY opens a link itself. */
	if (!same_mount && (flags & (O_PATH | O_DIRECTORY)) != O_PATH)
		return 0;
	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE,
		&facts) != 0)
		return errno;
	if (S_ISLNK(facts.stx_mode))
		return ELOOP;
	/* Its root is not in the folder but mounted on it. */
	return same_mount && (facts.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0
		   ? EXDEV
		   : 0;
}

/* Open what is in the folder under one name. */
static int
open_name(int folder_fd, const char *name, int flags, bool same_mount)
{
	const bool is_itself = strcmp(name, ".") == 0;
	int fd = openat(folder_fd, name, flags | O_NOFOLLOW | O_CLOEXEC, 0600);
	int problem;

	if (fd < 0 && errno == ENOTDIR && (flags & O_DIRECTORY) != 0)
		errno = is_link(folder_fd, name) ? ELOOP : ENOTDIR;
	if (fd < 0)
		return -1;
	problem = check(fd, flags, same_mount && !is_itself);
	return problem == 0 ? fd : close_failed(fd, problem);
}

/* Open the folder of the next name, and step over it and its slashes. */
static int
open_next(int folder_fd, const char **path, size_t length, bool same_mount)
{
	char name[NAME_MAX + 1];

	if (length > NAME_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name, *path, length);
	name[length] = '\0';
	*path += length;
	*path += strspn(*path, "/");
	return open_name(folder_fd, name, O_PATH | O_DIRECTORY, same_mount);
}

int
descend_open(int root_fd, const char *path, int flags, bool same_mount)
{
	int folder_fd = root_fd, fd;

	for (;;) {
		const size_t length = strcspn(path, "/");

		if (path[length] == '\0')
			break;
		fd = open_next(folder_fd, &path, length, same_mount);
		if (folder_fd != root_fd)
			(void)close_failed(folder_fd, errno);
		if (fd < 0)
			return -1;
		folder_fd = fd;
	}
	/* A path that ends in a slash names a folder. */
	fd = path[0] != '\0' ? open_name(folder_fd, path, flags, same_mount)
			     : open_name(folder_fd, ".", flags, same_mount);
	if (folder_fd != root_fd)
		(void)close_failed(folder_fd, errno);
	return fd;
}
