/*
 * The outbox: waits grow and end at an hour, a failure is never displaced by a
 * success, and the file is what was saved or is refused.
 */
#include <fcntl.h>

#include "lib/base/clock.h"
#include "lib/os/file.h"
#include "lib/store/outbox.h"
#include "tests/unit/store/folder.h"

#define NOW INT64_C(1795312800000)

static struct error err;

static struct outbox_notice
notice_of(const char *event, enum verdict_exit state, int64_t at)
{
	struct outbox_notice notice = {.state = state, .made_at = at};

	(void)snprintf(notice.event, sizeof(notice.event), "%s", event);
	notice.subject = strdup("subject 件名");
	notice.text = strdup("text\n");
	return notice;
}

static void
add(struct outbox *outbox, const char *event, enum verdict_exit state)
{
	struct outbox_notice notice = notice_of(event, state, NOW);
	struct outbox_channel *channel = outbox_find(outbox, "it");

	assert_int_equal(outbox_add(outbox, channel, &notice, &err), 0);
}

static struct outbox
with_channel(void)
{
	struct outbox outbox = {.next_id = 1};

	assert_non_null(outbox_open(&outbox, "it", NOW, &err));
	return outbox;
}

static void
waits_double_up_to_an_hour(void **state)
{
	static const int64_t minutes[] = {1, 2, 4, 8, 16, 32, 60, 60, 60};
	struct outbox_notice notice = {.attempts = 0};

	(void)state;
	for (size_t i = 0; i < sizeof(minutes) / sizeof(minutes[0]); i++) {
		outbox_postpone(&notice, CLOCK_MINUTE_MS, NOW);
		assert_int_equal(
		    notice.next_at - NOW, minutes[i] * CLOCK_MINUTE_MS);
		assert_int_equal(notice.attempts, i + 1);
	}
}

static void
the_oldest_due_comes_first_and_a_test_before_it(void **state)
{
	struct outbox outbox = with_channel();
	struct outbox_channel *channel = outbox_find(&outbox, "it");
	int64_t wait;

	(void)state;
	assert_null(outbox_due(channel, NOW, &wait));
	assert_int_equal(wait, -1);
	add(&outbox, "problem", VERDICT_EXIT_BAD);
	add(&outbox, "recovered", VERDICT_EXIT_GOOD);
	assert_int_equal(outbox_due(channel, NOW, &wait)->id, 1);
	add(&outbox, "test", VERDICT_EXIT_GOOD);
	assert_int_equal(outbox_due(channel, NOW, &wait)->id, 3);
	outbox_remove(channel, 3);
	outbox_postpone(outbox_notice(channel, 1), CLOCK_MINUTE_MS, NOW);
	assert_int_equal(outbox_due(channel, NOW, &wait)->id, 2);
	outbox_remove(channel, 2);
	assert_null(outbox_due(channel, NOW, &wait));
	assert_int_equal(wait, CLOCK_MINUTE_MS);
	/* A clock that went back a day does not stop the mail for a day. */
	assert_non_null(outbox_due(channel, NOW - CLOCK_DAY_MS, &wait));
	outbox_done(&outbox);
}

/* What was tried at an instant, and failed. */
static void
attempt(struct outbox_channel *channel, uint64_t id, int64_t now)
{
	int64_t wait;
	struct outbox_notice *due = outbox_due(channel, now, &wait);

	assert_non_null(due);
	assert_int_equal(due->id, id);
	outbox_postpone(due, CLOCK_MINUTE_MS, now);
}

static void
deliver(struct outbox_channel *channel, uint64_t id, int64_t now)
{
	int64_t wait;
	const struct outbox_notice *due = outbox_due(channel, now, &wait);

	assert_non_null(due);
	assert_int_equal(due->id, id);
	outbox_deliver(channel, id, CLOCK_MINUTE_MS, now);
}

/* A program that failed for a day is told in order what it missed. */
static void
what_waited_goes_out_in_order(void **state)
{
	struct outbox outbox = with_channel();
	struct outbox_channel *channel = outbox_find(&outbox, "it");
	int64_t now = NOW, wait;

	(void)state;
	add(&outbox, "problem", VERDICT_EXIT_BAD);
	for (int hour = 0; hour < 24; hour++) {
		attempt(channel, 1, now);
		now = channel->notices[0].next_at;
	}
	assert_true(now - NOW > 18 * CLOCK_HOUR_MS);
	/* Half an hour before its turn others come. */
	now -= CLOCK_HOUR_MS / 2;
	for (int i = 0; i < 2; i++) {
		struct outbox_notice notice =
		    notice_of("recovered", VERDICT_EXIT_GOOD, now + i);

		assert_int_equal(
		    outbox_add(&outbox, channel, &notice, &err), 0);
	}
	/* The oldest once before them, and never in their way. */
	attempt(channel, 1, now + 1);
	attempt(channel, 2, now + 1);
	attempt(channel, 3, now + 2);
	assert_null(outbox_due(channel, now + 3, &wait));
	assert_int_equal(wait, CLOCK_MINUTE_MS - 2);
	/* It works again: all of them, and in order. */
	now += CLOCK_MINUTE_MS + 2;
	deliver(channel, 1, now);
	deliver(channel, 2, now);
	deliver(channel, 3, now);
	assert_null(outbox_due(channel, now, &wait));
	assert_int_equal(wait, -1);
	outbox_done(&outbox);
}

