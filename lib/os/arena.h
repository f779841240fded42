/*
 * arena: byte records in one piece of memory, sorted in place.
 *
 * Layer 1.  Uses: nothing.  Used by os/sorter alone.
 *
 * Records are stored from the front; room for an index of them, and for a
 * copy of it while sorting, is kept free at the back.
 */
#ifndef HIKAE_OS_ARENA_H
#define HIKAE_OS_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest memory of an arena: offsets have 32 bits. */
#define ARENA_MAX_BYTES ((size_t)1 << 30)

/* Less than, equal to or greater than 0, as memcmp. */
typedef int arena_compare(const void *a, size_t a_length, const void *b,
    size_t b_length, void *context);

/* An all-zero struct is an empty arena.  data and index are private. */
struct arena {
	uint8_t *data;
	uint32_t *index;
	size_t capacity; /* bytes of memory held */
	size_t used;
	uint32_t records;
};

/*
 * Copy a record in.  False, and nothing is changed, when the arena would need
 * more than limit bytes of memory (at most ARENA_MAX_BYTES), or there is none.
 */
bool arena_add(
    struct arena *arena, const void *data, size_t length, size_t limit);

/* Sort, stably; no record may be added until arena_clear. */
void arena_sort(struct arena *arena, arena_compare *compare, void *context);

/* Record number i in sorted order; it lies in the arena. */
const void *arena_record(
    const struct arena *arena, uint32_t i, size_t *ret_length);

/* Forget the records and keep the memory. */
void arena_clear(struct arena *arena);

/* Free the memory. */
void arena_done(struct arena *arena);

#endif
