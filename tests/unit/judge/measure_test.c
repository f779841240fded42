/* Every measure, of a clinic that does well and of those that do not. */
#include "tests/unit/judge/measuring.h"
#include "tests/unit/judge/sealed.h"

/* A valgrind or sanitizer run has room; the aim is 100 ms. */
#define ALL_MAX_MS 5000
#define GENERATIONS 1000

static const struct history_medium media[] = {
    {.id = "cloud1",
	.kind = "cloud",
	.offline = "append-only",
	.is_offsite = true},
    {.id = "nas1", .kind = "nas"},
    {.id = "usb1", .kind = "removable", .offline = "detached"},
};

static void
give_trait(uint64_t copy, const char *encrypted)
{
	ADD(catalog, DAY_ONE, NULL, "{ss ss sI si si ss}", "type", "copy",
	    "event", "trait", "copy", (json_int_t)copy, "files", 5, "immutable",
	    0, "encrypted", encrypted);
}

/* Five days of backups on a NAS, in a cloud and on a disk in the safe. */
static int64_t
add_all(void)
{
	static const char *const ids[] = {"ehr@20261117T000000+0000",
	    "ehr@20261118T000000+0000", "ehr@20261119T000000+0000",
	    "ehr@20261120T000000+0000", "ehr@20261121T000000+0000"};
	int64_t now = DAY_ONE + 2 * HOUR;

	add_media(catalog, media, 3, 3);
	(void)play(catalog, DAY_ONE - 30 * DAY, "nas1", "in=network:nas1");
	(void)play(
	    catalog, DAY_ONE - 30 * DAY, "cloud1", "in=cloud:a +30d refused");
	for (int i = 0; i < 5; i++)
		for (int m = 0; m < 3; m++)
			give_trait(add_copy(catalog, DAY_ONE, ids[i],
				       DAY_ONE - (4 - i) * DAY, media[m].id),
			    m == 1 ? "none" : "archive");
	for (int m = 0; m < 3; m++)
		add_scan_of(catalog, DAY_ONE, media[m].id, "ok");
	(void)play(catalog, DAY_ONE - 30 * DAY, "usb1",
	    "out +30d in=wwn:2 +1h out record +1h");
	add_scan_of(catalog, now, "nas1", "ok");
	add_scan_of(catalog, now, "cloud1", "ok");
	return now;
}

static void
a_clinic_that_does_well(void **state)
{
	static const struct expected expected[] = {
	    {"generations", "5"},
	    {"generation_age", "2h"},
	    {"onsite_age", "2h"},
	    {"schedule_kept", "yes"},
	    {"retention_span", "4d"},
	    {"generations_protected_from", "1"},
	    {"old_fulls_protected", "none no-old-generation"},
	    {"copies", "3"},
	    {"copies_with_production", "4"},
	    {"devices", "3"},
	    {"media_kinds", "3"},
	    {"methods", "3"},
	    {"online_copies", "1"},
	    {"offsite_copies", "1"},
	    {"offline_or_offsite_copies", "2"},
	    {"encrypted_copies", "?2-3 encryption-unknown"},
	    {"unencrypted_copies", "?0-5 encryption-unknown"},
	    {"offline_copies", "10"},
	    {"detached_copies", "5"},
	    {"partition_copies", "0 no-offline-medium"},
	    {"appendonly_copies", "5"},
	    {"window_copies", "0 no-offline-medium"},
	    {"cloud_isolated_copies", "0 no-offline-medium"},
	    {"immutable_copies", "?5-15 protection-not-measured"},
	    {"offline_exposure", "1%"},
	    {"coverage_age", "2h"},
	    {"coverage_overdue", "0"},
	    {"verification_errors", "0"},
	    {"open_damage", "0"},
	    {"suspicious", "?0-5 content-not-examined"},
	    {"drill_age", "none no-drill"},
	    {"drills_signed", "none no-drill"},
	    {"restore_order", "yes"},
	    {"media_log", "?no-yes no-checkpoint"},
	    {"media_overdue", "0"},
	    {"all_connected", "yes"},
	    {"journal_intact", "?no-yes no-checkpoint"},
	};
	int64_t now;

	(void)state;
	now = add_all();
	take_all(CATALOG_NOW, now);
	assert_int_equal(
	    sizeof(expected) / sizeof(expected[0]), (size_t)MEASURES);
	ASSERT_MEASURES("well", expected);
	assert_int_equal(
	    take("offline_copies").evidence_count, MEASURE_EVIDENCE_MAX);
}

