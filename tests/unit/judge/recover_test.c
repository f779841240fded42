/*
 * What a hospital would recover from: the newest generation that is good,
 * looked at from any day, and the copy to begin with.
 */
#include "tests/unit/store/hospital.h"

#include "lib/judge/preflight.h"

#define DAY (24 * HOUR)
/* When all was scanned not longer than a day ago. */
#define TODAY (DAY_ONE + 26 * HOUR)
#define OLD "ehr@20261121T020000+0900"
#define NEW "ehr@20261122T020000+0900"

static void
add_generation(
    const char *generation, int64_t at, const char *medium, bool is_confirmed)
{
	const char *source =
	    strcmp(medium, "nas1") == 0 ? "ehr-nas" : "ehr-usb";
	uint64_t copy = 0, manifest, run;

	ADD(catalog, at, &copy, "{ss ss ss ss ss ss sI ss ss}", "type", "seen",
	    "generation", generation, "system", "ehr", "medium", medium,
	    "source", source, "layout", "directory", "taken_at", at,
	    "time_from", "name", "subject", DIGEST_A);
	manifest = add_captured(catalog, at + HOUR, copy, 1);
	ADD(catalog, at + HOUR, NULL, "{ss ss ss si}", "type", "scan", "source",
	    source, "result", "ok", "candidates", 1);
	if (!is_confirmed)
		return;
	run = add_run(catalog, at + HOUR);
	for (int i = 0; i < 3; i++)
		add_slice(catalog, at + 2 * HOUR, manifest, i, run, "intact");
}

static void
add_finding(const char *code, const char *verdict, const char *generation)
{
	ADD(catalog, TODAY, NULL, "{ss ss ss ss ss}", "type", "finding",
	    "event", "open", "code", code, "verdict", verdict, "generation",
	    generation);
}

static void
add_medium_state(const char *medium, const char *state, bool in_reach)
{
	ADD(catalog, TODAY, NULL, "{ss ss ss ss sb}", "type", "medium", "event",
	    "state", "medium", medium, "state", state, "in_reach",
	    (int)in_reach);
}

