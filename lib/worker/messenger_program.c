#include "lib/worker/messenger_program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"

#define READ_BYTES 4096

/* A program that runs.  Descriptors are -1 once they are closed. */
struct running {
	pid_t pid;
	int pid_fd;
	int in, out; /* our ends of its pipes */
	size_t sent;
	int64_t began_ms, end_ms;
	char said[MESSENGER_SAID_BYTES];
	size_t said_length;
};

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static void
fail(struct messenger_answer *answer, const char *what, int os_errno)
{
	struct error err = {0};

	(void)!error_set_errno(&err, os_errno, "%s", what);
	answer->outcome = MESSENGER_FAILED;
	(void)snprintf(answer->said, sizeof(answer->said), "%s", err.text);
}

/* In the child: nothing is inherited but three descriptors. */
static _Noreturn void
become(const struct messenger_program *program, int in, int out, int status)
{
	sigset_t none;
	int os_errno;

	(void)setsid();
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	for (int number = 1; number < NSIG; number++)
		(void)signal(number, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
	    dup2(out, STDERR_FILENO) >= 0)
		(void)execve(program->arguments[0], program->arguments,
		    program->variables);
	os_errno = errno;
	(void)!write(status, &os_errno, sizeof(os_errno));
	_exit(127);
}

/* 0, or the errno of what went wrong before the program ran. */
static int
start_with(const struct messenger_program *program, int pipes[3][2],
    struct running *running)
{
	int os_errno = 0;
	ssize_t got;

	for (int i = 0; i < 3; i++)
		if (pipe2(pipes[i], O_CLOEXEC) != 0)
			return errno;
	running->pid = fork();
	if (running->pid < 0)
		return errno;
	if (running->pid == 0)
		become(program, pipes[0][0], pipes[1][1], pipes[2][1]);
	close_fd(&pipes[2][1]);
	got = read(pipes[2][0], &os_errno, sizeof(os_errno));
	if (got == (ssize_t)sizeof(os_errno)) {
		(void)waitpid(running->pid, NULL, 0);
		return os_errno;
	}
	running->pid_fd = (int)syscall(SYS_pidfd_open, running->pid, 0);
	if (running->pid_fd < 0) {
		os_errno = errno;
		(void)kill(-running->pid, SIGKILL);
		(void)waitpid(running->pid, NULL, 0);
		return os_errno;
	}
	running->in = pipes[0][1];
	running->out = pipes[1][0];
	pipes[0][1] = pipes[1][0] = -1;
	(void)fcntl(running->in, F_SETFL, O_NONBLOCK);
	(void)fcntl(running->out, F_SETFL, O_NONBLOCK);
	return 0;
}

static int
start(const struct messenger_program *program, struct running *running)
{
	int pipes[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}};
	int os_errno = start_with(program, pipes, running);

	for (int i = 0; i < 3; i++) {
		close_fd(&pipes[i][0]);
		close_fd(&pipes[i][1]);
	}
	return os_errno;
}

/* Keep the last bytes of what was said. */
static void
keep(struct running *running, const char *data, size_t length)
{
	const size_t room = sizeof(running->said) - 1;
	size_t drop;

	if (length > room) {
		data += length - room;
		length = room;
	}
	drop = running->said_length + length > room
		   ? running->said_length + length - room
		   : 0;
	memmove(
	    running->said, running->said + drop, running->said_length - drop);
	running->said_length -= drop;
	for (size_t i = 0; i < length; i++)
		running->said[running->said_length++] =
		    data[i] == '\0' ? ' ' : data[i];
	running->said[running->said_length] = '\0';
}

static void
listen_to(struct running *running)
{
	char data[READ_BYTES];
	ssize_t got = read(running->out, data, sizeof(data));

	if (got > 0)
		keep(running, data, (size_t)got);
	else if (got == 0 || (errno != EAGAIN && errno != EINTR))
		close_fd(&running->out);
}

static void
feed(const struct messenger_program *program, struct running *running)
{
	ssize_t sent = write(running->in, program->input + running->sent,
	    program->input_length - running->sent);

	if (sent > 0)
		running->sent += (size_t)sent;
	/* Who does not want to read it all says so by its exit status. */
	if (running->sent == program->input_length ||
	    (sent < 0 && errno != EAGAIN && errno != EINTR))
		close_fd(&running->in);
}

/* Until it ends: 1, or its deadline passes, or it is to be ended: 0. */
static int
attend(const struct messenger_program *program, struct running *running)
{
	int64_t left;

	while ((left = running->end_ms - clock_monotonic_ms()) > 0) {
		struct pollfd polls[4] = {
		    {running->pid_fd, POLLIN, 0},
		    {running->out, POLLIN, 0},
		    {running->in, POLLOUT, 0},
		    {program->stop_fd, POLLIN, 0},
		};

		if ((poll(polls, 4, (int)left) < 0 && errno != EINTR) ||
		    polls[3].revents != 0)
			return 0;
		if (running->in >= 0 && polls[2].revents != 0)
			feed(program, running);
		if (running->out >= 0 && polls[1].revents != 0)
			listen_to(running);
		if (polls[0].revents != 0)
			return 1;
	}
	return 0;
}

/* What it said before its end; a child of its own may hold the pipe open. */
static void
hear_out(struct running *running)
{
	struct pollfd rest = {running->out, POLLIN, 0};

	for (int i = 0; i < 64 && running->out >= 0; i++) {
		if (poll(&rest, 1, 0) <= 0)
			break;
		listen_to(running);
	}
}

static void
conclude(
    struct running *running, bool has_ended, struct messenger_answer *answer)
{
	int status = 0;

	if (!has_ended)
		(void)kill(-running->pid, SIGKILL);
	(void)waitpid(running->pid, &status, 0);
	hear_out(running);
	answer->elapsed_ms =
	    (uint32_t)(clock_monotonic_ms() - running->began_ms);
	memcpy(answer->said, running->said, sizeof(answer->said));
	if (!has_ended) {
		answer->outcome = MESSENGER_TIMEOUT;
	} else if (WIFEXITED(status)) {
		answer->outcome = MESSENGER_EXITED;
		answer->status = (uint32_t)WEXITSTATUS(status);
	} else {
		answer->outcome = MESSENGER_KILLED;
		answer->status = (uint32_t)WTERMSIG(status);
	}
}

void
messenger_program_run(const struct messenger_program *program,
    struct messenger_answer *ret_answer)
{
	struct running running = {.pid_fd = -1, .in = -1, .out = -1};
	int os_errno;

	*ret_answer = (struct messenger_answer){.outcome = MESSENGER_FAILED};
	/* A program that reads nothing is no reason to die. */
	(void)signal(SIGPIPE, SIG_IGN);
	running.began_ms = clock_monotonic_ms();
	running.end_ms = running.began_ms + program->deadline_ms;
	os_errno = start(program, &running);
	if (os_errno != 0) {
		fail(ret_answer, program->arguments[0], os_errno);
		return;
	}
	if (program->input_length == 0)
		close_fd(&running.in);
	conclude(&running, attend(program, &running) == 1, ret_answer);
	close_fd(&running.pid_fd);
	close_fd(&running.in);
	close_fd(&running.out);
}
