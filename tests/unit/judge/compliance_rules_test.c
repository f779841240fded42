/*
 * Goal: what evidence means for a row, over every combination that decides:
 * nothing unknown, empty, unseen or unsaid is ever complete (laws 1, 2, 9).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judge/compliance_rules.h"

#define DAY INT64_C(86400000)

#define COMPLETE COMPLIANCE_COMPLETE
#define PARTIAL COMPLIANCE_PARTIAL
#define MISSING COMPLIANCE_MISSING
#define UNSURE COMPLIANCE_UNDETERMINED

/* A row is a few letters, so that the table below can be read:
 *   checks: c holds, p of a part, f fails, n nothing there, u unknown,
 *           l unknown too long
 *   asks:   s for a statement, d for a document
 *   has:    s a statement in force, e one that ended, d a document,
 *           w a statement that ends within days */
static const struct {
	const char *checks, *asks, *has;
	enum compliance_state state;
	enum compliance_reason reason;
	size_t check;
} rows[] = {
    {"c", "", "", COMPLETE, COMPLIANCE_ALL_THERE, 0},
    {"cc", "", "", COMPLETE, COMPLIANCE_ALL_THERE, 0},
    {"cf", "", "", MISSING, COMPLIANCE_CHECK_FAILED, 1},
    {"n", "", "", MISSING, COMPLIANCE_CHECK_EMPTY, 0},
    {"u", "", "", UNSURE, COMPLIANCE_CHECK_UNKNOWN, 0},
    {"cu", "", "", UNSURE, COMPLIANCE_CHECK_UNKNOWN, 1},
    {"p", "", "", PARTIAL, COMPLIANCE_CHECK_PARTIAL, 0},
    {"cp", "", "", PARTIAL, COMPLIANCE_CHECK_PARTIAL, 1},
    {"pf", "", "", MISSING, COMPLIANCE_CHECK_FAILED, 1},
    {"pu", "", "", UNSURE, COMPLIANCE_CHECK_UNKNOWN, 1},
    {"p", "s", "s", PARTIAL, COMPLIANCE_CHECK_PARTIAL, 0},
    {"l", "", "", MISSING, COMPLIANCE_CHECK_TOO_LONG, 0},
    {"uf", "", "", MISSING, COMPLIANCE_CHECK_FAILED, 1},
    {"c", "s", "", PARTIAL, COMPLIANCE_NO_STATEMENT, 0},
    {"c", "s", "s", COMPLETE, COMPLIANCE_ALL_THERE, 0},
    {"c", "s", "w", COMPLETE, COMPLIANCE_ENDS_SOON, 0},
    {"c", "s", "e", PARTIAL, COMPLIANCE_STATEMENT_ENDED, 0},
    {"f", "s", "s", MISSING, COMPLIANCE_CHECK_FAILED, 0},
    {"u", "s", "s", UNSURE, COMPLIANCE_CHECK_UNKNOWN, 0},
    {"c", "sd", "s", PARTIAL, COMPLIANCE_NO_DOCUMENT, 0},
    {"c", "sd", "sd", COMPLETE, COMPLIANCE_ALL_THERE, 0},
    {"c", "d", "", PARTIAL, COMPLIANCE_NO_DOCUMENT, 0},
    {"c", "d", "sd", COMPLETE, COMPLIANCE_ALL_THERE, 0},
    /* A statement that nobody asked for changes nothing. */
    {"c", "", "w", COMPLETE, COMPLIANCE_ALL_THERE, 0},
    {"", "s", "", MISSING, COMPLIANCE_NO_STATEMENT, 0},
    {"", "s", "e", MISSING, COMPLIANCE_STATEMENT_ENDED, 0},
    {"", "s", "s", COMPLETE, COMPLIANCE_ALL_THERE, 0},
    {"", "sd", "s", PARTIAL, COMPLIANCE_NO_DOCUMENT, 0},
    {"", "d", "s", MISSING, COMPLIANCE_NO_DOCUMENT, 0},
    {"", "d", "sd", COMPLETE, COMPLIANCE_ALL_THERE, 0},
};

