/* Windows over midnight and over summer time, quotas, turns, clock jumps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/model/schedule.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define GIB (UINT64_C(1) << 30)

static int64_t
at(const char *text)
{
	struct error err;
	int64_t ms = 0;

	if (date_parse(text, &ms, &err) != 0)
		fail_msg("%s", err.text);
	return ms;
}

static struct schedule_window
window(const char *text)
{
	struct schedule_window w = {0, 0};
	struct error err;

	if (schedule_window_parse(text, &w, &err) != 0)
		fail_msg("%s", err.text);
	return w;
}

static void
windows_parse_and_format(void **state)
{
	static const char *const good[] = {
	    "22:00-05:00", "00:00-24:00", "23:59-00:01", "12:00-24:00"};
	static const char *const bad[] = {"", "22:00", "22-05", "22:00-25:00",
	    "24:00-05:00", "22:60-05:00", "05:00-05:00", "00:00-00:00",
	    "22:00 05:00", "22:00-05:001", "2:000-05:00", "24:01-05:00"};
	char text[SCHEDULE_WINDOW_TEXT_BYTES];
	struct schedule_window midnight;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct schedule_window w = window(good[i]);

		assert_string_equal(schedule_window_format(&w, text), good[i]);
	}
	midnight = window("22:00-00:00");
	assert_string_equal(
	    schedule_window_format(&midnight, text), "22:00-24:00");
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(schedule_window_parse(bad[i],
				     &(struct schedule_window){0, 0}, NULL),
		    -1);
}

static const struct {
	const char *zone, *window, *now;
	bool is_inside;
	const char *from, *to;
} windows[] = {
    {"Asia/Tokyo", "22:00-05:00", "2026-11-21 23:00", true,
	"2026-11-21T22:00:00+09:00", "2026-11-22T05:00:00+09:00"},
    {"Asia/Tokyo", "22:00-05:00", "2026-11-21 04:59:59", true,
	"2026-11-20T22:00:00+09:00", "2026-11-21T05:00:00+09:00"},
    {"Asia/Tokyo", "22:00-05:00", "2026-11-21 05:00", false,
	"2026-11-21T22:00:00+09:00", "2026-11-22T05:00:00+09:00"},
    {"Asia/Tokyo", "22:00-05:00", "2026-11-21 22:00", true,
	"2026-11-21T22:00:00+09:00", "2026-11-22T05:00:00+09:00"},
    {"Asia/Tokyo", "01:00-02:00", "2026-12-31 12:00", false,
	"2027-01-01T01:00:00+09:00", "2027-01-01T02:00:00+09:00"},
    {"Asia/Tokyo", "00:00-24:00", "2026-11-21 00:00", true,
	"2026-11-21T00:00:00+09:00", "2026-11-22T00:00:00+09:00"},
    /* 8 March 2026: 02:00 to 03:00 do not exist. */
    {"America/New_York", "22:00-05:00", "2026-03-08 04:00", true,
	"2026-03-07T22:00:00-05:00", "2026-03-08T05:00:00-04:00"},
    {"America/New_York", "02:15-02:45", "2026-03-08 01:00", false,
	"2026-03-08T03:15:00-04:00", "2026-03-08T03:45:00-04:00"},
    {"America/New_York", "02:00-03:00", "2026-03-08 01:00", false,
	"2026-03-09T02:00:00-04:00", "2026-03-09T03:00:00-04:00"},
    /* 1 November 2026: 01:00 to 02:00 come twice. */
    {"America/New_York", "22:00-05:00", "2026-11-01T01:30:00-05:00", true,
	"2026-10-31T22:00:00-04:00", "2026-11-01T05:00:00-05:00"},
    {"America/New_York", "00:00-01:30", "2026-11-01T01:15:00-05:00", false,
	"2026-11-02T00:00:00-05:00", "2026-11-02T01:30:00-05:00"},
    {"America/New_York", "00:00-24:00", "2026-11-01 12:00", true,
	"2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"},
    /* Samoa had no 30 December 2011. */
    {"Pacific/Apia", "10:00-11:00", "2011-12-29 12:00", false,
	"2011-12-31T10:00:00+14:00", "2011-12-31T11:00:00+14:00"},
};

static void
windows_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(windows); i++) {
		struct schedule_window w;
		char text[DATE_TEXT_BYTES];
		int64_t from, to;

		assert_int_equal(date_zone_open(windows[i].zone, NULL), 0);
		w = window(windows[i].window);
		assert_int_equal(
		    schedule_window_find(&w, at(windows[i].now), &from, &to),
		    windows[i].is_inside);
		assert_string_equal(
		    date_format_iso(from, text), windows[i].from);
		assert_string_equal(date_format_iso(to, text), windows[i].to);
	}
}

/* Whatever the minute of a year, the window is the one that is promised. */
static void
windows_follow_each_other(void **state)
{
	struct schedule_window w = window("22:30-05:15");
	int64_t last_from = 0;

	(void)state;
	assert_int_equal(date_zone_open("America/New_York", NULL), 0);
	for (int64_t now = at("2026-01-01 12:00"); now < at("2027-01-01");
	     now += 47 * CLOCK_MINUTE_MS) {
		int64_t from, to;
		bool is_inside = schedule_window_find(&w, now, &from, &to);

		assert_true(from < to && now < to);
		assert_int_equal(is_inside, now >= from);
		assert_true(from >= last_from);
		assert_true(to - from > 5 * CLOCK_HOUR_MS &&
			    to - from < 8 * CLOCK_HOUR_MS);
		assert_true(from - now < CLOCK_DAY_MS);
		last_from = from;
	}
}

