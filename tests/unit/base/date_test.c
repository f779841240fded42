/*
 * Known answers: instants from date(1) with tzdata; eras from the cabinet
 * orders of 1926, 1989 (政令第1号) and 2019 (政令第143号, 2019-05-01).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/clock.h"
#include "lib/base/date.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
/* 2026-11-21T02:00:00+09:00 */
#define NOVEMBER_MS (INT64_C(1795194000) * 1000)

static void
open_zone(const char *name)
{
	struct error err;

	if (date_zone_open(name, &err) != 0)
		fail_msg("%s", err.text);
}

static void
unknown_zones_are_refused(void **state)
{
	static const char *const bad[] = {"", "Asia/Tokio", "Asia",
	    "/etc/passwd", "../zoneinfo/Japan", "JST-9\n", ":Asia/Tokyo"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(date_zone_open(bad[i], NULL), -1);
}

static void
formats_of_one_instant(void **state)
{
	char text[DATE_TEXT_BYTES];

	(void)state;
	open_zone("Asia/Tokyo");
	assert_string_equal(
	    date_format_iso(NOVEMBER_MS, text), "2026-11-21T02:00:00+09:00");
	assert_string_equal(
	    date_format_plain(NOVEMBER_MS, text), "2026-11-21 02:00");
	assert_string_equal(
	    date_format_compact(NOVEMBER_MS, text), "20261121T020000+0900");
	assert_string_equal(
	    date_format_japanese(NOVEMBER_MS, text), "令和8年11月21日(土) 2時");
	assert_string_equal(
	    date_format_japanese(NOVEMBER_MS + 30 * CLOCK_MINUTE_MS, text),
	    "令和8年11月21日(土) 2時30分");
	open_zone("America/St_Johns");
	assert_string_equal(
	    date_format_iso(NOVEMBER_MS, text), "2026-11-20T13:30:00-03:30");
	/* Before 1970 too, milliseconds round towards the past. */
	open_zone("UTC");
	assert_string_equal(
	    date_format_iso(-1, text), "1969-12-31T23:59:59+00:00");
	assert_string_equal(
	    date_format_iso(INT64_MAX, text), "9999-12-30T23:59:59+00:00");
	assert_string_equal(
	    date_format_iso(INT64_MIN, text), "0001-01-02T00:00:00+00:00");
}

static void
eras_change_on_their_days(void **state)
{
	static const struct {
		const char *date, *japanese;
	} cases[] = {
	    {"2019-04-30 23:59", "平成31年4月30日(火) 23時59分"},
	    {"2019-05-01", "令和元年5月1日(水) 0時"},
	    {"2020-01-01", "令和2年1月1日(水) 0時"},
	    {"1989-01-07", "昭和64年1月7日(土) 0時"},
	    {"1989-01-08", "平成元年1月8日(日) 0時"},
	    {"1926-12-24", "西暦1926年12月24日(金) 0時"},
	    {"1926-12-25", "昭和元年12月25日(土) 0時"},
	};
	char text[DATE_TEXT_BYTES];

	(void)state;
	open_zone("Asia/Tokyo");
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t ms;

		assert_int_equal(date_parse(cases[i].date, &ms, NULL), 0);
		assert_string_equal(
		    date_format_japanese(ms, text), cases[i].japanese);
	}
}

static void
texts_parse_to_instants(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} good[] = {
	    {"2026-11-21 02:00", 1795194000},
	    {"2026-11-21T02:00:00", 1795194000},
	    {"2026-11-21T02:00:00+09:00", 1795194000},
	    {"2026-11-21T02:00+0900", 1795194000},
	    {"2026-11-20T17:00:00Z", 1795194000},
	    {"2026-11-20 13:30-03:30", 1795194000},
	    {"2026-11-21", 1795186800},
	    {"1970-01-01T00:00Z", 0},
	    {"2024-02-29T00:00Z", 1709164800},
	    {"2000-02-29T00:00Z", 951782400},
	    {"0001-01-01T00:00Z", INT64_C(-62135596800)},
	    {"20261121T020000+0900", 1795194000},
	    {"1795194000000", 1795194000},
	    {"令和8年11月21日(土) 2時", 1795194000},
	    {"令和8年11月21日 2時0分", 1795194000},
	    {"西暦2026年11月21日2時", 1795194000},
	    {"令和8年11月21日", 1795186800},
	    {"令和元年5月1日", 1556636400},
	};
	static const char *const bad[] = {"", "2026", "2026-11", "2026-11-31",
	    "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-01",
	    "2026-01-00", "0000-01-01", "2026-11-21 ", "2026-11-21 24:00",
	    "2026-11-21 02:60", "2026-11-21 02:00:60", "2026-11-21Z",
	    "2026-11-21 2:00", "2026-11-21T02:00:00+25:00",
	    "2026-11-21T02:00:00+09", "26-11-21", "2026/11/21",
	    "2026-11-21T02:00:00Zx", "2026-11-21T02:00:00.", "179519400000",
	    "17951940000000", "1795194000000 ",
	    "2026-11-21 02:00:00.1234567890", "令和8年", "令和8年11月",
	    "令和8年11月31日", "令和年11月21日", "令和8年11月21日 2",
	    "令和8年11月21日 24時", "令和8年11月21日 2時3",
	    "令和8年11月21日(土) ", "明治8年11月21日", "令和10000年1月1日"};

	(void)state;
	open_zone("Asia/Tokyo");
	for (size_t i = 0; i < COUNT(good); i++) {
		int64_t ms = -1;

		assert_int_equal(date_parse(good[i].text, &ms, NULL), 0);
		assert_true(ms == good[i].seconds * 1000);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct error err;
		int64_t ms;

		assert_int_equal(date_parse(bad[i], &ms, &err), -1);
		assert_int_equal(err.code, ERROR_INPUT);
	}
}

