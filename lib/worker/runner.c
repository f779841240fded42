#include "lib/worker/runner.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/os/jail.h"
#include "lib/os/spawn.h"
#include "lib/worker/answer.h"
#include "lib/worker/runner_internal.h"

/* How often hikaed hears that it goes on, ms. */
#define PULSE_MS 1000
/* How long what was killed may take to go, ms. */
#define REAP_MS 10000
#define REAP_PAUSE_MS 5
/* What of the output is kept, for who kept the scratch folder. */
#define LOG_BYTES ((uint64_t)1024 * 1024)
#define LOG_NAME "output.log"
/* Room for what must not reach a disk: key rings of a few keys. */
#define MEMORY_BYTES ((uint64_t)8 << 20)

struct runner {
	struct runner_stage stage;
	int output_fd, result_fd, status_fd, log_fd, signal_fd;
	pid_t program; /* 0: it was collected */
	bool has_start;
	struct runner_start start;
	int status; /* as wait(2) gives it */
	int64_t began_ms;
	uint64_t output_bytes;
	struct bytes result;
	enum reply_program_end end;
	struct answer answer;
};

/* ---- ending everything ---- */

/* The parent of a process by its number in /proc, or 0. */
static pid_t
parent_of(const char *number)
{
	char path[64], text[512];
	const char *end;
	ssize_t length;
	int fd, parent = 0;

	(void)snprintf(path, sizeof(path), "/proc/%.20s/stat", number);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	length = read(fd, text, sizeof(text) - 1);
	(void)close(fd);
	if (length <= 0)
		return 0;
	text[length] = '\0';
	end = strrchr(text, ')'); /* the name may hold anything */
	if (end == NULL || sscanf(end + 1, " %*c %d", &parent) != 1)
		return 0;
	return parent;
}

/* What lost its parent is this process's child, since it is a subreaper. */
static void
kill_children(void)
{
	DIR *folder = opendir("/proc");
	const struct dirent *entry;

	if (folder == NULL)
		return;
	while ((entry = readdir(folder)) != NULL)
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    parent_of(entry->d_name) == getpid())
			(void)kill(
			    (pid_t)strtol(entry->d_name, NULL, 10), SIGKILL);
	(void)closedir(folder);
}

static void
take_end(struct runner *runner, pid_t pid, int status)
{
	if (pid != runner->program)
		return;
	runner->program = 0;
	runner->status = status;
}

/* Kill until nothing is left. */
static void
end_all(struct runner *runner)
{
	int64_t deadline = clock_monotonic_ms() + REAP_MS;
	pid_t pid = 0;
	int status;

	while (clock_monotonic_ms() < deadline) {
		if (runner->stage.has_namespaces)
			(void)kill(-1, SIGKILL);
		else
			kill_children();
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
			take_end(runner, pid, status);
		if (pid < 0 && errno == ECHILD)
			return;
		(void)!poll(NULL, 0, REAP_PAUSE_MS);
	}
}

/* ---- watching it ---- */

/* A pipe's bytes; closes it at its end. */
static ssize_t
take(int *fd, uint8_t *block, size_t size)
{
	ssize_t n = read(*fd, block, size);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
		(void)close(*fd);
		*fd = -1;
	}
	return n;
}

static void
take_output(struct runner *runner)
{
	uint8_t block[65536];
	ssize_t n = take(&runner->output_fd, block, sizeof(block));

	if (n <= 0)
		return;
	if (runner->output_bytes < LOG_BYTES && runner->log_fd >= 0)
		(void)!write(runner->log_fd, block, (size_t)n);
	runner->output_bytes += (uint64_t)n;
	if (runner->output_bytes > runner->stage.job->drill.output_bytes)
		runner->end = REPLY_PROGRAM_OUTPUT;
}

static void
take_result(struct runner *runner)
{
	uint8_t block[4096];
	ssize_t n = take(&runner->result_fd, block, sizeof(block));

	if (n <= 0)
		return;
	if (runner->result.length + (size_t)n > REPLY_RESULT_BYTES)
		runner->end = REPLY_PROGRAM_OUTPUT;
	else
		bytes_append(&runner->result, block, (size_t)n);
}

static void
take_start(struct runner *runner)
{
	struct runner_start start;
	ssize_t n = take(&runner->status_fd, (uint8_t *)&start, sizeof(start));

	if (n != (ssize_t)sizeof(start))
		return;
	runner->has_start = true;
	runner->start = start;
	if (start.os_errno != 0)
		runner->end = REPLY_PROGRAM_NOT_RUN;
}

static void
take_signal(struct runner *runner, bool *ret_is_asked)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	while (read(runner->signal_fd, &info, sizeof(info)) ==
	       (ssize_t)sizeof(info))
		*ret_is_asked = *ret_is_asked || info.ssi_signo == SIGTERM;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		take_end(runner, pid, status);
}

