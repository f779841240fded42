/*
 * Opening: what is no catalog, who else holds it, migrations, backups.
 */
#include "tests/unit/store/entries.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "lib/store/query.h"
#include "lib/store/schema.h"

static char folder[FOLDER_BYTES], path[128];
static struct error err;

static int
setup(void **state)
{
	(void)state;
	folder_make(folder);
	(void)snprintf(path, sizeof(path), "%s/catalog.db", folder);
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
assert_refused(enum catalog_mode mode, enum error_code code)
{
	const struct catalog_options options = {mode};
	struct catalog *catalog = NULL;

	assert_int_equal(catalog_open(path, &options, &catalog, &err), -1);
	assert_int_equal(err.code, code);
	assert_null(catalog);
}

static void
make_file(const char *sql_text)
{
	struct sql *sql = NULL;

	assert_int_equal(sql_open(path, SQL_CREATE, &sql, &err), 0);
	if (sql_execute(sql, sql_text, &err) != 0)
		fail_msg("%s", err.text);
	sql_close(sql);
}

static void
a_missing_file_is_made_only_for_writing(void **state)
{
	struct stat st;

	(void)state;
	assert_refused(CATALOG_READ, ERROR_NOT_FOUND);
	assert_refused(CATALOG_IMMUTABLE, ERROR_NOT_FOUND);
	catalog_close(open_as(folder, "catalog.db", CATALOG_WRITE));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0037, 0); /* nobody but the group */
	catalog_close(open_as(folder, "catalog.db", CATALOG_READ));
	catalog_close(open_as(folder, "catalog.db", CATALOG_IMMUTABLE));
}

/* As hikaed makes it from its root: "/" and "/var/lib/hikae/catalog.db". */
static void
a_path_may_begin_with_two_slashes(void **state)
{
	const struct catalog_options options = {CATALOG_WRITE};
	struct catalog *catalog = NULL;
	char doubled[sizeof(path) + 1];

	(void)state;
	(void)snprintf(doubled, sizeof(doubled), "/%s", path);
	if (catalog_open(doubled, &options, &catalog, &err) != 0)
		fail_msg("%s", err.text);
	catalog_close(catalog);
	catalog_close(open_as(folder, "catalog.db", CATALOG_READ));
}

