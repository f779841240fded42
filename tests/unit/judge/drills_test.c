/*
 * When restoring was proved, by drills in every state, on any day.
 */
#include "tests/unit/judge/drilling.h"

#include "lib/judge/drills.h"
#include "lib/judge/measure.h"
#include "lib/store/query_drill.h"

static struct drills *
judge(int64_t now)
{
	const struct inventory_moment moment = {.at = CATALOG_NOW, .now = now};
	struct inventory *inventory = NULL;
	struct drills *drills = NULL;

	if (inventory_read(catalog, &moment, &inventory, &err) != 0 ||
	    drills_judge(catalog, inventory, &drills, &err) != 0)
		fail_msg("%s", err.text);
	inventory_free(inventory);
	return drills;
}

/* "done last:outcome attempts in-a-year unsigned open/overdue Q Y" */
static void
assert_ehr(int64_t now, const char *expected)
{
	struct drills *drills = judge(now);
	const struct drills_system *ehr;
	char text[256];

	assert_int_equal(drills->system_count, 2);
	ehr = &drills->systems[0];
	assert_string_equal(ehr->id, "ehr");
	(void)snprintf(text, sizeof(text), "%s %s %d %d %d %d/%d%s%s",
	    ehr->done != 0 ? "done" : "-",
	    ehr->last != 0 ? ehr->last_outcome : "-", (int)ehr->attempts,
	    (int)ehr->in_a_year, (int)ehr->unsigned_count,
	    (int)ehr->improvements_open, (int)ehr->improvements_overdue,
	    ehr->is_quarter_overdue ? " quarter" : "",
	    ehr->is_year_overdue ? " year" : "");
	assert_string_equal(text, expected);
	drills_free(drills);
}

static void
never_drilled_is_due_from_the_first_day_on(void **state)
{
	(void)state;
	(void)add_copy();
	assert_ehr(DAY_ONE + 92 * DAY, "- - 0 0 0 0/0");
	assert_ehr(DAY_ONE + 93 * DAY, "- - 0 0 0 0/0 quarter");
	assert_ehr(DAY_ONE + 367 * DAY, "- - 0 0 0 0/0 quarter year");
}

static void
only_what_passed_and_was_signed_counts(void **state)
{
	uint64_t copy, drill;

	(void)state;
	copy = add_copy();
	(void)add_drill(copy, DAY_ONE + 80 * DAY, NULL);
	assert_ehr(DAY_ONE + 93 * DAY, "- - 0 0 0 0/0 quarter");
	drill = add_drill(copy, DAY_ONE + 81 * DAY, "passed");
	assert_ehr(DAY_ONE + 93 * DAY, "- passed 1 0 1 0/0 quarter");
	sign(drill, DAY_ONE + 82 * DAY, NULL);
	assert_ehr(DAY_ONE + 93 * DAY, "done passed 1 1 0 0/0");
	assert_ehr(DAY_ONE + 174 * DAY, "done passed 1 1 0 0/0 quarter");
	assert_ehr(DAY_ONE + 448 * DAY, "done passed 1 0 0 0/0 quarter year");
	/* A failed one takes nothing back, and is the last one. */
	drill = add_drill(copy, DAY_ONE + 90 * DAY, "failed");
	sign(drill, DAY_ONE + 90 * DAY, NULL);
	assert_ehr(DAY_ONE + 93 * DAY, "done failed 2 1 0 0/0");
}

/* The measure drill_age: "7 ", "none no-drill". */
static void
assert_age(int64_t now, const char *expected)
{
	struct measure_context *context = NULL;
	struct measure_value value;
	char text[128];

	if (measure_open(catalog, CATALOG_NOW, now, &context, &err) != 0 ||
	    measure_take(context, MEASURE_DRILL_AGE, "ehr", &value, &err) != 0)
		fail_msg("%s", err.text);
	measure_close(context);
	if (value.state == MEASURE_KNOWN)
		(void)snprintf(text, sizeof(text), "%d %s", (int)value.number,
		    value.reason);
	else
		(void)snprintf(text, sizeof(text), "none %s", value.reason);
	assert_string_equal(text, expected);
}

static uint64_t
failed_of_ehr(int64_t now)
{
	struct drills *drills = judge(now);
	uint64_t failed = drills->systems[0].failed;

	drills_free(drills);
	return failed;
}

