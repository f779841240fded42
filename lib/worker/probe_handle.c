#include "lib/worker/probe_handle.h"

#include <stdlib.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/worker/child.h"

/* For its start and its end, above what the order allows. */
#define GRACE_MS 1000

struct probe_handle {
	struct child child;
	int64_t deadline_ms;
	bool is_finished;
};

/* Devices need the right to read them; asking a server needs none. */
static bool
needs_rights(enum probe_kind kind)
{
	return kind != PROBE_REACH;
}

/* socket_path NULL: as a child. */
static int
begin(const struct probe_order *order, const char *socket_path,
    struct probe_handle *handle, struct error *err)
{
	struct child *child = &handle->child;
	struct error why = {0};
	int sent;

	handle->deadline_ms =
	    clock_monotonic_ms() + order->deadline_ms + GRACE_MS;
	if (socket_path != NULL) {
		if (child_connect(child, socket_path, err) != 0)
			return -1;
	} else if (child_start(
		       child, "probe", needs_rights(order->kind), err) != 0) {
		return -1;
	}
	sent = probe_send_order(child->wire, order, &why);
	return child_listen(child, sent, &why, err);
}

static int
open_handle(const struct probe_order *order, const char *socket_path,
    struct probe_handle **ret_handle, struct error *err)
{
	struct probe_handle *handle = calloc(1, sizeof(*handle));

	if (handle == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	child_init(&handle->child);
	if (begin(order, socket_path, handle, err) != 0) {
		probe_handle_free(handle);
		return -1;
	}
	*ret_handle = handle;
	return 0;
}

int
probe_handle_start(const struct probe_order *order,
    struct probe_handle **ret_handle, struct error *err)
{
	return open_handle(order, NULL, ret_handle, err);
}

int
probe_handle_open(const struct probe_order *order, const char *socket_path,
    struct probe_handle **ret_handle, struct error *err)
{
	const bool is_there = access(socket_path, F_OK) == 0;

	return open_handle(
	    order, is_there ? socket_path : NULL, ret_handle, err);
}

int
probe_handle_wire_fd(const struct probe_handle *handle)
{
	return handle->child.wire;
}

int
probe_handle_end_fd(const struct probe_handle *handle)
{
	return child_end_fd(&handle->child);
}

int64_t
probe_handle_deadline_ms(const struct probe_handle *handle)
{
	return handle->deadline_ms;
}

bool
probe_handle_is_overdue(const struct probe_handle *handle)
{
	return clock_monotonic_ms() >= handle->deadline_ms;
}

int
probe_handle_next(struct probe_handle *handle, struct probe_answer *ret_answer,
    struct error *err)
{
	struct wire_frame frame;
	int got;

	if (handle->is_finished)
		return 0;
	got = child_receive(&handle->child, &frame, err);
	if (got <= 0)
		return got;
	if (probe_decode_answer(
		frame.type, frame.payload, frame.length, ret_answer, err) != 0)
		return -1;
	handle->is_finished = ret_answer->kind == PROBE_ANSWER_DONE ||
			      ret_answer->kind == PROBE_ANSWER_FAILED;
	if (handle->is_finished)
		child_hang_up(&handle->child);
	return 1;
}

bool
probe_handle_is_finished(const struct probe_handle *handle)
{
	return handle->is_finished;
}

void
probe_handle_kill(struct probe_handle *handle)
{
	child_kill(&handle->child);
}

int
probe_handle_collect(
    struct probe_handle *handle, struct spawn_end *ret_end, struct error *err)
{
	return child_collect(&handle->child, ret_end, err);
}

void
probe_handle_free(struct probe_handle *handle)
{
	if (handle == NULL)
		return;
	child_done(&handle->child);
	free(handle);
}
