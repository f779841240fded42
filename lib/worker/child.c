#include "lib/worker/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/base/i18n.h"

/* How long the end of a child that was killed is waited for. */
#define GIVE_UP_MS 20

void
child_init(struct child *child)
{
	child->process = (struct spawn_child)SPAWN_CHILD_NONE;
	child->wire = -1;
	child->far_end = -1;
	child->fds_max = 0;
}

int
child_connect(struct child *child, const char *path, struct error *err)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (strlen(path) >= sizeof(address.sun_path))
		return error_set(
		    err, ERROR_LIMIT, _("the path of a socket is too long"));
	memcpy(address.sun_path, path, strlen(path) + 1);
	child->wire =
	    socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (child->wire < 0 ||
	    connect(child->wire, (const struct sockaddr *)&address,
		sizeof(address)) != 0 ||
	    (child->far_end = fcntl(child->wire, F_DUPFD_CLOEXEC, 0)) < 0) {
		(void)error_set_errno(
		    err, errno, _("cannot reach a service of hikae"));
		if (err != NULL && err->code != ERROR_NOT_FOUND)
			err->code = ERROR_UNAVAILABLE;
		return -1;
	}
	return 0;
}

int
child_end_fd(const struct child *child)
{
	return child->far_end >= 0 ? child->far_end : child->process.pidfd;
}

int
child_start(struct child *child, const char *role, bool keep_read_search,
    struct error *err)
{
	const struct child_role plain = {
	    .name = role, .keep_read_search = keep_read_search};

	return child_start_role(child, &plain, err);
}

int
child_start_role(
    struct child *child, const struct child_role *role, struct error *err)
{
	const char *const arguments[] = {"hikaed", CHILD_ROLE_ARGUMENT,
	    role->name, role->root == NULL ? NULL : CHILD_ROOT_ARGUMENT,
	    role->root, NULL};
	struct spawn_options options = {
	    .arguments = arguments,
	    .stderr_fd = STDERR_FILENO,
	    .keep_read_search = role->keep_read_search,
	    .keep_others = role->keep_others,
	};
	int ends[2], rc;

	if (wire_pair(ends, err) != 0)
		return -1;
	child->wire = ends[0];
	options.wire_fd = ends[1];
	rc = spawn_start(&options, &child->process, err);
	(void)close(ends[1]);
	return rc;
}

int
child_listen(
    struct child *child, int sent, const struct error *why, struct error *err)
{
	if (sent == 0 || why->os_errno == EPIPE)
		return wire_set_nonblocking(child->wire, err);
	if (err != NULL)
		*err = *why;
	return -1;
}

int
child_receive(
    struct child *child, struct wire_frame *ret_frame, struct error *err)
{
	struct error why = {0};
	int got;

	if (child->wire < 0)
		return 0;
	child->buffer.fds_max = child->fds_max;
	got = wire_receive(child->wire, &child->buffer, ret_frame, &why);
	if (got < 0 && why.os_errno == EAGAIN)
		return 0;
	/* It ended before it had read what was sent: an end like others. */
	if (got < 0 && why.os_errno == ECONNRESET)
		got = 0;
	if (got < 0 && err != NULL)
		*err = why;
	if (got == 0) {
		(void)close(child->wire);
		child->wire = -1;
	}
	return got;
}

void
child_hang_up(struct child *child)
{
	if (child->far_end < 0 || child->wire < 0)
		return;
	(void)close(child->wire);
	child->wire = -1;
}

void
child_kill(struct child *child)
{
	if (child->process.pid > 0) {
		(void)!spawn_kill(&child->process, NULL);
	} else if (child->far_end >= 0) {
		child->is_dropped = true;
		(void)shutdown(child->far_end, SHUT_WR);
	}
}

int
child_collect(struct child *child, struct spawn_end *ret_end, struct error *err)
{
	struct pollfd far = {child->far_end, POLLIN, 0};

	if (child->far_end < 0)
		return spawn_wait(&child->process, false, ret_end, err);
	/* Nobody reads any more what one says that was told to stop. */
	if (child->is_dropped
		? poll(&far, 1, 0) != 1 || (far.revents & POLLHUP) == 0
		: child->wire >= 0)
		return 0;
	*ret_end = (struct spawn_end){.exited = true};
	return 1;
}

/* Kill it and collect it, if it goes within a moment. */
static void
give_up(struct child *child)
{
	struct pollfd gone = {child->process.pidfd, POLLIN, 0};
	struct spawn_end ignored;

	child_kill(child);
	(void)!poll(&gone, 1, GIVE_UP_MS);
	(void)!spawn_wait(&child->process, false, &ignored, NULL);
}

void
child_done(struct child *child)
{
	if (child->process.pid > 0)
		give_up(child);
	spawn_done(&child->process);
	if (child->wire >= 0)
		(void)close(child->wire);
	child->wire = -1;
	if (child->far_end >= 0)
		(void)close(child->far_end);
	child->far_end = -1;
}
