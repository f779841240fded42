/*
 * Known answers: the eight leaves that the tests of Certificate Transparency's
 * reference implementations share, with their roots and proofs.  Property: all
 * sizes to 130 against RFC 6962's definitions, taken literally.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/crypto/merkle_forest.h"

static void
hex(const char *text, uint8_t ret_hash[32])
{
	assert_int_equal(bytes_parse_hex(text, ret_hash, 32), 0);
}

static void
assert_hash(const uint8_t hash[32], const char *expected)
{
	char text[65];

	bytes_format_hex(hash, 32, text);
	assert_string_equal(text, expected);
}

/* The reference's leaves and what became of them. */
static const char *const reference_leaves[8] = {"", "00", "10", "2021", "3031",
    "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};

static const char *const reference_roots[9] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

/* Nodes of the reference tree, named LEVEL_INDEX. */
#define N0_0 "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
#define N0_1 "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
#define N0_4 "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
#define N1_0 "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
#define N1_1 "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
#define N1_2 "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
#define N1_3 "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
#define N2_0 "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
#define N2_1 "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"

static void
make_reference_leaves(uint8_t leaves[8][32])
{
	for (size_t i = 0; i < 8; i++) {
		size_t length = strlen(reference_leaves[i]) / 2;
		uint8_t data[16];

		assert_int_equal(
		    bytes_parse_hex(reference_leaves[i], data, length), 0);
		merkle_leaf_hash(data, length, leaves[i]);
	}
}

static void
reference_roots_and_nodes(void **state)
{
	uint8_t leaves[8][32], root[32];

	(void)state;
	merkle_empty_root(root);
	assert_hash(root, reference_roots[0]);
	make_reference_leaves(leaves);
	assert_hash(leaves[0], N0_0);
	assert_hash(leaves[1], N0_1);
	assert_hash(leaves[4], N0_4);
	for (uint64_t size = 0; size <= 8; size++) {
		grow((const uint8_t(*)[32])leaves, size);
		assert_int_equal(merkle_root(&nodes, size, root, NULL), 0);
		assert_hash(root, reference_roots[size]);
	}
	assert_hash(forest.hash[1][0], N1_0);
	assert_hash(forest.hash[1][1], N1_1);
	assert_hash(forest.hash[1][2], N1_2);
	assert_hash(forest.hash[1][3], N1_3);
	assert_hash(forest.hash[2][0], N2_0);
	assert_hash(forest.hash[2][1], N2_1);
	/* Every earlier root is still to be had. */
	for (uint64_t size = 0; size <= 8; size++) {
		assert_int_equal(merkle_root(&nodes, size, root, NULL), 0);
		assert_hash(root, reference_roots[size]);
	}
}

static void
reference_proofs(void **state)
{
	static const struct {
		uint64_t a, size; /* leaf index, or old size */
		const char *hash[4];
	} inclusion[] = {{0, 1, {NULL}}, {0, 8, {N0_1, N1_1, N2_1, NULL}},
	    {5, 8, {N0_4, N1_3, N2_0, NULL}}, {2, 3, {N1_0, NULL}},
	    {1, 5, {N0_0, N1_1, N0_4, NULL}}},
	  consistency[] = {{1, 1, {NULL}}, {1, 8, {N0_1, N1_1, N2_1, NULL}},
	      {6, 8, {N1_2, N1_3, N2_0, NULL}}, {2, 5, {N1_1, N0_4, NULL}}};
	uint8_t leaves[8][32], root[32], old_root[32];
	struct merkle_proof proof;

	(void)state;
	make_reference_leaves(leaves);
	grow((const uint8_t(*)[32])leaves, 8);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(merkle_inclusion(&nodes, inclusion[i].a,
				     inclusion[i].size, &proof, NULL),
		    0);
		for (unsigned j = 0; j < proof.count; j++)
			assert_hash(proof.hash[j], inclusion[i].hash[j]);
		assert_null(inclusion[i].hash[proof.count]);
		hex(reference_roots[inclusion[i].size], root);
		assert_true(merkle_verify_inclusion(leaves[inclusion[i].a],
		    inclusion[i].a, inclusion[i].size, &proof, root));
	}
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(merkle_consistency(&nodes, consistency[i].a,
				     consistency[i].size, &proof, NULL),
		    0);
		for (unsigned j = 0; j < proof.count; j++)
			assert_hash(proof.hash[j], consistency[i].hash[j]);
		assert_null(consistency[i].hash[proof.count]);
		hex(reference_roots[consistency[i].a], old_root);
		hex(reference_roots[consistency[i].size], root);
		assert_true(merkle_verify_consistency(consistency[i].a,
		    old_root, consistency[i].size, root, &proof));
	}
}

