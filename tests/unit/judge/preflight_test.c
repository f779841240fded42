/*
 * May a system be changed now?  Only with a backup to go back to that is
 * young, was read again, and can be got at.
 */
#include "tests/unit/judge/history_play.h"
#include "tests/unit/store/own_catalog.h"

#include "lib/judge/preflight.h"

#define NEW "ehr@20261122T020000+0900"
#define OLD "ehr@20261121T020000+0900"

/* A copy on a NAS and one on a disk that is taken away. */
static int
setup(void **state)
{
	static const struct history_medium media[] = {
	    {"nas1", "nas", NULL, false, 0, 0},
	    {"usb1", "removable", "detached", false, 0, 0},
	};

	(void)open_catalog(state);
	add_media(catalog, media, 2, 1);
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, close_catalog)

static void
assert_answer(int64_t now, int64_t max_age_ms, enum verdict_exit status,
    const char *reason)
{
	const struct preflight_question question = {
	    CATALOG_NOW, now, max_age_ms, "ehr"};
	struct preflight preflight;

	if (preflight_judge(catalog, &question, &preflight, &err) != 0)
		fail_msg("%s", err.text);
	assert_string_equal(preflight.reason, reason);
	assert_int_equal(preflight.status, status);
	assert_non_null(preflight_sentence(preflight.reason));
}

/* A generation that is read again, on a medium that is seen. */
static void
add_in_sight(const char *generation, int64_t at, const char *medium)
{
	(void)add_copy(catalog, at, generation, at, medium);
	add_scan_of(catalog, at + HOUR, medium, "ok");
	add_state(catalog, at + HOUR, medium, "mounted", true, "wwn:1");
}

static void
what_is_in_sight_counts(void **state)
{
	(void)state;
	add_in_sight(NEW, DAY_ONE, "nas1");
	assert_answer(DAY_ONE + 2 * HOUR, DAY, VERDICT_EXIT_GOOD, "fresh");
	assert_answer(DAY_ONE + DAY + HOUR, DAY, VERDICT_EXIT_BAD, "too-old");
}

/* Intact bytes of a broken dump are nothing to go back to. */
static void
what_holds_broken_contents_does_not(void **state)
{
	(void)state;
	add_in_sight(NEW, DAY_ONE, "nas1");
	ADD(catalog, DAY_ONE + HOUR, NULL, "{ss ss ss ss ss}", "type",
	    "finding", "event", "open", "code", "content-broken", "verdict",
	    "none", "generation", NEW);
	assert_answer(
	    DAY_ONE + 2 * HOUR, DAY, VERDICT_EXIT_WARNING, "contents-broken");
}

static void
what_nobody_can_get_at_does_not(void **state)
{
	static const char *const states[] = {
	    "hung", "yanked", "unknown", "wrong-medium"};

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		(void)close_catalog(state);
		(void)setup(state);
		add_in_sight(NEW, DAY_ONE, "nas1");
		add_scan_of(catalog, DAY_ONE + 2 * HOUR, "nas1", "absent");
		add_state(catalog, DAY_ONE + 2 * HOUR, "nas1", states[i], false,
		    NULL);
		assert_answer(DAY_ONE + 3 * HOUR, DAY,
		    VERDICT_EXIT_UNDETERMINED, "not-in-sight");
	}
}

static void
what_was_not_looked_at_for_days_does_not(void **state)
{
	(void)state;
	add_in_sight(NEW, DAY_ONE, "nas1");
	assert_answer(DAY_ONE + 5 * DAY, 7 * DAY, VERDICT_EXIT_UNDETERMINED,
	    "not-in-sight");
}

/* A disk in the safe is one to go back to. */
static void
what_was_taken_away_properly_counts(void **state)
{
	(void)state;
	(void)add_copy(catalog, DAY_ONE, NEW, DAY_ONE, "usb1");
	(void)play(catalog, DAY_ONE, "usb1", "in +2h out record");
	add_scan_of(catalog, DAY_ONE + 2 * HOUR, "usb1", "absent");
	assert_answer(DAY_ONE + 3 * HOUR, DAY, VERDICT_EXIT_GOOD, "fresh");
}

static void
an_older_one_that_can_be_got_at_counts(void **state)
{
	(void)state;
	add_in_sight(OLD, DAY_ONE, "nas1");
	(void)add_copy(catalog, DAY_ONE + DAY, NEW, DAY_ONE + DAY, "usb1");
	assert_answer(
	    DAY_ONE + DAY + HOUR, 2 * DAY, VERDICT_EXIT_GOOD, "fresh");
	assert_answer(DAY_ONE + DAY + HOUR, DAY, VERDICT_EXIT_UNDETERMINED,
	    "not-in-sight");
}

/* It was 30 hours old before the clock went back by 20 (law 8). */
static void
a_clock_that_went_back_makes_nothing_young(void **state)
{
	(void)state;
	add_in_sight(NEW, DAY_ONE, "nas1");
	(void)play(catalog, DAY_ONE + 30 * HOUR, "nas1", "-20h");
	add_scan_of(catalog, DAY_ONE + 10 * HOUR, "nas1", "ok");
	assert_answer(DAY_ONE + 10 * HOUR, DAY, VERDICT_EXIT_BAD, "too-old");
	assert_answer(DAY_ONE + 10 * HOUR, 2 * DAY, VERDICT_EXIT_GOOD, "fresh");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_is_in_sight_counts),
	    TEST(what_holds_broken_contents_does_not),
	    TEST(what_nobody_can_get_at_does_not),
	    TEST(what_was_not_looked_at_for_days_does_not),
	    TEST(what_was_taken_away_properly_counts),
	    TEST(an_older_one_that_can_be_got_at_counts),
	    TEST(a_clock_that_went_back_makes_nothing_young),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
