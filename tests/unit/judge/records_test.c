/* hikae's own records: whole, altered, gone; and what is told of them. */
#include "lib/judge/records.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "lib/os/file.h"
#include "lib/store/vault.h"
#include "tests/unit/judge/clinic.h"
#include "tests/unit/store/own_catalog.h"

/* Behind the last frame of add_captured's slices. */
#define MANIFEST_BYTES 200
#define COPIES 3
/* As the reporter would say. */
#define CATALOG_BYTES 800

static struct signature_secret secret;
static struct signature_public public;
static int folder_fd;
static int64_t now;
static uint64_t copies[COPIES], manifests[COPIES];
static struct records seen;
static struct merkle_prefix known;

static void
generation_of(int number, char text[64])
{
	(void)snprintf(text, 64, "ehr@2026112%dT020000+0900", number);
}

/* What the text of a manifest is does not matter here. */
static void
fill(int number, char text[MANIFEST_BYTES])
{
	memset(text, 'a' + number, MANIFEST_BYTES);
}

static void
write_file(const char *path, const void *data, size_t length)
{
	int fd = -1;

	assert_int_equal(file_open_below(folder_fd, path,
			     O_WRONLY | O_CREAT | O_TRUNC, &fd, &err),
	    0);
	assert_int_equal(file_write_all(fd, data, length, &err), 0);
	(void)close(fd);
}

static void
path_of(int number, const char *suffix, char path[256])
{
	char generation[64];

	generation_of(number, generation);
	(void)snprintf(path, 256, "manifests/ehr/%s/nas1.1.mtree.zst%s",
	    generation, suffix);
}

/* A manifest and its signature. */
static void
store(int number)
{
	char text[MANIFEST_BYTES], path[256], *slash;
	uint8_t prehash[SIGNATURE_PREHASH_BYTES];
	struct signature_prehash state;
	struct bytes signature = BYTES_EMPTY;

	path_of(number, "", path);
	slash = strrchr(path, '/');
	*slash = '\0';
	assert_int_equal(file_make_folders(folder_fd, path, 0700, &err), 0);
	*slash = '/';
	fill(number, text);
	write_file(path, text, sizeof(text));
	signature_prehash_init(&state);
	signature_prehash_update(&state, text, sizeof(text));
	signature_prehash_final(&state, prehash);
	assert_int_equal(signature_sign(&secret, prehash, "trusted", "not",
			     &signature, &err),
	    0);
	path_of(number, ".minisig", path);
	write_file(path, signature.data, signature.length);
	bytes_done(&signature);
}

static void
add_copy(int number)
{
	char generation[64], text[MANIFEST_BYTES], hex[65];
	uint8_t sha256[DIGEST_SHA256_BYTES];

	generation_of(number, generation);
	fill(number, text);
	digest_sha256_of(text, sizeof(text), sha256);
	bytes_format_hex(sha256, sizeof(sha256), hex);
	copies[number] =
	    add_seen(catalog, DAY_ONE, generation, "ehr", "nas1", "ehr-nas");
	ADD(catalog, DAY_ONE, &manifests[number],
	    "{ss sI si ss si si si si ss sI ss si s[[iiii][iiii]]}", "type",
	    "captured", "copy", (json_int_t)copies[number], "version", 1,
	    "manifest_sha256", hex, "entries", 7, "files", 5, "bytes", 600,
	    "bytes_read", 600, "content", DIGEST_A, "oldest_reading", DAY_ONE,
	    "mode", "direct-local", "problems", 0, "slices", 50, 40, 3, 100, 90,
	    40, 2, 200);
	store(number);
}

static void
sign_journal(void)
{
	assert_int_equal(
	    journal_checkpoint(catalog, ORIGIN, &secret, DAY_ONE, NULL, &err),
	    0);
}

