/*
 * lines: the lines of a text that lies in one file, or in several one after
 * the other.
 *
 * Layer 1.  Uses: base.
 */
#ifndef HIKAE_OS_LINES_H
#define HIKAE_OS_LINES_H

#include <stdbool.h>

#include "lib/base/bytes.h"

/*
 * Set the first two members, all else is zero; lines_done frees.  The
 * descriptors are read from where they stand, and stay the caller's.
 */
struct lines {
	const int *fds;
	size_t fd_count;

	size_t next_fd;
	struct bytes data; /* read and not consumed; consumed before begin */
	size_t begin;
	bool at_end;
	uint64_t consumed; /* bytes of lines that were given */
};

void lines_done(struct lines *lines);

/*
 * 1: a line, without its line feed, valid until the next call; 0: none, or it
 * is longer than the limit, or lacks its line feed; -1.
 */
int lines_next(struct lines *lines, size_t limit, const uint8_t **ret_line,
    size_t *ret_length, struct error *err) ERROR_CHECKED;

/* All that is left: 1; 0 where that is more than the limit; -1. */
int lines_rest(struct lines *lines, size_t limit, const uint8_t **ret_rest,
    size_t *ret_length, struct error *err) ERROR_CHECKED;

#endif
