/*
 * Opening below a root, making folders, reading whole files: with openat2(2),
 * and as in the sandbox, where it does not exist.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <seccomp.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/os/file.h"
#include "tests/unit/os/tree.h"

static const struct {
	const char *path;
	int flags, os_errno; /* 0: it opens */
} openings[] = {
    {"folder/file", O_RDONLY, 0},
    {"folder/./file", O_RDONLY, 0},
    {"folder//file", O_RDONLY, 0},
    {"folder/", O_RDONLY | O_DIRECTORY, 0},
    {"folder/..file", O_RDONLY, ENOENT},
    {"folder/file..", O_RDONLY, ENOENT},
    {"file", O_RDONLY, ENOENT},
    {"", O_RDONLY, ENOENT},
    {"/etc/passwd", O_RDONLY, EXDEV},
    {"..", O_RDONLY, EXDEV},
    {"../etc", O_RDONLY, EXDEV},
    {"folder/../folder/file", O_RDONLY, EXDEV},
    {"folder/..", O_RDONLY, EXDEV},
    {"link", O_RDONLY, ELOOP},
    {"folder-link/file", O_RDONLY, ELOOP},
    {"out/passwd", O_RDONLY, ELOOP},
    {"folder/file/x", O_RDONLY, ENOTDIR},
    {"folder/file", O_RDONLY | O_DIRECTORY, ENOTDIR},
    {"folder/new", O_WRONLY | O_CREAT | O_EXCL, 0},
    {"folder/file", O_WRONLY | O_CREAT | O_EXCL, EEXIST},
    {"folder", O_PATH, 0},
    {"folder/file", O_PATH, 0},
    {"folder/file", O_PATH | O_DIRECTORY, ENOTDIR},
    {"link", O_PATH, ELOOP},
    {"link", O_WRONLY | O_CREAT, ELOOP},
    {"folder-link", O_PATH, ELOOP},
    {"folder-link", O_RDONLY | O_DIRECTORY, ELOOP},
    {"folder-link/", O_RDONLY | O_DIRECTORY, ELOOP},
    {"folder/file", O_RDONLY | O_NOATIME, 0},
    {"fifo", O_RDONLY, 0},
    {"fifo", O_WRONLY, ENXIO},
};

static void
opens_only_below_the_root(void **state)
{
	struct stat status;
	int before = count_descriptors();

	(void)state;
	assert_int_equal(mkdirat(root_fd, "folder", 0755), 0);
	put("folder/file");
	assert_int_equal(symlinkat("folder/file", root_fd, "link"), 0);
	assert_int_equal(symlinkat("folder", root_fd, "folder-link"), 0);
	assert_int_equal(symlinkat("/etc", root_fd, "out"), 0);
	assert_int_equal(mkfifoat(root_fd, "fifo", 0600), 0);
	for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++) {
		struct error err = {0};
		int fd = -1;
		int rc = file_open_below(
		    root_fd, openings[i].path, openings[i].flags, &fd, &err);

		if (openings[i].os_errno != 0) {
			assert_int_equal(rc, -1);
			assert_int_equal(err.os_errno, openings[i].os_errno);
			assert_int_equal(fd, -1);
			continue;
		}
		assert_int_equal(rc, 0);
		assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
		if ((openings[i].flags & O_PATH) == 0)
			assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
		(void)close(fd);
	}
	assert_int_equal(fstatat(root_fd, "folder/new", &status, 0), 0);
	assert_int_equal(status.st_mode & 07177, 0);
	assert_int_equal(count_descriptors(), before);
}

