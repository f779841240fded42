/* Which patterns may mean one name, and which cannot. */
#include "lib/model/pattern_overlap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool
overlap(const char *one, const char *other)
{
	struct pattern *a = NULL, *b = NULL;
	struct error err;
	bool overlaps = false, reversed = false;

	assert_int_equal(pattern_compile(one, &a, &err), 0);
	assert_int_equal(pattern_compile(other, &b, &err), 0);
	assert_int_equal(pattern_overlaps(a, b, &overlaps, &err), 0);
	assert_int_equal(pattern_overlaps(b, a, &reversed, &err), 0);
	assert_int_equal(overlaps, reversed);
	pattern_free(a);
	pattern_free(b);
	return overlaps;
}

static void
some_name_fits_both(void **state)
{
	(void)state;
	assert_true(overlap("%Y%m%d", "%Y%m%d"));
	assert_true(overlap("%Y%m%d", "%Y%m%d*"));
	assert_true(overlap("%Y%m%d", "*"));
	assert_true(overlap("*", "*"));
	assert_true(overlap("ehr-*", "*-%Y%m%d"));
	assert_true(overlap("%Y%m%d", "%s"));
	assert_true(overlap("%y%j", "%s"));
	assert_true(overlap("a*b*c", "*abc*"));
	assert_true(overlap("100%%", "1*%%"));
}

static void
no_name_fits_both(void **state)
{
	(void)state;
	assert_false(overlap("ehr-%Y%m%d", "rec-%Y%m%d"));
	assert_false(overlap("%Y%m%d.dump", "%Y%m%d.tar"));
	assert_false(overlap("%Y%m%d", "%Y%m%d-%H%M"));
	assert_false(overlap("%Y%m%d", "x*"));
	assert_false(overlap("%Y%m%d%H%M%S", "%s"));
	assert_false(overlap("*.gz", "*.zst"));
	assert_false(overlap("100%%", "%Y%j"));
}

static void
the_longest_are_compared(void **state)
{
	char one[PATTERN_MAX_BYTES + 1], other[PATTERN_MAX_BYTES + 1];

	(void)state;
	memset(one, '*', PATTERN_MAX_BYTES);
	one[PATTERN_MAX_BYTES] = '\0';
	memset(other, 'x', PATTERN_MAX_BYTES);
	other[PATTERN_MAX_BYTES] = '\0';
	assert_true(overlap(one, other));
	assert_true(overlap(one, one));
	one[PATTERN_MAX_BYTES - 1] = 'y';
	assert_false(overlap(one, other));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(some_name_fits_both),
	    cmocka_unit_test(no_name_fits_both),
	    cmocka_unit_test(the_longest_are_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
