/* Opening below a root, replacing files, and every call failing in turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/os/file.h"

/* Calls of the functions below until one fails; negative: none does. */
static int calls_left = -1;
static int fault;
static bool fails_for_good;

static bool
is_faulty(void)
{
	if (calls_left < 0)
		return false;
	if (calls_left > 0) {
		calls_left--;
		return false;
	}
	if (!fails_for_good)
		calls_left = -1;
	errno = fault;
	return true;
}

#define WRAP(type, name, parameters, arguments)                    \
	type __real_##name parameters;                             \
	type __wrap_##name parameters;                             \
	type __wrap_##name parameters                              \
	{                                                          \
		return is_faulty() ? -1 : __real_##name arguments; \
	}

WRAP(ssize_t, write, (int fd, const void *data, size_t length),
    (fd, data, length))
WRAP(ssize_t, read, (int fd, void *data, size_t length), (fd, data, length))
WRAP(int, fsync, (int fd), (fd))
WRAP(int, fchmod, (int fd, mode_t mode), (fd, mode))
WRAP(int, mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode))
WRAP(int, renameat, (int from_fd, const char *from, int to_fd, const char *to),
    (from_fd, from, to_fd, to))
WRAP(int, openat64, (int fd, const char *path, int flags, mode_t mode),
    (fd, path, flags, mode))
WRAP(long, syscall, (long number, long a, long b, long c, long d),
    (number, a, b, c, d))

static char base[] = "/tmp/hikae-file-XXXXXX";
static int root_fd = -1;

static int
set_up(void **state)
{
	(void)state;
	calls_left = -1;
	memcpy(base + sizeof(base) - 7, "XXXXXX", 6);
	if (mkdtemp(base) == NULL)
		return -1;
	root_fd = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return root_fd < 0 ? -1 : 0;
}

static int
tear_down(void **state)
{
	char command[sizeof(base) + 16];

	(void)state;
	calls_left = -1;
	(void)close(root_fd);
	(void)snprintf(command, sizeof(command), "rm -rf %s", base);
	return system(command);
}

/* How many descriptors this process has. */
static int
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

/* How many names are in the root. */
static int
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

