/*
 * The files of a copy by their paths, in any order and however deep: which
 * folders stay open is to be seen in nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/examine/copy.h"
#include "tests/unit/examine/ground.h"

/* More folders, one in the other, than stay open. */
#define DEPTH (COPY_LEVELS_MAX + 4)

/* "copy/d00/d01/..." with so many folders, and a file in the last. */
static void
format_deep(char path[256], size_t depth, const char *name)
{
	int n = 0;

	for (size_t i = 0; i < depth; i++)
		n += snprintf(path + n, 256 - (size_t)n, "d%02zu/", i);
	(void)snprintf(path + n, 256 - (size_t)n, "%s", name);
}

/* Each folder has a file of its own size: 1 byte more than its depth. */
static void
make_deep_copy(void)
{
	char path[256], whole[256 + 8];

	put_folder("copy");
	for (size_t depth = 0; depth <= DEPTH; depth++) {
		format_deep(path, depth, "");
		(void)snprintf(whole, sizeof(whole), "copy/%s", path);
		whole[strlen(whole) - 1] = '\0';
		if (depth > 0)
			put_folder(whole);
		format_deep(path, depth, "file");
		(void)snprintf(whole, sizeof(whole), "copy/%s", path);
		put_file(whole, depth + 1, 1);
	}
}

/* Whether the file in the folder of that depth is the one that is found. */
static void
assert_finds(struct copy *copy, size_t depth)
{
	char path[256];
	struct stat st;
	int problem = -1, fd;

	format_deep(path, depth, "file");
	assert_int_equal(copy_stat(copy, path, &st, &problem), 0);
	assert_int_equal(st.st_size, depth + 1);
	fd = copy_open_file(copy, path, &problem);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_size, depth + 1);
	assert_int_equal(close(fd), 0);
	/* What went well says nothing of a problem. */
	assert_int_equal(problem, -1);
}

static void
files_are_found_in_any_order(void **state)
{
	struct copy copy = COPY_CLOSED;

	(void)state;
	make_deep_copy();
	assert_int_equal(copy_open(&copy, ground_fd, "copy", false, NULL), 0);
	for (size_t a = 0; a <= DEPTH; a++)
		for (size_t b = 0; b <= DEPTH; b++) {
			assert_finds(&copy, a);
			assert_finds(&copy, b);
		}
	copy_close(&copy);
}

static void
names_that_begin_alike_are_not_confused(void **state)
{
	struct copy copy = COPY_CLOSED;
	struct stat st;
	int problem = 0;

	(void)state;
	put_folder("copy");
	put_folder("copy/a");
	put_folder("copy/a/b");
	put_folder("copy/ab");
	put_folder("copy/ab/b");
	put_file("copy/a/b/f", 1, 1);
	put_file("copy/ab/b/f", 2, 1);
	put_file("copy/ab/f", 3, 1);
	assert_int_equal(copy_open(&copy, ground_fd, "copy", false, NULL), 0);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(copy_stat(&copy, "a/b/f", &st, &problem), 0);
		assert_int_equal(st.st_size, 1);
		assert_int_equal(copy_stat(&copy, "ab/b/f", &st, &problem), 0);
		assert_int_equal(st.st_size, 2);
		assert_int_equal(copy_stat(&copy, "ab/f", &st, &problem), 0);
		assert_int_equal(st.st_size, 3);
		assert_int_equal(copy_stat(&copy, "a/f", &st, &problem), -1);
		assert_int_equal(problem, ENOENT);
	}
	copy_close(&copy);
}