static struct recover *
plan_at(int64_t now, int64_t before)
{
	const struct recover_question question = {
	    CATALOG_NOW, now, before, "ehr"};
	struct recover *plan = NULL;

	if (recover_plan(catalog, &question, &plan, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(plan->system_count, 1);
	return plan;
}

static struct recover *
plan_before(int64_t before)
{
	return plan_at(TODAY, before);
}

static void
assert_plan(int64_t before, enum verdict_exit status, const char *generation)
{
	struct recover *plan = plan_before(before);

	assert_int_equal(plan->status, status);
	assert_string_equal(plan->systems[0].generation, generation);
	recover_free(plan);
}

static void
nothing_is_bad(void **state)
{
	(void)state;
	assert_plan(INT64_MAX, VERDICT_EXIT_BAD, "");
}

static void
the_newest_good_one_before_an_instant(void **state)
{
	struct recover *plan;

	(void)state;
	add_generation(OLD, DAY_ONE, "nas1", true);
	add_generation(NEW, DAY_ONE + DAY, "nas1", false);
	assert_plan(INT64_MAX, VERDICT_EXIT_WARNING, NEW);
	/* Taken before, but recorded after: what was recorded is in doubt. */
	assert_plan(DAY_ONE + DAY + 1, VERDICT_EXIT_GOOD, OLD);
	assert_plan(DAY_ONE + DAY, VERDICT_EXIT_GOOD, OLD);
	assert_plan(DAY_ONE, VERDICT_EXIT_BAD, "");
	plan = plan_before(DAY_ONE + DAY);
	assert_int_equal(plan->systems[0].later, 1);
	recover_free(plan);
}

/* Taken at two o'clock, recorded at three: before that there is nothing. */
static void
the_first_record_is_told(void **state)
{
	struct recover *plan = plan_before(INT64_MAX);

	(void)state;
	assert_true(plan->systems[0].first_at == QUERY_NEVER);
	recover_free(plan);
	add_generation(OLD, DAY_ONE, "nas1", true);
	add_generation(NEW, DAY_ONE + DAY, "nas1", true);
	plan = plan_before(DAY_ONE);
	assert_true(plan->systems[0].first_at == DAY_ONE + HOUR);
	recover_free(plan);
	assert_plan(DAY_ONE + HOUR, VERDICT_EXIT_BAD, "");
	assert_plan(DAY_ONE + HOUR + 1, VERDICT_EXIT_GOOD, OLD);
}

/* The disk that was connected a week after the attack began. */
static void
a_copy_that_came_later_takes_nothing_from_the_others(void **state)
{
	struct recover *plan;

	(void)state;
	add_generation(NEW, DAY_ONE, "nas1", true);
	add_generation(NEW, DAY_ONE + DAY, "usb1", true);
	plan = plan_before(DAY_ONE + DAY);
	assert_string_equal(plan->systems[0].generation, NEW);
	assert_int_equal(plan->systems[0].copy_count, 1);
	assert_string_equal(plan->systems[0].copies[0].medium, "nas1");
	assert_int_equal(plan->systems[0].later, 0);
	recover_free(plan);
	assert_plan(DAY_ONE, VERDICT_EXIT_BAD, "");
}

static void
a_suspicious_one_is_passed_over(void **state)
{
	struct recover *plan;

	(void)state;
	add_generation(OLD, DAY_ONE, "nas1", true);
	add_generation(NEW, DAY_ONE + DAY, "nas1", true);
	add_finding("suspicious-content", "none", NEW);
	plan = plan_before(INT64_MAX);
	assert_string_equal(plan->systems[0].generation, OLD);
	assert_int_equal(plan->systems[0].suspicious, 1);
	recover_free(plan);
}

/* Perhaps one file of many: still the one to begin with, with a warning. */
static void
what_holds_broken_contents_is_no_good_answer(void **state)
{
	struct recover *plan;

	(void)state;
	add_generation(OLD, DAY_ONE, "nas1", true);
	add_generation(NEW, DAY_ONE + DAY, "nas1", true);
	add_finding("content-mismatch", "none", NEW);
	assert_plan(INT64_MAX, VERDICT_EXIT_GOOD, NEW);
	add_finding("content-broken", "none", NEW);
	assert_plan(INT64_MAX, VERDICT_EXIT_WARNING, NEW);
	plan = plan_before(INT64_MAX);
	assert_int_not_equal(plan->systems[0].broken, 0);
	recover_free(plan);
	assert_plan(DAY_ONE + DAY, VERDICT_EXIT_GOOD, OLD);
}

static void
the_copy_out_of_reach_comes_first(void **state)
{
	struct recover *plan;

	(void)state;
	add_generation(OLD, DAY_ONE, "nas1", true);
	add_generation(OLD, DAY_ONE, "usb1", true);
	plan = plan_before(INT64_MAX);
	/* Where nobody looked, nothing is out of reach. */
	assert_true(plan->systems[0].copies[0].is_in_reach);
	recover_free(plan);
	add_medium_state("usb1", "absent", false);
	add_medium_state("nas1", "unknown", false);
	ADD(catalog, TODAY, NULL, "{ss ss ss ss ss ss}", "type", "medium",
	    "event", "checkout", "medium", "usb1", "by", "Sato", "holder",
	    "Suzuki", "place", "safe");
	plan = plan_before(INT64_MAX);
	assert_int_equal(plan->systems[0].copy_count, 2);
	assert_string_equal(plan->systems[0].copies[0].medium, "usb1");
	assert_false(plan->systems[0].copies[0].is_in_reach);
	assert_string_equal(plan->systems[0].copies[0].holder, "Suzuki");
	assert_true(plan->systems[0].copies[1].is_in_reach);
	recover_free(plan);
}

/* What was read too long ago, or is nowhere in sight, is no sure ground. */
static void
age_and_place_are_told(void **state)
{
	struct recover *plan;

	(void)state;
	add_generation(OLD, DAY_ONE, "nas1", true);
	plan = plan_at(TODAY, INT64_MAX);
	assert_int_equal(plan->status, VERDICT_EXIT_GOOD);
	assert_string_equal(plan->systems[0].copies[0].reason, "");
	recover_free(plan);
	plan = plan_at(DAY_ONE + 3 * DAY, INT64_MAX);
	assert_int_equal(plan->status, VERDICT_EXIT_WARNING);
	assert_string_equal(plan->systems[0].copies[0].reason, "not-in-sight");
	recover_free(plan);
	ADD(catalog, DAY_ONE + 31 * DAY, NULL, "{ss ss ss si}", "type", "scan",
	    "source", "ehr-nas", "result", "ok", "candidates", 1);
	plan = plan_at(DAY_ONE + 31 * DAY, INT64_MAX);
	assert_int_equal(plan->status, VERDICT_EXIT_WARNING);
	assert_string_equal(
	    plan->systems[0].copies[0].reason, "coverage-overdue");
	recover_free(plan);
	/* However often the clock goes back (law 8). */
	plan = plan_at(DAY_ONE + 5 * HOUR, INT64_MAX);
	assert_int_equal(plan->status, VERDICT_EXIT_WARNING);
	recover_free(plan);
}

/* A disk that was scrapped is there no more. */
static void
a_medium_out_of_service_is_passed_over(void **state)
{
	struct recover *plan;

	(void)state;
	add_generation(OLD, DAY_ONE, "nas1", true);
	add_generation(NEW, DAY_ONE + DAY, "usb1", true);
	ADD(catalog, TODAY, NULL, "{ss ss ss ss}", "type", "medium", "event",
	    "retired", "medium", "usb1", "by", "Sato");
	assert_plan(INT64_MAX, VERDICT_EXIT_GOOD, OLD);
	/* It is told as what it is: nobody found it damaged. */
	plan = plan_before(INT64_MAX);
	assert_int_equal(plan->systems[0].retired, 1);
	assert_int_equal(plan->systems[0].damaged, 0);
	recover_free(plan);
	/* Unless it was seen after that. */
	add_medium_state("usb1", "mounted", true);
	assert_plan(INT64_MAX, VERDICT_EXIT_GOOD, NEW);
}

static void
an_unknown_system_is_no_plan(void **state)
{
	const struct recover_question question = {
	    CATALOG_NOW, TODAY, INT64_MAX, "none"};
	struct recover *plan = NULL;

	(void)state;
	assert_int_equal(recover_plan(catalog, &question, &plan, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
}

static void
assert_preflight(int64_t now, int64_t max_age_ms, const char *reason)
{
	const struct preflight_question question = {
	    CATALOG_NOW, now, max_age_ms, "ehr"};
	struct preflight preflight;

	assert_int_equal(
	    preflight_judge(catalog, &question, &preflight, &err), 0);
	assert_string_equal(preflight.reason, reason);
	assert_non_null(preflight_sentence(preflight.reason));
}

static void
before_an_update_age_and_reading_count(void **state)
{
	(void)state;
	assert_preflight(DAY_ONE, DAY, "none");
	add_generation(OLD, DAY_ONE, "nas1", false);
	assert_preflight(DAY_ONE + DAY, DAY, "not-confirmed");
	assert_preflight(DAY_ONE + DAY + 1, DAY, "too-old");
	add_generation(NEW, DAY_ONE + DAY, "nas1", true);
	assert_preflight(DAY_ONE + DAY + HOUR, DAY, "fresh");
	/* A clock that went back makes nothing fresh (law 8). */
	assert_preflight(DAY_ONE, DAY, "clock-ahead");
}

/* A living tree, recorded and read at DAY_ONE + DAY. */
static void
add_tree(int64_t newest_file_at)
{
	uint64_t copy = 0, manifest = 0, run;
	int64_t at = DAY_ONE + DAY;

	ADD(catalog, at, &copy, "{ss ss ss ss ss ss sI ss ss}", "type", "seen",
	    "generation", OLD, "system", "ehr", "medium", "nas1", "source",
	    "ehr-nas", "layout", "tree", "taken_at", at, "time_from", "mtime",
	    "subject", DIGEST_A);
	ADD(catalog, at, &manifest,
	    "{ss sI si ss si si si si ss sI sI ss si s[[iiii]]}", "type",
	    "captured", "copy", (json_int_t)copy, "version", 1,
	    "manifest_sha256", DIGEST_A, "entries", 7, "files", 5, "bytes", 300,
	    "bytes_read", 300, "content", DIGEST_A, "oldest_reading", at,
	    "newest_file_at", newest_file_at, "mode", "direct-local",
	    "problems", 0, "slices", 50, 40, 7, 300);
	ADD(catalog, at, NULL, "{ss ss ss si}", "type", "scan", "source",
	    "ehr-nas", "result", "ok", "candidates", 1);
	run = add_run(catalog, at);
	add_slice(catalog, at, manifest, 0, run, "intact");
}

/* What was recorded of a tree is as new as its files, not as its recording. */
static void
a_tree_is_as_fresh_as_its_newest_file(void **state)
{
	const int64_t at = DAY_ONE + DAY;
	const struct {
		int64_t newest_file_at, now;
		const char *reason;
	} cases[] = {
	    {at - 40 * DAY, at, "too-old"},
	    {at - DAY, at, "fresh"},
	    {at - DAY, at + 1, "too-old"},
	    /* Clocks are not quite alike: then it is the recording's time. */
	    {at + 2 * HOUR, at + DAY, "fresh"},
	    {at + 2 * HOUR, at + DAY + 1, "too-old"},
	    /* Ahead: nobody knows, also when that time has come. */
	    {at + 2 * HOUR + 1, at, "clock-ahead"},
	    {at + 2 * HOUR + 1, at + 3 * HOUR, "clock-ahead"},
	    {at + 26000 * DAY, at + HOUR, "clock-ahead"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		add_tree(cases[i].newest_file_at);
		assert_preflight(cases[i].now, DAY, cases[i].reason);
		(void)close_catalog(state);
		(void)setup(state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(nothing_is_bad),
	    TEST(the_newest_good_one_before_an_instant),
	    TEST(the_first_record_is_told),
	    TEST(a_copy_that_came_later_takes_nothing_from_the_others),
	    TEST(a_suspicious_one_is_passed_over),
	    TEST(what_holds_broken_contents_is_no_good_answer),
	    TEST(the_copy_out_of_reach_comes_first),
	    TEST(age_and_place_are_told),
	    TEST(a_medium_out_of_service_is_passed_over),
	    TEST(an_unknown_system_is_no_plan),
	    TEST(before_an_update_age_and_reading_count),
	    TEST(a_tree_is_as_fresh_as_its_newest_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
