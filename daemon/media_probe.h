/*
 * media_probe: one question to a disposable child, with a deadline.
 *
 * Uses: loop, worker/probe_handle.
 *
 * In the storage of whoever asks; all zero is a good start.  Only one child at
 * a time: one that hangs in the kernel cannot be killed, and no second one is
 * started beside it.
 */
#ifndef HIKAE_DAEMON_MEDIA_PROBE_H
#define HIKAE_DAEMON_MEDIA_PROBE_H

#include "daemon/loop.h"
#include "lib/worker/probe_handle.h"

enum media_probe_outcome {
	MEDIA_PROBE_DONE,
	MEDIA_PROBE_FAILED, /* it said why it could not */
	MEDIA_PROBE_LATE,   /* it was killed after its deadline */
	MEDIA_PROBE_STUCK,  /* and is still there; LATE follows when it went */
};

struct media_probe {
	struct loop *loop;
	struct probe_place place; /* without a service there: a child */
	void *context;
	/* NULL: that it was done, or why not, is all of the answer. */
	void (*answered)(void *context, const struct probe_answer *answer);
	/* error says why, unless it was DONE. */
	void (*ended)(void *context, enum media_probe_outcome outcome,
	    const struct error *error);

	struct probe_handle *handle; /* NULL: none runs */
	struct loop_timer timer;
	int wire_fd; /* watched, or -1 */
	bool is_killed, is_stuck, is_failed;
	struct error error;
};

bool media_probe_is_running(const struct media_probe *probe);

/* A child that was killed and does not go. */
bool media_probe_is_stuck(const struct media_probe *probe);

/* Ask, unless one runs (ERROR_EXISTS). */
int media_probe_start(struct media_probe *probe,
    const struct probe_order *order, struct error *err) ERROR_CHECKED;

/* Kill and forget; nothing is called any more. */
void media_probe_done(struct media_probe *probe);

#endif