/* One that is never taken neither stops the others nor is tried with each. */
static void
one_that_is_refused_stays_in_nobodys_way(void **state)
{
	struct outbox outbox = with_channel();
	struct outbox_channel *channel = outbox_find(&outbox, "it");

	(void)state;
	add(&outbox, "problem", VERDICT_EXIT_BAD);
	add(&outbox, "problem", VERDICT_EXIT_BAD);
	add(&outbox, "recovered", VERDICT_EXIT_GOOD);
	attempt(channel, 1, NOW);
	deliver(channel, 2, NOW);
	deliver(channel, 3, NOW);
	assert_int_equal(channel->notices[0].next_at, NOW + CLOCK_MINUTE_MS);
	/* A test that goes out says that the program works. */
	add(&outbox, "test", VERDICT_EXIT_GOOD);
	outbox_deliver(channel, 4, 0, NOW + 1);
	deliver(channel, 1, NOW + 1);
	outbox_done(&outbox);
}

static void
success_never_displaces_failure(void **state)
{
	struct outbox outbox = with_channel();
	struct outbox_channel *channel = outbox_find(&outbox, "it");

	(void)state;
	add(&outbox, "problem", VERDICT_EXIT_BAD);
	for (int i = 0; i < 3 * OUTBOX_NOTICES_MAX; i++)
		add(&outbox, "recovered", VERDICT_EXIT_GOOD);
	assert_int_equal(channel->notice_count, OUTBOX_NOTICES_MAX);
	assert_int_equal(channel->notices[0].id, 1);
	assert_int_equal(channel->dropped, 2 * OUTBOX_NOTICES_MAX + 1);
	outbox_done(&outbox);
}

static void
a_digest_takes_the_place_of_one_that_waits(void **state)
{
	struct outbox outbox = with_channel();
	struct outbox_channel *channel = outbox_find(&outbox, "it");

	(void)state;
	add(&outbox, "digest", VERDICT_EXIT_BAD);
	for (int i = 0; i < OUTBOX_ATTEMPTS_TOLD; i++)
		outbox_postpone(&channel->notices[0], 1000, NOW);
	assert_int_equal(outbox_undeliverable(channel), 1);
	add(&outbox, "digest", VERDICT_EXIT_GOOD);
	assert_int_equal(channel->notice_count, 1);
	assert_int_equal(channel->notices[0].id, 2);
	/* And still does not get through. */
	assert_int_equal(outbox_undeliverable(channel), 1);
	outbox_done(&outbox);
}

static void
acknowledgements_hold_for_no_more_than_they_were_given_for(void **state)
{
	const struct outbox_key key = {.code = "copies-damaged", .system = "a"};
	const struct outbox_key other = {.code = "copies-damaged"};
	const struct outbox_ack ack = {.key = key,
	    .severity = VERDICT_EXIT_UNDETERMINED,
	    .count = 2,
	    .newest = 7,
	    .at = NOW,
	    .until = NOW + 1000,
	    .by = "Sato"};
	struct outbox box = {.next_id = 1};

	(void)state;
	assert_int_equal(outbox_acknowledge(&box, &ack, &err), 0);
	assert_int_equal(outbox_acknowledge(&box, &ack, &err), 0);
	assert_int_equal(box.ack_count, 1);
#define HOLDS(k, s, n, t) (outbox_ack_of(&box, &(k), (s), (n), 7, (t)) != NULL)
	assert_true(HOLDS(key, VERDICT_EXIT_UNDETERMINED, 2, NOW));
	assert_true(HOLDS(key, VERDICT_EXIT_WARNING, 1, NOW + 999));
	assert_false(HOLDS(key, VERDICT_EXIT_BAD, 1, NOW));
	assert_false(HOLDS(key, VERDICT_EXIT_UNDETERMINED, 3, NOW));
	assert_false(HOLDS(key, VERDICT_EXIT_UNDETERMINED, 2, NOW + 1000));
	assert_false(HOLDS(key, VERDICT_EXIT_UNDETERMINED, 2, NOW - 1));
	assert_false(HOLDS(other, VERDICT_EXIT_UNDETERMINED, 2, NOW));
	/* As many, and as bad; but not the same ones. */
	assert_null(
	    outbox_ack_of(&box, &key, VERDICT_EXIT_UNDETERMINED, 2, 8, NOW));
#undef HOLDS
	outbox_done(&box);
}

