/*
 * A parent and its probe, which is this program again.
 *
 * Include it after cmocka.h.
 */
#ifndef HIKAE_TESTS_WORKER_PROBING_H
#define HIKAE_TESTS_WORKER_PROBING_H

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/worker/child.h"
#include "lib/worker/probe.h"
#include "lib/worker/probe_handle.h"

#define PATIENCE_MS 20000

static struct probe_order order;
static const char *service; /* its socket; NULL: none, a child */

static struct {
	struct probe_answer last; /* but done */
	struct sandbox_report sandbox;
	struct error failed;
	size_t answers;
	bool is_done, is_finished, is_garbage;
	struct spawn_end end;
} came;

static inline void
note(const struct probe_answer *answer)
{
	if (answer->kind == PROBE_ANSWER_DONE) {
		came.is_done = true;
		came.sandbox = answer->done;
	} else if (answer->kind == PROBE_ANSWER_FAILED) {
		came.failed = answer->failed;
	} else {
		came.answers++;
		came.last = *answer;
	}
}

static inline bool
take_answers(struct probe_handle *handle)
{
	struct probe_answer answer;
	int got;

	while ((got = probe_handle_next(handle, &answer, NULL)) == 1)
		note(&answer);
	return got == 0;
}

static inline struct probe_handle *
start(void)
{
	struct probe_handle *handle = NULL;
	struct error err = {0};

	memset(&came, 0, sizeof(came));
	if ((service != NULL
		    ? probe_handle_open(&order,
			  &(struct probe_place){service, NULL}, &handle, &err)
		    : probe_handle_start(&order, &handle, &err)) != 0)
		fail_msg("%s", err.text);
	return handle;
}

/* Serve it as a poll loop does, until it ended. */
static inline void
serve(struct probe_handle *handle)
{
	for (;;) {
		struct pollfd fds[2] = {
		    {probe_handle_wire_fd(handle), POLLIN, 0},
		    {probe_handle_end_fd(handle), POLLIN, 0}};
		int64_t left =
		    probe_handle_deadline_ms(handle) - clock_monotonic_ms();

		(void)poll(fds, 2, left > 0 ? (int)left : PATIENCE_MS);
		if (probe_handle_is_overdue(handle))
			probe_handle_kill(handle);
		if (!take_answers(handle)) {
			came.is_garbage = true;
			probe_handle_kill(handle);
		}
		if (fds[1].revents != 0 &&
		    probe_handle_collect(handle, &came.end, NULL) == 1)
			break;
	}
	came.is_finished = probe_handle_is_finished(handle);
	probe_handle_free(handle);
	if (service == NULL)
		assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

static inline void
run_probe(enum probe_kind kind)
{
	order.kind = kind;
	order.deadline_ms = order.deadline_ms > 0 ? order.deadline_ms : 5000;
	order.best_effort = true;
	serve(start());
}

static inline void
make_order(const char *path)
{
	memset(&order, 0, sizeof(order));
	(void)snprintf(order.path, sizeof(order.path), "%s", path);
}

/* Restricted as far as this machine can, whatever it was asked. */
static inline void
expect_sandbox(void)
{
	assert_true(came.is_done && came.is_finished);
	assert_true(came.end.exited && came.end.status == 0);
	assert_true(came.sandbox.no_new_privs && came.sandbox.undumpable);
	assert_true(came.sandbox.seccomp && came.sandbox.limits);
}

#endif
