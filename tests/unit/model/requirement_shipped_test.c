/*
 * Goal: every rule of the research is in a shipped pack, none was invented,
 * and no wording is cited that nobody saw.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/model/requirement.h"

/* All ids, with how far the wording was seen, and the last day in force. */
static const struct {
	const char *id, *pack;
	int status;
	int64_t valid_to;
} rows[] = {
    {"LAW-14-2", "law", REQUIREMENT_VERBATIM_FINAL, 0},
    {"LAW-INSP-2-19", "law", REQUIREMENT_UNSEEN, 0},
    {"LAW-RET-5", "law", REQUIREMENT_CUT, 0},
    {"LAW-RET-3", "law", REQUIREMENT_VERBATIM_FINAL, 0},
    {"LAW-RET-2", "law", REQUIREMENT_CUT, 0},
    {"ES-AUTH", "law", REQUIREMENT_QUOTED, 0},
    {"ES-READ", "law", REQUIREMENT_QUOTED, 0},
    {"ES-PRES", "law", REQUIREMENT_QUOTED, 0},
    {"G6-S11-1e", "guideline-6.0", REQUIREMENT_VERBATIM_FINAL, 20260628},
    {"G6-S11-1f", "guideline-6.0", REQUIREMENT_CUT, 20260628},
    {"G6-S11-1g", "guideline-6.0", REQUIREMENT_UNSEEN, 20260628},
    {"G6-S11.1", "guideline-6.0", REQUIREMENT_VERBATIM_FINAL, 20260628},
    {"G6-S12-1", "guideline-6.0", REQUIREMENT_CUT, 20260628},
    {"G6-S12.2", "guideline-6.0", REQUIREMENT_VERBATIM_DRAFT, 20260628},
    {"G6-S18-1d", "guideline-6.0", REQUIREMENT_VERBATIM_FINAL, 20260628},
    {"G6-M11-6", "guideline-6.0", REQUIREMENT_CUT, 20260628},
    {"G6-M15-3", "guideline-6.0", REQUIREMENT_VERBATIM_FINAL, 20260628},
    {"G6-M15-4", "guideline-6.0", REQUIREMENT_QUOTED, 20260628},
    {"G6-V341-2", "guideline-6.0", REQUIREMENT_CUT, 20260628},
    {"G6-V341-3", "guideline-6.0", REQUIREMENT_CUT, 20260628},
    {"G6-QA-EHR5", "guideline-6.0", REQUIREMENT_VERBATIM_DRAFT, 20260628},
    {"G6-QA-OTH3", "guideline-6.0", REQUIREMENT_VERBATIM_DRAFT, 20260628},
    {"G6-QA-WEEK", "guideline-6.0", REQUIREMENT_VERBATIM_DRAFT, 20260628},
    {"G6-QA-PACS", "guideline-6.0", REQUIREMENT_VERBATIM_DRAFT, 20260628},
    {"G6-QA-31", "guideline-6.0", REQUIREMENT_VERBATIM_FINAL, 20260628},
    {"G6-QA-29", "guideline-6.0", REQUIREMENT_CUT, 20260628},
    {"G7-EDITION", "guideline-7.0", REQUIREMENT_UNSEEN, 0},
    {"G7-MC-SDS", "guideline-7.0", REQUIREMENT_UNSEEN, 0},
    {"CL-R6-3-2", "checklist-r7", REQUIREMENT_QUOTED, 20250499},
    {"CL-R7-3-2", "checklist-r7", REQUIREMENT_VERBATIM_DRAFT, 20260599},
    {"CL-R6-3-3", "checklist-r7", REQUIREMENT_QUOTED, 20250499},
    {"CL-R8", "checklist-r8", REQUIREMENT_UNSEEN, 0},
    {"BCP-1-2", "bcp", REQUIREMENT_VERBATIM_FINAL, 0},
    {"BCP-H-1-2", "bcp", REQUIREMENT_CUT, 0},
    {"BCP-T-2.2.4", "bcp", REQUIREMENT_VERBATIM_FINAL, 0},
    {"FEE-R6-10", "fee-r6", REQUIREMENT_CUT, 20260599},
    {"FEE-R6-11", "fee-r6", REQUIREMENT_VERBATIM_FINAL, 20260599},
    {"FEE-R6-12", "fee-r6", REQUIREMENT_CUT, 20260599},
    {"FEE-R6-ATT", "fee-r6", REQUIREMENT_QUOTED, 20260599},
    {"FEE-R6-RULE", "fee-r6", REQUIREMENT_CUT, 20260599},
    {"FEE-R6-SCOPE", "fee-r6", REQUIREMENT_VERBATIM_FINAL, 20260599},
    {"FEE-R6-MODE-1", "fee-r6", REQUIREMENT_CUT, 20260599},
    {"FEE-R6-MODE-2", "fee-r6", REQUIREMENT_CUT, 20260599},
    {"FEE-R6-MODE-3", "fee-r6", REQUIREMENT_CUT, 20260599},
    {"FEE-R6-MODE-4", "fee-r6", REQUIREMENT_CUT, 20260599},
    {"FEE-R4-REC", "fee-r6", REQUIREMENT_QUOTED, 20240599},
    {"FEE-R8-IN", "fee-r8", REQUIREMENT_UNSEEN, 0},
    {"INT-HIPAA-A", "international", REQUIREMENT_VERBATIM_FINAL, 0},
    {"INT-HIPAA-B", "international", REQUIREMENT_VERBATIM_FINAL, 0},
    {"INT-HIPAA-C", "international", REQUIREMENT_CUT, 0},
    {"INT-HIPAA-D", "international", REQUIREMENT_VERBATIM_FINAL, 0},
    {"INT-HIPAA-E", "international", REQUIREMENT_VERBATIM_FINAL, 0},
    {"INT-NCSC-1", "international", REQUIREMENT_QUOTED, 0},
    {"INT-CISA-1", "international", REQUIREMENT_MEMORY, 0},
    {"INT-CISA-2", "international", REQUIREMENT_MEMORY, 0},
    {"SURVEY-MULTIPLE", "best-practice", REQUIREMENT_MEMORY, 0},
    {"SURVEY-BOTH", "best-practice", REQUIREMENT_MEMORY, 0},
    {"INT-321", "best-practice", REQUIREMENT_MEMORY, 0},
    {"INT-32110", "best-practice", REQUIREMENT_MEMORY, 0},
    /* variants that the research names without an id */
    {"BP-321-OFFLINE", "best-practice", REQUIREMENT_MEMORY, 0},
    {"BP-321-BOTH", "best-practice", REQUIREMENT_MEMORY, 0},
    {"BP-321-BACKUPS", "best-practice", REQUIREMENT_MEMORY, 0},
    {"BP-321-PLACES", "best-practice", REQUIREMENT_MEMORY, 0},
    {"PRD-DRILL-Q", "product-default", REQUIREMENT_MEMORY, 0},
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static int
load(void **state)
{
	struct config_problems problems;
	struct requirement_set *set = NULL;
	int rc = requirement_load(-1, &set, &problems);

	for (size_t i = 0; i < problems.count; i++)
		print_message("%s\n", problems.texts[i]);
	config_problems_done(&problems);
	*state = set;
	return rc;
}

static int
unload(void **state)
{
	requirement_set_free(*state);
	return 0;
}

static void
ids_are_those_of_the_research(void **state)
{
	const struct requirement_set *set = *state;
	const struct requirement *found;

	for (size_t i = 0; i < ROWS; i++) {
		found = requirement_find(set, rows[i].id);
		if (found == NULL)
			fail_msg("%s is in no pack", rows[i].id);
		assert_string_equal(found->pack->id, rows[i].pack);
		if ((int)found->text_status != rows[i].status)
			fail_msg("%s: text_status", rows[i].id);
		assert_int_equal(found->valid_to, rows[i].valid_to);
		assert_false(found->is_site);
	}
	assert_null(requirement_at(set, ROWS));
}

static void
nothing_unseen_is_cited(void **state)
{
	const struct requirement_set *set = *state;
	const struct requirement *row;

	for (size_t i = 0; (row = requirement_at(set, i)) != NULL; i++) {
		bool has_text = row->text != NULL || row->text_en != NULL;
		const char *text = row->text != NULL ? row->text : row->text_en;

		assert_int_equal(
		    has_text, row->text_status != REQUIREMENT_UNSEEN &&
				  row->text_status != REQUIREMENT_MEMORY);
		if (row->text_status == REQUIREMENT_UNSEEN) {
			assert_non_null(row->nearest);
			assert_non_null(row->url);
		}
		/* The English of what is Japanese, and of nothing else. */
		assert_true((row->meaning_en != NULL) == (row->text != NULL));
		if (row->text_status == REQUIREMENT_CUT)
			assert_non_null(strstr(text, "…"));
	}
}

/* Research section 5.2: the fee names three systems, not images. */
static void
fees_never_ask_about_images(void **state)
{
	const struct requirement_set *set = *state;
	const struct requirement *row;

	for (size_t i = 0; (row = requirement_at(set, i)) != NULL; i++)
		if (row->kind == REQUIREMENT_FEE) {
			assert_int_equal(
			    row->systems & (1u << CONFIG_SYSTEM_IMAGING |
					       1u << CONFIG_SYSTEM_OTHER),
			    0);
			assert_int_equal(
			    row->facility, 1u /* the first kind: hospital */);
		}
}

/* Research section 1, fact 3. */
static void
quarterly_drills_are_the_products_own(void **state)
{
	const struct requirement_set *set = *state;
	const struct requirement *row;

	for (size_t i = 0; (row = requirement_at(set, i)) != NULL; i++)
		for (size_t k = 0; k < row->check_count; k++)
			if (row->checks[k].measure == MEASURE_DRILL_AGE &&
			    row->checks[k].number < 366)
				assert_int_equal(
				    row->kind, REQUIREMENT_PRODUCT_DEFAULT);
}

static void
editions_end_on_their_day(void **state)
{
	const struct requirement_set *set = *state;
	const struct requirement *old = requirement_find(set, "G6-S11-1f");
	const struct requirement *new = requirement_find(set, "G7-EDITION");

	assert_true(requirement_is_valid(old, 20260628));
	assert_false(requirement_is_valid(old, 20260629));
	assert_false(requirement_is_valid(old, 20260630));
	assert_false(requirement_is_valid(old, 20230430));
	assert_false(requirement_is_valid(new, 20260628));
	assert_true(requirement_is_valid(new, 20260629));
	/* A month is in force to its last day. */
	old = requirement_find(set, "FEE-R6-11");
	assert_true(requirement_is_valid(old, 20240601));
	assert_false(requirement_is_valid(old, 20240531));
	assert_true(requirement_is_valid(old, 20260531));
	assert_false(requirement_is_valid(old, 20260601));
	old = requirement_find(set, "G6-S11-1f");
	assert_string_equal(old->superseded_by, "G7-EDITION");
}

/* The day after, where months are wide as 20260599 and 20260600. */
static int64_t
day_after(int64_t day)
{
	int64_t month = day / 100 % 100;

	if (day % 100 == 99)
		return (month == 12 ? day - 1200 + 10000 : day) + 1;
	/* Of the days in use, no other is the last of its month. */
	assert_true(day % 100 < 28 || day == 20260628);
	return day + 1;
}

/* No day is without the rule or its successor, and none has both. */
static void
each_rule_ends_the_day_before_its_successor(void **state)
{
	const struct requirement_set *set = *state;
	const struct requirement *row;
	size_t superseded = 0;

	for (size_t i = 0; (row = requirement_at(set, i)) != NULL; i++) {
		if (row->superseded_by == NULL)
			continue;
		superseded++;
		if (day_after(row->valid_to) !=
		    requirement_find(set, row->superseded_by)->valid_from)
			fail_msg("%s: a gap or an overlap", row->id);
	}
	assert_true(superseded > 20);
}

/* Research section 13.3: when the revision of 2026 took effect was not seen. */
static void
a_day_that_nobody_saw_is_told(void **state)
{
	const struct requirement_set *set = *state;
	const struct requirement *row;

	for (size_t i = 0; (row = requirement_at(set, i)) != NULL; i++)
		if (row->kind == REQUIREMENT_FEE &&
		    (row->valid_to == 20260599 || row->valid_from == 20260600))
			assert_true(strstr(row->note, "確認していない") &&
				    strstr(row->note_en, "seen"));
}

static bool
is_ascii(const char *text)
{
	while (*text > 0)
		text++;
	return *text == '\0';
}

/* Official texts are cited by their titles; nothing else is in Japanese. */
static void
a_source_that_is_no_title_has_an_english_name(void **state)
{
	const struct requirement_set *set = *state;
	const struct requirement *row;

	for (size_t i = 0; (row = requirement_at(set, i)) != NULL; i++)
		if (row->kind == REQUIREMENT_BEST_PRACTICE ||
		    row->kind == REQUIREMENT_INTERNATIONAL ||
		    row->kind == REQUIREMENT_PRODUCT_DEFAULT)
			assert_true(
			    is_ascii(row->source_en != NULL ? row->source_en
							    : row->source));
}

static void
every_row_can_be_shown(void **state)
{
	const struct requirement_set *set = *state;
	const struct requirement *row;

	for (size_t i = 0; (row = requirement_at(set, i)) != NULL; i++) {
		assert_true(strlen(row->title) > 0);
		assert_true(strlen(row->title_en) > 0);
		assert_true(strlen(row->source) > 0);
		assert_true(row->note == NULL || row->note_en != NULL);
		assert_true(strlen(requirement_kind_word(row->kind)) > 0);
		assert_true(
		    strlen(requirement_text_status_word(row->text_status)) > 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ids_are_those_of_the_research),
	    cmocka_unit_test(nothing_unseen_is_cited),
	    cmocka_unit_test(fees_never_ask_about_images),
	    cmocka_unit_test(quarterly_drills_are_the_products_own),
	    cmocka_unit_test(editions_end_on_their_day),
	    cmocka_unit_test(each_rule_ends_the_day_before_its_successor),
	    cmocka_unit_test(a_day_that_nobody_saw_is_told),
	    cmocka_unit_test(a_source_that_is_no_title_has_an_english_name),
	    cmocka_unit_test(every_row_can_be_shown),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
