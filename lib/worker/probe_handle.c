#include "lib/worker/probe_handle.h"

#include <linux/capability.h>
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

#define BIT(capability) (UINT32_C(1) << (capability))

/*
 * Who follows the order, with which rights: devices need the right to read
 * them, asking a server needs none.
 */
static struct child_role
role_for(const struct probe_order *order, const char *root)
{
	switch (order->kind) {
	case PROBE_REACH:
		return (struct child_role){.name = "probe"};
	case PROBE_BLOCK:
	case PROBE_LIST:
	case PROBE_CAPACITY:
		break;
	case PROBE_MOUNT:
	case PROBE_UNMOUNT:
	case PROBE_MARK:
		return (struct child_role){.name = "mounter",
		    .root = root,
		    .keep_read_search = true,
		    .keep_others = BIT(CAP_SYS_ADMIN)};
	case PROBE_WRITE:
		return (struct child_role){.name = "trier",
		    .root = root,
		    .keep_others = BIT(CAP_SETUID) | BIT(CAP_SETGID)};
	}
	return (struct child_role){.name = "probe", .keep_read_search = true};
}

/* socket_path NULL: as a child. */
static int
begin(const struct probe_order *order, const struct probe_place *place,
    struct probe_handle *handle, struct error *err)
{
	const struct child_role role = role_for(order, place->root);
	struct child *child = &handle->child;
	struct error why = {0};
	int sent;

	handle->deadline_ms =
	    clock_monotonic_ms() + order->deadline_ms + GRACE_MS;
	if ((place->socket_path != NULL
		    ? child_connect(child, place->socket_path, err)
		    : child_start_role(child, &role, err)) != 0)
		return -1;
	sent = probe_send_order(child->wire, order, &why);
	return child_listen(child, sent, &why, err);
}

static int
open_handle(const struct probe_order *order, const struct probe_place *place,
    struct probe_handle **ret_handle, struct error *err)
{
	struct probe_handle *handle = calloc(1, sizeof(*handle));

	if (handle == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	child_init(&handle->child);
	if (begin(order, place, handle, err) != 0) {
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
	const struct probe_place here = {0};

	return open_handle(order, &here, ret_handle, err);
}

int
probe_handle_open(const struct probe_order *order,
    const struct probe_place *place, struct probe_handle **ret_handle,
    struct error *err)
{
	struct probe_place found = *place;

	if (found.socket_path != NULL && access(found.socket_path, F_OK) != 0)
		found.socket_path = NULL;
	return open_handle(order, &found, ret_handle, err);
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
