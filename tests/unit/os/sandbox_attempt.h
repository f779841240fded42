/*
 * sandbox_attempt: something is tried in a forked child, with and without a
 * sandbox.  Included by the tests of os/sandbox after cmocka.h.
 */
#ifndef HIKAE_TESTS_SANDBOX_ATTEMPT_H
#define HIKAE_TESTS_SANDBOX_ATTEMPT_H

#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/os/sandbox.h"

#define ATTEMPT_ABI_DEBIAN_12 2
#define ATTEMPT_NO_SANDBOX 200 /* exit status; errno values are below */

/* The errno of a call that gives -1 on failure; 0 when it worked. */
#define TRY(call) ((call) < 0 ? errno : 0)

struct attempt {
	const char *name;
	int (*run)(void); /* returns 0 or an errno value */
	int expected;	  /* the same */
	int from_abi;	  /* expected from this Landlock ABI on, before it 0 */
};

/* The wait status of a child that tries; policy NULL: without a sandbox. */
static inline int
attempt_status(int (*run)(void), const struct sandbox_policy *policy)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct sandbox_report report;
		struct error err;

		if (policy != NULL && sandbox_enter(policy, &report, &err) < 0)
			_exit(ATTEMPT_NO_SANDBOX);
		_exit(run());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* Exit status of a child that must end by itself. */
static inline int
attempt_result(int (*run)(void), const struct sandbox_policy *policy)
{
	int status = attempt_status(run, policy);

	if (!WIFEXITED(status))
		fail_msg("ended by signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

/* The Landlock ABI of this kernel; without one, the test is skipped. */
static inline int
attempt_kernel_abi(void)
{
	struct sandbox_report report;
	struct error err;

	assert_int_equal(sandbox_probe(&report, &err), 0);
	if (report.landlock_abi == 0) {
		print_message("skipped: this kernel has no Landlock\n");
		skip();
	}
	return report.landlock_abi;
}

/* Every attempt ends as expected under the policy, on ABI abi_max at most. */
static inline void
attempt_check_all(const struct attempt *attempts, size_t count,
    struct sandbox_policy policy, int abi_max)
{
	int abi = attempt_kernel_abi();

	policy.landlock_abi_max = abi_max;
	if (abi_max > 0 && abi > abi_max)
		abi = abi_max;
	for (size_t i = 0; i < count; i++) {
		const struct attempt *attempt = &attempts[i];
		int expected = abi < attempt->from_abi ? 0 : attempt->expected;
		int result = attempt_result(attempt->run, &policy);

		if (result != expected)
			fail_msg("ABI %d, %s: %s instead of %s", abi,
			    attempt->name, strerror(result),
			    strerror(expected));
	}
}

/* A root user that a container did not take the rights from. */
static inline bool
attempt_is_almighty(void)
{
	return geteuid() == 0 &&
	       prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN, 0, 0, 0) == 1;
}

/*
 * No attempt fails in the expected way without a sandbox: otherwise the check
 * above would show nothing.  prepare (or NULL) is called before each.
 */
static inline void
attempt_check_free(
    const struct attempt *attempts, size_t count, void (*prepare)(void))
{
	if (!attempt_is_almighty()) {
		print_message("skipped: only root may do all of it\n");
		skip();
	}
	for (size_t i = 0; i < count; i++) {
		int result;

		if (prepare != NULL)
			prepare();
		result = attempt_result(attempts[i].run, NULL);
		if (result == attempts[i].expected && result != 0)
			fail_msg("%s: %s without a sandbox too",
			    attempts[i].name, strerror(result));
	}
}

#endif
