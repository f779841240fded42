#include "lib/os/uevent.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/i18n.h"

#define KERNEL_GROUP 1
/* Room for the burst of a hub full of disks; the kernel may grant less. */
#define QUEUE_BYTES (1024 * 1024)
/* Messages passed over in one call, so that nobody keeps the caller here. */
#define PASSED_OVER_MAX 64

static const char *const action_names[UEVENT_ACTIONS] = {
    [UEVENT_ADD] = "add",
    [UEVENT_REMOVE] = "remove",
    [UEVENT_CHANGE] = "change",
    [UEVENT_MOVE] = "move",
    [UEVENT_ONLINE] = "online",
    [UEVENT_OFFLINE] = "offline",
    [UEVENT_BIND] = "bind",
    [UEVENT_UNBIND] = "unbind",
};

const char *
uevent_action_name(enum uevent_action action)
{
	return action_names[action];
}

int
uevent_open(int *ret_fd, struct error *err)
{
	const struct sockaddr_nl address = {
	    .nl_family = AF_NETLINK, .nl_groups = KERNEL_GROUP};
	const int yes = 1, queue = QUEUE_BYTES;
	const int fd = socket(AF_NETLINK,
	    SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);

	if (fd < 0) {
		(void)error_set_errno(
		    err, errno, _("cannot listen for the kernel's events"));
		goto failed;
	}
	/* More than the system's limit only with CAP_NET_ADMIN. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &queue, sizeof(queue)) <
	    0)
		(void)setsockopt(
		    fd, SOL_SOCKET, SO_RCVBUF, &queue, sizeof(queue));
	if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &yes, sizeof(yes)) < 0 ||
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		(void)error_set_errno(
		    err, errno, _("cannot listen for the kernel's events"));
		goto failed;
	}
	*ret_fd = fd;
	return 0;
failed:
	if (err != NULL)
		err->code = ERROR_UNAVAILABLE;
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

/* netlink(7): the kernel's port is 0, and so are its credentials. */
static bool
is_from_kernel(struct msghdr *message, const struct sockaddr_nl *sender)
{
	struct cmsghdr *part;
	struct ucred who;

	if (message->msg_namelen < sizeof(*sender) || sender->nl_pid != 0 ||
	    sender->nl_groups != KERNEL_GROUP)
		return false;
	for (part = CMSG_FIRSTHDR(message); part != NULL;
	     part = CMSG_NXTHDR(message, part)) {
		if (part->cmsg_level != SOL_SOCKET ||
		    part->cmsg_type != SCM_CREDENTIALS ||
		    part->cmsg_len < CMSG_LEN(sizeof(who)))
			continue;
		memcpy(&who, CMSG_DATA(part), sizeof(who));
		return who.pid == 0 && who.uid == 0;
	}
	return false;
}

/* 1 with a message of the kernel in the room, 0 for another, -1 with errno. */
static int
receive(int fd, char *room, size_t size, size_t *ret_length)
{
	char control[CMSG_SPACE(sizeof(struct ucred))];
	struct sockaddr_nl sender = {0};
	struct iovec part = {room, size};
	struct msghdr message = {.msg_name = &sender,
	    .msg_namelen = sizeof(sender),
	    .msg_iov = &part,
	    .msg_iovlen = 1,
	    .msg_control = control,
	    .msg_controllen = sizeof(control)};
	ssize_t length;

	do
		length = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (length < 0 && errno == EINTR);
	if (length < 0)
		return -1;
	*ret_length = (size_t)length;
	return (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0 &&
	       is_from_kernel(&message, &sender);
}

int
uevent_next(int fd, enum uevent_got *ret_got, struct uevent *ret_event,
    struct error *err)
{
	char room[UEVENT_MESSAGE_BYTES_MAX];
	size_t length;

	for (int i = 0; i < PASSED_OVER_MAX; i++) {
		const int got = receive(fd, room, sizeof(room), &length);

		if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		if (got < 0 && errno == ENOBUFS) {
			*ret_got = UEVENT_OVERFLOW;
			return 0;
		}
		if (got < 0)
			return error_set_errno(
			    err, errno, _("cannot read the kernel's events"));
		if (got > 0 &&
		    uevent_parse(room, length, ret_event, NULL) == 0) {
			*ret_got = UEVENT_EVENT;
			return 0;
		}
	}
	*ret_got = UEVENT_NOTHING;
	return 0;
}

/* Whether it fits and has no control character. */
static bool
take_text(const char *value, char *room, size_t size)
{
	const size_t length = strlen(value);

	if (length >= size)
		return false;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)value[i] < ' ' || value[i] == 0x7f)
			return false;
	memcpy(room, value, length + 1);
	return true;
}

