/*
 * The journal proves itself: every changed byte, missing entry, swap or
 * rollback is found.
 */
#include "lib/store/sql.h"
#include "tests/unit/store/signed_journal.h"

/* Change the file behind the catalog's back. */
static void tamper(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
static void
tamper(const char *format, ...)
{
	struct sql *sql = NULL;
	char path[128], text[512];
	va_list ap;

	(void)snprintf(path, sizeof(path), "%s/catalog.db", folder);
	va_start(ap, format);
	(void)vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (sql_open(path, SQL_CREATE, &sql, &err) != 0 ||
	    sql_execute(sql,
		"DROP TRIGGER IF EXISTS journal_keep;"
		"DROP TRIGGER IF EXISTS journal_same;"
		"DROP TRIGGER IF EXISTS node_keep;"
		"DROP TRIGGER IF EXISTS node_same;",
		&err) != 0 ||
	    sql_execute(sql, text, &err) != 0)
		fail_msg("%s", err.text);
	sql_close(sql);
}

static void
a_good_journal_is_good(void **state)
{
	struct journal_report report = verified();
	uint8_t root[MERKLE_HASH_BYTES];

	(void)state;
	assert_int_equal(report.fault, JOURNAL_GOOD);
	assert_int_equal(report.size, 11);
	assert_int_equal(report.signed_size, 11);
	assert_int_equal(report.checkpoints, 2);
	assert_int_equal(report.clock_back, 0);
	assert_string_equal(report.origin, ORIGIN);
	assert_int_equal(journal_root(catalog, 11, root, &err), 0);
	assert_memory_equal(root, report.root, sizeof(root));
}

static void
nothing_checked_is_not_good(void **state)
{
	struct catalog *empty = open_as(folder, "empty.db", CATALOG_WRITE);
	struct journal_report report;

	(void)state;
	assert_int_equal(journal_verify(empty, &public, 1, &report, &err), 0);
	assert_int_equal(report.fault, JOURNAL_EMPTY);
	assert_int_equal(
	    journal_checkpoint(empty, ORIGIN, &secret, 0, NULL, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	begin(empty);
	add_origin(empty);
	commit(empty);
	assert_int_equal(journal_verify(empty, &public, 1, &report, &err), 0);
	assert_int_equal(report.fault, JOURNAL_NO_CHECKPOINT);
	catalog_close(empty);
	/* Without a key that is trusted, a signature says nothing. */
	assert_int_equal(journal_verify(catalog, NULL, 0, &report, &err), 0);
	assert_int_equal(report.fault, JOURNAL_UNSIGNED);
}

static void
a_clock_that_goes_back_is_counted(void **state)
{
	(void)state;
	begin(catalog);
	ADD(catalog, DAY_ONE - HOUR, NULL, "{ss ss si}", "type", "clock",
	    "event", "back", "by_ms", 3600000);
	commit(catalog);
	assert_int_equal(verified().clock_back, 1);
}

static void
only_what_is_committed_is_signed(void **state)
{
	(void)state;
	begin(catalog);
	assert_int_equal(
	    journal_checkpoint(catalog, ORIGIN, &secret, 0, NULL, &err), -1);
	assert_int_equal(err.code, ERROR_INTERNAL);
	catalog_rollback(catalog);
}

/* One digit of one byte of a column is another; the digit that it was. */
static char
change_digit(struct sql *sql, const char *table, const char *column,
    const char *where, size_t at, char digit)
{
	struct bytes hex = BYTES_EMPTY, text = BYTES_EMPTY;
	char was;

	bytes_append_format(&text, "SELECT hex(%s) FROM %s WHERE %s%c", column,
	    table, where, 0);
	assert_int_equal(
	    sql_ask_text(sql, (const char *)text.data, &hex, &err), 0);
	assert_true(at < hex.length);
	was = (char)hex.data[at];
	if (digit == 0)
		digit = was == '1' ? '0' : '1';
	hex.data[at] = (uint8_t)digit;
	bytes_clear(&text);
	bytes_append_format(&text, "UPDATE %s SET %s = x'%.*s' WHERE %s%c",
	    table, column, (int)hex.length, (const char *)hex.data, where, 0);
	if (sql_execute(sql, (const char *)text.data, &err) != 0)
		fail_msg("%s", err.text);
	bytes_done(&hex);
	bytes_done(&text);
	return was;
}

static void
change_each_byte(
    const char *table, const char *column, const char *where, size_t step)
{
	struct sql *sql = NULL;
	int64_t length = 0;
	char path[128], text[256];

	tamper("SELECT 1"); /* without the triggers */
	(void)snprintf(path, sizeof(path), "%s/catalog.db", folder);
	assert_int_equal(sql_open(path, SQL_CREATE, &sql, &err), 0);
	assert_int_equal(sql_execute(sql, "PRAGMA synchronous = OFF", &err), 0);
	(void)snprintf(text, sizeof(text), "SELECT length(%s) FROM %s WHERE %s",
	    column, table, where);
	assert_int_equal(sql_ask_int(sql, text, &length, &err), 0);
	assert_true(length > 0);
	for (size_t at = 1; at < 2 * (size_t)length; at += 2 * step) {
		char was = change_digit(sql, table, column, where, at, 0);

		if (verified().fault == JOURNAL_GOOD)
			fail_msg("%s.%s byte %d", table, column, (int)at / 2);
		(void)change_digit(sql, table, column, where, at, was);
	}
	sql_close(sql);
	assert_int_equal(verified().fault, JOURNAL_GOOD);
}

static void
every_changed_byte_is_found(void **state)
{
	(void)state;
	change_each_byte("journal", "leaf", "seq = 10", 1);
	change_each_byte("journal", "leaf", "seq = 3", 7);
	change_each_byte("journal_node", "hash", "level = 0 AND idx = 10", 1);
	change_each_byte("journal_node", "hash", "level = 2 AND idx = 1", 1);
	change_each_byte("checkpoint", "root", "size = 5", 1);
	change_each_byte("checkpoint", "note", "size = 5", 1);
	change_each_byte("checkpoint", "note", "size = 11", 7);
}

static void
missing_and_exchanged_entries_are_found(void **state)
{
	(void)state;
	tamper("UPDATE journal SET leaf = iif(seq = 6, (SELECT leaf FROM "
	       "journal WHERE seq = 7), (SELECT leaf FROM journal WHERE seq = "
	       "6)) WHERE seq IN (6, 7)");
	assert_int_equal(verified().fault, JOURNAL_MALFORMED);
	assert_int_equal(verified().fault_seq, 6);
}

static void
a_gap_is_found(void **state)
{
	(void)state;
	tamper("DELETE FROM journal WHERE seq = 7");
	assert_int_equal(verified().fault, JOURNAL_GAP);
	assert_int_equal(verified().fault_seq, 7);
}

static void
a_cut_off_end_is_found(void **state)
{
	(void)state;
	tamper("DELETE FROM journal WHERE seq = 10");
	assert_int_equal(verified().fault, JOURNAL_SHORT);
	assert_int_equal(verified().fault_seq, 11);
	/* With its checkpoint gone too, the nodes still tell. */
	tamper("DELETE FROM checkpoint WHERE size = 11");
	assert_int_equal(verified().fault, JOURNAL_NODE);
}

static void
an_instant_beside_its_leaf_is_compared(void **state)
{
	(void)state;
	tamper("UPDATE journal SET at = at + 1 WHERE seq = 4");
	assert_int_equal(verified().fault, JOURNAL_MALFORMED);
}

/* A complete, consistent, signed, but older copy of the file. */
static void
a_rollback_is_found_by_who_remembers(void **state)
{
	struct catalog *older = open_as(folder, "older.db", CATALOG_WRITE);
	struct bytes note = BYTES_EMPTY;
	struct note_checkpoint remembered;
	struct journal_report report;
	bool extends = true;

	(void)state;
	assert_int_equal(journal_last_checkpoint(catalog, &note, &err), 0);
	assert_int_equal(note_checkpoint_decode((const char *)note.data,
			     note.length, ORIGIN, &public, &remembered, &err),
	    0);
	assert_int_equal(
	    journal_extends(older, &remembered, &extends, &err), 0);
	assert_false(extends);
	assert_int_equal(
	    journal_extends(catalog, &remembered, &extends, &err), 0);
	assert_true(extends);
	assert_int_equal(journal_verify(older, &public, 1, &report, &err), 0);
	assert_int_equal(report.fault, JOURNAL_GOOD);
	assert_int_equal(report.size, 5);
	/* Grown again with other entries, it is no extension either. */
	begin(older);
	for (int i = 0; i < 8; i++)
		ADD(older, DAY_ONE, NULL, "{ss ss si}", "type", "clock",
		    "event", "ahead", "by_ms", i);
	commit(older);
	extends = true;
	assert_int_equal(
	    journal_extends(older, &remembered, &extends, &err), 0);
	assert_false(extends);
	catalog_close(older);
	bytes_done(&note);
}

static void
proofs_hold(void **state)
{
	struct merkle_proof proof;
	uint8_t root[MERKLE_HASH_BYTES], old[MERKLE_HASH_BYTES];

	(void)state;
	assert_int_equal(journal_root(catalog, 11, root, &err), 0);
	assert_int_equal(journal_root(catalog, 5, old, &err), 0);
	assert_int_equal(journal_consistency(catalog, 5, 11, &proof, &err), 0);
	assert_true(merkle_verify_consistency(5, old, 11, root, &proof));
	assert_int_equal(journal_inclusion(catalog, 4, 11, &proof, &err), 0);
	assert_int_equal(journal_root(catalog, 12, root, &err), -1);
	assert_int_equal(err.code, ERROR_USAGE);
	assert_int_equal(journal_inclusion(catalog, 4, 12, &proof, &err), -1);
	assert_int_equal(err.code, ERROR_USAGE);
}

static void
a_retired_key_counts_only_for_before(void **state)
{
	struct signature_secret new_secret;
	struct signature_public both[2];
	struct bytes file = BYTES_EMPTY, old = BYTES_EMPTY;
	struct journal_report report;
	char *new_line, *old_line;

	(void)state;
	signature_generate(&new_secret);
	both[0] = public;
	signature_public_of(&new_secret, &both[1]);
	signature_public_encode(&both[1], &file);
	signature_public_encode(&both[0], &old);
	bytes_append_u8(&file, 0);
	bytes_append_u8(&old, 0);
	new_line = strchr((char *)file.data, '\n') + 1;
	new_line[strlen(new_line) - 1] = '\0';
	old_line = strchr((char *)old.data, '\n') + 1;
	old_line[strlen(old_line) - 1] = '\0';
	begin(catalog);
	ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss ss}", "type", "key", "kind",
	    "daemon", "old", old_line, "new", new_line, "statement_sha256",
	    DIGEST_A);
	/* Only from the key that is in force. */
	assert_int_equal(TRY(catalog, DAY_ONE, NULL, "{ss ss ss ss ss}", "type",
			     "key", "kind", "daemon", "old", old_line, "new",
			     new_line, "statement_sha256", DIGEST_A),
	    -1);
	commit(catalog);
	assert_int_equal(
	    journal_checkpoint(catalog, ORIGIN, &new_secret, 0, NULL, &err), 0);
	assert_int_equal(journal_verify(catalog, both, 2, &report, &err), 0);
	assert_int_equal(report.fault, JOURNAL_GOOD);
	assert_int_equal(report.checkpoints, 3);
	/* The newest one covers all before it; an older key none after it. */
	assert_int_equal(
	    journal_verify(catalog, &both[1], 1, &report, &err), 0);
	assert_int_equal(report.fault, JOURNAL_GOOD);
	assert_int_equal(report.checkpoints, 1);
	assert_int_equal(report.signed_size, report.size);
	assert_int_equal(
	    journal_verify(catalog, &both[0], 1, &report, &err), 0);
	assert_int_equal(report.fault, JOURNAL_UNSIGNED);
	assert_int_equal(report.fault_seq, report.size);
	assert_int_equal(
	    journal_checkpoint(catalog, ORIGIN, &secret, 0, NULL, &err), 0);
	assert_int_equal(journal_verify(catalog, both, 2, &report, &err), 0);
	assert_int_equal(report.fault, JOURNAL_UNSIGNED);
	bytes_done(&file);
	bytes_done(&old);
}

static int
collect(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *e)
{
	struct bytes *out = context;

	(void)e;
	bytes_append_format(out, "%d:", (int)seq);
	bytes_append(out, leaf, length);
	return seq == 1 ? 1 : 0;
}

static void
leaves_are_rfc_8785_bytes(void **state)
{
	static const char expected[] =
	    "1:{\"at\":1795219200001,\"by_ms\":1,\"event\":\"back\",\"seq\":1,"
	    "\"type\":\"clock\",\"v\":1}";
	struct bytes out = BYTES_EMPTY;

	(void)state;
	assert_int_equal(
	    journal_each(catalog, 1, UINT64_MAX, collect, &out, &err), 0);
	assert_int_equal(out.length, strlen(expected));
	assert_memory_equal(out.data, expected, out.length);
	bytes_done(&out);
}

static void
an_instant_gives_the_state_of_its_time(void **state)
{
	struct catalog_at at;

	(void)state;
	assert_int_equal(journal_seq_at(catalog, DAY_ONE + 4, &at, &err), 0);
	assert_int_equal(at.seq, 4);
	assert_int_equal(journal_seq_at(catalog, INT64_MAX, &at, &err), 0);
	assert_int_equal(at.seq, 10);
	assert_int_equal(journal_seq_at(catalog, DAY_ONE - 1, &at, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	assert_int_equal(journal_seq_known(catalog, DAY_ONE + 4, &at, &err), 0);
	assert_int_equal(at.seq, 4);
	assert_int_equal(
	    journal_seq_known(catalog, DAY_ONE - 1, &at, &err), -1);
	assert_int_equal(err.code, ERROR_UNAVAILABLE);
	assert_non_null(strstr(err.text, "the journal begins later"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_good_journal_is_good),
	    TEST(nothing_checked_is_not_good),
	    TEST(a_clock_that_goes_back_is_counted),
	    TEST(only_what_is_committed_is_signed),
	    TEST(every_changed_byte_is_found),
	    TEST(missing_and_exchanged_entries_are_found),
	    TEST(a_gap_is_found),
	    TEST(a_cut_off_end_is_found),
	    TEST(an_instant_beside_its_leaf_is_compared),
	    TEST(a_rollback_is_found_by_who_remembers),
	    TEST(proofs_hold),
	    TEST(a_retired_key_counts_only_for_before),
	    TEST(leaves_are_rfc_8785_bytes),
	    TEST(an_instant_gives_the_state_of_its_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
