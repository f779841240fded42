/* What a message says: its subject names the news, its text all there is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/date.h"
#include "lib/judge/reason.h"
#include "lib/output/notice_text.h"

#define NOON INT64_C(1795348800000)

static const char text[] =
    "[facility]\nid = h\nname = North Clinic\n"
    "[system ehr]\nkind = ehr\nname = Records\n"
    "[medium nas]\nkind = nas\nname = NAS\npath = /mnt/nas\n";
static struct config *config;
static struct health health = {.now = NOON, .status = VERDICT_EXIT_BAD};
static struct notice_item items[40];
static struct notice_plan plan;
static char *subject, *said;
static struct error err;

static int
setup(void **state)
{
	struct config_problems problems;

	(void)state;
	memset(items, 0, sizeof(items));
	plan = (struct notice_plan){.items = items};
	subject = said = NULL;
	if (config_load_text("f", text, strlen(text), &config, &problems) != 0)
		return -1;
	config_problems_done(&problems);
	return date_zone_open("UTC", &err);
}

static int
teardown(void **state)
{
	(void)state;
	config_free(config);
	free(subject);
	free(said);
	return 0;
}

static void
add(enum reason reason, enum notice_part part, enum verdict_exit severity)
{
	struct notice_item *item = &plan.items[plan.count++];

	*item = (struct notice_item){.part = part,
	    .severity = severity,
	    .count = 1,
	    .seen_at = NOON,
	    .is_told = true};
	(void)snprintf(
	    item->key.code, sizeof(item->key.code), "%s", reason_name(reason));
	(void)snprintf(item->key.system, sizeof(item->key.system), "%s", "ehr");
	plan.has_new |= part == NOTICE_NEW;
}

static void
make(const char *event)
{
	const struct notice_page page = {.config = config,
	    .health = &health,
	    .plan = &plan,
	    .host = "host1",
	    .event = event,
	    .state = VERDICT_EXIT_BAD};

	assert_int_equal(notice_text_make(&page, &subject, &said, &err), 0);
}

/* An old problem that is worse does not stand in its place. */
static void
a_subject_names_the_news(void **state)
{
	(void)state;
	add(REASON_COPIES_DAMAGED, NOTICE_STANDING, VERDICT_EXIT_BAD);
	add(REASON_LATE_IN_GRACE, NOTICE_NEW, VERDICT_EXIT_WARNING);
	add(REASON_COVERAGE_OVERDUE, NOTICE_NEW, VERDICT_EXIT_BAD);
	add(REASON_COPIES_MISSING, NOTICE_ENDED, VERDICT_EXIT_BAD);
	make("problem");
	assert_non_null(strstr(subject, "Act now: Records: "));
	assert_non_null(strstr(
	    subject, reason_title(reason_name(REASON_COVERAGE_OVERDUE))));
	assert_null(strstr(subject, reason_title("copies-damaged")));
	assert_non_null(strstr(subject, " and 1 more"));
	assert_non_null(strstr(subject, "North Clinic"));
	assert_true(strstr(said, "\nNew\n") < strstr(said, "\nEnded\n"));
	assert_true(
	    strstr(said, "\nEnded\n") < strstr(said, "\nStill there\n"));
	assert_non_null(strstr(said, "hikae status, on host1"));
}

static void
without_news_it_names_the_worst_that_stands(void **state)
{
	(void)state;
	add(REASON_LATE_IN_GRACE, NOTICE_AGAIN, VERDICT_EXIT_WARNING);
	add(REASON_COPIES_DAMAGED, NOTICE_STANDING, VERDICT_EXIT_BAD);
	make("repeat");
	assert_non_null(strstr(subject, reason_title("copies-damaged")));
	assert_non_null(strstr(subject, "[still]"));
}

static void
what_came_and_went_is_named(void **state)
{
	(void)state;
	add(REASON_COPIES_DAMAGED, NOTICE_ENDED, VERDICT_EXIT_BAD);
	items[0].is_passed = true;
	make("recovered");
	assert_non_null(strstr(subject, reason_title("copies-damaged")));
	assert_non_null(strstr(subject, "[ended]"));
	assert_non_null(strstr(said, "gone before this was sent"));
}

/* Forty problems are counted, not forty screens. */
static void
many_are_counted(void **state)
{
	(void)state;
	for (int i = 0; i < 40; i++)
		add(REASON_LATE_IN_GRACE, NOTICE_NEW, VERDICT_EXIT_BAD);
	make("problem");
	assert_non_null(strstr(subject, " and 39 more"));
	assert_non_null(strstr(said, "and 10 more"));
	assert_true(strlen(said) <= NOTICE_TEXT_MAX);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_subject_names_the_news),
	    TEST(without_news_it_names_the_worst_that_stands),
	    TEST(what_came_and_went_is_named),
	    TEST(many_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
