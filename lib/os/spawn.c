#include "lib/os/spawn.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/spawn_internal.h"

static const char *const step_texts[] = {
    [SPAWN_STEP_DESCRIPTORS] = N_("cannot arrange a child's descriptors"),
    [SPAWN_STEP_FOLDER] = N_("cannot leave the working directory"),
    [SPAWN_STEP_PRIVILEGES] = N_("cannot drop a child's privileges"),
    [SPAWN_STEP_DEATH_SIGNAL] = N_("cannot tie a child to its parent"),
    [SPAWN_STEP_EXEC] = N_("cannot run the program"),
};

/* The names of an environment entry that a child keeps. */
static bool
is_kept(const char *entry)
{
	static const char *const prefixes[] = {"PATH=", "LANG=", "LANGUAGE=",
	    "LC_", "TZ=", "ASAN_OPTIONS=", "LSAN_OPTIONS=", "UBSAN_OPTIONS="};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strncmp(entry, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

/* A new array of the entries to keep; the entries stay where they are. */
static char **
filter_environment(void)
{
	size_t count = 0, kept = 0;
	char **result;

	while (environ != NULL && environ[count] != NULL)
		count++;
	result = calloc(count + 1, sizeof(*result));
	for (size_t i = 0; result != NULL && i < count; i++)
		if (is_kept(environ[i]))
			result[kept++] = environ[i];
	return result;
}

/* fork, with no signal handler of the parent able to run in the child. */
static pid_t
fork_child(struct spawn_plan *plan)
{
	sigset_t all, old;
	pid_t pid;
	int os_errno;

	sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &old);
	pid = fork();
	if (pid == 0)
		spawn_exec_run(plan);
	os_errno = errno;
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	errno = os_errno;
	return pid;
}

/* 0 when the status pipe closes without a word: execve succeeded. */
static int
await_exec(int status_fd, const char *program, struct error *err)
{
	struct spawn_failure failure;
	ssize_t got;

	do
		got = read(status_fd, &failure, sizeof(failure));
	while (got < 0 && errno == EINTR);
	if (got == 0)
		return 0;
	if (got < 0)
		return error_set_errno(
		    err, errno, _("cannot hear of a child's start"));
	(void)error_set_errno(
	    err, failure.os_errno, "%s", _(step_texts[failure.step]));
	return error_prefix(err, "%s", program);
}

/* End and collect a child that did not become one. */
static void
discard(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static int
start(struct spawn_plan *plan, int status_fds[2], struct spawn_child *ret_child,
    struct error *err)
{
	struct spawn_child child = SPAWN_CHILD_NONE;

	plan->status_fd = status_fds[1];
	child.pid = fork_child(plan);
	if (child.pid < 0)
		return error_set_errno(err, errno, _("cannot make a process"));
	(void)close(status_fds[1]);
	status_fds[1] = -1;
	child.pidfd = pidfd_open(child.pid, 0);
	if (child.pidfd < 0) {
		(void)error_set_errno(err, errno, _("cannot watch a process"));
	} else if (await_exec(status_fds[0], plan->program, err) == 0) {
		*ret_child = child;
		return 0;
	}
	discard(child.pid);
	spawn_done(&child);
	return -1;
}

int
spawn_start(const struct spawn_options *options, struct spawn_child *ret_child,
    struct error *err)
{
	struct spawn_plan plan = {
	    .program =
		options->program != NULL ? options->program : "/proc/self/exe",
	    .arguments = options->arguments,
	    .null_fd = -1,
	    .stderr_fd = options->stderr_fd,
	    .wire_fd = options->wire_fd,
	    .parent = getpid(),
	    .keep =
		options->keep_others |
		(options->keep_read_search ? UINT32_C(1) << CAP_DAC_READ_SEARCH
					   : 0),
	};
	int status_fds[2] = {-1, -1};
	int rc = -1;

	plan.environment = filter_environment();
	if (plan.environment == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		goto out;
	}
	plan.null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (plan.null_fd < 0 || pipe2(status_fds, O_CLOEXEC) < 0) {
		(void)error_set_errno(
		    err, errno, _("cannot prepare a child's descriptors"));
		goto out;
	}
	rc = start(&plan, status_fds, ret_child, err);
out:
	for (int i = 0; i < 2; i++)
		if (status_fds[i] >= 0)
			(void)close(status_fds[i]);
	if (plan.null_fd >= 0)
		(void)close(plan.null_fd);
	free(plan.environment);
	return rc;
}

int
spawn_kill(const struct spawn_child *child, struct error *err)
{
	if (pidfd_send_signal(child->pidfd, SIGKILL, NULL, 0) < 0 &&
	    errno != ESRCH)
		return error_set_errno(err, errno, _("cannot kill a child"));
	return 0;
}

static int64_t
milliseconds(struct timeval time)
{
	return (int64_t)time.tv_sec * 1000 + time.tv_usec / 1000;
}

int
spawn_wait(struct spawn_child *child, bool block, struct spawn_end *ret_end,
    struct error *err)
{
	struct rusage usage;
	int status;
	pid_t pid;

	assert(child->pid > 0);
	do
		pid = wait4(child->pid, &status, block ? 0 : WNOHANG, &usage);
	while (pid < 0 && errno == EINTR);
	if (pid < 0)
		return error_set_errno(err, errno, _("cannot collect a child"));
	if (pid == 0)
		return 0;
	child->pid = 0;
	*ret_end = (struct spawn_end){
	    .exited = WIFEXITED(status),
	    .status =
		WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status),
	    .cpu_ms =
		milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime),
	    .peak_rss_bytes = (uint64_t)usage.ru_maxrss * 1024,
	};
	return 1;
}

void
spawn_done(struct spawn_child *child)
{
	if (child->pidfd >= 0)
		(void)close(child->pidfd);
	child->pidfd = -1;
}
