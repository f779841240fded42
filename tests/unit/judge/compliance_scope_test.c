/*
 * Goal: the shipped fee rules stand or fall with the systems that they name.
 * Whatever becomes of the images, their rows stay as they were.
 */
#include "tests/unit/judge/shipped.h"

#include "lib/judge/compliance.h"

#define NOW (DAY_ONE + HOUR)
#define ROWS_MAX 64

static struct compliance *
judge(void)
{
	const struct compliance_request request = {
	    .catalog = catalog, .at = CATALOG_NOW, .now = NOW, .set = set};
	struct compliance *compliance = NULL;

	if (compliance_judge(&request, &compliance, &err) != 0)
		fail_msg("%s", err.text);
	return compliance;
}

/* A copy that was captured and read again; the number of its entry. */
static uint64_t
add_copy(const char *generation, const char *system, const char *source)
{
	uint64_t copy =
	    add_seen(catalog, DAY_ONE, generation, system, "nas1", source);
	uint64_t manifest = add_captured(catalog, DAY_ONE, copy, 1);
	uint64_t run = add_run(catalog, DAY_ONE);

	for (int i = 0; i < 3; i++)
		add_slice(catalog, DAY_ONE, manifest, i, run, "intact");
	ADD(catalog, DAY_ONE, NULL, "{ss ss ss si}", "type", "scan", "source",
	    source, "result", "ok", "candidates", 1);
	return copy;
}

/* How a row stands. */
struct standing {
	enum compliance_state state;
	enum compliance_reason reason;
};

static size_t
standings_of_fees(struct standing *ret)
{
	struct compliance *compliance = judge();
	size_t count = 0;

	for (size_t i = 0; i < compliance->row_count; i++) {
		const struct compliance_row *row = &compliance->rows[i];

		if (row->requirement->kind != REQUIREMENT_FEE)
			continue;
		assert_true(count < ROWS_MAX);
		assert_string_not_equal(row->system, "pacs");
		ret[count++] = (struct standing){row->state, row->reason};
	}
	compliance_free(compliance);
	return count;
}

static struct standing
standing_of(const char *id, const char *system)
{
	struct compliance *compliance = judge();
	struct standing standing = {0};
	bool is_found = false;

	for (size_t i = 0; i < compliance->row_count; i++) {
		const struct compliance_row *row = &compliance->rows[i];

		if (strcmp(row->requirement->id, id) != 0 ||
		    strcmp(row->system, system) != 0)
			continue;
		standing = (struct standing){row->state, row->reason};
		is_found = true;
	}
	compliance_free(compliance);
	assert_true(is_found);
	return standing;
}

static void
open_finding(uint64_t copy)
{
	ADD(catalog, NOW, NULL, "{ss ss ss ss ss sI}", "type", "finding",
	    "event", "open", "code", "bit-rot", "verdict", "damaged",
	    "severity", "bad", "copy", (json_int_t)copy);
}

static void
assert_same(const struct standing *a, const struct standing *b, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(a[i].state, b[i].state);
		assert_int_equal(a[i].reason, b[i].reason);
	}
}

static void
images_never_flip_a_fee(void **state)
{
	struct standing before[ROWS_MAX], after[ROWS_MAX];
	uint64_t ehr, pacs;
	size_t count;

	(void)state;
	add_hospital(catalog);
	ehr = add_copy("ehr@20261121T020000+0900", "ehr", "ehr-nas");
	pacs = add_copy("pacs@20261121T020000+0900", "pacs", "pacs-nas");
	count = standings_of_fees(before);
	assert_true(count >= 7);
	assert_int_equal(
	    standing_of("INT-HIPAA-A", "pacs").state, COMPLIANCE_PARTIAL);

	open_finding(pacs);
	ADD(catalog, NOW, NULL, "{ss ss sI}", "type", "copy", "event",
	    "missing", "copy", (json_int_t)pacs);
	assert_int_equal(
	    standing_of("INT-HIPAA-A", "pacs").state, COMPLIANCE_MISSING);
	assert_int_equal(
	    standing_of("ES-AUTH", "pacs").state, COMPLIANCE_MISSING);
	assert_int_equal(standings_of_fees(after), count);
	assert_same(before, after, count);

	/* As the same does to the system that it happens to. */
	assert_int_equal(
	    standing_of("INT-HIPAA-A", "ehr").state, COMPLIANCE_PARTIAL);
	open_finding(ehr);
	assert_int_equal(
	    standing_of("INT-HIPAA-A", "ehr").state, COMPLIANCE_MISSING);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		images_never_flip_a_fee, open_shipped, close_shipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
