/* A rebuilt catalog is compared truly, and made of a whole journal only. */
#include "lib/store/pack.h"
#include "lib/store/sql.h"
#include "tests/unit/store/entries.h"

static char folder[FOLDER_BYTES];
static struct error err;

static int
setup(void **state)
{
	(void)state;
	folder_make(folder);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	folder_remove(folder);
	return 0;
}

static void
assert_same(struct catalog *a, struct catalog *b, const char *table)
{
	struct bytes difference = BYTES_EMPTY;

	assert_int_equal(catalog_compare(a, b, &difference, &err), 0);
	bytes_append_u8(&difference, 0);
	assert_string_equal((const char *)difference.data, table);
	bytes_done(&difference);
}

/* Each projected table, with one value changed, is seen to differ. */
static void
a_changed_row_is_a_difference(void **state)
{
	static const char *const changes[][2] = {
	    {"copy_state", "UPDATE copy_state SET damaged = 0, intact = 3"},
	    {"slice_verdict", "UPDATE slice_verdict SET verdict = 'intact'"},
	    {"opening", "UPDATE opening SET path = x'00'"},
	    {"pack", "UPDATE pack SET is_site = 0"},
	    {"pack_text", "UPDATE pack_text SET text = x'00'"},
	    {"system", "DELETE FROM system WHERE id = 'pacs'"},
	};
	const struct pack pack = {.sha256 = DIGEST_A,
	    .file = "own.conf",
	    .text = (const uint8_t *)"x",
	    .length = 1};
	struct catalog *live = open_as(folder, "live.db", CATALOG_WRITE);
	uint64_t manifest, run;
	char path[128], subject[CATALOG_SUBJECT_BYTES];

	(void)state;
	begin(live);
	add_hospital(live);
	manifest = add_captured(live, DAY_ONE,
	    add_seen(live, DAY_ONE, "ehr@20261121T020000+0900", "ehr", "nas1",
		"ehr-nas"),
	    1);
	run = add_run(live, DAY_ONE);
	add_slice(live, DAY_ONE, manifest, 0, run, "damaged");
	ADD(live, DAY_ONE, NULL, "{ss ss s[] s[] s[] s[{ss sb}{sb}]}", "type",
	    "config", "sha256", DIGEST_A, "systems", "media", "sources",
	    "packs", "sha256", DIGEST_A, "site", 1, "site", 1);
	assert_int_equal(pack_keep(live, &pack, &err), 0);
	assert_int_equal(catalog_put_name(live, "x", 1, subject, &err), 0);
	commit(live);
	for (unsigned i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		char name[32];
		struct sql *sql = NULL;
		struct catalog *other;

		(void)snprintf(name, sizeof(name), "other-%u.db", i);
		(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
		assert_int_equal(catalog_rebuild(live, path, &err), 0);
		other = open_as(folder, name, CATALOG_READ);
		assert_same(live, other, "");
		assert_int_equal(sql_open(path, SQL_CREATE, &sql, &err), 0);
		assert_int_equal(sql_execute(sql, changes[i][1], &err), 0);
		sql_close(sql);
		assert_same(live, other, changes[i][0]);
		catalog_close(other);
	}
	assert_int_equal(catalog_rebuild(live, path, &err), -1);
	assert_int_equal(err.code, ERROR_EXISTS);
	catalog_close(live);
}

/* From a journal that does not hold, nothing is made. */
static void
a_broken_journal_is_not_rebuilt(void **state)
{
	struct catalog *live = open_as(folder, "live.db", CATALOG_WRITE);
	struct sql *sql = NULL;
	char path[128];

	(void)state;
	begin(live);
	add_hospital(live);
	(void)add_run(live, DAY_ONE);
	commit(live);
	(void)snprintf(path, sizeof(path), "%s/live.db", folder);
	assert_int_equal(sql_open(path, SQL_CREATE, &sql, &err), 0);
	/* Not even here can it simply be done. */
	assert_int_equal(sql_execute(sql, "DELETE FROM journal", &err), -1);
	assert_int_equal(
	    sql_execute(sql,
		"DROP TRIGGER journal_keep; DELETE FROM journal WHERE seq = 1",
		&err),
	    0);
	sql_close(sql);
	(void)snprintf(path, sizeof(path), "%s/new.db", folder);
	assert_int_equal(catalog_rebuild(live, path, &err), -1);
	assert_int_equal(err.code, ERROR_INPUT);
	assert_int_equal(access(path, F_OK), -1);
	catalog_close(live);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_changed_row_is_a_difference),
	    TEST(a_broken_journal_is_not_rebuilt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
