#include "lib/worker/drill_service.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/spawn.h"
#include "lib/worker/answer.h"
#include "lib/worker/job.h"
#include "lib/worker/parser.h"
#include "lib/worker/restorer.h"
#include "lib/worker/runner.h"

static int
run_role(enum job_kind kind)
{
	if (kind == JOB_INSPECT)
		return parser_main();
	if (kind == JOB_PROGRAM)
		return runner_main();
	return restorer_main();
}

/*
 * Until its end, or until nobody waits for it: then it has no more to do, and
 * is told so.  Whether somebody waits.
 */
static bool
watch(pid_t pid, int pidfd)
{
	struct pollfd fds[] = {
	    {SPAWN_WIRE_FD, POLLRDHUP, 0},
	    {pidfd, POLLIN, 0},
	};

	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	if (fds[1].revents != 0)
		return true;
	(void)kill(pid, SIGKILL);
	return false;
}

/* Its last words, where it could not say them itself. */
static int
tell_signal(int number)
{
	struct error why = {0};
	bool is_limit = number == SIGXCPU || number == SIGXFSZ;

	(void)error_set(&why, is_limit ? ERROR_LIMIT : ERROR_INTERNAL,
	    _("the child was ended by signal %d"), number);
	return answer_end(&why) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
supervise(pid_t pid)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	bool is_awaited = true;
	int status = 0;

	if (pidfd < 0) {
		(void)kill(pid, SIGKILL);
	} else {
		is_awaited = watch(pid, pidfd);
		(void)close(pidfd);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!is_awaited)
		return EXIT_SUCCESS;
	return WIFSIGNALED(status) ? tell_signal(WTERMSIG(status))
				   : WEXITSTATUS(status);
}

static int
refuse(const struct error *why)
{
	return answer_end(why) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
drill_service_main(void)
{
	enum job_kind kind;
	struct error err = {0};
	pid_t pid;

	(void)fcntl(SPAWN_WIRE_FD, F_SETFD, FD_CLOEXEC);
	if (job_peek(SPAWN_WIRE_FD, &kind, &err) != 0)
		return refuse(&err);
	if (!job_is_for_drill_service(kind)) {
		(void)error_set(&err, ERROR_PROTOCOL,
		    _("this is no job for a drill's service"));
		return refuse(&err);
	}
	pid = fork();
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(run_role(kind));
	}
	if (pid < 0) {
		(void)error_set_errno(&err, errno, _("cannot make a process"));
		return refuse(&err);
	}
	/* Not before: the runner's name spaces need files in its /proc. */
	(void)prctl(PR_SET_DUMPABLE, 0);
	return supervise(pid);
}
