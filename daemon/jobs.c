#include "daemon/jobs.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/jobs_child.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/examine/tee.h"
#include "lib/os/wire.h"

#define WATCH_MS 1000 /* how often silent children are looked for */

struct order {
	struct jobs *jobs;
	struct jobs_order order;
	uint64_t id;
	struct jobs_child reader;     /* without a handle: the order waits */
	struct jobs_child parser;     /* without a handle: there is none */
	bool has_parser;	      /* it was wanted, be it started or not */
	int64_t added_ms, started_ms; /* monotonic */
	bool is_told;		      /* the order's owner knows of the end */
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

static bool
is_started(const struct order *order)
{
	return order->reader.handle != NULL;
}

/* Tell the owner; what is left of the order is its processes. */
static void
tell_end(struct order *order)
{
	struct jobs_end end;

	if (order->is_told)
		return;
	order->is_told = true;
	end = (struct jobs_end){
	    .outcome = order->reader.outcome,
	    .error = order->reader.error,
	    .process = order->reader.process,
	    .has_parser = order->has_parser,
	    .parser = order->parser.outcome,
	    .parser_error = order->parser.error,
	};
	order->order.kind->end(order->order.context, &end);
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
	jobs_child_done(&order->reader);
	jobs_child_done(&order->parser);
	free(order);
	loop_set_timer(jobs->options.loop, &jobs->start, 0);
}

/* Decide the end of a started order and stop its children. */
static void
stop_order(struct order *order, enum jobs_outcome outcome)
{
	if (jobs_child_is_running(&order->reader))
		jobs_child_stop(&order->reader, outcome);
	else
		order->reader.outcome = outcome;
	jobs_child_stop(&order->parser, JOBS_CANCELLED);
}

/* A child is gone: the order ends with the last of them. */
static void
on_child_end(void *context)
{
	struct order *order = context;

	if (jobs_child_is_running(&order->reader))
		return;
	/* What a parser says is of no use without the reader's word. */
	if (order->reader.outcome != JOBS_DONE)
		jobs_child_stop(&order->parser, JOBS_CANCELLED);
	if (jobs_child_is_running(&order->parser))
		return;
	tell_end(order);
	remove_order(order);
}

/* Whether another order is to have the place of one that could go on. */
static bool
is_place_wanted(const struct order *order)
{
	const struct jobs *jobs = order->jobs;
	const char *medium = order->order.medium;

	if (jobs_count_running(jobs, medium) >
	    jobs->options.readers(jobs->options.context, medium))
		return true;
	for (const struct order *other = jobs->orders; other != NULL;
	     other = other->next)
		if (!is_started(other) &&
		    other->order.priority < order->order.priority &&
		    strcmp(other->order.medium, medium) == 0)
			return true;
	return false;
}

/* The reader has told all of its slices: give it more, or let it end. */
static int
go_on(struct order *order, struct error *err)
{
	struct jobs_order *own = &order->order;
	struct verify_range ranges[JOB_RANGES_MAX];
	size_t count = 0;

	if (own->kind->more != NULL && !is_place_wanted(order) &&
	    own->kind->more(own->context, ranges, &count, err) != 0)
		return -1;
	return handle_give_slices(order->reader.handle, ranges, count, err);
}

static int
on_reader_reply(void *context, const struct reply *reply, struct error *err)
{
	struct order *order = context;

	if (reply->kind == REPLY_READY)
		return go_on(order, err);
	return reply_handle(
	    order->order.kind->replies, order->order.context, reply, err);
}

static int
on_parser_reply(void *context, const struct reply *reply, struct error *err)
{
	struct order *order = context;

	return reply_handle(order->order.kind->parser_replies,
	    order->order.context, reply, err);
}

/*
 * A reader waits while its parser decodes, and a parser while its reader reads.
 * Where both are silent the parser goes first: without it, the reader may go
 * on.
 */
static void
stop_silent(struct order *order)
{
	int64_t timeout_ms = order->jobs->options.timeout_ms;
	bool has_parser = jobs_child_is_running(&order->parser);

	if (jobs_child_is_silent(&order->parser, timeout_ms)) {
		jobs_child_stop(&order->parser, JOBS_HUNG);
		order->reader.heard_ms = clock_monotonic_ms();
	} else if (!has_parser &&
		   jobs_child_is_silent(&order->reader, timeout_ms)) {
		stop_order(order, JOBS_HUNG);
	}
}

/* A child that cannot be killed: the order ends, the process stays. */
static bool
is_stuck(const struct order *order)
{
	return jobs_child_is_stuck(&order->reader) ||
	       (!jobs_child_is_running(&order->reader) &&
		   jobs_child_is_stuck(&order->parser));
}

static void
on_watch(void *context)
{
	struct jobs *jobs = context;

	for (struct order *order = jobs->orders; order != NULL;
	     order = order->next) {
		if (!is_started(order))
			continue;
		stop_silent(order);
		if (is_stuck(order))
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

		stop_order(order, JOBS_CANCELLED);
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
	bool has_children = is_started(order);

	stop_order(order, JOBS_CANCELLED);
	if (has_children)
		return;
	tell_end(order);
	remove_order(order);
}

static bool
is_ending(const struct order *order)
{
	return order->reader.is_ending && order->reader.outcome != JOBS_DONE;
}

/* The first order to be cancelled that matches all that is not 0 or NULL. */
static struct order *
find_matching(struct jobs *jobs, uint64_t id, uint64_t run, const char *medium)
{
	struct order *order = jobs->orders;

	while (
	    order != NULL &&
	    (is_ending(order) || (id != 0 && order->id != id) ||
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
	for (const struct order *order = jobs->orders; order != NULL;
	     order = order->next)
		if (is_stuck(order) && strcmp(order->order.medium, medium) == 0)
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

size_t
jobs_count_running(const struct jobs *jobs, const char *medium)
{
	size_t count = 0;

	for (const struct order *order = jobs->orders; order != NULL;
	     order = order->next)
		if (is_started(order) &&
		    strcmp(order->order.medium, medium) == 0)
			count++;
	return count;
}

void
jobs_wake(struct jobs *jobs)
{
	loop_set_timer(jobs->options.loop, &jobs->start, 0);
}

/* Begin a child's storage; the reader's end is the order's. */
static void
begin_child(struct order *order, struct jobs_child *child,
    int (*reply)(void *context, const struct reply *reply, struct error *err))
{
	*child = (struct jobs_child){
	    .loop = order->jobs->options.loop,
	    .context = order,
	    .reply = reply,
	    .ended = on_child_end,
	};
}

/*
 * Prepare a parser and give both jobs their end of a socket.  1, 0 when none
 * is wanted, -1.
 */
static int
prepare_parser(struct order *order, struct job *reader_job,
    struct job *parser_job, struct error *err)
{
	const struct jobs_kind *kind = order->order.kind;
	int ends[2], wanted = 0;

	if (kind->prepare_parser != NULL)
		wanted =
		    kind->prepare_parser(order->order.context, parser_job, err);
	if (wanted != 1)
		return wanted;
	/* Bytes of one file, or a conversation about several. */
	if (parser_job->kind == JOB_LISTS ? wire_pair(ends, err) != 0
					  : tee_pair(ends, err) != 0)
		return -1;
	reader_job->fds[JOB_FD_PARSER] = ends[0];
	parser_job->fds[JOB_FD_PARSER] = ends[1];
	return 1;
}

/*
 * Start the children of an order.  What fails with the reader is the order's
 * end; without its parser a reader goes on alone.
 */
static int
start_children(
    struct order *order, struct job *reader_job, struct job *parser_job)
{
	struct error *err = &order->reader.error;
	int wanted;

	begin_child(order, &order->reader, on_reader_reply);
	begin_child(order, &order->parser, on_parser_reply);
	if (order->order.kind->prepare(order->order.context, reader_job, err) !=
	    0)
		return -1;
	wanted = prepare_parser(order, reader_job, parser_job, err);
	if (wanted < 0)
		return -1;
	order->started_ms = clock_monotonic_ms();
	order->has_parser = wanted == 1;
	if (jobs_child_start(&order->reader, reader_job) != 0)
		return -1;
	if (order->has_parser &&
	    jobs_child_start(&order->parser, parser_job) != 0)
		order->parser.outcome = JOBS_FAILED;
	return 0;
}

static int
start_order(struct order *order)
{
	struct job *jobs = calloc(2, sizeof(*jobs));
	int rc = -1;

	if (jobs == NULL)
		return error_set(
		    &order->reader.error, ERROR_INTERNAL, _("out of memory"));
	job_init(&jobs[0]);
	job_init(&jobs[1]);
	rc = start_children(order, &jobs[0], &jobs[1]);
	job_done(&jobs[0]);
	job_done(&jobs[1]);
	free(jobs);
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
		if (is_started(order) || jobs_is_hung(jobs, medium) ||
		    jobs_count_running(jobs, medium) >=
			jobs->options.readers(jobs->options.context, medium))
			continue;
		if (start_order(order) == 0)
			continue;
		order->reader.outcome = JOBS_FAILED;
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
		    .is_running = is_started(order),
		    .is_hung = jobs_child_is_running(&order->reader) &&
			       order->reader.is_ending,
		    .waiting_ms = now - order->added_ms,
		    .running_ms =
			is_started(order) ? now - order->started_ms : 0,
		    .bytes = order->reader.bytes,
		    .entries = order->reader.entries,
		};

		each(context, &view);
	}
}