static void
a_failed_one_stays_until_a_later_one_counts(void **state)
{
	static const char *const others[] = {
	    "aborted", "undetermined", "lost", NULL};
	const int64_t day = DAY_ONE + 90 * DAY;
	uint64_t copy, failed, later;

	(void)state;
	copy = add_copy();
	assert_int_equal(failed_of_ehr(day), 0);
	assert_age(day, "none no-drill");
	sign(add_drill(copy, day, "passed"), day, NULL);
	assert_age(day + 7 * DAY, "7 ");
	failed = add_drill(copy, day, "failed");
	assert_int_equal(failed_of_ehr(day), failed);
	/* Of a clock that went back that is no less true. */
	assert_int_equal(failed_of_ehr(DAY_ONE), failed);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		sign(add_drill(copy, day, "failed"), day, NULL);
		failed = add_drill(copy, day, "failed");
		later = add_drill(copy, day, others[i]);
		assert_int_equal(failed_of_ehr(day), failed);
		if (others[i] != NULL)
			sign(later, day, NULL);
		assert_int_equal(failed_of_ehr(day), failed);
	}
	later = add_drill(copy, day, "warning");
	assert_int_equal(failed_of_ehr(day), failed);
	assert_age(day, "none drill-failed");
	sign(later, day, NULL);
	assert_int_equal(failed_of_ehr(day), 0);
	assert_age(day, "0 ");
}

/* A drill that restored 600 bytes of so many, signed. */
static uint64_t
add_sample(uint64_t copy, int64_t at, int of_bytes)
{
	uint64_t drill = add_drill(copy, at, NULL);

	ADD(catalog, at, NULL, "{ss ss sI ss ss ss s{si si}}", "type", "drill",
	    "event", "check", "drill", (json_int_t)drill, "kind", "restore",
	    "name", "bytes", "outcome", "passed", "detail", "of_files", 100,
	    "of_bytes", of_bytes);
	end_drill(drill, at, "passed", 5);
	sign(drill, at, NULL);
	return drill;
}

static void
a_sample_counts_from_its_share_on(void **state)
{
	uint64_t copy, failed;

	(void)state;
	copy = add_copy();
	(void)add_sample(copy, DAY_ONE, 12001);
	assert_ehr(DAY_ONE + 93 * DAY, "- passed 1 0 0 0/0 quarter");
	assert_age(DAY_ONE + 93 * DAY, "93 drill-small");
	failed = add_drill(copy, DAY_ONE + DAY, "failed");
	(void)add_sample(copy, DAY_ONE + DAY, 12001);
	assert_int_equal(failed_of_ehr(DAY_ONE + DAY), failed);
	(void)add_sample(copy, DAY_ONE + 2 * DAY, 12000);
	assert_ehr(DAY_ONE + 93 * DAY, "done passed 4 1 0 0/0");
	assert_age(DAY_ONE + 93 * DAY, "91 drill-sampled");
	(void)add_sample(copy, DAY_ONE + 3 * DAY, 600);
	assert_age(DAY_ONE + 93 * DAY, "90 ");
	/* A small one since then takes nothing back. */
	(void)add_sample(copy, DAY_ONE + 4 * DAY, 12001);
	assert_age(DAY_ONE + 93 * DAY, "90 ");
}

static void
what_ended_in_the_future_counts_for_nothing(void **state)
{
	uint64_t copy, drill;

	(void)state;
	copy = add_copy();
	drill = add_drill(copy, DAY_ONE + 80 * DAY, "passed");
	sign(drill, DAY_ONE + 80 * DAY, NULL);
	assert_ehr(DAY_ONE + 80 * DAY - 3 * HOUR, "- - 0 0 0 0/0");
	assert_ehr(DAY_ONE + 80 * DAY - HOUR, "done passed 1 1 0 0/0");
}

static void
improvements_stay_open_until_they_are_done(void **state)
{
	uint64_t copy, drill;

	(void)state;
	copy = add_copy();
	drill = add_drill(copy, DAY_ONE, "warning");
	sign(drill, DAY_ONE, "a second disk");
	assert_ehr(DAY_ONE + 9 * DAY, "done warning 1 1 0 1/0");
	assert_ehr(DAY_ONE + 11 * DAY, "done warning 1 1 0 1/1");
	ADD(catalog, DAY_ONE + 12 * DAY, NULL, "{ss ss sI ss}", "type", "drill",
	    "event", "improved", "drill", (json_int_t)drill, "by", "Sato");
	assert_ehr(DAY_ONE + 13 * DAY, "done warning 1 1 0 0/0");
}

