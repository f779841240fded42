/* A gzip stream (RFC 1952) made here, for tests of what unpacks it. */
#ifndef HIKAE_TESTS_UNIT_FORMAT_PACKING_H
#define HIKAE_TESTS_UNIT_FORMAT_PACKING_H

#include <stddef.h>
#include <stdint.h>

#include <zlib.h>

/* Its length; 0 where there is too little room.  level: 0 stores only. */
static inline size_t
packing_gzip(
    const void *plain, size_t length, int level, uint8_t *packed, size_t room)
{
	z_stream zlib = {.next_in = (uint8_t *)(uintptr_t)plain,
	    .avail_in = (unsigned)length,
	    .next_out = packed,
	    .avail_out = (unsigned)room};
	size_t used = 0;

	if (deflateInit2(&zlib, level, Z_DEFLATED, 15 + 16, 9,
		Z_DEFAULT_STRATEGY) != Z_OK)
		return 0;
	if (deflate(&zlib, Z_FINISH) == Z_STREAM_END)
		used = zlib.total_out;
	(void)deflateEnd(&zlib);
	return used;
}

#endif
