/* Codes have the shape that ISO/IEC 18004 asks for, and stay small. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/output/qr.h"

static struct error err;
static struct qr qr;

/* Section 6.3.3: dark 7x7, light 5x5, dark 3x3. */
static void
assert_finder(size_t row, size_t column)
{
	for (size_t i = 0; i < 7; i++)
		for (size_t j = 0; j < 7; j++) {
			bool is_edge = i == 0 || i == 6 || j == 0 || j == 6;
			bool is_heart = i > 1 && i < 5 && j > 1 && j < 5;

			assert_int_equal(qr_is_dark(&qr, row + i, column + j),
			    is_edge || is_heart);
		}
}

static void
codes_have_their_patterns(void **state)
{
	(void)state;
	for (size_t length = 1; length < 500; length += 83) {
		char text[512];

		memset(text, 'a', sizeof(text));
		assert_int_equal(qr_encode(text, length, &qr, &err), 0);
		assert_true(qr.side >= 21 && qr.side <= QR_SIDE_MAX);
		assert_int_equal((qr.side - 17) % 4, 0);
		assert_finder(0, 0);
		assert_finder(0, qr.side - 7);
		assert_finder(qr.side - 7, 0);
		/* Section 6.3.5: alternating, from dark to dark. */
		for (size_t i = 8; i < qr.side - 8; i++) {
			assert_int_equal(qr_is_dark(&qr, 6, i), i % 2 == 0);
			assert_int_equal(qr_is_dark(&qr, i, 6), i % 2 == 0);
		}
		/* Section 7.9.1: the module that is always dark. */
		assert_true(qr_is_dark(&qr, qr.side - 8, 8));
	}
}

/* Version 1-M holds 14 bytes, the next one 26 (table 7). */
static void
the_version_is_the_smallest(void **state)
{
	(void)state;
	assert_int_equal(qr_encode("abcdefghijklmn", 14, &qr, &err), 0);
	assert_int_equal(qr.side, 21);
	assert_int_equal(qr_encode("abcdefghijklmno", 15, &qr, &err), 0);
	assert_int_equal(qr.side, 25);
}

static void
what_is_too_long_is_refused(void **state)
{
	static char text[4000];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_int_equal(qr_encode(text, 0, &qr, &err), -1);
	assert_int_equal(err.code, ERROR_INPUT);
	/* Version 17-M holds 504 bytes (table 7). */
	assert_int_equal(qr_encode(text, 504, &qr, &err), 0);
	assert_int_equal(qr.side, QR_SIDE_MAX);
	assert_int_equal(qr_encode(text, 505, &qr, &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_int_equal(qr_encode(text, sizeof(text), &qr, &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(codes_have_their_patterns),
	    cmocka_unit_test(the_version_is_the_smallest),
	    cmocka_unit_test(what_is_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
