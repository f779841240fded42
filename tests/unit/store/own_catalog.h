/*
 * own_catalog: a catalog made anew for each test, in a folder of its own, with
 * a transaction that has begun.
 */
#ifndef HIKAE_TESTS_STORE_OWN_CATALOG_H
#define HIKAE_TESTS_STORE_OWN_CATALOG_H

#include "lib/store/sql.h"
#include "tests/unit/store/entries.h"

static char folder[FOLDER_BYTES];
static struct catalog *catalog;
static struct error err;

/* A test that needs no more than that. */
#define CATALOG_TEST(f) \
	cmocka_unit_test_setup_teardown(f, open_catalog, close_catalog)

__attribute__((unused)) static int
open_catalog(void **state)
{
	(void)state;
	folder_make(folder);
	catalog = open_as(folder, "catalog.db", CATALOG_WRITE);
	begin(catalog);
	return 0;
}

__attribute__((unused)) static int
close_catalog(void **state)
{
	(void)state;
	catalog_close(catalog);
	folder_remove(folder);
	return 0;
}

/* As somebody with sqlite3 would. */
__attribute__((unused)) static void
tamper(const char *statement)
{
	struct sql *sql = NULL;
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/catalog.db", folder);
	if (sql_open(path, SQL_CREATE, &sql, &err) != 0 ||
	    sql_execute(sql, statement, &err) != 0)
		fail_msg("%s", err.text);
	sql_close(sql);
}

#endif