static void
a_folder_may_be_opened_through_links(void **state)
{
	char path[sizeof(base) + 8];
	struct error err;
	int fd;

	(void)state;
	assert_int_equal(symlinkat(".", root_fd, "here"), 0);
	(void)snprintf(path, sizeof(path), "%s/here", base);
	assert_int_equal(file_open_folder(path, &fd, &err), 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	(void)close(fd);
	(void)snprintf(path, sizeof(path), "%s/no", base);
	assert_int_equal(file_open_folder(path, &fd, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
}

/* 40 folders whose names have 250 bytes: a path of 10,000 bytes. */
static void
paths_may_be_longer_than_one_call_takes(void **state)
{
	char path[40 * 251 + 8] = "";
	char name[251];
	int before = count_descriptors(), fd;
	struct error err;

	(void)state;
	memset(name, 'n', 250);
	name[250] = '\0';
	for (size_t i = 0; i < 40; i++) {
		memcpy(path + 251 * i, name, 250);
		path[251 * i + 250] = i < 39 ? '/' : '\0';
	}
	assert_int_equal(file_make_folders(root_fd, path, 0750, &err), 0);
	assert_int_equal(file_make_folders(root_fd, path, 0750, &err), 0);
	assert_int_equal(count_descriptors(), before);
	assert_int_equal(
	    file_open_below(root_fd, path, O_RDONLY | O_DIRECTORY, &fd, &err),
	    0);
	assert_int_equal(symlinkat(".", fd, "link"), 0);
	(void)close(fd);
	memcpy(path + 40 * 251 - 1, "/link", 6);
	assert_int_equal(
	    file_open_below(root_fd, path, O_RDONLY, &fd, &err), -1);
	assert_int_equal(err.os_errno, ELOOP);
	assert_int_equal(count_descriptors(), before);
	/* One component that is too long, alone and behind a folder. */
	memset(path, 'n', 5000);
	path[5000] = '\0';
	assert_int_equal(
	    file_open_below(root_fd, path, O_RDONLY, &fd, &err), -1);
	assert_int_equal(err.os_errno, ENAMETOOLONG);
	path[250] = '/';
	assert_int_equal(
	    file_open_below(root_fd, path, O_RDONLY, &fd, &err), -1);
	assert_int_equal(err.os_errno, ENAMETOOLONG);
	assert_int_equal(file_make_folders(root_fd, path, 0750, &err), -1);
	assert_int_equal(err.os_errno, ENAMETOOLONG);
	assert_int_equal(count_descriptors(), before);
}

/* Where the path turns into slashes exactly at the length of one piece. */
static void
pieces_may_end_in_slashes(void **state)
{
	char path[PATH_MAX + 100];
	struct stat status, expected;
	struct error err;
	int fd;

	(void)state;
	assert_int_equal(mkdirat(root_fd, "f", 0755), 0);
	put("f/g");
	memset(path, '/', sizeof(path));
	memcpy(path, "f", 1);
	memcpy(path + sizeof(path) - 2, "g", 2);
	assert_int_equal(
	    file_open_below(root_fd, path, O_RDONLY, &fd, &err), 0);
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(fstatat(root_fd, "f/g", &expected, 0), 0);
	assert_true(status.st_ino == expected.st_ino);
	(void)close(fd);
	path[sizeof(path) - 2] = '\0';
	assert_int_equal(
	    file_open_below(root_fd, path, O_RDONLY, &fd, &err), 0);
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(fstatat(root_fd, "f", &expected, 0), 0);
	assert_true(status.st_ino == expected.st_ino);
	(void)close(fd);
}

static void
a_mount_is_not_crossed(void **state)
{
	struct error err;
	int fd, mounted_fd;

	(void)state;
	assert_int_equal(mkdirat(root_fd, "mounted", 0755), 0);
	assert_int_equal(mkdirat(root_fd, "folder", 0755), 0);
	if (tree_mount(base, "mounted", NULL) != 0) {
		print_message("cannot mount here: %s\n", strerror(errno));
		skip();
	}
	assert_int_equal(
	    file_open_below(root_fd, "mounted", O_RDONLY, &fd, &err), 0);
	(void)close(fd);
	assert_int_equal(file_open_below(root_fd, "mounted",
			     O_RDONLY | FILE_SAME_MOUNT, &fd, &err),
	    -1);
	assert_int_equal(err.os_errno, EXDEV);
	/* Nor on the way; its own root, again by name, is no crossing. */
	assert_int_equal(file_open_below(root_fd, "mounted/folder",
			     O_PATH | O_DIRECTORY | FILE_SAME_MOUNT, &fd, &err),
	    -1);
	assert_int_equal(err.os_errno, EXDEV);
	assert_int_equal(
	    file_open_below(root_fd, "mounted", O_PATH, &mounted_fd, &err), 0);
	assert_int_equal(file_open_below(mounted_fd, ".",
			     O_RDONLY | FILE_SAME_MOUNT, &fd, &err),
	    0);
	(void)close(fd);
	assert_int_equal(file_open_below(mounted_fd, "./folder",
			     O_RDONLY | FILE_SAME_MOUNT, &fd, &err),
	    0);
	(void)close(fd);
	(void)close(mounted_fd);
	assert_int_equal(tree_unmount("mounted"), 0);
}

static void
makes_folders_that_are_missing(void **state)
{
	struct stat status;
	struct error err;

	(void)state;
	assert_int_equal(file_make_folders(root_fd, "a/b//c/", 0750, &err), 0);
	assert_int_equal(fstatat(root_fd, "a/b/c", &status, 0), 0);
	assert_int_equal(status.st_mode, S_IFDIR | 0750);
	assert_int_equal(symlinkat("/tmp", root_fd, "out"), 0);
	assert_int_equal(file_make_folders(root_fd, "out/x", 0750, &err), -1);
	assert_true(err.os_errno == ELOOP || err.os_errno == ENOTDIR);
	put("a/file");
	assert_int_equal(
	    file_make_folders(root_fd, "a/file/x", 0750, &err), -1);
	assert_int_equal(err.os_errno, ENOTDIR);
	assert_int_equal(file_make_folders(root_fd, "a/../x", 0750, &err), -1);
	assert_int_equal(err.os_errno, EXDEV);
	assert_int_equal(file_make_folders(root_fd, "", 0750, &err), -1);
	assert_int_equal(err.os_errno, ENOENT);
}

static void
reads_up_to_the_limit(void **state)
{
	static char content[70001];
	struct bytes bytes = BYTES_EMPTY;
	struct error err;
	int fd;

	(void)state;
	memset(content, 'x', 70000);
	put_content("file", content);
	for (size_t limit = 69999; limit <= 70001; limit++) {
		assert_int_equal(
		    file_open_below(root_fd, "file", O_RDONLY, &fd, &err), 0);
		if (limit < 70000) {
			assert_int_equal(
			    file_read_whole(fd, limit, &bytes, &err), -1);
			assert_int_equal(err.code, ERROR_LIMIT);
			assert_int_equal(bytes.length, 0);
		} else {
			assert_int_equal(
			    file_read_whole(fd, limit, &bytes, &err), 0);
			assert_int_equal(bytes.length, 70000);
		}
		(void)close(fd);
	}
	/* A folder cannot be read. */
	assert_int_equal(file_read_whole(root_fd, 10, &bytes, &err), -1);
	assert_int_equal(err.os_errno, EISDIR);
	bytes_done(&bytes);
}

/* From now on openat2 does not exist, as in the sandbox. */
static void
forbid_openat2(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	struct open_how how = {.flags = O_RDONLY};

	if (filter == NULL ||
	    seccomp_rule_add(
		filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(openat2), 0) != 0 ||
	    seccomp_load(filter) != 0 ||
	    syscall(SYS_openat2, AT_FDCWD, "/", &how, sizeof(how)) >= 0 ||
	    errno != ENOSYS) {
		(void)fprintf(stderr, "openat2 cannot be forbidden\n");
		exit(1);
	}
	seccomp_release(filter);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, tree_set_up, tree_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(opens_only_below_the_root),
	    TEST(a_folder_may_be_opened_through_links),
	    TEST(paths_may_be_longer_than_one_call_takes),
	    TEST(pieces_may_end_in_slashes),
	    TEST(a_mount_is_not_crossed),
	    TEST(makes_folders_that_are_missing),
	    TEST(reads_up_to_the_limit),
	};

	int failed = cmocka_run_group_tests_name("openat2", tests, NULL, NULL);

	forbid_openat2();
	failed += cmocka_run_group_tests_name("by names", tests, NULL, NULL);
	return failed;
}
