/*
 * A drill's jobs through a service: it makes, fills, empties and removes its
 * scratch folder, refuses what is no drill's, and ends when nobody waits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/os/spawn.h"
#include "lib/os/wire.h"
#include "lib/worker/drill_service.h"
#include "lib/worker/handle.h"

#define PATIENCE_MS 20000

static char place[64], listening[96], scratch[96];
static pid_t service;
static struct job job;

/* What systemd does with Accept=yes: a process for each connection. */
_Noreturn static void
be_service(int listener)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int wire = accept(listener, NULL, NULL);

		if (wire < 0)
			_exit(1);
		if (fork() == 0) {
			(void)signal(SIGCHLD, SIG_DFL);
			if (wire != SPAWN_WIRE_FD)
				(void)dup2(wire, SPAWN_WIRE_FD);
			(void)close_range(SPAWN_WIRE_FD + 1, ~0u, 0);
			_exit(drill_service_main());
		}
		(void)close(wire);
	}
}

static int
set_up(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	(void)state;
	(void)snprintf(place, sizeof(place), "/tmp/hikae-service-XXXXXX");
	if (mkdtemp(place) == NULL)
		return -1;
	(void)snprintf(listening, sizeof(listening), "%s/socket", place);
	(void)snprintf(scratch, sizeof(scratch), "%s/1", place);
	memcpy(address.sun_path, listening, sizeof(listening));
	if (bind(listener, (const struct sockaddr *)&address,
		sizeof(address)) != 0 ||
	    listen(listener, 8) != 0)
		return -1;
	service = fork();
	if (service == 0)
		be_service(listener);
	(void)close(listener);
	job_init(&job);
	return service > 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
	char command[96];

	(void)state;
	job_done(&job);
	(void)kill(service, SIGKILL);
	(void)waitpid(service, NULL, 0);
	(void)snprintf(command, sizeof(command), "rm -rf %s", place);
	return system(command);
}

static struct handle *
start(enum job_kind kind)
{
	struct handle *handle = NULL;
	struct error err = {0};

	job.kind = kind;
	job.socket_path = listening;
	job.best_effort = true;
	job.limits.open_files = 64;
	(void)snprintf(
	    job.drill.scratch, sizeof(job.drill.scratch), "%s", scratch);
	if (handle_start(&job, &handle, &err) != 0)
		fail_msg("%s", err.text);
	return handle;
}

struct came {
	bool is_done, is_finished;
	int scratch_fd; /* -1: none */
	struct error failed;
};

static void
take(struct handle *handle, struct came *came)
{
	struct reply reply;

	while (handle_next(handle, &reply, NULL) == 1) {
		if (reply.kind == REPLY_SCRATCH)
			came->scratch_fd =
			    fcntl(reply.scratch.fd, F_DUPFD_CLOEXEC, 0);
		if (reply.kind == REPLY_FAILED)
			came->failed = reply.failed;
		came->is_done = came->is_done || reply.kind == REPLY_DONE;
	}
}

/* Until it has ended; as a poll loop does it. */
static struct came
serve(struct handle *handle)
{
	struct came came = {.scratch_fd = -1};
	struct spawn_end end;

	do {
		struct pollfd fds[2] = {{handle_wire_fd(handle), POLLIN, 0},
		    {handle_end_fd(handle), POLLIN, 0}};

		assert_true(poll(fds, 2, PATIENCE_MS) > 0);
		take(handle, &came);
	} while (handle_collect(handle, &end, NULL) == 0);
	came.is_finished = handle_is_finished(handle);
	handle_free(handle);
	return came;
}

static struct came
do_scratch(enum job_scratch task)
{
	job.drill.task = task;
	return serve(start(JOB_SCRATCH));
}

static bool
is_there(const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", scratch, name);
	return access(path, F_OK) == 0;
}

static void
a_scratch_folder_lives_and_goes(void **state)
{
	struct came made = do_scratch(JOB_SCRATCH_MAKE), opened;
	struct stat one, other;

	(void)state;
	assert_true(made.is_done && made.is_finished);
	assert_true(made.scratch_fd >= 0);
	assert_true(is_there("files") && is_there("work"));
	assert_int_equal(fstat(made.scratch_fd, &one), 0);
	assert_int_equal(one.st_mode & 07777, 0700);
	/* It is made once. */
	assert_int_equal(
	    do_scratch(JOB_SCRATCH_MAKE).failed.code, ERROR_EXISTS);
	opened = do_scratch(JOB_SCRATCH_OPEN);
	assert_int_equal(fstat(opened.scratch_fd, &other), 0);
	assert_true(one.st_ino == other.st_ino && one.st_dev == other.st_dev);
	(void)close(opened.scratch_fd);
	/* What is not empty stays. */
	assert_true(do_scratch(JOB_SCRATCH_DROP).failed.code != ERROR_NONE);
	assert_true(is_there("files"));
	job.fds[JOB_FD_SCRATCH] = made.scratch_fd;
	assert_true(serve(start(JOB_CLEAR)).is_done);
	assert_false(is_there("files"));
	job_done(&job);
	assert_true(do_scratch(JOB_SCRATCH_DROP).is_done);
	assert_false(is_there("."));
	/* What is gone is removed; and cannot be opened. */
	assert_true(do_scratch(JOB_SCRATCH_DROP).is_done);
	assert_int_equal(
	    do_scratch(JOB_SCRATCH_OPEN).failed.code, ERROR_NOT_FOUND);
}

static void
what_is_no_drill_s_is_refused(void **state)
{
	(void)state;
	for (int kind = 0; kind < JOB_KINDS; kind++) {
		struct came came;

		if (job_is_for_drill_service((enum job_kind)kind))
			continue;
		came = serve(start((enum job_kind)kind));
		assert_false(came.is_done);
		assert_int_equal(came.failed.code, ERROR_PROTOCOL);
	}
}

/* A restorer that waits for bytes that never come. */
static struct handle *
start_waiting(int *ret_far_end)
{
	struct came made = do_scratch(JOB_SCRATCH_MAKE);
	int ends[2];

	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	job.fds[JOB_FD_SCRATCH] = made.scratch_fd;
	job.fds[JOB_FD_PARSER] = ends[0];
	*ret_far_end = ends[1];
	return start(JOB_EXTRACT);
}

/* Whether the other end of a socket was closed by all that held it. */
static void
assert_closes(int fd)
{
	struct pollfd far = {fd, POLLIN, 0};

	assert_int_equal(poll(&far, 1, PATIENCE_MS), 1);
	assert_true((far.revents & POLLHUP) != 0);
}

static void
who_is_told_to_stop_stops(void **state)
{
	int far_end;
	struct handle *handle = start_waiting(&far_end);
	struct came came;

	(void)state;
	job_done(&job);
	handle_kill(handle);
	came = serve(handle);
	assert_false(came.is_done || came.is_finished);
	assert_closes(far_end);
	(void)close(far_end);
}

static void
who_is_left_alone_stops(void **state)
{
	int far_end;
	struct handle *handle = start_waiting(&far_end);

	(void)state;
	job_done(&job);
	handle_free(handle);
	assert_closes(far_end);
	(void)close(far_end);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_scratch_folder_lives_and_goes),
	    TEST(what_is_no_drill_s_is_refused),
	    TEST(who_is_told_to_stop_stops),
	    TEST(who_is_left_alone_stops),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
