/* What a witness says for or against this journal, and tokens. */
#include "lib/store/witness_check.h"
#include "lib/store/witness_token.h"
#include "tests/unit/store/signed_journal.h"

/* The installation that signed_journal is of. */
static struct keyring
own_keys(void)
{
	struct keyring keyring = {.daemon = secret, .public_count = 1};

	keyring.publics[0] = public;
	(void)snprintf(keyring.origin, sizeof(keyring.origin), "%s", ORIGIN);
	return keyring;
}

static struct witness_result
checked(struct catalog *of, const struct bytes *note, uint64_t entries,
    const uint8_t *root)
{
	struct keyring keyring = own_keys();
	struct witness_seen seen = {.entries = entries};
	struct witness_result result;
	struct error why;

	/* As a child takes it apart. */
	seen.has_checkpoint =
	    note_parts_take_checkpoint((const char *)note->data, note->length,
		&seen.checkpoint, &seen.signatures, &why) == 0;
	memcpy(seen.root, root, sizeof(seen.root));
	assert_int_equal(witness_check(of, &keyring, &seen, &result, &err), 0);
	return result;
}

/* The checkpoint of so many entries, and their root. */
static struct journal_note
note_upto(uint64_t size)
{
	struct journal_note note = {.text = BYTES_EMPTY};

	assert_int_equal(
	    journal_checkpoint_upto(catalog, size, &note, &err), 0);
	assert_int_equal(note.size, size);
	return note;
}

static struct catalog *
open_older(void)
{
	return open_as(folder, "older.db", CATALOG_WRITE);
}

static void
every_earlier_state_is_extended(void **state)
{
	(void)state;
	for (uint64_t size = 5; size <= 11; size += 6) {
		struct journal_note note = note_upto(size);
		struct witness_result result =
		    checked(catalog, &note.text, size, note.root);

		assert_int_equal(result.verdict, WITNESS_EXTENDS);
		assert_int_equal(result.size, size);
		assert_memory_equal(result.root, note.root, sizeof(note.root));
		assert_false(result.is_damaged);
		bytes_done(&note.text);
	}
}

static void
a_journal_that_was_put_back_is_seen(void **state)
{
	struct catalog *older = open_older();
	struct journal_note note = note_upto(11);
	struct witness_result result =
	    checked(older, &note.text, 11, note.root);

	(void)state;
	assert_int_equal(result.verdict, WITNESS_ROLLED_BACK);
	assert_int_equal(result.size, 11);
	bytes_done(&note.text);
	catalog_close(older);
}

/* The older state grew again, to another journal, as long and longer. */
static void
a_journal_that_was_rewritten_is_seen(void **state)
{
	struct catalog *older = open_older();
	struct journal_note note = note_upto(11);

	(void)state;
	for (int more = 0; more < 8; more++) {
		enum witness_verdict expected =
		    more < 6 ? WITNESS_ROLLED_BACK : WITNESS_REWRITTEN;

		assert_int_equal(
		    checked(older, &note.text, 11, note.root).verdict,
		    expected);
		begin(older);
		ADD(older, DAY_ONE + 100 + more, NULL, "{ss ss si}", "type",
		    "clock", "event", "ahead", "by_ms", more);
		commit(older);
	}
	bytes_done(&note.text);
	catalog_close(older);
}

static void
entries_that_the_checkpoint_does_not_sign_are_damaged(void **state)
{
	struct journal_note note = note_upto(11);
	struct witness_result result;

	(void)state;
	result = checked(catalog, &note.text, 10, note.root);
	assert_int_equal(result.verdict, WITNESS_EXTENDS);
	assert_true(result.is_damaged);
	note.root[3] ^= 1;
	result = checked(catalog, &note.text, 11, note.root);
	assert_int_equal(result.verdict, WITNESS_EXTENDS);
	assert_true(result.is_damaged);
	bytes_done(&note.text);
}

/* No flip of a bit makes an alarm, nor keeps it for good. */
static void
every_flip_of_a_checkpoint_is_no_word(void **state)
{
	struct journal_note note = note_upto(11);

	(void)state;
	for (size_t i = 0; i < note.text.length; i++) {
		enum witness_verdict verdict;

		note.text.data[i] ^= 1;
		verdict = checked(catalog, &note.text, 11, note.root).verdict;
		if (verdict == WITNESS_EXTENDS ||
		    verdict == WITNESS_REWRITTEN ||
		    verdict == WITNESS_UNKNOWN_KEY ||
		    verdict == WITNESS_ROLLED_BACK)
			fail_msg("byte %zu", i);
		note.text.data[i] ^= 1;
	}
	bytes_done(&note.text);
}

