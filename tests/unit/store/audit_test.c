/* A catalog is held against a replay of its own journal. */
#include "lib/store/catalog_audit.h"
#include "tests/unit/store/own_catalog.h"

static int
setup(void **state)
{
	uint64_t manifest, run;
	char subject[CATALOG_SUBJECT_BYTES];

	(void)open_catalog(state);
	add_hospital(catalog);
	manifest = add_captured(catalog, DAY_ONE,
	    add_seen(catalog, DAY_ONE, "ehr@20261121T020000+0900", "ehr",
		"nas1", "ehr-nas"),
	    1);
	run = add_run(catalog, DAY_ONE);
	add_slice(catalog, DAY_ONE, manifest, 0, run, "damaged");
	assert_int_equal(catalog_put_name(catalog, "x", 1, subject, &err), 0);
	commit(catalog);
	return 0;
}

/* In a file where path is one, as a larger catalog is. */
static struct catalog_audit
audit(const char *path)
{
	struct catalog *scratch = NULL;
	struct catalog_audit seen;

	if (catalog_scratch_open(path, &scratch, &err) != 0 ||
	    catalog_begin(catalog, &err) != 0 ||
	    catalog_audit(catalog, scratch, &seen, &err) != 0)
		fail_msg("%s", err.text);
	catalog_rollback(catalog);
	catalog_close(scratch);
	return seen;
}

static void
what_follows_from_the_journal_is_the_same(void **state)
{
	struct catalog_audit seen = audit(NULL);
	uint64_t check = 0;

	(void)state;
	assert_string_equal(seen.table, "");
	assert_false(seen.has_fault);
	assert_int_equal(seen.entries, 6);
	assert_int_equal(seen.newest_check, 0);
	begin(catalog);
	ADD(catalog, DAY_ONE, &check, "{ss si si si si si}", "type",
	    "self-check", "entries", 6, "manifests", 1, "digested", 1, "upto",
	    2, "findings", 0);
	commit(catalog);
	assert_int_equal(audit(NULL).newest_check, check);
}

static void
a_changed_row_is_found(void **state)
{
	static const char *const changes[][2] = {
	    {"copy", "UPDATE copy SET taken_at = taken_at + 1"},
	    {"copy_state", "UPDATE copy_state SET damaged = 0, intact = 3"},
	    {"slice_verdict", "UPDATE slice_verdict SET verdict = 'intact'"},
	    {"system", "DELETE FROM system WHERE id = 'pacs'"},
	    {"run", "INSERT INTO run (id, to_seq, began_at, trigger, level)"
		    " VALUES (1, 9, 9, 'manual', 'full')"},
	    {"sqlite_schema", "DROP INDEX finding_open"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		tamper(changes[i][1]);
		assert_string_equal(audit(NULL).table, changes[i][0]);
		catalog_close(catalog);
		catalog = NULL;
		folder_remove(folder);
		(void)setup(NULL);
	}
	/* Names of files do not follow from entries. */
	tamper("UPDATE opening SET path = x'00'");
	assert_string_equal(audit(NULL).table, "");
}

static void
an_entry_that_cannot_be_replayed_is_named(void **state)
{
	struct catalog_audit seen;

	(void)state;
	tamper("DROP TRIGGER journal_same; UPDATE journal SET leaf ="
	       " CAST(replace(CAST(leaf AS TEXT), 'damaged', 'amaged') AS"
	       " BLOB) WHERE seq = 5");
	seen = audit(NULL);
	assert_true(seen.has_fault);
	assert_int_equal(seen.fault_seq, 5);
	assert_string_equal(seen.table, "");
	tamper("DROP TRIGGER journal_keep; PRAGMA foreign_keys = OFF;"
	       "DELETE FROM journal WHERE seq = 4");
	seen = audit(NULL);
	assert_true(seen.has_fault);
	assert_int_equal(seen.fault_seq, 4);
}

/* More than its cache holds goes to a file that nobody finds. */
static void
a_large_one_is_replayed_into_a_file_without_a_name(void **state)
{
	struct catalog *scratch = NULL;
	char path[128];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/scratch", folder);
	assert_int_equal(catalog_scratch_open(path, &scratch, &err), 0);
	assert_int_equal(access(path, F_OK), -1);
	catalog_close(scratch);
	assert_string_equal(audit(path).table, "");
	tamper("UPDATE copy SET taken_at = taken_at + 1");
	assert_string_equal(audit(path).table, "copy");
	assert_int_equal(access(path, F_OK), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, close_catalog)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_follows_from_the_journal_is_the_same),
	    TEST(a_changed_row_is_found),
	    TEST(an_entry_that_cannot_be_replayed_is_named),
	    TEST(a_large_one_is_replayed_into_a_file_without_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
