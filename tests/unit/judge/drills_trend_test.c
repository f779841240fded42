/*
 * The last few drills of a system, the oldest first.
 */
#include "tests/unit/judge/drilling.h"

#include "lib/judge/drills_trend.h"

static void
the_trend_is_of_the_last_that_measured(void **state)
{
	struct drills_trend trend;
	uint64_t copy, drills[7];

	(void)state;
	copy = add_copy();
	for (int i = 0; i < 7; i++)
		drills[i] = add_timed(copy, DAY_ONE + i, "failed", i);
	(void)add_drill(copy, DAY_ONE + 7, NULL);
	assert_int_equal(
	    drills_trend_read(catalog, CATALOG_NOW, "ehr", 0, &trend, &err), 0);
	assert_int_equal(trend.count, DRILLS_TREND_MAX);
	assert_int_equal(trend.points[0].id, drills[2]);
	assert_int_equal(trend.points[4].id, drills[6]);
	assert_int_equal(trend.points[4].total_ms, 106);
	assert_int_equal(trend.points[4].rate, 6000);
	assert_int_equal(trend.points[4].share_ppm, 1000000);
	assert_int_equal(drills_trend_read(catalog, CATALOG_NOW, "ehr",
			     drills[1], &trend, &err),
	    0);
	assert_int_equal(trend.count, 2);
	assert_int_equal(trend.points[1].id, drills[1]);
	assert_int_equal(
	    drills_trend_read(catalog, CATALOG_NOW, "pacs", 0, &trend, &err),
	    0);
	assert_int_equal(trend.count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_trend_is_of_the_last_that_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
