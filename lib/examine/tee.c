#include "lib/examine/tee.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/i18n.h"

#define FILE_FOLLOWS 'F'
/* Bytes that may be under way, so that both sides work at once. */
#define UNDER_WAY_BYTES (4 * 1024 * 1024)

/* Room for one descriptor, aligned as sendmsg wants it. */
union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

int
tee_pair(int ret_fds[2], struct error *err)
{
	int size = UNDER_WAY_BYTES;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ret_fds) != 0)
		return error_set_errno(
		    err, errno, _("cannot make a pair of sockets"));
	/* A wish: the kernel's limit may be lower. */
	(void)setsockopt(
	    ret_fds[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return 0;
}

int
tee_send_file(int socket, int file_fd)
{
	char mark = FILE_FOLLOWS;
	struct iovec part = {.iov_base = &mark, .iov_len = 1};
	union control control = {{0}};
	struct msghdr message = {
	    .msg_iov = &part,
	    .msg_iovlen = 1,
	    .msg_control = control.room,
	    .msg_controllen = sizeof(control.room),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	ssize_t sent;

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &file_fd, sizeof(int));
	do
		sent = sendmsg(socket, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == 1 ? 0 : -1;
}

int
tee_send(int socket, const uint8_t *data, size_t length)
{
	while (length > 0) {
		ssize_t sent = send(socket, data, length, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return -1;
		data += sent;
		length -= (size_t)sent;
	}
	return 0;
}

int
tee_receive_file(int socket, int *ret_file_fd, struct error *err)
{
	char mark = 0;
	struct iovec part = {.iov_base = &mark, .iov_len = 1};
	union control control = {{0}};
	struct msghdr message = {
	    .msg_iov = &part,
	    .msg_iovlen = 1,
	    .msg_control = control.room,
	    .msg_controllen = sizeof(control.room),
	};
	const struct cmsghdr *header;
	ssize_t got;

	do
		got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_set_errno(err, errno, _("cannot hear the reader"));
	if (got == 0)
		return error_set(err, ERROR_UNAVAILABLE, _("the reader ended"));
	header = CMSG_FIRSTHDR(&message);
	if (mark != FILE_FOLLOWS || header == NULL ||
	    header->cmsg_level != SOL_SOCKET ||
	    header->cmsg_type != SCM_RIGHTS ||
	    header->cmsg_len != CMSG_LEN(sizeof(int)))
		return error_set(
		    err, ERROR_PROTOCOL, _("the reader sent no descriptor"));
	memcpy(ret_file_fd, CMSG_DATA(header), sizeof(int));
	return 0;
}
