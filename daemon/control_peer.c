#include "daemon/control_peer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/format/varlink.h"

/* Taken from the socket at a time. */
#define READ_BYTES 16384

struct control_peer {
	struct control_peer_options options;
	struct varlink_inbox inbox;
	struct bytes out;
	size_t sent; /* of out */
	struct loop_timer idle;
	int fd;		 /* that goes with what is sent next, or -1 */
	uint64_t run;	 /* that it waits for, or 0 */
	uint64_t ticket; /* of the document that it waits for, or 0 */
	int64_t told_ms; /* of that run, monotonic */
	bool is_over;
};

static void on_ready(void *context, short revents);

static void
end_for(struct control_peer *peer, const struct error *err)
{
	if (!peer->is_over)
		log_event(LOG_LEVEL_INFO,
		    _("a conversation with user %u ends: %s"),
		    (unsigned)peer->options.uid, err->text);
	peer->is_over = true;
}

static bool
is_waiting(const struct control_peer *peer)
{
	return peer->run != 0 || peer->ticket != 0;
}

static bool
has_output(const struct control_peer *peer)
{
	return peer->out.length > peer->sent;
}

/* Wait for what comes next, and not for ever. */
static void
rearm(struct control_peer *peer, bool has_progress)
{
	struct loop *loop = peer->options.service->loop;
	short events = 0;
	struct error err = {0};

	/* Over while a run was told: it ends in a turn of its own. */
	if (peer->is_over) {
		loop_set_timer(loop, &peer->idle, 0);
		return;
	}
	/* One who waits is not listened to; a hang-up is always told. */
	if (has_output(peer))
		events = POLLOUT;
	else if (!is_waiting(peer))
		events = POLLIN;
	if (loop_watch(loop, peer->options.fd, events, on_ready, peer, &err) !=
	    0) {
		end_for(peer, &err);
		return;
	}
	if (events == 0)
		loop_unset_timer(loop, &peer->idle);
	else if (has_progress || !peer->idle.is_set)
		loop_set_timer(loop, &peer->idle, CONTROL_PEER_IDLE_MS);
}

/* send(2), with the descriptor that is to go along. */
static ssize_t
send_some(struct control_peer *peer)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {.room = {0}};
	struct iovec data = {
	    peer->out.data + peer->sent, peer->out.length - peer->sent};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1};
	ssize_t n;

	if (peer->fd >= 0) {
		message.msg_control = control.room;
		message.msg_controllen = sizeof(control.room);
		control.header = (struct cmsghdr){
		    .cmsg_len = CMSG_LEN(sizeof(int)),
		    .cmsg_level = SOL_SOCKET,
		    .cmsg_type = SCM_RIGHTS,
		};
		memcpy(CMSG_DATA(&control.header), &peer->fd, sizeof(int));
	}
	n = sendmsg(peer->options.fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0 && peer->fd >= 0) {
		(void)close(peer->fd);
		peer->fd = -1;
	}
	return n;
}

/* Send what the socket takes; true where it took some. */
static bool
flush(struct control_peer *peer)
{
	struct error err = {0};
	bool has_progress = false;

	while (!peer->is_over && has_output(peer)) {
		ssize_t n = send_some(peer);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		if (n < 0) {
			(void)error_set_errno(
			    &err, errno, _("cannot send a reply"));
			end_for(peer, &err);
			break;
		}
		peer->sent += (size_t)n;
		has_progress = true;
	}
	if (!has_output(peer)) {
		bytes_done(&peer->out);
		peer->sent = 0;
	}
	return has_progress;
}