/* The state may lie on the same file system: a program must not fill it. */
static bool
is_nearly_full(const struct runner *runner)
{
	struct statvfs vfs;

	return fstatvfs(runner->stage.work_fd, &vfs) == 0 &&
	       vfs.f_bavail < vfs.f_blocks / JOB_DRILL_FREE_PART;
}

static int
tell_progress(struct runner *runner, struct error *err)
{
	struct examine_events events = answer_events(&runner->answer);

	if (clock_monotonic_ms() - runner->began_ms >
	    runner->stage.job->drill.time_ms)
		runner->end = REPLY_PROGRAM_TIME;
	else if (is_nearly_full(runner))
		runner->end = REPLY_PROGRAM_SPACE;
	return events.progress(events.context, 0, 0, err);
}

/* Until the program's end, its limits, or somebody's wish. */
static int
watch(struct runner *runner, struct error *err)
{
	bool is_asked = false;
	int64_t told_ms = 0;

	while (runner->program != 0 && !is_asked &&
	       runner->end == REPLY_PROGRAM_EXITED) {
		struct pollfd fds[] = {
		    {runner->output_fd, POLLIN, 0},
		    {runner->result_fd, POLLIN, 0},
		    {runner->status_fd, POLLIN, 0},
		    {runner->signal_fd, POLLIN, 0},
		};

		(void)!poll(fds, 4, PULSE_MS);
		if (fds[0].revents != 0)
			take_output(runner);
		if (fds[1].revents != 0)
			take_result(runner);
		if (fds[2].revents != 0)
			take_start(runner);
		take_signal(runner, &is_asked);
		if (clock_monotonic_ms() - told_ms < PULSE_MS)
			continue;
		told_ms = clock_monotonic_ms();
		if (tell_progress(runner, err) != 0)
			return -1;
	}
	return is_asked ? error_set(err, ERROR_CANCELLED, _("cancelled")) : 0;
}

/* What was written before the end, and still lies in the pipes. */
static void
drain(struct runner *runner)
{
	uint64_t before;

	do {
		before = runner->output_bytes;
		if (runner->output_fd >= 0)
			take_output(runner);
	} while (runner->output_bytes > before &&
		 runner->end == REPLY_PROGRAM_EXITED);
	if (runner->status_fd >= 0)
		take_start(runner);
	for (int i = 0; i < 8 && runner->result_fd >= 0; i++)
		take_result(runner);
}

/* ---- beginning ---- */

/* A pipe whose own end does not block. */
static int
make_pipe(int *ret_own, int *ret_other, struct error *err)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) != 0 ||
	    fcntl(fds[0], F_SETFL, O_NONBLOCK) != 0)
		return error_set_errno(err, errno, _("cannot make a pipe"));
	*ret_own = fds[0];
	*ret_other = fds[1];
	return 0;
}

static int
watch_signals(struct runner *runner, struct error *err)
{
	sigset_t signals;

	sigemptyset(&signals);
	(void)sigaddset(&signals, SIGCHLD);
	(void)sigaddset(&signals, SIGTERM);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigprocmask(SIG_BLOCK, &signals, NULL);
	runner->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (runner->signal_fd < 0)
		return error_set_errno(err, errno, _("cannot watch signals"));
	return 0;
}

/* The folders, and where the program sees them. */
static int
open_scratch(struct runner *runner, struct error *err)
{
	struct runner_stage *stage = &runner->stage;
	const struct job_drill *drill = &stage->job->drill;
	const char *const hidden[] = {drill->state, drill->run, NULL};
	const char *const needed[] = {drill->program, drill->assertions, NULL};
	bool has_secret = stage->job->fds[JOB_FD_KNOWN] >= 0 ||
			  stage->job->fds[JOB_FD_PREVIOUS] >= 0;
	const struct jail_mounts mounts = {
	    .scratch = drill->scratch,
	    .hidden = hidden,
	    .needed = needed,
	    .memory_bytes = has_secret ? MEMORY_BYTES : 0,
	};
	struct jail_paths paths;
	int fd, rc = -1;

	(void)snprintf(
	    stage->scratch, sizeof(stage->scratch), "%s", drill->scratch);
	if (stage->has_namespaces) {
		if (jail_mount(&mounts, &paths, err) != 0)
			return -1;
		(void)snprintf(stage->scratch, sizeof(stage->scratch), "%s",
		    paths.scratch);
		memcpy(stage->memory, paths.memory, sizeof(stage->memory));
	}
	/* From here, since mounts of before are another name space's. */
	if (file_open_folder(stage->scratch, &fd, err) != 0)
		return -1;
	if (file_open_below(fd, "files", O_RDONLY | O_DIRECTORY,
		&stage->files_fd, err) == 0 &&
	    file_open_below(fd, "work", O_RDONLY | O_DIRECTORY, &stage->work_fd,
		err) == 0 &&
	    file_make_folders(stage->work_fd, "tmp", 0700, err) == 0 &&
	    file_open_below(fd, LOG_NAME, O_WRONLY | O_CREAT | O_APPEND,
		&runner->log_fd, err) == 0)
		rc = 0;
	(void)close(fd);
	return rc;
}

