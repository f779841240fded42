/* Deep and wide trees: flat memory, few descriptors, also in a sandbox. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <malloc.h>
#include <sys/wait.h>

#include "lib/os/sandbox.h"
#include "tests/unit/os/walking.h"

#define DEEP 2000

/* A folder "ddddd" in each folder, and "z" beside it: 12,000 bytes. */
static void
build_deep_tree(void)
{
	int fd = dup(root_fd);

	for (int i = 0; i < DEEP; i++) {
		int below, file;

		assert_int_equal(mkdirat(fd, "ddddd", 0755), 0);
		file = openat(fd, "z", O_WRONLY | O_CREAT, 0644);
		assert_true(file >= 0);
		(void)close(file);
		below = openat(fd, "ddddd", O_RDONLY | O_DIRECTORY);
		assert_true(below >= 0);
		(void)close(fd);
		fd = below;
	}
	(void)close(fd);
}

static void
a_tree_may_be_deep(void **state)
{
	struct walk_entry entry;
	struct walk *walk;
	struct error err;
	int before = count_descriptors(), fd;

	(void)state;
	build_deep_tree();
	walk = begin(&defaults);
	for (size_t i = 1; i <= DEEP; i++) {
		assert_true(next(walk, &entry));
		assert_int_equal(entry.problem, 0);
		assert_int_equal(entry.type, WALK_FOLDER);
		assert_int_equal(entry.path_length, 6 * i - 1);
	}
	assert_true(count_descriptors() <= before + WALK_OPEN_FOLDERS_MAX);
	for (size_t i = DEEP; i >= 1; i--) {
		assert_true(next(walk, &entry));
		assert_int_equal(entry.problem, 0);
		assert_int_equal(entry.type, WALK_FILE);
		assert_int_equal(entry.path_length, 6 * (i - 1) + 1);
		assert_int_equal(
		    strspn(entry.path, "d/"), entry.path_length - 1);
		assert_int_equal(walk_open_file(walk, &fd, &err), 0);
		(void)close(fd);
		if (i % 100 == 0)
			assert_true(count_descriptors() <=
				    before + WALK_OPEN_FOLDERS_MAX);
	}
	assert_end(walk);
	assert_int_equal(count_descriptors(), before);
}

/*
 * A folder high above is replaced while the walk is deep below it: the names
 * in folders that were closed and cannot be found again all have a problem.
 */
static void
a_deep_folder_is_found_again_or_told(void **state)
{
	struct walk_entry entry;
	struct walk *walk;
	int before = count_descriptors(), problems = 0, good = 0;

	(void)state;
	build_deep_tree();
	walk = begin(&defaults);
	for (size_t i = 1; i <= DEEP; i++)
		assert_true(next(walk, &entry));
	assert_int_equal(
	    renameat(root_fd, "ddddd/ddddd", root_fd, "ddddd/moved"), 0);
	assert_int_equal(symlinkat("moved", root_fd, "ddddd/ddddd"), 0);
	while (next(walk, &entry)) {
		assert_int_equal(entry.type, WALK_FILE);
		if (entry.problem == 0) {
			good++;
			continue;
		}
		assert_int_equal(entry.problem, ELOOP);
		problems++;
	}
	walk_free(walk);
	assert_int_equal(good + problems, DEEP);
	/* Those still open, the root's and the first folder's. */
	assert_in_range(good, 3, WALK_OPEN_FOLDERS_MAX + 2);
	assert_int_equal(count_descriptors(), before);
}

/* A folder in a folder in a folder, with nothing beside it. */
static void
build_chain(const char *name)
{
	char path[512] = "";

	for (size_t i = 0; i < 200; i++) {
		path[2 * i] = name[0];
		path[2 * i + 1] = '\0';
		put_folder(path);
		path[2 * i + 1] = '/';
		path[2 * i + 2] = '\0';
	}
}

static void
deep_trees_may_stand_side_by_side(void **state)
{
	int before = count_descriptors();
	struct walk_entry entry;
	struct walk *walk;

	(void)state;
	build_chain("a");
	build_chain("b");
	walk = begin(&defaults);
	for (size_t i = 0; i < 400; i++) {
		assert_true(next(walk, &entry));
		assert_int_equal(entry.problem, 0);
		assert_int_equal(entry.path[0], i < 200 ? 'a' : 'b');
		assert_int_equal(entry.path_length, 2 * (i % 200) + 1);
		assert_true(
		    count_descriptors() <= before + WALK_OPEN_FOLDERS_MAX);
	}
	assert_end(walk);
	assert_int_equal(count_descriptors(), before);
}

