/* Proofs that were altered, or made to fit, do not hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/crypto/merkle_forest.h"

/* Proofs of another leaf, place, size, root or length do not hold. */
static void
altered_inclusion_proofs_fail(void **state)
{
	uint8_t root[32];

	(void)state;
	grow_random();
	for (uint64_t size = 1; size <= 20; size++) {
		assert_int_equal(merkle_root(&nodes, size, root, NULL), 0);
		for (uint64_t i = 0; i < size; i++) {
			const uint8_t *leaf = all_leaves[i];
			struct merkle_proof proof = {0};

			assert_int_equal(
			    merkle_inclusion(&nodes, i, size, &proof, NULL), 0);
			for (uint64_t j = 0; j < 2 * size; j++)
				assert_int_equal(merkle_verify_inclusion(leaf,
						     j, size, &proof, root),
				    i == j);
			assert_false(merkle_verify_inclusion(
			    all_leaves[i + 1], i, size, &proof, root));
			for (unsigned j = 0; j < 256 * proof.count; j++) {
				uint8_t *byte =
				    &proof.hash[j / 256][j % 256 / 8];

				*byte ^= (uint8_t)(1u << (j % 8));
				assert_false(merkle_verify_inclusion(
				    leaf, i, size, &proof, root));
				*byte ^= (uint8_t)(1u << (j % 8));
			}
			for (unsigned n = 0; n <= MERKLE_PROOF_MAX + 1; n++) {
				bool same = n == proof.count;
				struct merkle_proof other = proof;

				other.count = n;
				assert_int_equal(merkle_verify_inclusion(leaf,
						     i, size, &other, root),
				    same);
			}
			root[i] ^= 1;
			assert_false(merkle_verify_inclusion(
			    leaf, i, size, &proof, root));
			root[i] ^= 1;
		}
	}
}

static void
altered_consistency_proofs_fail(void **state)
{
	uint8_t roots[21][32];

	(void)state;
	grow_random();
	for (uint64_t size = 0; size <= 20; size++)
		assert_int_equal(
		    merkle_root(&nodes, size, roots[size], NULL), 0);
	for (uint64_t size = 0; size <= 20; size++) {
		for (uint64_t old = 0; old <= size; old++) {
			struct merkle_proof proof = {0};

			assert_int_equal(
			    merkle_consistency(&nodes, old, size, &proof, NULL),
			    0);
			for (unsigned n = 0; n <= MERKLE_PROOF_MAX + 1; n++) {
				struct merkle_proof other = proof;

				other.count = n;
				assert_int_equal(
				    merkle_verify_consistency(old, roots[old],
					size, roots[size], &other),
				    n == proof.count);
			}
			for (unsigned j = 0; j < 256 * proof.count; j++) {
				uint8_t *byte =
				    &proof.hash[j / 256][j % 256 / 8];

				*byte ^= (uint8_t)(1u << (j % 8));
				assert_false(merkle_verify_consistency(old,
				    roots[old], size, roots[size], &proof));
				*byte ^= (uint8_t)(1u << (j % 8));
			}
			/* A tree of twice the size is a level higher. */
			if (old > 0 && old < size)
				assert_false(merkle_verify_consistency(old,
				    roots[old], 2 * size, roots[size], &proof));
			/* Nothing is known of a tree that extends nothing. */
			for (uint64_t j = 0; j <= 20 && old > 0; j++) {
				assert_int_equal(
				    merkle_verify_consistency(old, roots[j],
					size, roots[size], &proof),
				    j == old);
				assert_int_equal(
				    merkle_verify_consistency(old, roots[old],
					size, roots[j], &proof),
				    j == size);
			}
		}
	}
	assert_false(merkle_verify_consistency(
	    0, roots[1], 5, roots[5], &(struct merkle_proof){0}));
	assert_false(merkle_verify_consistency(
	    0, roots[1], 0, roots[1], &(struct merkle_proof){0}));
	assert_false(merkle_verify_consistency(
	    3, roots[3], 2, roots[2], &(struct merkle_proof){0}));
}

/* Roots made to fit a proof that climbs above the root of its tree. */
static void
proofs_do_not_climb_above_the_root(void **state)
{
	struct merkle_proof proof = {0};
	uint8_t root[32], old_root[32];

	(void)state;
	grow_random();
	proof.count = 1;
	bytes_random(proof.hash[0], 32);
	merkle_node_hash(proof.hash[0], all_leaves[0], root);
	assert_false(
	    merkle_verify_inclusion(all_leaves[0], 0, 1, &proof, root));

	assert_int_equal(merkle_root(&nodes, 3, old_root, NULL), 0);
	assert_int_equal(merkle_root(&nodes, 4, root, NULL), 0);
	assert_int_equal(merkle_consistency(&nodes, 3, 4, &proof, NULL), 0);
	assert_true(merkle_verify_consistency(3, old_root, 4, root, &proof));
	bytes_random(proof.hash[proof.count], 32);
	merkle_node_hash(proof.hash[proof.count], old_root, old_root);
	merkle_node_hash(proof.hash[proof.count], root, root);
	proof.count++;
	assert_false(merkle_verify_consistency(3, old_root, 4, root, &proof));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(altered_inclusion_proofs_fail),
	    cmocka_unit_test(altered_consistency_proofs_fail),
	    cmocka_unit_test(proofs_do_not_climb_above_the_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
