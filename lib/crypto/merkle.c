#include "lib/crypto/merkle.h"

#include <assert.h>
#include <string.h>

#include "lib/base/i18n.h"

/* `count` leaves from leaf `begin` on: one argument of MTH in RFC 6962. */
struct span {
	uint64_t begin;
	uint64_t count;
};

void
merkle_leaf_hash(
    const void *data, size_t length, uint8_t ret_hash[MERKLE_HASH_BYTES])
{
	static const uint8_t prefix = 0x00;
	struct digest_sha256 digest;

	digest_sha256_init(&digest);
	digest_sha256_update(&digest, &prefix, 1);
	digest_sha256_update(&digest, data, length);
	digest_sha256_final(&digest, ret_hash);
}

void
merkle_node_hash(const uint8_t left[MERKLE_HASH_BYTES],
    const uint8_t right[MERKLE_HASH_BYTES], uint8_t ret_hash[MERKLE_HASH_BYTES])
{
	static const uint8_t prefix = 0x01;
	struct digest_sha256 digest;

	digest_sha256_init(&digest);
	digest_sha256_update(&digest, &prefix, 1);
	digest_sha256_update(&digest, left, MERKLE_HASH_BYTES);
	digest_sha256_update(&digest, right, MERKLE_HASH_BYTES);
	digest_sha256_final(&digest, ret_hash);
}

void
merkle_empty_root(uint8_t ret_hash[MERKLE_HASH_BYTES])
{
	digest_sha256_of(NULL, 0, ret_hash);
}

/* The largest power of two below n, for n above 1: k in RFC 6962. */
static uint64_t
split(uint64_t n)
{
	uint64_t k = 1;

	while (k < n - k)
		k <<= 1;
	return k;
}

/*
 * MTH of a span that splitting led to.  Its complete subtrees are the bits of
 * its count, the largest first, so that each begins at a multiple of its own
 * length; hashing goes from the smallest, at the right end, to the left.
 */
static int
span_root(const struct merkle_nodes *nodes, struct span span,
    uint8_t ret_root[MERKLE_HASH_BYTES], struct error *err)
{
	uint8_t hash[MERKLE_HASH_BYTES], left[MERKLE_HASH_BYTES];
	uint64_t end = span.begin + span.count, rest = span.count;
	bool first = true;

	for (unsigned level = 0; rest != 0; level++, rest >>= 1) {
		uint64_t length = UINT64_C(1) << level;

		if ((rest & 1) == 0)
			continue;
		end -= length;
		assert(end % length == 0);
		if (nodes->node(nodes->context, level, end / length,
			first ? hash : left, err) != 0)
			return -1;
		if (!first)
			merkle_node_hash(left, hash, hash);
		first = false;
	}
	memcpy(ret_root, hash, MERKLE_HASH_BYTES);
	return 0;
}

int
merkle_append(const struct merkle_nodes *nodes, uint64_t size,
    const uint8_t leaf_hash[MERKLE_HASH_BYTES], struct error *err)
{
	uint8_t hash[MERKLE_HASH_BYTES], left[MERKLE_HASH_BYTES];
	uint64_t index = size;
	unsigned level = 0;

	if (size >= MERKLE_SIZE_MAX)
		return error_set(err, ERROR_LIMIT, _("the tree is full"));
	memcpy(hash, leaf_hash, sizeof(hash));
	if (nodes->store(nodes->context, level, index, hash, err) != 0)
		return -1;
	/* A right child completes its parent. */
	while ((index & 1) != 0) {
		if (nodes->node(nodes->context, level, index - 1, left, err) !=
		    0)
			return -1;
		merkle_node_hash(left, hash, hash);
		index >>= 1;
		level++;
		if (nodes->store(nodes->context, level, index, hash, err) != 0)
			return -1;
	}
	return 0;
}

