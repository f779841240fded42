/* What each variant of 3-2-1 makes of the same counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/judge/copies.h"

static const struct copies_summary all = {.copies = {3, 3},
    .kinds = {2, 2},
    .offsite = {1, 1},
    .offline = {1, 1},
    .offline_or_offsite = {2, 2},
    .protected = {1, 1}};
static const struct copies_summary two = {.copies = {2, 2},
    .kinds = {2, 2},
    .offsite = {1, 1},
    .offline_or_offsite = {1, 1}};
static const struct copies_summary offline = {.copies = {3, 3},
    .kinds = {2, 2},
    .offline = {1, 1},
    .offline_or_offsite = {1, 1},
    .protected = {1, 1},
    .errors = {1, 1}};
static const struct copies_summary unknown = {.copies = {1, 3},
    .kinds = {1, 2},
    .offsite = {1, 1},
    .offline = {1, 1},
    .offline_or_offsite = {1, 1},
    .protected = {1, 1},
    .errors = {0, INT64_MAX}};
static const struct {
	const struct copies_summary *summary;
	enum copies_rule rule;
	bool counts_production;
	enum bounds_answer is_kept;
	unsigned int missing, unknown;
} cases[] = {
    {&all, COPIES_321_OFFSITE, false, BOUNDS_YES, 0, 0},
    {&all, COPIES_321_BOTH, false, BOUNDS_YES, 0, 0},
    {&all, COPIES_32110, false, BOUNDS_YES, 0, 0},
    {&two, COPIES_321_OFFSITE, true, BOUNDS_YES, 0, 0},
    {&two, COPIES_321_OFFSITE, false, BOUNDS_NO, COPIES_MISSING_COPIES, 0},
    {&two, COPIES_321_EITHER, true, BOUNDS_YES, 0, 0},
    {&two, COPIES_321_OFFLINE, true, BOUNDS_NO, COPIES_MISSING_OFFLINE, 0},
    {&two, COPIES_321_BOTH, true, BOUNDS_NO, COPIES_MISSING_OFFLINE, 0},
    {&offline, COPIES_321_OFFLINE, false, BOUNDS_YES, 0, 0},
    {&offline, COPIES_321_OFFSITE, false, BOUNDS_NO, COPIES_MISSING_OFFSITE, 0},
    {&offline, COPIES_32110, false, BOUNDS_NO,
	COPIES_MISSING_OFFSITE | COPIES_MISSING_ERRORS, 0},
    {&unknown, COPIES_321_OFFLINE, false, BOUNDS_MAYBE, 0,
	COPIES_MISSING_COPIES | COPIES_MISSING_KINDS},
    {&unknown, COPIES_32110, true, BOUNDS_MAYBE, 0,
	COPIES_MISSING_COPIES | COPIES_MISSING_KINDS | COPIES_MISSING_ERRORS},
};

static void
three_two_one_has_named_variants(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct copies_result result = copies_rule_judge(cases[i].rule,
		    cases[i].counts_production, cases[i].summary);

		if (result.is_kept != cases[i].is_kept ||
		    result.missing != cases[i].missing ||
		    result.unknown != cases[i].unknown)
			fail_msg("%d: %s: %d %x %x", (int)i,
			    copies_rule_name(cases[i].rule),
			    (int)result.is_kept, result.missing,
			    result.unknown);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(three_two_one_has_named_variants),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