static int
setup(void **state)
{
	(void)open_catalog(state);
	assert_int_equal(file_open_folder(folder, &folder_fd, &err), 0);
	add_signed_origin(catalog, &secret, &public);
	ADD(catalog, DAY_ONE, NULL,
	    "{ss ss s[{ss ss si si si}] s[{ss ss}] s[{ss ss ss ss}]}", "type",
	    "config", "sha256", DIGEST_A, "systems", "id", "ehr", "kind", "ehr",
	    "interval_ms", (int)DAY, "grace_ms", 0, "generations_min", 1,
	    "media", "id", "nas1", "kind", "nas", "sources", "id", "ehr-nas",
	    "system", "ehr", "medium", "nas1", "layout", "directory");
	for (int i = 0; i < COPIES; i++)
		add_copy(i);
	commit(catalog);
	sign_journal();
	known.size = 0;
	now = DAY_ONE;
	return 0;
}

static int
teardown(void **state)
{
	(void)close(folder_fd);
	return close_catalog(state);
}

static int
try_look(bool is_whole, bool is_all)
{
	const struct merkle_prefix before = known;
	struct records_request request = {
	    .catalog = catalog,
	    .state_fd = folder_fd,
	    .since = {&public, 1, ORIGIN, &before},
	    .is_all = is_all,
	    .now = now,
	    .catalog_bytes = CATALOG_BYTES,
	};
	int rc;

	if (is_whole && catalog_scratch_open(NULL, &request.scratch, &err) != 0)
		fail_msg("%s", err.text);
	begin(catalog);
	rc = records_look(&request, &seen, &known, &err);
	catalog_rollback(catalog);
	catalog_close(request.scratch);
	return rc;
}

/* Also by way of JSON. */
static void
look(bool is_whole)
{
	struct records parsed;
	json_t *value;

	if (try_look(is_whole, false) != 0)
		fail_msg("%s", err.text);
	value = records_format(&seen);
	assert_non_null(value);
	assert_int_equal(records_parse(value, &parsed, &err), 0);
	json_decref(value);
	assert_memory_equal(&parsed.wrong, &seen.wrong, sizeof(seen.wrong));
	assert_string_equal(parsed.table, seen.table);
	assert_int_equal(parsed.size, seen.size);
	assert_int_equal(parsed.fault, seen.fault);
	assert_int_equal(parsed.upto, seen.upto);
	assert_int_equal(parsed.checked_at, seen.checked_at);
	assert_int_equal(parsed.is_compared, seen.is_compared);
	assert_int_equal(parsed.taken_bytes, seen.taken_bytes);
	assert_int_equal(parsed.taken_files, seen.taken_files);
}

static void
assert_wrong(int number, enum finding code)
{
	look(true);
	assert_int_equal(seen.wrong_count, 1);
	assert_int_equal(seen.wrong[0].copy, copies[number]);
	assert_int_equal(seen.wrong[0].manifest, manifests[number]);
	assert_int_equal(seen.wrong[0].code, code);
	assert_true(seen.is_compared);
	assert_string_equal(seen.table, "");
	store(number);
	look(true);
	assert_int_equal(seen.wrong_count, 0);
}

static void
what_is_whole_is_good(void **state)
{
	(void)state;
	look(true);
	assert_true(seen.is_whole);
	assert_int_equal(seen.fault, JOURNAL_GOOD);
	assert_int_equal(seen.size, 2 + 2 * COPIES);
	assert_false(seen.is_damaged);
	assert_true(seen.is_compared);
	assert_string_equal(seen.table, "");
	assert_int_equal(seen.manifests, COPIES);
	assert_int_equal(seen.digested, COPIES);
	assert_int_equal(seen.wrong_count, 0);
	assert_int_equal(seen.upto, copies[COPIES - 1]);
	assert_int_equal(seen.checked_at, DAY_ONE);
	assert_int_equal(known.size, seen.size);
	/* Only what came since: nothing here. */
	look(false);
	assert_false(seen.is_whole);
	assert_int_equal(seen.fault, JOURNAL_GOOD);
	assert_false(seen.is_compared);
	assert_int_equal(known.size, seen.size);
}

static void
a_changed_row_names_its_table(void **state)
{
	(void)state;
	tamper("UPDATE copy SET taken_at = taken_at + 1");
	look(true);
	assert_string_equal(seen.table, "copy");
	assert_int_equal(seen.fault, JOURNAL_GOOD);
	tamper("UPDATE copy SET taken_at = taken_at - 1");
	look(true);
	assert_string_equal(seen.table, "");
}

