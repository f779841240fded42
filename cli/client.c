#include "cli/client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"
#include "lib/format/varlink.h"
#include "lib/os/file.h"

#define FOLDER "run/hikae"
#define SOCKET "control.sock"
#define INTERFACE "io.hikae.Control."

/* The longest reply that is read. */
#define REPLY_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define READ_BYTES 65536
/* For one answer. */
#define TIMEOUT_SECONDS 30

struct client {
	int fd;
	int passed_fd;		 /* that came with a reply, or -1 */
	int wake_fd, silence_ms; /* -1: none; without end */
	struct varlink_inbox inbox;
	uint8_t data[READ_BYTES]; /* as it comes */
};

/* Why there is no conversation, for a person. */
static int
explain(const struct cli *cli, struct error *err)
{
	char shown[256];

	(void)text_escape(shown, sizeof(shown), cli->root, strlen(cli->root));
	if (err->code == ERROR_DENIED)
		return error_set(err, ERROR_DENIED,
		    _("you may not ask hikaed: root may, and members of the "
		      "group hikae; to act, they must be in hikae-admin as "
		      "well"));
	return error_set(err, ERROR_UNAVAILABLE,
	    _("hikaed does not answer below %s: is it running? (systemctl "
	      "status hikaed)"),
	    shown);
}

static int
open_folder(const struct cli *cli, int *ret_fd, struct error *err)
{
	int root_fd = -1, rc;

	if (cli_open_root(cli, &root_fd, err) != 0)
		return -1;
	rc = file_open_below(
	    root_fd, FOLDER, O_RDONLY | O_DIRECTORY, ret_fd, err);
	if (rc != 0)
		(void)explain(cli, err);
	(void)close(root_fd);
	return rc;
}

/* Through the folder's descriptor: a long --root must fit an address. */
static int
connect_below(int folder_fd, int *ret_fd, struct error *err)
{
	const struct timeval timeout = {.tv_sec = TIMEOUT_SECONDS};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path),
	    "/proc/self/fd/%d/" SOCKET, folder_fd);
	if (fd < 0 ||
	    setsockopt(
		fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) != 0 ||
	    setsockopt(
		fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) != 0 ||
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)) !=
		0) {
		(void)error_set_errno(err, errno, SOCKET);
		if (fd >= 0)
			(void)close(fd);
		return -1;
	}
	*ret_fd = fd;
	return 0;
}

int
client_open(
    const struct cli *cli, struct client **ret_client, struct error *err)
{
	struct client *client = NULL;
	int folder_fd = -1, fd = -1, rc = -1;

	if (open_folder(cli, &folder_fd, err) != 0)
		return -1;
	if (connect_below(folder_fd, &fd, err) != 0) {
		(void)explain(cli, err);
		goto out;
	}
	client = calloc(1, sizeof(*client));
	if (client == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("no memory"));
		(void)close(fd);
		goto out;
	}
	client->fd = fd;
	client->passed_fd = client->wake_fd = client->silence_ms = -1;
	varlink_inbox_init(&client->inbox, REPLY_BYTES_MAX);
	*ret_client = client;
	rc = 0;
out:
	(void)close(folder_fd);
	return rc;
}

void
client_close(struct client *client)
{
	if (client == NULL)
		return;
	(void)close(client->fd);
	if (client->passed_fd >= 0)
		(void)close(client->passed_fd);
	varlink_inbox_done(&client->inbox);
	free(client);
}

static int
send_call(struct client *client, const char *method, json_t *parameters,
    bool has_more, struct error *err)
{
	struct bytes out = BYTES_EMPTY;
	char name[VARLINK_NAME_BYTES];
	size_t sent = 0;
	int rc = -1;

	(void)snprintf(name, sizeof(name), INTERFACE "%s", method);
	/* What hikaed says of its own accord, it says to whom it speaks. */
	if (varlink_append_call(
		&out, name, parameters, _("en"), has_more, err) != 0)
		goto out;
	while (sent < out.length) {
		ssize_t n = send(client->fd, out.data + sent, out.length - sent,
		    MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			(void)error_set(err, ERROR_UNAVAILABLE,
			    _("hikaed ended the conversation"));
			goto out;
		}
		sent += (size_t)n;
	}
	rc = 0;
out:
	bytes_done(&out);
	json_decref(parameters);
	return rc;
}

/* recv(2), and keep a descriptor that comes along. */
static ssize_t
receive_some(struct client *client)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec data = {client->data, sizeof(client->data)};
	struct msghdr message = {
	    .msg_iov = &data,
	    .msg_iovlen = 1,
	    .msg_control = control.room,
	    .msg_controllen = sizeof(control.room),
	};
	ssize_t n = recvmsg(client->fd, &message, MSG_CMSG_CLOEXEC);
	const struct cmsghdr *header = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;

	if (header == NULL || header->cmsg_level != SOL_SOCKET ||
	    header->cmsg_type != SCM_RIGHTS ||
	    header->cmsg_len != CMSG_LEN(sizeof(int)))
		return n;
	if (client->passed_fd >= 0)
		(void)close(client->passed_fd);
	memcpy(&client->passed_fd, CMSG_DATA(header), sizeof(int));
	return n;
}

