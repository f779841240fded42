/*
 * Who is told what and when: short stories of a channel, hour by hour.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/judge/notice.h"

/* 2026-11-22 12:00 UTC */
#define NOON INT64_C(1795348800000)

static struct error err;
static struct outbox box;
static struct outbox_channel *channel;
static struct config_notify rules;

static int
setup(void **state)
{
	(void)state;
	box = (struct outbox){.next_id = 1};
	channel = outbox_open(&box, "it", NOON, &err);
	rules = (struct config_notify){
	    .events = CONFIG_EVENT_BAD | CONFIG_EVENT_UNDETERMINED |
		      CONFIG_EVENT_RECOVERED,
	    .delay_ms = CLOCK_HOUR_MS,
	    .repeat_ms = CLOCK_DAY_MS,
	    .digest_minute = CONFIG_NONE,
	};
	return channel == NULL || date_zone_open("UTC", &err) != 0;
}

static int
teardown(void **state)
{
	(void)state;
	outbox_done(&box);
	return 0;
}

static struct notice_fact
fact_of(const char *code, enum verdict_exit severity, uint64_t count)
{
	struct notice_fact fact = {.severity = severity, .count = count};

	(void)snprintf(fact.key.code, sizeof(fact.key.code), "%s", code);
	return fact;
}

/*
 * Observe at an hour, tell what is due, and say what it was: n(ew), a(gain),
 * e(nded), p(assed), x for escalating; h: it is held; "-" for nothing.
 */
static const char *
at(double hour, const struct notice_fact *facts, size_t count)
{
	static char told[8];
	const int64_t now = NOON + (int64_t)(hour * (double)CLOCK_HOUR_MS);
	const struct notice_question question = {
	    .rules = &rules,
	    .outbox = &box,
	    .facts = facts,
	    .fact_count = count,
	    .now = now,
	    .is_waiting = channel->notice_count > 0,
	};
	struct notice_plan plan;

	assert_int_equal(notice_observe(channel, &question, &plan, &err), 0);
	(void)snprintf(told, sizeof(told), "%s%s%s%s%s%s",
	    plan.has_new ? "n" : "", plan.has_again ? "a" : "",
	    plan.has_ended ? "e" : "", plan.has_passed ? "p" : "",
	    plan.has_escalating ? "x" : "", plan.is_held ? "h" : "");
	assert_int_equal(
	    notice_plan_is_due(&plan), plan.has_new || plan.has_again ||
					   plan.has_ended || plan.has_passed);
	assert_false(plan.is_held && notice_plan_is_due(&plan));
	notice_commit(channel, &plan, false, now);
	notice_commit_escalation(channel, &plan);
	notice_plan_done(&plan);
	return told[0] == '\0' ? "-" : told;
}

#define TOLD(hour, fact, what) assert_string_equal(at(hour, &(fact), 1), what)
#define NOTHING(hour, what) assert_string_equal(at(hour, NULL, 0), what)

static void
what_is_bad_is_told_at_once_and_once(void **state)
{
	struct notice_fact bad = fact_of("d", VERDICT_EXIT_BAD, 1);

	(void)state;
	TOLD(0, bad, "n");
	TOLD(0.1, bad, "-");
	TOLD(23.9, bad, "-");
	TOLD(24, bad, "a");
	TOLD(25, bad, "-");
	NOTHING(26, "e");
	NOTHING(27, "-");
	TOLD(28, bad, "n");
}

/* One was mended, another broke: as many, but not the same. */
static void
others_are_news(void **state)
{
	struct notice_fact bad = fact_of("d", VERDICT_EXIT_BAD, 1);

	(void)state;
	bad.newest = 7;
	TOLD(0, bad, "n");
	bad.newest = 9;
	TOLD(0.5, bad, "-");
	TOLD(1, bad, "n");
	TOLD(2, bad, "-");
}