static struct measure_value
value_of(char letter)
{
	struct measure_value value = {.reason = ""};

	value.state = letter == 'n'		       ? MEASURE_NONE
		      : letter == 'u' || letter == 'l' ? MEASURE_UNKNOWN
						       : MEASURE_KNOWN;
	value.number = letter == 'c' || letter == 'p' ? 3 : 0;
	value.is_partial = letter == 'p';
	value.unknown_ms = letter == 'l' ? 4 * DAY : letter == 'u' ? DAY : 0;
	return value;
}

static void
fill(struct compliance_row *row, struct requirement *requirement,
    const char *checks, const char *asks, const char *has)
{
	static char statement[] = "s";

	memset(row, 0, sizeof(*row));
	memset(requirement, 0, sizeof(*requirement));
	row->requirement = requirement;
	requirement->text_status = REQUIREMENT_CUT;
	requirement->systems = 1;
	for (; checks[requirement->check_count] != '\0';
	     requirement->check_count++) {
		size_t i = requirement->check_count;

		requirement->checks[i] = (struct requirement_check){
		    MEASURE_COPIES, REQUIREMENT_AT_LEAST, 3};
		row->checks[i].value = value_of(checks[i]);
		row->checks[i].state = compliance_rules_check(
		    &requirement->checks[i], &row->checks[i].value, 3 * DAY);
	}
	if (strchr(asks, 's') != NULL)
		requirement->attestation = statement;
	if (strchr(asks, 'd') != NULL)
		requirement->documents = 1;
	if (has[0] == '\0')
		return;
	row->statement.id = 7;
	row->statement.is_in_force = strchr(has, 'e') == NULL;
	row->statement.left_ms = strchr(has, 'e') != NULL   ? 0
				 : strchr(has, 'w') != NULL ? DAY
							    : 100 * DAY;
	row->statement.document = strchr(has, 'd') != NULL ? 7 : 0;
}

static void
every_combination_has_its_answer(void **state)
{
	const struct compliance_facts facts = {3 * DAY, true, true};
	struct requirement requirement;
	struct compliance_row row;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fill(&row, &requirement, rows[i].checks, rows[i].asks,
		    rows[i].has);
		compliance_rules_apply(&row, &facts);
		if (row.state != rows[i].state || row.reason != rows[i].reason)
			fail_msg("row %zu: %s, %s", i,
			    compliance_state_name(row.state),
			    compliance_reason_name(row.reason));
		assert_int_equal(row.check, rows[i].check);
	}
}

static void
what_was_not_seen_is_never_complete(void **state)
{
	const struct compliance_facts facts = {3 * DAY, true, true};
	struct requirement requirement;
	struct compliance_row row;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fill(&row, &requirement, rows[i].checks, rows[i].asks,
		    rows[i].has);
		requirement.text_status = REQUIREMENT_UNSEEN;
		compliance_rules_apply(&row, &facts);
		assert_int_equal(row.state, UNSURE);
		assert_int_equal(row.reason, COMPLIANCE_TEXT_UNSEEN);
	}
}

static void
a_system_without_source_misses_every_rule(void **state)
{
	struct compliance_facts facts = {3 * DAY, true, false};
	struct requirement requirement;
	struct compliance_row row;

	(void)state;
	fill(&row, &requirement, "c", "", "");
	compliance_rules_apply(&row, &facts);
	assert_int_equal(row.state, MISSING);
	assert_int_equal(row.reason, COMPLIANCE_NO_SOURCE);
	requirement.text_status = REQUIREMENT_UNSEEN;
	compliance_rules_apply(&row, &facts);
	assert_int_equal(row.state, MISSING);

	facts.has_systems = false;
	compliance_rules_apply(&row, &facts);
	assert_int_equal(row.state, UNSURE);
	assert_int_equal(row.reason, COMPLIANCE_NO_SYSTEMS);
}

