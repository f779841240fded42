#include "daemon/jobs.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/jobs_pair.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"

#define WATCH_MS 1000 /* how often silent children are looked for */

struct order {
	struct jobs *jobs;
	struct jobs_order order;
	uint64_t id;
	struct jobs_pair pair; /* not started: the order waits */
	int64_t added_ms;      /* monotonic */
	bool is_told;	       /* the order's owner knows of the end */
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

static unsigned
count_readers(const struct jobs *jobs, const char *medium, uint64_t file_bytes)
{
	return jobs->options.readers(jobs->options.context, medium, file_bytes);
}

static bool
is_started(const struct order *order)
{
	return jobs_pair_is_started(&order->pair);
}

/* Tell the owner; what is left of the order is its processes. */
static void
tell_end(struct order *order)
{
	struct jobs_end end;

	if (order->is_told)
		return;
	order->is_told = true;
	end = jobs_pair_end(&order->pair);
	order->order.kind->end(order->order.context, &end);
	order->order.context = order->pair.context = NULL;
}

static void
remove_order(struct order *order)
{
	struct jobs *jobs = order->jobs;
	struct order **link = &jobs->orders;

	while (*link != order)
		link = &(*link)->next;
	*link = order->next;
	jobs_pair_done(&order->pair);
	free(order);
	loop_set_timer(jobs->options.loop, &jobs->start, 0);
}

/* A pair's callback. */
static void
on_pair_end(void *owner)
{
	struct order *order = owner;

	tell_end(order);
	remove_order(order);
}

/* A pair's callback: whether another order is to have its place. */
static bool
is_place_wanted(const void *owner)
{
	const struct order *order = owner;
	const struct jobs *jobs = order->jobs;
	const char *medium = order->order.medium;

	if (jobs_count_running(jobs, medium) > count_readers(jobs, medium, 0))
		return true;
	for (const struct order *other = jobs->orders; other != NULL;
	     other = other->next)
		if (!is_started(other) &&
		    other->order.priority < order->order.priority &&
		    strcmp(other->order.medium, medium) == 0)
			return true;
	return false;
}

static void
on_watch(void *context)
{
	struct jobs *jobs = context;

	for (struct order *order = jobs->orders; order != NULL;
	     order = order->next) {
		if (!is_started(order))
			continue;
		jobs_pair_stop_silent(&order->pair, jobs->options.timeout_ms);
		if (jobs_pair_is_stuck(&order->pair))
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

		jobs_pair_stop(&order->pair, JOBS_CANCELLED);
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
	new->pair = (struct jobs_pair){
	    .loop = jobs->options.loop,
	    .kind = order->kind,
	    .context = order->context,
	    .owner = new,
	    .is_place_wanted = is_place_wanted,
	    .ended = on_pair_end,
	};
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

	jobs_pair_stop(&order->pair, JOBS_CANCELLED);
	if (has_children)
		return;
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
	    (jobs_pair_is_ending(&order->pair) ||
		(id != 0 && order->id != id) ||
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
		if (jobs_pair_is_stuck(&order->pair) &&
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

/*
 * Whether the medium takes one more child, and no earlier order waits for that:
 * one of large files, which takes fewer beside it, would wait for ever.
 */
static bool
has_room(const struct jobs *jobs, const struct order *order)
{
	const char *medium = order->order.medium;

	for (const struct order *earlier = jobs->orders; earlier != order;
	     earlier = earlier->next)
		if (!is_started(earlier) &&
		    strcmp(earlier->order.medium, medium) == 0)
			return false;
	return jobs_count_running(jobs, medium) <
	       count_readers(jobs, medium, order->order.file_bytes);
}

/* The timer's callback: start what has room. */
static void
start_waiting(void *context)
{
	struct jobs *jobs = context;
	struct order *next;

	for (struct order *order = jobs->orders; order != NULL; order = next) {
		next = order->next;
		if (is_started(order) ||
		    jobs_is_hung(jobs, order->order.medium) ||
		    !has_room(jobs, order))
			continue;
		if (jobs_pair_start(&order->pair) == 0)
			continue;
		order->pair.reader.outcome = JOBS_FAILED;
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
		const struct jobs_child *reader = &order->pair.reader;
		struct jobs_view view = {
		    .id = order->id,
		    .order = &order->order,
		    .is_running = is_started(order),
		    .is_hung =
			jobs_child_is_running(reader) && reader->is_ending,
		    .waiting_ms = now - order->added_ms,
		    .running_ms =
			is_started(order) ? now - order->pair.started_ms : 0,
		    .bytes = reader->bytes,
		    .entries = reader->entries,
		};

		each(context, &view);
	}
}
