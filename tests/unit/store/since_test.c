/* What came to a journal since the last look, against its newest head. */
#include "lib/store/journal_since.h"
#include "lib/store/sql.h"
#include "tests/unit/store/signed_journal.h"

static struct merkle_prefix known;

/* The fault, with what was known before; known becomes what holds. */
static enum journal_fault
look(const struct signature_public *key)
{
	const struct merkle_prefix before = known;
	const struct journal_since since = {
	    .keys = key, .key_count = 1, .origin = ORIGIN, .known = &before};
	struct journal_report report;

	if (journal_verify_since(catalog, &since, &report, &known, &err) != 0)
		fail_msg("%s", err.text);
	if (report.fault != JOURNAL_GOOD)
		assert_memory_equal(&known, &before, sizeof(known));
	return report.fault;
}

static void
tamper(const char *statement)
{
	struct sql *sql = NULL;
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/catalog.db", folder);
	if (sql_open(path, SQL_CREATE, &sql, &err) != 0 ||
	    sql_execute(sql,
		"DROP TRIGGER IF EXISTS journal_keep;"
		"DROP TRIGGER IF EXISTS journal_same;"
		"PRAGMA foreign_keys = OFF;",
		&err) != 0 ||
	    sql_execute(sql, statement, &err) != 0)
		fail_msg("%s", err.text);
	sql_close(sql);
}

#define ALTER(seq)                                                   \
	"UPDATE journal SET leaf = CAST(replace(CAST(leaf AS TEXT)," \
	" 'back', 'bace') AS BLOB) WHERE seq = " seq

static void
add_one(bool is_signed)
{
	begin(catalog);
	ADD(catalog, DAY_ONE + 20, NULL, "{ss ss si}", "type", "clock", "event",
	    "back", "by_ms", 1);
	commit(catalog);
	if (is_signed)
		assert_int_equal(journal_checkpoint(catalog, ORIGIN, &secret,
				     DAY_ONE + 20, NULL, &err),
		    0);
}

static void
what_was_looked_at_is_not_read_again(void **state)
{
	(void)state;
	known.size = 0;
	assert_int_equal(look(&public), JOURNAL_GOOD);
	assert_int_equal(known.size, 11);
	/* An old entry is the whole look's; a new one is found. */
	tamper(ALTER("7"));
	assert_int_equal(look(&public), JOURNAL_GOOD);
	add_one(false);
	assert_int_equal(look(&public), JOURNAL_GOOD);
	assert_int_equal(known.size, 11);
	add_one(true);
	assert_int_equal(look(&public), JOURNAL_GOOD);
	assert_int_equal(known.size, 13);
	known.size = 0;
	assert_int_equal(look(&public), JOURNAL_ROOT);
}

static void
new_entries_are_those_that_were_signed(void **state)
{
	(void)state;
	known.size = 0;
	assert_int_equal(look(&public), JOURNAL_GOOD);
	add_one(true);
	tamper(ALTER("11"));
	assert_int_equal(look(&public), JOURNAL_ROOT);
	tamper("DELETE FROM journal WHERE seq = 11");
	assert_int_equal(look(&public), JOURNAL_SHORT);
}

static void
a_head_that_was_there_is_missed(void **state)
{
	(void)state;
	known.size = 0;
	assert_int_equal(look(&public), JOURNAL_GOOD);
	tamper("DELETE FROM checkpoint WHERE size = 11");
	assert_int_equal(look(&public), JOURNAL_SHORT);
	tamper("DELETE FROM checkpoint");
	assert_int_equal(look(&public), JOURNAL_NO_CHECKPOINT);
}

static void
a_gap_is_no_journal(void **state)
{
	(void)state;
	known.size = 0;
	tamper("DELETE FROM journal WHERE seq = 3");
	assert_int_equal(look(&public), JOURNAL_GAP);
}

static void
another_key_proves_nothing(void **state)
{
	struct signature_secret other_secret;
	struct signature_public other;

	(void)state;
	known.size = 0;
	signature_generate(&other_secret);
	signature_public_of(&other_secret, &other);
	assert_int_equal(look(&other), JOURNAL_UNSIGNED);
	tamper("UPDATE checkpoint SET note = x'41'");
	assert_int_equal(look(&public), JOURNAL_SIGNATURE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_was_looked_at_is_not_read_again),
	    TEST(new_entries_are_those_that_were_signed),
	    TEST(a_head_that_was_there_is_missed),
	    TEST(a_gap_is_no_journal),
	    TEST(another_key_proves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
