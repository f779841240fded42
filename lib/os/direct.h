/*
 * direct: whether a file can be read past the page cache.
 *
 * Layer 1.  Uses: nothing.  Source: open(2) O_DIRECT, statx(2)
 * STATX_DIOALIGN (Linux 6.1).
 */
#ifndef HIKAE_OS_DIRECT_H
#define HIKAE_OS_DIRECT_H

#include <stdbool.h>
#include <stddef.h>

/* Unit of direct reads where the kernel tells of no larger one. */
#define DIRECT_UNIT_BYTES 4096

enum direct_support {
	DIRECT_ON,	/* O_DIRECT is set; the first read may yet refuse */
	DIRECT_REFUSED, /* this file or file system has no direct reads */
	DIRECT_MEMORY,	/* the file lies in memory: there is no medium */
};

/*
 * Set O_DIRECT on the open file description.  Offsets, lengths and buffers of
 * reads must then be multiples of *ret_unit_bytes, which is a power of two,
 * DIRECT_UNIT_BYTES or more, and no larger than block_bytes.
 */
enum direct_support direct_enable(
    int fd, size_t block_bytes, size_t *ret_unit_bytes);

/* Is this how a file system refuses a direct read (errno value)? */
bool direct_is_refusal(int problem);

/* Clear O_DIRECT. */
void direct_disable(int fd);

#endif