void
client_set_wake(struct client *client, int wake_fd, int silence_ms)
{
	client->wake_fd = wake_fd;
	client->silence_ms = silence_ms;
}

/* Whether there is something to receive, as far as anybody asked for less. */
static bool
is_due(const struct client *client)
{
	struct pollfd fds[] = {
	    {client->fd, POLLIN, 0}, {client->wake_fd, POLLIN, 0}};

	if (client->wake_fd < 0)
		return true;
	return poll(fds, 2, client->silence_ms) > 0 && fds[1].revents == 0;
}

/* The next message; without end where `is_patient`. */
static int
receive(struct client *client, bool is_patient, json_t **ret_message,
    struct error *err)
{
	int rc;

	while (
	    (rc = varlink_inbox_next(&client->inbox, ret_message, err)) == 0) {
		ssize_t n;

		if (is_patient && !is_due(client))
			return error_set(err, ERROR_CANCELLED,
			    _("not waited for any longer"));
		n = receive_some(client);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			if (is_patient)
				continue;
			return error_set(err, ERROR_UNAVAILABLE,
			    _("hikaed did not answer within %d seconds"),
			    TIMEOUT_SECONDS);
		}
		if (n <= 0)
			return error_set(err, ERROR_UNAVAILABLE,
			    _("hikaed ended the conversation; it may have "
			      "been stopped, or may not be asked by you"));
		if (varlink_inbox_add(
			&client->inbox, client->data, (size_t)n, err) != 0)
			return -1;
	}
	return rc < 0 ? -1 : 0;
}

static enum error_code
code_of(const char *name)
{
	for (int i = 0; name != NULL && i < ERROR_CODES; i++)
		if (strcmp(name, error_code_name((enum error_code)i)) == 0)
			return (enum error_code)i;
	return ERROR_INTERNAL;
}

/* The daemon's error as one of ours.  -1. */
static int
take_error(const struct varlink_reply *reply, struct error *err)
{
	static const struct {
		const char *name;
		enum error_code code;
	} names[] = {
	    {INTERFACE "NotFound", ERROR_NOT_FOUND},
	    {INTERFACE "Denied", ERROR_DENIED},
	    {INTERFACE "Busy", ERROR_EXISTS},
	    {INTERFACE "Temporary", ERROR_UNAVAILABLE},
	    {INTERFACE "TooLarge", ERROR_LIMIT},
	    {"org.varlink.service.InvalidParameter", ERROR_USAGE},
	    {"org.varlink.service.MethodNotFound", ERROR_VERSION},
	};
	const char *text =
	    json_string_value(json_object_get(reply->parameters, "text"));
	enum error_code code = code_of(
	    json_string_value(json_object_get(reply->parameters, "code")));
	char shown[ERROR_TEXT_BYTES];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(reply->error, names[i].name) == 0)
			code = names[i].code;
	if (text == NULL || text[0] == '\0')
		text = json_string_value(
		    json_object_get(reply->parameters, "parameter"));
	if (text == NULL || text[0] == '\0')
		text = reply->error;
	/* Words of the interface; what hikaed said is in our language. */
	text = _(text);
	return error_set(err, code, "%s",
	    text_escape(shown, sizeof(shown), text, strlen(text)));
}

static int
take_reply(struct client *client, bool is_patient, json_t **ret_reply,
    bool *ret_continues, struct error *err)
{
	struct varlink_reply reply;
	json_t *message = NULL;
	int rc = -1;

	if (receive(client, is_patient, &message, err) != 0)
		return -1;
	if (varlink_parse_reply(message, &reply, err) != 0)
		goto out;
	if (reply.error != NULL) {
		rc = take_error(&reply, err);
		goto out;
	}
	if (reply.parameters == NULL) {
		rc = error_set(err, ERROR_PROTOCOL, _("an empty reply"));
		goto out;
	}
	*ret_reply = json_incref(reply.parameters);
	*ret_continues = reply.continues;
	rc = 0;
out:
	json_decref(message);
	return rc;
}

int
client_call(struct client *client, const char *method, json_t *parameters,
    json_t **ret_reply, struct error *err)
{
	bool continues;

	if (send_call(client, method, parameters, false, err) != 0)
		return -1;
	return take_reply(client, false, ret_reply, &continues, err);
}

int
client_call_long(struct client *client, const char *method, json_t *parameters,
    json_t **ret_reply, int *ret_fd, struct error *err)
{
	bool continues;

	if (send_call(client, method, parameters, false, err) != 0 ||
	    take_reply(client, true, ret_reply, &continues, err) != 0)
		return -1;
	if (ret_fd == NULL)
		return 0;
	if (client->passed_fd < 0) {
		json_decref(*ret_reply);
		*ret_reply = NULL;
		return error_set(err, ERROR_PROTOCOL, _("an empty reply"));
	}
	*ret_fd = client->passed_fd;
	client->passed_fd = -1;
	return 0;
}

int
client_begin(struct client *client, const char *method, json_t *parameters,
    struct error *err)
{
	return send_call(client, method, parameters, true, err);
}

int
client_next(struct client *client, json_t **ret_reply, bool *ret_continues,
    struct error *err)
{
	return take_reply(client, true, ret_reply, ret_continues, err);
}