/* Append a reply or an error, and drop the peer where it lets them pile up. */
static void
put(struct control_peer *peer, const struct control_answer *answer,
    bool continues)
{
	struct error err = {0};
	int rc;

	if (answer->error != NULL)
		rc = varlink_append_error(
		    &peer->out, answer->error, answer->parameters, &err);
	else
		rc = varlink_append_reply(
		    &peer->out, answer->parameters, continues, &err);
	if (rc != 0) {
		end_for(peer, &err);
		return;
	}
	if (peer->out.length - peer->sent > CONTROL_PEER_OUTPUT_BYTES) {
		(void)error_set(&err, ERROR_LIMIT,
		    _("more than %zu bytes were not read"),
		    CONTROL_PEER_OUTPUT_BYTES);
		end_for(peer, &err);
	}
}

/* One answer too large to send is an error of its own. */
static void
limit_answer(struct control_answer *answer)
{
	struct bytes text = BYTES_EMPTY;

	if (varlink_append_reply(&text, answer->parameters, false, NULL) == 0 &&
	    text.length > CONTROL_PEER_OUTPUT_BYTES) {
		json_decref(answer->parameters);
		*answer = (struct control_answer){
		    .error = CONTROL_CALL_INTERFACE ".TooLarge",
		    .parameters = json_pack("{s:s}", "text",
			_("the answer is too large: ask for less, or set a "
			  "limit")),
		};
	}
	bytes_done(&text);
}

/* What it says to people is in the language of who asks. */
static void
answer_in_language(const struct control_call *call, const char *language,
    struct control_answer *answer)
{
	struct i18n_reader reader;

	if (language == NULL ||
	    (strcmp(language, "ja") != 0 && strcmp(language, "en") != 0)) {
		control_call_answer(call, answer);
		return;
	}
	i18n_speak(language, &reader);
	control_call_answer(call, answer);
	i18n_return(&reader);
}

static void
answer_call(struct control_peer *peer, const struct varlink_call *varlink)
{
	const struct control_call call = {
	    .service = peer->options.service,
	    .role = peer->options.role,
	    .uid = peer->options.uid,
	    .method = varlink->method,
	    .parameters = varlink->parameters,
	    .has_more = varlink->has_more && !varlink->is_oneway,
	};
	struct control_answer answer;

	answer_in_language(&call, varlink->language, &answer);
	if (answer.ticket != 0) {
		/* Nobody would be told of it. */
		if (varlink->is_oneway)
			documents_cancel(
			    call.service->documents, answer.ticket);
		else
			peer->ticket = answer.ticket;
		return;
	}
	if (answer.error == NULL)
		limit_answer(&answer);
	peer->run = answer.run;
	peer->told_ms = clock_monotonic_ms();
	if (!varlink->is_oneway)
		put(peer, &answer, answer.run != 0);
	json_decref(answer.parameters);
}

/* Answer what is whole, in its order, until one has to wait for a run. */
static bool
answer_messages(struct control_peer *peer)
{
	bool has_progress = false;
	struct error err = {0};

	while (!peer->is_over && !is_waiting(peer) && !has_output(peer)) {
		struct varlink_call call;
		json_t *message = NULL;
		int rc = varlink_inbox_next(&peer->inbox, &message, &err);

		if (rc == 0)
			break;
		if (rc < 0 || varlink_parse_call(message, &call, &err) != 0)
			end_for(peer, &err);
		else
			answer_call(peer, &call);
		json_decref(message);
		(void)flush(peer);
		has_progress = true;
	}
	return has_progress;
}

