/* The process that becomes the program. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/os/sandbox_program.h"
#include "lib/worker/runner_internal.h"

#define RESULT_FD 3
#define SECRET_FD 4
#define KEY_FD 5
#define VARIABLES_MAX 16
#define NUMBER_BYTES 24

/* "NAME=value"; they live as long as the process. */
static char *
variable(const char *name, const char *before, const char *value)
{
	size_t size = strlen(name) + strlen(before) + strlen(value) + 3;
	char *text = malloc(size);

	if (text == NULL)
		_exit(126);
	(void)snprintf(text, size, "%s=%s%s%s", name, before,
	    before[0] != '\0' ? "/" : "", value);
	return text;
}

static char *
variable_number(const char *name, int64_t value)
{
	char text[NUMBER_BYTES];

	(void)snprintf(text, sizeof(text), "%lld", (long long)value);
	return variable(name, "", text);
}

static void
make_environment(const struct runner_stage *stage, char **variables)
{
	const struct job *job = stage->job;
	const char *scratch = stage->scratch;
	size_t n = 0;

	variables[n++] = variable("PATH", "", "/usr/sbin:/usr/bin:/sbin:/bin");
	variables[n++] = variable("LANG", "", "C.UTF-8");
	variables[n++] = variable("HOME", scratch, "work");
	variables[n++] = variable("TMPDIR", scratch, "work/tmp");
	variables[n++] = variable("HIKAE_DRILL_SYSTEM", "", job->header.system);
	variables[n++] =
	    variable("HIKAE_DRILL_GENERATION", "", job->drill.generation);
	variables[n++] = variable("HIKAE_DRILL_FILES", scratch, "files");
	variables[n++] = variable("HIKAE_DRILL_SCRATCH", scratch, "work");
	variables[n++] =
	    variable_number("HIKAE_DRILL_SECONDS", job->drill.time_ms / 1000);
	variables[n++] =
	    variable_number("HIKAE_DRILL_SHARE_PPM", job->drill.share_ppm);
	if (job->drill.assertions[0] != '\0')
		variables[n++] = variable(
		    "HIKAE_DRILL_ASSERTIONS", "", job->drill.assertions);
	if (job->fds[JOB_FD_KNOWN] >= 0)
		variables[n++] = variable("HIKAE_DRILL_SECRET_FD", "", "4");
	if (job->fds[JOB_FD_PREVIOUS] >= 0)
		variables[n++] = variable("HIKAE_DRILL_KEY_FD", "", "5");
	if (stage->memory[0] != '\0')
		variables[n++] =
		    variable("HIKAE_DRILL_MEMORY", "", stage->memory);
	variables[n] = NULL;
}

/* What it keeps: no input, its output twice, its result, its secrets. */
static int
arrange(struct runner_stage *stage)
{
	int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int output_fd = fcntl(stage->output_fd, F_DUPFD_CLOEXEC, 64);
	int result_fd = fcntl(stage->result_fd, F_DUPFD_CLOEXEC, 64);
	const int *given = stage->job->fds;
	int secret_fd = fcntl(given[JOB_FD_KNOWN], F_DUPFD_CLOEXEC, 64);
	int key_fd = fcntl(given[JOB_FD_PREVIOUS], F_DUPFD_CLOEXEC, 64);

	stage->status_fd = fcntl(stage->status_fd, F_DUPFD_CLOEXEC, 64);
	stage->files_fd = fcntl(stage->files_fd, F_DUPFD_CLOEXEC, 64);
	stage->work_fd = fcntl(stage->work_fd, F_DUPFD_CLOEXEC, 64);
	if (null_fd < 0 || output_fd < 0 || result_fd < 0 ||
	    stage->status_fd < 0 || stage->files_fd < 0 || stage->work_fd < 0 ||
	    dup2(null_fd, STDIN_FILENO) < 0 ||
	    dup2(output_fd, STDOUT_FILENO) < 0 ||
	    dup2(output_fd, STDERR_FILENO) < 0 ||
	    dup2(result_fd, RESULT_FD) < 0)
		return -1;
	if ((given[JOB_FD_KNOWN] >= 0 && dup2(secret_fd, SECRET_FD) < 0) ||
	    (given[JOB_FD_PREVIOUS] >= 0 && dup2(key_fd, KEY_FD) < 0))
		return -1;
	return fchdir(stage->work_fd);
}

static void
reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		(void)signal(number, SIG_DFL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

_Noreturn void
runner_program_become(struct runner_stage *stage)
{
	const struct job *job = stage->job;
	char program[PATH_MAX], *variables[VARIABLES_MAX];
	char *const arguments[] = {program, NULL};
	struct sandbox_program_policy policy = {
	    .program = job->drill.program,
	    .assertions = job->drill.assertions,
	    .best_effort = job->best_effort,
	};
	struct runner_start start = {.os_errno = 0};
	struct error err = {0};

	(void)setsid();
	(void)snprintf(program, sizeof(program), "%s", job->drill.program);
	make_environment(stage, variables);
	if (arrange(stage) != 0)
		_exit(126);
	policy.read_fd = stage->files_fd;
	policy.write_fd = stage->work_fd;
	policy.memory_fd =
	    stage->memory[0] != '\0'
		? open(stage->memory, O_PATH | O_DIRECTORY | O_CLOEXEC)
		: -1;
	reset_signals();
	if (sandbox_program_enter(&policy, &start.sandbox, &err) != 0)
		start.os_errno = err.os_errno != 0 ? err.os_errno : EPERM;
	(void)!write(stage->status_fd, &start, sizeof(start));
	if (start.os_errno != 0)
		_exit(126);
	(void)execve(program, arguments, variables);
	start.os_errno = errno;
	(void)!write(stage->status_fd, &start, sizeof(start));
	_exit(126);
}
