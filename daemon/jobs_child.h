/*
 * jobs_child: one child of an order, from its start to its end.
 *
 * Part of jobs.  Uses: loop, worker/handle.
 *
 * In the storage of the order that it belongs to; all zero is a good start.
 */
#ifndef HIKAE_DAEMON_JOBS_CHILD_H
#define HIKAE_DAEMON_JOBS_CHILD_H

#include "daemon/jobs.h"
#include "lib/worker/handle.h"

struct jobs_child {
	/* Set by the owner before the start. */
	struct loop *loop;
	void *context;
	/* One reply; -1: the child is stopped, its end FAILED. */
	int (*reply)(
	    void *context, const struct reply *reply, struct error *err);
	/* The process is gone and `end` is decided.  May end the storage. */
	void (*ended)(void *context);

	struct handle *handle; /* NULL: not started */
	bool is_ending; /* its end is decided, the process on its way out */
	bool is_gone;	/* its process was collected */
	int64_t heard_ms, killed_ms; /* monotonic */
	uint64_t bytes, entries;     /* so far */
	enum jobs_outcome outcome;
	struct error error;
	struct spawn_end process;
};

/* On -1 it is as before, and `error` says why. */
int jobs_child_start(
    struct jobs_child *child, const struct job *job) ERROR_CHECKED;

/* Decide the end, and kill the process.  Nothing where that is done. */
void jobs_child_stop(struct jobs_child *child, enum jobs_outcome outcome);

/* Its process is there, be it on its way out. */
bool jobs_child_is_running(const struct jobs_child *child);

/*
 * Its process has ended, be it collected or not: what it said before is still
 * to be heard.
 */
bool jobs_child_has_ended(const struct jobs_child *child);

/* Running, not yet ending, and nothing was heard for so long. */
bool jobs_child_is_silent(const struct jobs_child *child, int64_t timeout_ms);

/* Killed a while ago and still there: it hangs in the kernel. */
bool jobs_child_is_stuck(const struct jobs_child *child);

/* Forget it; a process that is there is killed and left to init. */
void jobs_child_done(struct jobs_child *child);

#endif