static int
start(struct runner *runner, struct error *err)
{
	struct runner_stage *stage = &runner->stage;
	pid_t pid;

	if (make_pipe(&runner->output_fd, &stage->output_fd, err) != 0 ||
	    make_pipe(&runner->result_fd, &stage->result_fd, err) != 0 ||
	    make_pipe(&runner->status_fd, &stage->status_fd, err) != 0)
		return -1;
	runner->began_ms = clock_monotonic_ms();
	pid = fork();
	if (pid == 0)
		runner_program_become(stage);
	if (pid < 0)
		return error_set_errno(err, errno, _("cannot make a process"));
	runner->program = pid;
	(void)close(stage->output_fd);
	(void)close(stage->result_fd);
	(void)close(stage->status_fd);
	return 0;
}

static int
tell_end(struct runner *runner, struct error *err)
{
	struct reply reply = {.kind = REPLY_PROGRAM};
	struct reply_program *program = &reply.program;

	if (runner->end == REPLY_PROGRAM_EXITED && WIFSIGNALED(runner->status))
		runner->end = REPLY_PROGRAM_SIGNALLED;
	program->end = runner->end;
	if (runner->end == REPLY_PROGRAM_EXITED)
		program->status = WEXITSTATUS(runner->status);
	if (runner->end == REPLY_PROGRAM_SIGNALLED)
		program->status = WTERMSIG(runner->status);
	if (runner->end == REPLY_PROGRAM_NOT_RUN)
		program->status = runner->start.os_errno;
	program->took_ms = clock_monotonic_ms() - runner->began_ms;
	program->output_bytes = runner->output_bytes;
	program->has_namespaces = runner->stage.has_namespaces;
	program->has_landlock = runner->start.sandbox.landlock_abi > 0;
	program->has_seccomp = runner->start.sandbox.seccomp;
	program->result = (const char *)runner->result.data;
	program->result_length = runner->result.length;
	return answer_send(&reply, err);
}

static int
supervise(struct runner *runner, struct error *err)
{
	int rc;

	if (watch_signals(runner, err) != 0 || open_scratch(runner, err) != 0 ||
	    start(runner, err) != 0)
		return -1;
	rc = watch(runner, err);
	end_all(runner);
	drain(runner);
	return rc == 0 ? tell_end(runner, err) : -1;
}

/* Who kills the process that waits means this one, and the program. */
static int
run_supervisor(struct runner *runner)
{
	bool has_namespaces = runner->stage.has_namespaces;
	struct error err = {0};
	int rc;

	(void)prctl(PR_SET_PDEATHSIG, has_namespaces ? SIGKILL : SIGTERM);
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	rc = supervise(runner, &err);
	bytes_done(&runner->result);
	return answer_end(rc == 0 ? NULL : &err) == 0 ? EXIT_SUCCESS
						      : EXIT_FAILURE;
}

static int
wait_for(pid_t pid)
{
	int status = 0;

	/* Who holds the wire is who answers. */
	(void)close(SPAWN_WIRE_FD);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}

int
runner_main(void)
{
	struct job *job = calloc(1, sizeof(*job));
	struct runner runner = {.stage = {.job = job},
	    .log_fd = -1,
	    .output_fd = -1,
	    .result_fd = -1,
	    .status_fd = -1};
	struct error err = {0};
	pid_t pid;

	if (job == NULL)
		return EXIT_FAILURE;
	if (job_receive(SPAWN_WIRE_FD, job, &err) != 0 ||
	    job->kind != JOB_PROGRAM || job->fds[JOB_FD_SCRATCH] < 0) {
		if (err.code == ERROR_NONE)
			(void)error_set(&err, ERROR_PROTOCOL,
			    _("this is no job for a runner"));
		return answer_end(&err) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	/* Out of the medium's and the state's reach first. */
	(void)umask(077);
	runner.stage.has_namespaces = jail_enter();
	/* Else it could speak to hikaed's socket as hikaed's own user. */
	if (!runner.stage.has_namespaces && !job->best_effort) {
		(void)error_set(&err, ERROR_UNAVAILABLE,
		    _("this machine does not offer %s, which the sandbox "
		      "needs"),
		    "name spaces");
		return answer_end(&err) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	pid = fork();
	if (pid == 0)
		_exit(run_supervisor(&runner));
	if (pid < 0) {
		(void)error_set_errno(&err, errno, _("cannot make a process"));
		return answer_end(&err) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	return wait_for(pid);
}
