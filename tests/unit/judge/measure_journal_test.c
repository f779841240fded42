/* journal_intact, of journals that are whole, altered, unsigned, a stranger's.
 */
#include "tests/unit/judge/measuring.h"

/* Eleven entries, whose head the daemon's own key signs. */
static void
sign_journal(void)
{
	struct signature_public public;

	add_signed_origin(catalog, &secret, &public);
	for (int i = 0; i < 10; i++)
		ADD(catalog, DAY_ONE, NULL, "{ss ss si}", "type", "clock",
		    "event", "ahead", "by_ms", i);
	commit(catalog);
	assert_int_equal(
	    journal_checkpoint(catalog, ORIGIN, &secret, DAY_ONE, NULL, &err),
	    0);
}

static void
tamper_with_five(void)
{
	/* One letter of one leaf, while the tree's nodes stay as they were. */
	tamper("DROP TRIGGER journal_same;"
	       "UPDATE journal SET leaf = CAST(replace(CAST(leaf AS TEXT),"
	       " 'ahead', 'amead') AS BLOB) WHERE seq = 5");
	begin(catalog);
}

static void
the_journal_proves_itself(void **state)
{
	(void)state;
	sign_journal();
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("signed", "journal_intact", "yes");
	/* What came after the head is not signed yet, and no fault. */
	begin(catalog);
	ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss ss}", "type", "finding",
	    "event", "open", "code", "late", "verdict", "none", "severity",
	    "bad");
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("more", "journal_intact", "yes");
	/* Unless nobody signs it. */
	take_all(CATALOG_NOW, DAY_ONE + 3 * HOUR);
	assert_measure(
	    "unsigned", "journal_intact", "?no-yes journal-unsigned");
	ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss ss}", "type", "finding",
	    "event", "open", "code", "journal-rewritten", "verdict", "none",
	    "severity", "bad");
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("rewritten", "journal_intact", "no journal-broken");
	catalog_rollback(catalog);
	tamper_with_five();
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("altered", "journal_intact", "no journal-broken");
}

/* What was read stands for leaves that are not read again, and for no others.
 */
static void
what_was_read_is_remembered(void **state)
{
	struct merkle_prefix known = {.size = 0}, wrong;

	(void)state;
	sign_journal();
	take_all(CATALOG_NOW, DAY_ONE);
	measure_remember(context, &known);
	assert_measure("remembered", "journal_intact", "yes");
	assert_int_equal(known.size, 11);
	tamper_with_five();
	take_all(CATALOG_NOW, DAY_ONE);
	measure_remember(context, &known);
	assert_measure("not read again", "journal_intact", "yes");
	wrong = known;
	wrong.edge.hash[0][0] ^= 1;
	take_all(CATALOG_NOW, DAY_ONE);
	measure_remember(context, &wrong);
	assert_measure("wrong", "journal_intact", "no journal-broken");
	/* More than there is now is no memory of this journal. */
	wrong = known;
	wrong.size = 12;
	take_all(CATALOG_NOW, DAY_ONE);
	measure_remember(context, &wrong);
	assert_measure("shrunk", "journal_intact", "no journal-broken");
}

/* Its tree agrees with itself, but another key signed it. */
static void
a_journal_signed_by_a_stranger_is_broken(void **state)
{
	(void)state;
	signature_generate(&secret);
	add_origin(catalog);
	commit(catalog);
	assert_int_equal(
	    journal_checkpoint(catalog, ORIGIN, &secret, DAY_ONE, NULL, &err),
	    0);
	take_all(CATALOG_NOW, DAY_ONE);
	assert_measure("stranger", "journal_intact", "no journal-broken");
	begin(catalog);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_catalog, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_journal_proves_itself),
	    TEST(what_was_read_is_remembered),
	    TEST(a_journal_signed_by_a_stranger_is_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
