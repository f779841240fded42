/*
 * Known answers from FIPS 180-4's examples, the NIST SHAVS byte-oriented short
 * messages and RFC 4231; states from FIPS 180-4's worked example.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/bytes.h"
#include "lib/crypto/digest.h"

/* Whether 32 bytes are the ones of a hexadecimal text. */
static void
assert_hex(const uint8_t digest[DIGEST_SHA256_BYTES], const char *expected)
{
	char text[2 * DIGEST_SHA256_BYTES + 1];

	bytes_format_hex(digest, DIGEST_SHA256_BYTES, text);
	assert_string_equal(text, expected);
}

static void
messages_known_answers(void **state)
{
	static const struct {
		const char *message;
		const char *digest;
	} vectors[] = {
	    {"", "e3b0c44298fc1c149afbf4c8996fb924"
		 "27ae41e4649b934ca495991b7852b855"},
	    {"abc", "ba7816bf8f01cfea414140de5dae2223"
		    "b00361a396177a9cb410ff61f20015ad"},
	    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		"248d6a61d20638b8e5c026930c3e6039"
		"a33ce45964ff2167f6ecedd419db06c1"},
	    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
	     "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
		"cf5b16a778af8380036ce59e7b049237"
		"0b249b11e8f07a51afac45037afee9d1"},
	};
	uint8_t digest[DIGEST_SHA256_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		digest_sha256_of(
		    vectors[i].message, strlen(vectors[i].message), digest);
		assert_hex(digest, vectors[i].digest);
	}
	digest_sha256_of(NULL, 0, digest);
	assert_hex(digest, vectors[0].digest);
}

static void
a_million_letters(void **state)
{
	static const char letters[] =
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	uint8_t out[DIGEST_SHA256_BYTES];
	struct digest_sha256 digest;

	(void)state;
	digest_sha256_init(&digest);
	for (int i = 0; i < 25000; i++)
		digest_sha256_update(&digest, letters, 40);
	assert_true(digest_sha256_offset(&digest) == 1000000);
	digest_sha256_final(&digest, out);
	assert_hex(out, "cdc76e5c9914fb9281a1c7e284d73e67"
			"f1809a48a497200e046d39ccc7112cd0");
}

/*
 * FIPS 180-4's example of a two-block message prints the values after the
 * first block; the padding of the second is the rest of the digest.
 */
static void
state_known_answer(void **state)
{
	static const char message[] =
	    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	uint8_t block[64] = {0}, second[64] = {0}, chaining[32];
	struct digest_sha256 digest;

	(void)state;
	memcpy(block, message, 56);
	block[56] = 0x80;
	second[62] = 448 >> 8;
	second[63] = 448 & 0xff;
	digest_sha256_init(&digest);
	digest_sha256_export(&digest, chaining);
	assert_memory_equal(chaining, digest_sha256_initial, 32);
	digest_sha256_update(&digest, block, 64);
	digest_sha256_export(&digest, chaining);
	assert_hex(chaining, "85e655d6417a17953363376a624cde5c"
			     "76e09589cac5f811cc4b32c1f20e533a");
	digest_sha256_resume(&digest, chaining, 64);
	digest_sha256_update(&digest, second, 64);
	digest_sha256_export(&digest, chaining);
	assert_hex(chaining, "248d6a61d20638b8e5c026930c3e6039"
			     "a33ce45964ff2167f6ecedd419db06c1");
}

#define DATA_BYTES 1000

/* Every cut at a block, resumed in a fresh context, gives the one digest. */
static void
every_split_resumes(void **state)
{
	uint8_t data[DATA_BYTES], whole[32], chaining[32], resumed[32];
	struct digest_sha256 digest;

	(void)state;
	bytes_random(data, sizeof(data));
	for (size_t length = 0; length <= sizeof(data); length += 37) {
		digest_sha256_of(data, length, whole);
		for (size_t cut = 0; cut <= length; cut += 64) {
			digest_sha256_init(&digest);
			digest_sha256_update(&digest, data, cut);
			digest_sha256_export(&digest, chaining);
			memset(&digest, 0xa5, sizeof(digest));
			digest_sha256_resume(&digest, chaining, cut);
			assert_true(digest_sha256_offset(&digest) == cut);
			digest_sha256_update(&digest, data + cut, length - cut);
			digest_sha256_final(&digest, resumed);
			assert_memory_equal(resumed, whole, 32);
		}
	}
}