static void
refused(const char *event, uint64_t drill)
{
	json_t *entry = json_pack("{ss ss sI ss}", "type", "drill", "event",
	    event, "drill", (json_int_t)drill, "by", "Suzuki");
	uint64_t seq;

	if (strcmp(event, "signed") == 0)
		(void)json_object_set_new(
		    entry, "observation", json_string("ok"));
	assert_int_equal(
	    journal_append(catalog, entry, DAY_ONE, &seq, &err), -1);
	assert_int_equal(err.code, ERROR_INPUT);
}

static void
a_drill_is_signed_once_and_after_its_end(void **state)
{
	uint64_t copy, running, drill;

	(void)state;
	copy = add_copy();
	running = add_drill(copy, DAY_ONE, NULL);
	refused("signed", running);
	refused("signed", copy);
	drill = add_drill(copy, DAY_ONE, "passed");
	sign(drill, DAY_ONE, NULL);
	refused("signed", drill);
	/* There is nothing to improve. */
	refused("improved", drill);
}

static void
the_rate_of_the_last_one_tells_how_long_all_takes(void **state)
{
	struct drills *drills;
	uint64_t copy, drill;

	(void)state;
	copy = add_copy();
	drill = add_drill(copy, DAY_ONE, "passed");
	sign(drill, DAY_ONE, NULL);
	drills = judge(DAY_ONE);
	assert_int_equal(drills->systems[0].rate, 6000);
	assert_int_equal(drills->systems[0].estimate_ms, 105);
	/* Not of every system, so not of the whole. */
	assert_int_equal(drills->estimate_ms, 0);
	drills_free(drills);
}

/* What a drill restores of an archive are its members: 600 B are 1,200. */
static void
of_an_archive_the_members_are_timed(void **state)
{
	struct drills *drills;
	uint64_t copy, drill;

	(void)state;
	copy = add_seen(catalog, DAY_ONE, GENERATION, "ehr", "nas1", "ehr-nas");
	ADD(catalog, DAY_ONE, NULL,
	    "{ss sI si ss si si si si sI ss si s[[iiii]] s{ss ss si si}}",
	    "type", "captured", "copy", (json_int_t)copy, "version", 1,
	    "manifest_sha256", DIGEST_A, "entries", 1, "files", 1, "bytes", 600,
	    "bytes_read", 600, "oldest_reading", DAY_ONE, "mode",
	    "direct-local", "problems", 0, "slices", 50, 40, 1, 600, "members",
	    "state", "complete", "manifest_sha256", DIGEST_A, "files", 3,
	    "bytes", 1200);
	drill = add_drill(copy, DAY_ONE, "passed");
	sign(drill, DAY_ONE, NULL);
	drills = judge(DAY_ONE);
	assert_int_equal(drills->systems[0].rate, 6000);
	assert_int_equal(drills->systems[0].estimate_ms, 210);
	drills_free(drills);
}

static int
take_record(const struct query_drill *row, void *context, struct error *no)
{
	(void)no;
	*(struct query_drill *)context = *row;
	return 0;
}

/* What a drill compared says of how many, whatever its beginning said. */
static void
the_whole_is_what_was_compared(void **state)
{
	const struct query_drill_filter all = {0};
	struct query_drill row = {0};
	uint64_t drill;

	(void)state;
	drill = add_drill(add_copy(), DAY_ONE, NULL);
	ADD(catalog, DAY_ONE, NULL, "{ss ss sI ss ss ss s{si si}}", "type",
	    "drill", "event", "check", "drill", (json_int_t)drill, "kind",
	    "restore", "name", "bytes", "outcome", "passed", "detail",
	    "of_files", 7, "of_bytes", 4000);
	assert_int_equal(
	    query_drills(catalog, CATALOG_NOW, &all, take_record, &row, &err),
	    0);
	assert_int_equal(row.files_total, 5);
	assert_int_equal(row.of_files, 7);
	assert_int_equal(row.of_bytes, 4000);
}

static void
a_part_stands_for_the_whole_by_its_bytes(void **state)
{
	(void)state;
	assert_int_equal(drills_time(1000, 10, 5), 500);
	assert_int_equal(drills_time(1001, 1000, 65000), 65065);
	assert_int_equal(drills_time(10, 3, 1), 4);
	assert_int_equal(drills_time(0, 3, 1), 0);
	assert_int_equal(drills_time(10, 0, 1), 0);
	assert_int_equal(drills_time(10, 3, 0), 0);
	assert_true(drills_time(UINT64_MAX, 1, INT64_MAX) > 0);
}

static json_t *
system_of(const char *id, int order)
{
	return json_pack("{ss ss si si si si si}", "id", id, "kind", "other",
	    "interval_ms", 86400000, "grace_ms", 0, "generations_min", 1,
	    "recovery_order", order, "recovery_target_ms", 150);
}

