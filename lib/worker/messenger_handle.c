#include "lib/worker/messenger_handle.h"

#include <stdlib.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/worker/child.h"

/* For its start and its end, above what the order allows. */
#define GRACE_MS 5000

struct messenger_handle {
	struct child child;
	int64_t deadline_ms;
};

static int
begin(struct messenger_handle *handle, const struct messenger_order *order,
    const char *socket_path, struct error *err)
{
	struct child *child = &handle->child;
	struct error why = {0};
	int sent;

	handle->deadline_ms =
	    clock_monotonic_ms() + order->deadline_ms + GRACE_MS;
	if (socket_path != NULL && access(socket_path, F_OK) == 0) {
		if (child_connect(child, socket_path, err) != 0)
			return -1;
	} else if (child_start(child, "messenger", false, err) != 0) {
		return -1;
	}
	sent = messenger_send_order(child->wire, order, &why);
	return child_listen(child, sent, &why, err);
}

int
messenger_handle_open(const struct messenger_order *order,
    const char *socket_path, struct messenger_handle **ret_handle,
    struct error *err)
{
	struct messenger_handle *handle = calloc(1, sizeof(*handle));

	if (handle == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	child_init(&handle->child);
	if (begin(handle, order, socket_path, err) != 0) {
		messenger_handle_free(handle);
		return -1;
	}
	*ret_handle = handle;
	return 0;
}

int
messenger_handle_wire_fd(const struct messenger_handle *handle)
{
	return handle->child.wire;
}

int64_t
messenger_handle_deadline_ms(const struct messenger_handle *handle)
{
	return handle->deadline_ms;
}

int
messenger_handle_next(struct messenger_handle *handle,
    struct messenger_answer *ret_answer, struct error *err)
{
	struct wire_frame frame;
	int got = child_receive(&handle->child, &frame, err);

	if (got == 1)
		return messenger_decode_answer(frame.type, frame.payload,
			   frame.length, ret_answer, err) == 0
			   ? 1
			   : -1;
	/* The wire is closed at its end. */
	if (got == 0 && handle->child.wire < 0)
		return error_set(err, ERROR_INTERNAL,
		    _("the process that notifies ended abnormally"));
	return got;
}

void
messenger_handle_free(struct messenger_handle *handle)
{
	if (handle == NULL)
		return;
	child_done(&handle->child);
	free(handle);
}
