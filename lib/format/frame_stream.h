/*
 * frame_stream: decode foreign zstd data (RFC 8878), from its beginning.
 *
 * Layer 2, part of frame.  Uses: base, format/source.
 *
 * Any number of frames, skippable ones among them, as zstd, pzstd and the
 * seekable format write them.
 */
#ifndef HIKAE_FORMAT_FRAME_STREAM_H
#define HIKAE_FORMAT_FRAME_STREAM_H

#include "lib/format/source.h"

struct frame_stream;

/*
 * The source must outlive the stream.  A frame whose window is larger than
 * memory_bytes (rounded down to a power of two) is ERROR_LIMIT.
 */
int frame_stream_new(struct source below, uint64_t memory_bytes,
    struct frame_stream **ret_stream, struct error *err) ERROR_CHECKED;
void frame_stream_free(struct frame_stream *stream);

/*
 * The decoded bytes of all frames.  Data that ends inside a frame, that does
 * not decode or has a wrong checksum is ERROR_INPUT.
 */
struct source frame_stream_source(struct frame_stream *stream);

/*
 * After the end: whether bytes follow the last frame that are neither a frame
 * nor zero.
 */
bool frame_stream_has_trailing(const struct frame_stream *stream);

#endif
