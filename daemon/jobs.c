#include "daemon/jobs.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/worker/handle.h"

/* How often silent children are looked for, ms. */
#define WATCH_MS 1000
/* A killed child that has not gone after this long is stuck, ms. */
#define STUCK_MS 10000

struct order {
	struct jobs *jobs;
	struct jobs_order order;
	uint64_t id;
	struct handle *handle;				   /* NULL: waits */
	int64_t added_ms, started_ms, heard_ms, killed_ms; /* monotonic */
	uint64_t bytes, entries;
	bool is_ending; /* its end is decided; the process is on its way out */
	bool is_told;	/* the order's owner knows of the end */
	struct jobs_end end;
	struct order *next;
};

struct jobs {
	struct jobs_options options;
	struct order *orders;
	uint64_t last_id;
	struct loop_timer watch;
	struct loop_timer start; /* rings at once, outside any callback */
};

static void start_waiting(void *context);

/* Tell the owner; what is left of the order is its process. */
static void
tell_end(struct order *order)
{
	if (order->is_told)
		return;
	order->is_told = true;
	order->order.kind->end(order->order.context, &order->end);
	order->order.context = NULL;
}

static void
remove_order(struct order *order)
{
	struct jobs *jobs = order->jobs;
	struct order **link = &jobs->orders;

	while (*link != order)
		link = &(*link)->next;
	*link = order->next;
	if (order->handle != NULL) {
		if (handle_wire_fd(order->handle) >= 0)
			loop_unwatch(
			    jobs->options.loop, handle_wire_fd(order->handle));
		loop_unwatch(jobs->options.loop, handle_end_fd(order->handle));
		handle_free(order->handle);
	}
	free(order);
	loop_set_timer(jobs->options.loop, &jobs->start, 0);
}

/* Decide the end of a running order and stop its child. */
static void
stop_order(struct order *order, enum jobs_outcome outcome)
{
	if (order->is_ending)
		return;
	order->is_ending = true;
	order->end.outcome = outcome;
	order->killed_ms = clock_monotonic_ms();
	handle_kill(order->handle);
}

/* A wire that closed must be unwatched before its number is used again. */
static int
next_reply(struct order *order, struct reply *reply, struct error *err)
{
	int wire = handle_wire_fd(order->handle);
	int got = handle_next(order->handle, reply, err);

	if (wire >= 0 && handle_wire_fd(order->handle) < 0)
		loop_unwatch(order->jobs->options.loop, wire);
	return got;
}

static void
take_replies(struct order *order)
{
	struct reply reply;
	int got = 1;

	while (!order->is_ending && got == 1) {
		got = next_reply(order, &reply, &order->end.error);
		if (got < 0) {
			stop_order(order, JOBS_CRASHED);
			return;
		}
		if (got == 0)
			return;
		order->heard_ms = clock_monotonic_ms();
		if (reply.kind == REPLY_PROGRESS) {
			order->bytes = reply.progress.bytes;
			order->entries = reply.progress.entries;
		}
		if (reply.kind == REPLY_FAILED) {
			order->end.outcome = JOBS_FAILED;
			order->end.error = reply.failed;
		} else if (reply.kind != REPLY_DONE &&
			   order->order.kind->reply(order->order.context,
			       &reply, &order->end.error) != 0) {
			stop_order(order, JOBS_FAILED);
		}
	}
}

/* What the end of the process says where the child itself said nothing. */
static void
judge_process(struct order *order)
{
	const struct spawn_end *process = &order->end.process;

	if (order->is_ending || handle_is_finished(order->handle))
		return;
	order->end.outcome = JOBS_CRASHED;
	if (!process->exited &&
	    (process->status == SIGXCPU || process->status == SIGXFSZ))
		order->end.outcome = JOBS_LIMIT;
	if (order->end.error.code == ERROR_NONE)
		(void)error_set(&order->end.error, ERROR_INTERNAL,
		    process->exited ? _("the reader ended with status %d")
				    : _("the reader was ended by signal %d"),
		    process->status);
}

static void
on_wire(void *context, short revents)
{
	(void)revents;
	take_replies(context);
}

