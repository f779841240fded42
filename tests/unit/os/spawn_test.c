/*
 * What a child inherits, how it starts, ends and is watched.  The child is
 * this program again: main() takes a role as its first argument.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/os/spawn.h"
#include "lib/os/wire.h"

#define CAP_DAC_READ_SEARCH_BIT (1ull << 2) /* capabilities(7) */
#define TIMEOUT_MS 10000

/* What a child found out about itself. */
struct self {
	int open_low;  /* bit N: descriptor N is open (N < 32) */
	int open_high; /* how many others are open */
	int std_null;  /* bit N: descriptor N is /dev/null (N < 3) */
	int death_signal;
	int no_new_privs;
	int session_leader;
	int ignored_or_caught; /* signals that are not at their default */
	int blocked;
	char folder[64];
	unsigned long long effective, permitted, ambient;
	size_t environment_count;
	char environment[20][64];
};

static struct wire_buffer buffer;

/* The hexadecimal value of a line of /proc/self/status. */
static unsigned long long
read_status_line(const char *name)
{
	unsigned long long value = ~0ull;
	char line[256];
	FILE *file = fopen("/proc/self/status", "re");

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, name, strlen(name)) == 0)
			value = strtoull(line + strlen(name) + 1, NULL, 16);
	if (file != NULL)
		(void)fclose(file);
	return value;
}

static void
look_at_descriptors(struct self *self)
{
	struct stat null, here;

	if (stat("/dev/null", &null) < 0)
		return;
	for (int fd = 0; fd < 1024; fd++) {
		if (fstat(fd, &here) < 0)
			continue;
		if (fd < 32)
			self->open_low |= 1 << fd;
		else
			self->open_high++;
		if (fd < 3 && here.st_rdev == null.st_rdev)
			self->std_null |= 1 << fd;
	}
}

static int
role_report(void)
{
	static struct self self;
	struct error err;

	look_at_descriptors(&self);
	(void)prctl(PR_GET_PDEATHSIG, &self.death_signal);
	self.no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	self.session_leader = getsid(0) == getpid() && getpgrp() == getpid();
	/* glibc keeps signals 32 and 33 to itself, and its posix_spawn (make's)
	 * leaves them ignored; sigaction cannot reach them. */
	self.ignored_or_caught =
	    (read_status_line("SigIgn:") & ~0x180000000ULL) != 0 ||
	    read_status_line("SigCgt:") != 0;
	self.blocked = read_status_line("SigBlk:") != 0;
	if (getcwd(self.folder, sizeof(self.folder)) == NULL)
		return 1;
	self.effective = read_status_line("CapEff:");
	self.permitted = read_status_line("CapPrm:");
	self.ambient = read_status_line("CapAmb:");
	for (char **entry = environ; *entry != NULL; entry++)
		(void)snprintf(self.environment[self.environment_count++ % 20],
		    64, "%s", *entry);
	return -wire_send(SPAWN_WIRE_FD,
	    &(struct wire_frame){
		.payload = (const uint8_t *)&self, .length = sizeof(self)},
	    &err);
}

static int
role_burn(void)
{
	volatile unsigned long counter = 0;
	struct rusage usage;
	static volatile char memory[32u << 20];

	for (size_t i = 0; i < sizeof(memory); i += 4096)
		memory[i] = 1;
	do {
		for (int i = 0; i < 100000; i++)
			counter++;
		(void)getrusage(RUSAGE_SELF, &usage);
	} while (usage.ru_utime.tv_sec == 0 && usage.ru_utime.tv_usec < 60000);
	return 7;
}

static int
role_hang(void)
{
	while (pause() < 0)
		;
	return 0;
}

static int
role_complain(void)
{
	return fputs("complaint", stderr) < 0;
}

static int
run_role(const char *name)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} roles[] = {{"report", role_report}, {"burn", role_burn},
	    {"hang", role_hang}, {"complain", role_complain}};

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (strcmp(roles[i].name, name) == 0)
			return roles[i].run();
	return 99;
}

static struct spawn_options
options_for(const char *const arguments[])
{
	return (struct spawn_options){
	    .arguments = arguments, .wire_fd = -1, .stderr_fd = -1};
}

static struct spawn_end
wait_for(struct spawn_child *child)
{
	struct spawn_end end;
	struct error err;

	assert_int_equal(spawn_wait(child, true, &end, &err), 1);
	assert_int_equal(child->pid, 0);
	spawn_done(child);
	assert_int_equal(child->pidfd, -1);
	return end;
}