/* Something of everything. */
static struct outbox
full_box(void)
{
	const struct outbox_ack ack = {.key = {.code = "c", .medium = "m"},
	    .severity = VERDICT_EXIT_BAD,
	    .count = 1,
	    .at = NOW,
	    .until = NOW + 5,
	    .by = "佐藤"};
	struct outbox box = with_channel();
	struct outbox_channel *channel;

	assert_non_null(outbox_open(&box, "second", NOW, &err));
	assert_int_equal(outbox_acknowledge(&box, &ack, &err), 0);
	add(&box, "problem", VERDICT_EXIT_BAD);
	channel = outbox_find(&box, "it");
	outbox_postpone(&channel->notices[0], 1000, NOW);
	channel->problems = calloc(1, sizeof(*channel->problems));
	assert_non_null(channel->problems);
	channel->problems[0] = (struct outbox_problem){.key = ack.key,
	    .severity = VERDICT_EXIT_BAD,
	    .count = 3,
	    .seen_at = NOW,
	    .told_at = NOW + 1,
	    .first_told_at = NOW + 1,
	    .is_escalated = true};
	channel->problem_count = 1;
	channel->last = (struct outbox_last){
	    .id = 9, .event = "test", .at = NOW, .said = "no"};
	return box;
}

static void
what_was_saved_is_loaded(void **state)
{
	char folder[FOLDER_BYTES];
	struct outbox box = full_box(), again;
	struct outbox_channel *channel;
	int fd = -1;

	(void)state;
	folder_make(folder);
	assert_int_equal(file_open_folder(folder, &fd, &err), 0);
	/* None yet: empty, and no error. */
	assert_int_equal(outbox_load(fd, &again, &err), 0);
	assert_int_equal(again.channel_count, 0);
	assert_int_equal(outbox_save(fd, &box, &err), 0);
	assert_int_equal(outbox_load(fd, &again, &err), 0);
	assert_int_equal(again.next_id, 2);
	assert_int_equal(again.channel_count, 2);
	channel = outbox_find(&again, "it");
	assert_int_equal(channel->notices[0].attempts, 1);
	assert_int_equal(channel->notices[0].next_at, NOW + 1000);
	assert_string_equal(channel->notices[0].subject, "subject 件名");
	assert_int_equal(channel->problems[0].count, 3);
	assert_true(channel->problems[0].is_escalated);
	assert_string_equal(channel->last.said, "no");
	assert_string_equal(again.acks[0].by, "佐藤");
	assert_string_equal(again.acks[0].key.medium, "m");
	outbox_done(&again);
	outbox_done(&box);
	(void)close(fd);
	folder_remove(folder);
}

/* Damage is told, and what is left is usable. */
static void
a_damaged_file_is_refused(void **state)
{
	char folder[FOLDER_BYTES], text[8192];
	struct outbox box = full_box(), again;
	ssize_t length;
	int fd = -1, file;

	(void)state;
	folder_make(folder);
	assert_int_equal(file_open_folder(folder, &fd, &err), 0);
	assert_int_equal(outbox_save(fd, &box, &err), 0);
	file = openat(fd, OUTBOX_FILE, O_RDWR);
	length = read(file, text, sizeof(text));
	assert_true(length > 100 && length < (ssize_t)sizeof(text));
	for (ssize_t cut = 0; cut < length; cut += 7) {
		assert_int_equal(ftruncate(file, cut), 0);
		assert_int_equal(outbox_load(fd, &again, &err), -1);
		assert_int_equal(again.channel_count, 0);
		assert_non_null(outbox_open(&again, "it", NOW, &err));
		outbox_done(&again);
		assert_int_equal(pwrite(file, text, (size_t)length, 0), length);
	}
	outbox_done(&box);
	(void)close(file);
	(void)close(fd);
	folder_remove(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(waits_double_up_to_an_hour),
	    cmocka_unit_test(the_oldest_due_comes_first_and_a_test_before_it),
	    cmocka_unit_test(what_waited_goes_out_in_order),
	    cmocka_unit_test(one_that_is_refused_stays_in_nobodys_way),
	    cmocka_unit_test(success_never_displaces_failure),
	    cmocka_unit_test(a_digest_takes_the_place_of_one_that_waits),
	    cmocka_unit_test(
		acknowledgements_hold_for_no_more_than_they_were_given_for),
	    cmocka_unit_test(what_was_saved_is_loaded),
	    cmocka_unit_test(a_damaged_file_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
