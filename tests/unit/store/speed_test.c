/*
 * What status asks, for 1,000 generations of three copies: the times are
 * printed, the answers are checked.  The aim is 50 ms.
 */
#include "tests/unit/store/entries.h"

#include <time.h>

#include "lib/base/clock.h"
#include "lib/store/catalog_audit.h"
#include "lib/store/query_finding.h"
#include "lib/store/query_slice.h"

#define GENERATIONS 1000
#define SLICES 12
/* Quadratic, the last part of these takes ten times as long as the first. */
#define FINDINGS_OF_ONE 6000
#define FINDINGS_PART 1000
/* What the last part may take: so many times the first, and this. */
#define PART_TIMES 4
#define PART_SLACK_MS 1000

static struct error err;

static json_t *
slices(void)
{
	json_t *list = json_array();

	for (int i = 0; i < SLICES; i++)
		(void)json_array_append_new(
		    list, json_pack("[iiii]", i * 100, 100, 9, 1 << 30));
	return list;
}

static void
add_copy(struct catalog *catalog, int number, int medium, int64_t at)
{
	static const char *const media[] = {"nas1", "usb1", "usb2"};
	static const char *const sources[] = {"ehr-a", "ehr-b", "ehr-c"};
	char generation[64];
	uint64_t copy;

	(void)snprintf(generation, sizeof(generation),
	    "ehr@2026%04dT020000+0900.%d", 101 + number % 28, number + 2);
	ADD(catalog, at, &copy, "{ss ss ss ss ss ss sI ss ss}", "type", "seen",
	    "generation", generation, "system", "ehr", "medium", media[medium],
	    "source", sources[medium], "layout", "archive", "taken_at", at,
	    "time_from", "name", "subject", DIGEST_A);
	ADD(catalog, at, NULL, "{ss sI si ss si si sI sI ss sI ss si so}",
	    "type", "captured", "copy", (json_int_t)copy, "version", 1,
	    "manifest_sha256", DIGEST_A, "entries", 9, "files", 9, "bytes",
	    (json_int_t)SLICES << 30, "bytes_read", (json_int_t)SLICES << 30,
	    "content", DIGEST_A, "oldest_reading", at, "mode", "direct-local",
	    "problems", 0, "slices", slices());
}

static void
fill(struct catalog *catalog)
{
	uint64_t run;

	begin(catalog);
	ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss}", "type", "origin",
	    "facility", "x", "origin", ORIGIN, "daemon_key", KEY_LINE);
	ADD(catalog, DAY_ONE, NULL,
	    "{ss ss s[{ss ss si si si}] s[] "
	    "s[{ss ss ss ss}{ss ss ss ss}{ss ss ss ss}]}",
	    "type", "config", "sha256", DIGEST_A, "systems", "id", "ehr",
	    "kind", "ehr", "interval_ms", 1, "grace_ms", 1, "generations_min",
	    1, "media", "sources", "id", "ehr-a", "system", "ehr", "medium",
	    "nas1", "layout", "archive", "id", "ehr-b", "system", "ehr",
	    "medium", "usb1", "layout", "archive", "id", "ehr-c", "system",
	    "ehr", "medium", "usb2", "layout", "archive");
	for (int i = 0; i < GENERATIONS; i++)
		for (int medium = 0; medium < 3; medium++)
			add_copy(catalog, i, medium, DAY_ONE + i * HOUR);
	run = add_run(catalog, DAY_ONE + GENERATIONS * HOUR);
	/* Every third copy was read again in part: states have histories. */
	for (int i = 0; i < GENERATIONS; i++)
		for (int slice = 0; slice < 4; slice++)
			ADD(catalog, DAY_ONE + GENERATIONS * HOUR, NULL,
			    "{ss sI si sI ss ss sI si si ss si}", "type",
			    "slice", "manifest", (json_int_t)(3 + i * 6),
			    "slice", slice, "run", (json_int_t)run, "verdict",
			    "intact", "level", "full", "read_at",
			    DAY_ONE + GENERATIONS * HOUR, "bytes", 1 << 30,
			    "bytes_read", 1 << 30, "mode", "direct-local",
			    "findings", 0);
	commit(catalog);
}

static int
add_up(const struct query_generation *row, void *context, struct error *e)
{
	(void)e;
	assert_int_equal(row->copies, 3);
	assert_string_equal(row->verdict, "intact");
	++*(unsigned *)context;
	return 0;
}

static int
add_next(const struct query_next *row, void *context, struct error *e)
{
	(void)row;
	(void)e;
	++*(unsigned *)context;
	return 0;
}

static void
ask(struct catalog *catalog, struct catalog_at at, const char *what)
{
	static const struct query_next_filter filter = {"nas1", INT64_MAX, 100};
	unsigned generations = 0, next = 0;
	struct query_coverage coverage;
	int64_t began = clock_monotonic_ms(), folded, covered;

	assert_int_equal(
	    query_generations(catalog, at, NULL, add_up, &generations, &err),
	    0);
	folded = clock_monotonic_ms();
	assert_int_equal(generations, GENERATIONS);
	assert_int_equal(
	    query_coverage(catalog, at, "nas1", &coverage, &err), 0);
	assert_int_equal(coverage.slices, GENERATIONS * SLICES);
	covered = clock_monotonic_ms();
	assert_int_equal(
	    query_next_slices(catalog, &filter, add_next, &next, &err), 0);
	assert_int_equal(next, 100);
	print_message("%s: generations %d ms, coverage %d ms, next %d ms\n",
	    what, (int)(folded - began), (int)(covered - folded),
	    (int)(clock_monotonic_ms() - covered));
}

