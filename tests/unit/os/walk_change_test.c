/* Walks of trees that change, and that cannot be read everywhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <sys/wait.h>

#include "tests/unit/os/walking.h"

ssize_t __real_getdents64(int fd, void *buffer, size_t length);
ssize_t __wrap_getdents64(int fd, void *buffer, size_t length);
int __real_statx(
    int fd, const char *path, int flags, unsigned mask, struct statx *status);
int __wrap_statx(
    int fd, const char *path, int flags, unsigned mask, struct statx *status);

/* Calls until one fails, once, with EIO; negative: none does. */
static int listings_left = -1, looks_left = -1;
/* Called after a name was looked at. */
static void (*after_look)(const char *name);

ssize_t
__wrap_getdents64(int fd, void *buffer, size_t length)
{
	if (listings_left >= 0 && listings_left-- == 0) {
		errno = EIO;
		return -1;
	}
	return __real_getdents64(fd, buffer, length);
}

int
__wrap_statx(
    int fd, const char *path, int flags, unsigned mask, struct statx *status)
{
	int rc;

	if (looks_left >= 0 && looks_left-- == 0) {
		errno = EIO;
		return -1;
	}
	rc = __real_statx(fd, path, flags, mask, status);
	if (after_look != NULL)
		after_look(path);
	return rc;
}

/* --- what changes while it is walked --- */

static void
a_file_is_opened_only_if_it_is_the_same(void **state)
{
	struct walk_entry entry;
	struct walk *walk;
	struct stat status;
	struct error err;
	int fd;

	(void)state;
	put("1");
	put("2");
	put("3");
	put("4");
	put("5");
	walk = begin(&defaults);
	assert_next(walk, &entry, "1", WALK_FILE, 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(walk_open_file(walk, &fd, &err), 0);
		assert_int_equal(fstat(fd, &status), 0);
		assert_true(status.st_ino == entry.inode);
		assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
		assert_int_equal(
		    fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK | O_NOATIME),
		    O_RDONLY | O_NONBLOCK | O_NOATIME);
		(void)close(fd);
	}
	assert_next(walk, &entry, "2", WALK_FILE, 0);
	assert_int_equal(unlinkat(root_fd, "2", 0), 0);
	assert_int_equal(walk_open_file(walk, &fd, &err), -1);
	assert_int_equal(err.os_errno, ENOENT);
	assert_next(walk, &entry, "3", WALK_FILE, 0);
	assert_int_equal(unlinkat(root_fd, "3", 0), 0);
	assert_int_equal(symlinkat("1", root_fd, "3"), 0);
	assert_int_equal(walk_open_file(walk, &fd, &err), -1);
	assert_int_equal(err.os_errno, ESTALE);
	assert_next(walk, &entry, "4", WALK_FILE, 0);
	assert_int_equal(renameat(root_fd, "1", root_fd, "4"), 0);
	assert_int_equal(walk_open_file(walk, &fd, &err), -1);
	assert_int_equal(err.os_errno, ESTALE);
	assert_next(walk, &entry, "5", WALK_FILE, 0);
	assert_int_equal(unlinkat(root_fd, "5", 0), 0);
	assert_int_equal(mkfifoat(root_fd, "5", 0600), 0);
	assert_int_equal(walk_open_file(walk, &fd, &err), -1);
	assert_int_equal(err.os_errno, ESTALE);
	assert_end(walk);
}

static void
replace_by_link(const char *name)
{
	if (strcmp(name, "b") != 0)
		return;
	assert_int_equal(renameat(root_fd, "b", root_fd, "z"), 0);
	assert_int_equal(symlinkat("/etc", root_fd, "b"), 0);
}

static void
replace_by_folder(const char *name)
{
	if (strcmp(name, "b") != 0)
		return;
	assert_int_equal(renameat(root_fd, "b", root_fd, "z"), 0);
	put_folder("b");
	put("b/foreign");
}

/* The folder b is replaced: looked at, not yet opened. */
static void
a_folder_is_entered_only_if_it_is_the_same(void **state)
{
	static void (*const replacements[])(const char *) = {
	    replace_by_link, replace_by_folder};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct walk_entry entry;
		struct walk *walk;
		int before;

		(void)walking_tear_down(NULL);
		assert_int_equal(walking_set_up(NULL), 0);
		put_folder("a");
		put_folder("b");
		put("b/1");
		put("c");
		before = count_descriptors();
		walk = begin(&defaults);
		assert_next(walk, &entry, "a", WALK_FOLDER, 0);
		after_look = replacements[i];
		assert_true(next(walk, &entry));
		after_look = NULL;
		assert_string_equal(entry.path, "b");
		assert_int_equal(entry.type, WALK_FOLDER);
		assert_true(entry.problem == ESTALE || entry.problem == ELOOP ||
			    entry.problem == ENOTDIR);
		assert_next(walk, &entry, "c", WALK_FILE, 0);
		assert_end(walk);
		assert_int_equal(count_descriptors(), before);
	}
}

static void
a_folder_replaced_by_a_link_is_a_link(void **state)
{
	struct walk_entry entry;
	struct walk *walk;

	(void)state;
	put_folder("a");
	put_folder("b");
	put("b/1");
	put("c");
	put("d");
	walk = begin(&defaults);
	assert_next(walk, &entry, "a", WALK_FOLDER, 0);
	replace_by_link("b");
	assert_int_equal(unlinkat(root_fd, "c", 0), 0);
	assert_next(walk, &entry, "b", WALK_LINK, 0);
	assert_string_equal(entry.link_target, "/etc");
	/* Gone since its folder was listed: told, not passed over. */
	assert_next(walk, &entry, "c", WALK_FILE, ENOENT);
	assert_false(entry.is_known);
	assert_next(walk, &entry, "d", WALK_FILE, 0);
	assert_end(walk);
}

