/*
 * One try in one folder: it leaves nothing, hides nothing that a backup wrote
 * meanwhile, and takes a refusal at the top for none of what lies below.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <linux/fs.h>

#include "lib/worker/trier_folder.h"

#define LONG_AGO 1000000000
#define LEFT TRIER_NAME_PREFIX "0123456789abcdef"

static char folder[] = "/tmp/trier-XXXXXX";
static int folder_fd = -1;

/* What happens in the moment of the call. */
static bool is_kept, is_written_before, is_written_after;

int __real_unlinkat(int fd, const char *name, int flags);
int __wrap_unlinkat(int fd, const char *name, int flags);
int __real_futimens(int fd, const struct timespec times[2]);
int __wrap_futimens(int fd, const struct timespec times[2]);

static void
put(const char *name)
{
	int fd = openat(folder_fd, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
}

int
__wrap_unlinkat(int fd, const char *name, int flags)
{
	if (is_written_before)
		put("backup");
	is_written_before = false;
	if (is_kept) {
		errno = EPERM;
		return -1;
	}
	return __real_unlinkat(fd, name, flags);
}

int
__wrap_futimens(int fd, const struct timespec times[2])
{
	if (is_written_after)
		put("backup");
	is_written_after = false;
	return __real_futimens(fd, times);
}

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return folder_fd >= 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
	char command[64];

	(void)state;
	(void)close(folder_fd);
	(void)snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command) == 0 ? 0 : -1; /* NOLINT: own text */
}

static void
age(void)
{
	const struct timespec times[2] = {{LONG_AGO, 0}, {LONG_AGO, 7}};

	assert_int_equal(__real_futimens(folder_fd, times), 0);
}

static struct stat
facts(void)
{
	struct stat now;

	assert_int_equal(fstat(folder_fd, &now), 0);
	return now;
}

static void
accepted_and_as_before(void **state)
{
	struct trier_attempt attempt;

	(void)state;
	age();
	attempt = trier_folder_try(folder_fd);
	assert_int_equal(attempt.os_errno, 0);
	assert_false(attempt.is_left);
	assert_int_equal(facts().st_mtim.tv_sec, LONG_AGO);
	assert_int_equal(facts().st_mtim.tv_nsec, 7);
}

static void
a_backup_that_wrote_meanwhile_shows(void **state)
{
	(void)state;
	age();
	is_written_before = true;
	assert_int_equal(trier_folder_try(folder_fd).os_errno, 0);
	assert_true(facts().st_mtim.tv_sec > LONG_AGO);
	assert_int_equal(__real_unlinkat(folder_fd, "backup", 0), 0);
	/* In the moment between the look and the times. */
	age();
	is_written_after = true;
	assert_int_equal(trier_folder_try(folder_fd).os_errno, 0);
	assert_true(facts().st_mtim.tv_sec > LONG_AGO);
	assert_int_equal(__real_unlinkat(folder_fd, "backup", 0), 0);
}

static int
count_left(void)
{
	char command[128];
	int status;

	(void)snprintf(command, sizeof(command),
	    "exit $(find %s -name '" TRIER_NAME_PREFIX "*' | wc -l)", folder);
	status = system(command); /* NOLINT: own text */
	return WEXITSTATUS(status);
}

static void
one_is_left_at_most_and_removed_later(void **state)
{
	struct trier_attempt attempt;

	(void)state;
	is_kept = true;
	for (int i = 0; i < 3; i++) {
		attempt = trier_folder_try(folder_fd);
		assert_int_equal(attempt.os_errno, 0);
		assert_true(attempt.is_left);
		assert_int_equal(count_left(), 1);
	}
	is_kept = false;
	attempt = trier_folder_try(folder_fd);
	assert_int_equal(attempt.os_errno, 0);
	assert_false(attempt.is_left);
	assert_int_equal(count_left(), 0);
}

/* Only what a try makes is ever removed. */
static void
what_only_looks_like_ours_stays(void **state)
{
	static const char *const names[] = {TRIER_NAME_PREFIX "0123",
	    TRIER_NAME_PREFIX "0123456789abcdeg", LEFT "0", "x" LEFT};
	int fd;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		put(names[i]);
	/* One with content, and one with two names. */
	put(LEFT);
	fd = openat(folder_fd, LEFT, O_WRONLY | O_CLOEXEC);
	assert_int_equal(write(fd, "x", 1), 1);
	assert_int_equal(close(fd), 0);
	assert_false(trier_folder_try(folder_fd).is_left);
	assert_int_equal(count_left(), 4);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(__real_unlinkat(folder_fd, names[i], 0), 0);
	assert_int_equal(__real_unlinkat(folder_fd, LEFT, 0), 0);
}

