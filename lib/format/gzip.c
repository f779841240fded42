#include "lib/format/gzip.h"

#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>

#include "lib/base/i18n.h"

/* Decoded bytes handed out at once: they should still be in the cache. */
#define OUT_BYTES (256 * 1024)
/* Window of 32 KiB (the format's), and a gzip header and trailer. */
#define WINDOW_BITS (15 + 16)
#define MAGIC_FIRST 0x1f

enum place {
	IN_MEMBER,
	BETWEEN, /* behind a member: another one, padding or the end */
	AT_END,
};

struct gzip_stream {
	struct source below;
	z_stream zlib;
	enum place place;
	bool is_padded, has_trailing;
	uint8_t out[OUT_BYTES];
};

int
gzip_stream_new(
    struct source below, struct gzip_stream **ret_stream, struct error *err)
{
	struct gzip_stream *stream = calloc(1, sizeof(*stream));

	if (stream == NULL ||
	    inflateInit2(&stream->zlib, WINDOW_BITS) != Z_OK) {
		free(stream);
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	}
	stream->below = below;
	*ret_stream = stream;
	return 0;
}

void
gzip_stream_free(struct gzip_stream *stream)
{
	if (stream == NULL)
		return;
	(void)inflateEnd(&stream->zlib);
	free(stream);
}

/* Have at least one byte of input.  1, 0 at the end, -1. */
static int
fill(struct gzip_stream *stream, struct error *err)
{
	const uint8_t *data;
	size_t length;
	int more;

	if (stream->zlib.avail_in > 0)
		return 1;
	more = stream->below.read(stream->below.context, &data, &length, err);
	if (more == 1) {
		stream->zlib.next_in = data;
		stream->zlib.avail_in = (unsigned)length;
	}
	return more;
}

/* What follows a member. */
static int
look_behind(struct gzip_stream *stream, struct error *err)
{
	int more;

	while ((more = fill(stream, err)) == 1) {
		if (*stream->zlib.next_in == MAGIC_FIRST &&
		    !stream->is_padded) {
			(void)inflateReset(&stream->zlib);
			stream->place = IN_MEMBER;
			return 0;
		}
		stream->is_padded = true;
		if (*stream->zlib.next_in != 0) {
			stream->has_trailing = true;
			break;
		}
		stream->zlib.next_in++;
		stream->zlib.avail_in--;
	}
	if (more >= 0)
		stream->place = AT_END;
	return more < 0 ? -1 : 0;
}

/* Decode into out until it is full or the member ends. */
static int
decode(struct gzip_stream *stream, struct error *err)
{
	z_stream *zlib = &stream->zlib;

	while (zlib->avail_out > 0) {
		int more = fill(stream, err);
		int result;

		if (more < 0)
			return -1;
		if (more == 0)
			return error_set(
			    err, ERROR_INPUT, _("the gzip data is cut off"));
		result = inflate(zlib, Z_NO_FLUSH);
		if (result == Z_STREAM_END) {
			stream->place = BETWEEN;
			return 0;
		}
		if (result == Z_MEM_ERROR)
			return error_set(err, ERROR_LIMIT, _("out of memory"));
		if (result != Z_OK && result != Z_BUF_ERROR)
			return error_set(
			    err, ERROR_INPUT, _("the gzip data is damaged"));
	}
	return 0;
}

static int
read_decoded(void *context, const uint8_t **ret_data, size_t *ret_length,
    struct error *err)
{
	struct gzip_stream *stream = context;
	z_stream *zlib = &stream->zlib;

	zlib->next_out = stream->out;
	zlib->avail_out = OUT_BYTES;
	while (stream->place != AT_END && zlib->avail_out == OUT_BYTES)
		if ((stream->place == IN_MEMBER
			    ? decode(stream, err)
			    : look_behind(stream, err)) != 0)
			return -1;
	*ret_data = stream->out;
	*ret_length = OUT_BYTES - zlib->avail_out;
	return *ret_length > 0 ? 1 : 0;
}

struct source
gzip_stream_source(struct gzip_stream *stream)
{
	return (struct source){.context = stream, .read = read_decoded};
}

bool
gzip_stream_has_trailing(const struct gzip_stream *stream)
{
	return stream->has_trailing;
}
