/*
 * hospital: a catalog with add_hospital's entries in an open transaction,
 * made anew for each test, and what it says about copies.
 */
#ifndef HIKAE_TESTS_STORE_HOSPITAL_H
#define HIKAE_TESTS_STORE_HOSPITAL_H

#include "lib/store/query.h"
#include "tests/unit/store/own_catalog.h"

/* A test with the catalog. */
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, close_catalog)

#define GENERATION "ehr@20261121T020000+0900"

__attribute__((unused)) static int
setup(void **state)
{
	(void)open_catalog(state);
	add_hospital(catalog);
	return 0;
}

/* The single row of a query, as text that is compared. */
struct shown {
	char text[2048];
	unsigned rows;
};

static void show(struct shown *shown, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void
show(struct shown *shown, const char *format, ...)
{
	size_t used = strlen(shown->text);
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(
	    shown->text + used, sizeof(shown->text) - used, format, ap);
	va_end(ap);
	shown->rows++;
}

static int
show_copy(const struct query_copy *row, void *context, struct error *e)
{
	(void)e;
	show(context, "%s %s %s %s v%d i%d d%d u%d c%d\n", row->generation,
	    row->medium, row->state, row->verdict, (int)row->version,
	    (int)row->intact, (int)row->damaged, (int)row->undetermined,
	    (int)row->unconfirmed_bytes);
	return 0;
}

__attribute__((unused)) static void
assert_copies(struct catalog_at at, const char *expected)
{
	struct shown shown = {"", 0};

	assert_int_equal(
	    query_copies(catalog, at, NULL, show_copy, &shown, &err), 0);
	assert_string_equal(shown.text, expected);
}

#endif