/* The same clinic, when nobody did anything for months. */
static void
what_is_neglected_decays(void **state)
{
	static const struct expected after_40_days[] = {
	    {"generations", "0 coverage-overdue"},
	    {"generation_age", "none coverage-overdue"},
	    {"schedule_kept", "no coverage-overdue"},
	    {"copies", "none no-good-generation"},
	    {"unencrypted_copies", "?0-5 encryption-unknown"},
	    {"offline_copies", "0 offline-stale"},
	    {"offline_exposure", "0%"},
	    {"coverage_age", "962h"},
	    {"coverage_overdue", "3 coverage-overdue"},
	    {"media_overdue", "2 medium-overdue"},
	    {"all_connected", "no"},
	};
	static const struct expected without_hikaed[] = {
	    {"generations", "0 not-in-sight"},
	    {"offline_copies", "0 not-watched"},
	    {"media_overdue", "?0-2 not-observed"},
	    {"all_connected", "yes"},
	};
	int64_t now;

	(void)state;
	now = add_all();
	take_all(CATALOG_NOW, now + 20 * DAY);
	ASSERT_MEASURES("without hikaed", without_hikaed);
	(void)play(catalog, now, "nas1", "+40d");
	add_scan_of(catalog, now + 40 * DAY, "nas1", "ok");
	add_scan_of(catalog, now + 40 * DAY, "cloud1", "ok");
	take_all(CATALOG_NOW, now + 40 * DAY);
	ASSERT_MEASURES("after 40 days", after_40_days);
}

static void
nothing_is_no_number(void **state)
{
	static const struct expected no_generation[] = {
	    {"generations", "none no-generation"},
	    {"copies", "none no-generation"},
	    {"unencrypted_copies", "none no-generation"},
	    {"verification_errors", "none no-generation"},
	    {"open_damage", "none no-generation"},
	    {"suspicious", "none no-generation"},
	    {"coverage_overdue", "none no-generation"},
	    {"offline_exposure", "none no-generation"},
	    {"restore_order", "yes"},
	    {"media_overdue", "?0-2 not-observed"},
	    {"all_connected", "?no-yes history-short"},
	};
	static const struct expected no_system[] = {
	    {"generations", "none no-system"},
	    {"restore_order", "none no-system"},
	    {"media_overdue", "none no-media"},
	    {"all_connected", "none no-media"},
	    {"journal_intact", "?no-yes no-checkpoint"},
	};
	static const struct expected settling[] = {
	    {"generations", "0 capture-awaited"},
	    {"copies", "none no-good-generation"},
	    {"verification_errors", "none nothing-captured"},
	    {"open_damage", "none nothing-captured"},
	    {"suspicious", "none nothing-captured"},
	};

	(void)state;
	add_media(catalog, media, 3, 1);
	take_all(CATALOG_NOW, DAY_ONE);
	ASSERT_MEASURES("no generation", no_generation);
	take_all((struct catalog_at){0}, DAY_ONE);
	ASSERT_MEASURES("no system", no_system);
	(void)add_seen(catalog, DAY_ONE, GENERATION, "ehr", "nas1", "ehr-nas1");
	take_all(CATALOG_NOW, DAY_ONE);
	ASSERT_MEASURES("settling", settling);
}

