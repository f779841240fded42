/*
 * merkle_prefix: the first leaves of a tree, known by their edge alone.
 *
 * Layer 2.  Uses: merkle.
 *
 * Two kilobytes, however many they are: what stands in for leaves that were
 * looked at before, and can be appended to.
 */
#ifndef HIKAE_CRYPTO_MERKLE_PREFIX_H
#define HIKAE_CRYPTO_MERKLE_PREFIX_H

#include "lib/crypto/merkle.h"

/* All zero is that of no leaves. */
struct merkle_prefix {
	uint64_t size; /* leaves */
	struct merkle_edge edge;
};

/* Append a leaf by its hash.  ERROR_LIMIT at MERKLE_SIZE_MAX. */
int merkle_prefix_append(struct merkle_prefix *prefix,
    const uint8_t leaf_hash[MERKLE_HASH_BYTES],
    struct error *err) ERROR_CHECKED;

/* The root of all leaves so far. */
int merkle_prefix_root(const struct merkle_prefix *prefix,
    uint8_t ret_root[MERKLE_HASH_BYTES], struct error *err) ERROR_CHECKED;

#endif