/* This process's own, whatever else the machine does, ms. */
static int64_t
processor_ms(void)
{
	struct timespec used;

	assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used), 0);
	return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

/* The self-check's part that grows with the journal, as in a large one. */
static void
replay(struct catalog *catalog, const char *path)
{
	struct catalog *scratch = NULL;
	struct catalog_audit audit;
	int64_t began = processor_ms();

	assert_int_equal(catalog_scratch_open(path, &scratch, &err), 0);
	assert_int_equal(catalog_audit(catalog, scratch, &audit, &err), 0);
	assert_false(audit.has_fault);
	assert_string_equal(audit.table, "");
	catalog_close(scratch);
	print_message("replayed into a file and compared: %d ms\n",
	    (int)(processor_ms() - began));
}

static void
status_of_a_thousand_generations(void **state)
{
	char folder[FOLDER_BYTES], path[128];
	struct catalog *catalog;
	int64_t began = clock_monotonic_ms();
	uint64_t size = 0;

	(void)state;
	folder_make(folder);
	catalog = open_as(folder, "catalog.db", CATALOG_WRITE);
	fill(catalog);
	assert_int_equal(journal_size(catalog, &size, &err), 0);
	print_message("%d entries in %d ms\n", (int)size,
	    (int)(clock_monotonic_ms() - began));
	ask(catalog, CATALOG_NOW, "now");
	ask(catalog, (struct catalog_at){size - 2000}, "then");
	(void)snprintf(path, sizeof(path), "%s/replay", folder);
	replay(catalog, path);
	catalog_close(catalog);
	folder_remove(folder);
}

static int
take_one(const struct query_finding *row, void *context, struct error *e)
{
	(void)row;
	(void)e;
	++*(unsigned *)context;
	return 0;
}

/* Open one more finding of the copy, as the daemon does, and look it up. */
static void
find_one(struct catalog *catalog, uint64_t copy, unsigned number)
{
	struct query_finding_filter filter = {.only_open = true, .copy = copy};
	char subject[65];
	unsigned known = 0;

	(void)snprintf(subject, sizeof(subject), "%064x", number);
	filter.subject = subject;
	assert_int_equal(query_findings(catalog, CATALOG_NOW, &filter, take_one,
			     &known, &err),
	    0);
	assert_int_equal(known, 0);
	ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss ss sI ss}", "type", "finding",
	    "event", "open", "code", "bit-rot", "verdict", "damaged",
	    "severity", "bad", "copy", (json_int_t)copy, "subject", subject);
	assert_int_equal(query_findings(catalog, CATALOG_NOW, &filter, take_one,
			     &known, &err),
	    0);
	assert_int_equal(known, 1);
}

static int
take_damage(const struct query_copy *row, void *context, struct error *e)
{
	(void)e;
	*(uint64_t *)context = row->findings_damaged;
	return 0;
}

/* What a part of the findings costs, ms. */
static int64_t
find_part(struct catalog *catalog, uint64_t copy, unsigned first)
{
	int64_t began = processor_ms();

	for (unsigned i = 0; i < FINDINGS_PART; i++)
		find_one(catalog, copy, first + i);
	return processor_ms() - began;
}

/* Ransomware: the thousandth file must not cost more than the first. */
static void
many_findings_of_one_copy(void **state)
{
	char folder[FOLDER_BYTES];
	struct catalog *catalog;
	int64_t first, last = 0;
	uint64_t copy, damaged = 0;
	struct query_copy_filter filter = {0};

	(void)state;
	folder_make(folder);
	catalog = open_as(folder, "catalog.db", CATALOG_WRITE);
	begin(catalog);
	add_hospital(catalog);
	copy = add_seen(catalog, DAY_ONE, "ehr@20261101T000000+0900", "ehr",
	    "nas1", "ehr-nas");
	first = find_part(catalog, copy, 0);
	for (unsigned i = FINDINGS_PART; i < FINDINGS_OF_ONE;
	     i += FINDINGS_PART)
		last = find_part(catalog, copy, i);
	print_message("%d findings: the first %d ms, the last %d ms\n",
	    FINDINGS_PART, (int)first, (int)last);
	assert_true(last < PART_TIMES * first + PART_SLACK_MS);
	commit(catalog);
	filter.copy = copy;
	assert_int_equal(query_copies(catalog, CATALOG_NOW, &filter,
			     take_damage, &damaged, &err),
	    0);
	assert_int_equal(damaged, FINDINGS_OF_ONE);
	catalog_close(catalog);
	folder_remove(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(status_of_a_thousand_generations),
	    cmocka_unit_test(many_findings_of_one_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