static void
what_is_wrong_is_counted(void **state)
{
	static const struct expected expected[] = {
	    {"verification_errors", "2"},
	    {"open_damage", "1"},
	    {"copies", "1 copies-damaged"},
	    {"offline_copies", "?4-9 attached-elsewhere"},
	};
	uint64_t copies[3], finding;
	int64_t now = DAY_ONE;

	(void)state;
	add_media(catalog, media, 3, 1);
	for (int m = 0; m < 3; m++) {
		copies[m] = add_copy(
		    catalog, DAY_ONE, GENERATION, DAY_ONE, media[m].id);
		add_scan_of(catalog, DAY_ONE, media[m].id, "ok");
	}
	(void)play(catalog, DAY_ONE, "cloud1", "in=cloud:a");
	(void)play(catalog, DAY_ONE, "nas1", "in=network:n");
	(void)play(catalog, DAY_ONE, "usb1", "in=wwn:2 out record elsewhere");
	ADD(catalog, DAY_ONE, &finding, "{ss ss ss ss ss sI}", "type",
	    "finding", "event", "open", "code", "bit-rot", "verdict", "damaged",
	    "severity", "bad", "copy", (json_int_t)copies[1]);
	ADD(catalog, DAY_ONE, NULL, "{ss ss sI}", "type", "copy", "event",
	    "missing", "copy", (json_int_t)copies[2]);
	take_all(CATALOG_NOW, now);
	assert_measures("wrong", expected, 3);
	assert_measure("wrong", "offline_copies",
	    "?0-1 protection-not-"
	    "measured");
	assert_measure("wrong", "detached_copies", "0 attached-elsewhere");
	assert_int_equal(take("open_damage").evidence[0], finding);
	/* Not yet, the day before. */
	take_all((struct catalog_at){finding - 1}, now);
	assert_measure("before", "open_damage", "0");
}

/* Copies of ten days ago of which nobody knows whether they are good. */
static void
what_is_not_known_spans_no_time(void **state)
{
	(void)state;
	add_media(catalog, media, 3, 1);
	(void)add_copy(
	    catalog, DAY_ONE, GENERATION, DAY_ONE - 10 * DAY, "nas1");
	(void)play(catalog, DAY_ONE, "nas1", "in=network:n +1h unknown");
	add_scan_of(catalog, DAY_ONE + HOUR, "nas1", "absent");
	take_all(CATALOG_NOW, DAY_ONE + HOUR);
	assert_measure("not in sight", "generations", "?0-1 not-in-sight");
	assert_measure("not in sight", "retention_span", "?0d- not-in-sight");
}

/* Of what was not read again nobody knows that there is no error. */
static void
a_part_proves_nothing_of_the_whole(void **state)
{
	uint64_t copy, manifest, run;

	(void)state;
	add_media(catalog, media, 3, 1);
	add_scan_of(catalog, DAY_ONE, "nas1", "ok");
	copy =
	    add_seen(catalog, DAY_ONE, GENERATION, "ehr", "nas1", "ehr-nas1");
	manifest = add_captured(catalog, DAY_ONE, copy, 1);
	run = add_run(catalog, DAY_ONE);
	add_slice(catalog, DAY_ONE, manifest, 0, run, "intact");
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("a part", "verification_errors", "?0- never-verified");
	/* Another one was, as a whole; this one still has time. */
	(void)add_copy(
	    catalog, DAY_ONE, "ehr@20261120T020000+0900", DAY_ONE, "nas1");
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("in time", "verification_errors", "0");
	take_all(CATALOG_NOW, DAY_ONE + 31 * DAY);
	assert_measure("late", "verification_errors", "?0-1 never-verified");
	/* One that failed stays so until all of it was read again. */
	add_slice(catalog, DAY_ONE, manifest, 1, run, "undetermined");
	add_slice(catalog, DAY_ONE, manifest, 2, run, "undetermined");
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("failed", "verification_errors", "1");
	add_slice(catalog, DAY_ONE, manifest, 1, run, "intact");
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("half", "verification_errors", "1");
	add_slice(catalog, DAY_ONE, manifest, 2, run, "intact");
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("again", "verification_errors", "0");
}

/* A copy of which nobody can say when any of it was read. */
static void
what_was_never_read_misses_in_the_end(void **state)
{
	const json_int_t ahead = DAY_ONE + 1000 * DAY;
	uint64_t copy;

	(void)state;
	add_media(catalog, media, 3, 1);
	copy =
	    add_seen(catalog, DAY_ONE, GENERATION, "ehr", "nas1", "ehr-nas1");
	/* Recorded by a clock that ran ahead, and was put right. */
	ADD(catalog, ahead, NULL,
	    "{ss sI si ss si si si si ss sI ss si s[[iiii]]}", "type",
	    "captured", "copy", (json_int_t)copy, "version", 1,
	    "manifest_sha256", DIGEST_A, "entries", 7, "files", 5, "bytes", 600,
	    "bytes_read", 600, "content", DIGEST_A, "oldest_reading", ahead,
	    "mode", "direct-local", "problems", 1, "slices", 50, 40, 3, 600);
	ADD(catalog, DAY_ONE, NULL, "{ss ss sI}", "type", "clock", "event",
	    "back", "by_ms", ahead - DAY_ONE);
	add_scan_of(catalog, DAY_ONE, "nas1", "ok");
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("new", "generations", "?0-1 copies-undetermined");
	add_scan_of(catalog, DAY_ONE + 40 * DAY, "nas1", "ok");
	take_all(CATALOG_NOW, DAY_ONE + 40 * DAY);
	assert_measure("old", "generations", "0 copies-undetermined");
}