static bool
take_number(const char *value, uint64_t max, uint64_t *ret)
{
	char *end;

	errno = 0;
	if (value[0] < '0' || value[0] > '9')
		return false;
	*ret = strtoull(value, &end, 10);
	return errno == 0 && *end == '\0' && *ret <= max;
}

static bool
take_action(const char *value, struct uevent *event)
{
	for (int i = 0; i < UEVENT_ACTIONS; i++)
		if (strcmp(action_names[i], value) == 0) {
			event->action = (enum uevent_action)i;
			return true;
		}
	return false;
}

struct seen {
	bool action, path, major, minor;
};

/* One "KEY=VALUE"; what is not known counts for nothing. */
static bool
take_pair(const char *pair, struct uevent *event, struct seen *seen)
{
	const char *value = strchr(pair, '=') + 1;
	const size_t key = (size_t)(value - 1 - pair);
	uint64_t number;

#define IS(name) (key == sizeof(name) - 1 && memcmp(pair, name, key) == 0)
	if (IS("ACTION"))
		return seen->action = take_action(value, event);
	if (IS("DEVPATH"))
		return seen->path = take_text(
			   value, event->devpath, sizeof(event->devpath));
	if (IS("SUBSYSTEM"))
		return take_text(
		    value, event->subsystem, sizeof(event->subsystem));
	if (IS("DEVTYPE"))
		return take_text(value, event->devtype, sizeof(event->devtype));
	if (IS("DEVNAME"))
		return take_text(value, event->devname, sizeof(event->devname));
	if (IS("SEQNUM"))
		return take_number(value, UINT64_MAX, &event->sequence);
	if (IS("MAJOR") || IS("MINOR")) {
		if (!take_number(value, UINT32_MAX, &number))
			return false;
		if (pair[1] == 'A')
			event->major = (uint32_t)number;
		else
			event->minor = (uint32_t)number;
		seen->major |= pair[1] == 'A';
		seen->minor |= pair[1] == 'I';
		return true;
	}
	if (IS("DISK_MEDIA_CHANGE") || IS("DISK_EJECT_REQUEST") || IS("RESIZE"))
		event->is_disk_change |= strcmp(value, "1") == 0;
#undef IS
	return true;
}

static int
report_malformed(struct error *err)
{
	return error_set(err, ERROR_INPUT, _("malformed event of the kernel"));
}

int
uevent_parse(
    const void *message, size_t length, struct uevent *ret, struct error *err)
{
	const char *text = message, *end = text + length;
	struct uevent event = {0};
	struct seen seen = {0};

	if (length == 0 || length > UEVENT_MESSAGE_BYTES_MAX ||
	    end[-1] != '\0' || strchr(text, '@') == NULL)
		return report_malformed(err);
	text += strlen(text) + 1;
	while (text < end) {
		/* A pair has a key and is ended by a NUL, as seen above. */
		if (text[0] == '=' || strchr(text, '=') == NULL ||
		    !take_pair(text, &event, &seen))
			return report_malformed(err);
		text += strlen(text) + 1;
	}
	if (!seen.action || !seen.path || seen.major != seen.minor)
		return report_malformed(err);
	event.has_number = seen.major;
	*ret = event;
	return 0;
}
