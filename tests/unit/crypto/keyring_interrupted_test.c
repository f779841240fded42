/* A process that dies while it makes or replaces keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/crypto/keyring_fixture.h"

#define KILLED 42

/* Calls of the functions below until the process dies; negative: it lives. */
static int calls_left = -1;

static void
count_call(void)
{
	if (calls_left < 0)
		return;
	if (calls_left == 0)
		_exit(KILLED);
	calls_left--;
}

#define WRAP(name, parameters, arguments)       \
	int __real_##name parameters;           \
	int __wrap_##name parameters;           \
	int __wrap_##name parameters            \
	{                                       \
		count_call();                   \
		return __real_##name arguments; \
	}

WRAP(mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode))
WRAP(renameat, (int from_fd, const char *from, int to_fd, const char *to),
    (from_fd, from, to_fd, to))
WRAP(renameat2,
    (int from_fd, const char *from, int to_fd, const char *to,
	unsigned int flags),
    (from_fd, from, to_fd, to, flags))
WRAP(unlinkat, (int fd, const char *path, int flags), (fd, path, flags))

/* What a process leaves behind does not depend on fsync: it costs only time. */
int __wrap_fsync(int fd);
int
__wrap_fsync(int fd)
{
	(void)fd;
	count_call();
	return 0;
}

/* Run in a child that dies at the nth call; false when it came to its end. */
static bool
dies_at(int n, void (*work)(void))
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		calls_left = n;
		work();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) != KILLED)
		assert_int_equal(WEXITSTATUS(status), 0);
	return WEXITSTATUS(status) == KILLED;
}

static void
an_interrupted_init_can_be_repeated(void **state)
{
	struct keyring keyring;
	int n, done = 0;

	(void)state;
	for (n = 0; dies_at(n, init); n++) {
		if (keyring_open(state_fd, &keyring, &err) == 0) {
			done++;
		} else {
			assert_int_equal(err.code, ERROR_NOT_FOUND);
			init();
			open_well(&keyring);
			assert_int_equal(
			    faccessat(state_fd, "keys.new", F_OK, 0), -1);
		}
		run("rm -r %s/%s", "keys");
	}
	/* It was interrupted often, and after it was done, too. */
	assert_true(n > 20);
	assert_true(done > 0);
}

static void
an_interrupted_rotation_leaves_one_of_both(void **state)
{
	struct keyring keyring;
	int n, old = 0, new = 0;

	(void)state;
	init();
	run("cp -a %1$s/keys %1$s/saved #%2$s", "");
	for (n = 0; dies_at(n, rotate_daemon); n++) {
		open_well(&keyring);
		*(keyring.public_count == 1 ? &old : &new) += 1;
		rotate_daemon();
		open_well(&keyring);
		assert_int_equal(faccessat(state_fd, "keys.new", F_OK, 0), -1);
		run("rm -r %1$s/keys && cp -a %1$s/saved %1$s/keys #%2$s", "");
	}
	assert_true(old > 20);
	assert_true(new > 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(an_interrupted_init_can_be_repeated),
	    TEST(an_interrupted_rotation_leaves_one_of_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
