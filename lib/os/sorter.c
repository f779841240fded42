/*
 * Records are collected in an arena.  A full arena is sorted and written as a
 * run of level 0; when as many runs of one level stand at the end of the list
 * as can be merged at once, they become one run of the next level.  So the
 * list stays short however much is sorted, and since only neighbours are
 * merged, a run's place in the list is the age of its records: that keeps
 * equal records in order.
 */
#include "lib/os/sorter.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/os/arena.h"
#include "lib/os/merge.h"
#include "lib/os/spill.h"

/* The size of a block: the memory divided by this, within these limits. */
#define BLOCK_SHARE 32
#define BLOCK_MIN_BYTES ((size_t)512)
#define BLOCK_MAX_BYTES ((size_t)1 << 18)

/* Runs merged at once, at least. */
#define FAN_IN_MIN ((size_t)2)

struct sorter {
	struct sorter_options options;
	size_t block_bytes;
	size_t longest; /* record that was spilled, bytes */
	uint64_t key;	/* of the checks */
	struct arena arena;
	uint32_t arena_next;
	struct spill_run *runs; /* oldest records first, at rising offsets */
	size_t run_count, run_capacity;
	uint64_t spill_end;
	struct merge *merge; /* the last one, which sorter_next reads */
	uint64_t records_in, records_out;
	bool is_finished;
	bool has_failed;
};

/* Bytes that reading or writing one run needs. */
static size_t
run_memory(const struct sorter *sorter)
{
	size_t longest = sorter->longest + SPILL_RECORD_OVERHEAD_BYTES +
			 SPILL_BLOCK_OVERHEAD_BYTES;

	return longest > sorter->block_bytes ? longest : sorter->block_bytes;
}

static size_t
fan_in(const struct sorter *sorter)
{
	size_t fit = sorter->options.memory_bytes / run_memory(sorter);

	/* One more is written. */
	if (fit < FAN_IN_MIN + 1)
		return FAN_IN_MIN;
	return fit - 1 < MERGE_RUNS_MAX ? fit - 1 : MERGE_RUNS_MAX;
}

static void
begin_run(const struct sorter *sorter, struct spill_writer *ret_writer)
{
	spill_writer_init(ret_writer, sorter->options.spill_fd,
	    sorter->spill_end, sorter->key, sorter->block_bytes);
}

static int
add_to_run(struct sorter *sorter, struct spill_writer *writer, const void *data,
    size_t length, struct error *err)
{
	if (length > sorter->longest)
		sorter->longest = length;
	return spill_writer_add(writer, data, length, err);
}

static int
end_run(struct sorter *sorter, struct spill_writer *writer, unsigned level,
    struct error *err)
{
	struct spill_run *run;

	if (sorter->run_count == sorter->run_capacity) {
		size_t capacity = 2 * sorter->run_capacity + 16;
		struct spill_run *runs =
		    realloc(sorter->runs, capacity * sizeof(*runs));

		if (runs == NULL)
			return error_set(
			    err, ERROR_INTERNAL, _("out of memory"));
		sorter->runs = runs;
		sorter->run_capacity = capacity;
	}
	run = &sorter->runs[sorter->run_count];
	if (spill_writer_finish(writer, run, err) != 0)
		return -1;
	run->level = level;
	sorter->spill_end = run->end;
	sorter->run_count++;
	return 0;
}

/* Give the room of the last count runs back; failing costs only room. */
static void
drop_runs(struct sorter *sorter, size_t count)
{
	uint64_t begin = sorter->runs[sorter->run_count - count].begin;
	uint64_t end = sorter->runs[sorter->run_count - 1].end;
	int saved = errno;

	(void)fallocate(sorter->options.spill_fd,
	    FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)begin,
	    (off_t)(end - begin));
	errno = saved;
	sorter->run_count -= count;
}