static void
what_waits_is_not_told_again(void **state)
{
	struct notice_fact bad = fact_of("d", VERDICT_EXIT_BAD, 1);
	struct outbox_notice notice = {.subject = strdup("s"),
	    .text = strdup("t"),
	    .event = "problem",
	    .state = VERDICT_EXIT_BAD};

	(void)state;
	TOLD(0, bad, "n");
	assert_int_equal(outbox_add(&box, channel, &notice, &err), 0);
	TOLD(25, bad, "-");
	outbox_remove(channel, 1);
	TOLD(26, bad, "a");
}

static void
a_doubt_is_told_when_it_lasts(void **state)
{
	struct notice_fact doubt = fact_of("d", VERDICT_EXIT_UNDETERMINED, 1);

	(void)state;
	TOLD(0, doubt, "-");
	TOLD(0.9, doubt, "-");
	NOTHING(0.95, "-");
	/* It began anew. */
	TOLD(1, doubt, "-");
	TOLD(2, doubt, "n");
	NOTHING(2.5, "e");
}

static void
a_warning_that_nobody_wants_is_not_told(void **state)
{
	struct notice_fact warning = fact_of("d", VERDICT_EXIT_WARNING, 1);

	(void)state;
	TOLD(0, warning, "-");
	TOLD(100, warning, "-");
	NOTHING(101, "-");
	rules.events |= CONFIG_EVENT_WARNING;
	TOLD(102, warning, "-");
	TOLD(103, warning, "n");
}

static void
what_gets_worse_is_news(void **state)
{
	struct notice_fact bad = fact_of("d", VERDICT_EXIT_BAD, 2);
	struct notice_fact doubt = fact_of("d", VERDICT_EXIT_UNDETERMINED, 1);

	(void)state;
	rules.delay_ms = 0;
	TOLD(0, doubt, "n");
	TOLD(0.1, bad, "n");
	/* More of it, but not every minute. */
	bad.count = 3;
	TOLD(0.5, bad, "-");
	TOLD(1.1, bad, "n");
	bad.count = 1;
	TOLD(5, bad, "-");
	TOLD(5.1, doubt, "-");
}

static void
an_acknowledgement_settles_what_it_was_about(void **state)
{
	struct notice_fact bad = fact_of("d", VERDICT_EXIT_BAD, 2);
	struct outbox_ack ack = {.key = bad.key,
	    .severity = VERDICT_EXIT_BAD,
	    .count = 2,
	    .at = NOON,
	    .until = NOON + 48 * CLOCK_HOUR_MS,
	    .by = "Sato"};

	(void)state;
	rules.escalate_ms = 12 * CLOCK_HOUR_MS;
	TOLD(0, bad, "n");
	assert_int_equal(outbox_acknowledge(&box, &ack, &err), 0);
	TOLD(13, bad, "-");
	TOLD(30, bad, "-");
	bad.count = 3;
	TOLD(31, bad, "nx");
	bad.count = 2;
	TOLD(47, bad, "-");
	/* It expires. */
	TOLD(56, bad, "a");
}

static void
what_nobody_acknowledges_is_escalated_once(void **state)
{
	struct notice_fact bad = fact_of("d", VERDICT_EXIT_BAD, 1);

	(void)state;
	rules.escalate_ms = 4 * CLOCK_HOUR_MS;
	TOLD(0, bad, "n");
	TOLD(3.9, bad, "-");
	TOLD(4, bad, "x");
	TOLD(10, bad, "-");
	NOTHING(11, "e");
	TOLD(12, bad, "n");
	TOLD(16, bad, "x");
}

static void
one_that_ends_does_not_hide_one_that_begins(void **state)
{
	struct notice_fact facts[] = {fact_of("a", VERDICT_EXIT_BAD, 1),
	    fact_of("b", VERDICT_EXIT_BAD, 1)};

	(void)state;
	assert_string_equal(at(0, &facts[0], 1), "n");
	assert_string_equal(at(1, &facts[1], 1), "ne");
}

