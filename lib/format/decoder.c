#include "lib/format/decoder.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/format/archive_filter.h"
#include "lib/format/frame_stream.h"
#include "lib/format/gzip.h"

struct decoder {
	struct gzip_stream *gzip;
	struct frame_stream *zstd;
	struct archive_filter *filter;
};

enum decoder_kind
decoder_recognise(const uint8_t *head, size_t length)
{
	static const struct {
		enum decoder_kind kind;
		size_t length;
		const char *magic;
	} magics[] = {
	    {DECODER_GZIP, 3, "\x1f\x8b\x08"},
	    {DECODER_BZIP2, 3, "BZh"},
	    {DECODER_XZ, 6, "\xfd\x37zXZ\x00"},
	    {DECODER_ZSTD, 4, "\x28\xb5\x2f\xfd"},
	    {DECODER_LZ4, 4, "\x04\x22\x4d\x18"},
	    {DECODER_LZ4, 4, "\x02\x21\x4c\x18"},
	};

	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (length >= magics[i].length &&
		    memcmp(head, magics[i].magic, magics[i].length) == 0)
			return magics[i].kind;
	/* A skippable frame: pzstd begins with one. */
	if (length >= 4 && (head[0] & 0xf0) == 0x50 &&
	    memcmp(head + 1, "\x2a\x4d\x18", 3) == 0)
		return DECODER_ZSTD;
	return DECODER_NONE;
}

static int
open_decoder(struct decoder *decoder, enum decoder_kind kind,
    uint64_t memory_bytes, struct source below, struct error *err)
{
	switch (kind) {
	case DECODER_GZIP:
		return gzip_stream_new(below, &decoder->gzip, err);
	case DECODER_ZSTD:
		return frame_stream_new(
		    below, memory_bytes, &decoder->zstd, err);
	case DECODER_BZIP2:
		return archive_filter_new(
		    ARCHIVE_FILTER_KIND_BZIP2, below, &decoder->filter, err);
	case DECODER_XZ:
		return archive_filter_new(
		    ARCHIVE_FILTER_KIND_XZ, below, &decoder->filter, err);
	case DECODER_LZ4:
		return archive_filter_new(
		    ARCHIVE_FILTER_KIND_LZ4, below, &decoder->filter, err);
	case DECODER_NONE:
		break;
	}
	return error_set(err, ERROR_USAGE, _("not a compression"));
}

int
decoder_new(enum decoder_kind kind, uint64_t memory_bytes, struct source below,
    struct decoder **ret_decoder, struct error *err)
{
	struct decoder *decoder = calloc(1, sizeof(*decoder));

	if (decoder == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (open_decoder(decoder, kind, memory_bytes, below, err) != 0) {
		free(decoder);
		return -1;
	}
	*ret_decoder = decoder;
	return 0;
}

void
decoder_free(struct decoder *decoder)
{
	if (decoder == NULL)
		return;
	gzip_stream_free(decoder->gzip);
	frame_stream_free(decoder->zstd);
	archive_filter_free(decoder->filter);
	free(decoder);
}

struct source
decoder_source(const struct decoder *decoder)
{
	if (decoder->gzip != NULL)
		return gzip_stream_source(decoder->gzip);
	if (decoder->zstd != NULL)
		return frame_stream_source(decoder->zstd);
	return archive_filter_source(decoder->filter);
}

bool
decoder_has_trailing(const struct decoder *decoder)
{
	if (decoder->gzip != NULL)
		return gzip_stream_has_trailing(decoder->gzip);
	if (decoder->zstd != NULL)
		return frame_stream_has_trailing(decoder->zstd);
	return archive_filter_has_trailing(decoder->filter);
}