/* A merge of the last count runs. */
static struct merge *
begin_merge(const struct sorter *sorter, size_t count, struct error *err)
{
	struct merge_options options = {
	    .compare = sorter->options.compare,
	    .context = sorter->options.context,
	    .fd = sorter->options.spill_fd,
	    .key = sorter->key,
	};

	return merge_new(
	    &options, sorter->runs + sorter->run_count - count, count, err);
}

/* Make one run of the last count runs. */
static int
merge_runs(struct sorter *sorter, size_t count, struct error *err)
{
	unsigned level = sorter->runs[sorter->run_count - count].level + 1;
	struct merge *merge = begin_merge(sorter, count, err);
	struct spill_writer writer;
	const void *data;
	size_t length;
	int next, rc = -1;

	begin_run(sorter, &writer);
	if (merge == NULL)
		goto out;
	while ((next = merge_next(merge, &data, &length, err)) == 1) {
		if (add_to_run(sorter, &writer, data, length, err) != 0)
			goto out;
	}
	if (next < 0)
		goto out;
	drop_runs(sorter, count);
	rc = end_run(sorter, &writer, level, err);
out:
	spill_writer_done(&writer);
	merge_free(merge);
	return rc;
}

/* Merge while as many runs of one level end the list as fit at once. */
static int
merge_full_levels(struct sorter *sorter, struct error *err)
{
	for (;;) {
		size_t count = fan_in(sorter), last = sorter->run_count - 1;

		if (sorter->run_count < count ||
		    sorter->runs[last].level !=
			sorter->runs[last + 1 - count].level)
			return 0;
		arena_done(&sorter->arena);
		if (merge_runs(sorter, count, err) != 0)
			return -1;
	}
}

/* Write the arena as a run, if there is anything in it. */
static int
spill_arena(struct sorter *sorter, struct error *err)
{
	struct arena *arena = &sorter->arena;
	struct spill_writer writer;
	int rc = -1;

	if (arena->records == 0)
		return 0;
	arena_sort(arena, sorter->options.compare, sorter->options.context);
	begin_run(sorter, &writer);
	for (uint32_t i = 0; i < arena->records; i++) {
		size_t length;
		const void *data = arena_record(arena, i, &length);

		if (add_to_run(sorter, &writer, data, length, err) != 0)
			goto out;
	}
	rc = end_run(sorter, &writer, 0, err);
	arena_clear(arena);
out:
	spill_writer_done(&writer);
	return rc;
}

/* Write a record that no arena can hold as a run of its own. */
static int
spill_record(
    struct sorter *sorter, const void *data, size_t length, struct error *err)
{
	struct spill_writer writer;
	int rc = -1;

	begin_run(sorter, &writer);
	if (add_to_run(sorter, &writer, data, length, err) == 0)
		rc = end_run(sorter, &writer, 0, err);
	spill_writer_done(&writer);
	return rc;
}

struct sorter *
sorter_new(const struct sorter_options *options, struct error *err)
{
	struct sorter *sorter = calloc(1, sizeof(*sorter));
	size_t *memory;

	if (sorter == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		return NULL;
	}
	sorter->options = *options;
	memory = &sorter->options.memory_bytes;
	if (*memory < SORTER_MEMORY_MIN_BYTES)
		*memory = SORTER_MEMORY_MIN_BYTES;
	if (*memory > ARENA_MAX_BYTES)
		*memory = ARENA_MAX_BYTES;
	/* A power of two, which is how a struct bytes grows. */
	sorter->block_bytes = BLOCK_MAX_BYTES;
	while (sorter->block_bytes > BLOCK_MIN_BYTES &&
	       sorter->block_bytes > *memory / BLOCK_SHARE)
		sorter->block_bytes /= 2;
	sorter->spill_end = options->spill_offset;
	return sorter;
}

void
sorter_free(struct sorter *sorter)
{
	if (sorter == NULL)
		return;
	merge_free(sorter->merge);
	arena_done(&sorter->arena);
	free(sorter->runs);
	free(sorter);
}

