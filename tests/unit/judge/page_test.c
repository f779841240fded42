/* When the report of the day is old, and when that is to be told. */
#include "lib/judge/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HOUR (INT64_C(3600) * 1000)
#define DAY (24 * HOUR)
/* 23 November 2026, and a host that has run for a minute. */
#define NOON INT64_C(1795435200000)
#define MINUTE INT64_C(60000)

static void
where_hikaed_runs_all_day_it_is_26_hours(void **state)
{
	struct page page = {0};

	(void)state;
	assert_int_equal(page_look(&page, NOON, NOON, MINUTE), PAGE_FRESH);
	assert_int_equal(
	    page_look(&page, NOON, NOON + DAY - 1, MINUTE + DAY - 1),
	    PAGE_FRESH);
	assert_int_equal(
	    page_look(&page, NOON, NOON + DAY, MINUTE + DAY), PAGE_WAITING);
	assert_int_equal(page_look(&page, NOON, NOON + DAY + 2 * HOUR - 1,
			     MINUTE + DAY + 2 * HOUR - 1),
	    PAGE_WAITING);
	assert_int_equal(page_look(&page, NOON, NOON + DAY + 2 * HOUR,
			     MINUTE + DAY + 2 * HOUR),
	    PAGE_STALE);
	/* It stays so, until it is renewed. */
	assert_int_equal(
	    page_look(&page, NOON, NOON + 9 * DAY, MINUTE + 9 * DAY),
	    PAGE_STALE);
	assert_int_equal(
	    page_look(&page, NOON + 9 * DAY, NOON + 9 * DAY, MINUTE + 9 * DAY),
	    PAGE_FRESH);
}

static void
one_that_is_renewed_each_day_is_never_told(void **state)
{
	struct page page = {0};

	(void)state;
	/* Every second day ten minutes late, as the unit may be. */
	for (int64_t t = 0; t < 30 * DAY; t += HOUR / 12) {
		int64_t day = t / DAY, late = day % 2 * 10 * MINUTE;
		int64_t renewed = day * DAY + late;

		if (renewed > t)
			renewed = (day - 1) * DAY;
		assert_int_not_equal(
		    page_look(&page, NOON + renewed, NOON + t, MINUTE + t),
		    PAGE_STALE);
	}
}

static void
a_host_that_was_off_has_two_hours(void **state)
{
	struct page page = {0};

	(void)state;
	assert_int_equal(
	    page_look(&page, NOON, NOON + 9 * DAY, MINUTE), PAGE_WAITING);
	assert_int_equal(
	    page_look(&page, NOON, NOON + 9 * DAY + HOUR, MINUTE + HOUR),
	    PAGE_WAITING);
	assert_int_equal(page_look(&page, NOON, NOON + 9 * DAY + 2 * HOUR,
			     MINUTE + 2 * HOUR),
	    PAGE_STALE);
	/* Asleep for days: the clock that waits stood still. */
	page = (struct page){0};
	assert_int_equal(page_look(&page, NOON, NOON, MINUTE), PAGE_FRESH);
	assert_int_equal(
	    page_look(&page, NOON, NOON + 3 * DAY, 2 * MINUTE), PAGE_WAITING);
	assert_int_equal(page_look(&page, NOON + 3 * DAY + MINUTE,
			     NOON + 3 * DAY + MINUTE, 3 * MINUTE),
	    PAGE_FRESH);
}

static void
a_clock_that_is_wrong_for_an_hour_is_no_news(void **state)
{
	struct page page = {0};

	(void)state;
	assert_int_equal(page_look(&page, NOON, NOON, MINUTE), PAGE_FRESH);
	assert_int_equal(
	    page_look(&page, NOON, NOON + 90 * DAY, 2 * MINUTE), PAGE_WAITING);
	assert_int_equal(page_look(&page, NOON, NOON + HOUR, HOUR), PAGE_FRESH);
	/* The two hours begin anew. */
	assert_int_equal(
	    page_look(&page, NOON, NOON + 90 * DAY, 3 * HOUR), PAGE_WAITING);
}

static void
a_time_in_the_future_is_never_fresh_for_long(void **state)
{
	struct page page = {0};
	int64_t later = NOON + 400 * DAY;

	(void)state;
	assert_int_equal(page_look(&page, later, NOON, MINUTE), PAGE_FRESH);
	assert_int_equal(
	    page_look(&page, later, NOON + DAY, MINUTE + DAY), PAGE_WAITING);
	assert_int_equal(page_look(&page, later, NOON + DAY + 2 * HOUR,
			     MINUTE + DAY + 2 * HOUR),
	    PAGE_STALE);
	/* Renewed, though by a clock that is still wrong. */
	assert_int_equal(page_look(&page, later + 1, NOON + DAY + 2 * HOUR,
			     MINUTE + DAY + 2 * HOUR),
	    PAGE_FRESH);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(where_hikaed_runs_all_day_it_is_26_hours),
	    cmocka_unit_test(one_that_is_renewed_each_day_is_never_told),
	    cmocka_unit_test(a_host_that_was_off_has_two_hours),
	    cmocka_unit_test(a_clock_that_is_wrong_for_an_hour_is_no_news),
	    cmocka_unit_test(a_time_in_the_future_is_never_fresh_for_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
