/*
 * What entries mean, asked through the queries: known answers for a hospital
 * of two systems on two media.
 */
#include "lib/store/query_finding.h"
#include "tests/unit/store/hospital.h"

#define GENERATION_2 "ehr@20261122T020000+0900"

static int
show_generation(
    const struct query_generation *row, void *context, struct error *e)
{
	(void)e;
	show(context, "%s %d %s i%d d%d u%d m%d %s\n", row->id,
	    (int)row->copies, row->verdict, (int)row->intact, (int)row->damaged,
	    (int)row->undetermined, (int)row->missing,
	    row->match == NULL ? "-" : row->match);
	return 0;
}

static void
assert_generations(const char *expected)
{
	struct shown shown = {"", 0};

	assert_int_equal(query_generations(catalog, CATALOG_NOW, NULL,
			     show_generation, &shown, &err),
	    0);
	assert_string_equal(shown.text, expected);
}

static void
a_copy_lives_from_seen_to_expired(void **state)
{
	uint64_t copy, manifest, seq;

	(void)state;
	copy = add_seen(catalog, DAY_ONE, GENERATION, "ehr", "nas1", "ehr-nas");
	assert_int_equal(copy, 2);
	assert_copies(CATALOG_NOW,
	    GENERATION " nas1 settling undetermined v0 i0 d0 u0 c0\n");
	manifest = add_captured(catalog, DAY_ONE + HOUR, copy, 1);
	assert_copies(
	    CATALOG_NOW, GENERATION " nas1 captured intact v1 i3 d0 u0 c600\n");
	ADD(catalog, DAY_ONE + 2 * HOUR, NULL, "{ss ss sI ss}", "type", "copy",
	    "event", "missing", "copy", (json_int_t)copy, "reason", "gone");
	assert_copies(CATALOG_NOW,
	    GENERATION " nas1 missing undetermined v1 i3 d0 u0 c600\n");
	ADD(catalog, DAY_ONE + 3 * HOUR, NULL, "{ss ss sI}", "type", "copy",
	    "event", "returned", "copy", (json_int_t)copy);
	assert_copies(
	    CATALOG_NOW, GENERATION " nas1 captured intact v1 i3 d0 u0 c600\n");
	ADD(catalog, DAY_ONE + 4 * HOUR, &seq, "{ss ss sI ss}", "type", "copy",
	    "event", "expired", "copy", (json_int_t)copy, "reason",
	    "retention");
	assert_copies(CATALOG_NOW, "");
	assert_generations("");
	/* Any earlier state can still be asked for. */
	assert_copies((struct catalog_at){seq - 1},
	    GENERATION " nas1 captured intact v1 i3 d0 u0 c600\n");
	assert_copies((struct catalog_at){manifest},
	    GENERATION " nas1 captured intact v1 i3 d0 u0 c600\n");
	assert_copies((struct catalog_at){copy},
	    GENERATION " nas1 settling undetermined v0 i0 d0 u0 c0\n");
	assert_copies((struct catalog_at){copy - 1}, "");
	/* What expired may come again, as another copy. */
	(void)add_seen(
	    catalog, DAY_ONE + 5 * HOUR, GENERATION, "ehr", "nas1", "ehr-nas");
	assert_copies(CATALOG_NOW,
	    GENERATION " nas1 settling undetermined v0 i0 d0 u0 c0\n");
}

static void
generations_fold_their_copies(void **state)
{
	uint64_t one, two, run;

	(void)state;
	one = add_seen(catalog, DAY_ONE, GENERATION, "ehr", "nas1", "ehr-nas");
	two = add_seen(catalog, DAY_ONE, GENERATION, "ehr", "usb1", "ehr-usb");
	assert_generations(GENERATION " 2 undetermined i0 d0 u2 m0 -\n");
	(void)add_captured(catalog, DAY_ONE, one, 1);
	(void)add_captured(catalog, DAY_ONE, two, 1);
	ADD(catalog, DAY_ONE, NULL, "{ss ss s[II] ss}", "type", "match",
	    "generation", GENERATION, "copies", (json_int_t)one,
	    (json_int_t)two, "result", "same");
	assert_generations(GENERATION " 2 intact i2 d0 u0 m0 same\n");
	run = add_run(catalog, DAY_ONE);
	add_slice(catalog, DAY_ONE + HOUR, 4, 0, run, "damaged");
	ADD(catalog, DAY_ONE, NULL, "{ss ss sI}", "type", "copy", "event",
	    "missing", "copy", (json_int_t)two);
	assert_generations(GENERATION " 2 damaged i0 d1 u1 m1 same\n");
	/* Generations of one system stand from the newest. */
	ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss ss ss sI ss ss}", "type",
	    "seen", "generation", GENERATION_2, "system", "ehr", "medium",
	    "nas1", "source", "ehr-nas", "layout", "directory", "taken_at",
	    DAY_ONE + 24 * HOUR, "time_from", "name", "subject", DIGEST_A);
	assert_generations(
	    GENERATION_2 " 1 undetermined i0 d0 u1 m0 -\n" GENERATION
			 " 2 damaged i0 d1 u1 m1 same\n");
}

