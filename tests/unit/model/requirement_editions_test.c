/*
 * Goal: no day has two editions of a rule, in packs of whatever making; who
 * wrote a clash is told of both places, and hikae's own packs stay.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/model/requirement.h"

#define PACK "[pack]\nid = p\nname = 試し\nname_en = Trial\n"
/* Eight lines, behind which come the days. */
#define ROW(id, source)                                                       \
	"[requirement " id "]\nkind = guideline\ntitle = 題\ntitle_en = T\n" \
	"source = " source "\ntext_status = memory\nsystems = ehr\n"          \
	"check = copies(system) >= 3\n"
#define OLD ROW("R-1", "旧") "superseded_by = R-2\n"
#define NEW ROW("R-2", "新")

/* How the first problem begins; NULL: there is none. */
static const struct {
	const char *text, *problem;
} cases[] = {
    {PACK OLD "valid_to = 2026-05\n" NEW "valid_from = 2026-06\n", NULL},
    {PACK OLD "valid_to = 2026-05-31\n" NEW "valid_from = 2026-06-01\n", NULL},
    {PACK OLD "valid_to = 2026-04\n" NEW "valid_from = 2026-06-01\n", NULL},
    {PACK OLD NEW "valid_from = 2026-06\n",
	"f:5: [requirement R-1] and R-2 (f, line 14) are editions"},
    {PACK OLD "valid_to = 2026-05\n" NEW,
	"f:5: [requirement R-1] and R-2 (f, line 15) are editions"},
    {PACK OLD "valid_to = 2026-06-29\n" NEW "valid_from = 2026-06-29\n",
	"f:5: [requirement R-1] and R-2 (f, line 15) are editions"},
    /* A month ends with its last day and begins with its first. */
    {PACK OLD "valid_to = 2026-06\n" NEW "valid_from = 2026-06-30\n",
	"f:5: [requirement R-1] and R-2 (f, line 15) are editions"},
    {PACK OLD "valid_to = 2026-06-01\n" NEW "valid_from = 2026-06\n",
	"f:5: [requirement R-1] and R-2 (f, line 15) are editions"},
    /* Whichever comes first in the file. */
    {PACK NEW "valid_from = 2026-06\n" OLD "valid_to = 2026-06-01\n",
	"f:14: [requirement R-1] and R-2 (f, line 5) are editions"},
    /* Nothing follows itself, nor what follows it. */
    {PACK ROW("R-1", "旧") "superseded_by = R-1\nvalid_to = 2026-05\n",
	"f:5: [requirement R-1] and R-1 (f, line 5) are editions"},
    {PACK OLD "valid_from = 2026-01\nvalid_to = 2026-05\n" NEW
	      "superseded_by = R-1\nvalid_from = 2026-06\n"
	      "valid_to = 2026-07\n",
	"f:16: [requirement R-2] and R-1 (f, line 5) are editions"},
    /* A document has one edition on a day. */
    {PACK ROW("R-1", "旧") "edition = 1\n" ROW(
	 "R-2", "旧") "edition = 2\nvalid_from = 2026-06\n",
	"f:5: [requirement R-1] and R-2 (f, line 14) are editions"},
    {PACK ROW("R-1", "旧") "edition = 2\nvalid_from = 2026-06\n" ROW(
	 "R-2", "旧") "edition = 1\n",
	"f:15: [requirement R-2] and R-1 (f, line 5) are editions"},
    {PACK ROW("R-1", "旧") "edition = 1\nvalid_to = 2026-05\n" ROW(
	 "R-2", "旧") "edition = 2\nvalid_from = 2026-06\n",
	NULL},
    {PACK ROW("R-1", "旧") "edition = 1\n" ROW("R-2", "旧") "edition = 1\n",
	NULL},
    {PACK ROW("R-1", "旧") "edition = 1\n" ROW("R-2", "新") "edition = 2\n",
	NULL},
};

static void
a_day_with_two_editions_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config_problems problems;
		struct requirement_set *set = NULL;
		const char *text = cases[i].text, *problem = cases[i].problem;
		int rc = requirement_load_text(
		    "f", text, strlen(text), &set, &problems);

		if ((rc == 0) != (problem == NULL))
			fail_msg("case %zu: %s", i,
			    rc == 0 ? "taken" : problems.texts[0]);
		if (problem != NULL &&
		    strncmp(problems.texts[0], problem, strlen(problem)) != 0)
			fail_msg("%s\nis not: %s", problems.texts[0], problem);
		requirement_set_free(set);
		config_problems_done(&problems);
	}
}

/* A facility's own files beside the packs that ship. */
static struct requirement_texts
site_of(const char *first, const char *second)
{
	struct requirement_texts texts;
	struct requirement_text item = {.is_site = true};
	char one[] = "one.conf", two[] = "two.conf";
	struct error err;

	assert_int_equal(requirement_texts_read(-1, &texts, &err), 0);
	item.file = one;
	assert_int_equal(
	    requirement_texts_add(&texts, &item, first, strlen(first), &err),
	    0);
	item.file = two;
	if (second != NULL)
		assert_int_equal(requirement_texts_add(&texts, &item, second,
				     strlen(second), &err),
		    0);
	return texts;
}

static void
packs_that_ship_are_not_at_fault(void **state)
{
	static const char seven[] = "[pack]\nid = guideline-7.0\n" ROW(
	    "G7-EDITION", "第7.0版") "valid_from = 2026-06-28\n";
	struct requirement_texts texts = site_of(seven, NULL);
	struct config_problems problems;
	struct requirement_set *set = NULL;

	(void)state;
	assert_int_equal(requirement_load_texts(&texts, &set, &problems), -1);
	/* Many rules of 6.0 end that day; once is enough. */
	assert_int_equal(problems.count, 1);
	assert_non_null(strstr(
	    problems.texts[0], "one.conf:3: [requirement G7-EDITION] and G6-"));
	assert_non_null(strstr(problems.texts[0], "guideline-6.0.conf, line "));
	config_problems_done(&problems);
	assert_int_equal(requirement_load_sound(&texts, &set, &problems), 0);
	config_problems_done(&problems);
	assert_false(requirement_find(set, "G7-EDITION")->is_site);
	assert_non_null(requirement_find(set, "G6-S11-1f"));
	requirement_set_free(set);
	requirement_texts_done(&texts);
}

static void
the_newer_edition_stays(void **state)
{
	struct requirement_texts texts =
	    site_of(PACK OLD "valid_to = 2026-05\n",
		"[pack]\nid = q\nname = 次\nname_en = Next\n" NEW
		"valid_from = 2026-05-31\n");
	struct config_problems problems;
	struct requirement_set *set = NULL;

	(void)state;
	assert_int_equal(requirement_load_sound(&texts, &set, &problems), 0);
	assert_int_equal(problems.count, 1);
	assert_non_null(strstr(problems.texts[0], "one.conf:5: "));
	assert_non_null(strstr(problems.texts[0], "(two.conf, line 5)"));
	config_problems_done(&problems);
	assert_null(requirement_find(set, "R-1"));
	assert_non_null(requirement_find(set, "R-2"));
	requirement_set_free(set);
	requirement_texts_done(&texts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_day_with_two_editions_is_refused),
	    cmocka_unit_test(packs_that_ship_are_not_at_fault),
	    cmocka_unit_test(the_newer_edition_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
