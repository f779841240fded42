/*
 * gzip_inflate: check a zlib stream (RFC 1950) that is pushed in pieces.
 *
 * Layer 2.  Uses: nothing.  Part of format/gzip, which owns <zlib.h>.
 *
 * What it decodes to is counted, not kept; its Adler-32 is compared.
 */
#ifndef HIKAE_FORMAT_GZIP_INFLATE_H
#define HIKAE_FORMAT_GZIP_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gzip_inflate;

/* NULL without memory. */
struct gzip_inflate *gzip_inflate_new(void);
/* The same for a gzip file (RFC 1952) of one member, with its CRC-32. */
struct gzip_inflate *gzip_inflate_new_file(void);
/* The same for bare deflate data (RFC 1951), which has no check value. */
struct gzip_inflate *gzip_inflate_new_raw(void);
void gzip_inflate_free(struct gzip_inflate *inflate);

/* Begin another stream. */
void gzip_inflate_reset(struct gzip_inflate *inflate);

/*
 * Decode the next piece: false where the stream is wrong, or bytes follow its
 * end.  *ret_bytes: what it decoded to.
 */
bool gzip_inflate_push(struct gzip_inflate *inflate, const uint8_t *data,
    size_t length, uint64_t *ret_bytes);

/* After a piece that was refused: how many of its bytes follow the end. */
size_t gzip_inflate_left(const struct gzip_inflate *inflate);

/* Whether the stream came to its end. */
bool gzip_inflate_is_ended(const struct gzip_inflate *inflate);

#endif
