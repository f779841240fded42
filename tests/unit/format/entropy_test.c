/* Noise of every size is high, and nothing that people write is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/crypto/digest.h"
#include "lib/format/entropy.h"

/* Digests of a counter: noise that is the same in every run. */
static void
fill_noise(uint8_t *data, size_t length, uint32_t seed)
{
	uint8_t block[DIGEST_SHA256_BYTES];

	for (size_t at = 0; at < length; at += sizeof(block)) {
		uint32_t from[2] = {seed, (uint32_t)at};
		size_t left = length - at;

		digest_sha256_of(from, sizeof(from), block);
		memcpy(data + at, block,
		    left < sizeof(block) ? left : sizeof(block));
	}
}

static bool
is_high(const void *data, size_t length)
{
	struct entropy entropy = {.total = 0};

	entropy_add(&entropy, data, length);
	return entropy_is_high(&entropy);
}

static void
noise_is_high(void **state)
{
	static const size_t sizes[] = {256, 300, 430, 512, 1000, 4096, 8192};
	uint8_t data[8192];

	(void)state;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		int missed = 0;

		for (uint32_t seed = 0; seed < 1000; seed++) {
			fill_noise(data, sizes[s], seed);
			missed += !is_high(data, sizes[s]);
		}
		/* Six deviations: not one of a thousand. */
		assert_int_equal(missed, 0);
	}
}

static void
too_few_bytes_say_nothing(void **state)
{
	uint8_t data[ENTROPY_BYTES_MIN - 1];

	(void)state;
	fill_noise(data, sizeof(data), 1);
	assert_false(is_high(data, sizeof(data)));
	assert_false(is_high("", 0));
}

static void
what_people_write_is_not(void **state)
{
	static const char base64[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t noise[8192], data[8192];

	(void)state;
	fill_noise(noise, sizeof(noise), 7);
	memset(data, 0, sizeof(data));
	assert_false(is_high(data, sizeof(data)));
	/* Each byte as often as any other letter of base64, or digit. */
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)base64[noise[i] % 64];
	assert_false(is_high(data, sizeof(data)));
	assert_false(is_high(data, 256));
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)("0123456789abcdef"[noise[i] % 16]);
	assert_false(is_high(data, sizeof(data)));
	/* Seven bits of noise, as in samples of twelve-bit pictures. */
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = noise[i] & 0x7f;
	assert_false(is_high(data, sizeof(data)));
}

/* The sum of the parts, and no more than there is room for. */
static void
pieces_add_up(void **state)
{
	struct entropy whole = {.total = 0}, pieces = {.total = 0};
	uint8_t data[8192];

	(void)state;
	fill_noise(data, sizeof(data), 3);
	entropy_add(&whole, data, sizeof(data));
	for (size_t i = 0; i < sizeof(data); i++)
		entropy_add(&pieces, data + i, 1);
	assert_memory_equal(&whole, &pieces, sizeof(whole));
	for (int i = 0; i < 100; i++)
		entropy_add(&whole, data, sizeof(data));
	assert_int_equal(whole.total, ENTROPY_BYTES_MAX);
	assert_true(entropy_is_high(&whole));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(noise_is_high),
	    cmocka_unit_test(too_few_bytes_say_nothing),
	    cmocka_unit_test(what_people_write_is_not),
	    cmocka_unit_test(pieces_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
