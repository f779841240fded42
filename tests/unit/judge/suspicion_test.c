/*
 * What a judgement compares with, and what stands recorded: is a generation
 * suspicious, and which was the last clean one?
 */
#include "tests/unit/judge/captures.h"

/* ---- the baseline ---- */

static void
close_as(uint64_t finding, const char *reason)
{
	ADD(catalog, DAY_ONE + 2 * HOUR, NULL, "{ss ss sI ss ss ss}", "type",
	    "finding", "event", "close", "finding", (json_int_t)finding,
	    "reason", reason, "by", "Sato", "note", "new program");
}

/* What is suspicious is no measure; what was accepted begins a new one. */
static void
acceptance_begins_a_new_baseline(void **state)
{
	const struct capture plain = {WARD};
	const struct capture sealed = {
	    .files = 1000, .megabytes = 500, .looked = 980, .noisy = 980};
	struct suspicion_judgement judgement;
	uint64_t copy, manifest, finding;

	(void)state;
	add_clinic(catalog, NULL);
	for (int day = 1; day <= 3; day++)
		(void)add_capture(add_copy(day), 1, 0, &plain);
	copy = add_copy(4);
	manifest = add_capture(copy, 1, 0, &sealed);
	judgement = judge(manifest);
	assert_string_equal(hints_of(&judgement), "noise ");
	assert_int_equal(judgement.baseline, 3);
	assert_int_equal(judgement.values[SUSPICION_NOISE].now, 1000);
	assert_int_equal(judgement.values[SUSPICION_NOISE].usual, 20);
	finding = open_finding(copy, manifest);
	/* The next one is as suspicious. */
	manifest = add_capture(add_copy(5), 1, 0, &sealed);
	judgement = judge(manifest);
	assert_string_equal(hints_of(&judgement), "noise ");
	assert_int_equal(judgement.baseline, 3);
	close_as(finding, "accepted");
	judgement = judge(manifest);
	assert_string_equal(hints_of(&judgement), "");
	assert_int_equal(judgement.baseline, 1);
	/* Then what was usual before would be nothing to speak of. */
	judgement = judge(add_capture(add_copy(6), 1, 0, &plain));
	assert_string_equal(hints_of(&judgement), "");
}

/* A suspicious generation that expired has not become good by that. */
static void
expiry_makes_nothing_usual(void **state)
{
	const struct capture plain = {WARD};
	const struct capture sealed = {
	    .files = 1000, .megabytes = 500, .looked = 980, .noisy = 980};
	struct suspicion_judgement judgement;
	uint64_t copy, manifest;

	(void)state;
	add_clinic(catalog, NULL);
	(void)add_capture(add_copy(1), 1, 0, &plain);
	copy = add_copy(2);
	manifest = add_capture(copy, 1, 0, &sealed);
	close_as(open_finding(copy, manifest), "expired");
	judgement = judge(add_capture(add_copy(3), 1, 0, &sealed));
	assert_string_equal(hints_of(&judgement), "noise ");
	assert_int_equal(judgement.baseline, 1);
}

/* Captured the other way round, the earlier generation is the measure. */
static void
order_is_that_of_generations(void **state)
{
	const struct capture plain = {WARD};
	const struct capture sealed = {
	    .files = 1000, .megabytes = 500, .looked = 980, .noisy = 980};
	uint64_t later, earlier;
	struct suspicion_judgement judgement;

	(void)state;
	add_clinic(catalog, NULL);
	later = add_capture(add_copy(9), 1, 0, &sealed);
	judgement = judge(later);
	assert_string_equal(hints_of(&judgement), "");
	assert_int_equal(judgement.baseline, 0);
	earlier = add_capture(add_copy(8), 1, 0, &plain);
	judgement = judge(earlier);
	assert_string_equal(hints_of(&judgement), "");
	assert_int_equal(judgement.baseline, 0);
	judgement = judge(later);
	assert_string_equal(hints_of(&judgement), "noise ");
}

