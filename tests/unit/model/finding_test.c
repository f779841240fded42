/* Every finding has a name of its own, a sentence and a next step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/model/finding.h"

static void
names_are_stable_and_distinct(void **state)
{
	(void)state;
	for (int i = 0; i < FINDINGS; i++) {
		const char *name = finding_name((enum finding)i);
		enum finding finding;

		assert_non_null(name);
		assert_int_equal(
		    strspn(name, "abcdefghijklmnopqrstuvwxyz-"), strlen(name));
		/* Fits a manifest's unread code (FORMATS section 2). */
		assert_true(strlen(name) < 32);
		/* The first with a name is the one it parses to. */
		assert_int_equal(finding_parse(name, &finding), 0);
		assert_int_equal(finding, i);
	}
	assert_int_equal(finding_parse("", &(enum finding){0}), -1);
	assert_int_equal(finding_parse("bit rot", &(enum finding){0}), -1);
}

static void
sentences_are_whole(void **state)
{
	(void)state;
	for (int i = 0; i < FINDINGS; i++) {
		const char *texts[] = {finding_sentence((enum finding)i),
		    finding_advice((enum finding)i)};

		for (size_t t = 0; t < 2; t++) {
			size_t length;

			assert_non_null(texts[t]);
			length = strlen(texts[t]);
			assert_true(length > 10 && length < 250);
			assert_true(texts[t][length - 1] == '.');
			assert_null(strchr(texts[t], '%'));
			assert_null(strstr(texts[t], "  "));
		}
	}
}

/* Nothing that says something against bytes may count as good. */
static void
verdicts_and_severities_agree(void **state)
{
	(void)state;
	for (int i = 0; i < FINDINGS; i++) {
		enum verdict_exit severity = finding_severity((enum finding)i);

		switch (finding_verdict((enum finding)i)) {
		case VERDICT_INTACT:
			break;
		case VERDICT_DAMAGED:
			assert_int_equal(severity, VERDICT_EXIT_BAD);
			break;
		case VERDICT_UNDETERMINED:
			assert_true(severity == VERDICT_EXIT_BAD ||
				    severity == VERDICT_EXIT_UNDETERMINED);
			break;
		}
	}
	/* DESIGN law 2. */
	assert_int_equal(finding_verdict(FINDING_UNREADABLE), VERDICT_DAMAGED);
	assert_int_equal(
	    finding_verdict(FINDING_UNREADABLE_NOW), VERDICT_UNDETERMINED);
	assert_int_equal(
	    finding_verdict(FINDING_ARCHIVE_LIMIT), VERDICT_UNDETERMINED);
}

/* Law 3: damage and doubt about bytes are never settled by a word. */
static void
only_hints_can_be_accepted(void **state)
{
	(void)state;
	for (int i = 0; i < FINDINGS; i++)
		if (finding_is_acceptable((enum finding)i))
			assert_int_equal(
			    finding_verdict((enum finding)i), VERDICT_INTACT);
	assert_true(finding_is_acceptable(FINDING_SUSPICIOUS_CONTENT));
	assert_true(finding_is_acceptable(FINDING_CLOCK_JUMPED));
	assert_false(finding_is_acceptable(FINDING_BIT_ROT));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_stable_and_distinct),
	    cmocka_unit_test(sentences_are_whole),
	    cmocka_unit_test(verdicts_and_severities_agree),
	    cmocka_unit_test(only_hints_can_be_accepted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