static int
show_medium(const struct query_medium *row, void *context, struct error *e)
{
	(void)e;
	show(context, "%s@%d ", row->id, (int)row->from_seq);
	return 0;
}

static int
show_source(const struct query_source *row, void *context, struct error *e)
{
	(void)e;
	show(context, "%s %s %d ", row->id,
	    row->result == NULL ? "never" : row->result,
	    row->good_at == QUERY_NEVER
		? -1
		: (int)((row->good_at - DAY_ONE) / HOUR));
	return 0;
}

static void
configuration_keeps_what_did_not_change(void **state)
{
	struct shown before = {"", 0}, now = {"", 0}, sources = {"", 0};

	(void)state;
	ADD(catalog, DAY_ONE + HOUR, NULL, "{ss ss ss si}", "type", "scan",
	    "source", "ehr-nas", "result", "ok", "candidates", 4);
	ADD(catalog, DAY_ONE + 2 * HOUR, NULL, "{ss ss ss si}", "type", "scan",
	    "source", "ehr-nas", "result", "wrong-medium", "candidates", 0);
	ADD(catalog, DAY_ONE, NULL,
	    "{ss ss s[] s[{ss ss sI}{ss ss}] s[{ss ss ss ss}{ss ss ss ss}]}",
	    "type", "config", "sha256", DIGEST_A, "systems", "media", "id",
	    "nas1", "kind", "nas", "coverage_ms", 30 * 24 * HOUR, "id", "tape1",
	    "kind", "tape", "sources", "id", "ehr-nas", "system", "ehr",
	    "medium", "nas1", "layout", "directory", "id", "pacs-nas", "system",
	    "pacs", "medium", "nas1", "layout", "archive");
	assert_int_equal(query_media(catalog, (struct catalog_at){1},
			     show_medium, &before, &err),
	    0);
	assert_string_equal(before.text, "nas1@1 usb1@1 ");
	assert_int_equal(
	    query_media(catalog, CATALOG_NOW, show_medium, &now, &err), 0);
	assert_string_equal(now.text, "nas1@1 tape1@4 ");
	assert_int_equal(
	    query_sources(catalog, CATALOG_NOW, show_source, &sources, &err),
	    0);
	assert_string_equal(
	    sources.text, "ehr-nas wrong-medium 1 pacs-nas never -1 ");
}

static int
show_run(const struct query_run *row, void *context, struct error *e)
{
	(void)e;
	show(context, "%d %s %s %d ", (int)row->id, row->medium,
	    row->is_ended ? row->outcome : "running", (int)row->bytes_read);
	return 0;
}

static int
show_service(const struct query_service *row, void *context, struct error *e)
{
	(void)e;
	show(context, "%d-%d %s ", (int)row->start_seq, (int)row->stop_seq,
	    row->stopped_at == QUERY_NEVER ? "-" : row->reason);
	return 0;
}

