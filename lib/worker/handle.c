#include "lib/worker/handle.h"

#include <stdlib.h>

#include "lib/base/i18n.h"

struct handle {
	struct child child;
	bool is_finished;
};

int
handle_start(
    const struct job *job, struct handle **ret_handle, struct error *err)
{
	struct handle *handle = calloc(1, sizeof(*handle));
	struct error why = {0};
	int sent;

	if (handle == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	child_init(&handle->child);
	if (child_start(&handle->child, job_role(job->kind),
		job_is_on_medium(job->kind), err) != 0)
		goto failed;
	sent = job_send(handle->child.wire, job, &why);
	if (child_listen(&handle->child, sent, &why, err) != 0)
		goto failed;
	*ret_handle = handle;
	return 0;
failed:
	handle_free(handle);
	return -1;
}

int
handle_wire_fd(const struct handle *handle)
{
	return handle->child.wire;
}

int
handle_end_fd(const struct handle *handle)
{
	return child_end_fd(&handle->child);
}

bool
handle_is_finished(const struct handle *handle)
{
	return handle->is_finished;
}

int
handle_next(struct handle *handle, struct reply *ret_reply, struct error *err)
{
	struct wire_frame frame;
	int got;

	if (handle->is_finished)
		return 0;
	got = child_receive(&handle->child, &frame, err);
	if (got <= 0)
		return got;
	if (reply_decode(
		frame.type, frame.payload, frame.length, ret_reply, err) != 0)
		return -1;
	handle->is_finished =
	    ret_reply->kind == REPLY_DONE || ret_reply->kind == REPLY_FAILED;
	return 1;
}

void
handle_kill(struct handle *handle)
{
	child_kill(&handle->child);
}

int
handle_collect(
    struct handle *handle, struct spawn_end *ret_end, struct error *err)
{
	return child_collect(&handle->child, ret_end, err);
}

void
handle_free(struct handle *handle)
{
	if (handle == NULL)
		return;
	child_done(&handle->child);
	free(handle);
}