/* RFC 6962 section 2.1, its recursive definitions as they stand there. */

static uint64_t
naive_k(uint64_t n)
{
	uint64_t k = 1;

	while (2 * k < n)
		k *= 2;
	return k;
}

static void
naive_mth(uint64_t from, uint64_t n, uint8_t ret_hash[32])
{
	uint8_t left[32], right[32];

	if (n == 1) {
		memcpy(ret_hash, all_leaves[from], 32);
		return;
	}
	naive_mth(from, naive_k(n), left);
	naive_mth(from + naive_k(n), n - naive_k(n), right);
	merkle_node_hash(left, right, ret_hash);
}

static void
naive_path(uint64_t m, uint64_t from, uint64_t n, struct merkle_proof *proof)
{
	uint64_t k = n > 1 ? naive_k(n) : 0;

	if (n == 1)
		return;
	if (m < k) {
		naive_path(m, from, k, proof);
		naive_mth(from + k, n - k, proof->hash[proof->count++]);
	} else {
		naive_path(m - k, from + k, n - k, proof);
		naive_mth(from, k, proof->hash[proof->count++]);
	}
}

static void
naive_subproof(uint64_t m, uint64_t from, uint64_t n, bool known,
    struct merkle_proof *proof)
{
	uint64_t k = n > 1 ? naive_k(n) : 0;

	if (m == n) {
		if (!known)
			naive_mth(from, n, proof->hash[proof->count++]);
	} else if (m <= k) {
		naive_subproof(m, from, k, known, proof);
		naive_mth(from + k, n - k, proof->hash[proof->count++]);
	} else {
		naive_subproof(m - k, from + k, n - k, false, proof);
		naive_mth(from, k, proof->hash[proof->count++]);
	}
}

static void
assert_same_proof(
    const struct merkle_proof *proof, const struct merkle_proof *expected)
{
	assert_int_equal(proof->count, expected->count);
	assert_memory_equal(
	    proof->hash, expected->hash, 32 * (size_t)expected->count);
}

static void
inclusion_of_every_leaf_of_every_size(void **state)
{
	uint8_t root[32], expected_root[32];

	(void)state;
	grow_random();
	for (uint64_t size = 1; size <= LEAVES; size++) {
		naive_mth(0, size, expected_root);
		assert_int_equal(merkle_root(&nodes, size, root, NULL), 0);
		assert_memory_equal(root, expected_root, 32);
		for (uint64_t i = 0; i < size; i++) {
			struct merkle_proof proof = {0}, expected = {0};

			naive_path(i, 0, size, &expected);
			assert_int_equal(
			    merkle_inclusion(&nodes, i, size, &proof, NULL), 0);
			assert_same_proof(&proof, &expected);
			assert_true(merkle_verify_inclusion(
			    all_leaves[i], i, size, &proof, root));
		}
	}
}

static void
consistency_of_every_pair_of_sizes(void **state)
{
	static uint8_t roots[LEAVES + 1][32];

	(void)state;
	grow_random();
	for (uint64_t size = 0; size <= LEAVES; size++)
		assert_int_equal(
		    merkle_root(&nodes, size, roots[size], NULL), 0);
	for (uint64_t size = 0; size <= LEAVES; size++) {
		for (uint64_t old = 0; old <= size; old++) {
			struct merkle_proof proof = {0}, expected = {0};

			if (old > 0)
				naive_subproof(old, 0, size, true, &expected);
			assert_int_equal(
			    merkle_consistency(&nodes, old, size, &proof, NULL),
			    0);
			assert_same_proof(&proof, &expected);
			assert_true(merkle_verify_consistency(
			    old, roots[old], size, roots[size], &proof));
		}
	}
}

