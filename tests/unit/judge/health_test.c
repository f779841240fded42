/*
 * What is said about a hospital in every state that it can be in: built with
 * journal entries, compared as a line for each reason.
 */
#include "tests/unit/judge/judged.h"

#include "lib/model/finding.h"

/* Law 1: each kind of nothing, by its own name. */

static void
an_empty_journal_is_undetermined(void **state)
{
	(void)state;
	assert_health(DAY_ONE, "undetermined\n"
			       "no-journal - - -: undetermined 1\n");
}

static void
no_configuration_is_undetermined(void **state)
{
	(void)state;
	add_origin(catalog);
	assert_health(DAY_ONE, "undetermined\n"
			       "no-media - - -: undetermined 1\n"
			       "no-systems - - -: undetermined 1\n");
}

static void
a_system_without_source_is_undetermined(void **state)
{
	(void)state;
	add_good_clinic(catalog, NULL);
	ADD(catalog, DAY_ONE, NULL,
	    "{ss ss s[{ss ss si si si}{ss ss si si si}] s[{ss ss sI}{ss ss}]"
	    " s[{ss ss ss ss}]}",
	    "type", "config", "sha256", DIGEST_A, "systems", "id", "ehr",
	    "kind", "ehr", "interval_ms", (int)DAY, "grace_ms", (int)(2 * HOUR),
	    "generations_min", 1, "id", "order", "kind", "order", "interval_ms",
	    0, "grace_ms", 0, "generations_min", 1, "media", "id", "nas1",
	    "kind", "nas", "coverage_ms", (json_int_t)(30 * DAY), "id", "usb1",
	    "kind", "removable", "sources", "id", "ehr-nas", "system", "ehr",
	    "medium", "nas1", "layout", "directory");
	assert_health(DAY_ONE + HOUR,
	    "undetermined\n"
	    "no-source order - -: undetermined 1\n"
	    "unused-medium - usb1 -: undetermined 1\n");
}

static void
a_source_never_scanned_is_undetermined(void **state)
{
	(void)state;
	add_clinic(catalog, NULL);
	assert_health(DAY_ONE,
	    "undetermined\n"
	    "never-scanned ehr nas1 ehr-nas: undetermined 1\n"
	    "no-generation ehr - -: undetermined 1\n"
	    "nothing-captured - nas1 -: undetermined 1\n");
}

static void
a_scan_that_found_none_is_undetermined(void **state)
{
	(void)state;
	add_clinic(catalog, NULL);
	add_scan(catalog, DAY_ONE, "ok");
	assert_health(DAY_ONE, "undetermined\n"
			       "no-generation ehr - -: undetermined 1\n"
			       "nothing-captured - nas1 -: undetermined 1\n");
}

static void
nothing_captured_is_undetermined(void **state)
{
	(void)state;
	add_clinic(catalog, NULL);
	add_scan(catalog, DAY_ONE, "ok");
	add_seen(catalog, DAY_ONE, GENERATION, "ehr", "nas1", "ehr-nas");
	assert_health(DAY_ONE, "undetermined\n"
			       "nothing-captured - nas1 -: undetermined 1\n"
			       "nothing-captured ehr - -: undetermined 1\n"
			       "capture-awaited ehr nas1 -: warning 1\n");
}

static void
all_done_is_good(void **state)
{
	struct health *health;

	(void)state;
	add_good_clinic(catalog, NULL);
	assert_health(DAY_ONE + HOUR, "good\n");
	health = judge(DAY_ONE + HOUR);
	assert_int_equal(health->systems[0].status, VERDICT_EXIT_GOOD);
	assert_int_equal(health->systems[0].generations_good, 1);
	assert_int_equal(health->systems[0].media, 1);
	assert_int_equal(health->systems[0].unconfirmed_bytes, 0);
	assert_int_equal(health->systems[0].coverage_ms, 30 * DAY);
	assert_int_equal(health->media[0].status, VERDICT_EXIT_GOOD);
	assert_int_equal(health->media[0].coverage.bytes, 600);
	assert_string_equal(health->media[0].state, "ok");
	assert_string_equal(health->facility, "みなと病院");
	health_free(health);
}

