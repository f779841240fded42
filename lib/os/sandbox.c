#include "lib/os/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/sandbox_internal.h"

/* Never raises: a limit that is lower already stays. */
static int
lower_limit(int resource, uint64_t soft, uint64_t hard, struct error *err)
{
	struct rlimit now;

	if (getrlimit((__rlimit_resource_t)resource, &now) < 0)
		return error_set_errno(
		    err, errno, _("cannot read a resource limit"));
	if (now.rlim_max > hard)
		now.rlim_max = hard;
	now.rlim_cur = soft < now.rlim_max ? soft : now.rlim_max;
	if (setrlimit((__rlimit_resource_t)resource, &now) < 0)
		return error_set_errno(
		    err, errno, _("cannot set a resource limit"));
	return 0;
}

static int
enter_limits(const struct sandbox_limits *limits, struct error *err)
{
	const struct {
		int resource;
		bool is_set;
		uint64_t soft, hard;
	} table[] = {
	    {RLIMIT_NPROC, true, 0, 0},
	    {RLIMIT_CORE, true, 0, 0},
	    {RLIMIT_NOFILE, true, limits->open_files, limits->open_files},
	    {RLIMIT_FSIZE, true, limits->file_size_bytes,
		limits->file_size_bytes},
	    {RLIMIT_AS, limits->memory_bytes > 0, limits->memory_bytes,
		limits->memory_bytes},
	    /* SIGXCPU can be caught; a second later SIGKILL cannot. */
	    {RLIMIT_CPU, limits->cpu_seconds > 0, limits->cpu_seconds,
		limits->cpu_seconds + 1},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].is_set &&
		    lower_limit(table[i].resource, table[i].soft, table[i].hard,
			err) < 0)
			return -1;
	return 0;
}

/* Without it, neither Landlock nor seccomp can be had: never optional. */
static int
enter_own_attributes(struct sandbox_report *report, struct error *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return error_set_errno(
		    err, errno, _("cannot refuse new privileges"));
	report->no_new_privs = true;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return error_set_errno(err, errno,
		    _("cannot hide this process's memory from others"));
	report->undumpable = true;
	return 0;
}

/* What a mechanism's result means under the policy. */
static int
accept_result(int result, bool best_effort, const char *name, struct error *err)
{
	if (result != 0 || best_effort)
		return result < 0 ? -1 : 0;
	return error_set(err, ERROR_UNAVAILABLE,
	    _("this machine does not offer %s, which the sandbox needs"), name);
}

int
sandbox_enter(const struct sandbox_policy *policy,
    struct sandbox_report *ret_report, struct error *err)
{
	struct sandbox_report report = {0};
	int result;

	if (enter_own_attributes(&report, err) < 0)
		return -1;
	result = sandbox_seccomp_enter(policy, err);
	if (accept_result(result, policy->best_effort, "seccomp", err) < 0)
		return -1;
	report.seccomp = result > 0;
	result = sandbox_landlock_enter(
	    policy, report.seccomp, &report.landlock_abi, err);
	if (accept_result(result, policy->best_effort, "Landlock", err) < 0)
		return -1;
	/* Last, because the steps above need descriptors and memory. */
	if (enter_limits(&policy->limits, err) < 0)
		return -1;
	report.limits = true;
	*ret_report = report;
	return 0;
}

/* In the child of sandbox_probe; limits that the pipe still works with. */
static _Noreturn void
probe_and_tell(int fd)
{
	const struct sandbox_policy policy = {
	    .root_fd = -1,
	    .limits = {.open_files = (uint64_t)fd + 1},
	    .best_effort = true,
	};
	struct sandbox_report report;

	if (sandbox_enter(&policy, &report, NULL) < 0)
		_exit(1);
	_exit(write(fd, &report, sizeof(report)) == (ssize_t)sizeof(report)
		  ? 0
		  : 2);
}

int
sandbox_probe(struct sandbox_report *ret_report, struct error *err)
{
	struct sandbox_report report;
	int fds[2];
	ssize_t got;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return error_set_errno(err, errno, _("cannot make a pipe"));
	pid = fork();
	if (pid == 0)
		probe_and_tell(fds[1]);
	(void)close(fds[1]);
	do
		got = read(fds[0], &report, sizeof(report));
	while (got < 0 && errno == EINTR);
	(void)close(fds[0]);
	if (pid < 0)
		return error_set_errno(err, errno, _("cannot make a process"));
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (got != (ssize_t)sizeof(report))
		return error_set(err, ERROR_UNAVAILABLE,
		    _("a process that tried the sandbox did not survive it"));
	*ret_report = report;
	return 0;
}

bool
sandbox_is_whole(const struct sandbox_report *report)
{
	return report->landlock_abi > 0 && report->no_new_privs &&
	       report->undumpable && report->seccomp && report->limits;
}
