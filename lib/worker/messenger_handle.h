/*
 * messenger_handle: the parent's end of a messenger.
 *
 * Layer 5.  Uses: worker/child, worker/messenger_message.
 *
 * For a poll loop, as worker/probe_handle: poll the wire, and wake up at the
 * deadline.
 */
#ifndef HIKAE_WORKER_MESSENGER_HANDLE_H
#define HIKAE_WORKER_MESSENGER_HANDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/worker/messenger_message.h"

struct messenger_handle;

/* Where the unit hikae-notify.socket listens. */
#define MESSENGER_HANDLE_SOCKET "/run/hikae-notify.sock"

/*
 * Give an order to the service at socket_path, which may mail where hikaed may
 * not; to a child where socket_path is NULL or nobody listens there.
 */
int messenger_handle_open(const struct messenger_order *order,
    const char *socket_path, struct messenger_handle **ret_handle,
    struct error *err) ERROR_CHECKED;

/* To be polled; -1 when nothing more comes. */
int messenger_handle_wire_fd(const struct messenger_handle *handle);

/* When it is overdue, by clock_monotonic_ms: a little after the order's. */
int64_t messenger_handle_deadline_ms(const struct messenger_handle *handle);

/*
 * The answer: 1, 0 when it is not there yet, -1 when none will come.
 */
int messenger_handle_next(struct messenger_handle *handle,
    struct messenger_answer *ret_answer, struct error *err) ERROR_CHECKED;

/* Close everything; a child that still runs is killed. */
void messenger_handle_free(struct messenger_handle *handle);

#endif
