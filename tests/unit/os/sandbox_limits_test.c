/*
 * Limits and how a sandboxed process ends; what sandbox_enter and
 * sandbox_probe report where a mechanism is missing.
 */
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/os/sandbox_attempt.h"

#define MEMORY_BYTES (UINT64_C(256) << 20)
#define FILE_SIZE_BYTES 8192
#define OPEN_FILES 64

static int scratch_fd; /* an unlinked file, as the daemon passes them */

static struct sandbox_policy
default_policy(void)
{
	return (struct sandbox_policy){
	    .root_fd = -1,
	    .limits = {.cpu_seconds = 10,
		.memory_bytes = HIKAE_CHILD_MEMORY_BYTES > 0 ? MEMORY_BYTES : 0,
		.open_files = OPEN_FILES,
		.file_size_bytes = FILE_SIZE_BYTES},
	};
}

static int
open_something(void)
{
	int fd = open("/", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? errno : close(fd);
}

static int
allocate_too_much(void)
{
	volatile char *memory = malloc(MEMORY_BYTES);

	if (memory == NULL)
		return errno;
	memory[MEMORY_BYTES - 1] = 1;
	return memory[MEMORY_BYTES - 1] == 1 ? 0 : EIO;
}

static void
memory_is_limited(void **state)
{
	struct sandbox_policy policy = default_policy();

	(void)state;
	if (policy.limits.memory_bytes == 0) {
		print_message("skipped: a sanitizer maps terabytes of shadow "
			      "memory, so its children have no limit\n");
		skip();
	}
	assert_int_equal(attempt_result(allocate_too_much, NULL), 0);
	assert_int_equal(attempt_result(allocate_too_much, &policy), ENOMEM);
}

static int
write_too_much(void)
{
	static char block[FILE_SIZE_BYTES + 1];

	/* Up to the limit, and then one byte more. */
	(void)!pwrite(scratch_fd, block, sizeof(block), 0);
	return TRY(pwrite(scratch_fd, block, 1, FILE_SIZE_BYTES));
}

static int
compute_for_ever(void)
{
	volatile unsigned counter = 1;

	while (counter != 0)
		counter = counter | 1;
	return 0;
}

static int
abort_process(void)
{
	abort();
}

static int
kill_own_thread(void)
{
	return TRY(raise(SIGTERM));
}

#ifdef __x86_64__
static int
call_by_i386_table(void)
{
	long result = 20; /* getpid there, writev here */

	__asm__ volatile("int $0x80" : "+a"(result) : : "memory");
	return result > 0 ? 0 : (int)-result;
}

static int
call_by_x32_table(void)
{
	return TRY(syscall(0x40000000 | SYS_getpid));
}
#endif

static void
what_ends_the_process(void **state)
{
	static const struct {
		const char *name;
		int (*run)(void);
		int number;
	} cases[] = {
	    {"abort", abort_process, SIGABRT},
	    {"a signal to itself", kill_own_thread, SIGTERM},
	    {"a file that grows too large", write_too_much, SIGXFSZ},
	    {"too much processor time", compute_for_ever, SIGXCPU},
#ifdef __x86_64__
	    {"an i386 call", call_by_i386_table, SIGSYS},
	    {"an x32 call", call_by_x32_table, SIGSYS},
#endif
	};
	struct sandbox_policy policy = default_policy();

	(void)state;
	policy.limits.cpu_seconds = 1;
	policy.best_effort = true;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int status = attempt_status(cases[i].run, &policy);

		if (!WIFSIGNALED(status) || WTERMSIG(status) != cases[i].number)
			fail_msg("%s: wait status %#x", cases[i].name,
			    (unsigned)status);
	}
}

static int
check_limits(void)
{
	const struct sandbox_limits limits = default_policy().limits;
	const struct {
		__rlimit_resource_t resource;
		rlim_t soft, hard;
	} wanted[] = {
	    {RLIMIT_NPROC, 0, 0},
	    {RLIMIT_CORE, 0, 0},
	    {RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES},
	    {RLIMIT_FSIZE, FILE_SIZE_BYTES, FILE_SIZE_BYTES},
	    {RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1},
	};
	struct rlimit now;

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (getrlimit(wanted[i].resource, &now) < 0 ||
		    now.rlim_cur != wanted[i].soft ||
		    now.rlim_max != wanted[i].hard)
			return (int)i + 1;
	return 0;
}

static int
check_tighter_limit(void)
{
	struct sandbox_policy policy = default_policy();
	struct sandbox_report report;
	struct rlimit now = {20, 30};

	policy.best_effort = true;
	if (setrlimit(RLIMIT_NOFILE, &now) < 0 ||
	    sandbox_enter(&policy, &report, NULL) < 0 ||
	    getrlimit(RLIMIT_NOFILE, &now) < 0)
		return errno;
	return now.rlim_cur == 30 && now.rlim_max == 30 ? 0 : EINVAL;
}

static void
limits_are_as_asked_and_never_raised(void **state)
{
	struct sandbox_policy policy = default_policy();

	(void)state;
	policy.best_effort = true;
	assert_int_equal(attempt_result(check_limits, &policy), 0);
	assert_int_equal(attempt_result(check_tighter_limit, NULL), 0);
}

