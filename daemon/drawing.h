/*
 * drawing: one child of the role `report` (or `records`), from its order to its
 * end.
 *
 * Uses: loop, worker/child, worker/report_message.
 *
 * Nothing waits: the wire and the process are watched, and a child that takes
 * too long is killed.  One that does not even go then is left to itself.
 */
#ifndef HIKAE_DAEMON_DRAWING_H
#define HIKAE_DAEMON_DRAWING_H

#include "daemon/loop.h"
#include "lib/worker/report_message.h"

struct drawing;

struct drawing_options {
	struct loop *loop;
	int64_t time_ms; /* then it is killed */
	/* Append the signature that a SEAL or HEAD asks for; -1 ends it. */
	int (*sign)(void *context, const struct report_answer *asked,
	    struct bytes *out, struct error *err);
	/*
	 * It has ended, and all that it wrote is in the order's descriptors.
	 * done is NULL where it failed, for the reason err.  The drawing is to
	 * be freed, which may be done here.
	 */
	void (*ended)(void *context, const struct report_done *done,
	    const struct error *err);
	void *context;
};

/* Start a child; the order and its descriptors stay the caller's. */
int drawing_start(const struct drawing_options *options,
    const struct report_order *order, struct drawing **ret_drawing,
    struct error *err) ERROR_CHECKED;

/* A child that still runs is killed.  NULL is allowed. */
void drawing_free(struct drawing *drawing);

#endif
