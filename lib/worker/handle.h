/*
 * handle: the parent's end of a child.
 *
 * Layer 5.  Uses: worker/child, worker/job, worker/reply.
 *
 * Everything here is non-blocking and for a poll loop: poll the wire and the
 * pidfd, and call handle_next until it says that nothing is there.
 */
#ifndef HIKAE_WORKER_HANDLE_H
#define HIKAE_WORKER_HANDLE_H

#include "lib/worker/child.h"
#include "lib/worker/job.h"
#include "lib/worker/reply.h"

/* The argument that makes hikaed a child: `hikaed --role reader`. */
#define HANDLE_ROLE_ARGUMENT CHILD_ROLE_ARGUMENT

struct handle;

/*
 * Start the child that the kind of job is for (a parser, without any
 * capability, or a reader), or connect to the service that the job names, and
 * send it the job, whose descriptors stay the caller's.
 */
int handle_start(const struct job *job, struct handle **ret_handle,
    struct error *err) ERROR_CHECKED;

/* Descriptors for poll(2): replies, and the end of the process. */
int handle_wire_fd(const struct handle *handle);
int handle_end_fd(const struct handle *handle);

/*
 * The next reply.  1 with a reply (its pointers are good until the next call),
 * 0 when none is there now, -1: the child sent what no child sends, and should
 * be killed.  After REPLY_DONE or REPLY_FAILED there is none.
 */
int handle_next(struct handle *handle, struct reply *ret_reply,
    struct error *err) ERROR_CHECKED;

/*
 * Give a child that is ready (REPLY_READY) further slices of its job; none: it
 * is to end.  A child that is gone is no error: it is told by its end.
 */
int handle_give_slices(struct handle *handle, const struct verify_range *ranges,
    size_t count, struct error *err) ERROR_CHECKED;

/* Whether the last reply (done or failed) has come. */
bool handle_is_finished(const struct handle *handle);

/* Stop the child at once.  One in uninterruptible sleep does not stop. */
void handle_kill(struct handle *handle);

/*
 * Collect the end of the process: 1 with its end, 0 while it runs, -1.
 */
int handle_collect(struct handle *handle, struct spawn_end *ret_end,
    struct error *err) ERROR_CHECKED;

/*
 * Close everything.  A child that still runs is killed, and collected if it
 * goes within 20 ms; one in uninterruptible sleep is left to itself.
 */
void handle_free(struct handle *handle);

#endif