static void
others_and_nonsense_are_told_apart(void **state)
{
	const char *nonsense = "not a note\n";
	struct bytes note = BYTES_EMPTY, text = BYTES_EMPTY;
	struct note_checkpoint checkpoint = {.size = 11};
	struct signature_secret other;
	uint8_t root[MERKLE_HASH_BYTES] = {0};

	(void)state;
	signature_generate(&other);
	assert_int_equal(
	    checked(catalog, &note, 0, root).verdict, WITNESS_MALFORMED);
	bytes_append_text(&note, nonsense);
	assert_int_equal(
	    checked(catalog, &note, 0, root).verdict, WITNESS_MALFORMED);
	bytes_clear(&note);
	/* Our origin, somebody else's key. */
	(void)snprintf(
	    checkpoint.origin, sizeof(checkpoint.origin), "%s", ORIGIN);
	assert_int_equal(
	    note_checkpoint_encode(&checkpoint, &other, &note, &err), 0);
	assert_int_equal(
	    checked(catalog, &note, 11, root).verdict, WITNESS_UNKNOWN_KEY);
	bytes_clear(&note);
	/* Our origin, signed in somebody else's name. */
	note_checkpoint_format(&checkpoint, &text);
	assert_int_equal(
	    note_sign((const char *)text.data, text.length,
		"hikae/other/0123456789abcdef", &other, &note, &err),
	    0);
	assert_int_equal(
	    checked(catalog, &note, 11, root).verdict, WITNESS_UNSIGNED);
	bytes_done(&text);
	bytes_clear(&note);
	(void)snprintf(checkpoint.origin, sizeof(checkpoint.origin),
	    "hikae/other/0123456789abcdef");
	assert_int_equal(
	    note_checkpoint_encode(&checkpoint, &other, &note, &err), 0);
	assert_int_equal(
	    checked(catalog, &note, 11, root).verdict, WITNESS_FOREIGN);
	/* Signed by us, and still another's. */
	bytes_clear(&note);
	assert_int_equal(
	    note_checkpoint_encode(&checkpoint, &secret, &note, &err), 0);
	assert_int_equal(
	    checked(catalog, &note, 11, root).verdict, WITNESS_FOREIGN);
	bytes_done(&note);
}

static enum witness_token
token_of(const char *medium, const struct bytes *text)
{
	struct keyring keyring = own_keys();
	struct note_signatures signatures;
	struct medium_token token;
	struct error why;

	if (medium_token_take((const char *)text->data, text->length, &token,
		&signatures, &why) != 0)
		return WITNESS_TOKEN_INVALID;
	return witness_token_check(&keyring, medium, &token, &signatures);
}

static void
a_token_says_which_medium_it_is(void **state)
{
	struct keyring keyring = own_keys();
	struct bytes token = BYTES_EMPTY;
	struct medium_token made;

	(void)state;
	assert_int_equal(token_of("usb1", &token), WITNESS_TOKEN_INVALID);
	assert_int_equal(
	    witness_token_make(&keyring, "usb1", &made, &token, &err), 0);
	assert_int_equal(token_of("usb1", &token), WITNESS_TOKEN_GOOD);
	assert_int_equal(token_of("usb2", &token), WITNESS_TOKEN_OTHER);
	for (size_t i = 0; i < token.length; i++) {
		enum witness_token seen;

		token.data[i] ^= 1;
		seen = token_of("usb1", &token);
		if (seen == WITNESS_TOKEN_GOOD || seen == WITNESS_TOKEN_OTHER)
			fail_msg("byte %zu", i);
		token.data[i] ^= 1;
	}
	/* Another installation's, signed by it. */
	bytes_clear(&token);
	(void)snprintf(keyring.origin, sizeof(keyring.origin),
	    "hikae/other/0123456789abcdef");
	signature_generate(&keyring.daemon);
	assert_int_equal(
	    witness_token_make(&keyring, "usb1", &made, &token, &err), 0);
	assert_int_equal(token_of("usb1", &token), WITNESS_TOKEN_FOREIGN);
	bytes_clear(&token);
	bytes_append_text(&token, "hello\n");
	assert_int_equal(token_of("usb1", &token), WITNESS_TOKEN_INVALID);
	bytes_done(&token);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(every_earlier_state_is_extended),
	    TEST(a_journal_that_was_put_back_is_seen),
	    TEST(a_journal_that_was_rewritten_is_seen),
	    TEST(entries_that_the_checkpoint_does_not_sign_are_damaged),
	    TEST(every_flip_of_a_checkpoint_is_no_word),
	    TEST(others_and_nonsense_are_told_apart),
	    TEST(a_token_says_which_medium_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