/* The first and the last millisecond of what a text names. */
static void
a_text_names_a_span(void **state)
{
	static const struct {
		const char *text;
		int64_t first, last;
	} cases[] = {
	    {"2026-11-21", INT64_C(1795186800000), INT64_C(1795273199999)},
	    {"令和8年11月21日(土)", INT64_C(1795186800000),
		INT64_C(1795273199999)},
	    {"2026-11-21 02:00", 1795194000000, 1795194059999},
	    {"2026-11-21T02:00+09:00", 1795194000000, 1795194059999},
	    {"令和8年11月21日(土) 2時", 1795194000000, 1795194059999},
	    {"2026-11-21 02:00:00", 1795194000000, 1795194000999},
	    {"2026-11-20T17:00:00Z", 1795194000000, 1795194000999},
	    {"20261121T020000+0900", 1795194000000, 1795194000999},
	    {"2026-11-21T02:00:00.5+09:00", 1795194000500, 1795194000500},
	    {"2026-11-21 02:00:00.1239", 1795194000123, 1795194000123},
	    {"1795194000123", 1795194000123, 1795194000123},
	};
	int64_t first, last;

	(void)state;
	open_zone("Asia/Tokyo");
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(
		    date_parse_span(cases[i].text, &first, &last, NULL), 0);
		assert_true(first == cases[i].first);
		assert_true(last == cases[i].last);
	}
	/* A day of 25 hours. */
	open_zone("America/New_York");
	assert_int_equal(date_parse_span("2026-11-01", &first, &last, NULL), 0);
	assert_true(last - first + 1 == 25 * CLOCK_HOUR_MS);
}

/* Whatever is printed can be typed, and then names the instant. */
static void
what_is_written_is_read(void **state)
{
	static const char *(*const forms[])(int64_t, char *) = {date_format_iso,
	    date_format_plain, date_format_compact, date_format_japanese};
	char text[DATE_TEXT_BYTES];
	int64_t first, last;

	(void)state;
	open_zone("Asia/Tokyo");
	for (size_t i = 0; i < COUNT(forms); i++)
		for (int64_t at = -1500 * CLOCK_DAY_MS;
		     at < 40000 * CLOCK_DAY_MS;
		     at += 977 * CLOCK_DAY_MS + 86399123) {
			(void)forms[i](at, text);
			if (date_parse_span(text, &first, &last, NULL) != 0 ||
			    at < first || at > last)
				fail_msg("%s", text);
		}
}

static void
compact_times_go_both_ways(void **state)
{
	static const char *const bad[] = {"20261121T020000", "",
	    "20261121T020000Z", "20261121T020000+09:0", "20261131T020000+0900",
	    "20261121 020000+0900", "20261121T020000+09000"};
	char text[DATE_TEXT_BYTES];
	int64_t ms;

	(void)state;
	open_zone("America/New_York");
	for (int64_t at = 0; at < 2000 * CLOCK_DAY_MS; at += 86399000) {
		(void)date_format_compact(at, text);
		assert_int_equal(date_parse_compact(text, &ms), 0);
		assert_true(ms == at);
		(void)date_format_iso(at, text);
		assert_int_equal(date_parse(text, &ms, NULL), 0);
		assert_true(ms == at);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(date_parse_compact(bad[i], &ms), -1);
}

/* New York 2026: clocks go forward on 8 March, back on 1 November, at 2:00. */
static void
summer_time_is_told(void **state)
{
	static const struct {
		struct date local;
		enum date_fit fit;
		const char *iso;
	} cases[] = {
	    {{2026, 3, 8, 1, 59, 59, 0, 0}, DATE_UNIQUE,
		"2026-03-08T01:59:59-05:00"},
	    {{2026, 3, 8, 2, 30, 0, 0, 0}, DATE_SKIPPED,
		"2026-03-08T03:30:00-04:00"},
	    {{2026, 3, 8, 3, 0, 0, 0, 0}, DATE_UNIQUE,
		"2026-03-08T03:00:00-04:00"},
	    {{2026, 11, 1, 0, 59, 59, 0, 0}, DATE_UNIQUE,
		"2026-11-01T00:59:59-04:00"},
	    {{2026, 11, 1, 1, 30, 0, 0, 0}, DATE_AMBIGUOUS,
		"2026-11-01T01:30:00-04:00"},
	    {{2026, 11, 1, 2, 0, 0, 0, 0}, DATE_UNIQUE,
		"2026-11-01T02:00:00-05:00"},
	};
	char text[DATE_TEXT_BYTES];
	int64_t ms;

	(void)state;
	open_zone("America/New_York");
	assert_int_equal(date_parse("2026-11-01 01:30", &ms, NULL), 0);
	assert_string_equal(
	    date_format_iso(ms, text), "2026-11-01T01:30:00-04:00");
	assert_int_equal(date_parse("2026-03-08 02:30", &ms, NULL), -1);
	for (size_t i = 0; i < COUNT(cases); i++) {
		enum date_fit fit;

		assert_int_equal(date_of_local(&cases[i].local, &ms, &fit), 0);
		assert_int_equal(fit, cases[i].fit);
		assert_string_equal(date_format_iso(ms, text), cases[i].iso);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(unknown_zones_are_refused),
	    cmocka_unit_test(formats_of_one_instant),
	    cmocka_unit_test(eras_change_on_their_days),
	    cmocka_unit_test(texts_parse_to_instants),
	    cmocka_unit_test(a_text_names_a_span),
	    cmocka_unit_test(what_is_written_is_read),
	    cmocka_unit_test(compact_times_go_both_ways),
	    cmocka_unit_test(summer_time_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