/* Slices verified alone, each from its recorded state, join up. */
static void
all_slices_chain(void **state)
{
	enum {
		SLICE = 192,
		SLICES = (DATA_BYTES + SLICE - 1) / SLICE
	};
	uint8_t data[DATA_BYTES], states[SLICES][32], out[32], whole[32];
	struct digest_sha256 digest;

	(void)state;
	bytes_random(data, sizeof(data));
	digest_sha256_init(&digest);
	for (size_t i = 0; i < SLICES; i++) {
		size_t length = i + 1 < SLICES ? SLICE : DATA_BYTES % SLICE;

		digest_sha256_export(&digest, states[i]);
		digest_sha256_update(&digest, data + i * SLICE, length);
	}
	digest_sha256_final(&digest, whole);
	for (size_t i = 0; i + 1 < SLICES; i++) {
		digest_sha256_resume(&digest, states[i], i * SLICE);
		digest_sha256_update(&digest, data + i * SLICE, SLICE);
		digest_sha256_export(&digest, out);
		assert_memory_equal(out, states[i + 1], 32);
	}
	digest_sha256_resume(&digest, states[SLICES - 1], (SLICES - 1) * SLICE);
	digest_sha256_update(&digest, data + (SLICES - 1) * SLICE,
	    DATA_BYTES - (SLICES - 1) * SLICE);
	digest_sha256_final(&digest, out);
	assert_memory_equal(out, whole, 32);
}

/*
 * The length of the message goes into the padding in 64 bits: an offset above
 * 2^32 bits and above 2^32 bytes must arrive there whole.
 */
static void
large_offsets_are_counted(void **state)
{
	static const uint64_t offsets[] = {UINT64_C(1) << 29,
	    (UINT64_C(1) << 32) + 64, (UINT64_C(1) << 61) - 64};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		uint64_t bits = offsets[i] * 8;
		uint8_t padding[64] = {0x80}, out[32], expected[32];
		struct digest_sha256 digest;

		digest_sha256_resume(
		    &digest, digest_sha256_initial, offsets[i]);
		assert_true(digest_sha256_offset(&digest) == offsets[i]);
		digest_sha256_final(&digest, out);
		for (size_t j = 0; j < 8; j++)
			padding[63 - j] = (uint8_t)(bits >> (8 * j));
		digest_sha256_init(&digest);
		digest_sha256_update(&digest, padding, 64);
		digest_sha256_export(&digest, expected);
		assert_memory_equal(out, expected, 32);
	}
}

/* RFC 4231 sections 4.2 to 4.8, less 4.6 (a truncated output). */
static void
hmac_known_answers(void **state)
{
	static const struct {
		const char *key; /* NULL: key_length bytes of fill */
		size_t key_length;
		const char *data;
		size_t data_length;
		const char *mac;
		uint8_t key_fill, data_fill;
	} vectors[] = {
	    {NULL, 20, "Hi There", 8,
		"b0344c61d8db38535ca8afceaf0bf12b"
		"881dc200c9833da726e9376c2e32cff7",
		0x0b, 0},
	    {"Jefe", 4, "what do ya want for nothing?", 28,
		"5bdcc146bf60754e6a042426089575c7"
		"5a003f089d2739839dec58b964ec3843",
		0, 0},
	    {NULL, 20, NULL, 50,
		"773ea91e36800e46854db8ebd09181a7"
		"2959098b3ef8c122d9635514ced565fe",
		0xaa, 0xdd},
	    {"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
	     "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19",
		25, NULL, 50,
		"82558a389a443c0ea4cc819899f2083a"
		"85f0faa3e578f8077a2e3ff46729665b",
		0, 0xcd},
	    {NULL, 131,
		"Test Using Larger Than Block-Size Key - "
		"Hash Key First",
		54,
		"60e431591ee0b67f0d8a26aacbf5b77f"
		"8e0bc6213728c5140546040f0ee37f54",
		0xaa, 0},
	    {NULL, 131,
		"This is a test using a larger than block-size key "
		"and a larger than block-size data. The key needs to "
		"be hashed before being used by the HMAC algorithm.",
		152,
		"9b09ffa71b942fcb27635fbcd5b0e944"
		"bfdc63644f0713938a7f51535c3a35e2",
		0xaa, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		uint8_t key[131], data[50], mac[32];

		memset(key, vectors[i].key_fill, sizeof(key));
		memset(data, vectors[i].data_fill, sizeof(data));
		digest_hmac_sha256(
		    vectors[i].key ? vectors[i].key : (const char *)key,
		    vectors[i].key_length,
		    vectors[i].data ? vectors[i].data : (const char *)data,
		    vectors[i].data_length, mac);
		assert_hex(mac, vectors[i].mac);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(messages_known_answers),
	    cmocka_unit_test(a_million_letters),
	    cmocka_unit_test(state_known_answer),
	    cmocka_unit_test(every_split_resumes),
	    cmocka_unit_test(all_slices_chain),
	    cmocka_unit_test(large_offsets_are_counted),
	    cmocka_unit_test(hmac_known_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