static void
runs_and_services_are_asked_at_any_point(void **state)
{
	struct shown now = {"", 0}, before = {"", 0}, open = {"", 0};
	struct shown lives = {"", 0};
	const struct query_run_filter all = {false, 0}, running = {true, 0};
	uint64_t run = add_run(catalog, DAY_ONE);

	(void)state;
	ADD(catalog, DAY_ONE, NULL, "{ss ss sI ss ss si si s{si si si}}",
	    "type", "run", "event", "end", "run", (json_int_t)run, "outcome",
	    "done", "canary", "reported", "bytes", 10, "bytes_read", 9,
	    "slices", "intact", 1, "damaged", 0, "undetermined", 0);
	assert_int_equal(
	    query_runs(catalog, CATALOG_NOW, &all, show_run, &now, &err), 0);
	assert_string_equal(now.text, "2 nas1 done 9 ");
	assert_int_equal(query_runs(catalog, (struct catalog_at){2}, &running,
			     show_run, &before, &err),
	    0);
	assert_string_equal(before.text, "2 nas1 running 0 ");
	assert_int_equal(
	    query_runs(catalog, CATALOG_NOW, &running, show_run, &open, &err),
	    0);
	assert_string_equal(open.text, "");
	/* The first was killed. */
	for (int i = 0; i < 2; i++)
		ADD(catalog, DAY_ONE, NULL, "{ss ss s{si sb}}", "type", "start",
		    "software", "hikae 0.1.0", "sandbox", "landlock", 2,
		    "seccomp", 1);
	ADD(catalog, DAY_ONE, NULL, "{ss ss}", "type", "stop", "reason",
	    "signal");
	assert_int_equal(
	    query_services(catalog, CATALOG_NOW, 0, show_service, &lives, &err),
	    0);
	assert_string_equal(lives.text, "5-6 signal 4-0 - ");
}

static void
a_refused_entry_leaves_nothing(void **state)
{
	uint64_t size, after;

	(void)state;
	assert_int_equal(journal_size(catalog, &size, &err), 0);
	/* Its statements fail at the second and at the last step. */
	assert_int_equal(
	    TRY(catalog, DAY_ONE, NULL, "{ss ss ss ss ss ss si ss ss}", "type",
		"seen", "generation", GENERATION, "system", "ehr", "medium",
		"usb1", "source", "ehr-nas", "layout", "tree", "taken_at", 1,
		"time_from", "mtime", "subject", DIGEST_A),
	    -1);
	assert_int_equal(entry_error.code, ERROR_INPUT);
	assert_int_equal(TRY(catalog, DAY_ONE, NULL, "{ss ss si}", "type",
			     "copy", "event", "expired", "copy", 1),
	    -1);
	assert_int_equal(entry_error.code, ERROR_INPUT);
	assert_int_equal(journal_size(catalog, &after, &err), 0);
	assert_int_equal(size, after);
	assert_copies(CATALOG_NOW, "");
	assert_generations("");
	commit(catalog);
	/* And nothing is written outside a transaction. */
	assert_int_equal(TRY(catalog, DAY_ONE, NULL, "{ss ss}", "type", "stop",
			     "reason", "x"),
	    -1);
	assert_int_equal(entry_error.code, ERROR_INTERNAL);
}

static void
names_are_openings_and_not_in_the_journal(void **state)
{
	static const char path[] = "患者/12345678.dcm";
	char subject[CATALOG_SUBJECT_BYTES], again[CATALOG_SUBJECT_BYTES];
	struct bytes name = BYTES_EMPTY, nonce = BYTES_EMPTY;
	uint8_t hmac[DIGEST_SHA256_BYTES];
	char hex[2 * DIGEST_SHA256_BYTES + 1];

	(void)state;
	assert_int_equal(
	    catalog_put_name(catalog, path, sizeof(path) - 1, subject, &err),
	    0);
	assert_int_equal(
	    catalog_put_name(catalog, path, sizeof(path) - 1, again, &err), 0);
	assert_string_equal(subject, again);
	assert_int_equal(
	    catalog_put_name(catalog, path, sizeof(path) - 2, again, &err), 0);
	assert_string_not_equal(subject, again);
	assert_int_equal(catalog_get_name(catalog, subject, &name, &err), 0);
	assert_int_equal(name.length, sizeof(path) - 1);
	assert_memory_equal(name.data, path, name.length);
	assert_int_equal(catalog_get_nonce(catalog, subject, &nonce, &err), 0);
	digest_hmac_sha256(
	    nonce.data, nonce.length, path, sizeof(path) - 1, hmac);
	bytes_format_hex(hmac, sizeof(hmac), hex);
	assert_string_equal(hex, subject);
	assert_int_equal(catalog_get_name(catalog, DIGEST_A, &name, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	bytes_done(&name);
	bytes_done(&nonce);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_copy_lives_from_seen_to_expired),
	    TEST(generations_fold_their_copies),
	    TEST(configuration_keeps_what_did_not_change),
	    TEST(runs_and_services_are_asked_at_any_point),
	    TEST(a_refused_entry_leaves_nothing),
	    TEST(names_are_openings_and_not_in_the_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
