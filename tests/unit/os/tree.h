/*
 * A folder for one test, and what tests of the file system do in it.
 *
 * Include it after cmocka.h.  In a test: tree_set_up, tree_tear_down.
 */
#ifndef HIKAE_TESTS_UNIT_OS_TREE_H
#define HIKAE_TESTS_UNIT_OS_TREE_H

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder's path and its descriptor. */
static char base[64];
static int root_fd = -1;

static inline int
tree_set_up_in(const char *folder)
{
	(void)snprintf(base, sizeof(base), "%s/hikae-tree-XXXXXX", folder);
	if (mkdtemp(base) == NULL || chmod(base, 0755) != 0)
		return -1;
	root_fd = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return root_fd < 0 ? -1 : 0;
}

static inline int
tree_set_up(void **state)
{
	(void)state;
	return tree_set_up_in("/tmp");
}

/* For many files: in memory, if there is such a place. */
static inline int
tree_set_up_in_memory(void **state)
{
	(void)state;
	return tree_set_up_in(
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
}

/* Mount something on "mounted", or on "other", in the folder; 0 or -1. */
static inline int
tree_mount(const char *source, const char *name, const char *type)
{
	char path[sizeof(base) + 16];

	(void)snprintf(path, sizeof(path), "%s/%s", base, name);
	return mount(source, path, type, type == NULL ? MS_BIND : 0, NULL);
}

static inline int
tree_unmount(const char *name)
{
	char path[sizeof(base) + 16];

	(void)snprintf(path, sizeof(path), "%s/%s", base, name);
	return umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW);
}

/* Also after a test that failed half-way: nothing stays mounted. */
static inline int
tree_tear_down(void **state)
{
	char command[sizeof(base) + 32];

	(void)state;
	(void)tree_unmount("mounted");
	(void)tree_unmount("other");
	(void)close(root_fd);
	(void)snprintf(
	    command, sizeof(command), "rm -rf --one-file-system %s", base);
	return system(command);
}

/* Write a file, new or not. */
static inline void
put_content(const char *path, const char *content)
{
	size_t length = strlen(content);
	int fd = openat(root_fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, length), length);
	(void)close(fd);
}

/* The file has this content, of less than 100 bytes. */
static inline void
assert_content(const char *path, const char *content)
{
	char buffer[100];
	size_t length = strlen(content);
	int fd = openat(root_fd, path, O_RDONLY, 0);

	assert_true(fd >= 0);
	assert_int_equal(read(fd, buffer, sizeof(buffer)), length);
	assert_memory_equal(buffer, content, length);
	(void)close(fd);
}

/* A file that contains its path. */
static inline void
put(const char *path)
{
	put_content(path, path);
}

static inline void
put_folder(const char *path)
{
	assert_int_equal(mkdirat(root_fd, path, 0755), 0);
}

/* How many names are in the root. */
static inline int
count_names(void)
{
	DIR *dir = opendir(base);
	int count = -2;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		count++;
	(void)closedir(dir);
	return count;
}

/* How many descriptors this process has. */
static inline int
count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		count++;
	(void)closedir(dir);
	return count;
}

#endif
