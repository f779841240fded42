/*
 * What is known about slices and copies, and what makes it better or worse: a
 * failure stays until its bytes were read again and found good.
 */
#include "lib/store/query_finding.h"
#include "lib/store/query_slice.h"
#include "tests/unit/store/hospital.h"

static int
show_next(const struct query_next *row, void *context, struct error *e)
{
	(void)e;
	show(context, "%d/%d.%d ", (int)row->manifest, (int)row->slice,
	    (int)row->turn);
	return 0;
}

static void
assert_next(const char *medium, int64_t tried_before, uint64_t limit,
    const char *expected)
{
	const struct query_next_filter filter = {medium, tried_before, limit};
	struct shown shown = {"", 0};

	assert_int_equal(
	    query_next_slices(catalog, &filter, show_next, &shown, &err), 0);
	assert_string_equal(shown.text, expected);
}

static uint64_t
captured_copy(void)
{
	return add_captured(catalog, DAY_ONE + HOUR,
	    add_seen(catalog, DAY_ONE, GENERATION, "ehr", "nas1", "ehr-nas"),
	    1);
}

static int
take_slice(const struct query_slice *row, void *context, struct error *e)
{
	struct query_slice *slices = context;

	(void)e;
	assert_true(row->slice < 3);
	slices[row->slice] = *row;
	slices[row->slice].verdict = row->verdict[0] == 'i'   ? "intact"
				     : row->verdict[0] == 'd' ? "damaged"
							      : "undetermined";
	slices[row->slice].basis =
	    row->basis[0] == 'c' ? "capture" : "verification";
	return 0;
}

static void
a_failed_slice_stays_failed_until_read_and_good(void **state)
{
	struct query_slice slices[3];
	uint64_t manifest = captured_copy();
	uint64_t run = add_run(catalog, DAY_ONE + 2 * HOUR);
	int64_t at = DAY_ONE + 10 * HOUR;

	(void)state;
	add_slice(catalog, at, manifest, 2, run, "damaged");
	assert_copies(CATALOG_NOW,
	    GENERATION " nas1 captured damaged v1 i2 d1 u0 c300\n");
	/* It could not be read: still damaged, and not fresher. */
	add_slice(catalog, at + HOUR, manifest, 2, run, "undetermined");
	assert_copies(CATALOG_NOW,
	    GENERATION " nas1 captured damaged v1 i2 d1 u0 c300\n");
	assert_int_equal(query_slices(catalog, CATALOG_NOW, manifest,
			     take_slice, slices, &err),
	    0);
	assert_true(slices[2].read_at == at);
	assert_true(slices[2].tried_at == at + HOUR);
	/* Presence, size and time say nothing about bytes. */
	ADD(catalog, at + 2 * HOUR, NULL, "{ss sI si sI ss ss sI si si ss si}",
	    "type", "slice", "manifest", (json_int_t)manifest, "slice", 2,
	    "run", (json_int_t)run, "verdict", "intact", "level", "quick",
	    "read_at", at + 2 * HOUR, "bytes", 300, "bytes_read", 0, "mode",
	    "direct-local", "findings", 0);
	assert_copies(CATALOG_NOW,
	    GENERATION " nas1 captured damaged v1 i2 d1 u0 c300\n");
	/* Readings from before the failure do not count. */
	ADD(catalog, at + 3 * HOUR, NULL, "{ss sI si sI ss ss sI si si ss si}",
	    "type", "slice", "manifest", (json_int_t)manifest, "slice", 2,
	    "run", (json_int_t)run, "verdict", "intact", "level", "full",
	    "read_at", at - HOUR, "bytes", 300, "bytes_read", 0, "mode",
	    "direct-local", "findings", 0);
	assert_copies(CATALOG_NOW,
	    GENERATION " nas1 captured damaged v1 i2 d1 u0 c300\n");
	assert_next("nas1", INT64_MAX, 1, "3/2.0 ");
	add_slice(catalog, at + 4 * HOUR, manifest, 2, run, "intact");
	assert_copies(
	    CATALOG_NOW, GENERATION " nas1 captured intact v1 i3 d0 u0 c300\n");
	assert_int_equal(query_slices(catalog, CATALOG_NOW, manifest,
			     take_slice, slices, &err),
	    0);
	assert_string_equal(slices[2].basis, "verification");
	assert_string_equal(slices[1].basis, "capture");
	assert_true(slices[2].read_at == at + 4 * HOUR);
}