static void
take(struct control_peer *peer)
{
	uint8_t data[READ_BYTES];
	struct error err = {0};
	ssize_t n = recv(peer->options.fd, data, sizeof(data), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		peer->is_over = true;
	else if (varlink_inbox_add(&peer->inbox, data, (size_t)n, &err) != 0)
		end_for(peer, &err);
	/* It may be a part of a secret. */
	if (n > 0)
		explicit_bzero(data, (size_t)n);
}

static void
on_ready(void *context, short revents)
{
	struct control_peer *peer = context;
	bool has_progress = false;

	if ((revents & POLLOUT) != 0)
		has_progress = flush(peer);
	if ((revents & POLLIN) != 0)
		take(peer);
	else if ((revents & (POLLERR | POLLHUP | POLLNVAL)) != 0)
		peer->is_over = true;
	has_progress = answer_messages(peer) || has_progress;
	rearm(peer, has_progress);
	peer->options.done(peer->options.context);
}

static void
on_idle(void *context)
{
	struct control_peer *peer = context;
	struct error err = {0};

	(void)error_set(&err, ERROR_LIMIT, _("nothing came for %d seconds"),
	    CONTROL_PEER_IDLE_MS / 1000);
	end_for(peer, &err);
	peer->options.done(peer->options.context);
}

void
control_peer_answer(
    struct control_peer *peer, const struct documents_answer *document)
{
	struct control_answer answer = {
	    .parameters = json_incref(document->reply)};

	if (peer->is_over || peer->ticket == 0 ||
	    peer->ticket != document->ticket) {
		json_decref(answer.parameters);
		return;
	}
	peer->ticket = 0;
	if (document->reply == NULL)
		control_call_fail(&answer, document->err);
	else
		limit_answer(&answer);
	if (document->fd >= 0 && answer.error == NULL)
		peer->fd = fcntl(document->fd, F_DUPFD_CLOEXEC, 0);
	put(peer, &answer, false);
	json_decref(answer.parameters);
	(void)flush(peer);
	(void)answer_messages(peer);
	rearm(peer, true);
}

void
control_peer_tell(
    struct control_peer *peer, const struct control_peer_news *news)
{
	struct control_answer answer = {.error = NULL};
	int64_t now = clock_monotonic_ms();

	if (peer->is_over || peer->run == 0 || peer->run != news->id)
		return;
	/* Who does not keep up is told less, but always the end. */
	if (!news->is_ended &&
	    (has_output(peer) ||
		now - peer->told_ms < CONTROL_PEER_PROGRESS_MS))
		return;
	peer->told_ms = now;
	if (news->is_ended)
		peer->run = 0;
	answer.parameters = news->describe(news->view);
	put(peer, &answer, !news->is_ended);
	json_decref(answer.parameters);
	(void)flush(peer);
	(void)answer_messages(peer);
	rearm(peer, true);
}

void
control_peer_look(struct control_peer *peer)
{
	char byte;

	if (recv(peer->options.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
		peer->is_over = true;
}

bool
control_peer_is_over(const struct control_peer *peer)
{
	return peer->is_over;
}

uid_t
control_peer_uid(const struct control_peer *peer)
{
	return peer->options.uid;
}

int
control_peer_new(const struct control_peer_options *options,
    struct control_peer **ret_peer, struct error *err)
{
	struct loop *loop = options->service->loop;
	struct control_peer *peer = calloc(1, sizeof(*peer));

	if (peer == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	peer->options = *options;
	peer->fd = -1;
	varlink_inbox_init(&peer->inbox, CONTROL_PEER_MESSAGE_BYTES);
	peer->idle = (struct loop_timer){.ring = on_idle, .context = peer};
	if (loop_watch(loop, options->fd, POLLIN, on_ready, peer, err) != 0) {
		free(peer);
		return -1;
	}
	loop_set_timer(loop, &peer->idle, CONTROL_PEER_IDLE_MS);
	*ret_peer = peer;
	return 0;
}

void
control_peer_free(struct control_peer *peer)
{
	struct loop *loop;

	if (peer == NULL)
		return;
	loop = peer->options.service->loop;
	if (peer->ticket != 0)
		documents_cancel(
		    peer->options.service->documents, peer->ticket);
	if (peer->fd >= 0)
		(void)close(peer->fd);
	loop_unset_timer(loop, &peer->idle);
	loop_unwatch(loop, peer->options.fd);
	(void)close(peer->options.fd);
	varlink_inbox_done(&peer->inbox);
	bytes_done(&peer->out);
	free(peer);
}