static void
a_clock_that_went_back_silences_nothing(void **state)
{
	struct notice_fact bad = fact_of("d", VERDICT_EXIT_BAD, 1);

	(void)state;
	TOLD(100, bad, "n");
	TOLD(1, bad, "a");
	TOLD(2, bad, "-");
	TOLD(25, bad, "a");
}

/* Forty copies that go bad one after the other are two messages. */
static void
a_burst_is_told_in_one(void **state)
{
	struct notice_fact facts[40];

	(void)state;
	rules.group_ms = CLOCK_HOUR_MS / 12;
	for (size_t i = 0; i < 40; i++) {
		char code[8];

		(void)snprintf(code, sizeof(code), "c%zu", i);
		facts[i] = fact_of(code, VERDICT_EXIT_BAD, 1);
		assert_string_equal(
		    at(0.001 * (double)i, facts, i + 1), i == 0 ? "n" : "h");
	}
	assert_string_equal(at(0.08, facts, 40), "h");
	assert_string_equal(at(0.09, facts, 40), "n");
	assert_string_equal(at(0.2, facts, 40), "-");
	/* So is their end, and nothing is forgotten before it is told. */
	assert_string_equal(at(1, facts, 30), "e");
	assert_string_equal(at(1.01, facts, 20), "h");
	assert_string_equal(at(1.02, facts, 0), "h");
	assert_int_equal(channel->problem_count, 30);
	assert_string_equal(at(1.2, facts, 0), "e");
	assert_int_equal(channel->problem_count, 0);
}

static void
what_came_and_went_meanwhile_is_told(void **state)
{
	struct notice_fact facts[] = {fact_of("a", VERDICT_EXIT_BAD, 1),
	    fact_of("b", VERDICT_EXIT_BAD, 1)};

	(void)state;
	rules.group_ms = CLOCK_HOUR_MS;
	rules.events = CONFIG_EVENT_BAD;
	assert_string_equal(at(0, facts, 1), "n");
	assert_string_equal(at(0.1, facts, 2), "h");
	assert_string_equal(at(0.2, facts, 1), "h");
	assert_string_equal(at(0.3, facts, 1), "h");
	assert_string_equal(at(1.1, facts, 1), "p");
	assert_string_equal(at(2.3, facts, 1), "-");
	/* One that became milder meanwhile, too. */
	assert_string_equal(at(3, facts, 2), "n");
	NOTHING(3.1, "-");
	assert_string_equal(at(3.2, facts, 1), "h");
	facts[0].severity = VERDICT_EXIT_WARNING;
	assert_string_equal(at(3.3, facts, 1), "h");
	assert_string_equal(at(4.1, facts, 1), "n");
}

static void
what_comes_back_meanwhile_is_not_news(void **state)
{
	struct notice_fact bad = fact_of("d", VERDICT_EXIT_BAD, 1);

	(void)state;
	rules.group_ms = CLOCK_HOUR_MS;
	TOLD(0, bad, "n");
	NOTHING(0.1, "h");
	TOLD(0.2, bad, "-");
	NOTHING(0.3, "h");
	TOLD(0.4, bad, "-");
	TOLD(1.5, bad, "-");
	NOTHING(1.6, "e");
}

static void
what_is_bad_does_not_wait_for_what_is_not(void **state)
{
	struct notice_fact facts[] = {
	    fact_of("a", VERDICT_EXIT_UNDETERMINED, 1),
	    fact_of("b", VERDICT_EXIT_BAD, 1)};

	(void)state;
	rules.group_ms = CLOCK_HOUR_MS;
	rules.delay_ms = 0;
	assert_string_equal(at(0, facts, 1), "n");
	assert_string_equal(at(0.1, facts, 2), "n");
	NOTHING(0.2, "h");
	NOTHING(1.2, "e");
	/* Nor for the word that something ended. */
	assert_string_equal(at(1.3, &facts[1], 1), "n");
}

