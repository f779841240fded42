/*
 * A clock that is set back puts nothing off: neither a drill that is due, nor
 * the end of what somebody stated (law 8).
 */
#include "tests/unit/store/hospital.h"

#include "lib/judge/drills.h"
#include "lib/judge/health.h"
#include "lib/output/document.h"

#define DAY (24 * HOUR)
#define BACK (250 * DAY)

/* At NOW by a clock that was set back then. */
#define NOW (DAY_ONE + 150 * DAY)

static void
set_clock_back(void)
{
	ADD(catalog, NOW, NULL, "{ss ss sI}", "type", "clock", "event", "back",
	    "by_ms", (json_int_t)BACK);
}

static struct drills_system
judge_drills(void)
{
	const struct inventory_moment moment = {.at = CATALOG_NOW, .now = NOW};
	struct inventory *inventory = NULL;
	struct drills *drills = NULL;
	struct drills_system ehr;

	if (inventory_read(catalog, &moment, &inventory, &err) != 0 ||
	    drills_judge(catalog, inventory, &drills, &err) != 0)
		fail_msg("%s", err.text);
	ehr = drills->systems[0];
	assert_string_equal(ehr.id, "ehr");
	drills_free(drills);
	inventory_free(inventory);
	return ehr;
}

static void
a_drill_is_due_as_before(void **state)
{
	(void)state;
	/* First configured 150 days ago. */
	assert_false(judge_drills().is_year_overdue);
	set_clock_back();
	assert_true(judge_drills().is_year_overdue);
	assert_int_equal(
	    judge_drills().year_due_at, DAY_ONE - BACK + DRILLS_YEAR_MS);
}

static void
what_was_to_improve_is_due_as_before(void **state)
{
	uint64_t copy =
	    add_seen(catalog, DAY_ONE, GENERATION, "ehr", "nas1", "ehr-nas");
	uint64_t drill = 0;

	(void)state;
	(void)add_captured(catalog, DAY_ONE, copy, 1);
	ADD(catalog, DAY_ONE, &drill, "{ss ss sI ss si si si}", "type", "drill",
	    "event", "begin", "copy", (json_int_t)copy, "operator", "Sato",
	    "share_ppm", 1000000, "files_total", 5, "bytes_total", 600);
	ADD(catalog, DAY_ONE, NULL, "{ss ss sI ss si si si si si}", "type",
	    "drill", "event", "end", "drill", (json_int_t)drill, "outcome",
	    "passed", "files", 5, "bytes", 600, "medium_ms", 0, "restore_ms",
	    100, "check_ms", 5);
	ADD(catalog, DAY_ONE, NULL, "{ss ss sI ss ss ss sI}", "type", "drill",
	    "event", "signed", "drill", (json_int_t)drill, "by", "Suzuki",
	    "observation", "slow", "improvement", "a second disk", "due",
	    (json_int_t)(DAY_ONE + 300 * DAY));
	assert_int_equal(judge_drills().improvements_overdue, 0);
	assert_int_equal(judge_drills().in_a_year, 1);
	assert_false(judge_drills().is_year_overdue);
	set_clock_back();
	assert_int_equal(judge_drills().improvements_open, 1);
	assert_int_equal(judge_drills().improvements_overdue, 1);
	assert_int_equal(judge_drills().in_a_year, 0);
	assert_true(judge_drills().is_year_overdue);
}

static bool
has_reason(const char *code)
{
	struct health *health = NULL;
	bool has = false;

	if (health_judge(catalog, CATALOG_NOW, NOW, &health, &err) != 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < health->reason_count; i++)
		has = has || strcmp(health->reasons[i].code, code) == 0;
	health_free(health);
	return has;
}

static bool
is_in_force(void)
{
	const struct document_context context = {
	    .catalog = catalog, .at = CATALOG_NOW, .now = NOW};
	json_t *document = NULL, *row;
	bool is;

	if (document_attestations(&context, NULL, &document, &err) != 0)
		fail_msg("%s", err.text);
	row = json_array_get(json_object_get(document, "attestations"), 0);
	is = json_is_true(json_object_get(row, "is_in_force"));
	json_decref(document);
	return is;
}

static void
a_statement_ends_as_before(void **state)
{
	(void)state;
	ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss sI}", "type", "attestation",
	    "event", "made", "requirement", "BCP-1", "by", "Sato", "until",
	    (json_int_t)(DAY_ONE + 300 * DAY));
	assert_false(has_reason("statement-ended"));
	assert_true(is_in_force());
	set_clock_back();
	assert_true(has_reason("statement-ended"));
	assert_false(is_in_force());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_drill_is_due_as_before),
	    TEST(what_was_to_improve_is_due_as_before),
	    TEST(a_statement_ends_as_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
