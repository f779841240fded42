/* Names that fit, names that do not, and names that lie about their date. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/date.h"
#include "lib/model/pattern.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct pattern *
compile(const char *text)
{
	struct pattern *pattern = NULL;
	struct error err;

	if (pattern_compile(text, &pattern, &err) != 0)
		fail_msg("%s: %s", text, err.text);
	assert_string_equal(pattern_text(pattern), text);
	return pattern;
}

static void
zone(const char *name)
{
	assert_int_equal(date_zone_open(name, NULL), 0);
}

static const struct {
	const char *pattern, *name;
	const char *iso; /* NULL: no fit; "!": no such day */
	enum pattern_precision precision;
} cases[] = {
    {"%Y%m%d", "20261121", "2026-11-21T00:00:00+09:00", PATTERN_DAY},
    {"%Y%m%d", "2026112", NULL, PATTERN_DAY},
    {"%Y%m%d", "202611210", NULL, PATTERN_DAY},
    {"%Y%m%d", "2026112x", NULL, PATTERN_DAY},
    {"%Y%m%d", "20261321", NULL, PATTERN_DAY},
    {"%Y%m%d", "20260230", "!", PATTERN_DAY},
    {"%Y%m%d", "20240229", "2024-02-29T00:00:00+09:00", PATTERN_DAY},
    {"%Y%m%d", "19000229", "!", PATTERN_DAY},
    {"ehr-%Y-%m-%d_%H%M%S.tar.gz", "ehr-2026-11-21_020305.tar.gz",
	"2026-11-21T02:03:05+09:00", PATTERN_SECOND},
    {"ehr-%Y-%m-%d_%H%M%S.tar.gz", "ehr-2026-11-21_020305.tar", NULL,
	PATTERN_SECOND},
    {"%d.%m.%y %H", "21.11.26 02", "2026-11-21T02:00:00+09:00", PATTERN_HOUR},
    {"%y%m%dT%H:%M", "690101T00:59", "1969-01-01T00:59:00+09:00",
	PATTERN_MINUTE},
    {"%y%m%d", "680101", "2068-01-01T00:00:00+09:00", PATTERN_DAY},
    {"%Y%j", "2026001", "2026-01-01T00:00:00+09:00", PATTERN_DAY},
    {"%Y%j", "2026365", "2026-12-31T00:00:00+09:00", PATTERN_DAY},
    {"%Y%j", "2024060", "2024-02-29T00:00:00+09:00", PATTERN_DAY},
    {"%Y%j", "2026366", "!", PATTERN_DAY},
    {"%Y%j", "2026000", NULL, PATTERN_DAY},
    {"dump.%s", "dump.1795194000", "2026-11-21T02:00:00+09:00", PATTERN_SECOND},
    {"dump.%s", "dump.", NULL, PATTERN_SECOND},
    {"dump.%s", "dump.1234567890123", NULL, PATTERN_SECOND},
    {"*-%Y%m%d*", "full-20261121", "2026-11-21T00:00:00+09:00", PATTERN_DAY},
    {"*-%Y%m%d*", "a-b-c-20261121-v2", "2026-11-21T00:00:00+09:00",
	PATTERN_DAY},
    {"*-%Y%m%d*", "a-99999999-20261121", "2026-11-21T00:00:00+09:00",
	PATTERN_DAY},
    {"*-%Y%m%d*", "20261121", NULL, PATTERN_DAY},
    {"100%%-%Y%m%d", "100%-20261121", "2026-11-21T00:00:00+09:00", PATTERN_DAY},
    {"*.sql", "a.sql.sql", "1970-01-01T09:00:00+09:00", PATTERN_NO_TIME},
    {"*.sql", "a.sql.gz", NULL, PATTERN_NO_TIME},
    {"*", "", "1970-01-01T09:00:00+09:00", PATTERN_NO_TIME},
    {"**a**b", "xaxxb", "1970-01-01T09:00:00+09:00", PATTERN_NO_TIME},
    {"世代%Y%m%d", "世代20261121", "2026-11-21T00:00:00+09:00", PATTERN_DAY},
};

static void
names_tell_their_time(void **state)
{
	(void)state;
	zone("Asia/Tokyo");
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pattern *pattern = compile(cases[i].pattern);
		int64_t ms = -1;
		struct error err = {ERROR_NONE, 0, ""};
		int rc = pattern_match(
		    pattern, cases[i].name, strlen(cases[i].name), &ms, &err);
		char text[DATE_TEXT_BYTES];

		assert_int_equal(
		    pattern_precision(pattern), cases[i].precision);
		if (cases[i].iso == NULL) {
			assert_int_equal(rc, 0);
		} else if (cases[i].iso[0] == '!') {
			assert_int_equal(rc, -1);
			assert_int_equal(err.code, ERROR_INPUT);
		} else {
			assert_int_equal(rc, 1);
			assert_string_equal(
			    date_format_iso(ms, text), cases[i].iso);
		}
		pattern_free(pattern);
	}
}

static void
wrong_patterns_are_refused(void **state)
{
	static const char *const bad[] = {"", "%", "%Q", "a%", "%Y", "%m%d",
	    "%Y%m", "%H%M", "%Y%m%d%M", "%Y%m%d%H%S", "%Y%y%m%d", "%Y%m%d%d",
	    "%Y%j%m%d", "%s%Y%m%d", "%s%H", "a/%Y%m%d", "%Y%m%d/x"};
	char longest[PATTERN_MAX_BYTES + 2];

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct pattern *pattern;
		struct error err;

		assert_int_equal(pattern_compile(bad[i], &pattern, &err), -1);
		assert_int_equal(err.code, ERROR_INPUT);
	}
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(
	    pattern_compile(longest, &(struct pattern *){NULL}, NULL), -1);
	longest[PATTERN_MAX_BYTES] = '\0';
	pattern_free(compile(longest));
}

static void
bytes_are_not_text(void **state)
{
	struct pattern *pattern = compile("*a");
	int64_t ms;

	(void)state;
	assert_int_equal(pattern_match(pattern, "\xff\0a", 3, &ms, NULL), 1);
	assert_int_equal(pattern_match(pattern, "\xff\0a\0", 4, &ms, NULL), 0);
	pattern_free(pattern);
}

/* A hostile name against a pattern of many runs ends at once. */
static void
many_runs_stay_cheap(void **state)
{
	static char name[1 << 16];
	struct pattern *pattern =
	    compile("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b");
	int64_t ms;

	(void)state;
	memset(name, 'a', sizeof(name));
	assert_int_equal(
	    pattern_match(pattern, name, sizeof(name), &ms, NULL), 0);
	pattern_free(pattern);
}

static void
summer_time(void **state)
{
	struct pattern *pattern = compile("%Y%m%d%H%M");
	char text[DATE_TEXT_BYTES];
	int64_t ms;

	(void)state;
	zone("America/New_York");
	assert_int_equal(
	    pattern_match(pattern, "202611010130", 12, &ms, NULL), 1);
	assert_string_equal(
	    date_format_iso(ms, text), "2026-11-01T01:30:00-04:00");
	assert_int_equal(
	    pattern_match(pattern, "202603080230", 12, &ms, NULL), 1);
	assert_string_equal(
	    date_format_iso(ms, text), "2026-03-08T03:30:00-04:00");
	pattern_free(pattern);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_tell_their_time),
	    cmocka_unit_test(wrong_patterns_are_refused),
	    cmocka_unit_test(bytes_are_not_text),
	    cmocka_unit_test(many_runs_stay_cheap),
	    cmocka_unit_test(summer_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
