/*
 * merkle_forest: a tree's nodes in memory, for the tests of merkle.
 */
#ifndef HIKAE_TESTS_MERKLE_FOREST_H
#define HIKAE_TESTS_MERKLE_FOREST_H

#include <string.h>

#include "lib/base/bytes.h"
#include "lib/crypto/merkle.h"

#define LEAVES 130
#define LEVELS 8

/* Nodes in memory; store may only be given what is new, in order. */
struct forest {
	uint8_t hash[LEVELS][LEAVES][32];
	uint64_t count[LEVELS];
	unsigned calls_left; /* then node and store fail */
};

static int
forest_node(void *context, unsigned level, uint64_t index, uint8_t *ret_hash,
    struct error *err)
{
	struct forest *forest = context;

	if (forest->calls_left-- == 0)
		return error_set(err, ERROR_IO, "out of calls");
	assert_true(level < LEVELS && index < forest->count[level]);
	memcpy(ret_hash, forest->hash[level][index], 32);
	return 0;
}

static int
forest_store(void *context, unsigned level, uint64_t index, const uint8_t *hash,
    struct error *err)
{
	struct forest *forest = context;

	if (forest->calls_left-- == 0)
		return error_set(err, ERROR_IO, "out of calls");
	assert_true(level < LEVELS && index == forest->count[level]);
	memcpy(forest->hash[level][index], hash, 32);
	forest->count[level]++;
	return 0;
}

static struct forest forest;
static const struct merkle_nodes nodes = {forest_node, forest_store, &forest};

/* A forest of `size` leaves with these hashes. */
static inline void
grow(const uint8_t leaves[][32], uint64_t size)
{
	memset(&forest, 0, sizeof(forest));
	forest.calls_left = UINT32_MAX;
	for (uint64_t i = 0; i < size; i++)
		assert_int_equal(merkle_append(&nodes, i, leaves[i], NULL), 0);
}

static uint8_t all_leaves[LEAVES][32];

static inline void
grow_random(void)
{
	bytes_random(all_leaves, sizeof(all_leaves));
	grow((const uint8_t(*)[32])all_leaves, LEAVES);
}

#endif
