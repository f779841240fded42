#include "lib/os/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/i18n.h"

/* Room for the descriptors of one frame, aligned as cmsg(3) asks. */
union control {
	struct cmsghdr header;
	uint8_t bytes[CMSG_SPACE(sizeof(int) * WIRE_FDS_MAX)];
};

int
wire_pair(int ret_fds[2], struct error *err)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret_fds) < 0)
		return error_set_errno(
		    err, errno, _("cannot make a socket pair"));
	return 0;
}

int
wire_set_nonblocking(int fd, struct error *err)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return error_set_errno(
		    err, errno, _("cannot make a socket non-blocking"));
	return 0;
}

/* The two conditions that callers tell apart by os_errno. */
static int
fail(struct error *err, int os_errno, const char *text)
{
	switch (os_errno) {
	case EPIPE:
	case ECONNRESET:
	case ECONNREFUSED:
	case ENOTCONN:
		(void)error_set_errno(err, EPIPE, "%s", text);
		if (err != NULL)
			err->code = ERROR_UNAVAILABLE;
		return -1;
	default:
		return error_set_errno(err, os_errno, "%s", text);
	}
}

int
wire_send(int fd, const struct wire_frame *frame, struct error *err)
{
	static const uint8_t nothing;
	uint8_t header[WIRE_HEADER_BYTES] = {
	    WIRE_VERSION, 0, (uint8_t)(frame->type >> 8), (uint8_t)frame->type};
	const void *payload = frame->length > 0 ? frame->payload : &nothing;
	/* sendmsg does not write through the pointer. */
	struct iovec parts[2] = {{header, sizeof(header)},
	    {(void *)(uintptr_t)payload, frame->length}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	union control control;
	size_t fds_bytes = sizeof(int) * frame->fd_count;
	ssize_t sent;

	if (frame->length > WIRE_PAYLOAD_MAX || frame->fd_count > WIRE_FDS_MAX)
		return error_set(err, ERROR_LIMIT,
		    _("a message of %zu bytes with %zu descriptors is too "
		      "large"),
		    frame->length, frame->fd_count);
	if (frame->fd_count > 0) {
		memset(&control, 0, sizeof(control));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(fds_bytes);
		memcpy(CMSG_DATA(&control.header), frame->fds, fds_bytes);
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(fds_bytes);
	}
	do
		sent = sendmsg(fd, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return fail(err, errno, _("cannot send a message"));
	return 0;
}

/* Put every descriptor that came along into the frame, or close it. */
static void
collect_fds(struct msghdr *message, struct wire_frame *frame)
{
	struct cmsghdr *item;

	for (item = CMSG_FIRSTHDR(message); item != NULL;
	     item = CMSG_NXTHDR(message, item)) {
		size_t count;

		if (item->cmsg_level != SOL_SOCKET ||
		    item->cmsg_type != SCM_RIGHTS)
			continue;
		count = (item->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(item) + i * sizeof(int),
			    sizeof(int));
			if (frame->fd_count < WIRE_FDS_MAX)
				frame->fds[frame->fd_count++] = fd;
			else
				(void)close(fd);
		}
	}
}

static int
decode(const struct wire_buffer *buffer, size_t length, int flags,
    struct wire_frame *frame, struct error *err)
{
	if ((flags & MSG_CTRUNC) != 0 || frame->fd_count > buffer->fds_max)
		return error_set(err, ERROR_PROTOCOL,
		    _("a message brought descriptors that nobody asked for"));
	if ((flags & MSG_TRUNC) != 0)
		return error_set(err, ERROR_PROTOCOL,
		    _("a message is longer than %d bytes"), WIRE_PAYLOAD_MAX);
	if (length < WIRE_HEADER_BYTES)
		return error_set(err, ERROR_PROTOCOL,
		    _("a message of %zu bytes has no header"), length);
	if (buffer->data[0] != WIRE_VERSION || buffer->data[1] != 0)
		return error_set(err, ERROR_PROTOCOL,
		    _("a message of version %u.%u instead of %d.0"),
		    buffer->data[0], buffer->data[1], WIRE_VERSION);
	frame->type = (uint16_t)(buffer->data[2] << 8 | buffer->data[3]);
	frame->payload = buffer->data + WIRE_HEADER_BYTES;
	frame->length = length - WIRE_HEADER_BYTES;
	return 1;
}

int
wire_receive(int fd, struct wire_buffer *buffer, struct wire_frame *ret_frame,
    struct error *err)
{
	struct iovec part = {buffer->data, sizeof(buffer->data)};
	struct wire_frame frame = {0};
	union control control;
	struct msghdr message;
	size_t fds_max =
	    buffer->fds_max < WIRE_FDS_MAX ? buffer->fds_max : WIRE_FDS_MAX;
	ssize_t got;
	int rc;

	/*
	 * ECONNRESET says, once, that the peer closed without reading all that
	 * was sent to it.  What it sent before is still queued behind.
	 */
	do {
		message = (struct msghdr){.msg_iov = &part, .msg_iovlen = 1};
		/*
		 * The exact length, so that a surplus descriptor is cut off by
		 * the kernel: this process never holds it.
		 */
		if (fds_max > 0) {
			message.msg_control = &control;
			message.msg_controllen =
			    CMSG_LEN(sizeof(int) * fds_max);
		}
		got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	} while (got < 0 && (errno == EINTR || errno == ECONNRESET));
	if (got < 0)
		return fail(err, errno, _("cannot receive a message"));
	if (fds_max > 0)
		collect_fds(&message, &frame);
	if (got == 0 && frame.fd_count == 0 &&
	    (message.msg_flags & MSG_CTRUNC) == 0)
		return 0;
	rc = decode(buffer, (size_t)got, message.msg_flags, &frame, err);
	if (rc < 0)
		wire_frame_close(&frame);
	else
		*ret_frame = frame;
	return rc;
}

int
wire_frame_take(struct wire_frame *frame, size_t index)
{
	int fd;

	if (index >= frame->fd_count)
		return -1;
	fd = frame->fds[index];
	frame->fds[index] = -1;
	return fd;
}

void
wire_frame_close(struct wire_frame *frame)
{
	for (size_t i = 0; i < frame->fd_count; i++)
		if (frame->fds[i] >= 0)
			(void)close(frame->fds[i]);
	frame->fd_count = 0;
}