/* The arena is full: make it empty, and add the record in whatever way. */
static int
add_to_full(
    struct sorter *sorter, const void *data, size_t length, struct error *err)
{
	if (sorter->options.spill_fd < 0)
		return error_set(err, ERROR_LIMIT,
		    _("sorting needs more than %zu bytes of memory"),
		    sorter->options.memory_bytes);
	if (sorter->key == 0)
		bytes_random(&sorter->key, sizeof(sorter->key));
	if (spill_arena(sorter, err) != 0 ||
	    (sorter->run_count > 0 && merge_full_levels(sorter, err) != 0))
		return -1;
	if (arena_add(
		&sorter->arena, data, length, sorter->options.memory_bytes))
		return 0;
	return spill_record(sorter, data, length, err);
}

int
sorter_add(
    struct sorter *sorter, const void *data, size_t length, struct error *err)
{
	assert(!sorter->is_finished && !sorter->has_failed);
	if (length > SORTER_RECORD_MAX_BYTES) {
		sorter->has_failed = true;
		return error_set(err, ERROR_LIMIT,
		    _("a record of %zu bytes is too long to sort"), length);
	}
	sorter->records_in++;
	if (arena_add(
		&sorter->arena, data, length, sorter->options.memory_bytes))
		return 0;
	if (add_to_full(sorter, data, length, err) != 0) {
		sorter->has_failed = true;
		return -1;
	}
	return 0;
}

int
sorter_finish(struct sorter *sorter, struct error *err)
{
	assert(!sorter->is_finished && !sorter->has_failed);
	sorter->is_finished = true;
	if (sorter->run_count == 0) {
		arena_sort(&sorter->arena, sorter->options.compare,
		    sorter->options.context);
		return 0;
	}
	sorter->has_failed = true;
	if (spill_arena(sorter, err) != 0)
		return -1;
	arena_done(&sorter->arena);
	while (sorter->run_count > fan_in(sorter)) {
		size_t excess = sorter->run_count - fan_in(sorter) + 1;

		if (excess > fan_in(sorter))
			excess = fan_in(sorter);
		if (merge_runs(sorter, excess, err) != 0)
			return -1;
	}
	sorter->has_failed = false;
	return 0;
}

static int
next_record(struct sorter *sorter, const void **ret_data, size_t *ret_length,
    struct error *err)
{
	struct arena *arena = &sorter->arena;

	if (sorter->run_count == 0) {
		if (sorter->arena_next == arena->records)
			return 0;
		*ret_data =
		    arena_record(arena, sorter->arena_next++, ret_length);
		return 1;
	}
	if (sorter->merge == NULL) {
		sorter->merge = begin_merge(sorter, sorter->run_count, err);
		if (sorter->merge == NULL)
			return -1;
	}
	return merge_next(sorter->merge, ret_data, ret_length, err);
}

int
sorter_next(struct sorter *sorter, const void **ret_data, size_t *ret_length,
    struct error *err)
{
	int rc;

	assert(sorter->is_finished);
	if (sorter->has_failed)
		return error_set(
		    err, ERROR_IO, _("sorting failed before its end"));
	rc = next_record(sorter, ret_data, ret_length, err);
	if (rc == 1)
		sorter->records_out++;
	if (rc == 0 && sorter->records_out != sorter->records_in)
		rc = error_set(err, ERROR_IO,
		    _("sorting lost records: %llu in, %llu out"),
		    (unsigned long long)sorter->records_in,
		    (unsigned long long)sorter->records_out);
	sorter->has_failed = rc < 0;
	return rc;
}

uint64_t
sorter_spill_end(const struct sorter *sorter)
{
	return sorter->spill_end;
}

size_t
sorter_memory(const struct sorter *sorter)
{
	if (sorter->is_finished && sorter->run_count > 0)
		return sorter->run_count * run_memory(sorter);
	return sorter->arena.capacity;
}