static void
put(const char *path, const char *content)
{
	int fd = openat(root_fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(
	    __real_write(fd, content, strlen(content)), strlen(content));
	(void)close(fd);
}

static void
assert_content(const char *path, const char *content)
{
	struct bytes bytes = BYTES_EMPTY;
	struct error err;
	int fd;

	assert_int_equal(
	    file_open_below(root_fd, path, O_RDONLY, &fd, &err), 0);
	assert_int_equal(file_read_whole(fd, 1000, &bytes, &err), 0);
	assert_int_equal(bytes.length, strlen(content));
	if (bytes.length > 0)
		assert_memory_equal(bytes.data, content, bytes.length);
	bytes_done(&bytes);
	(void)close(fd);
}

static void
opens_only_below_the_root(void **state)
{
	static const struct {
		const char *path;
		int flags, os_errno; /* 0: it opens */
	} cases[] = {
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
	    {"fifo", O_RDONLY, 0},
	    {"fifo", O_WRONLY, ENXIO},
	};
	struct stat status;
	int before = count_descriptors();

	(void)state;
	assert_int_equal(mkdirat(root_fd, "folder", 0755), 0);
	put("folder/file", "x");
	assert_int_equal(symlinkat("folder/file", root_fd, "link"), 0);
	assert_int_equal(symlinkat("folder", root_fd, "folder-link"), 0);
	assert_int_equal(symlinkat("/etc", root_fd, "out"), 0);
	assert_int_equal(mkfifoat(root_fd, "fifo", 0600), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = {0};
		int fd = -1;
		int rc = file_open_below(
		    root_fd, cases[i].path, cases[i].flags, &fd, &err);

		if (cases[i].os_errno != 0) {
			assert_int_equal(rc, -1);
			assert_int_equal(err.os_errno, cases[i].os_errno);
			assert_int_equal(fd, -1);
			continue;
		}
		assert_int_equal(rc, 0);
		assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
		if ((cases[i].flags & O_PATH) == 0)
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

static void
no_atime_is_a_wish(void **state)
{
	struct error err;
	int fd;

	(void)state;
	put("file", "x");
	/* As if the file were somebody else's. */
	fault = EPERM;
	fails_for_good = false;
	calls_left = 0;
	assert_int_equal(
	    file_open_below(root_fd, "file", O_RDONLY | O_NOATIME, &fd, &err),
	    0);
	assert_int_equal(fcntl(fd, F_GETFL) & O_NOATIME, 0);
	(void)close(fd);
	calls_left = 0;
	assert_int_equal(
	    file_open_below(root_fd, "file", O_RDONLY, &fd, &err), -1);
	assert_int_equal(err.code, ERROR_DENIED);
	assert_int_equal(
	    file_open_below(root_fd, "file", O_RDONLY | O_NOATIME, &fd, &err),
	    0);
	assert_true((fcntl(fd, F_GETFL) & O_NOATIME) != 0);
	(void)close(fd);
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
	for (int i = 0; i < 40; i++) {
		strcat(path, i > 0 ? "/" : "");
		strcat(path, name);
	}
	assert_int_equal(file_make_folders(root_fd, path, 0750, &err), 0);
	assert_int_equal(file_make_folders(root_fd, path, 0750, &err), 0);
	assert_int_equal(count_descriptors(), before);
	assert_int_equal(
	    file_open_below(root_fd, path, O_RDONLY | O_DIRECTORY, &fd, &err),
	    0);
	assert_int_equal(symlinkat(".", fd, "link"), 0);
	(void)close(fd);
	strcat(path, "/link");
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
	put("f/g", "x");
	memset(path, '/', sizeof(path));
	memcpy(path, "f", 1);
	strcpy(path + sizeof(path) - 2, "g");
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
	char path[sizeof(base) + 8];
	struct error err;
	int fd;

	(void)state;
	assert_int_equal(mkdirat(root_fd, "mounted", 0755), 0);
	(void)snprintf(path, sizeof(path), "%s/mounted", base);
	if (mount(base, path, NULL, MS_BIND, NULL) != 0) {
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
	assert_int_equal(umount(path), 0);
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
	put("a/file", "x");
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
	put("file", content);
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

static void
a_temporary_file_has_no_name(void **state)
{
	/* The second time as on a file system without O_TMPFILE. */
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct error err;
		struct stat status;
		char data[4];
		int fd;

		fault = EOPNOTSUPP;
		fails_for_good = false;
		calls_left = i == 0 ? -1 : 0;
		assert_int_equal(file_temporary(root_fd, &fd, &err), 0);
		assert_int_equal(count_names(), 0);
		assert_int_equal(fstat(fd, &status), 0);
		assert_int_equal(status.st_nlink, 0);
		assert_int_equal(status.st_mode & 0177, 0);
		assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
		assert_int_equal(file_write_all(fd, "abcd", 4, &err), 0);
		assert_int_equal(pread(fd, data, 4, 0), 4);
		assert_memory_equal(data, "abcd", 4);
		(void)close(fd);
	}
}

/* The whole of a replacement; 0 or -1, with nothing left in either case. */
static int
replace(const char *content, struct error *err)
{
	struct file_replacement r = {0};
	int rc = -1;

	if (file_replacement_begin(&r, root_fd, "file", 0644, err) != 0 ||
	    file_write_all(r.fd, content, strlen(content), err) != 0 ||
	    file_replacement_commit(&r, err) != 0)
		goto out;
	rc = 0;
out:
	file_replacement_rollback(&r);
	file_replacement_rollback(&r);
	return rc;
}

static void
replaces_a_file(void **state)
{
	struct file_replacement r = {0};
	mode_t mask = umask(077);
	struct stat status;
	struct error err;
	int before = count_descriptors();

	(void)state;
	assert_int_equal(replace("first", &err), 0);
	assert_content("file", "first");
	assert_int_equal(replace("second", &err), 0);
	assert_content("file", "second");
	assert_int_equal(fstatat(root_fd, "file", &status, 0), 0);
	assert_int_equal(status.st_mode, S_IFREG | 0644);
	assert_int_equal(count_names(), 1);
	/* Rolled back. */
	assert_int_equal(
	    file_replacement_begin(&r, root_fd, "file", 0600, &err), 0);
	assert_int_equal(file_write_all(r.fd, "third", 5, &err), 0);
	assert_int_equal(count_names(), 2);
	file_replacement_rollback(&r);
	file_replacement_rollback(&r);
	file_replacement_rollback(NULL);
	assert_content("file", "second");
	assert_int_equal(count_names(), 1);
	assert_int_equal(count_descriptors(), before);
	(void)umask(mask);
}

/* Invariant: old or new content, whole; no descriptor or name is left. */
static void
every_call_of_a_replacement_may_fail(void **state)
{
	static const int faults[] = {EIO, ENOSPC, EACCES};
	int before = count_descriptors();

	(void)state;
	for (size_t f = 0; f < 6; f++) {
		int failures = 0;

		for (int n = 0;; n++) {
			struct error err = {0};
			int rc;

			put("file", "old");
			fault = faults[f / 2];
			fails_for_good = f % 2 == 1;
			calls_left = n;
			rc = replace("new", &err);
			calls_left = -1;
			assert_int_equal(count_names(), 1);
			assert_int_equal(count_descriptors(), before);
			if (rc == 0) {
				assert_content("file", "new");
				break;
			}
			failures++;
			assert_int_equal(err.os_errno, fault);
			/* Call 5 is the last: the fsync of the folder. */
			assert_content("file", n < 5 ? "old" : "new");
		}
		assert_int_equal(failures, 6);
	}
}

static void
every_call_of_make_folders_may_fail(void **state)
{
	int before = count_descriptors(), failures = 0;

	(void)state;
	fault = EIO;
	fails_for_good = false;
	for (int n = 0;; n++) {
		struct error err;
		char path[32];
		int rc;

		(void)snprintf(path, sizeof(path), "n%d/b", n);
		calls_left = n;
		rc = file_make_folders(root_fd, path, 0755, &err);
		calls_left = -1;
		assert_int_equal(count_descriptors(), before);
		/* What was begun can be ended. */
		assert_int_equal(
		    file_make_folders(root_fd, path, 0755, &err), 0);
		if (rc == 0)
			break;
		failures++;
	}
	/* mkdirat, fsync, openat2, twice. */
	assert_int_equal(failures, 6);
}

static void
reading_and_writing_may_fail(void **state)
{
	struct bytes bytes = BYTES_EMPTY;
	struct error err;
	int fd;

	(void)state;
	put("file", "content");
	assert_int_equal(
	    file_open_below(root_fd, "file", O_RDWR, &fd, &err), 0);
	for (int n = 0; n < 2; n++) {
		fault = EIO;
		calls_left = n;
		assert_int_equal(file_read_whole(fd, 100, &bytes, &err), -1);
		assert_int_equal(err.code, ERROR_IO);
		assert_int_equal(bytes.length, 0);
	}
	fault = EINTR;
	fails_for_good = false;
	calls_left = 0;
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(file_read_whole(fd, 100, &bytes, &err), 0);
	assert_int_equal(bytes.length, 7);
	calls_left = 0;
	assert_int_equal(file_write_all(fd, "more", 4, &err), 0);
	fault = ENOSPC;
	calls_left = 0;
	assert_int_equal(file_write_all(fd, "more", 4, &err), -1);
	assert_int_equal(err.code, ERROR_NO_SPACE);
	bytes_done(&bytes);
	(void)close(fd);
	assert_content("file", "contentmore");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(opens_only_below_the_root),
	    TEST(a_folder_may_be_opened_through_links),
	    TEST(no_atime_is_a_wish),
	    TEST(paths_may_be_longer_than_one_call_takes),
	    TEST(pieces_may_end_in_slashes),
	    TEST(a_mount_is_not_crossed),
	    TEST(makes_folders_that_are_missing),
	    TEST(reads_up_to_the_limit),
	    TEST(a_temporary_file_has_no_name),
	    TEST(replaces_a_file),
	    TEST(every_call_of_a_replacement_may_fail),
	    TEST(every_call_of_make_folders_may_fail),
	    TEST(reading_and_writing_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