/* A child's report on itself, received over its wire. */
static struct self
report_of_child(struct spawn_options options)
{
	struct spawn_child child = SPAWN_CHILD_NONE;
	struct wire_frame frame;
	struct spawn_end end;
	struct error err = {0};
	struct self self;
	int ends[2];

	assert_int_equal(wire_pair(ends, &err), 0);
	options.wire_fd = ends[1];
	if (spawn_start(&options, &child, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(wire_receive(ends[0], &buffer, &frame, &err), 1);
	assert_int_equal(frame.length, sizeof(self));
	memcpy(&self, frame.payload, sizeof(self));
	assert_int_equal(wire_receive(ends[0], &buffer, &frame, &err), 0);
	assert_int_equal(close(ends[0]), 0);
	end = wait_for(&child);
	assert_true(end.exited);
	assert_int_equal(end.status, 0);
	return self;
}

static const char *const report_arguments[] = {"hikae-test", "report", NULL};

static void
ignore_signal(int number)
{
	(void)number;
}

static void
a_child_inherits_next_to_nothing(void **state)
{
	struct sigaction caught = {.sa_handler = ignore_signal}, old_usr1;
	struct self self;
	sigset_t term, old;
	int leaks[8];

	(void)state;
	/* What it must not get: descriptors, handlers, mask, folder. */
	for (int i = 0; i < 8; i++)
		leaks[i] = fcntl(0, F_DUPFD, i < 4 ? 3 : 200);
	(void)signal(SIGPIPE, SIG_IGN);
	assert_int_equal(sigaction(SIGUSR1, &caught, &old_usr1), 0);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	assert_int_equal(sigprocmask(SIG_BLOCK, &term, &old), 0);
	self = report_of_child(options_for(report_arguments));
	(void)signal(SIGPIPE, SIG_DFL);
	assert_int_equal(sigaction(SIGUSR1, &old_usr1, NULL), 0);
	assert_int_equal(sigprocmask(SIG_SETMASK, &old, NULL), 0);
	for (int i = 0; i < 8; i++)
		assert_int_equal(close(leaks[i]), 0);
	assert_int_equal(self.open_low, 0xF);
	assert_int_equal(self.open_high, 0);
	assert_int_equal(self.std_null, 0x7);
	assert_int_equal(self.death_signal, SIGKILL);
	assert_int_equal(self.no_new_privs, 1);
	assert_true(self.session_leader);
#ifndef __SANITIZE_ADDRESS__ /* its runtime catches SIGSEGV */
	assert_false(self.ignored_or_caught);
#endif
	assert_false(self.blocked);
	assert_string_equal(self.folder, "/");
}

static void
only_named_variables_pass(void **state)
{
	static const char *const kept[] = {"PATH=/bin", "LANG=ja_JP.UTF-8",
	    "LANGUAGE=ja", "LC_TIME=C", "TZ=Asia/Tokyo", "UBSAN_OPTIONS="};
	static const char *const dropped[] = {"LD_PRELOAD_NOT=x",
	    "GCONV_PATH=/tmp", "LANGX=1", "PATHS=1", "HOME=/root", "TZDIR=/x",
	    "MALLOC_CHECK_=3"};
	static char *mine[20]; /* environ points here if the test fails */
	char **old = environ;
	size_t count = 0;
	struct self self;

	(void)state;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		mine[count++] = strdup(kept[i]);
	for (size_t i = 0; i < sizeof(dropped) / sizeof(dropped[0]); i++)
		mine[count++] = strdup(dropped[i]);
	mine[count] = NULL;
	environ = mine;
	self = report_of_child(options_for(report_arguments));
	environ = NULL;
	assert_int_equal(
	    report_of_child(options_for(report_arguments)).environment_count,
	    0);
	environ = old;
	assert_int_equal(
	    self.environment_count, sizeof(kept) / sizeof(kept[0]));
	for (size_t i = 0; i < self.environment_count; i++)
		assert_string_equal(self.environment[i], kept[i]);
	while (count > 0)
		free(mine[--count]);
}

static void
capabilities_are_dropped(void **state)
{
	struct spawn_options options = options_for(report_arguments);
	unsigned long long offered =
	    read_status_line("CapPrm:") & CAP_DAC_READ_SEARCH_BIT;
	struct self self;

	(void)state;
	self = report_of_child(options);
	assert_true(self.effective == 0);
	assert_true(self.permitted == 0);
	assert_true(self.ambient == 0);
	options.keep_read_search = true;
	self = report_of_child(options);
	assert_true(self.effective == offered);
	assert_true(self.permitted == offered);
	assert_true(self.ambient == offered);
	if (offered == 0)
		print_message("no capability to pass on: run as root\n");
}

/* Its two ends may stand exactly where the other belongs. */
static void
descriptors_may_be_in_each_others_way(void **state)
{
	pid_t pid = fork();
	int status;

	(void)state;
	if (pid == 0) {
		struct spawn_options options =
		    options_for((const char *const[]){"x", "complain", NULL});
		struct spawn_child child;
		struct spawn_end end;
		struct error err;
		char text[16] = "";
		int fds[2];

		/* The complaint's pipe at 3 and the (unused) wire at 2. */
		if (pipe(fds) < 0 || dup2(fds[0], 10) < 0 ||
		    dup2(fds[1], 11) < 0 || dup2(11, 3) < 0 ||
		    dup2(10, 2) < 0 || close(11) < 0)
			_exit(1);
		options.stderr_fd = 3;
		options.wire_fd = 2;
		if (spawn_start(&options, &child, &err) < 0 ||
		    spawn_wait(&child, true, &end, &err) != 1)
			_exit(2);
		_exit(read(10, text, sizeof(text)) == 9 &&
			      memcmp(text, "complaint", 9) == 0
			  ? 0
			  : 3);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
a_failed_start_is_an_error(void **state)
{
	static const struct {
		const char *program;
		enum error_code code;
		int os_errno;
	} cases[] = {
	    {"/nonexistent/program", ERROR_NOT_FOUND, ENOENT},
	    {"/", ERROR_DENIED, EACCES},
	    {"/dev/null", ERROR_DENIED, EACCES},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct spawn_options options = options_for(report_arguments);
		struct spawn_child child = SPAWN_CHILD_NONE;
		struct error err = {0};

		options.program = cases[i].program;
		assert_int_equal(spawn_start(&options, &child, &err), -1);
		assert_int_equal(err.code, cases[i].code);
		assert_int_equal(err.os_errno, cases[i].os_errno);
		assert_non_null(strstr(err.text, cases[i].program));
		assert_int_equal(child.pidfd, -1);
		/* Nothing is left behind. */
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
		assert_int_equal(errno, ECHILD);
	}
}

static void
a_bad_descriptor_is_an_error(void **state)
{
	struct spawn_options options = options_for(report_arguments);
	struct spawn_child child = SPAWN_CHILD_NONE;
	struct error err = {0};

	(void)state;
	options.wire_fd = 987;
	assert_int_equal(spawn_start(&options, &child, &err), -1);
	assert_int_equal(err.os_errno, EBADF);
}

static void
the_end_is_told_with_its_cost(void **state)
{
	struct spawn_options options =
	    options_for((const char *const[]){"x", "burn", NULL});
	struct spawn_child child = SPAWN_CHILD_NONE;
	struct spawn_end end;
	struct error err;
	struct pollfd watch = {.events = POLLIN};

	(void)state;
	assert_int_equal(spawn_start(&options, &child, &err), 0);
	assert_int_equal(spawn_wait(&child, false, &end, &err), 0);
	assert_int_equal(fcntl(child.pidfd, F_GETFD), FD_CLOEXEC);
	watch.fd = child.pidfd;
	assert_int_equal(poll(&watch, 1, TIMEOUT_MS), 1);
	assert_int_equal(spawn_kill(&child, &err), 0);
	assert_int_equal(spawn_wait(&child, false, &end, &err), 1);
	spawn_done(&child);
	assert_true(end.exited);
	assert_int_equal(end.status, 7);
	assert_in_range(end.cpu_ms, 60, TIMEOUT_MS);
	assert_true(end.peak_rss_bytes > 32u << 20);
}

static void
a_child_can_be_killed(void **state)
{
	struct spawn_options options =
	    options_for((const char *const[]){"x", "hang", NULL});
	struct spawn_child child = SPAWN_CHILD_NONE;
	struct spawn_end end;
	struct error err;

	(void)state;
	assert_int_equal(spawn_start(&options, &child, &err), 0);
	assert_int_equal(spawn_wait(&child, false, &end, &err), 0);
	assert_int_equal(spawn_kill(&child, &err), 0);
	end = wait_for(&child);
	assert_false(end.exited);
	assert_int_equal(end.status, SIGKILL);
}

/* The daemon is killed: no child may go on reading a medium. */
static void
a_child_dies_with_its_parent(void **state)
{
	struct spawn_options options =
	    options_for((const char *const[]){"x", "hang", NULL});
	struct pollfd watch = {.events = POLLIN};
	struct error err;
	int ends[2], status;
	pid_t parent;

	(void)state;
	assert_int_equal(wire_pair(ends, &err), 0);
	parent = fork();
	if (parent == 0) {
		struct spawn_child child;

		options.wire_fd = ends[1];
		if (spawn_start(&options, &child, &err) < 0)
			_exit(1);
		(void)raise(SIGKILL);
	}
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(waitpid(parent, &status, 0), parent);
	assert_true(WIFSIGNALED(status));
	/* Only the orphan still holds the other end. */
	watch.fd = ends[0];
	assert_int_equal(poll(&watch, 1, TIMEOUT_MS), 1);
	assert_true((watch.revents & POLLHUP) != 0);
	assert_int_equal(close(ends[0]), 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_child_inherits_next_to_nothing),
	    cmocka_unit_test(only_named_variables_pass),
	    cmocka_unit_test(capabilities_are_dropped),
	    cmocka_unit_test(descriptors_may_be_in_each_others_way),
	    cmocka_unit_test(a_failed_start_is_an_error),
	    cmocka_unit_test(a_bad_descriptor_is_an_error),
	    cmocka_unit_test(the_end_is_told_with_its_cost),
	    cmocka_unit_test(a_child_can_be_killed),
	    cmocka_unit_test(a_child_dies_with_its_parent),
	};

	if (argc > 1)
		return run_role(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
