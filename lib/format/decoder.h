/*
 * decoder: one compressed stream, whichever of the known compressions it is.
 *
 * Layer 2.  Uses: format/source, gzip, frame_stream, archive_filter.
 *
 * Truncation and wrong checksums are ERROR_INPUT; a window or dictionary that
 * needs too much memory is ERROR_LIMIT.  Data of many members or frames (pigz,
 * pzstd, concatenated files) is one stream.  What these formats cannot tell:
 * a stream that was cut off exactly behind a member or frame.
 */
#ifndef HIKAE_FORMAT_DECODER_H
#define HIKAE_FORMAT_DECODER_H

#include "lib/format/source.h"

enum decoder_kind {
	DECODER_NONE,
	DECODER_GZIP,
	DECODER_BZIP2,
	DECODER_XZ,
	DECODER_ZSTD,
	DECODER_LZ4,
};
#define DECODER_KINDS (DECODER_LZ4 + 1)

/* Bytes that decoder_recognise needs. */
#define DECODER_MAGIC_BYTES 6

/* From the first bytes; DECODER_NONE for all that is not compressed. */
enum decoder_kind decoder_recognise(const uint8_t *head, size_t length);

struct decoder;

/*
 * Not for DECODER_NONE.  memory_bytes: what a window may take.  The source
 * must outlive the decoder.
 */
int decoder_new(enum decoder_kind kind, uint64_t memory_bytes,
    struct source below, struct decoder **ret_decoder,
    struct error *err) ERROR_CHECKED;
void decoder_free(struct decoder *decoder);

struct source decoder_source(const struct decoder *decoder);

/*
 * After the end: whether bytes follow that belong to no compressed data.
 * Zeros do not count: tapes pad with them.
 */
bool decoder_has_trailing(const struct decoder *decoder);

#endif