/* A disk that was bought, configured, and never shown. */
static void
what_was_never_shown_is_due(void **state)
{
	int64_t now;

	(void)state;
	add_media(catalog, media + 1, 2, 1);
	(void)play(catalog, DAY_ONE, "nas1", "in=network:n");
	now = play(catalog, DAY_ONE, "usb1", "out +1d");
	take_all(CATALOG_NOW, now);
	assert_measure("new", "media_overdue", "0");
	now = play(catalog, DAY_ONE, "usb1", "+36d");
	take_all(CATALOG_NOW, now);
	assert_measure("shelved", "media_overdue", "1 medium-overdue");
}

/* The reader learns why there are fewer than he knows of. */
static void
what_is_counted_once_is_told(void **state)
{
	uint64_t copy = 0;

	(void)state;
	add_media(catalog, media, 3, 1);
	(void)play(catalog, DAY_ONE, "nas1", "in=wwn:1");
	(void)play(catalog, DAY_ONE, "usb1", "in=wwn:1");
	(void)play(catalog, DAY_ONE, "cloud1", "in=cloud:a");
	for (int m = 0; m < 3; m++) {
		copy = add_copy(
		    catalog, DAY_ONE, GENERATION, DAY_ONE, media[m].id);
		add_scan_of(catalog, DAY_ONE, media[m].id, "ok");
	}
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("shared", "copies", "2 disk-shared");
	assert_measure("shared", "devices", "2 disk-shared");
	assert_measure("shared", "copies_with_production", "3 disk-shared");
	ADD(catalog, DAY_ONE, NULL, "{ss ss sI}", "type", "copy", "event",
	    "missing", "copy", (json_int_t)copy);
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("missing", "copies", "2 copies-missing");
}

/* An older one lies bare, and a damaged one, while the newest does not. */
static void
what_lies_bare_anywhere_is_counted(void **state)
{
	uint64_t copy;

	(void)state;
	add_media(catalog, media, 3, 1);
	(void)play(catalog, DAY_ONE, "nas1", "in=network:n");
	(void)play(catalog, DAY_ONE, "cloud1", "in=cloud:a");
	give_trait(add_copy(catalog, DAY_ONE, "ehr@20261121T000000+0000",
		       DAY_ONE, "nas1"),
	    "archive");
	copy = add_copy(catalog, DAY_ONE, "ehr@20261120T000000+0000",
	    DAY_ONE - DAY, "nas1");
	give_trait(copy, "none");
	ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss sb s{ss}}", "type", "medium",
	    "event", "state", "medium", "nas1", "state", "mounted", "in_reach",
	    1, "observed", "encrypted", "none");
	add_scan_of(catalog, DAY_ONE, "nas1", "ok");
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("older", "unencrypted_copies", "1");
	/* A part of it is not enough, and is told. */
	(void)add_sealing(catalog, DAY_ONE, copy, 2,
	    &(struct sealing){.sealed = 4, .plain = 1});
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("partly", "unencrypted_copies", "1 partly-encrypted");
	(void)add_sealing(
	    catalog, DAY_ONE, copy, 3, &(struct sealing){.sealed = 5});
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("whole", "unencrypted_copies", "0");
}