static bool
set_immutable(const char *name, bool is_immutable)
{
	int fd = openat(folder_fd, name, O_RDONLY | O_CLOEXEC);
	int flags = 0, rc;

	assert_true(fd >= 0);
	rc = ioctl(fd, FS_IOC_GETFLAGS, &flags);
	flags =
	    is_immutable ? flags | FS_IMMUTABLE_FL : flags & ~FS_IMMUTABLE_FL;
	if (rc == 0)
		rc = ioctl(fd, FS_IOC_SETFLAGS, &flags);
	assert_int_equal(close(fd), 0);
	return rc == 0;
}

/* The account that is tried has no rights beside its own. */
static struct trier_attempt
try_as_nobody(void)
{
	struct trier_attempt attempt = {0};
	int ends[2], status;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (setresgid(65534, 65534, 65534) != 0 ||
		    setresuid(65534, 65534, 65534) != 0)
			_exit(1);
		attempt = trier_folder_try(folder_fd);
		_exit(write(ends[1], &attempt, sizeof(attempt)) !=
		      sizeof(attempt));
	}
	assert_int_equal(
	    read(ends[0], &attempt, sizeof(attempt)), sizeof(attempt));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	(void)close(ends[0]);
	(void)close(ends[1]);
	return attempt;
}

/* A tree of three levels: refused only where all of it refuses. */
static void
what_lies_below_is_looked_at(void **state)
{
	static const char *const names[] = {"", "a", "b", "b/c", "b/c/deep"};
	struct trier_attempt attempt;

	(void)state;
	if (geteuid() != 0)
		skip();
	put("a");
	assert_int_equal(mkdirat(folder_fd, "b", 0755), 0);
	assert_int_equal(mkdirat(folder_fd, "b/c", 0755), 0);
	put("b/c/deep");
	assert_int_equal(fchown(folder_fd, 65534, 65534), 0);
	for (size_t i = 1; i < 5; i++)
		assert_int_equal(
		    fchownat(folder_fd, names[i], 65534, 65534, 0), 0);
	if (!set_immutable(".", true))
		skip();
	for (size_t i = 1; i < 5; i++) {
		attempt = try_as_nobody();
		assert_int_equal(attempt.os_errno, EPERM);
		assert_int_equal(attempt.inside, TRIER_INSIDE_WRITABLE);
		assert_true(set_immutable(names[i], true));
	}
	attempt = try_as_nobody();
	assert_int_equal(attempt.os_errno, EPERM);
	assert_int_equal(attempt.inside, TRIER_INSIDE_REFUSED);
	/* Another's file refuses by its mode alone; the account's own, which
	 * it may change, does not. */
	assert_true(set_immutable("b/c/deep", false));
	assert_int_equal(fchownat(folder_fd, "b/c/deep", 0, 0, 0), 0);
	assert_int_equal(try_as_nobody().inside, TRIER_INSIDE_NO_PERMISSION);
	assert_int_equal(fchownat(folder_fd, "b/c/deep", 65534, 65534, 0), 0);
	assert_int_equal(fchmodat(folder_fd, "b/c/deep", 0444, 0), 0);
	assert_int_equal(try_as_nobody().inside, TRIER_INSIDE_WRITABLE);
	assert_true(set_immutable("b/c/deep", true));
	/* What cannot be listed is not refused. */
	assert_true(set_immutable("b/c", false));
	assert_int_equal(fchmodat(folder_fd, "b/c", 0, 0), 0);
	assert_int_equal(fchownat(folder_fd, "b/c", 0, 0, 0), 0);
	assert_true(set_immutable("b/c", true));
	assert_int_equal(try_as_nobody().inside, TRIER_INSIDE_UNSEEN);
	for (size_t i = 0; i < 5; i++)
		assert_true(set_immutable(i == 0 ? "." : names[i], false));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(accepted_and_as_before),
	    cmocka_unit_test(a_backup_that_wrote_meanwhile_shows),
	    cmocka_unit_test(one_is_left_at_most_and_removed_later),
	    cmocka_unit_test(what_only_looks_like_ours_stays),
	    cmocka_unit_test(what_lies_below_is_looked_at),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