/* A folder that is none, or a link, in the middle and at the end. */
static void
what_is_no_folder_is_told(void **state)
{
	struct copy copy = COPY_CLOSED;
	struct stat st;
	int problem;

	(void)state;
	put_folder("copy");
	put_folder("copy/real");
	put_file("copy/real/file", 7, 1);
	assert_int_equal(symlinkat("real", ground_fd, "copy/link"), 0);
	assert_int_equal(copy_open(&copy, ground_fd, "copy", false, NULL), 0);
	assert_true(copy_enter(&copy, "real"));
	assert_false(copy_enter(&copy, "link"));
	assert_int_equal(copy_stat(&copy, "link/file", &st, &problem), -1);
	assert_int_equal(problem, ELOOP);
	assert_int_equal(copy_stat(&copy, "real/file/x", &st, &problem), -1);
	assert_int_equal(problem, ENOTDIR);
	assert_int_equal(copy_stat(&copy, "no/such/x", &st, &problem), -1);
	assert_int_equal(problem, ENOENT);
	assert_int_equal(copy_stat(&copy, "real/file", &st, &problem), 0);
	assert_int_equal(st.st_size, 7);
	copy_close(&copy);
}

/* A fresh handle sees what stands at the path now. */
static void
folders_are_opened_again_when_asked(void **state)
{
	struct copy copy = COPY_CLOSED;
	struct stat st;
	int problem = 0;

	(void)state;
	put_folder("copy");
	put_folder("copy/a");
	put_file("copy/a/f", 1, 1);
	assert_int_equal(copy_open(&copy, ground_fd, "copy", false, NULL), 0);
	assert_int_equal(copy_stat(&copy, "a/f", &st, &problem), 0);
	assert_int_equal(renameat(ground_fd, "copy/a", ground_fd, "old"), 0);
	put_folder("copy/a");
	put_file("copy/a/f", 2, 1);
	assert_int_equal(copy_stat(&copy, "a/f", &st, &problem), 0);
	assert_int_equal(st.st_size, 1);
	copy_refresh(&copy);
	assert_int_equal(copy_stat(&copy, "a/f", &st, &problem), 0);
	assert_int_equal(st.st_size, 2);
	copy_close(&copy);
}

/* How often a file was opened, with and without O_NOATIME. */
static struct {
	size_t untouched, plain;
} opened;

int __real_openat64(int fd, const char *name, int flags, ...);
int __wrap_openat64(int fd, const char *name, int flags, ...);

int
__wrap_openat64(int fd, const char *name, int flags, ...)
{
	if ((flags & (O_PATH | O_DIRECTORY | O_CREAT)) == 0) {
		opened.untouched += (flags & O_NOATIME) != 0;
		opened.plain += (flags & O_NOATIME) == 0;
	}
	return __real_openat64(fd, name, flags, 0644);
}

/*
 * A file of somebody else's cannot be read without touching its access time;
 * that is tried for the first one of his alone, and for each of one's own.
 */
static void
untouched_reading_is_tried_once_an_owner(void **state)
{
	static const char *const names[] = {"a", "b", "mine"};
	struct copy copy = COPY_CLOSED;
	const uid_t somebody = 65534;
	int problem = 0;

	(void)state;
	if (geteuid() != 0)
		skip();
	put_folder("copy");
	for (size_t i = 0; i < 3; i++)
		put_file(i == 0	  ? "copy/a"
			 : i == 1 ? "copy/b"
				  : "copy/mine",
		    1, 1);
	assert_int_equal(
	    fchownat(ground_fd, "copy/mine", somebody, (gid_t)-1, 0), 0);
	assert_int_equal(seteuid(somebody), 0);
	assert_int_equal(copy_open(&copy, ground_fd, "copy", false, NULL), 0);
	opened.untouched = opened.plain = 0;
	for (size_t i = 0; i < 6; i++) {
		const bool is_mine = i % 3 == 2;
		int fd = copy_open_file(&copy, names[i % 3], &problem);

		assert_true(fd >= 0);
		assert_int_equal(
		    (fcntl(fd, F_GETFL) & O_NOATIME) != 0, is_mine);
		assert_int_equal(close(fd), 0);
	}
	copy_close(&copy);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(opened.untouched, 1 + 2);
	assert_int_equal(opened.plain, 4);
	assert_int_equal(problem, 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, ground_set_up, ground_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(files_are_found_in_any_order),
	    TEST(names_that_begin_alike_are_not_confused),
	    TEST(what_is_no_folder_is_told),
	    TEST(folders_are_opened_again_when_asked),
	    TEST(untouched_reading_is_tried_once_an_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
