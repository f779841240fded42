#include "daemon/loop.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"

struct watch {
	loop_ready_fn *ready; /* NULL: unwatched while callbacks run */
	void *context;
};

struct loop {
	struct pollfd *polls;
	struct watch *watches; /* beside polls, one for one */
	size_t count, capacity;
	struct loop_timer *timers;
	bool is_stopping;
};

int
loop_new(struct loop **ret_loop, struct error *err)
{
	*ret_loop = calloc(1, sizeof(**ret_loop));
	if (*ret_loop == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

void
loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	free(loop->polls);
	free(loop->watches);
	free(loop);
}

static size_t
find(const struct loop *loop, int fd)
{
	size_t i = 0;

	while (i < loop->count &&
	       (loop->polls[i].fd != fd || loop->watches[i].ready == NULL))
		i++;
	return i;
}

static int
make_room(struct loop *loop, struct error *err)
{
	size_t capacity = loop->capacity > 0 ? loop->capacity * 2 : 16;
	struct pollfd *polls;
	struct watch *watches;

	if (loop->count < loop->capacity)
		return 0;
	polls = reallocarray(loop->polls, capacity, sizeof(*polls));
	if (polls != NULL)
		loop->polls = polls;
	watches = reallocarray(loop->watches, capacity, sizeof(*watches));
	if (watches != NULL)
		loop->watches = watches;
	if (polls == NULL || watches == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	loop->capacity = capacity;
	return 0;
}

int
loop_watch(struct loop *loop, int fd, short events, loop_ready_fn *ready,
    void *context, struct error *err)
{
	size_t at = find(loop, fd);

	if (at == loop->count) {
		if (make_room(loop, err) != 0)
			return -1;
		loop->count++;
	}
	loop->polls[at] = (struct pollfd){.fd = fd, .events = events};
	loop->watches[at] = (struct watch){.ready = ready, .context = context};
	return 0;
}

void
loop_unwatch(struct loop *loop, int fd)
{
	size_t at = find(loop, fd);

	if (at < loop->count) {
		loop->polls[at].fd = -1;
		loop->watches[at].ready = NULL;
	}
}

void
loop_unset_timer(struct loop *loop, struct loop_timer *timer)
{
	struct loop_timer **link = &loop->timers;

	while (*link != NULL && *link != timer)
		link = &(*link)->next;
	if (*link != NULL)
		*link = timer->next;
	timer->is_set = false;
}

void
loop_set_timer(struct loop *loop, struct loop_timer *timer, int64_t delay_ms)
{
	struct loop_timer **link = &loop->timers;

	loop_unset_timer(loop, timer);
	timer->at_ms = clock_monotonic_ms() + delay_ms;
	timer->is_set = true;
	while (*link != NULL && (*link)->at_ms <= timer->at_ms)
		link = &(*link)->next;
	timer->next = *link;
	*link = timer;
}

static void
ring_timers(struct loop *loop)
{
	int64_t now = clock_monotonic_ms();

	while (loop->timers != NULL && loop->timers->at_ms <= now) {
		struct loop_timer *timer = loop->timers;

		loop->timers = timer->next;
		timer->is_set = false;
		timer->ring(timer->context);
	}
}

static int
wait_ms(const struct loop *loop)
{
	int64_t left;

	if (loop->timers == NULL)
		return -1;
	left = loop->timers->at_ms - clock_monotonic_ms();
	if (left < 0)
		return 0;
	return left > INT32_MAX ? INT32_MAX : (int)left;
}

/* Drop what was unwatched while callbacks ran. */
static void
compact(struct loop *loop)
{
	size_t kept = 0;

	for (size_t i = 0; i < loop->count; i++) {
		if (loop->watches[i].ready == NULL)
			continue;
		loop->polls[kept] = loop->polls[i];
		loop->watches[kept] = loop->watches[i];
		kept++;
	}
	loop->count = kept;
}

static void
serve(struct loop *loop)
{
	/* Callbacks may watch more; those are served in the next round. */
	size_t count = loop->count;

	for (size_t i = 0; i < count; i++) {
		short revents = loop->polls[i].revents;

		loop->polls[i].revents = 0;
		if (revents != 0 && loop->watches[i].ready != NULL)
			loop->watches[i].ready(
			    loop->watches[i].context, revents);
	}
	compact(loop);
}

int
loop_run(struct loop *loop, struct error *err)
{
	while (!loop->is_stopping) {
		int ready;

		ring_timers(loop);
		if (loop->is_stopping)
			break;
		compact(loop);
		ready = poll(loop->polls, loop->count, wait_ms(loop));
		if (ready < 0 && errno != EINTR)
			return error_set_errno(
			    err, errno, _("cannot wait for events"));
		if (ready > 0)
			serve(loop);
	}
	loop->is_stopping = false;
	return 0;
}

void
loop_stop(struct loop *loop)
{
	loop->is_stopping = true;
}