static void
the_probe_tells_and_does_not_restrict(void **state)
{
	struct sandbox_report report = {0};
	struct error err;

	(void)state;
	assert_int_equal(sandbox_probe(&report, &err), 0);
	print_message("Landlock ABI %d, %swhole\n", report.landlock_abi,
	    sandbox_is_whole(&report) ? "" : "not ");
	assert_true(report.no_new_privs && report.undumpable && report.limits);
	assert_true(report.seccomp);
	assert_int_equal(open_something(), 0);
	assert_int_equal(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
	assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 1);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* none is left */
	report.landlock_abi = 0;
	assert_false(sandbox_is_whole(&report));
}

/* Make this process one on a kernel without a mechanism. */
static void
lose_landlock(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
		SCMP_SYS(landlock_create_ruleset), 0) < 0 ||
	    seccomp_load(filter) < 0)
		_exit(100);
	seccomp_release(filter);
}

static void
lose_seccomp(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (seccomp_rule_add(
		filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0) < 0 ||
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
		SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP, 0)) < 0 ||
	    seccomp_load(filter) < 0)
		_exit(100);
	seccomp_release(filter);
}

/* Whether a child fails for the lack; it is restricted in part then. */
static bool
is_refused(const struct sandbox_policy *policy, const char *name)
{
	struct sandbox_report report;
	struct error err = {0};
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(sandbox_enter(policy, &report, &err) < 0 &&
			      err.code == ERROR_UNAVAILABLE &&
			      strstr(err.text, name) != NULL
			  ? 0
			  : 1);
	return waitpid(pid, &status, 0) == pid && status == 0;
}

/* 0 when the lack of a mechanism is told as sandbox.h says. */
static int
check_lack(void (*lose)(void), const char *name)
{
	struct sandbox_policy policy = default_policy();
	struct sandbox_report report = {0}, probed = {0};
	struct error err = {0};

	lose();
	if (sandbox_probe(&probed, &err) < 0 || sandbox_is_whole(&probed))
		return 1;
	if (!is_refused(&policy, name))
		return 2;
	policy.best_effort = true;
	if (sandbox_enter(&policy, &report, &err) < 0)
		return 3;
	if (memcmp(&report, &probed, sizeof(report)) != 0)
		return 4;
	if (!report.no_new_privs || !report.undumpable || !report.limits)
		return 5;
	return report.seccomp == (lose == lose_landlock) ? 0 : 6;
}

static int
check_lack_of_landlock(void)
{
	return check_lack(lose_landlock, "Landlock");
}

static int
check_lack_of_seccomp(void)
{
	return check_lack(lose_seccomp, "seccomp");
}

static void
a_missing_mechanism_is_told(void **state)
{
	(void)state;
	(void)attempt_kernel_abi();
	assert_int_equal(attempt_result(check_lack_of_landlock, NULL), 0);
	assert_int_equal(attempt_result(check_lack_of_seccomp, NULL), 0);
}

static int
report_abi(void)
{
	struct sandbox_policy policy = default_policy();
	struct sandbox_report report;

	policy.landlock_abi_max = ATTEMPT_ABI_DEBIAN_12;
	if (sandbox_enter(&policy, &report, NULL) < 0)
		return ATTEMPT_NO_SANDBOX;
	return sandbox_is_whole(&report) ? report.landlock_abi : 0;
}

static void
the_report_tells_the_abi_in_use(void **state)
{
	(void)state;
	if (attempt_kernel_abi() >= ATTEMPT_ABI_DEBIAN_12)
		assert_int_equal(
		    attempt_result(report_abi, NULL), ATTEMPT_ABI_DEBIAN_12);
}

/* Ends as a process that returns from main: leak checkers run then. */
static int
leave_by_exit(void)
{
	exit(0);
}

static void
a_sandboxed_process_may_exit(void **state)
{
	struct sandbox_policy policy = default_policy();

	(void)state;
	policy.best_effort = true;
	assert_int_equal(attempt_result(leave_by_exit, &policy), 0);
}

#ifdef __SANITIZE_ADDRESS__
static int
overflow_heap(void)
{
	volatile size_t beyond = 9;
	char *memory = malloc(8);

	return memory == NULL ? ENOMEM : *(char *)memset(memory, 1, beyond);
}
#endif

/* An address sanitizer's report must get out of the sandbox. */
static void
a_sanitizer_can_report(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__
	struct sandbox_policy policy = default_policy();
	char text[4096];
	int fds[2], saved = dup(2), status;
	ssize_t got;

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(dup2(fds[1], 2), 2);
	assert_int_equal(close(fds[1]), 0);
	status = attempt_status(overflow_heap, &policy);
	assert_int_equal(dup2(saved, 2), 2);
	assert_int_equal(close(saved), 0);
	got = read(fds[0], text, sizeof(text) - 1);
	assert_true(got > 0);
	text[got] = '\0';
	assert_int_equal(close(fds[0]), 0);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_non_null(
	    strstr(text, "ERROR: AddressSanitizer: heap-buffer-overflow"));
#else
	print_message("skipped: only with VARIANT=asan\n");
	skip();
#endif
}

static int
setup(void **state)
{
	(void)state;
	scratch_fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return scratch_fd < 0 ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	return close(scratch_fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(memory_is_limited),
	    cmocka_unit_test(limits_are_as_asked_and_never_raised),
	    cmocka_unit_test(what_ends_the_process),
	    cmocka_unit_test(the_probe_tells_and_does_not_restrict),
	    cmocka_unit_test(a_missing_mechanism_is_told),
	    cmocka_unit_test(the_report_tells_the_abi_in_use),
	    cmocka_unit_test(a_sandboxed_process_may_exit),
	    cmocka_unit_test(a_sanitizer_can_report),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