static void
an_instant_ahead_makes_nothing_fresh(void **state)
{
	struct query_slice slices[3];
	uint64_t manifest = captured_copy();
	uint64_t run = add_run(catalog, DAY_ONE + 2 * HOUR);

	(void)state;
	ADD(catalog, DAY_ONE + 3 * HOUR, NULL,
	    "{ss sI si sI ss ss sI si si ss si}", "type", "slice", "manifest",
	    (json_int_t)manifest, "slice", 0, "run", (json_int_t)run, "verdict",
	    "intact", "level", "full", "read_at", DAY_ONE + 9999 * HOUR,
	    "bytes", 100, "bytes_read", 100, "mode", "dropped", "findings", 0);
	assert_int_equal(query_slices(catalog, CATALOG_NOW, manifest,
			     take_slice, slices, &err),
	    0);
	assert_true(slices[0].read_at == DAY_ONE + 3 * HOUR);
}

static void
next_slices_come_failed_first_then_oldest(void **state)
{
	uint64_t manifest = captured_copy(), slices = 0, bytes = 0;
	uint64_t run = add_run(catalog, DAY_ONE + 2 * HOUR);
	int64_t at = DAY_ONE + 10 * HOUR;
	struct query_coverage coverage;

	(void)state;
	assert_next("nas1", INT64_MAX, 9, "3/0.1 3/1.1 3/2.1 ");
	assert_next("nas1", INT64_MAX, 0, "");
	assert_next("usb1", INT64_MAX, 9, "");
	add_slice(catalog, at, manifest, 0, run, "intact");
	assert_next("nas1", INT64_MAX, 9, "3/1.1 3/2.1 3/0.2 ");
	add_slice(catalog, at + HOUR, manifest, 1, run, "undetermined");
	assert_next("nas1", INT64_MAX, 9, "3/1.0 3/2.1 3/0.2 ");
	/* One pass does not meet a slice twice. */
	assert_next("nas1", at, 9, "3/2.1 ");
	assert_next("nas1", INT64_MAX, 2, "3/1.0 3/2.1 ");
	assert_int_equal(
	    query_due(catalog, "nas1", at, &slices, &bytes, &err), 0);
	assert_int_equal(slices, 2);
	assert_int_equal(bytes, 500);
	assert_int_equal(
	    query_coverage(catalog, CATALOG_NOW, "nas1", &coverage, &err), 0);
	assert_int_equal(coverage.copies, 1);
	assert_int_equal(coverage.slices, 3);
	assert_int_equal(coverage.undetermined, 1);
	assert_int_equal(coverage.bytes, 600);
	assert_int_equal(coverage.unconfirmed_bytes, 500);
	assert_true(coverage.oldest_read_at == DAY_ONE + HOUR);
	assert_int_equal(
	    query_coverage(catalog, CATALOG_NOW, "usb1", &coverage, &err), 0);
	assert_int_equal(coverage.copies, 0);
	assert_true(coverage.oldest_read_at == QUERY_NEVER);
}

static int
show_finding(const struct query_finding *row, void *context, struct error *e)
{
	(void)e;
	show(context, "%d %s %s %s x%d %s %s\n", (int)row->id, row->code,
	    row->verdict, row->is_open ? "open" : row->reason, (int)row->times,
	    row->generation == NULL ? "-" : row->generation,
	    row->detail == NULL ? "-" : row->detail);
	return 0;
}

static void
assert_findings(const struct query_finding_filter *filter, const char *expected)
{
	struct shown shown = {"", 0};

	assert_int_equal(query_findings(catalog, CATALOG_NOW, filter,
			     show_finding, &shown, &err),
	    0);
	assert_string_equal(shown.text, expected);
}