static void
another_kind_of_file_is_left_alone(void **state)
{
	FILE *file = fopen(path, "w");
	char text[64] = "";

	(void)state;
	assert_non_null(file);
	for (int i = 0; i < 200; i++)
		assert_true(fputs("this is no database\n", file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_refused(CATALOG_WRITE, ERROR_INPUT);
	assert_refused(CATALOG_READ, ERROR_INPUT);
	assert_refused(CATALOG_IMMUTABLE, ERROR_INPUT);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(text, sizeof(text), file));
	assert_string_equal(text, "this is no database\n");
	assert_int_equal(fclose(file), 0);
	/* Somebody else's database. */
	assert_int_equal(unlink(path), 0);
	make_file("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1);");
	assert_refused(CATALOG_WRITE, ERROR_INPUT);
	assert_refused(CATALOG_READ, ERROR_INPUT);
	/* A folder. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_refused(CATALOG_READ, ERROR_INPUT);
	assert_int_equal(rmdir(path), 0);
}

static void
versions_are_told_apart(void **state)
{
	(void)state;
	catalog_close(open_as(folder, "catalog.db", CATALOG_WRITE));
	make_file("PRAGMA user_version = 9999");
	assert_refused(CATALOG_WRITE, ERROR_VERSION);
	assert_refused(CATALOG_READ, ERROR_VERSION);
	assert_int_equal(unlink(path), 0);
	/* Of before the first migration: only a writer brings it along. */
	make_file("PRAGMA application_id = 1751739233; CREATE TABLE x (y);"
		  "DROP TABLE x");
	assert_refused(CATALOG_READ, ERROR_UNAVAILABLE);
	catalog_close(open_as(folder, "catalog.db", CATALOG_WRITE));
	catalog_close(open_as(folder, "catalog.db", CATALOG_READ));
}

static void
a_second_writer_waits_its_turn(void **state)
{
	struct catalog *one = open_as(folder, "catalog.db", CATALOG_WRITE);
	struct catalog *two = open_as(folder, "catalog.db", CATALOG_WRITE);
	struct catalog *reader = open_as(folder, "catalog.db", CATALOG_READ);
	uint64_t size = 9;

	(void)state;
	begin(one);
	add_hospital(one);
	assert_int_equal(catalog_begin(two, &err), -1);
	assert_int_equal(err.code, ERROR_UNAVAILABLE);
	/* A reader sees what is committed, and as of its own beginning. */
	begin(reader);
	assert_int_equal(journal_size(reader, &size, &err), 0);
	assert_int_equal(size, 0);
	commit(one);
	assert_int_equal(journal_size(reader, &size, &err), 0);
	assert_int_equal(size, 0);
	catalog_rollback(reader);
	assert_int_equal(journal_size(reader, &size, &err), 0);
	assert_int_equal(size, 2);
	/* It cannot write. */
	begin(reader);
	assert_int_equal(TRY(reader, DAY_ONE, NULL, "{ss ss}", "type", "stop",
			     "reason", "x"),
	    -1);
	assert_int_equal(entry_error.code, ERROR_DENIED);
	catalog_rollback(reader);
	catalog_close(reader);
	catalog_close(two);
	catalog_close(one);
}

static void
what_is_not_committed_vanishes(void **state)
{
	struct catalog *catalog = open_as(folder, "catalog.db", CATALOG_WRITE);
	uint64_t size = 9;

	(void)state;
	begin(catalog);
	add_hospital(catalog);
	assert_int_equal(catalog_begin(catalog, &err), -1);
	assert_int_equal(err.code, ERROR_INTERNAL);
	catalog_close(catalog);
	catalog = open_as(folder, "catalog.db", CATALOG_WRITE);
	assert_int_equal(journal_size(catalog, &size, &err), 0);
	assert_int_equal(size, 0);
	assert_int_equal(catalog_commit(catalog, &err), -1);
	catalog_close(catalog);
}

static void
an_unmerged_log_is_not_left_out(void **state)
{
	struct catalog *catalog = open_as(folder, "catalog.db", CATALOG_WRITE);

	(void)state;
	begin(catalog);
	add_hospital(catalog);
	commit(catalog);
	assert_refused(CATALOG_IMMUTABLE, ERROR_UNAVAILABLE);
	catalog_close(catalog);
	catalog_close(open_as(folder, "catalog.db", CATALOG_IMMUTABLE));
}

static void
a_backup_is_one_complete_file(void **state)
{
	struct catalog *catalog = open_as(folder, "catalog.db", CATALOG_WRITE);
	struct catalog *backup;
	struct bytes difference = BYTES_EMPTY;
	char to[128], log[160], subject[CATALOG_SUBJECT_BYTES];
	struct stat st;

	(void)state;
	begin(catalog);
	add_hospital(catalog);
	assert_int_equal(catalog_put_name(catalog, "x", 1, subject, &err), 0);
	commit(catalog);
	(void)snprintf(to, sizeof(to), "%s/backup.db", folder);
	(void)snprintf(log, sizeof(log), "%s-wal", to);
	for (int i = 0; i < 2; i++) /* the second time it is replaced */
		if (catalog_backup(catalog, to, &err) != 0)
			fail_msg("%s", err.text);
	assert_int_equal(stat(to, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	backup = open_as(folder, "backup.db", CATALOG_IMMUTABLE);
	assert_int_equal(catalog_check(backup, &err), 0);
	assert_int_equal(
	    catalog_compare(catalog, backup, &difference, &err), 0);
	assert_int_equal(difference.length, 0);
	catalog_close(backup);
	assert_int_equal(stat(log, &st), -1);
	/* A reader's process can do it too. */
	backup = open_as(folder, "catalog.db", CATALOG_READ);
	assert_int_equal(catalog_backup(backup, to, &err), 0);
	catalog_close(backup);
	/* Where it cannot be written, the old one stays. */
	assert_int_equal(catalog_backup(catalog, "/nowhere/at/all", &err), -1);
	catalog_close(catalog);
	bytes_done(&difference);
}

static void
damage_is_found_by_the_check(void **state)
{
	struct catalog *catalog = open_as(folder, "catalog.db", CATALOG_WRITE);
	struct stat st;
	int fd;

	(void)state;
	begin(catalog);
	add_hospital(catalog);
	commit(catalog);
	assert_int_equal(catalog_check(catalog, &err), 0);
	catalog_close(catalog);
	assert_int_equal(stat(path, &st), 0);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	/* The head of the last page. */
	assert_int_equal(
	    pwrite(fd, "\xff\xff\xff\xff", 4, st.st_size - 4096), 4);
	assert_int_equal(close(fd), 0);
	catalog = open_as(folder, "catalog.db", CATALOG_IMMUTABLE);
	assert_int_equal(catalog_check(catalog, &err), -1);
	assert_int_equal(err.code, ERROR_INPUT);
	catalog_close(catalog);
}

/* ---- migrations ---- */

static void
read_schema(const char *file, struct bytes *out)
{
	struct sql *sql = NULL;

	assert_int_equal(sql_open(file, SQL_READ, &sql, &err), 0);
	assert_int_equal(
	    sql_ask_text(sql,
		"SELECT group_concat(name || ':' || coalesce(sql, ''), ';')"
		" FROM (SELECT * FROM sqlite_schema ORDER BY name)",
		out, &err),
	    0);
	assert_int_equal(
	    sql_ask_text(sql,
		"SELECT ';' || a.application_id || ';' || u.user_version"
		" FROM pragma_application_id a, pragma_user_version u",
		out, &err),
	    0);
	bytes_append_u8(out, 0);
	sql_close(sql);
}

static void
migrate_to(const char *file, const char *const *const *list, unsigned count)
{
	struct sql *sql = NULL;

	assert_int_equal(sql_open(file, SQL_CREATE, &sql, &err), 0);
	if (schema_migrate(sql, list, count, &err) != 0)
		fail_msg("%s", err.text);
	sql_close(sql);
}

static void
assert_fresh_is_migrated(const char *const *const *list, unsigned count)
{
	struct bytes fresh = BYTES_EMPTY, migrated = BYTES_EMPTY;

	assert_int_equal(unlink(path) == 0 || errno == ENOENT, 1);
	migrate_to(path, list, count);
	read_schema(path, &fresh);
	for (unsigned from = 1; from <= count; from++) {
		assert_int_equal(unlink(path), 0);
		migrate_to(path, list, from);
		migrate_to(path, list, count);
		bytes_clear(&migrated);
		read_schema(path, &migrated);
		assert_string_equal(
		    (const char *)fresh.data, (const char *)migrated.data);
	}
	bytes_done(&fresh);
	bytes_done(&migrated);
}

static void
a_fresh_schema_is_a_migrated_one(void **state)
{
	static const char *const later[] = {
	    "ALTER TABLE medium ADD COLUMN later TEXT",
	    "CREATE INDEX later ON medium (later)", NULL};
	static const char *const last[] = {"DROP INDEX later", NULL};
	const char *const *longer[SCHEMA_VERSION + 2];

	(void)state;
	assert_fresh_is_migrated(schema_migrations, SCHEMA_VERSION);
	/* The mechanism, with versions still to come. */
	for (unsigned i = 0; i < SCHEMA_VERSION; i++)
		longer[i] = schema_migrations[i];
	longer[SCHEMA_VERSION] = later;
	longer[SCHEMA_VERSION + 1] = last;
	assert_fresh_is_migrated(longer, SCHEMA_VERSION + 2);
	/* A newer file is not taken back. */
	assert_refused(CATALOG_WRITE, ERROR_VERSION);
}

static void
a_failed_migration_changes_nothing(void **state)
{
	static const char *const broken[] = {
	    "CREATE TABLE later (x)", "CREATE NONSENSE", NULL};
	const char *const *longer[SCHEMA_VERSION + 1];
	struct bytes before = BYTES_EMPTY, after = BYTES_EMPTY;
	struct sql *sql = NULL;

	(void)state;
	for (unsigned i = 0; i < SCHEMA_VERSION; i++)
		longer[i] = schema_migrations[i];
	longer[SCHEMA_VERSION] = broken;
	migrate_to(path, longer, SCHEMA_VERSION);
	read_schema(path, &before);
	assert_int_equal(sql_open(path, SQL_CREATE, &sql, &err), 0);
	assert_int_equal(
	    schema_migrate(sql, longer, SCHEMA_VERSION + 1, &err), -1);
	sql_close(sql);
	read_schema(path, &after);
	assert_string_equal(
	    (const char *)before.data, (const char *)after.data);
	bytes_done(&before);
	bytes_done(&after);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_missing_file_is_made_only_for_writing),
	    TEST(a_path_may_begin_with_two_slashes),
	    TEST(another_kind_of_file_is_left_alone),
	    TEST(versions_are_told_apart),
	    TEST(a_second_writer_waits_its_turn),
	    TEST(what_is_not_committed_vanishes),
	    TEST(an_unmerged_log_is_not_left_out),
	    TEST(a_backup_is_one_complete_file),
	    TEST(damage_is_found_by_the_check),
	    TEST(a_fresh_schema_is_a_migrated_one),
	    TEST(a_failed_migration_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
