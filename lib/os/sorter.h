/*
 * sorter: sorts more byte records than memory holds.
 *
 * Layer 1.  Uses: base, os/arena, os/merge, os/spill.
 *
 * What does not fit is written as sorted runs into one file that the caller
 * opened (a sandboxed process may not create files), and merged.  Each block
 * of a run carries a check with a key that only this sorter knows: a spill
 * that is short, altered or stale is an error, and so is a number of records
 * going out that differs from the number that came in.
 *
 * Order of calls: new, add..., finish, next..., free.
 */
#ifndef HIKAE_OS_SORTER_H
#define HIKAE_OS_SORTER_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

/* A smaller memory_bytes counts as this. */
#define SORTER_MEMORY_MIN_BYTES ((size_t)16384)

/* The longest record, bytes. */
#define SORTER_RECORD_MAX_BYTES ((size_t)1 << 24)

struct sorter_options {
	/* Less than, equal to or greater than 0, as memcmp. */
	int (*compare)(const void *a, size_t a_length, const void *b,
	    size_t b_length, void *context);
	void *context;

	/*
	 * Memory for records.  A merge holds three of the longest blocks at
	 * least, so that very long records may need more.
	 */
	size_t memory_bytes;

	/*
	 * Open for reading and writing, or -1: then needing more than
	 * memory_bytes is ERROR_LIMIT.  Borrowed.
	 */
	int spill_fd;

	/* Nothing before this offset of spill_fd is touched. */
	uint64_t spill_offset;
};

struct sorter;

/* NULL on error (ERROR_INTERNAL: no memory).  The options are copied. */
struct sorter *sorter_new(
    const struct sorter_options *options, struct error *err) ERROR_CHECKED;

/* Free the memory; NULL is allowed.  The spill file is left as it is. */
void sorter_free(struct sorter *sorter);

/*
 * Copy one record in.  ERROR_LIMIT: longer than SORTER_RECORD_MAX_BYTES, or
 * out of memory_bytes with nothing to spill to.  ERROR_NO_SPACE, ERROR_IO: the
 * spill cannot be written.  After an error only sorter_free is allowed.
 */
int sorter_add(struct sorter *sorter, const void *data, size_t length,
    struct error *err) ERROR_CHECKED;

/* No more records come.  Errors as in sorter_add. */
int sorter_finish(struct sorter *sorter, struct error *err) ERROR_CHECKED;

/*
 * 1 and the next record in order (equal ones in the order they were added),
 * which is valid until the next call; 0 after the last; -1 with ERROR_IO when
 * the spill is not what was written.
 */
int sorter_next(struct sorter *sorter, const void **ret_data,
    size_t *ret_length, struct error *err) ERROR_CHECKED;

/*
 * After sorter_finish: the offset behind everything this sorter has in its
 * spill file, where another sorter may begin.  spill_offset if nothing.
 */
uint64_t sorter_spill_end(const struct sorter *sorter);

/* Bytes of memory held for records now. */
size_t sorter_memory(const struct sorter *sorter);

#endif