/* Nobody said how often there is to be a new one. */
/* The only copy lies on what may be the medium, or a clone of it. */
static void
what_may_be_a_clone_is_not_counted(void **state)
{
	static const struct expected doubted[] = {
	    {"generations", "?0-1 uuid-unsure"},
	    {"copies", "?0- uuid-unsure"},
	    {"devices", "?0- uuid-unsure"},
	    {"offline_copies", "?0-1 uuid-unsure"},
	    {"detached_copies", "?0-1 uuid-unsure"},
	};
	static const struct expected missed[] = {
	    {"generations", "0 uuid-unsure"},
	    {"offline_copies", "0 uuid-unsure"},
	};
	int64_t now;

	(void)state;
	add_media(catalog, &media[2], 1, 1);
	add_scan_of(catalog, DAY_ONE, "usb1", "ok");
	(void)add_copy(catalog, DAY_ONE, GENERATION, DAY_ONE, "usb1");
	now = play(catalog, DAY_ONE, "usb1", "in=wwn:1 +1h doubt:uuid-unsure");
	take_all(CATALOG_NOW, now);
	ASSERT_MEASURES("in doubt", doubted);
	/* Longer than max_undetermined (law 2). */
	now = play(catalog, DAY_ONE, "usb1", "+5d doubt:uuid-unsure");
	take_all(CATALOG_NOW, now);
	ASSERT_MEASURES("in doubt for days", missed);
}

static void
without_a_schedule_none_is_kept(void **state)
{
	(void)state;
	add_media(catalog, media, 3, 1);
	ADD(catalog, DAY_ONE, NULL,
	    "{ss ss s[{ss ss si si si}] s[{ss ss sI}] s[{ss ss ss ss}]}",
	    "type", "config", "sha256", DIGEST_A, "systems", "id", "ehr",
	    "kind", "ehr", "interval_ms", 0, "grace_ms", 0, "generations_min",
	    1, "media", "id", "nas1", "kind", "nas", "coverage_ms",
	    (json_int_t)(3000 * DAY), "sources", "id", "ehr-nas1", "system",
	    "ehr", "medium", "nas1", "layout", "directory");
	(void)add_copy(
	    catalog, DAY_ONE, GENERATION, DAY_ONE - 1000 * DAY, "nas1");
	add_scan_of(catalog, DAY_ONE, "nas1", "ok");
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("unset", "generations", "1");
	assert_measure("unset", "schedule_kept", "?no-yes no-schedule");
}

static void
retired_media_alone_prove_nothing(void **state)
{
	(void)state;
	add_media(catalog, media, 3, 1);
	for (int m = 0; m < 3; m++)
		(void)play(catalog, DAY_ONE - 60 * DAY, media[m].id,
		    "in +1h out retired");
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("retired", "all_connected", "?no-yes history-short");
}

static void
a_thousand_generations_take_little_time(void **state)
{
	int64_t now = DAY_ONE, began;

	(void)state;
	add_media(catalog, media, 3, 3);
	for (int i = 0; i < GENERATIONS; i++) {
		char id[64];

		(void)snprintf(id, sizeof(id), "ehr@2026%04dT020000+0900.%d",
		    101 + i % 28, i + 2);
		(void)add_copy(
		    catalog, DAY_ONE, id, DAY_ONE - i * HOUR, "nas1");
	}
	add_scan_of(catalog, DAY_ONE, "nas1", "ok");
	now = play(catalog, DAY_ONE, "nas1", "in=network:n");
	began = clock_monotonic_ms();
	take_all(CATALOG_NOW, now);
	for (int i = 0; i < MEASURES; i++)
		(void)take(measure_name((enum measure)i));
	began = clock_monotonic_ms() - began;
	print_message("%d measures of %d generations: %d ms\n", MEASURES,
	    GENERATIONS, (int)began);
	assert_true(began < ALL_MAX_MS);
	assert_measure("many", "generations", "1000");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_catalog, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_clinic_that_does_well),
	    TEST(what_is_neglected_decays),
	    TEST(nothing_is_no_number),
	    TEST(what_is_wrong_is_counted),
	    TEST(what_is_not_known_spans_no_time),
	    TEST(a_part_proves_nothing_of_the_whole),
	    TEST(what_was_never_read_misses_in_the_end),
	    TEST(what_was_never_shown_is_due),
	    TEST(what_is_counted_once_is_told),
	    TEST(what_lies_bare_anywhere_is_counted),
	    TEST(what_may_be_a_clone_is_not_counted),
	    TEST(without_a_schedule_none_is_kept),
	    TEST(retired_media_alone_prove_nothing),
	    TEST(a_thousand_generations_take_little_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
