#include "lib/format/gzip_inflate.h"

#include <limits.h>
#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>

#define OUT_BYTES (64 * 1024)

struct gzip_inflate {
	z_stream zlib;
	bool is_ended;
	uint8_t out[OUT_BYTES];
};

#define WINDOW_BITS 15
#define WINDOW_GZIP 16 /* added: a gzip header instead of zlib's */

static struct gzip_inflate *
new_with(int window)
{
	struct gzip_inflate *state = calloc(1, sizeof(*state));

	if (state != NULL && inflateInit2(&state->zlib, window) != Z_OK) {
		free(state);
		return NULL;
	}
	return state;
}

struct gzip_inflate *
gzip_inflate_new(void)
{
	return new_with(WINDOW_BITS);
}

struct gzip_inflate *
gzip_inflate_new_file(void)
{
	return new_with(WINDOW_BITS + WINDOW_GZIP);
}

struct gzip_inflate *
gzip_inflate_new_raw(void)
{
	return new_with(-WINDOW_BITS);
}

void
gzip_inflate_free(struct gzip_inflate *state)
{
	if (state == NULL)
		return;
	(void)inflateEnd(&state->zlib);
	free(state);
}

void
gzip_inflate_reset(struct gzip_inflate *state)
{
	(void)inflateReset(&state->zlib);
	state->is_ended = false;
}

bool
gzip_inflate_push(struct gzip_inflate *state, const uint8_t *data,
    size_t length, uint64_t *ret_bytes)
{
	z_stream *zlib = &state->zlib;
	int result;

	*ret_bytes = 0;
	if (length > UINT_MAX)
		return false;
	zlib->next_in = data;
	zlib->avail_in = (unsigned)length;
	while (zlib->avail_in > 0 && !state->is_ended) {
		zlib->next_out = state->out;
		zlib->avail_out = sizeof(state->out);
		result = inflate(zlib, Z_NO_FLUSH);
		*ret_bytes += sizeof(state->out) - zlib->avail_out;
		state->is_ended = result == Z_STREAM_END;
		if (result != Z_OK && result != Z_STREAM_END)
			return false;
	}
	return zlib->avail_in == 0;
}

bool
gzip_inflate_is_ended(const struct gzip_inflate *state)
{
	return state->is_ended;
}

size_t
gzip_inflate_left(const struct gzip_inflate *state)
{
	return state->zlib.avail_in;
}
