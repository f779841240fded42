/* When a generation is suspicious, and since which point of the journal. */
#include "tests/unit/judge/clinic.h"

#include "lib/judge/suspicion.h"

static char folder[64];
static struct catalog *catalog;
static struct error err;

static int
setup(void **state)
{
	(void)state;
	folder_make(folder);
	catalog = open_as(folder, "catalog.db", CATALOG_WRITE);
	begin(catalog);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	catalog_close(catalog);
	folder_remove(folder);
	return 0;
}

static struct suspicion_state
ask(struct catalog_at at, const char *generation)
{
	struct suspicion_state state;

	if (suspicion_of_generation(catalog, at, generation, &state, &err) != 0)
		fail_msg("%s", err.text);
	return state;
}

static uint64_t
open_finding(int64_t at, uint64_t copy, uint64_t manifest)
{
	uint64_t seq = 0;

	ADD(catalog, at, &seq, "{ss ss ss ss ss sI sI}", "type", "finding",
	    "event", "open", "code", "suspicious-content", "verdict", "none",
	    "severity", "warning", "copy", (json_int_t)copy, "manifest",
	    (json_int_t)manifest);
	return seq;
}

static void
an_open_finding_makes_it_suspicious(void **state)
{
	uint64_t manifest = add_good_clinic(catalog, NULL), finding;
	struct suspicion_state found;

	(void)state;
	assert_int_equal(ask(CATALOG_NOW, GENERATION).state, SUSPICION_UNKNOWN);
	finding = open_finding(DAY_ONE + HOUR, manifest - 1, manifest);
	found = ask(CATALOG_NOW, GENERATION);
	assert_int_equal(found.state, SUSPICION_HINTED);
	assert_int_equal(found.finding, finding);
	assert_int_equal(found.since, DAY_ONE + HOUR);
	/* Before, and of another. */
	assert_int_equal(
	    ask((struct catalog_at){finding - 1}, GENERATION).state,
	    SUSPICION_UNKNOWN);
	assert_int_equal(ask(CATALOG_NOW, "ehr@20250101T000000+0900").state,
	    SUSPICION_UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		an_open_finding_makes_it_suspicious, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
