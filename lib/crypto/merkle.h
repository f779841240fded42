/*
 * merkle: the append-only tree of RFC 6962 section 2.1.
 *
 * Layer 2.  Uses: base, digest.  Owns: nothing; where hashes are kept is the
 * caller's affair.
 *
 * A tree of `size` leaves is known by the hashes of its complete subtrees: the
 * node (level, index) covers the 2^level leaves from index * 2^level on, so
 * that level 0 are the leaves.  Each is stored once, never changes, and
 * together they are fewer than 2 * size.
 */
#ifndef HIKAE_CRYPTO_MERKLE_H
#define HIKAE_CRYPTO_MERKLE_H

#include <stdbool.h>

#include "lib/base/error.h"
#include "lib/crypto/digest.h"

#define MERKLE_HASH_BYTES DIGEST_SHA256_BYTES

/* Sizes are at most this (JSON's 2^53 - 1 is below it). */
#define MERKLE_SIZE_MAX (UINT64_C(1) << 62)

/* A proof of a tree of MERKLE_SIZE_MAX leaves has fewer hashes. */
#define MERKLE_PROOF_MAX 64

/* Level of no node is above this. */
#define MERKLE_LEVEL_MAX 62

/* Where the hashes of complete subtrees are kept. */
struct merkle_nodes {
	/* 0, or -1 and err; asked only for nodes complete at the size given. */
	int (*node)(void *context, unsigned level, uint64_t index,
	    uint8_t ret_hash[MERKLE_HASH_BYTES], struct error *err);
	/* Keep a new one.  NULL where nothing is appended. */
	int (*store)(void *context, unsigned level, uint64_t index,
	    const uint8_t hash[MERKLE_HASH_BYTES], struct error *err);
	void *context;
};

/*
 * The edge of a tree that only grows: enough for its root and for the next
 * leaf, where no other node is kept.  All zero is the empty tree's.
 */
struct merkle_edge {
	uint8_t hash[MERKLE_LEVEL_MAX + 1][MERKLE_HASH_BYTES];
};

/* The edge as nodes that can be appended to; borrowed. */
struct merkle_nodes merkle_edge_nodes(struct merkle_edge *edge);

/* An inclusion or consistency proof, hashes in the order of RFC 6962. */
struct merkle_proof {
	unsigned count;
	uint8_t hash[MERKLE_PROOF_MAX][MERKLE_HASH_BYTES];
};

/* SHA-256(0x00 || data). */
void merkle_leaf_hash(
    const void *data, size_t length, uint8_t ret_hash[MERKLE_HASH_BYTES]);

/* SHA-256(0x01 || left || right); ret_hash may be one of them. */
void merkle_node_hash(const uint8_t left[MERKLE_HASH_BYTES],
    const uint8_t right[MERKLE_HASH_BYTES],
    uint8_t ret_hash[MERKLE_HASH_BYTES]);

/* The root of no leaves: SHA-256 of nothing. */
void merkle_empty_root(uint8_t ret_hash[MERKLE_HASH_BYTES]);

/*
 * Append a leaf to a tree of `size` leaves: stores the leaf and each node that
 * it completes, in ascending levels.  Fails only where node or store fails, or
 * with ERROR_LIMIT at MERKLE_SIZE_MAX.
 */
int merkle_append(const struct merkle_nodes *nodes, uint64_t size,
    const uint8_t leaf_hash[MERKLE_HASH_BYTES],
    struct error *err) ERROR_CHECKED;

/* The root of the first `size` leaves, for any size that was ever reached. */
int merkle_root(const struct merkle_nodes *nodes, uint64_t size,
    uint8_t ret_root[MERKLE_HASH_BYTES], struct error *err) ERROR_CHECKED;

/*
 * Proof that leaf `index` is in the tree of `size` leaves (RFC 6962 section
 * 2.1.1).  ERROR_USAGE unless index < size <= MERKLE_SIZE_MAX.
 */
int merkle_inclusion(const struct merkle_nodes *nodes, uint64_t index,
    uint64_t size, struct merkle_proof *ret_proof,
    struct error *err) ERROR_CHECKED;

/*
 * Proof that the tree of `size` leaves extends the one of `old_size` (RFC 6962
 * section 2.1.2); empty where old_size is 0 or size.  ERROR_USAGE unless
 * old_size <= size <= MERKLE_SIZE_MAX.
 */
int merkle_consistency(const struct merkle_nodes *nodes, uint64_t old_size,
    uint64_t size, struct merkle_proof *ret_proof,
    struct error *err) ERROR_CHECKED;

/* RFC 9162 section 2.1.3.2: whether a leaf is proven to be in a tree. */
bool merkle_verify_inclusion(const uint8_t leaf_hash[MERKLE_HASH_BYTES],
    uint64_t index, uint64_t size, const struct merkle_proof *proof,
    const uint8_t root[MERKLE_HASH_BYTES]) ERROR_CHECKED;

/*
 * RFC 9162 section 2.1.4.2: whether a tree is proven to extend another.  From
 * an empty tree the proof is empty and old_root is the empty root; of a tree
 * with itself the proof is empty and the roots are the same.
 */
bool merkle_verify_consistency(uint64_t old_size,
    const uint8_t old_root[MERKLE_HASH_BYTES], uint64_t size,
    const uint8_t root[MERKLE_HASH_BYTES],
    const struct merkle_proof *proof) ERROR_CHECKED;

#endif
