/*
 * source: bytes that come block by block from somewhere.
 *
 * Layer 2.  Uses: base.
 *
 * Decoders take a source and are one themselves, so that they can be chained.
 */
#ifndef HIKAE_FORMAT_SOURCE_H
#define HIKAE_FORMAT_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/bytes.h"
#include "lib/base/error.h"

/*
 * read gives the next block, which is good until the next call and has at
 * least one byte: 1, 0 at the end (and again when asked again), -1.
 *
 * Errors of a decoder: ERROR_INPUT is damage, ERROR_LIMIT is more memory than
 * allowed; everything else comes from below and says nothing of the data.
 */
struct source {
	void *context;
	int (*read)(void *context, const uint8_t **ret_data, size_t *ret_length,
	    struct error *err);
};

/* The same bytes, of which the first were looked at. */
struct source_peek {
	struct source below;
	struct bytes head;
	bool is_given; /* head was handed out */
};

/*
 * Look at the first `length` bytes, or all there are: in peek->head.  A block
 * is taken whole, so that head may be longer.  Only once.
 */
int source_peek_begin(struct source_peek *peek, struct source below,
    size_t length, struct error *err) ERROR_CHECKED;

/* All bytes, from the first; peek must stay where it is. */
struct source source_peek_all(struct source_peek *peek);

void source_peek_done(struct source_peek *peek);

#endif