int
merkle_root(const struct merkle_nodes *nodes, uint64_t size,
    uint8_t ret_root[MERKLE_HASH_BYTES], struct error *err)
{
	if (size > MERKLE_SIZE_MAX)
		return error_set(
		    err, ERROR_USAGE, _("there is no tree of that size"));
	if (size == 0) {
		merkle_empty_root(ret_root);
		return 0;
	}
	return span_root(nodes, (struct span){0, size}, ret_root, err);
}

/* The spans whose roots make a proof, the last of the proof first. */
struct path {
	struct span spans[MERKLE_PROOF_MAX];
	unsigned count;
	struct span rest; /* what was not split any more */
};

/*
 * Split a tree of `size` leaves towards the boundary after its first `m`
 * leaves, keeping the halves that are left aside, until the boundary is the
 * end of what is left; with to_leaf, until that is the one leaf before it.
 */
static void
descend(uint64_t m, uint64_t size, bool to_leaf, struct path *path)
{
	struct span rest = {0, size};

	path->count = 0;
	while (to_leaf ? rest.count > 1 : m != rest.count) {
		uint64_t k = split(rest.count);
		struct span left = {rest.begin, k};
		struct span right = {rest.begin + k, rest.count - k};

		assert(path->count < MERKLE_PROOF_MAX - 1);
		path->spans[path->count++] = m <= k ? right : left;
		rest = m <= k ? left : right;
		if (m > k)
			m -= k;
	}
	path->rest = rest;
}

static int
make_proof(const struct merkle_nodes *nodes, const struct path *path,
    struct merkle_proof *ret_proof, struct error *err)
{
	for (unsigned i = 0; i < path->count; i++) {
		if (span_root(nodes, path->spans[path->count - 1 - i],
			ret_proof->hash[i], err) != 0)
			return -1;
	}
	ret_proof->count = path->count;
	return 0;
}

int
merkle_inclusion(const struct merkle_nodes *nodes, uint64_t index,
    uint64_t size, struct merkle_proof *ret_proof, struct error *err)
{
	struct path path;

	if (index >= size || size > MERKLE_SIZE_MAX)
		return error_set(
		    err, ERROR_USAGE, _("there is no such leaf in the tree"));
	descend(index + 1, size, true, &path);
	return make_proof(nodes, &path, ret_proof, err);
}

int
merkle_consistency(const struct merkle_nodes *nodes, uint64_t old_size,
    uint64_t size, struct merkle_proof *ret_proof, struct error *err)
{
	struct path path;

	if (old_size > size || size > MERKLE_SIZE_MAX)
		return error_set(
		    err, ERROR_USAGE, _("a tree does not extend a larger one"));
	if (old_size == 0) {
		ret_proof->count = 0;
		return 0;
	}
	descend(old_size, size, false, &path);
	/* The old tree itself, which its holder knows, is left out. */
	if (path.rest.begin != 0)
		path.spans[path.count++] = path.rest;
	return make_proof(nodes, &path, ret_proof, err);
}

static bool
is_same(const uint8_t a[MERKLE_HASH_BYTES], const uint8_t b[MERKLE_HASH_BYTES])
{
	return memcmp(a, b, MERKLE_HASH_BYTES) == 0;
}

/* fn and sn of RFC 9162: a node's place on its level, and the last one's. */
struct place {
	uint64_t node;
	uint64_t last;
};

static void
ascend(struct place *place)
{
	place->node >>= 1;
	place->last >>= 1;
}

/*
 * Whether the node's sibling is to its left: it is a right child, or the last
 * one of its level, which has no sibling until a level where it is a right
 * child; the place is moved there.
 */
static bool
has_left_sibling(struct place *place)
{
	if ((place->node & 1) == 0 && place->node != place->last)
		return false;
	while ((place->node & 1) == 0 && place->node != 0)
		ascend(place);
	return true;
}

