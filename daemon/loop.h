/*
 * loop: one poll(2) over everything that hikaed waits for.
 *
 * Owns: nothing but the list of descriptors and timers.  Callbacks are short:
 * none may wait, and none takes over 50 ms (SQLite commits excepted).
 */
#ifndef HIKAE_DAEMON_LOOP_H
#define HIKAE_DAEMON_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"

struct loop;

/* revents as poll(2) gives them. */
typedef void loop_ready_fn(void *context, short revents);
typedef void loop_timer_fn(void *context);

/*
 * A moment to wake up at, in the storage of whoever owns it.  Set with
 * loop_set_timer; it must be unset before its storage goes away.
 */
struct loop_timer {
	loop_timer_fn *ring;
	void *context;
	int64_t at_ms; /* monotonic; the loop's own once set */
	bool is_set;
	struct loop_timer *next;
};

int loop_new(struct loop **ret_loop, struct error *err) ERROR_CHECKED;
void loop_free(struct loop *loop);

/*
 * Watch a descriptor, which stays the caller's, for events (POLLIN, POLLOUT).
 * A descriptor is watched once; watching it again changes the events.
 */
int loop_watch(struct loop *loop, int fd, short events, loop_ready_fn *ready,
    void *context, struct error *err) ERROR_CHECKED;

/* Stop watching, before the descriptor is closed.  Unwatched is no error. */
void loop_unwatch(struct loop *loop, int fd);

/* Ring once, delay_ms from now; setting it again moves it. */
void loop_set_timer(
    struct loop *loop, struct loop_timer *timer, int64_t delay_ms);
void loop_unset_timer(struct loop *loop, struct loop_timer *timer);

/*
 * Serve until loop_stop, which may have come before; then it may run again.
 * -1 when poll(2) itself fails.
 */
int loop_run(struct loop *loop, struct error *err) ERROR_CHECKED;
void loop_stop(struct loop *loop);

#endif
