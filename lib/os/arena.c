#include "lib/os/arena.h"

#include <stdlib.h>
#include <string.h>

/* The first size of an arena, bytes: most folders have few names. */
#define FIRST_BYTES ((size_t)512)

/* What a record takes in the index and its copy, bytes. */
#define INDEX_BYTES (2 * sizeof(uint32_t))

static bool
reserve(struct arena *arena, size_t length, size_t limit)
{
	/* The last word is what aligning the index may cost. */
	size_t needed = arena->used + sizeof(uint32_t) + length +
			((size_t)arena->records + 1) * INDEX_BYTES +
			sizeof(uint32_t);
	size_t capacity =
	    arena->capacity > FIRST_BYTES ? arena->capacity : FIRST_BYTES;
	uint8_t *data;

	if (needed <= arena->capacity)
		return true;
	if (needed > limit || needed > ARENA_MAX_BYTES)
		return false;
	while (capacity < needed)
		capacity *= 2;
	if (capacity > limit)
		capacity = limit;
	data = realloc(arena->data, capacity);
	if (data == NULL)
		return false;
	arena->data = data;
	arena->capacity = capacity;
	return true;
}

bool
arena_add(struct arena *arena, const void *data, size_t length, size_t limit)
{
	uint32_t prefix = (uint32_t)length;

	if (length > ARENA_MAX_BYTES || !reserve(arena, length, limit))
		return false;
	memcpy(arena->data + arena->used, &prefix, sizeof(prefix));
	arena->used += sizeof(prefix);
	if (length > 0)
		memcpy(arena->data + arena->used, data, length);
	arena->used += length;
	arena->records++;
	return true;
}

static const uint8_t *
record_at(const struct arena *arena, uint32_t offset, size_t *ret_length)
{
	uint32_t prefix;

	memcpy(&prefix, arena->data + offset, sizeof(prefix));
	*ret_length = prefix;
	return arena->data + offset + sizeof(prefix);
}

struct sorting {
	const struct arena *arena;
	arena_compare *compare;
	void *context;
};

static bool
is_ordered(const struct sorting *sorting, uint32_t first, uint32_t second)
{
	size_t a_length, b_length;
	const uint8_t *a = record_at(sorting->arena, first, &a_length);
	const uint8_t *b = record_at(sorting->arena, second, &b_length);

	return sorting->compare(a, a_length, b, b_length, sorting->context) <=
	       0;
}

/*
 * Merge sort of count offsets: stable, and with no memory but scratch, which
 * qsort does not promise.
 */
static void
sort_index(const struct sorting *sorting, uint32_t *index, uint32_t *scratch,
    size_t count)
{
	size_t half = count / 2, left = 0, right = half, to;

	if (count < 2)
		return;
	sort_index(sorting, index, scratch, half);
	sort_index(sorting, index + half, scratch, count - half);
	if (is_ordered(sorting, index[half - 1], index[half]))
		return;
	memcpy(scratch, index, half * sizeof(*index));
	for (to = 0; left < half && right < count; to++) {
		if (is_ordered(sorting, scratch[left], index[right]))
			index[to] = scratch[left++];
		else
			index[to] = index[right++];
	}
	memcpy(index + to, scratch + left, (half - left) * sizeof(*index));
}

void
arena_sort(struct arena *arena, arena_compare *compare, void *context)
{
	struct sorting sorting = {arena, compare, context};
	size_t place;
	uint32_t offset = 0;

	if (arena->records == 0)
		return;
	place = arena->capacity - arena->records * INDEX_BYTES;
	place -= place % sizeof(uint32_t);
	arena->index = (uint32_t *)(void *)(arena->data + place);
	for (uint32_t i = 0; i < arena->records; i++) {
		size_t length;

		arena->index[i] = offset;
		(void)record_at(arena, offset, &length);
		offset += (uint32_t)(sizeof(uint32_t) + length);
	}
	sort_index(&sorting, arena->index, arena->index + arena->records,
	    arena->records);
}

const void *
arena_record(const struct arena *arena, uint32_t i, size_t *ret_length)
{
	return record_at(arena, arena->index[i], ret_length);
}

void
arena_clear(struct arena *arena)
{
	arena->used = 0;
	arena->records = 0;
}

void
arena_done(struct arena *arena)
{
	free(arena->data);
	*arena = (struct arena){0};
}