static void
on_process_end(void *context, short revents)
{
	struct order *order = context;
	struct error err = {0};
	int got;

	(void)revents;
	take_replies(order);
	got = handle_collect(order->handle, &order->end.process, &err);
	if (got == 0)
		return;
	judge_process(order);
	tell_end(order);
	remove_order(order);
}

static void
on_watch(void *context)
{
	struct jobs *jobs = context;
	int64_t now = clock_monotonic_ms();

	for (struct order *order = jobs->orders; order != NULL;
	     order = order->next) {
		if (order->handle == NULL)
			continue;
		if (!order->is_ending &&
		    now - order->heard_ms > jobs->options.timeout_ms)
			stop_order(order, JOBS_HUNG);
		/* Stuck in the kernel: the order ends, the process stays. */
		if (order->is_ending && now - order->killed_ms > STUCK_MS)
			tell_end(order);
	}
	loop_set_timer(jobs->options.loop, &jobs->watch, WATCH_MS);
}

int
jobs_new(const struct jobs_options *options, struct jobs **ret_jobs,
    struct error *err)
{
	struct jobs *jobs = calloc(1, sizeof(*jobs));

	if (jobs == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	jobs->options = *options;
	jobs->watch = (struct loop_timer){.ring = on_watch, .context = jobs};
	jobs->start =
	    (struct loop_timer){.ring = start_waiting, .context = jobs};
	loop_set_timer(options->loop, &jobs->watch, WATCH_MS);
	*ret_jobs = jobs;
	return 0;
}

void
jobs_free(struct jobs *jobs)
{
	if (jobs == NULL)
		return;
	while (jobs->orders != NULL) {
		struct order *order = jobs->orders;

		order->end.outcome = JOBS_CANCELLED;
		if (order->handle != NULL)
			handle_kill(order->handle);
		tell_end(order);
		remove_order(order);
	}
	loop_unset_timer(jobs->options.loop, &jobs->watch);
	loop_unset_timer(jobs->options.loop, &jobs->start);
	free(jobs);
}

int
jobs_add(struct jobs *jobs, const struct jobs_order *order, uint64_t *ret_id,
    struct error *err)
{
	struct order *new = calloc(1, sizeof(*new));
	struct order **link = &jobs->orders;

	if (new == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	new->jobs = jobs;
	new->order = *order;
	new->id = ++jobs->last_id;
	new->added_ms = clock_monotonic_ms();
	while (*link != NULL && (*link)->order.priority <= order->priority)
		link = &(*link)->next;
	new->next = *link;
	*link = new;
	loop_set_timer(jobs->options.loop, &jobs->start, 0);
	*ret_id = new->id;
	return 0;
}

static void
cancel(struct order *order)
{
	if (order->handle != NULL) {
		stop_order(order, JOBS_CANCELLED);
		return;
	}
	order->end.outcome = JOBS_CANCELLED;
	tell_end(order);
	remove_order(order);
}

/* The first order to be cancelled that matches all that is not 0 or NULL. */
static struct order *
find_matching(struct jobs *jobs, uint64_t id, uint64_t run, const char *medium)
{
	struct order *order = jobs->orders;

	while (
	    order != NULL &&
	    (order->is_ending || (id != 0 && order->id != id) ||
		(run != 0 && order->order.run != run) ||
		(medium != NULL && strcmp(order->order.medium, medium) != 0)))
		order = order->next;
	return order;
}

/* An end may change the list, so each search starts anew. */
static size_t
cancel_matching(
    struct jobs *jobs, uint64_t id, uint64_t run, const char *medium)
{
	struct order *order;
	size_t count = 0;

