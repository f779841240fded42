/*
 * frame_walk: whether the frames of an LZ4 or Zstandard file come to their end,
 * without unpacking them.
 *
 * Layer 3, internal to inspect.  Uses: feed, octets.
 *
 * Sources: LZ4 Frame Format 1.6.3; RFC 8878 section 3.1.  Blocks are passed
 * over by their lengths, so that what stands in them is not looked at.
 */
#ifndef HIKAE_INSPECT_FRAME_WALK_H
#define HIKAE_INSPECT_FRAME_WALK_H

#include "lib/inspect/feed.h"

enum frame_walk_kind {
	FRAME_WALK_LZ4,
	FRAME_WALK_ZSTD,
};

/* All zero at the beginning. */
struct frame_walk {
	struct feed feed;
	unsigned step;
	bool is_wrong; /* no frame where one must be */
	bool is_long;  /* something else behind the last frame */
	bool has_frame, is_last, has_sum, has_block_sums;
	uint8_t descriptor;
};

void frame_walk_push(struct frame_walk *walk, enum frame_walk_kind kind,
    const uint8_t *data, size_t length);

/* Whether it stands behind a whole frame. */
bool frame_walk_is_ended(const struct frame_walk *walk);

#endif