static void
an_ending_statement_is_a_warning(void **state)
{
	const struct compliance_facts facts = {3 * DAY, true, true};
	struct requirement requirement;
	struct compliance_row row;

	(void)state;
	fill(&row, &requirement, "c", "s", "w");
	compliance_rules_apply(&row, &facts);
	assert_int_equal(compliance_rules_exit(&row), VERDICT_EXIT_WARNING);
	fill(&row, &requirement, "c", "s", "s");
	compliance_rules_apply(&row, &facts);
	assert_int_equal(compliance_rules_exit(&row), VERDICT_EXIT_GOOD);
}

/* DESIGN section 8: 2 before 3 before 1 before 0. */
static void
the_worst_row_stands_for_all(void **state)
{
	static const enum compliance_state order[] = {
	    MISSING, UNSURE, PARTIAL, COMPLETE};

	(void)state;
	for (size_t a = 0; a < 4; a++)
		for (size_t b = 0; b < 4; b++)
			assert_int_equal(
			    compliance_state_worse(order[a], order[b]),
			    order[a < b ? a : b]);
}

static void
names_are_unique_and_have_sentences(void **state)
{
	enum compliance_reason found;

	(void)state;
	for (int i = 0; i < COMPLIANCE_REASONS; i++) {
		enum compliance_reason reason = (enum compliance_reason)i;

		assert_int_equal(compliance_reason_parse(
				     compliance_reason_name(reason), &found),
		    0);
		assert_int_equal(found, reason);
		assert_true(strlen(compliance_reason_sentence(reason)) > 0);
	}
	assert_int_equal(compliance_reason_parse("compliant", &found), -1);
}

/* What is not sure is enough where no number between would change it. */
static void
bounds_are_enough_where_both_ends_agree(void **state)
{
	static const struct {
		int64_t least, most;
		enum requirement_operator operator;
		int64_t wanted;
		enum compliance_state expected;
	} cases[] = {
	    {1, 3, REQUIREMENT_AT_LEAST, 1, COMPLETE},
	    {1, 3, REQUIREMENT_AT_LEAST, 2, UNSURE},
	    {1, 3, REQUIREMENT_AT_LEAST, 4, MISSING},
	    {0, INT64_MAX, REQUIREMENT_AT_LEAST, 1, UNSURE},
	    {2, 5, REQUIREMENT_AT_MOST, 5, COMPLETE},
	    {2, 5, REQUIREMENT_AT_MOST, 4, UNSURE},
	    {2, 5, REQUIREMENT_LESS, 2, MISSING},
	    {0, 2, REQUIREMENT_EQUAL, 1, UNSURE},
	    {1, 2, REQUIREMENT_EQUAL, 0, MISSING},
	    {0, 2, REQUIREMENT_UNEQUAL, 1, UNSURE},
	    {1, 2, REQUIREMENT_UNEQUAL, 0, COMPLETE},
	    /* Without bounds, nothing is known. */
	    {0, 0, REQUIREMENT_AT_MOST, 5, UNSURE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct requirement_check check = {
		    .measure = MEASURE_COPIES,
		    .operator= cases[i].operator,
		    .number = cases[i].wanted };
		struct measure_value value = {.state = MEASURE_UNKNOWN,
		    .least = cases[i].least,
		    .most = cases[i].most,
		    .reason = ""};

		assert_int_equal(compliance_rules_check(&check, &value, DAY),
		    cases[i].expected);
		/* Too long unknown is missed, but not what is known. */
		value.unknown_ms = 2 * DAY;
		assert_int_equal(compliance_rules_check(&check, &value, DAY),
		    cases[i].expected == UNSURE ? MISSING : cases[i].expected);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_combination_has_its_answer),
	    cmocka_unit_test(bounds_are_enough_where_both_ends_agree),
	    cmocka_unit_test(what_was_not_seen_is_never_complete),
	    cmocka_unit_test(a_system_without_source_misses_every_rule),
	    cmocka_unit_test(an_ending_statement_is_a_warning),
	    cmocka_unit_test(the_worst_row_stands_for_all),
	    cmocka_unit_test(names_are_unique_and_have_sentences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
