/*
 * merge: several sorted runs of a spill file read as one.
 *
 * Layer 1.  Uses: os/arena (the type of the order), os/spill.  Used by
 * os/sorter alone.
 */
#ifndef HIKAE_OS_MERGE_H
#define HIKAE_OS_MERGE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/os/arena.h"
#include "lib/os/spill.h"

/* Runs merged at once. */
#define MERGE_RUNS_MAX ((size_t)64)

struct merge;

struct merge_options {
	arena_compare *compare;
	void *context;
	int fd; /* borrowed */
	uint64_t key;
};

/*
 * Merge count runs, none empty; equal records come in the order of the runs.
 * NULL on error: memory, or as spill_reader_next.
 */
struct merge *merge_new(const struct merge_options *options,
    const struct spill_run *runs, size_t count,
    struct error *err) ERROR_CHECKED;

/* NULL is allowed. */
void merge_free(struct merge *merge);

/* 1 and the next record, valid until the next call; 0 after the last; -1. */
int merge_next(struct merge *merge, const void **ret_data, size_t *ret_length,
    struct error *err) ERROR_CHECKED;

#endif
