/*
 * What was signed last is remembered beside the catalog, and a journal that
 * lacks any of it is told from one that has it.
 */
#include <fcntl.h>
#include <unistd.h>

#include "lib/store/journal_loss.h"
#include "tests/unit/store/signed_journal.h"

static struct keyring keyring;

/* The state is the test's folder. */
static int
open_state(void)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	(void)snprintf(keyring.origin, sizeof(keyring.origin), "%s", ORIGIN);
	keyring.publics[0] = public;
	keyring.public_count = 1;
	return fd;
}

static void
mark_now(int state_fd)
{
	struct bytes note = BYTES_EMPTY;

	assert_int_equal(
	    journal_checkpoint(catalog, ORIGIN, &secret, 0, &note, &err), 0);
	assert_int_equal(journal_mark_write(state_fd, &note, &err), 0);
	bytes_done(&note);
}

static void
assert_standing(
    int state_fd, struct catalog *of, enum journal_standing expected)
{
	struct journal_seen seen;

	if (journal_mark_look(state_fd, of, &keyring, &seen, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(seen.standing, expected);
}

static void
what_was_signed_is_missed(void **state)
{
	struct catalog *empty = open_as(folder, "empty.db", CATALOG_WRITE);
	struct catalog *shorter = open_as(folder, "shorter.db", CATALOG_WRITE);
	int fd = open_state();

	(void)state;
	/* Fresh: nothing was signed, so nothing is missing. */
	assert_standing(fd, NULL, JOURNAL_STANDS);
	assert_standing(fd, empty, JOURNAL_STANDS);
	mark_now(fd);
	assert_standing(fd, catalog, JOURNAL_STANDS);
	assert_standing(fd, NULL, JOURNAL_GONE);
	assert_standing(fd, empty, JOURNAL_GONE);
	begin(shorter);
	add_origin(shorter);
	commit(shorter);
	assert_standing(fd, shorter, JOURNAL_SHORTENED);
	/* More than was signed is no loss. */
	begin(catalog);
	ADD(catalog, DAY_ONE, NULL, "{ss ss si}", "type", "clock", "event",
	    "back", "by_ms", 1);
	commit(catalog);
	assert_standing(fd, catalog, JOURNAL_STANDS);
	catalog_close(empty);
	catalog_close(shorter);
	(void)close(fd);
}

static void
others_entries_are_no_stand_in(void **state)
{
	struct catalog *other = open_as(folder, "other.db", CATALOG_WRITE);
	int fd = open_state();
	uint64_t size;

	(void)state;
	mark_now(fd);
	begin(other);
	add_origin(other);
	for (size = 1; size < 40; size++)
		ADD(other, DAY_ONE, NULL, "{ss ss si}", "type", "clock",
		    "event", "back", "by_ms", 7);
	commit(other);
	assert_standing(fd, other, JOURNAL_ANOTHER);
	keyring.origin[0] = 'x';
	assert_standing(fd, catalog, JOURNAL_ANOTHER);
	catalog_close(other);
	(void)close(fd);
}

static void
a_damaged_mark_is_an_error(void **state)
{
	struct bytes nonsense = BYTES_EMPTY;
	struct journal_seen seen;
	int fd = open_state();

	(void)state;
	bytes_append_text(&nonsense, "nonsense");
	assert_int_equal(
	    journal_mark_put(fd, JOURNAL_MARK_FILE, &nonsense, &err), 0);
	bytes_done(&nonsense);
	assert_int_equal(
	    journal_mark_look(fd, catalog, &keyring, &seen, &err), -1);
	assert_int_equal(err.code, ERROR_INPUT);
	(void)close(fd);
}

static void
what_is_said_comes_back(void **state)
{
	struct journal_loss loss = {.former = {.size = 33}}, back;
	struct note_checkpoint last;
	int fd = open_state();

	(void)state;
	assert_int_equal(journal_loss_read(fd, &back, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	(void)snprintf(
	    loss.former.origin, sizeof(loss.former.origin), "%s", ORIGIN);
	loss.former.root[5] = 0xab;
	(void)snprintf(loss.by, sizeof(loss.by), "%s", "佐藤 \"花子\"");
	(void)snprintf(loss.reason, sizeof(loss.reason), "%s", "ディスク故障");
	assert_int_equal(journal_loss_write(fd, &loss, &err), 0);
	assert_int_equal(journal_loss_read(fd, &back, &err), 0);
	assert_string_equal(back.by, loss.by);
	assert_string_equal(back.reason, loss.reason);
	last = loss.former;
	assert_true(journal_loss_is_of(&back, &last));
	last.size++;
	assert_false(journal_loss_is_of(&back, &last));
	last = loss.former;
	last.root[0] = 1;
	assert_false(journal_loss_is_of(&back, &last));
	assert_int_equal(journal_loss_settle(fd, &err), 0);
	assert_int_equal(journal_loss_settle(fd, &err), 0);
	assert_int_equal(journal_loss_read(fd, &back, &err), -1);
	(void)close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_was_signed_is_missed),
	    TEST(others_entries_are_no_stand_in),
	    TEST(a_damaged_mark_is_an_error),
	    TEST(what_is_said_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
