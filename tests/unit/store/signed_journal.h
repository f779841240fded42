/*
 * signed_journal: a catalog whose journal is signed by its own daemon key,
 * made anew for each test.
 */
#ifndef HIKAE_TESTS_STORE_SIGNED_JOURNAL_H
#define HIKAE_TESTS_STORE_SIGNED_JOURNAL_H

#include "lib/store/journal_verify.h"
#include "tests/unit/store/entries.h"

/* A test with the catalog. */
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static char folder[FOLDER_BYTES];
static struct catalog *catalog;
static struct signature_secret secret;
static struct signature_public public;
static struct error err;

__attribute__((unused)) static void
add_origin(struct catalog *to)
{
	struct bytes file = BYTES_EMPTY;
	const char *line;

	signature_public_encode(&public, &file);
	bytes_append_u8(&file, 0);
	line = strchr((const char *)file.data, '\n') + 1;
	((char *)(uintptr_t)line)[strlen(line) - 1] = '\0';
	ADD(to, DAY_ONE, NULL, "{ss ss ss ss}", "type", "origin", "facility",
	    "x", "origin", ORIGIN, "daemon_key", line);
	bytes_done(&file);
}

/* Eleven entries, checkpoints at 5 (and a backup then) and 11. */
__attribute__((unused)) static void
fill(struct catalog *to)
{
	char older[128];

	(void)snprintf(older, sizeof(older), "%s/older.db", folder);
	begin(to);
	add_origin(to);
	for (int i = 1; i < 11; i++) {
		if (i == 5) {
			commit(to);
			assert_int_equal(journal_checkpoint(to, ORIGIN, &secret,
					     DAY_ONE, NULL, &err),
			    0);
			assert_int_equal(catalog_backup(to, older, &err), 0);
			begin(to);
		}
		ADD(to, DAY_ONE + i, NULL, "{ss ss si}", "type", "clock",
		    "event", "back", "by_ms", i);
	}
	commit(to);
	assert_int_equal(
	    journal_checkpoint(to, ORIGIN, &secret, DAY_ONE, NULL, &err), 0);
}

__attribute__((unused)) static int
setup(void **state)
{
	(void)state;
	folder_make(folder);
	signature_generate(&secret);
	signature_public_of(&secret, &public);
	catalog = open_as(folder, "catalog.db", CATALOG_WRITE);
	fill(catalog);
	return 0;
}

__attribute__((unused)) static int
teardown(void **state)
{
	(void)state;
	catalog_close(catalog);
	folder_remove(folder);
	return 0;
}

__attribute__((unused)) static struct journal_report
verified(void)
{
	struct journal_report report;

	if (journal_verify(catalog, &public, 1, &report, &err) != 0)
		fail_msg("%s", err.text);
	return report;
}

#endif
