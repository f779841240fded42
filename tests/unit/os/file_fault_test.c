/* Replacing files; every system call of every function fails in turn. */
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
#include <sys/stat.h>
#include <unistd.h>

#include "lib/os/file.h"
#include "tests/unit/os/tree.h"

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

static int
set_up(void **state)
{
	calls_left = -1;
	return tree_set_up(state);
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

			put_content("file", "old");
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
no_atime_is_a_wish(void **state)
{
	struct error err;
	int fd;

	(void)state;
	put("file");
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

static void
reading_and_writing_may_fail(void **state)
{
	struct bytes bytes = BYTES_EMPTY;
	struct error err;
	int fd;

	(void)state;
	put_content("file", "content");
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tree_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(replaces_a_file),
	    TEST(every_call_of_a_replacement_may_fail),
	    TEST(every_call_of_make_folders_may_fail),
	    TEST(no_atime_is_a_wish),
	    TEST(a_temporary_file_has_no_name),
	    TEST(reading_and_writing_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
