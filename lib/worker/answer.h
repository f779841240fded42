/*
 * answer: a child's side of the replies, the same for reader and parser.
 *
 * Layer 5.  Uses: worker/reply, os/spawn.
 *
 * Everything goes to the wire on SPAWN_WIRE_FD.
 */
#ifndef HIKAE_WORKER_ANSWER_H
#define HIKAE_WORKER_ANSWER_H

#include "lib/worker/reply.h"

/* What a child remembers of what it told; all zero in the beginning. */
struct answer {
	uint64_t findings;
	bool is_local_block; /* of the device that is read */
};

int answer_send(const struct reply *reply, struct error *err) ERROR_CHECKED;

/*
 * Events that become replies.  Of the findings the first 10,000 are told, with
 * up to PATH_MAX bytes of their paths; slices count them all.  The answer is
 * borrowed.
 */
struct examine_events answer_events(struct answer *answer);

/* How the journal names a way of reading that device. */
enum reply_mode answer_mode(const struct answer *answer, enum stream_mode mode);

/* The last reply: FAILED with the error, or DONE where it is NULL. */
int answer_end(const struct error *failed) ERROR_CHECKED;

#endif
