/*
 * block: one block of a file, read to its end or to its first bad piece.
 *
 * Layer 1.  Uses: nothing.
 *
 * What stream does with a block that asynchronous I/O did not deliver whole:
 * go on after a short read, tell the end of the file from one, and find the
 * place of a medium's error.
 */
#ifndef HIKAE_OS_BLOCK_H
#define HIKAE_OS_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One block; offset, buffer and wanted are multiples of piece_bytes. */
struct block {
	int fd;
	uint8_t *buffer;
	uint64_t offset;
	size_t wanted;	    /* bytes to read: the buffer's room */
	size_t needed;	    /* of these, enough for the caller; the rest is
			       alignment */
	size_t piece_bytes; /* smallest read; a power of two */
};

struct block_result {
	size_t got;	 /* good bytes at the start of the buffer */
	bool at_end;	 /* the file ends after them */
	bool was_reread; /* a read failed, its pieces did not */
	int problem;	 /* errno of the read at offset + got, or 0 */
};

/*
 * Read what is missing of a block of which the first ret->got bytes are there
 * already; ret->problem is the errno of a read of it that failed before, or 0.
 * Errors of the medium (EIO and its like) are narrowed down to the first bad
 * piece; others are reported where the failed read began.
 */
void block_read(const struct block *block, struct block_result *ret);

#endif