/* What the last scan says about copies that were fine. */
static void
what_is_not_in_sight_is_not_good(void **state)
{
	static const struct {
		const char *offline, *result, *expected;
	} cases[] = {
	    {NULL, "absent",
		"undetermined\n"
		"medium-absent ehr nas1 ehr-nas: undetermined 1\n"
		"not-determined ehr - -: undetermined 1\n"},
	    {NULL, "unreadable",
		"undetermined\n"
		"not-determined ehr - -: undetermined 1\n"
		"source-unreadable ehr nas1 ehr-nas: undetermined 1\n"},
	    {NULL, "wrong-medium",
		"bad\n"
		"wrong-medium ehr nas1 ehr-nas: bad 1\n"
		"not-determined ehr - -: undetermined 1\n"},
	    {NULL, "empty",
		"bad\n"
		"nothing-found ehr nas1 ehr-nas: bad 1\n"
		"not-determined ehr - -: undetermined 1\n"},
	    {"detached", "absent",
		"undetermined\n"
		"not-determined ehr - -: undetermined 1\n"
		"offline-unknown - nas1 -: undetermined 1\n"
		"medium-away ehr nas1 ehr-nas: good 1\n"},
	    {"append-only", "absent",
		"undetermined\n"
		"medium-absent ehr nas1 ehr-nas: undetermined 1\n"
		"not-determined ehr - -: undetermined 1\n"
		"offline-unknown - nas1 -: undetermined 1\n"},
	    {"network-partition", "absent",
		"undetermined\n"
		"medium-absent ehr nas1 ehr-nas: undetermined 1\n"
		"not-determined ehr - -: undetermined 1\n"
		"offline-unknown - nas1 -: undetermined 1\n"},
	    {"detached", "ok",
		"undetermined\n"
		"offline-unknown - nas1 -: undetermined 1\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)close_catalog(state);
		(void)open_catalog(state);
		add_good_clinic(catalog, cases[i].offline);
		add_scan(catalog, DAY_ONE + HOUR, cases[i].result);
		assert_health(DAY_ONE + HOUR, cases[i].expected);
	}
}

static void
a_source_nobody_looks_at_is_stale(void **state)
{
	(void)state;
	add_good_clinic(catalog, NULL);
	assert_health(DAY_ONE + 26 * HOUR + 1,
	    "bad\n"
	    "generation-late ehr - -: bad 1\n"
	    "scan-stale ehr nas1 ehr-nas: undetermined 1\n");
}

/* A copy that was captured and read again; the medium's offline mode. */
static void
add_read_copy(
    int64_t at, const char *generation, const char *medium, const char *source)
{
	uint64_t copy, manifest, run;

	ADD(catalog, at, &copy, "{ss ss ss ss ss ss sI ss ss}", "type", "seen",
	    "generation", generation, "system", "ehr", "medium", medium,
	    "source", source, "layout", "directory", "taken_at", at,
	    "time_from", "name", "subject", DIGEST_A);
	manifest = add_captured(catalog, at, copy, 1);
	run = add_run(catalog, at);
	for (int i = 0; i < 3; i++)
		add_slice(catalog, at, manifest, i, run, "intact");
	add_run_end(catalog, at, run, "done", "reported");
}

static void
add_scans(int64_t at)
{
	static const char *const sources[] = {"ehr-nas", "ehr-usb"};

	for (int i = 0; i < 2; i++)
		ADD(catalog, at, NULL, "{ss ss ss si}", "type", "scan",
		    "source", sources[i], "result", "ok", "candidates", 1);
}

/* One system on two media, the second of which has an offline mode. */
static void
add_two_sources(const char *offline)
{
	json_t *second = json_pack("{ss ss sI}", "id", "usb1", "kind", "disk",
	    "coverage_ms", (json_int_t)(30 * DAY));

	if (offline != NULL)
		(void)json_object_set_new(
		    second, "offline", json_string(offline));
	add_origin(catalog);
	ADD(catalog, DAY_ONE, NULL,
	    "{ss ss s[{ss ss si si si}] s[{ss ss sI}o]"
	    " s[{ss ss ss ss}{ss ss ss ss}]}",
	    "type", "config", "sha256", DIGEST_A, "systems", "id", "ehr",
	    "kind", "ehr", "interval_ms", (int)DAY, "grace_ms", (int)(2 * HOUR),
	    "generations_min", 1, "media", "id", "nas1", "kind", "nas",
	    "coverage_ms", (json_int_t)(30 * DAY), second, "sources", "id",
	    "ehr-nas", "system", "ehr", "medium", "nas1", "layout", "directory",
	    "id", "ehr-usb", "system", "ehr", "medium", "usb1", "layout",
	    "directory");
	if (offline != NULL)
		ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss sb}", "type",
		    "medium", "event", "state", "medium", "usb1", "state",
		    "mounted", "in_reach", 1);
	add_scans(DAY_ONE);
	add_read_copy(DAY_ONE, GENERATION, "nas1", "ehr-nas");
	add_read_copy(DAY_ONE, GENERATION, "usb1", "ehr-usb");
}

