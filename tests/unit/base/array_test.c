/* Arrays that move and keep what is in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/base/array.h"

struct pair {
	uint64_t number;
	char letter;
};

static void
items_survive_growth(void **state)
{
	struct pair *pairs = NULL;
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		assert_int_equal(
		    array_grow(&pairs, i, sizeof(*pairs), &err), 0);
		pairs[i] = (struct pair){i * i, (char)('a' + i % 26)};
	}
	for (size_t i = 0; i < 1000; i++) {
		assert_int_equal(pairs[i].number, i * i);
		assert_int_equal(pairs[i].letter, 'a' + i % 26);
	}
	free(pairs);
}

static void
what_no_memory_holds_is_refused(void **state)
{
	struct pair pair, *pairs = &pair;
	struct error err = {0};

	(void)state;
	assert_int_equal(
	    array_grow(&pairs, SIZE_MAX / 2 + 1, sizeof(*pairs), &err), -1);
	assert_int_equal(err.code, ERROR_INTERNAL);
	assert_ptr_equal(pairs, &pair);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(items_survive_growth),
	    cmocka_unit_test(what_no_memory_holds_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