static void
an_open_finding_colours_its_copy(void **state)
{
	const struct query_finding_filter open = {.only_open = true};
	const struct query_finding_filter on_usb = {.medium = "usb1"};
	uint64_t manifest = captured_copy(), finding = 0;

	(void)state;
	ADD(catalog, DAY_ONE + HOUR, &finding, "{ss ss ss ss sI sI s{si ss}}",
	    "type", "finding", "event", "open", "code", "bit-rot", "verdict",
	    "undetermined", "copy", (json_int_t)manifest - 1, "manifest",
	    (json_int_t)manifest, "detail", "files", 2, "cause", "eio");
	assert_copies(CATALOG_NOW,
	    GENERATION " nas1 captured undetermined v1 i3 d0 u0 c600\n");
	ADD(catalog, DAY_ONE + 2 * HOUR, NULL, "{ss ss sI ss}", "type",
	    "finding", "event", "again", "finding", (json_int_t)finding,
	    "verdict", "damaged");
	assert_copies(CATALOG_NOW,
	    GENERATION " nas1 captured damaged v1 i3 d0 u0 c600\n");
	/* Could not be determined this time: it stays damaged. */
	ADD(catalog, DAY_ONE + 3 * HOUR, NULL, "{ss ss sI ss}", "type",
	    "finding", "event", "again", "finding", (json_int_t)finding,
	    "verdict", "undetermined");
	assert_findings(&open, "4 bit-rot damaged open x3 " GENERATION
			       " {\"cause\":\"eio\",\"files\":2}\n");
	assert_findings(&on_usb, "");
	ADD(catalog, DAY_ONE + 4 * HOUR, NULL, "{ss ss sI ss}", "type",
	    "finding", "event", "close", "finding", (json_int_t)finding,
	    "reason", "read-good");
	assert_findings(&open, "");
	assert_findings(NULL, "4 bit-rot damaged read-good x3 " GENERATION
			      " {\"cause\":\"eio\",\"files\":2}\n");
	assert_copies(
	    CATALOG_NOW, GENERATION " nas1 captured intact v1 i3 d0 u0 c600\n");
	/* What is closed is closed. */
	assert_int_equal(
	    TRY(catalog, DAY_ONE, NULL, "{ss ss sI}", "type", "finding",
		"event", "again", "finding", (json_int_t)finding),
	    -1);
	assert_int_equal(entry_error.code, ERROR_INPUT);
}

static void
a_new_capture_cannot_hide_damage(void **state)
{
	uint64_t copy, manifest, run;

	(void)state;
	copy = add_seen(catalog, DAY_ONE, GENERATION, "ehr", "nas1", "ehr-nas");
	manifest = add_captured(catalog, DAY_ONE, copy, 1);
	run = add_run(catalog, DAY_ONE + HOUR);
	add_slice(catalog, DAY_ONE + HOUR, manifest, 1, run, "damaged");
	assert_int_equal(
	    TRY(catalog, DAY_ONE + HOUR, NULL,
		"{ss sI si ss si si si si ss sI ss si s[[iiii]]}", "type",
		"captured", "copy", (json_int_t)copy, "version", 2,
		"manifest_sha256", DIGEST_A, "entries", 1, "files", 1, "bytes",
		1, "bytes_read", 1, "content", DIGEST_A, "oldest_reading",
		DAY_ONE, "mode", "dropped", "problems", 0, "slices", 1, 1, 1,
		1),
	    -1);
	ADD(catalog, DAY_ONE + HOUR, NULL, "{ss ss ss ss sI}", "type",
	    "finding", "event", "open", "code", "overwritten", "verdict",
	    "damaged", "copy", (json_int_t)copy);
	(void)add_captured(catalog, DAY_ONE + 2 * HOUR, copy, 2);
	assert_copies(CATALOG_NOW,
	    GENERATION " nas1 captured damaged v2 i3 d0 u0 c600\n");
	/* The old manifest's slices are no longer anybody's turn. */
	assert_next("nas1", INT64_MAX, 9, "7/0.1 7/1.1 7/2.1 ");
}

