/*
 * reply_internal: how replies are put and taken, as reply's files share it.
 *
 * reply.c has the table and what children tell of their work,
 * reply_manifest.c what they tell of manifests, reply_drill.c of a drill,
 * reply_witness.c of a witness.
 */
#ifndef HIKAE_WORKER_REPLY_INTERNAL_H
#define HIKAE_WORKER_REPLY_INTERNAL_H

#include "lib/base/bytes.h"
#include "lib/worker/reply.h"

/* A writer and a reader of the same fields. */
struct reply_codec {
	void (*put)(struct bytes *out, const struct reply *reply);
	void (*take)(struct bytes_reader *in, struct reply *reply);
};

/* Of a kind that tells of manifests; NULL for another. */
const struct reply_codec *reply_manifest_codec(enum reply_kind kind);

/* Of a kind that tells of a drill; NULL for another. */
const struct reply_codec *reply_drill_codec(enum reply_kind kind);

/* Of REPLY_WITNESS. */
void reply_witness_put(struct bytes *out, const struct reply *reply);
void reply_witness_take(struct bytes_reader *in, struct reply *reply);

#endif
