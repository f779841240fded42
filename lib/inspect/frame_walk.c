#include "lib/inspect/frame_walk.h"

#include "lib/base/octets.h"

#define LZ4_MAGIC 0x184d2204u
#define ZSTD_MAGIC 0xfd2fb528u
#define SKIPPED_MAGIC 0x184d2a50u /* to ...5f: user data, in both */

enum {
	STEP_MAGIC,
	STEP_SKIPPED,	 /* the length of user data */
	STEP_DESCRIPTOR, /* the first byte behind the magic */
	STEP_BLOCK,
	STEP_SUM, /* nothing but what was skipped: the frame is over */
};

/* Whatever comes next, a frame is begun only with its magic. */
static void
take_magic(struct frame_walk *walk, uint32_t magic, uint32_t wanted)
{
	if ((magic & 0xfffffff0u) == SKIPPED_MAGIC)
		walk->step = STEP_SKIPPED;
	else if (magic == wanted)
		walk->step = STEP_DESCRIPTOR;
	else if (walk->has_frame)
		walk->is_long = true;
	else
		walk->is_wrong = true;
}

/* LZ4: FLG; then BD, sizes where they are said, and a checksum of one byte. */
static void
take_lz4_descriptor(struct frame_walk *walk, uint8_t flags)
{
	if (flags >> 6 != 1) {
		walk->is_wrong = true;
		return;
	}
	walk->has_block_sums = (flags & 0x10) != 0;
	walk->has_sum = (flags & 0x04) != 0;
	feed_skip(&walk->feed, 2u + ((flags & 0x08) != 0 ? 8u : 0u) +
				   ((flags & 0x01) != 0 ? 4u : 0u));
	walk->step = STEP_BLOCK;
}

static void
take_lz4_block(struct frame_walk *walk, uint32_t size)
{
	if (size == 0) {
		feed_skip(&walk->feed, walk->has_sum ? 4 : 0);
		walk->has_frame = true;
		walk->step = STEP_MAGIC;
		return;
	}
	feed_skip(&walk->feed,
	    (uint64_t)(size & 0x7fffffffu) + (walk->has_block_sums ? 4 : 0));
}

/* Zstandard: how much of the header follows, by the descriptor's flags. */
static void
take_zstd_descriptor(struct frame_walk *walk, uint8_t flags)
{
	static const unsigned sizes[] = {0, 2, 4, 8}, ids[] = {0, 1, 2, 4};
	bool is_single = (flags & 0x20) != 0;
	unsigned size = sizes[flags >> 6];

	if ((flags & 0x08) != 0) {
		walk->is_wrong = true;
		return;
	}
	if (size == 0 && is_single)
		size = 1;
	walk->has_sum = (flags & 0x04) != 0;
	feed_skip(&walk->feed, (is_single ? 0u : 1u) + ids[flags & 3] + size);
	walk->step = STEP_BLOCK;
}

static void
take_zstd_block(struct frame_walk *walk, uint32_t header)
{
	unsigned type = header >> 1 & 3;

	if (type == 3) {
		walk->is_wrong = true;
		return;
	}
	feed_skip(&walk->feed, type == 1 ? 1 : header >> 3);
	if ((header & 1) == 0)
		return;
	feed_skip(&walk->feed, walk->has_sum ? 4 : 0);
	walk->has_frame = true;
	walk->step = STEP_MAGIC;
}

static void
take(struct frame_walk *walk, enum frame_walk_kind kind, const uint8_t *bytes)
{
	bool is_lz4 = kind == FRAME_WALK_LZ4;

	if (walk->step == STEP_MAGIC) {
		take_magic(walk, octets_u32_le(bytes),
		    is_lz4 ? LZ4_MAGIC : ZSTD_MAGIC);
	} else if (walk->step == STEP_SKIPPED) {
		feed_skip(&walk->feed, octets_u32_le(bytes));
		walk->step = STEP_MAGIC;
	} else if (walk->step == STEP_DESCRIPTOR) {
		if (is_lz4)
			take_lz4_descriptor(walk, bytes[0]);
		else
			take_zstd_descriptor(walk, bytes[0]);
	} else if (is_lz4) {
		take_lz4_block(walk, octets_u32_le(bytes));
	} else {
		take_zstd_block(walk, bytes[0] | (uint32_t)bytes[1] << 8 |
					  (uint32_t)bytes[2] << 16);
	}
}

void
frame_walk_push(struct frame_walk *walk, enum frame_walk_kind kind,
    const uint8_t *data, size_t length)
{
	const uint8_t *bytes;

	feed_give(&walk->feed, data, length);
	while (!walk->is_wrong && !walk->is_long) {
		size_t wanted = 4;

		if (walk->step == STEP_DESCRIPTOR)
			wanted = 1;
		else if (walk->step == STEP_BLOCK && kind == FRAME_WALK_ZSTD)
			wanted = 3;
		bytes = feed_take(&walk->feed, wanted);
		if (bytes == NULL)
			return;
		take(walk, kind, bytes);
	}
}

bool
frame_walk_is_ended(const struct frame_walk *walk)
{
	return walk->has_frame && walk->step == STEP_MAGIC && !walk->is_wrong &&
	       !feed_is_short(&walk->feed);
}
