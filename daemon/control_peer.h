/*
 * control_peer: one conversation on the control socket.
 *
 * Uses: loop, control_call, format/varlink.
 *
 * Nothing here waits.  A peer that is slow, silent or talks nonsense loses its
 * conversation and costs no other one anything.  Conversations only mark
 * themselves as over; control ends them when nothing of them runs any more.
 */
#ifndef HIKAE_DAEMON_CONTROL_PEER_H
#define HIKAE_DAEMON_CONTROL_PEER_H

#include "daemon/control_call.h"
#include "daemon/documents.h"

/* What a peer may send in one message, and leave unread. */
#define CONTROL_PEER_MESSAGE_BYTES ((size_t)64 * 1024)
#define CONTROL_PEER_OUTPUT_BYTES ((size_t)4 * 1024 * 1024)
/* Without a whole message, or without reading ours. */
#define CONTROL_PEER_IDLE_MS 30000
/* Between two replies about one run. */
#define CONTROL_PEER_PROGRESS_MS 200

struct control_peer;

struct control_peer_options {
	struct service *service;
	int fd; /* non-blocking; taken over on success */
	uid_t uid;
	enum control_role role;
	/* Called after each event of this peer. */
	void (*done)(void *context);
	void *context;
};

int control_peer_new(const struct control_peer_options *options,
    struct control_peer **ret_peer, struct error *err) ERROR_CHECKED;
void control_peer_free(struct control_peer *peer);

/* End it where the other end hung up, whose event may still be to come. */
void control_peer_look(struct control_peer *peer);

bool control_peer_is_over(const struct control_peer *peer);
uid_t control_peer_uid(const struct control_peer *peer);

/*
 * What goes on, and is told while it does: a run or a drill, whose numbers are
 * those of their first entries.
 */
struct control_peer_news {
	uint64_t id;
	bool is_ended;
	json_t *(*describe)(const void *view);
	const void *view;
};

/* What a child drew, where the peer waits for it. */
void control_peer_answer(
    struct control_peer *peer, const struct documents_answer *answer);

/* Tell of it, where the peer waits for it. */
void control_peer_tell(
    struct control_peer *peer, const struct control_peer_news *news);

#endif