static void
what_somebody_takes_care_of_is_held_no_more(void **state)
{
	struct notice_fact facts[] = {fact_of("a", VERDICT_EXIT_BAD, 1),
	    fact_of("b", VERDICT_EXIT_BAD, 1)};
	const struct outbox_ack ack = {.key = facts[1].key,
	    .severity = VERDICT_EXIT_BAD,
	    .count = 1,
	    .at = NOON,
	    .until = NOON + 48 * CLOCK_HOUR_MS,
	    .by = "Sato"};

	(void)state;
	rules.group_ms = CLOCK_HOUR_MS;
	assert_string_equal(at(0, facts, 1), "n");
	assert_string_equal(at(0.1, facts, 2), "h");
	assert_int_equal(outbox_acknowledge(&box, &ack, &err), 0);
	assert_string_equal(at(0.2, facts, 2), "-");
	assert_string_equal(at(1.2, facts, 2), "-");
}

static void
a_clock_that_went_back_holds_nothing(void **state)
{
	struct notice_fact facts[] = {fact_of("a", VERDICT_EXIT_BAD, 1),
	    fact_of("b", VERDICT_EXIT_BAD, 1)};

	(void)state;
	rules.group_ms = CLOCK_HOUR_MS;
	assert_string_equal(at(100, facts, 1), "n");
	assert_string_equal(at(1, facts, 2), "na");
}

static int64_t
digest(int64_t hour)
{
	return notice_digest_due(channel, &rules, NOON + hour * CLOCK_HOUR_MS);
}

static void
a_digest_comes_once_a_day_also_late(void **state)
{
	(void)state;
	assert_int_equal(digest(0), 0);
	rules.digest_minute = 13 * 60;
	assert_int_equal(digest(0), 0);
	assert_int_equal(digest(1), NOON + CLOCK_HOUR_MS);
	/* hikaed was not there at one o'clock. */
	assert_int_equal(digest(9), NOON + CLOCK_HOUR_MS);
	channel->digest_at = NOON + CLOCK_HOUR_MS;
	assert_int_equal(digest(9), 0);
	assert_int_equal(digest(24), 0);
	assert_int_equal(digest(26), NOON + 25 * CLOCK_HOUR_MS);
	/* One for next year is no reason to wait until then. */
	channel->digest_at = NOON + 9000 * CLOCK_HOUR_MS;
	assert_int_equal(digest(26), NOON + 25 * CLOCK_HOUR_MS);
}

static void
nothing_of_the_past_is_told_to_a_new_channel(void **state)
{
	(void)state;
	rules.digest_minute = 8 * 60;
	assert_int_equal(digest(0), 0);
	assert_int_equal(digest(20), NOON + 20 * CLOCK_HOUR_MS);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(what_is_bad_is_told_at_once_and_once),
	    TEST(others_are_news),
	    TEST(what_waits_is_not_told_again),
	    TEST(a_doubt_is_told_when_it_lasts),
	    TEST(a_warning_that_nobody_wants_is_not_told),
	    TEST(what_gets_worse_is_news),
	    TEST(an_acknowledgement_settles_what_it_was_about),
	    TEST(what_nobody_acknowledges_is_escalated_once),
	    TEST(one_that_ends_does_not_hide_one_that_begins),
	    TEST(a_clock_that_went_back_silences_nothing),
	    TEST(a_burst_is_told_in_one),
	    TEST(what_came_and_went_meanwhile_is_told),
	    TEST(what_comes_back_meanwhile_is_not_news),
	    TEST(what_is_bad_does_not_wait_for_what_is_not),
	    TEST(what_somebody_takes_care_of_is_held_no_more),
	    TEST(a_clock_that_went_back_holds_nothing),
	    TEST(a_digest_comes_once_a_day_also_late),
	    TEST(nothing_of_the_past_is_told_to_a_new_channel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
