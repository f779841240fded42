/*
 * Two digests at once are what each of them is alone: known answers from FIPS
 * 180-4's examples, and the plain way for all alignments and lengths.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/bytes.h"
#include "lib/crypto/digest_pair.h"

#define BLOCK DIGEST_SHA256_BLOCK_BYTES
#define TEXT_BYTES ((size_t)64 * 1024)

static uint8_t text[TEXT_BYTES + 2 * BLOCK];

/* The same numbers in each run. */
static uint32_t
draw(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % below;
}

static int
set_up(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)draw(&seed, 256);
	return 0;
}

/* What the processor can do, and what every processor can. */
static struct digest_pair
pair_of(size_t way)
{
	struct digest_pair pair = {NULL};

	if (way == 0)
		digest_pair_init(&pair);
	return pair;
}

static void
update(const struct digest_pair *pair, struct digest_sha256 *a,
    const uint8_t *data_a, struct digest_sha256 *b, const uint8_t *data_b,
    size_t blocks)
{
	digest_pair_update(pair, (struct digest_sha256 *const[]){a, b},
	    (const uint8_t *const[]){data_a, data_b}, blocks);
}

static void
assert_hex(struct digest_sha256 *digest, const char *expected)
{
	uint8_t value[DIGEST_SHA256_BYTES];
	char hex[2 * sizeof(value) + 1];

	digest_sha256_final(digest, value);
	bytes_format_hex(value, sizeof(value), hex);
	assert_string_equal(hex, expected);
}

static void
assert_plain(struct digest_sha256 *digest, const uint8_t *data, size_t length)
{
	uint8_t value[DIGEST_SHA256_BYTES], plain[DIGEST_SHA256_BYTES];

	assert_int_equal(digest_sha256_offset(digest), length);
	digest_sha256_final(digest, value);
	digest_sha256_of(data, length, plain);
	assert_memory_equal(value, plain, sizeof(value));
}

/* The long message and the million letters, each on either side. */
static void
known_answers(void **state)
{
	static const char message[] =
	    "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
	    "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu";
	static const char message_digest[] = "cf5b16a778af8380036ce59e7b049237"
					     "0b249b11e8f07a51afac45037afee9d1";
	static const char letters_digest[] = "cdc76e5c9914fb9281a1c7e284d73e67"
					     "f1809a48a497200e046d39ccc7112cd0";
	const uint8_t *bytes = (const uint8_t *)message;
	uint8_t letters[BLOCK];

	(void)state;
	memset(letters, 'a', sizeof(letters));
	for (size_t i = 0; i < 4; i++) {
		struct digest_pair pair = pair_of(i / 2);
		struct digest_sha256 a, b, c;

		digest_sha256_init(&a);
		digest_sha256_init(&b);
		digest_sha256_init(&c);
		if (i % 2 == 0)
			update(&pair, &a, bytes, &b, letters, 1);
		else
			update(&pair, &b, letters, &a, bytes, 1);
		digest_sha256_update(&a, bytes + BLOCK, 112 - BLOCK);
		assert_hex(&a, message_digest);
		for (size_t n = 1; n < 1000000 / BLOCK; n++)
			update(&pair, &b, letters, &c, text, 1);
		assert_hex(&b, letters_digest);
	}
}

/* Bytes at every place of a block, and so many blocks that all loops end. */
static void
all_alignments(void **state)
{
	struct digest_pair pair = pair_of(0);

	(void)state;
	for (size_t at_a = 0; at_a < BLOCK; at_a++)
		for (size_t blocks = 0; blocks < 9; blocks++) {
			size_t at_b = (at_a * 7 + blocks) % BLOCK + 1;
			struct digest_sha256 a, b;

			digest_sha256_init(&a);
			digest_sha256_init(&b);
			update(&pair, &a, text + at_a, &b, text + at_b, blocks);
			assert_plain(&a, text + at_a, blocks * BLOCK);
			assert_plain(&b, text + at_b, blocks * BLOCK);
		}
}

/* In pieces of any size, alone and together, with a tail. */
static void
any_way_of_cutting(void **state)
{
	uint32_t seed = 2;

	(void)state;
	for (size_t i = 0; i < 400; i++) {
		struct digest_pair pair = pair_of(i % 4 == 3);
		const uint8_t *from_a = text + draw(&seed, BLOCK);
		const uint8_t *from_b = text + draw(&seed, BLOCK);
		size_t at_a = 0, at_b = 0, n;
		struct digest_sha256 a, b;

		digest_sha256_init(&a);
		digest_sha256_init(&b);
		while (at_a < TEXT_BYTES / 2 && at_b < TEXT_BYTES / 2) {
			n = draw(&seed, 40);
			update(&pair, &a, from_a + at_a, &b, from_b + at_b, n);
			at_a += n * BLOCK;
			at_b += n * BLOCK;
			n = draw(&seed, 4) * BLOCK;
			digest_sha256_update(&b, from_b + at_b, n);
			at_b += n;
		}
		n = draw(&seed, 3 * BLOCK);
		digest_sha256_update(&a, from_a + at_a, n);
		assert_plain(&a, from_a, at_a + n);
		n = draw(&seed, 3 * BLOCK);
		digest_sha256_update(&b, from_b + at_b, n);
		assert_plain(&b, from_b, at_b + n);
	}
}

/* A state goes out and comes in again, far behind 4 GiB too. */
static void
resuming(void **state)
{
	static const uint64_t offsets[] = {0, BLOCK, UINT64_C(0x1fffffc0),
	    UINT64_C(0x20000000), UINT64_C(0xffffffc0), UINT64_C(0x100000000),
	    UINT64_C(1) << 60};
	struct digest_pair pair = pair_of(0);

	(void)state;
	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		struct digest_sha256 digests[3];
		uint8_t values[3][DIGEST_SHA256_BYTES];
		uint8_t states[2][DIGEST_SHA256_BYTES];

		for (size_t k = 0; k < 3; k++)
			digest_sha256_resume(&digests[k], text + 32 * i,
			    offsets[k == 1 ? 0 : i]);
		update(&pair, &digests[0], text, &digests[1], text + 1, 100);
		digest_sha256_update(&digests[2], text, 100 * BLOCK);
		assert_int_equal(digest_sha256_offset(&digests[0]),
		    offsets[i] + 100 * BLOCK);
		assert_int_equal(
		    digest_sha256_offset(&digests[1]), 100 * BLOCK);
		digest_sha256_export(&digests[0], states[0]);
		digest_sha256_export(&digests[2], states[1]);
		assert_memory_equal(states[0], states[1], sizeof(states[0]));
		for (size_t k = 0; k < 3; k++)
			digest_sha256_final(&digests[k], values[k]);
		assert_memory_equal(values[0], values[2], sizeof(values[0]));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_answers),
	    cmocka_unit_test(all_alignments),
	    cmocka_unit_test(any_way_of_cutting),
	    cmocka_unit_test(resuming),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