static void
a_missing_copy_has_no_turn(void **state)
{
	uint64_t manifest = captured_copy();

	(void)state;
	assert_next("nas1", INT64_MAX, 1, "3/0.1 ");
	ADD(catalog, DAY_ONE + 2 * HOUR, NULL, "{ss ss sI}", "type", "copy",
	    "event", "missing", "copy", (json_int_t)manifest - 1);
	assert_next("nas1", INT64_MAX, 9, "");
	ADD(catalog, DAY_ONE + 2 * HOUR, NULL, "{ss ss sI}", "type", "copy",
	    "event", "returned", "copy", (json_int_t)manifest - 1);
	assert_next("nas1", INT64_MAX, 1, "3/0.1 ");
	ADD(catalog, DAY_ONE + 2 * HOUR, NULL, "{ss ss sI}", "type", "copy",
	    "event", "expired", "copy", (json_int_t)manifest - 1);
	assert_next("nas1", INT64_MAX, 9, "");
}

#define DIGEST_B \
	"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

static int
show_file(const struct query_file *row, void *context, struct error *e)
{
	struct shown *shown = context;

	(void)e;
	assert_int_equal(strlen(row->subject), strlen(DIGEST_A));
	show(shown, "%s %.2s\n", row->kind, row->subject);
	return shown->rows == 2;
}

static void
assert_files(uint64_t finding, uint64_t seq, const char *expected)
{
	struct shown shown = {"", 0};

	assert_int_equal(query_finding_files(catalog, (struct catalog_at){seq},
			     finding, show_file, &shown, &err),
	    0);
	assert_string_equal(shown.text, expected);
}

/* Those of the last time that it was found, as of the day that is asked for. */
static void
a_finding_names_files(void **state)
{
	uint64_t copy = captured_copy() - 1, seqs[5];
	const char *first = "only-other bb\ndiffers aa\n";

	(void)state;
	ADD(catalog, DAY_ONE + HOUR, &seqs[0],
	    "{ss ss ss ss sI s[{ssss}{ssss}]}", "type", "finding", "event",
	    "open", "code", "copies-differ", "verdict", "damaged", "copy",
	    (json_int_t)copy, "files", "kind", "only-other", "subject",
	    DIGEST_B, "kind", "differs", "subject", DIGEST_A);
	/* Another one's are not its. */
	ADD(catalog, DAY_ONE + HOUR, &seqs[1], "{ss ss ss ss sI s[{ssss}]}",
	    "type", "finding", "event", "open", "code", "names-differ",
	    "verdict", "undetermined", "copy", (json_int_t)copy, "files",
	    "kind", "only-here", "subject", DIGEST_B);
	assert_files(seqs[0], UINT64_MAX, first);
	assert_files(seqs[1], UINT64_MAX, "only-here bb\n");
	assert_files(seqs[0] - 1, UINT64_MAX, "");
	/* Again with three, of which the caller wants two. */
	ADD(catalog, DAY_ONE + 2 * HOUR, &seqs[2],
	    "{ss ss sI s[{ssss}{ssss}{ssss}]}", "type", "finding", "event",
	    "again", "finding", (json_int_t)seqs[0], "files", "kind",
	    "only-here", "subject", DIGEST_A, "kind", "differs", "subject",
	    DIGEST_B, "kind", "differs", "subject", DIGEST_A);
	assert_files(seqs[0], UINT64_MAX, "only-here aa\ndiffers bb\n");
	assert_files(seqs[0], seqs[2] - 1, first);
	assert_files(seqs[0], seqs[0] - 1, "");
	/* Again without any: which they are is not known now. */
	ADD(catalog, DAY_ONE + 3 * HOUR, &seqs[3], "{ss ss sI}", "type",
	    "finding", "event", "again", "finding", (json_int_t)seqs[0]);
	assert_files(seqs[0], UINT64_MAX, "");
	ADD(catalog, DAY_ONE + 4 * HOUR, &seqs[4], "{ss ss sI ss}", "type",
	    "finding", "event", "close", "finding", (json_int_t)seqs[1],
	    "reason", "resolved");
	assert_files(seqs[1], UINT64_MAX, "only-here bb\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_failed_slice_stays_failed_until_read_and_good),
	    TEST(an_instant_ahead_makes_nothing_fresh),
	    TEST(next_slices_come_failed_first_then_oldest),
	    TEST(an_open_finding_colours_its_copy),
	    TEST(a_new_capture_cannot_hide_damage),
	    TEST(a_missing_copy_has_no_turn),
	    TEST(a_finding_names_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