static const struct {
	struct schedule_load load;
	uint64_t night_bytes;
	bool is_limited, fits;
	const char *end;
} quotas[] = {
    /* 30 nights, 3 of them in reserve: 27 GiB in 27 nights. */
    {{27 * GIB, 27 * GIB, 0, 30 * CLOCK_DAY_MS, UINT64_MAX}, GIB, false, true,
	"2026-12-18T05:00:00+09:00"},
    {{27 * GIB, GIB, 0, 30 * CLOCK_DAY_MS, UINT64_MAX}, GIB, false, true,
	"2026-11-22T05:00:00+09:00"},
    {{27 * GIB, 0, 0, 30 * CLOCK_DAY_MS, UINT64_MAX}, GIB, false, true,
	"2026-11-21T12:00:00+09:00"},
    /* What is overdue comes on top, tonight. */
    {{27 * GIB, 6 * GIB, 4 * GIB, 30 * CLOCK_DAY_MS, UINT64_MAX}, 5 * GIB,
	false, true, "2026-11-23T05:00:00+09:00"},
    /* A limit that suffices, and one that does not. */
    {{27 * GIB, 27 * GIB, 27 * GIB, 30 * CLOCK_DAY_MS, GIB}, GIB, true, true,
	"2026-12-18T05:00:00+09:00"},
    {{60 * GIB, 60 * GIB, 0, 30 * CLOCK_DAY_MS, GIB}, GIB, true, false,
	"2027-01-20T05:00:00+09:00"},
    {{10 * GIB, 10 * GIB, 0, 1, UINT64_MAX}, 10 * GIB, false, true,
	"2026-11-22T05:00:00+09:00"},
    {{0, 0, 0, 30 * CLOCK_DAY_MS, GIB}, 0, false, true,
	"2026-11-21T12:00:00+09:00"},
};

static void
quotas_keep_the_promise(void **state)
{
	struct schedule_window w = window("22:00-05:00");
	struct schedule_load huge = {
	    UINT64_MAX, UINT64_MAX, UINT64_MAX, 30 * CLOCK_DAY_MS, 1 << 20};
	struct schedule_quota quota;
	char text[DATE_TEXT_BYTES];

	(void)state;
	assert_int_equal(date_zone_open("Asia/Tokyo", NULL), 0);
	for (size_t i = 0; i < COUNT(quotas); i++) {
		schedule_quota_compute(
		    &quotas[i].load, &w, at("2026-11-21 12:00"), &quota);
		assert_true(quota.night_bytes == quotas[i].night_bytes);
		assert_int_equal(quota.is_limited, quotas[i].is_limited);
		assert_int_equal(quota.fits, quotas[i].fits);
		assert_string_equal(
		    date_format_iso(quota.pass_end_ms, text), quotas[i].end);
	}
	schedule_quota_compute(&huge, &w, at("2026-11-21 12:00"), &quota);
	assert_false(quota.fits);
	assert_true(quota.pass_end_ms > at("2999-01-01"));
}

static void
turns(void **state)
{
	static const struct schedule_slice order[] = {
	    {7, SCHEDULE_NEVER, true},
	    {3, 100, true},
	    {5, 200, true},
	    {1, SCHEDULE_NEVER, false},
	    {2, SCHEDULE_NEVER, false},
	    {9, -5, false},
	    {4, 100, false},
	    {6, 100, false},
	};

	(void)state;
	for (size_t a = 0; a < COUNT(order); a++)
		for (size_t b = 0; b < COUNT(order); b++) {
			int sign = schedule_slice_compare(&order[a], &order[b]);

			assert_int_equal(
			    (sign > 0) - (sign < 0), (a > b) - (a < b));
		}
}

static void
clocks_are_not_trusted(void **state)
{
	(void)state;
	assert_true(schedule_trust(100, 200, 50) == 100);
	assert_true(schedule_trust(220, 200, 50) == 200);
	assert_true(schedule_trust(251, 200, 50) == SCHEDULE_NEVER);
	assert_true(schedule_trust(SCHEDULE_NEVER, 200, 50) == SCHEDULE_NEVER);
	assert_true(schedule_trust(INT64_MAX, -10, 50) == SCHEDULE_NEVER);
	assert_true(schedule_is_due(100, 50, 150));
	assert_false(schedule_is_due(100, 50, 149));
	/* The clock went back since the last time: do it again. */
	assert_true(schedule_is_due(100, 50, 99));
	assert_true(schedule_is_due(SCHEDULE_NEVER, 50, 99));
}

static void
lateness(void **state)
{
	static const struct {
		int64_t last, interval, grace, now;
		enum schedule_lateness expected;
	} table[] = {
	    {0, 24, 6, 24, SCHEDULE_ON_TIME},
	    {0, 24, 6, 25, SCHEDULE_LATE_IN_GRACE},
	    {0, 24, 6, 30, SCHEDULE_LATE_IN_GRACE},
	    {0, 24, 6, 31, SCHEDULE_LATE},
	    {0, 24, 0, 25, SCHEDULE_LATE},
	    {SCHEDULE_NEVER, 24, 6, 0, SCHEDULE_LATE},
	    {SCHEDULE_NEVER, -1, 6, 0, SCHEDULE_ON_TIME},
	    {0, -1, 6, 1000, SCHEDULE_ON_TIME},
	    {INT64_MIN + 1, 24, 6, INT64_MAX, SCHEDULE_LATE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++)
		assert_int_equal(
		    schedule_lateness(table[i].last, table[i].interval,
			table[i].grace, table[i].now),
		    table[i].expected);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(windows_parse_and_format),
	    cmocka_unit_test(windows_are_found),
	    cmocka_unit_test(windows_follow_each_other),
	    cmocka_unit_test(quotas_keep_the_promise),
	    cmocka_unit_test(turns),
	    cmocka_unit_test(clocks_are_not_trusted),
	    cmocka_unit_test(lateness),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