/* What cannot be entered is told: nothing below it looks as if it were not. */
static void
a_path_without_end_is_told(void **state)
{
	const size_t most = WALK_PATH_MAX_BYTES / 251;
	int before = count_descriptors(), fd = dup(root_fd);
	struct walk_entry entry;
	struct walk *walk;
	char name[251] = "";

	(void)state;
	memset(name, 'd', 250);
	for (size_t i = 0; i < most + 9; i++) {
		int below;

		assert_int_equal(mkdirat(fd, name, 0755), 0);
		below = openat(fd, name, O_RDONLY | O_DIRECTORY);
		assert_true(below >= 0);
		(void)close(fd);
		fd = below;
	}
	(void)close(fd);
	walk = begin(&defaults);
	for (size_t i = 1; i <= most + 1; i++) {
		assert_true(next(walk, &entry));
		assert_int_equal(entry.path_length, 251 * i - 1);
		assert_true(entry.is_known);
		assert_int_equal(entry.problem, i <= most ? 0 : ENAMETOOLONG);
	}
	assert_end(walk);
	assert_int_equal(count_descriptors(), before);
}

/* Bytes that malloc has given out. */
static size_t
memory_in_use(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

#define WIDE 100000
#define WIDE_INSIDE 20000

static void
a_folder_may_be_wide(void **state)
{
	struct walk_options options = {.spill_fd = -1, .memory_bytes = 1 << 20};
	size_t before, most = 0;
	struct walk_entry entry;
	struct walk *walk;
	struct error err;
	char name[64];

	(void)state;
	put_folder("w");
	put_folder("w/000000-x");
	for (int i = 0; i < WIDE_INSIDE; i++) {
		(void)snprintf(name, sizeof(name), "w/000000-x/%06d",
		    (int)((i * 7919LL + 13) % WIDE_INSIDE));
		assert_int_equal(mknodat(root_fd, name, S_IFREG | 0644, 0), 0);
	}
	for (int i = 0; i < WIDE; i++) {
		(void)snprintf(name, sizeof(name), "w/%06d-a-longer-name",
		    (int)((i * 7919LL + 13) % WIDE));
		assert_int_equal(mknodat(root_fd, name, S_IFREG | 0644, 0), 0);
	}
	before = memory_in_use();
	walk = begin(&defaults);
	assert_next(walk, &entry, "w", WALK_FOLDER, 0);
	assert_next(walk, &entry, "w/000000-a-longer-name", WALK_FILE, 0);
	assert_next(walk, &entry, "w/000000-x", WALK_FOLDER, 0);
	/* Both spill, into one file. */
	for (int i = 0; i < WIDE_INSIDE; i++) {
		(void)snprintf(name, sizeof(name), "w/000000-x/%06d", i);
		assert_next(walk, &entry, name, WALK_FILE, 0);
	}
	for (int i = 1; i < WIDE; i++) {
		if (i % 64 == 0 && memory_in_use() > most)
			most = memory_in_use();
		(void)snprintf(name, sizeof(name), "w/%06d-a-longer-name", i);
		assert_next(walk, &entry, name, WALK_FILE, 0);
	}
	assert_end(walk);
	assert_true(most <= before + (1 << 20));
	/* Nowhere to spill to: not a walk with fewer names. */
	walk = begin(&options);
	assert_int_equal(walk_next(walk, &entry, &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
	err = (struct error){0};
	assert_int_equal(walk_next(walk, &entry, &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
	walk_free(walk);
}

/* With nothing but READ_FILE and READ_DIR below the root. */
static void
walk_in_a_sandbox(void)
{
	struct sandbox_policy policy = {
	    .root_fd = root_fd,
	    .limits = {.open_files = 256, .file_size_bytes = 1 << 30},
	    .best_effort = true,
	};
	struct sandbox_report report;
	struct walk_entry entry;
	struct error err;
	struct walk *walk;
	int entries = 0, fd;

	if (sandbox_enter(&policy, &report, &err) != 0)
		_exit(2);
	if (!sandbox_is_whole(&report))
		_exit(77);
	walk = begin(&defaults);
	while (next(walk, &entry)) {
		entries++;
		assert_int_equal(entry.problem, 0);
		if (entry.type != WALK_FILE)
			continue;
		assert_int_equal(walk_open_file(walk, &fd, &err), 0);
		(void)close(fd);
	}
	walk_free(walk);
	assert_int_equal(entries, 2 * DEEP + 15000);
}

static void
a_sandbox_does_not_hinder(void **state)
{
	char name[32];
	int status;
	pid_t pid;

	(void)state;
	build_deep_tree();
	for (int i = 0; i < 15000; i++) {
		(void)snprintf(name, sizeof(name), "wide-%d", i);
		assert_int_equal(mknodat(root_fd, name, S_IFREG | 0644, 0), 0);
	}
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		walk_in_a_sandbox();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
		print_message("this machine has no whole sandbox\n");
		skip();
	}
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST_IN_MEMORY(a_tree_may_be_deep),
	    TEST_IN_MEMORY(a_deep_folder_is_found_again_or_told),
	    TEST_IN_MEMORY(deep_trees_may_stand_side_by_side),
	    TEST_IN_MEMORY(a_path_without_end_is_told),
	    TEST_IN_MEMORY(a_folder_may_be_wide),
	    TEST_IN_MEMORY(a_sandbox_does_not_hinder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
