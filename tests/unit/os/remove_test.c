/* Emptying a scratch folder, whatever a backup or a program left there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <limits.h>

#include "lib/os/remove.h"
#include "tests/unit/os/tree.h"

static int
open_inner(void)
{
	int fd = openat(root_fd, "in", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static void
assert_empty(int fd)
{
	int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fdopendir(own);
	unsigned names = 0;

	assert_non_null(folder);
	while (readdir(folder) != NULL)
		names++;
	assert_int_equal(names, 2);
	(void)closedir(folder);
}

static int
set_up(void **state)
{
	if (tree_set_up_in_memory(state) != 0)
		return -1;
	return mkdirat(root_fd, "in", 0700);
}

static void
everything_goes_and_the_folder_stays(void **state)
{
	struct error err = {0};
	int fd = open_inner();

	(void)state;
	assert_int_equal(remove_content(fd, NULL, &err), 0);
	put("in/a");
	put("in/.hidden");
	assert_int_equal(mkdirat(fd, "b", 0700), 0);
	assert_int_equal(mkdirat(fd, "b/empty", 0700), 0);
	put("in/b/new\nline");
	assert_int_equal(mkfifoat(fd, "fifo", 0600), 0);
	assert_int_equal(remove_content(fd, NULL, &err), 0);
	assert_empty(fd);
	(void)close(fd);
}

static void
no_link_is_followed(void **state)
{
	struct error err = {0};
	int fd = open_inner();

	(void)state;
	assert_int_equal(mkdirat(root_fd, "outside", 0700), 0);
	put("outside/kept");
	assert_int_equal(symlinkat("../outside", fd, "folder"), 0);
	assert_int_equal(symlinkat("../outside/kept", fd, "file"), 0);
	assert_int_equal(symlinkat("nowhere", fd, "dangling"), 0);
	assert_int_equal(remove_content(fd, NULL, &err), 0);
	assert_empty(fd);
	assert_content("outside/kept", "outside/kept");
	(void)close(fd);
}

/* Deeper than a path may be long. */
static void
depth_is_no_obstacle(void **state)
{
	struct error err = {0};
	char name[200];
	int fd = open_inner(), at = dup(fd);

	(void)state;
	memset(name, 'd', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (size_t length = 0; length < (size_t)4 * PATH_MAX;
	     length += sizeof(name)) {
		int next;

		assert_int_equal(mkdirat(at, name, 0700), 0);
		next = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		assert_true(next >= 0);
		(void)close(at);
		at = next;
	}
	(void)close(at);
	assert_int_equal(remove_content(fd, NULL, &err), 0);
	assert_empty(fd);
	(void)close(fd);
}

/* As who may not pass over modes; root may, and runs it as nobody. */
static void
modes_are_no_obstacle(void **state)
{
	struct error err = {0};
	int fd;

	(void)state;
	if (geteuid() == 0) {
		assert_int_equal(fchownat(root_fd, "in", 65534, 65534, 0), 0);
		assert_int_equal(seteuid(65534), 0);
	}
	fd = open_inner();
	assert_int_equal(mkdirat(fd, "locked", 0700), 0);
	assert_int_equal(mkdirat(fd, "locked/b", 0700), 0);
	put("in/locked/b/c");
	assert_int_equal(fchmodat(fd, "locked/b", 0, 0), 0);
	assert_int_equal(fchmodat(fd, "locked", 0500, 0), 0);
	assert_int_equal(remove_content(fd, NULL, &err), 0);
	assert_empty(fd);
	(void)close(fd);
	assert_int_equal(seteuid(getuid()), 0);
}

/* What is mounted there is somebody's: it stays, and that is told. */
static void
no_mount_is_entered(void **state)
{
	struct error err = {0};
	int fd;

	(void)state;
	assert_int_equal(mkdirat(root_fd, "mounted", 0700), 0);
	if (tree_mount("none", "mounted", "tmpfs") != 0)
		skip();
	put("mounted/theirs");
	fd = openat(root_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(remove_content(fd, NULL, &err), -1);
	assert_true(err.code != ERROR_NONE);
	(void)close(fd);
	assert_content("mounted/theirs", "mounted/theirs");
}

static int
on_progress(void *context, uint64_t removed, struct error *err)
{
	unsigned *left = context;

	(void)removed;
	if (--*left > 0)
		return 0;
	return error_set(err, ERROR_CANCELLED, "enough");
}

static void
it_ends_when_told(void **state)
{
	unsigned left = 2;
	const struct remove_events events = {&left, on_progress};
	struct error err = {0};
	int fd = open_inner();

	(void)state;
	assert_int_equal(mkdirat(fd, "a", 0700), 0);
	assert_int_equal(mkdirat(fd, "a/b", 0700), 0);
	put("in/a/b/c");
	assert_int_equal(remove_content(fd, &events, &err), -1);
	assert_int_equal(err.code, ERROR_CANCELLED);
	assert_content("in/a/b/c", "in/a/b/c");
	(void)close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tree_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(everything_goes_and_the_folder_stays),
	    TEST(no_link_is_followed),
	    TEST(depth_is_no_obstacle),
	    TEST(modes_are_no_obstacle),
	    TEST(no_mount_is_entered),
	    TEST(it_ends_when_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
