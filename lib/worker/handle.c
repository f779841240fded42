#include "lib/worker/handle.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/wire.h"

/* How long the end of a child that was killed is waited for. */
#define GIVE_UP_MS 20

struct handle {
	struct spawn_child child;
	int wire;
	bool is_finished;
	struct wire_buffer buffer;
};

int
handle_start(
    const struct job *job, struct handle **ret_handle, struct error *err)
{
	bool is_parser = job_is_for_parser(job->kind);
	const char *const arguments[] = {"hikaed", HANDLE_ROLE_ARGUMENT,
	    is_parser ? "parser" : "reader", NULL};
	struct handle *handle = calloc(1, sizeof(*handle));
	struct spawn_options options = {
	    .arguments = arguments,
	    .stderr_fd = STDERR_FILENO,
	    .keep_read_search = job_is_on_medium(job->kind),
	};
	int ends[2] = {-1, -1};
	struct error why = {0};

	if (handle == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	handle->child = (struct spawn_child)SPAWN_CHILD_NONE;
	handle->wire = -1;
	if (wire_pair(ends, err) != 0)
		goto failed;
	handle->wire = ends[0];
	options.wire_fd = ends[1];
	if (spawn_start(&options, &handle->child, err) != 0)
		goto failed;
	(void)close(ends[1]);
	ends[1] = -1;
	/* A child that is gone already is told by its end, as any other. */
	if ((job_send(handle->wire, job, &why) != 0 && why.os_errno != EPIPE) ||
	    wire_set_nonblocking(handle->wire, &why) != 0) {
		if (err != NULL)
			*err = why;
		goto failed;
	}
	*ret_handle = handle;
	return 0;
failed:
	if (ends[1] >= 0)
		(void)close(ends[1]);
	handle_free(handle);
	return -1;
}

int
handle_wire_fd(const struct handle *handle)
{
	return handle->wire;
}

int
handle_end_fd(const struct handle *handle)
{
	return handle->child.pidfd;
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
	struct error why = {0};
	int got;

	if (handle->is_finished || handle->wire < 0)
		return 0;
	handle->buffer.fds_max = 0;
	got = wire_receive(handle->wire, &handle->buffer, &frame, &why);
	if (got < 0 && why.os_errno == EAGAIN)
		return 0;
	if (got < 0) {
		if (err != NULL)
			*err = why;
		return -1;
	}
	if (got == 0) {
		(void)close(handle->wire);
		handle->wire = -1;
		return 0;
	}
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
	if (handle->child.pid > 0)
		(void)!spawn_kill(&handle->child, NULL);
}

int
handle_collect(
    struct handle *handle, struct spawn_end *ret_end, struct error *err)
{
	return spawn_wait(&handle->child, false, ret_end, err);
}

/* Kill the child and collect it, if it goes within a moment. */
static void
give_up(struct handle *handle)
{
	struct pollfd gone = {handle->child.pidfd, POLLIN, 0};
	struct spawn_end ignored;

	handle_kill(handle);
	(void)!poll(&gone, 1, GIVE_UP_MS);
	(void)!spawn_wait(&handle->child, false, &ignored, NULL);
}

void
handle_free(struct handle *handle)
{
	if (handle == NULL)
		return;
	if (handle->child.pid > 0)
		give_up(handle);
	spawn_done(&handle->child);
	if (handle->wire >= 0)
		(void)close(handle->wire);
	free(handle);
}
