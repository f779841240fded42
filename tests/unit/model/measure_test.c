/* Goal: each measure has a name, a sentence and values that read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/model/measure.h"

static void
names_are_unique_and_parse(void **state)
{
	(void)state;
	for (int i = 0; i < MEASURES; i++) {
		enum measure found;
		const char *name = measure_name((enum measure)i);

		assert_non_null(name);
		assert_int_equal(measure_parse(name, &found), 0);
		assert_int_equal(found, i);
		assert_int_equal(
		    strspn(name, "abcdefghijklmnopqrstuvwxyz_"), strlen(name));
		assert_true(strlen(measure_title((enum measure)i)) > 0);
		assert_true(strlen(measure_help((enum measure)i)) > 0);
	}
}

static void
unknown_names_are_refused(void **state)
{
	enum measure found;

	(void)state;
	assert_int_equal(measure_parse("", &found), -1);
	assert_int_equal(measure_parse("Copies", &found), -1);
	assert_int_equal(measure_parse("copies ", &found), -1);
}

static void
values_have_their_unit(void **state)
{
	static const struct {
		enum measure measure;
		const char *text;
		int64_t number; /* -1: refused */
	} values[] = {
	    {MEASURE_COPIES, "3", 3},
	    {MEASURE_COPIES, "0", 0},
	    {MEASURE_COPIES, "3d", -1},
	    {MEASURE_COPIES, "-1", -1},
	    {MEASURE_COPIES, "", -1},
	    {MEASURE_COPIES, "99999999999999999999", -1},
	    {MEASURE_GENERATION_AGE, "26h", INT64_C(93600000)},
	    {MEASURE_GENERATION_AGE, "26", -1},
	    {MEASURE_DRILL_AGE, "92d", 92},
	    {MEASURE_DRILL_AGE, "92", -1},
	    {MEASURE_DRILL_AGE, "24h", -1},
	    {MEASURE_DRILL_AGE, "36601d", -1},
	    {MEASURE_OFFLINE_EXPOSURE, "10%", 10},
	    {MEASURE_OFFLINE_EXPOSURE, "101%", -1},
	    {MEASURE_OFFLINE_EXPOSURE, "10", -1},
	    {MEASURE_ALL_CONNECTED, "no", 0},
	    {MEASURE_ALL_CONNECTED, "yes", 1},
	    {MEASURE_ALL_CONNECTED, "true", -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		enum measure measure = values[i].measure;
		char text[MEASURE_TEXT_BYTES];
		int64_t number = -1;
		struct error err = {0};
		int rc =
		    measure_parse_value(measure, values[i].text, &number, &err);

		assert_int_equal(rc, values[i].number < 0 ? -1 : 0);
		if (rc != 0) {
			assert_int_equal(err.code, ERROR_INPUT);
			continue;
		}
		assert_int_equal(number, values[i].number);
		assert_string_equal(measure_format_value(measure, number, text),
		    values[i].text);
		assert_true(
		    strlen(measure_describe_value(measure, number, text)) > 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_unique_and_parse),
	    cmocka_unit_test(unknown_names_are_refused),
	    cmocka_unit_test(values_have_their_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
