#include "daemon/jobs_child.h"

#include <poll.h>
#include <signal.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"

/* A killed child that has not gone after this long is stuck, ms. */
#define STUCK_MS 10000

/* A wire that closed must be unwatched before its number is used again. */
static int
next_reply(struct jobs_child *child, struct reply *reply)
{
	int wire = handle_wire_fd(child->handle);
	int got = handle_next(child->handle, reply, &child->error);

	if (wire >= 0 && handle_wire_fd(child->handle) < 0)
		loop_unwatch(child->loop, wire);
	return got;
}

static void
take_reply(struct jobs_child *child, const struct reply *reply)
{
	if (reply->kind == REPLY_PROGRESS) {
		child->bytes = reply->progress.bytes;
		child->entries = reply->progress.entries;
	}
	if (reply->kind == REPLY_FAILED) {
		child->outcome = JOBS_FAILED;
		child->error = reply->failed;
	} else if (reply->kind != REPLY_DONE &&
		   child->reply(child->context, reply, &child->error) != 0) {
		jobs_child_stop(child, JOBS_FAILED);
	}
}

static void
take_replies(struct jobs_child *child)
{
	struct reply reply;

	while (!child->is_ending) {
		int got = next_reply(child, &reply);

		if (got < 0)
			jobs_child_stop(child, JOBS_CRASHED);
		if (got != 1)
			return;
		child->heard_ms = clock_monotonic_ms();
		take_reply(child, &reply);
	}
}

/* What the end of the process says where the child itself said nothing. */
static void
judge_process(struct jobs_child *child)
{
	const struct spawn_end *process = &child->process;

	if (child->is_ending || handle_is_finished(child->handle))
		return;
	child->outcome = JOBS_CRASHED;
	if (!process->exited &&
	    (process->status == SIGXCPU || process->status == SIGXFSZ))
		child->outcome = JOBS_LIMIT;
	if (child->error.code == ERROR_NONE)
		(void)error_set(&child->error, ERROR_INTERNAL,
		    process->exited ? _("the child ended with status %d")
				    : _("the child was ended by signal %d"),
		    process->status);
}

static void
on_wire(void *context, short revents)
{
	(void)revents;
	take_replies(context);
}

static void
unwatch(struct jobs_child *child)
{
	if (handle_wire_fd(child->handle) >= 0)
		loop_unwatch(child->loop, handle_wire_fd(child->handle));
	loop_unwatch(child->loop, handle_end_fd(child->handle));
}

static void
on_process_end(void *context, short revents)
{
	struct jobs_child *child = context;
	struct error err = {0};

	(void)revents;
	take_replies(child);
	if (handle_collect(child->handle, &child->process, &err) == 0)
		return;
	judge_process(child);
	unwatch(child);
	child->is_ending = true;
	child->is_gone = true;
	child->ended(child->context);
}

int
jobs_child_start(struct jobs_child *child, const struct job *job)
{
	struct error *err = &child->error;

	if (handle_start(job, &child->handle, err) != 0)
		return -1;
	child->heard_ms = clock_monotonic_ms();
	if (loop_watch(child->loop, handle_wire_fd(child->handle), POLLIN,
		on_wire, child, err) == 0 &&
	    loop_watch(child->loop, handle_end_fd(child->handle), POLLIN,
		on_process_end, child, err) == 0)
		return 0;
	jobs_child_done(child);
	return -1;
}

void
jobs_child_stop(struct jobs_child *child, enum jobs_outcome outcome)
{
	if (!jobs_child_is_running(child) || child->is_ending)
		return;
	child->is_ending = true;
	child->outcome = outcome;
	child->killed_ms = clock_monotonic_ms();
	handle_kill(child->handle);
}

bool
jobs_child_is_running(const struct jobs_child *child)
{
	return child->handle != NULL && !child->is_gone;
}

bool
jobs_child_has_ended(const struct jobs_child *child)
{
	struct pollfd end = {handle_end_fd(child->handle), POLLIN, 0};

	return child->is_gone || poll(&end, 1, 0) == 1;
}

bool
jobs_child_is_silent(const struct jobs_child *child, int64_t timeout_ms)
{
	return jobs_child_is_running(child) && !child->is_ending &&
	       clock_monotonic_ms() - child->heard_ms > timeout_ms;
}

bool
jobs_child_is_stuck(const struct jobs_child *child)
{
	return jobs_child_is_running(child) && child->is_ending &&
	       clock_monotonic_ms() - child->killed_ms > STUCK_MS;
}

void
jobs_child_done(struct jobs_child *child)
{
	if (child->handle == NULL)
		return;
	if (!child->is_gone)
		unwatch(child);
	handle_free(child->handle);
	child->handle = NULL;
}