static void
a_changed_entry_is_a_broken_journal(void **state)
{
	(void)state;
	tamper("DROP TRIGGER journal_same;"
	       "UPDATE journal SET leaf = CAST(replace(CAST(leaf AS TEXT),"
	       " '\"files\":5', '\"files\":6') AS BLOB) WHERE seq = 3");
	look(true);
	assert_int_equal(seen.fault, JOURNAL_NODE);
	assert_int_equal(known.size, 0);
	/* Its rows, and the lost trigger, are seen all the same. */
	assert_true(seen.is_compared);
	assert_string_equal(seen.table, "sqlite_schema");
	tamper("UPDATE journal SET leaf = x'7b7d' WHERE seq = 3");
	look(true);
	assert_int_equal(seen.fault, JOURNAL_MALFORMED);
	assert_int_equal(seen.fault_seq, 3);
	assert_false(seen.is_compared);
}

static void
a_manifest_that_is_gone_or_another_is_named(void **state)
{
	static const char other[MANIFEST_BYTES];
	char path[256], real[512];

	(void)state;
	path_of(1, "", path);
	(void)snprintf(real, sizeof(real), "%s/%s", folder, path);
	assert_int_equal(unlink(real), 0);
	assert_wrong(1, FINDING_MANIFEST_MISSING);
	(void)snprintf(real, sizeof(real), "%s/%s.minisig", folder, path);
	assert_int_equal(unlink(real), 0);
	assert_wrong(1, FINDING_MANIFEST_MISSING);
	write_file(path, other, sizeof(other));
	assert_wrong(1, FINDING_SIGNATURE_INVALID);
	path_of(2, "", path);
	write_file(path, other, 0);
	assert_wrong(2, FINDING_SIGNATURE_INVALID);
	path_of(2, ".minisig", path);
	write_file(path, "x", 1);
	assert_wrong(2, FINDING_SIGNATURE_INVALID);
}

/* Cut behind its beginning: seen at once, whoever's turn it is. */
static void
a_manifest_that_is_too_short_needs_no_reading(void **state)
{
	char text[MANIFEST_BYTES], path[256];

	(void)state;
	fill(0, text);
	path_of(0, "", path);
	write_file(path, text, 130);
	assert_wrong(0, FINDING_SIGNATURE_INVALID);
}

/* A day's part goes on where that of the day before ended. */
static void
parts_follow_each_other(void **state)
{
	int more = RECORDS_PART_MIN;

	(void)state;
	begin(catalog);
	/* Their manifests are not there, and are found missing at once. */
	for (int i = 0; i < more; i++) {
		char generation[64];
		uint64_t copy;

		(void)snprintf(generation, sizeof(generation),
		    "ehr@2026112%dT020000+0900.%d", i % 9, 2 + i);
		copy = add_seen(
		    catalog, DAY_ONE, generation, "ehr", "nas1", "ehr-nas");
		(void)add_captured(catalog, DAY_ONE, copy, 1);
	}
	ADD(catalog, DAY_ONE + DAY, NULL, "{ss si si si sI si}", "type",
	    "self-check", "entries", 1, "manifests", 1, "digested", 1, "upto",
	    (json_int_t)copies[0], "findings", 0);
	commit(catalog);
	sign_journal();
	look(true);
	assert_int_equal(seen.checked_at, DAY_ONE + DAY);
	assert_int_equal(seen.manifests, COPIES + more);
	assert_int_equal(seen.digested, RECORDS_PART_MIN);
	assert_int_equal(seen.wrong_count, more);
	/* From the second on, and to the last but two. */
	assert_true(seen.upto > copies[COPIES - 1]);
	assert_int_equal(try_look(true, true), 0);
	assert_int_equal(seen.digested, COPIES + more);
}

static void
set_time(const char *path, int64_t instant)
{
	const struct timespec times[2] = {
	    {.tv_sec = instant / 1000}, {.tv_sec = instant / 1000}};

	assert_int_equal(utimensat(folder_fd, path, times, 0), 0);
}