/* The system's next generation comes to one source only. */
static void
a_second_source_that_fell_behind_is_told(void **state)
{
	static const struct {
		const char *offline, *expected;
	} cases[] = {
	    {NULL, "warning\n"
		   "source-behind ehr usb1 ehr-usb: warning 1\n"},
	    {"append-only", "warning\n"
			    "source-behind ehr usb1 ehr-usb: warning 1\n"},
	    {"network-partition",
		"warning\n"
		"source-behind ehr usb1 ehr-usb: warning 1\n"},
	    /* It comes when somebody brings it. */
	    {"detached", "good\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)close_catalog(state);
		(void)open_catalog(state);
		add_two_sources(cases[i].offline);
		assert_health(DAY_ONE + DAY, "good\n");
		add_scans(DAY_ONE + DAY);
		add_read_copy(DAY_ONE + DAY, "ehr@20261122T020000+0900", "nas1",
		    "ehr-nas");
		assert_health(DAY_ONE + DAY + 3 * HOUR, cases[i].expected);
	}
}

static void
lateness_follows_interval_and_grace(void **state)
{
	(void)state;
	add_good_clinic(catalog, NULL);
	assert_health(DAY_ONE + DAY, "good\n");
	assert_health(DAY_ONE + DAY + HOUR,
	    "warning\nlate-in-grace ehr - -: warning 1\n");
}

static void
a_generation_from_the_future_is_not_fresh(void **state)
{
	(void)state;
	add_good_clinic(catalog, NULL);
	/* Its time and its readings lie ahead: nothing of it counts. */
	assert_health(DAY_ONE - 3 * HOUR,
	    "bad\n"
	    "coverage-overdue - nas1 -: bad 1\n"
	    "generation-late ehr - -: bad 1\n"
	    "scan-stale ehr nas1 ehr-nas: undetermined 1\n"
	    "clock-back - - -: warning 1\n"
	    "clock-ahead ehr - -: warning 1\n");
}

static void
an_old_reading_is_overdue(void **state)
{
	struct health *health;

	(void)state;
	add_good_clinic(catalog, NULL);
	add_scan(catalog, DAY_ONE + 31 * DAY, "ok");
	health = judge(DAY_ONE + 31 * DAY);
	assert_true(health->media[0].is_overdue);
	assert_string_equal(health->reasons[0].code, "coverage-overdue");
	assert_int_equal(health->media[0].status, VERDICT_EXIT_BAD);
	health_free(health);
}

static void
captured_only_is_a_warning(void **state)
{
	uint64_t copy;

	(void)state;
	add_clinic(catalog, NULL);
	add_scan(catalog, DAY_ONE, "ok");
	copy = add_seen(catalog, DAY_ONE, GENERATION, "ehr", "nas1", "ehr-nas");
	add_captured(catalog, DAY_ONE, copy, 1);
	assert_health(DAY_ONE, "warning\nnever-verified - nas1 -: warning 1\n");
}

static void
damage_comes_first_and_stays(void **state)
{
	uint64_t manifest, run;

	(void)state;
	manifest = add_good_clinic(catalog, NULL);
	run = add_run(catalog, DAY_ONE + HOUR);
	add_slice(catalog, DAY_ONE + HOUR, manifest, 1, run, "damaged");
	ADD(catalog, DAY_ONE + HOUR, NULL, "{ss ss ss ss ss sI sI si ss}",
	    "type", "finding", "event", "open", "code", "bit-rot", "verdict",
	    "damaged", "severity", "bad", "copy", (json_int_t)3, "manifest",
	    (json_int_t)manifest, "slice", 1, "subject", DIGEST_A);
	add_run_end(catalog, DAY_ONE + HOUR, run, "done", "reported");
	assert_health(DAY_ONE + HOUR,
	    "bad\n"
	    "copies-damaged ehr nas1 -: bad 1\n"
	    "bit-rot ehr nas1 ehr-nas: bad 1\n"
	    "not-determined ehr - -: undetermined 1\n");
}

static void
a_missing_copy_is_bad(void **state)
{
	(void)state;
	add_good_clinic(catalog, NULL);
	ADD(catalog, DAY_ONE, NULL, "{ss ss sI}", "type", "copy", "event",
	    "missing", "copy", (json_int_t)3);
	assert_health(DAY_ONE, "bad\n"
			       "copies-missing ehr nas1 -: bad 1\n"
			       "generation-late ehr - -: bad 1\n"
			       "nothing-captured ehr - -: undetermined 1\n");
}

static void
a_verification_proves_itself(void **state)
{
	static const struct {
		const char *outcome, *canary, *expected;
	} cases[] = {
	    {"done", "reported", "good\n"},
	    {"done", "missed", "bad\ncanary-passed - - -: bad 1\n"},
	    {"failed", "missed", "bad\ncanary-passed - - -: bad 1\n"},
	    {"done", "not-run",
		"undetermined\ncanary-not-run - - -: undetermined 1\n"},
	    {"failed", "not-run",
		"undetermined\nrun-failed - - -: undetermined 1\n"},
	    {"lost", "not-run",
		"undetermined\nrun-failed - - -: undetermined 1\n"},
	    {"cancelled", "not-run", "good\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t run;

		(void)close_catalog(state);
		(void)open_catalog(state);
		add_good_clinic(catalog, NULL);
		run = add_run(catalog, DAY_ONE);
		add_run_end(
		    catalog, DAY_ONE, run, cases[i].outcome, cases[i].canary);
		assert_health(DAY_ONE, cases[i].expected);
	}
}

static void
an_earlier_day_can_be_judged(void **state)
{
	struct health *health = NULL;
	char text[1024];

	(void)state;
	add_good_clinic(catalog, NULL);
	assert_int_equal(health_judge(catalog, (struct catalog_at){2}, DAY_ONE,
			     &health, &err),
	    0);
	describe(health, text, sizeof(text));
	assert_string_equal(text,
	    "undetermined\n"
	    "no-generation ehr - -: undetermined 1\n"
	    "nothing-captured - nas1 -: undetermined 1\n");
	assert_int_equal(health->size, 3);
	health_free(health);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_empty_journal_is_undetermined),
	    TEST(no_configuration_is_undetermined),
	    TEST(a_system_without_source_is_undetermined),
	    TEST(a_source_never_scanned_is_undetermined),
	    TEST(a_scan_that_found_none_is_undetermined),
	    TEST(nothing_captured_is_undetermined),
	    TEST(all_done_is_good),
	    TEST(what_is_not_in_sight_is_not_good),
	    TEST(a_source_nobody_looks_at_is_stale),
	    TEST(a_second_source_that_fell_behind_is_told),
	    TEST(lateness_follows_interval_and_grace),
	    TEST(a_generation_from_the_future_is_not_fresh),
	    TEST(an_old_reading_is_overdue),
	    TEST(captured_only_is_a_warning),
	    TEST(damage_comes_first_and_stays),
	    TEST(a_missing_copy_is_bad),
	    TEST(a_verification_proves_itself),
	    TEST(an_earlier_day_can_be_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
