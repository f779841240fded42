/*
 * peaks: run a program, and tell the peak memory of each process that it
 * starts, for `make check-large`.
 * Usage: peaks FILE PROGRAM [ARGUMENT...]
 *
 * Appends "KIB COMMAND LINE" to FILE when a process ends: the most that it ever
 * held in memory (VmHWM of proc_pid_status(5)), without what its parent held
 * when it was made, which getrusage(2) would count.  Each process is stopped
 * for that at its end (PTRACE_O_TRACEEXIT of ptrace(2)), and disturbed no
 * further. Exits as the program does; SIGTERM and SIGINT are passed on to it.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPTIONS                                                          \
	(PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | \
	    PTRACE_O_TRACEEXIT)

static volatile sig_atomic_t program;

static void
pass_on(int number)
{
	(void)kill((pid_t)program, number);
}

static FILE *
open_proc(pid_t pid, const char *name)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return fopen(path, "r");
}

/* VmHWM in KiB; 0 where it has no memory any more. */
static long
read_peak(pid_t pid)
{
	FILE *file = open_proc(pid, "status");
	char line[256];
	long peak = 0;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, "VmHWM:", 6) == 0)
			peak = strtol(line + 6, NULL, 10);
	if (file != NULL)
		(void)fclose(file);
	return peak;
}

/* Its arguments, with a space after each. */
static void
tell(FILE *out, pid_t pid)
{
	FILE *file = open_proc(pid, "cmdline");
	int c;

	(void)fprintf(out, "%ld ", read_peak(pid));
	while (file != NULL && (c = fgetc(file)) != EOF)
		(void)fputc(c == '\0' ? ' ' : c, out);
	if (file != NULL)
		(void)fclose(file);
	(void)fputc('\n', out);
	(void)fflush(out);
}

/* A process stopped: look, if it is at its end, and let it go on. */
static void
attend(FILE *out, pid_t pid, int status)
{
	int event = status >> 16, number = WSTOPSIG(status);

	if (event == PTRACE_EVENT_EXIT)
		tell(out, pid);
	if (event == PTRACE_EVENT_STOP && number != SIGTRAP)
		/* Stopped as SIGSTOP and its like do: stay so. */
		(void)ptrace(PTRACE_LISTEN, pid, NULL, NULL);
	else
		(void)ptrace(PTRACE_CONT, pid, NULL,
		    event == 0 ? (void *)(intptr_t)number : NULL);
}

/* Until the program has ended; returns what it ended with. */
static int
follow(FILE *out)
{
	int status, result = -1;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (pid > 0 && WIFSTOPPED(status))
			attend(out, pid, status);
		else if (pid == (pid_t)program)
			result = WIFEXITED(status) ? WEXITSTATUS(status)
						   : 128 + WTERMSIG(status);
	}
	return result;
}

/* In the child: waits until it is traced. */
_Noreturn static void
become(char **arguments)
{
	(void)raise(SIGSTOP);
	(void)execvp(arguments[0], arguments);
	perror(arguments[0]);
	_exit(127);
}

int
main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = pass_on};
	FILE *out;
	int status;

	if (argc < 3) {
		(void)fprintf(stderr, "usage: peaks FILE PROGRAM ...\n");
		return 64;
	}
	out = fopen(argv[1], "ae");
	if (out == NULL) {
		perror(argv[1]);
		return 1;
	}
	program = fork();
	if (program == 0)
		become(argv + 2);
	if (program < 0 || waitpid(program, &status, WUNTRACED) != program ||
	    ptrace(PTRACE_SEIZE, program, NULL, (void *)(intptr_t)OPTIONS) !=
		0 ||
	    kill(program, SIGCONT) != 0) {
		perror("peaks");
		return 1;
	}
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGINT, &action, NULL);
	return follow(out);
}
