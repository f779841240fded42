/* What hikaed and a messenger say to each other, and what neither believes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/os/wire.h"
#include "lib/worker/messenger_message.h"

static const char mail[] = "Subject: x\n\ntext\n";
static struct messenger_order order, got;
static struct wire_buffer buffer;
static struct error err;
static int wire[2];

static int
setup(void **state)
{
	(void)state;
	memset(&order, 0, sizeof(order));
	(void)snprintf(order.root, sizeof(order.root), "/srv/x");
	(void)snprintf(order.section, sizeof(order.section), "it");
	(void)snprintf(order.event, sizeof(order.event), "problem");
	(void)snprintf(order.state, sizeof(order.state), "bad");
	(void)snprintf(order.subject, sizeof(order.subject), "要対応");
	order.deadline_ms = 60000;
	order.input = (const uint8_t *)mail;
	order.input_length = strlen(mail);
	return wire_pair(wire, &err);
}

static int
teardown(void **state)
{
	(void)state;
	(void)close(wire[0]);
	(void)close(wire[1]);
	return 0;
}

static void
expect_refused(void)
{
	struct bytes room = BYTES_EMPTY;

	assert_int_equal(messenger_send_order(wire[0], &order, &err), 0);
	assert_int_equal(
	    messenger_receive_order(wire[1], &got, &room, &err), -1);
	assert_int_equal(err.code, ERROR_PROTOCOL);
	bytes_done(&room);
}

static void
an_order_arrives_as_it_was(void **state)
{
	struct bytes room = BYTES_EMPTY;

	(void)state;
	assert_int_equal(messenger_send_order(wire[0], &order, &err), 0);
	assert_int_equal(
	    messenger_receive_order(wire[1], &got, &room, &err), 0);
	assert_string_equal(got.root, order.root);
	assert_string_equal(got.section, order.section);
	assert_string_equal(got.event, order.event);
	assert_string_equal(got.state, order.state);
	assert_string_equal(got.subject, order.subject);
	assert_int_equal(got.deadline_ms, order.deadline_ms);
	assert_int_equal(got.input_length, strlen(mail));
	assert_memory_equal(got.input, mail, strlen(mail));
	bytes_done(&room);
}

static void
an_order_without_sense_is_refused(void **state)
{
	static char large[MESSENGER_INPUT_MAX + 1];

	(void)state;
	order.root[0] = 'x';
	expect_refused();
	order.root[0] = '/';
	order.section[0] = '\0';
	expect_refused();
	order.section[0] = 'i';
	order.deadline_ms = 0;
	expect_refused();
	order.deadline_ms = MESSENGER_DEADLINE_MS_MAX + 1;
	expect_refused();
	order.deadline_ms = 1;
	order.input = (const uint8_t *)large;
	order.input_length = sizeof(large);
	expect_refused();
}

/* One frame of each, and every beginning of it. */
static void
what_is_cut_off_is_refused(void **state)
{
	struct messenger_answer answer = {.outcome = MESSENGER_KILLED,
	    .status = 9,
	    .elapsed_ms = 4,
	    .said = "451 try later"};
	struct messenger_answer seen;
	struct bytes room = BYTES_EMPTY;
	struct wire_frame frame;

	(void)state;
	assert_int_equal(messenger_send_order(wire[0], &order, &err), 0);
	assert_int_equal(wire_receive(wire[1], &buffer, &frame, &err), 1);
	for (size_t i = 0; i < frame.length; i++)
		assert_int_equal(messenger_decode_order(frame.type,
				     frame.payload, i, &got, &room, &err),
		    -1);
	assert_int_equal(messenger_decode_order((uint16_t)(frame.type + 1),
			     frame.payload, frame.length, &got, &room, &err),
	    -1);
	assert_int_equal(messenger_send_answer(wire[0], &answer, &err), 0);
	assert_int_equal(wire_receive(wire[1], &buffer, &frame, &err), 1);
	for (size_t i = 0; i < frame.length; i++)
		assert_int_equal(messenger_decode_answer(
				     frame.type, frame.payload, i, &seen, &err),
		    -1);
	assert_int_equal(messenger_decode_answer(frame.type, frame.payload,
			     frame.length, &seen, &err),
	    0);
	assert_int_equal(seen.outcome, answer.outcome);
	assert_int_equal(seen.status, 9);
	assert_string_equal(seen.said, answer.said);
	assert_int_equal(messenger_decode_answer((uint16_t)(frame.type + 1),
			     frame.payload, frame.length, &seen, &err),
	    -1);
	bytes_done(&room);
}

static void
only_a_status_of_zero_is_good(void **state)
{
	struct messenger_answer answer = {.outcome = MESSENGER_EXITED};

	(void)state;
	assert_true(messenger_answer_is_good(&answer));
	answer.status = 1;
	assert_false(messenger_answer_is_good(&answer));
	answer.status = 0;
	for (int i = MESSENGER_EXITED + 1; i < MESSENGER_OUTCOMES; i++) {
		answer.outcome = (enum messenger_outcome)i;
		assert_false(messenger_answer_is_good(&answer));
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(an_order_arrives_as_it_was),
	    TEST(an_order_without_sense_is_refused),
	    TEST(what_is_cut_off_is_refused),
	    TEST(only_a_status_of_zero_is_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