bool
merkle_verify_inclusion(const uint8_t leaf_hash[MERKLE_HASH_BYTES],
    uint64_t index, uint64_t size, const struct merkle_proof *proof,
    const uint8_t root[MERKLE_HASH_BYTES])
{
	struct place place = {index, size - 1};
	uint8_t hash[MERKLE_HASH_BYTES];

	if (index >= size || size > MERKLE_SIZE_MAX ||
	    proof->count > MERKLE_PROOF_MAX)
		return false;
	memcpy(hash, leaf_hash, sizeof(hash));
	for (unsigned i = 0; i < proof->count; i++) {
		if (place.last == 0)
			return false;
		if (has_left_sibling(&place))
			merkle_node_hash(proof->hash[i], hash, hash);
		else
			merkle_node_hash(hash, proof->hash[i], hash);
		ascend(&place);
	}
	return place.last == 0 && is_same(hash, root);
}

/* RFC 9162 section 2.1.4.2 proper: 0 < old_size < size. */
static bool
verify_extension(uint64_t old_size, const uint8_t old_root[MERKLE_HASH_BYTES],
    uint64_t size, const uint8_t root[MERKLE_HASH_BYTES],
    const struct merkle_proof *proof)
{
	bool is_whole = (old_size & (old_size - 1)) == 0;
	struct place place = {old_size - 1, size - 1};
	uint8_t was[MERKLE_HASH_BYTES], is[MERKLE_HASH_BYTES];
	unsigned next = is_whole ? 0 : 1;

	if (proof->count == 0)
		return false;
	/* An old tree that is one complete subtree is left out of the proof. */
	memcpy(was, is_whole ? old_root : proof->hash[0], sizeof(was));
	memcpy(is, was, sizeof(is));
	while ((place.node & 1) != 0)
		ascend(&place);
	for (; next < proof->count; next++) {
		const uint8_t *sibling = proof->hash[next];

		if (place.last == 0)
			return false;
		if (has_left_sibling(&place)) {
			merkle_node_hash(sibling, was, was);
			merkle_node_hash(sibling, is, is);
		} else {
			merkle_node_hash(is, sibling, is);
		}
		ascend(&place);
	}
	return place.last == 0 && is_same(was, old_root) && is_same(is, root);
}

bool
merkle_verify_consistency(uint64_t old_size,
    const uint8_t old_root[MERKLE_HASH_BYTES], uint64_t size,
    const uint8_t root[MERKLE_HASH_BYTES], const struct merkle_proof *proof)
{
	uint8_t empty[MERKLE_HASH_BYTES];

	if (old_size > size || size > MERKLE_SIZE_MAX ||
	    proof->count > MERKLE_PROOF_MAX)
		return false;
	merkle_empty_root(empty);
	if (old_size == 0 && !is_same(old_root, empty))
		return false;
	if (old_size == size)
		return proof->count == 0 && is_same(old_root, root);
	if (old_size == 0)
		return proof->count == 0;
	return verify_extension(old_size, old_root, size, root, proof);
}

/* Only nodes on the edge are asked for: of a level, the newest left one. */
static int
edge_node(void *context, unsigned level, uint64_t index,
    uint8_t ret_hash[MERKLE_HASH_BYTES], struct error *err)
{
	const struct merkle_edge *edge = context;

	(void)index;
	(void)err;
	memcpy(ret_hash, edge->hash[level], MERKLE_HASH_BYTES);
	return 0;
}

static int
edge_store(void *context, unsigned level, uint64_t index,
    const uint8_t hash[MERKLE_HASH_BYTES], struct error *err)
{
	struct merkle_edge *edge = context;

	(void)err;
	if (index % 2 == 0)
		memcpy(edge->hash[level], hash, MERKLE_HASH_BYTES);
	return 0;
}

struct merkle_nodes
merkle_edge_nodes(struct merkle_edge *edge)
{
	return (struct merkle_nodes){edge_node, edge_store, edge};
}