/* A tree of equal leaves: what a node is depends on its level alone. */
static int
uniform_node(void *context, unsigned level, uint64_t index, uint8_t *ret_hash,
    struct error *err)
{
	(void)context;
	(void)err;
	assert_true(level <= MERKLE_LEVEL_MAX);
	assert_true(index < MERKLE_SIZE_MAX >> level);
	memset(ret_hash, 7, 32);
	for (unsigned i = 0; i < level; i++)
		merkle_node_hash(ret_hash, ret_hash, ret_hash);
	return 0;
}

static void
trees_of_the_largest_sizes(void **state)
{
	static const uint64_t sizes[] = {MERKLE_SIZE_MAX, MERKLE_SIZE_MAX - 1,
	    (UINT64_C(1) << 61) + 1, (UINT64_C(1) << 53) - 1,
	    UINT64_C(0x1555555555555555)};
	static const struct merkle_nodes uniform = {uniform_node, NULL, NULL};
	uint8_t leaf[32], root[32], old_root[32];
	struct merkle_proof proof;
	struct error err = {0};

	(void)state;
	memset(leaf, 7, 32);
	for (size_t i = 0; i < 5; i++) {
		uint64_t n = sizes[i];
		uint64_t places[] = {0, 1, n / 2, n / 3, n - 2, n - 1};

		assert_int_equal(merkle_root(&uniform, n, root, NULL), 0);
		for (size_t j = 0; j < 6; j++) {
			assert_int_equal(merkle_inclusion(&uniform, places[j],
					     n, &proof, NULL),
			    0);
			assert_true(merkle_verify_inclusion(
			    leaf, places[j], n, &proof, root));
			assert_int_equal(merkle_root(&uniform, places[j] + 1,
					     old_root, NULL),
			    0);
			assert_int_equal(merkle_consistency(&uniform,
					     places[j] + 1, n, &proof, NULL),
			    0);
			assert_true(merkle_verify_consistency(
			    places[j] + 1, old_root, n, root, &proof));
		}
	}
	assert_int_equal(
	    merkle_append(&uniform, MERKLE_SIZE_MAX, leaf, &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_int_equal(
	    merkle_root(&uniform, MERKLE_SIZE_MAX + 1, root, &err), -1);
	assert_int_equal(err.code, ERROR_USAGE);
	assert_int_equal(merkle_inclusion(&uniform, 5, 5, &proof, &err), -1);
	assert_int_equal(merkle_consistency(&uniform, 6, 5, &proof, &err), -1);
}

/* The N-th call fails, for every N: the error comes through. */
static void
failing_storage_is_told(void **state)
{
	struct merkle_proof proof;
	uint8_t root[32];
	unsigned n = 0;

	(void)state;
	for (n = 0; n < 7; n++) {
		struct error err = {0};

		grow_random();
		memset(forest.count, 0, sizeof(forest.count));
		for (uint64_t i = 0; i < 7; i++)
			assert_int_equal(
			    merkle_append(&nodes, i, all_leaves[i], NULL), 0);
		forest.calls_left = n;
		assert_int_equal(
		    merkle_append(&nodes, 7, all_leaves[7], &err), -1);
		assert_int_equal(err.code, ERROR_IO);
	}
	grow_random();
	for (n = 0; n < 6; n++) {
		forest.calls_left = n;
		assert_int_equal(merkle_root(&nodes, 127, root, NULL), -1);
		forest.calls_left = n;
		assert_int_equal(
		    merkle_inclusion(&nodes, 0, 127, &proof, NULL), -1);
		forest.calls_left = n;
		assert_int_equal(
		    merkle_consistency(&nodes, 63, 127, &proof, NULL), -1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reference_roots_and_nodes),
	    cmocka_unit_test(reference_proofs),
	    cmocka_unit_test(inclusion_of_every_leaf_of_every_size),
	    cmocka_unit_test(consistency_of_every_pair_of_sizes),
	    cmocka_unit_test(trees_of_the_largest_sizes),
	    cmocka_unit_test(failing_storage_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
