#include "lib/format/frame_stream.h"

#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "lib/base/i18n.h"

/* Decoded bytes handed out at once: they should still be in the cache. */
#define OUT_BYTES (256 * 1024)
/* First byte of a frame, and the high half of a skippable one's. */
#define MAGIC_FRAME 0x28
#define MAGIC_SKIPPABLE 0x50
#define WINDOW_LOG_MIN 10
#define WINDOW_LOG_MAX 31

enum place {
	IN_FRAME,
	BETWEEN, /* behind a frame: another one, padding or the end */
	AT_END,
};

struct frame_stream {
	struct source below;
	ZSTD_DCtx *context;
	ZSTD_inBuffer in;
	enum place place;
	bool is_padded, has_trailing;
	bool may_hold; /* out was full: there may be more inside */
	uint8_t out[OUT_BYTES];
};

static int
window_log(uint64_t memory_bytes)
{
	int log = WINDOW_LOG_MIN;

	while (log < WINDOW_LOG_MAX && memory_bytes >> (log + 1) != 0)
		log++;
	return log;
}

int
frame_stream_new(struct source below, uint64_t memory_bytes,
    struct frame_stream **ret_stream, struct error *err)
{
	struct frame_stream *stream = calloc(1, sizeof(*stream));

	if (stream != NULL)
		stream->context = ZSTD_createDCtx();
	if (stream == NULL || stream->context == NULL ||
	    ZSTD_isError(ZSTD_DCtx_setParameter(stream->context,
		ZSTD_d_windowLogMax, window_log(memory_bytes)))) {
		frame_stream_free(stream);
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	}
	stream->below = below;
	*ret_stream = stream;
	return 0;
}

void
frame_stream_free(struct frame_stream *stream)
{
	if (stream == NULL)
		return;
	(void)ZSTD_freeDCtx(stream->context);
	free(stream);
}

/* Have at least one byte of input.  1, 0 at the end, -1. */
static int
fill(struct frame_stream *stream, struct error *err)
{
	const uint8_t *data;
	size_t length;
	int more;

	if (stream->in.pos < stream->in.size)
		return 1;
	more = stream->below.read(stream->below.context, &data, &length, err);
	if (more == 1)
		stream->in = (ZSTD_inBuffer){data, length, 0};
	return more;
}

static bool
is_magic(uint8_t first)
{
	return first == MAGIC_FRAME || (first & 0xf0) == MAGIC_SKIPPABLE;
}

/* What follows a frame. */
static int
look_behind(struct frame_stream *stream, struct error *err)
{
	int more;

	while ((more = fill(stream, err)) == 1) {
		uint8_t next =
		    ((const uint8_t *)stream->in.src)[stream->in.pos];

		if (is_magic(next) && !stream->is_padded) {
			stream->place = IN_FRAME;
			return 0;
		}
		stream->is_padded = true;
		if (next != 0) {
			stream->has_trailing = true;
			break;
		}
		stream->in.pos++;
	}
	if (more >= 0)
		stream->place = AT_END;
	return more < 0 ? -1 : 0;
}

static int
refuse(size_t result, struct error *err)
{
	switch ((int)ZSTD_getErrorCode(result)) {
	case ZSTD_error_frameParameter_windowTooLarge:
	case ZSTD_error_memory_allocation:
		return error_set(err, ERROR_LIMIT,
		    _("the zstd data needs more memory than allowed"));
	default:
		return error_set(
		    err, ERROR_INPUT, _("the zstd data is damaged"));
	}
}

/* Decode into out until it is full or the frame ends. */
static int
decode(struct frame_stream *stream, ZSTD_outBuffer *out, struct error *err)
{
	while (out->pos < out->size) {
		/* What the decoder still holds comes out without input. */
		int more = stream->may_hold ? 1 : fill(stream, err);
		size_t result;

		if (more < 0)
			return -1;
		if (more == 0)
			return error_set(
			    err, ERROR_INPUT, _("the zstd data is cut off"));
		result =
		    ZSTD_decompressStream(stream->context, out, &stream->in);
		if (ZSTD_isError(result))
			return refuse(result, err);
		stream->may_hold = out->pos == out->size;
		if (result == 0) {
			stream->place = BETWEEN;
			stream->may_hold = false;
			return 0;
		}
	}
	return 0;
}

static int
read_decoded(void *context, const uint8_t **ret_data, size_t *ret_length,
    struct error *err)
{
	struct frame_stream *stream = context;
	ZSTD_outBuffer out = {stream->out, OUT_BYTES, 0};

	while (stream->place != AT_END && out.pos == 0)
		if ((stream->place == IN_FRAME ? decode(stream, &out, err)
					       : look_behind(stream, err)) != 0)
			return -1;
	*ret_data = stream->out;
	*ret_length = out.pos;
	return out.pos > 0 ? 1 : 0;
}

struct source
frame_stream_source(struct frame_stream *stream)
{
	return (struct source){.context = stream, .read = read_decoded};
}

bool
frame_stream_has_trailing(const struct frame_stream *stream)
{
	return stream->has_trailing;
}
