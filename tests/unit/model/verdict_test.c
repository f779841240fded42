/* DESIGN section 8: "2 before 3 before 1 before 0", over all pairs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/model/verdict.h"

static void
names_go_both_ways(void **state)
{
	(void)state;
	for (int i = 0; i < VERDICTS; i++) {
		enum verdict verdict;

		assert_int_equal(
		    verdict_parse(verdict_name((enum verdict)i), &verdict), 0);
		assert_int_equal(verdict, i);
		assert_true(strlen(verdict_word((enum verdict)i)) > 0);
	}
	assert_int_equal(verdict_parse("ok", &(enum verdict){0}), -1);
	assert_int_equal(verdict_parse("", &(enum verdict){0}), -1);
}

static void
the_worse_of_two(void **state)
{
	static const enum verdict order[] = {
	    VERDICT_DAMAGED, VERDICT_UNDETERMINED, VERDICT_INTACT};
	static const enum verdict_exit exits[] = {VERDICT_EXIT_BAD,
	    VERDICT_EXIT_UNDETERMINED, VERDICT_EXIT_WARNING, VERDICT_EXIT_GOOD};

	(void)state;
	for (size_t a = 0; a < 3; a++)
		for (size_t b = 0; b < 3; b++)
			assert_int_equal(verdict_worse(order[a], order[b]),
			    order[a < b ? a : b]);
	for (size_t a = 0; a < 4; a++)
		for (size_t b = 0; b < 4; b++)
			assert_int_equal(verdict_exit_worse(exits[a], exits[b]),
			    exits[a < b ? a : b]);
}

static void
exit_statuses_are_numbers_of_the_design(void **state)
{
	(void)state;
	assert_int_equal(verdict_exit_of(VERDICT_INTACT), 0);
	assert_int_equal(verdict_exit_of(VERDICT_DAMAGED), 2);
	assert_int_equal(verdict_exit_of(VERDICT_UNDETERMINED), 3);
	assert_int_equal(VERDICT_EXIT_WARNING, 1);
	assert_string_equal(verdict_exit_name(VERDICT_EXIT_WARNING), "warning");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_go_both_ways),
	    cmocka_unit_test(the_worse_of_two),
	    cmocka_unit_test(exit_statuses_are_numbers_of_the_design),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
