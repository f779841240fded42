/*
 * child: a process in one of hikaed's roles, seen from its parent.
 *
 * Layer 5.  Uses: os/spawn, os/wire.
 *
 * What worker/handle and worker/probe_handle have in common: to start, to
 * listen, to stop, to give up.
 */
#ifndef HIKAE_WORKER_CHILD_H
#define HIKAE_WORKER_CHILD_H

#include "lib/os/spawn.h"
#include "lib/os/wire.h"

/* The argument that makes hikaed a child: `hikaed --role reader`. */
#define CHILD_ROLE_ARGUMENT "--role"
#define CHILD_ROOT_ARGUMENT "--root"

struct child {
	struct spawn_child process;
	int wire;    /* -1: nothing more comes */
	int far_end; /* of a process that is another's: the wire once more, to
			be polled for its end; -1: it is this one's own */
	bool is_dropped; /* another's was told to stop */
	size_t fds_max;	 /* descriptors that a frame of its may bring */
	struct wire_buffer buffer;
};

/* Make it one that child_done may be called for. */
void child_init(struct child *child);

/*
 * Start one; its wire blocks, for the order that comes next.  The child must
 * be done after an error, too.
 */
int child_start(struct child *child, const char *role, bool keep_read_search,
    struct error *err) ERROR_CHECKED;

/*
 * The same for a role that looks for files below a root, or needs more:
 * capabilities by bits, as spawn_options.keep_others.
 */
struct child_role {
	const char *name;
	const char *root; /* NULL: the system's */
	bool keep_read_search;
	uint32_t keep_others;
};
int child_start_role(struct child *child, const struct child_role *role,
    struct error *err) ERROR_CHECKED;

/*
 * Connect to a service that starts such a process for each connection
 * (systemd.socket(5), Accept=yes, ListenSequentialPacket=).  Not this
 * process's child: it cannot be killed, and its end is that of the wire.
 * ERROR_UNAVAILABLE or ERROR_NOT_FOUND when nobody listens.
 */
int child_connect(
    struct child *child, const char *path, struct error *err) ERROR_CHECKED;

/* What to poll(2) for the end of the process. */
int child_end_fd(const struct child *child);

/*
 * The order was sent (sent is 0), or not, for the reason why.  A child that is
 * gone already is no error: it is told by its end, as any other.  From here on
 * the wire does not block.
 */
int child_listen(struct child *child, int sent, const struct error *why,
    struct error *err) ERROR_CHECKED;

/* The next frame: 1, 0 when none is there now, -1. */
int child_receive(struct child *child, struct wire_frame *ret_frame,
    struct error *err) ERROR_CHECKED;

/*
 * The last frame has come.  Of a process that is another's, that is its end:
 * nothing else will tell.
 */
void child_hang_up(struct child *child);

/*
 * Stop it at once.  One in uninterruptible sleep does not stop.  One that is
 * not this process's child sees that nothing more is wanted, and stops itself.
 */
void child_kill(struct child *child);

/* Collect the end of the process: 1 with its end, 0 while it runs, -1. */
int child_collect(struct child *child, struct spawn_end *ret_end,
    struct error *err) ERROR_CHECKED;

/*
 * Close everything.  A child that still runs is killed, and collected if it
 * goes within 20 ms; one in uninterruptible sleep is left to itself.
 */
void child_done(struct child *child);

#endif
