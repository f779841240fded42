/*
 * probe_handle: the parent's end of a probe.
 *
 * Layer 5.  Uses: os/spawn, os/wire, worker/child, worker/probe_message.
 *
 * For a poll loop, as worker/handle: poll the wire and the end, and wake up at
 * the deadline.  A probe that is overdue is killed; one that does not go (it
 * hangs in the kernel) is the caller's to remember: no second one there.
 */
#ifndef HIKAE_WORKER_PROBE_HANDLE_H
#define HIKAE_WORKER_PROBE_HANDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/os/spawn.h"
#include "lib/worker/probe_message.h"

struct probe_handle;

/* Start `hikaed --role probe` and give it the order. */
int probe_handle_start(const struct probe_order *order,
    struct probe_handle **ret_handle, struct error *err) ERROR_CHECKED;

/* Where the units hikae-probe.socket and so on listen. */
#define PROBE_HANDLE_SOCKET "/run/hikae-probe.sock"
#define PROBE_HANDLE_MOUNT_SOCKET "/run/hikae-mount.sock"
#define PROBE_HANDLE_TRY_SOCKET "/run/hikae-try.sock"

struct probe_place {
	const char *socket_path; /* of a service; NULL: none is looked for */
	const char *root; /* below which a child finds the configuration */
};

/*
 * The same through the service that listens there, which may read devices and
 * speak to the network where hikaed may not; as a child where there is none.
 * A probe of the service cannot be killed: it ends itself at its deadline.
 */
int probe_handle_open(const struct probe_order *order,
    const struct probe_place *place, struct probe_handle **ret_handle,
    struct error *err) ERROR_CHECKED;

/* Descriptors for poll(2): answers (-1 when no more come), and its end. */
int probe_handle_wire_fd(const struct probe_handle *handle);
int probe_handle_end_fd(const struct probe_handle *handle);

/* When it is overdue, by clock_monotonic_ms: a little after the order's. */
int64_t probe_handle_deadline_ms(const struct probe_handle *handle);
bool probe_handle_is_overdue(const struct probe_handle *handle);

/*
 * The next answer: 1, 0 when none is there now, -1 when it sent what no probe
 * sends and should be killed.
 */
int probe_handle_next(struct probe_handle *handle,
    struct probe_answer *ret_answer, struct error *err) ERROR_CHECKED;

/* Whether the last answer (done or failed) has come. */
bool probe_handle_is_finished(const struct probe_handle *handle);

/* Stop it at once; one in uninterruptible sleep does not stop. */
void probe_handle_kill(struct probe_handle *handle);

/* Collect the end of the process: 1 with its end, 0 while it runs, -1. */
int probe_handle_collect(struct probe_handle *handle, struct spawn_end *ret_end,
    struct error *err) ERROR_CHECKED;

/*
 * Close everything; a probe that still runs is killed, and abandoned if it
 * does not go within 20 ms.
 */
void probe_handle_free(struct probe_handle *handle);

#endif
