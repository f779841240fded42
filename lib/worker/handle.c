#include "lib/worker/handle.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/i18n.h"

struct handle {
	struct child child;
	bool is_finished;
	int scratch_fd; /* that the last reply brought, or -1 */
};

/* As a child, or by who listens at the job's socket. */
static int
begin(struct handle *handle, const struct job *job, struct error *err)
{
	struct error why = {0};
	int sent;

	if (job->socket_path != NULL) {
		if (child_connect(&handle->child, job->socket_path, err) != 0)
			return -1;
	} else if (child_start(&handle->child, job_role(job->kind),
		       job_needs_rights(job->kind), err) != 0) {
		return -1;
	}
	handle->child.fds_max = job->kind == JOB_SCRATCH ? 1 : 0;
	sent = job_send(handle->child.wire, job, &why);
	return child_listen(&handle->child, sent, &why, err);
}

int
handle_start(
    const struct job *job, struct handle **ret_handle, struct error *err)
{
	struct handle *handle = calloc(1, sizeof(*handle));

	if (handle == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	handle->scratch_fd = -1;
	child_init(&handle->child);
	if (begin(handle, job, err) != 0) {
		handle_free(handle);
		return -1;
	}
	*ret_handle = handle;
	return 0;
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

static void
drop_scratch(struct handle *handle)
{
	if (handle->scratch_fd >= 0)
		(void)close(handle->scratch_fd);
	handle->scratch_fd = -1;
}

/* Of descriptors only a scratch folder's comes, and always with its reply. */
static int
take_scratch(struct handle *handle, struct wire_frame *frame,
    struct reply *reply, struct error *err)
{
	bool is_due = reply->kind == REPLY_SCRATCH;

	drop_scratch(handle);
	if ((frame->fd_count == 1) != is_due) {
		wire_frame_close(frame);
		return error_set(
		    err, ERROR_PROTOCOL, _("malformed reply of a child"));
	}
	if (is_due)
		reply->scratch.fd = handle->scratch_fd =
		    wire_frame_take(frame, 0);
	return 0;
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
		frame.type, frame.payload, frame.length, ret_reply, err) != 0) {
		wire_frame_close(&frame);
		return -1;
	}
	if (take_scratch(handle, &frame, ret_reply, err) != 0)
		return -1;
	handle->is_finished =
	    ret_reply->kind == REPLY_DONE || ret_reply->kind == REPLY_FAILED;
	if (handle->is_finished)
		child_hang_up(&handle->child);
	return 1;
}

int
handle_give_slices(struct handle *handle, const struct verify_range *ranges,
    size_t count, struct error *err)
{
	struct error why = {0};

	if (handle->child.wire < 0 ||
	    job_send_ranges(handle->child.wire, ranges, count, &why) == 0 ||
	    why.os_errno == EPIPE)
		return 0;
	if (err != NULL)
		*err = why;
	return -1;
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
	drop_scratch(handle);
	child_done(&handle->child);
	free(handle);
}