/* Of a manifest, its signature, and their folder. */
static void
set_times(int number, int64_t instant)
{
	char path[256];

	path_of(number, "", path);
	set_time(path, instant);
	path_of(number, ".minisig", path);
	set_time(path, instant);
	*strrchr(path, '/') = '\0';
	set_time(path, instant);
}

/* In the last 92 days: each entry has its part of the catalog. */
static void
what_was_taken_of_late_is_counted(void **state)
{
	uint64_t all, entries = 2 + 2 * COPIES;

	(void)state;
	for (int i = 0; i < COPIES; i++)
		set_times(i, DAY_ONE);
	set_time("manifests/ehr", DAY_ONE);
	now = DAY_ONE + 92 * DAY;
	look(true);
	assert_int_equal(seen.taken_files, 3 * COPIES + 1);
	all = seen.taken_bytes;
	assert_true(all >= CATALOG_BYTES + 2 * COPIES);
	set_times(1, DAY_ONE - DAY);
	look(true);
	assert_int_equal(seen.taken_files, 3 * (COPIES - 1) + 1);
	assert_true(seen.taken_bytes < all);
	now += DAY;
	begin(catalog);
	ADD(catalog, DAY_ONE + 2 * DAY, NULL, "{ss si si si sI si}", "type",
	    "self-check", "entries", 1, "manifests", 1, "digested", 1, "upto",
	    (json_int_t)copies[0], "findings", 0);
	commit(catalog);
	sign_journal();
	look(true);
	assert_int_equal(seen.taken_files, 0);
	assert_int_equal(seen.taken_bytes, CATALOG_BYTES / (entries + 1) + 1);
	/* What is not looked at says nothing. */
	look(false);
	assert_int_equal(seen.taken_bytes, 0);
}

static void
a_damaged_file_is_said_so(void **state)
{
	char path[128], zero[8 * 4096] = {0};
	int fd;

	(void)state;
	catalog_close(catalog);
	(void)snprintf(path, sizeof(path), "%s/catalog.db", folder);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	/* Behind the schema: tables' own pages. */
	assert_int_equal(
	    pwrite(fd, zero, sizeof(zero), 4096 * 24), sizeof(zero));
	(void)close(fd);
	catalog = open_as(folder, "catalog.db", CATALOG_READ);
	look(true);
	assert_true(seen.is_damaged);
	assert_false(seen.is_compared);
	assert_int_equal(known.size, 0);
}

/* What a child says is bounded and checked. */
static void
another_answer_is_refused(void **state)
{
	static const struct {
		const char *key;
		const char *value;
	} changes[] = {
	    {"is_whole", "[1]"},
	    {"entries", "[-1]"},
	    {"fault", "[\"bad\"]"},
	    {"table", "[\"a b\"]"},
	    {"table", "[7]"},
	    {"wrong", "[{}]"},
	    {"wrong", "[[7]]"},
	    {"wrong", "[[{\"copy\":1,\"manifest\":1,\"code\":\"bit-rot\"}]]"},
	    {"omitted", "[null]"},
	    {"taken_bytes", "[-1]"},
	};
	struct records parsed;

	(void)state;
	look(true);
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		json_t *value = records_format(&seen);
		json_t *other = json_parse(
		    changes[i].value, strlen(changes[i].value), &err);

		assert_non_null(other);
		(void)json_object_set(
		    value, changes[i].key, json_array_get(other, 0));
		assert_int_equal(records_parse(value, &parsed, &err), -1);
		assert_int_equal(err.code, ERROR_PROTOCOL);
		(void)json_object_del(value, changes[i].key);
		assert_int_equal(records_parse(value, &parsed, &err), -1);
		json_decref(value);
		json_decref(other);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_is_whole_is_good),
	    TEST(a_changed_row_names_its_table),
	    TEST(a_changed_entry_is_a_broken_journal),
	    TEST(a_manifest_that_is_gone_or_another_is_named),
	    TEST(a_manifest_that_is_too_short_needs_no_reading),
	    TEST(parts_follow_each_other),
	    TEST(what_was_taken_of_late_is_counted),
	    TEST(a_damaged_file_is_said_so),
	    TEST(another_answer_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
