/*
 * decoder_push: decode a compressed stream whose bytes are pushed in pieces.
 *
 * Layer 2, part of decoder.  Uses: format/decoder.  Owns: <ucontext.h>.
 *
 * The decoders ask for bytes.  Here one runs on a stack of its own, which is
 * left where it asks and entered again with the next piece: no thread, which a
 * parser may not begin.  Below that stack lies memory that nobody may touch, so
 * that a decoder that needs more of it ends the process and writes nowhere.
 * What it decodes to is counted, and handed out on the caller's stack.
 */
#ifndef HIKAE_FORMAT_DECODER_PUSH_H
#define HIKAE_FORMAT_DECODER_PUSH_H

#include "lib/format/decoder.h"

enum decoder_push_end {
	DECODER_PUSH_WHOLE,
	DECODER_PUSH_TRAILING, /* bytes that are no zeros follow its end */
	DECODER_PUSH_CUT,      /* it wants more where there is no more */
	DECODER_PUSH_DAMAGED,
	DECODER_PUSH_LIMIT, /* it needs more memory, or is more, than allowed */
	DECODER_PUSH_FAILED, /* it could not be decoded, who knows why */
};

struct decoder_push_limits {
	uint64_t memory; /* of a window, in bytes */
	uint64_t bytes;	 /* decoded */
};

/* Who takes what it decodes to, in order; take: NULL, nobody. */
struct decoder_push_sink {
	void *context;
	void (*take)(void *context, const uint8_t *data, size_t length);
};

struct decoder_push;

/* Not for DECODER_NONE.  NULL without memory. */
struct decoder_push *decoder_push_new(enum decoder_kind kind,
    const struct decoder_push_limits *limits, struct decoder_push_sink sink);

void decoder_push_give(
    struct decoder_push *push, const uint8_t *data, size_t length);

/* No more bytes.  *ret_bytes: what it decoded to, as far as it came. */
enum decoder_push_end decoder_push_conclude(
    struct decoder_push *push, uint64_t *ret_bytes);

/* At any time; NULL is allowed. */
void decoder_push_free(struct decoder_push *push);

#endif