/* An open folder stays the same folder whatever its name means now. */
static void
a_folder_replaced_inside_is_walked_on(void **state)
{
	struct walk_entry entry;
	struct walk *walk;

	(void)state;
	put_folder("b");
	put("b/1");
	put("b/2");
	walk = begin(&defaults);
	assert_next(walk, &entry, "b", WALK_FOLDER, 0);
	assert_next(walk, &entry, "b/1", WALK_FILE, 0);
	replace_by_folder("b");
	assert_next(walk, &entry, "b/2", WALK_FILE, 0);
	assert_end(walk);
}

/* --- what cannot be read --- */

/* As somebody who is not root. */
static void
check_closed_folders(void)
{
	struct walk_entry entry;
	struct walk *walk;
	struct error err;
	int fd;

	assert_int_equal(access("/root", R_OK), -1);
	walk = begin(&defaults);
	assert_next(walk, &entry, "closed", WALK_FOLDER, EACCES);
	assert_true(entry.is_known);
	assert_next(walk, &entry, "names-only", WALK_FOLDER, 0);
	assert_next(walk, &entry, "names-only/file", WALK_FILE, EACCES);
	assert_false(entry.is_known);
	assert_int_equal(walk_open_file(walk, &fd, &err), -1);
	assert_next(walk, &entry, "names-only/folder", WALK_FOLDER, EACCES);
	assert_false(entry.is_known);
	assert_next(walk, &entry, "secret", WALK_FILE, 0);
	assert_int_equal(walk_open_file(walk, &fd, &err), -1);
	assert_int_equal(err.code, ERROR_DENIED);
	/* O_NOATIME is not permitted on somebody else's file. */
	assert_next(walk, &entry, "shown", WALK_FILE, 0);
	assert_int_equal(walk_open_file(walk, &fd, &err), 0);
	assert_int_equal(fcntl(fd, F_GETFL) & O_NOATIME, 0);
	(void)close(fd);
	assert_end(walk);
}

static void
a_closed_folder_is_told(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	if (geteuid() != 0) {
		print_message("needs root, to become somebody else\n");
		skip();
	}
	put_folder("closed");
	put("closed/unknown");
	put_folder("names-only");
	put("names-only/file");
	put_folder("names-only/folder");
	put("secret");
	put("shown");
	assert_int_equal(fchmodat(root_fd, "closed", 0, 0), 0);
	assert_int_equal(fchmodat(root_fd, "names-only", 0744, 0), 0);
	assert_int_equal(fchmodat(root_fd, "secret", 0600, 0), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (setgid(65534) != 0 || setuid(65534) != 0)
			_exit(2);
		check_closed_folders();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
a_root_is_listed_wholly_or_not_at_all(void **state)
{
	struct error err;

	(void)state;
	put("file");
	for (int n = 0; n < 2; n++) {
		listings_left = n;
		assert_null(walk_new(root_fd, &defaults, &err));
		assert_int_equal(err.code, ERROR_IO);
	}
}

/* Whichever listing fails, and where: one problem, and all known names. */
static void
every_listing_may_fail(void **state)
{
	(void)state;
	put_folder("a");
	put_folder("a/b");
	put_folder("many");
	put("z");
	for (int i = 0; i < 3000; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "many/file-%06d", i);
		put(name);
	}
	/* root: 2 calls; a: 2; b: 2; many: more than 3 */
	for (int n = 2; n < 10; n++) {
		int problems = 0, names = 0, before = count_descriptors();
		struct walk *walk = NULL;
		struct walk_entry entry;
		struct error err;

		listings_left = n;
		walk = walk_new(root_fd, &defaults, &err);
		assert_non_null(walk);
		while (next(walk, &entry)) {
			names++;
			if (entry.problem == 0)
				continue;
			problems++;
			assert_int_equal(entry.problem, EIO);
			assert_true(entry.is_known);
			assert_string_equal(entry.path, n < 4	? "a"
							: n < 6 ? "a/b"
								: "many");
		}
		walk_free(walk);
		listings_left = -1;
		assert_int_equal(problems, 1);
		assert_int_equal(count_descriptors(), before);
		if (n == 2)
			assert_int_equal(names, 3 + 3000);
		else if (n < 6)
			assert_int_equal(names, 4 + 3000);
		else if (n == 6)
			assert_int_equal(names, 4);
		else if (n == 7)
			assert_in_range(names, 4 + 100, 4 + 2900);
	}
}

static void
every_look_may_fail(void **state)
{
	(void)state;
	put_folder("a");
	put("a/1");
	put_folder("b");
	put("b/1");
	put("c");
	for (int n = 0; n < 5; n++) {
		struct walk *walk = begin(&defaults);
		struct walk_entry entry;
		int i, problems = 0;

		looks_left = n;
		for (i = 0; next(walk, &entry); i++) {
			if (entry.problem == 0)
				continue;
			problems++;
			assert_int_equal(i, n);
			assert_int_equal(entry.problem, EIO);
			assert_false(entry.is_known);
		}
		walk_free(walk);
		assert_int_equal(problems, 1);
		/* What is in a folder that was not looked at is not known. */
		assert_int_equal(i, n == 0 || n == 2 ? 4 : 5);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_file_is_opened_only_if_it_is_the_same),
	    TEST(a_folder_is_entered_only_if_it_is_the_same),
	    TEST(a_folder_replaced_by_a_link_is_a_link),
	    TEST(a_folder_replaced_inside_is_walked_on),
	    TEST(a_closed_folder_is_told),
	    TEST(a_root_is_listed_wholly_or_not_at_all),
	    TEST_IN_MEMORY(every_listing_may_fail),
	    TEST(every_look_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
