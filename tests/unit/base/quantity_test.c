/* Durations and sizes: values, refusals, and texts that parse back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/quantity.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
durations_parse_and_format(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
		const char *shortest;
	} cases[] = {
	    {"90s", 90000, "90s"},
	    {"15m", 900000, "15m"},
	    {"26h", 93600000, "26h"},
	    {"30d", INT64_C(2592000000), "30d"},
	    {"2w", 1209600000, "2w"},
	    {"24h", 86400000, "1d"},
	    {"0h", 0, "0s"},
	    {"1500ms", 1500, "1500ms"},
	    {"26 h", 93600000, "26h"},
	    {"9223372036854775807ms", INT64_MAX, "9223372036854775807ms"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[QUANTITY_TEXT_BYTES];
		int64_t ms = -1;

		assert_int_equal(
		    quantity_parse_duration(cases[i].text, &ms, NULL), 0);
		assert_true(ms == cases[i].ms);
		assert_string_equal(
		    quantity_format_duration(ms, text), cases[i].shortest);
	}
}

static void
wrong_durations_are_refused(void **state)
{
	static const char *const bad[] = {"", "15", "h", "-1h", "+1h", "1.5h",
	    "1h30m", "15 ", " 15m", "15m ", "15  m", "15M", "15min",
	    "9223372036854775808ms", "15250284453w", "99999999999999999999s"};
	struct error err;
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(
		    quantity_parse_duration(bad[i], &ms, &err), -1);
		assert_int_equal(err.code, ERROR_INPUT);
	}
}

static void
sizes_parse_and_format(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
		const char *shortest;
	} cases[] = {
	    {"512", 512, "512B"},
	    {"0", 0, "0B"},
	    {"64MiB", 67108864, "64MiB"},
	    {"1GiB", 1073741824, "1GiB"},
	    {"10GB", UINT64_C(10000000000), "10GB"},
	    {"4 TiB", UINT64_C(4398046511104), "4TiB"},
	    {"1024KiB", 1048576, "1MiB"},
	    {"7KB", 7000, "7kB"},
	    {"18446744073709551615B", UINT64_MAX, "18446744073709551615B"},
	};
	static const char *const bad[] = {"", "B", "-1", "1.5GiB", "1gib", "1G",
	    "64 ", "18446744073709551616", "16384PiB", "0x10"};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[QUANTITY_TEXT_BYTES];
		uint64_t bytes = 1, again = 2;

		assert_int_equal(
		    quantity_parse_size(cases[i].text, &bytes, NULL), 0);
		assert_true(bytes == cases[i].bytes);
		assert_string_equal(
		    quantity_format_size(bytes, text), cases[i].shortest);
		assert_int_equal(quantity_parse_size(text, &again, NULL), 0);
		assert_true(bytes == again);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		uint64_t bytes;

		assert_int_equal(quantity_parse_size(bad[i], &bytes, NULL), -1);
	}
}

static void
people_read_two_units(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} durations[] = {
	    {0, "0 seconds"},
	    {1, "under 1 second"},
	    {999, "under 1 second"},
	    {1999, "1 second"},
	    {60000, "1 minute"},
	    {3661000, "1 hour 1 minute"},
	    {3659000, "1 hour"},
	    {273600000, "3 days 4 hours"},
	    {-7200000, "-2 hours"},
	    {INT64_MIN, "-106751991167 days 7 hours"},
	};
	static const struct {
		uint64_t bytes;
		const char *text;
	} sizes[] = {
	    {0, "0 B"},
	    {1023, "1023 B"},
	    {1536, "1.5 KiB"},
	    {UINT64_C(1610612736), "1.5 GiB"},
	    {UINT64_C(1073741823), "1023 MiB"},
	    {UINT64_MAX, "15.9 EiB"},
	};
	char text[QUANTITY_TEXT_BYTES];

	(void)state;
	for (size_t i = 0; i < COUNT(durations); i++)
		assert_string_equal(
		    quantity_describe_duration(durations[i].ms, text),
		    durations[i].text);
	for (size_t i = 0; i < COUNT(sizes); i++)
		assert_string_equal(
		    quantity_describe_size(sizes[i].bytes, text),
		    sizes[i].text);
	assert_string_equal(quantity_describe_share(0, text), "0 %");
	assert_string_equal(quantity_describe_share(1, text), "less than 1 %");
	assert_string_equal(
	    quantity_describe_share(9999, text), "less than 1 %");
	assert_string_equal(quantity_describe_share(50000, text), "5 %");
	assert_string_equal(quantity_describe_share(999999, text), "99 %");
	assert_string_equal(quantity_describe_share(1000000, text), "100 %");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(durations_parse_and_format),
	    cmocka_unit_test(wrong_durations_are_refused),
	    cmocka_unit_test(sizes_parse_and_format),
	    cmocka_unit_test(people_read_two_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
