/*
 * Known answers: RFC 1321 appendix A.5, FIPS 180-4's examples ("abc"), and
 * RFC 3720 appendix B.4 (CRC-32C of 32 bytes; printed there as on the wire,
 * which is least significant byte first).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/bytes.h"
#include "lib/crypto/digest_any.h"

static const char *const of_abc[DIGEST_ALGORITHMS] = {
    [DIGEST_MD5] = "900150983cd24fb0d6963f7d28e17f72",
    [DIGEST_SHA1] = "a9993e364706816aba3e25717850c26c9cd0d89d",
    [DIGEST_SHA224] =
	"23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
    [DIGEST_SHA256] = "ba7816bf8f01cfea414140de5dae2223"
		      "b00361a396177a9cb410ff61f20015ad",
    [DIGEST_SHA384] = "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"
		      "1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    [DIGEST_SHA512] =
	"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    [DIGEST_CRC32C] = "b73f4b36",
};

static void
assert_digest(enum digest_algorithm algorithm, const uint8_t *data,
    size_t length, size_t step, const char *expected)
{
	struct digest_any *digest = digest_any_new(algorithm);
	uint8_t out[DIGEST_ANY_BYTES_MAX];
	char text[2 * DIGEST_ANY_BYTES_MAX + 1];

	assert_non_null(digest);
	/* Twice, so that a restart forgets what went in. */
	for (int round = 0; round < 2; round++) {
		digest_any_restart(digest);
		for (size_t at = 0; at < length; at += step)
			digest_any_update(digest, data + at,
			    length - at < step ? length - at : step);
		digest_any_final(digest, out);
		bytes_format_hex(out, digest_algorithm_bytes(algorithm), text);
		assert_string_equal(text, expected);
	}
	digest_any_free(digest);
}

static void
every_algorithm_known_answer(void **state)
{
	(void)state;
	for (int i = 0; i < DIGEST_ALGORITHMS; i++) {
		assert_non_null(of_abc[i]);
		assert_digest((enum digest_algorithm)i, (const uint8_t *)"abc",
		    3, 1, of_abc[i]);
		assert_digest((enum digest_algorithm)i, (const uint8_t *)"abc",
		    3, 3, of_abc[i]);
	}
}

static void
crc32c_known_answers(void **state)
{
	uint8_t zeros[32] = {0}, ones[32], up[32], down[32];

	(void)state;
	memset(ones, 0xff, sizeof(ones));
	for (uint8_t i = 0; i < 32; i++) {
		up[i] = i;
		down[i] = (uint8_t)(31 - i);
	}
	for (size_t step = 1; step <= 32; step++) {
		assert_digest(DIGEST_CRC32C, zeros, 32, step, "aa36918a");
		assert_digest(DIGEST_CRC32C, ones, 32, step, "43aba862");
		assert_digest(DIGEST_CRC32C, up, 32, step, "4e79dd46");
		assert_digest(DIGEST_CRC32C, down, 32, step, "5cdb3f11");
	}
	assert_digest(
	    DIGEST_CRC32C, (const uint8_t *)"123456789", 9, 9, "839206e3");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_algorithm_known_answer),
	    cmocka_unit_test(crc32c_known_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
