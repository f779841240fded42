/*
 * gzip: decode foreign gzip data (RFC 1952), every check included.
 *
 * Layer 2.  Uses: base, format/source.  Owns: <zlib.h>.
 *
 * libarchive skips a member's CRC and length, and so would take other bytes
 * for the right ones; here both are compared.
 */
#ifndef HIKAE_FORMAT_GZIP_H
#define HIKAE_FORMAT_GZIP_H

#include "lib/format/source.h"

struct gzip_stream;

/* The source must outlive the stream. */
int gzip_stream_new(struct source below, struct gzip_stream **ret_stream,
    struct error *err) ERROR_CHECKED;
void gzip_stream_free(struct gzip_stream *stream);

/*
 * The decoded bytes of all members.  Data that ends inside a member, that does
 * not decode or has a wrong CRC or length is ERROR_INPUT.
 */
struct source gzip_stream_source(struct gzip_stream *stream);

/*
 * After the end: whether bytes follow the last member that are neither a
 * member nor zero (tapes pad with zeros).
 */
bool gzip_stream_has_trailing(const struct gzip_stream *stream);

#endif
