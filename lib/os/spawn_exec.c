/* Runs in the child of a fork: only async-signal-safe calls, no allocation. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/os/spawn.h"
#include "lib/os/spawn_internal.h"

/* The child closes what is at or above this; sources move above it first. */
#define FIRST_CLOSED_FD (SPAWN_WIRE_FD + 1)

static void
reset_signals(void)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	sigset_t none;

	/* The numbers that cannot be set are not worth naming. */
	for (int number = 1; number < NSIG; number++)
		(void)sigaction(number, &action, NULL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static int
place(int fd, int target)
{
	return fd < 0 || dup2(fd, target) == target ? 0 : -1;
}

/*
 * Sources may stand where another one belongs, so all move out of the way
 * first; the copies are close-on-exec, those that dup2 makes are not.
 */
static int
arrange_descriptors(struct spawn_plan *plan)
{
	int *const sources[] = {
	    &plan->null_fd, &plan->stderr_fd, &plan->wire_fd, &plan->status_fd};
	unsigned first_closed;

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		int moved;

		if (*sources[i] < 0)
			continue;
		moved = fcntl(*sources[i], F_DUPFD_CLOEXEC, FIRST_CLOSED_FD);
		if (moved < 0)
			return -1;
		*sources[i] = moved;
	}
	if (place(plan->null_fd, STDIN_FILENO) < 0 ||
	    place(plan->null_fd, STDOUT_FILENO) < 0 ||
	    place(plan->stderr_fd < 0 ? plan->null_fd : plan->stderr_fd,
		STDERR_FILENO) < 0 ||
	    place(plan->wire_fd, SPAWN_WIRE_FD) < 0)
		return -1;
	first_closed = plan->wire_fd < 0 ? SPAWN_WIRE_FD : FIRST_CLOSED_FD;
	return close_range(first_closed, ~0U, CLOSE_RANGE_CLOEXEC);
}

/*
 * capset(2) by hand, because no library's version is async-signal-safe.  With
 * no_new_privs, execve gives nothing that is not permitted now, not even to
 * root (capabilities(7), "Capabilities and execution of programs by root").
 */
static int
drop_privileges(uint32_t keep)
{
	struct __user_cap_header_struct header = {
	    _LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
	uint32_t kept;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 ||
	    syscall(SYS_capget, &header, sets) < 0)
		return -1;
	kept = sets[0].permitted & keep;
	memset(sets, 0, sizeof(sets));
	sets[0].permitted = sets[0].effective = sets[0].inheritable = kept;
	if (syscall(SYS_capset, &header, sets) < 0)
		return -1;
	for (unsigned capability = 0; capability < 32; capability++)
		if ((kept >> capability & 1) != 0 &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0,
			0) < 0)
			return -1;
	return 0;
}

/* A parent that died before the prctl sends no signal: look for it. */
static int
tie_to_parent(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
		return -1;
	if (getppid() != parent) {
		errno = ESRCH;
		return -1;
	}
	return 0;
}

/* Returns only when a step failed: which one, with errno. */
static enum spawn_step
prepare_and_exec(struct spawn_plan *plan)
{
	if (arrange_descriptors(plan) < 0)
		return SPAWN_STEP_DESCRIPTORS;
	if (chdir("/") < 0)
		return SPAWN_STEP_FOLDER;
	if (drop_privileges(plan->keep) < 0)
		return SPAWN_STEP_PRIVILEGES;
	/* After the capabilities: losing some can clear the death signal. */
	if (tie_to_parent(plan->parent) < 0)
		return SPAWN_STEP_DEATH_SIGNAL;
	/* execve writes to no argument; its prototype is older than const. */
	(void)execve(plan->program, (char *const *)(uintptr_t)plan->arguments,
	    plan->environment);
	return SPAWN_STEP_EXEC;
}

_Noreturn void
spawn_exec_run(struct spawn_plan *plan)
{
	struct spawn_failure failure;
	ssize_t written;

	reset_signals();
	(void)setsid(); /* fails only for a group leader, which this is not */
	failure.step = prepare_and_exec(plan);
	failure.os_errno = errno;
	written = write(plan->status_fd, &failure, sizeof(failure));
	_exit(written == (ssize_t)sizeof(failure) ? 127 : 126);
}