	while ((order = find_matching(jobs, id, run, medium)) != NULL) {
		cancel(order);
		count++;
	}
	return count;
}

size_t
jobs_cancel(struct jobs *jobs, uint64_t id)
{
	return cancel_matching(jobs, id, 0, NULL);
}

size_t
jobs_cancel_run(struct jobs *jobs, uint64_t run)
{
	return cancel_matching(jobs, 0, run, NULL);
}

size_t
jobs_cancel_medium(struct jobs *jobs, const char *medium)
{
	return cancel_matching(jobs, 0, 0, medium);
}

bool
jobs_is_hung(const struct jobs *jobs, const char *medium)
{
	int64_t now = clock_monotonic_ms();

	for (const struct order *order = jobs->orders; order != NULL;
	     order = order->next)
		if (order->is_ending && order->handle != NULL &&
		    now - order->killed_ms > STUCK_MS &&
		    strcmp(order->order.medium, medium) == 0)
			return true;
	return false;
}

size_t
jobs_count(const struct jobs *jobs, const char *medium)
{
	size_t count = 0;

	for (const struct order *order = jobs->orders; order != NULL;
	     order = order->next)
		if (strcmp(order->order.medium, medium) == 0)
			count++;
	return count;
}

static size_t
count_running(const struct jobs *jobs, const char *medium)
{
	size_t count = 0;

	for (const struct order *order = jobs->orders; order != NULL;
	     order = order->next)
		if (order->handle != NULL &&
		    strcmp(order->order.medium, medium) == 0)
			count++;
	return count;
}

/* Start the child of an order.  Whatever fails is the order's end. */
static int
start_child(struct order *order, struct error *err)
{
	struct loop *loop = order->jobs->options.loop;
	struct job *job = calloc(1, sizeof(*job));
	int rc = -1;

	if (job == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	job_init(job);
	if (order->order.kind->prepare(order->order.context, job, err) == 0 &&
	    handle_start(job, &order->handle, err) == 0 &&
	    loop_watch(loop, handle_wire_fd(order->handle), POLLIN, on_wire,
		order, err) == 0 &&
	    loop_watch(loop, handle_end_fd(order->handle), POLLIN,
		on_process_end, order, err) == 0)
		rc = 0;
	job_done(job);
	free(job);
	order->started_ms = order->heard_ms = clock_monotonic_ms();
	return rc;
}

/* The timer's callback: start what has room. */
static void
start_waiting(void *context)
{
	struct jobs *jobs = context;
	struct order *next;

	for (struct order *order = jobs->orders; order != NULL; order = next) {
		const char *medium = order->order.medium;

		next = order->next;
		if (order->handle != NULL || jobs_is_hung(jobs, medium) ||
		    count_running(jobs, medium) >=
			jobs->options.readers(jobs->options.context, medium))
			continue;
		if (start_child(order, &order->end.error) == 0)
			continue;
		order->end.outcome = JOBS_FAILED;
		tell_end(order);
		remove_order(order);
		/* The list may have changed under the owner's hands. */
		return;
	}
}

void
jobs_each(const struct jobs *jobs,
    void (*each)(void *context, const struct jobs_view *view), void *context)
{
	int64_t now = clock_monotonic_ms();

	for (const struct order *order = jobs->orders; order != NULL;
	     order = order->next) {
		struct jobs_view view = {
		    .id = order->id,
		    .order = &order->order,
		    .is_running = order->handle != NULL,
		    .is_hung = order->is_ending,
		    .waiting_ms = now - order->added_ms,
		    .running_ms =
			order->handle != NULL ? now - order->started_ms : 0,
		    .bytes = order->bytes,
		    .entries = order->entries,
		};

		each(context, &view);
	}
}

const char *
jobs_outcome_name(enum jobs_outcome outcome)
{
	static const char *const names[JOBS_OUTCOMES] = {
	    [JOBS_DONE] = "done",
	    [JOBS_FAILED] = "failed",
	    [JOBS_CRASHED] = "crashed",
	    [JOBS_LIMIT] = "limit",
	    [JOBS_HUNG] = "hung",
	    [JOBS_CANCELLED] = "cancelled",
	};

	return names[outcome];
}

enum finding
jobs_outcome_finding(enum jobs_outcome outcome)
{
	switch (outcome) {
	case JOBS_CRASHED:
		return FINDING_WORKER_CRASHED;
	case JOBS_HUNG:
		return FINDING_WORKER_HUNG;
	case JOBS_LIMIT:
		return FINDING_WORKER_LIMIT;
	case JOBS_DONE:
	case JOBS_FAILED:
	case JOBS_CANCELLED:
		break;
	}
	return FINDING_UNREADABLE_NOW;
}