/* The images first, and each system back within 150 ms. */
static void
configure_order(void)
{
	ADD(catalog, DAY_ONE, NULL,
	    "{ss ss s[oo] s[{ss ss}] s[{ss ss ss ss}{ss ss ss ss}]}", "type",
	    "config", "sha256", DIGEST_A, "systems", system_of("ehr", 2),
	    system_of("pacs", 1), "media", "id", "nas1", "kind", "nas",
	    "sources", "id", "ehr-nas", "system", "ehr", "medium", "nas1",
	    "layout", "directory", "id", "pacs-nas", "system", "pacs", "medium",
	    "nas1", "layout", "directory");
}

static void
checking_takes_time_as_well(void **state)
{
	struct drills *drills;

	(void)state;
	configure_order();
	sign(add_timed(add_copy(), DAY_ONE, "passed", 65000), DAY_ONE, NULL);
	drills = judge(DAY_ONE);
	assert_string_equal(drills->systems[1].id, "ehr");
	assert_int_equal(drills->systems[1].rate, 6000);
	assert_int_equal(drills->systems[1].estimate_ms, 65100);
	assert_true(drills->systems[1].is_over_target);
	drills_free(drills);
}

/* How long it takes itself is not known; those before it take too long. */
static void
what_is_known_of_those_before_is_enough_to_be_late(void **state)
{
	struct drills *drills;
	uint64_t copy;

	(void)state;
	configure_order();
	copy = add_seen(catalog, DAY_ONE, "pacs@20261101T000000+0900", "pacs",
	    "nas1", "pacs-nas");
	(void)add_captured(catalog, DAY_ONE, copy, 1);
	sign(add_timed(copy, DAY_ONE, "passed", 65000), DAY_ONE, NULL);
	drills = judge(DAY_ONE);
	assert_string_equal(drills->systems[1].id, "ehr");
	assert_int_equal(drills->systems[1].estimate_ms, 0);
	assert_int_equal(drills->systems[1].back_after_ms, 0);
	assert_int_equal(drills->systems[1].least_after_ms, 65100);
	assert_true(drills->systems[1].is_over_target);
	drills_free(drills);
}

static void
who_is_later_in_the_order_waits_for_those_before(void **state)
{
	struct drills *drills;
	uint64_t copy, drill;

	(void)state;
	configure_order();
	copy = add_copy();
	drill = add_drill(copy, DAY_ONE, "passed");
	sign(drill, DAY_ONE, NULL);
	/* Nobody knows how long the first takes. */
	drills = judge(DAY_ONE);
	assert_string_equal(drills->systems[0].id, "pacs");
	assert_string_equal(drills->systems[1].id, "ehr");
	assert_int_equal(drills->systems[1].back_after_ms, 0);
	assert_int_equal(drills->systems[1].least_after_ms, 105);
	assert_false(drills->systems[1].is_over_target);
	drills_free(drills);
	copy = add_seen(catalog, DAY_ONE, "pacs@20261101T000000+0900", "pacs",
	    "nas1", "pacs-nas");
	(void)add_captured(catalog, DAY_ONE, copy, 1);
	drill = add_drill(copy, DAY_ONE, "passed");
	sign(drill, DAY_ONE, NULL);
	drills = judge(DAY_ONE);
	assert_int_equal(drills->systems[0].back_after_ms, 105);
	assert_false(drills->systems[0].is_over_target);
	assert_int_equal(drills->systems[1].estimate_ms, 105);
	assert_int_equal(drills->systems[1].back_after_ms, 210);
	assert_true(drills->systems[1].is_over_target);
	assert_int_equal(drills->estimate_ms, 210);
	drills_free(drills);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(never_drilled_is_due_from_the_first_day_on),
	    TEST(only_what_passed_and_was_signed_counts),
	    TEST(a_failed_one_stays_until_a_later_one_counts),
	    TEST(a_sample_counts_from_its_share_on),
	    TEST(what_ended_in_the_future_counts_for_nothing),
	    TEST(improvements_stay_open_until_they_are_done),
	    TEST(a_drill_is_signed_once_and_after_its_end),
	    TEST(the_rate_of_the_last_one_tells_how_long_all_takes),
	    TEST(of_an_archive_the_members_are_timed),
	    TEST(the_whole_is_what_was_compared),
	    TEST(a_part_stands_for_the_whole_by_its_bytes),
	    TEST(checking_takes_time_as_well),
	    TEST(what_is_known_of_those_before_is_enough_to_be_late),
	    TEST(who_is_later_in_the_order_waits_for_those_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