static void
unknown_manifests_are_refused(void **state)
{
	struct suspicion_judgement judgement;

	(void)state;
	add_clinic(catalog, NULL);
	assert_int_equal(
	    suspicion_judge(catalog, CATALOG_NOW, 77, &judgement, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
}

/* ---- what stands recorded ---- */

static struct suspicion_state
ask(struct catalog_at at, const char *generation)
{
	struct suspicion_state state;

	if (suspicion_of_generation(catalog, at, generation, &state, &err) != 0)
		fail_msg("%s", err.text);
	return state;
}

static void
an_open_finding_makes_it_suspicious(void **state)
{
	const struct capture plain = {WARD};
	struct suspicion_state found;
	uint64_t copy, manifest, finding;

	(void)state;
	add_clinic(catalog, NULL);
	copy = add_copy(1);
	assert_int_equal(
	    ask(CATALOG_NOW, generation_of(1)).state, SUSPICION_UNKNOWN);
	manifest = add_capture(copy, 1, 0, &plain);
	assert_int_equal(
	    ask(CATALOG_NOW, generation_of(1)).state, SUSPICION_NONE);
	finding = open_finding(copy, manifest);
	found = ask(CATALOG_NOW, generation_of(1));
	assert_int_equal(found.state, SUSPICION_HINTED);
	assert_int_equal(found.finding, finding);
	assert_int_equal(found.since, DAY_ONE + HOUR);
	/* Before, and of another. */
	assert_int_equal(
	    ask((struct catalog_at){finding - 1}, generation_of(1)).state,
	    SUSPICION_NONE);
	assert_int_equal(
	    ask(CATALOG_NOW, generation_of(2)).state, SUSPICION_UNKNOWN);
	close_as(finding, "accepted");
	assert_int_equal(
	    ask(CATALOG_NOW, generation_of(1)).state, SUSPICION_NONE);
}

/* Never looked at, looked at in vain, and carried from what was looked at. */
static void
what_nobody_looked_at_is_unknown(void **state)
{
	const struct capture plain = {WARD};
	const struct capture carried = {
	    .files = 1000, .megabytes = 500, .carried = 1000};
	const struct capture blind = {
	    .files = 1000, .megabytes = 500, .has_no_survey = true};
	uint64_t copy;

	(void)state;
	add_clinic(catalog, NULL);
	copy = add_copy(1);
	(void)add_capture(copy, 1, 0, &carried);
	assert_int_equal(
	    ask(CATALOG_NOW, generation_of(1)).state, SUSPICION_UNKNOWN);
	(void)add_capture(copy, 2, 0, &plain);
	(void)add_capture(copy, 3, 0, &carried);
	assert_int_equal(
	    ask(CATALOG_NOW, generation_of(1)).state, SUSPICION_NONE);
	(void)add_capture(copy, 4, 0, &blind);
	assert_int_equal(
	    ask(CATALOG_NOW, generation_of(1)).state, SUSPICION_UNKNOWN);
	copy = add_copy(2);
	(void)add_capture(copy, 1, 0, &plain);
	ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss ss sI}", "type", "finding",
	    "event", "open", "code", "content-unchecked", "verdict", "none",
	    "severity", "undetermined", "copy", (json_int_t)copy);
	assert_int_equal(
	    ask(CATALOG_NOW, generation_of(2)).state, SUSPICION_UNKNOWN);
}

static void
the_last_clean_one_was_looked_at(void **state)
{
	const struct capture plain = {WARD};
	const struct capture blind = {
	    .files = 1000, .megabytes = 500, .has_no_survey = true};
	char id[SUSPICION_GENERATION_BYTES];
	uint64_t copy;

	(void)state;
	add_clinic(catalog, NULL);
	for (int day = 1; day <= 6; day++) {
		copy = add_copy(day);
		if (day == 3)
			(void)add_capture(copy, 1, 0, &blind);
		else if (day == 4 || day == 6)
			(void)open_finding(
			    copy, add_capture(copy, 1, 0, &plain));
		else if (day != 5)
			(void)add_capture(copy, 1, 0, &plain);
	}
	assert_int_equal(suspicion_last_clean(
			     catalog, CATALOG_NOW, generation_of(6), id, &err),
	    0);
	assert_string_equal(id, generation_of(2));
	assert_int_equal(suspicion_last_clean(
			     catalog, CATALOG_NOW, generation_of(2), id, &err),
	    0);
	assert_string_equal(id, generation_of(1));
	assert_int_equal(suspicion_last_clean(
			     catalog, CATALOG_NOW, generation_of(1), id, &err),
	    0);
	assert_string_equal(id, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CATALOG_TEST(acceptance_begins_a_new_baseline),
	    CATALOG_TEST(expiry_makes_nothing_usual),
	    CATALOG_TEST(order_is_that_of_generations),
	    CATALOG_TEST(unknown_manifests_are_refused),
	    CATALOG_TEST(an_open_finding_makes_it_suspicious),
	    CATALOG_TEST(what_nobody_looked_at_is_unknown),
	    CATALOG_TEST(the_last_clean_one_was_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
