/* What is asked of the child that draws documents, and its answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <unistd.h>

#include "lib/worker/report_message.h"

static int wire[2];
static struct error err;
static struct wire_buffer buffer;

static void
copy(char *room, size_t size, const char *text)
{
	assert_true(strlen(text) < size);
	memcpy(room, text, strlen(text) + 1);
}

static int
setup(void **state)
{
	(void)state;
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
fill_prefix(struct merkle_prefix *prefix, uint64_t leaves)
{
	uint8_t hash[MERKLE_HASH_BYTES];

	*prefix = (struct merkle_prefix){.size = 0};
	for (uint64_t i = 0; i < leaves; i++) {
		merkle_leaf_hash(&i, sizeof(i), hash);
		assert_int_equal(merkle_prefix_append(prefix, hash, &err), 0);
	}
}

static void
assert_same_root(const struct merkle_prefix *a, const struct merkle_prefix *b)
{
	uint8_t one[MERKLE_HASH_BYTES], two[MERKLE_HASH_BYTES];

	assert_int_equal(a->size, b->size);
	assert_int_equal(merkle_prefix_root(a, one, &err), 0);
	assert_int_equal(merkle_prefix_root(b, two, &err), 0);
	assert_memory_equal(one, two, sizeof(one));
}

/* A prefix knows the root of all leaves, and goes on from where it stands. */
static void
a_prefix_stands_for_its_leaves(void **state)
{
	struct merkle_prefix prefix;
	uint8_t root[MERKLE_HASH_BYTES], left[MERKLE_HASH_BYTES];
	uint8_t leaf[3][MERKLE_HASH_BYTES];

	(void)state;
	fill_prefix(&prefix, 0);
	assert_int_equal(merkle_prefix_root(&prefix, root, &err), 0);
	merkle_empty_root(left);
	assert_memory_equal(root, left, sizeof(root));
	/* RFC 6962 section 2.1: of three, the first two are one subtree. */
	fill_prefix(&prefix, 3);
	assert_int_equal(merkle_prefix_root(&prefix, root, &err), 0);
	for (uint64_t i = 0; i < 3; i++)
		merkle_leaf_hash(&i, sizeof(i), leaf[i]);
	merkle_node_hash(leaf[0], leaf[1], left);
	merkle_node_hash(left, leaf[2], left);
	assert_memory_equal(root, left, sizeof(root));
}

static void
fill_order(struct report_order *order, enum report_kind kind)
{
	report_message_order_init(order);
	order->kind = kind;
	copy(order->name, sizeof(order->name), "Compliance");
	copy(
	    order->parameters, sizeof(order->parameters), "{\"pack\":\"law\"}");
	copy(order->root, sizeof(order->root), "/srv/second");
	copy(order->catalog, sizeof(order->catalog),
	    "/srv/second/var/lib/hikae/catalog.db");
	copy(order->zone, sizeof(order->zone), "Asia/Tokyo");
	order->rows_max = 5000;
	order->limits = (struct sandbox_limits){600, 1u << 30, 0, 1u << 20};
	order->best_effort = true;
	order->out_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	*(kind == REPORT_EVIDENCE ? &order->spill_fd : &order->config_fd) =
	    open("/dev/null", O_RDWR | O_CLOEXEC);
	fill_prefix(&order->known, 1000);
}

static void
close_order(const struct report_order *order)
{
	(void)close(order->out_fd);
	if (order->spill_fd >= 0)
		(void)close(order->spill_fd);
	if (order->config_fd >= 0)
		(void)close(order->config_fd);
}

static void
an_order_arrives_as_it_was(void **state)
{
	static struct report_order sent, got;

	(void)state;
	for (int kind = 0; kind < REPORT_KINDS; kind++) {
		fill_order(&sent, (enum report_kind)kind);
		assert_int_equal(
		    report_message_send_order(wire[0], &sent, &err), 0);
		assert_int_equal(
		    report_message_receive_order(wire[1], &got, &err), 0);
		assert_int_equal(got.kind, kind);
		assert_string_equal(got.name, sent.name);
		assert_string_equal(got.parameters, sent.parameters);
		assert_string_equal(got.root, sent.root);
		assert_string_equal(got.catalog, sent.catalog);
		assert_string_equal(got.zone, sent.zone);
		assert_int_equal(got.rows_max, 5000);
		assert_int_equal(got.limits.cpu_seconds, 600);
		assert_int_equal(got.limits.file_size_bytes, 1u << 20);
		assert_true(got.best_effort);
		assert_same_root(&got.known, &sent.known);
		assert_true(got.out_fd >= 0);
		assert_int_equal(got.spill_fd >= 0, kind == REPORT_EVIDENCE);
		assert_int_equal(got.config_fd >= 0, kind != REPORT_EVIDENCE);
		close_order(&sent);
		close_order(&got);
	}
}

/* Two, whatever its kind: never one, never three. */
static void
an_order_has_the_descriptors_of_its_kind(void **state)
{
	static struct report_order sent, got;

	(void)state;
	for (int kind = 0; kind < REPORT_KINDS; kind++) {
		int *second;

		fill_order(&sent, (enum report_kind)kind);
		second =
		    kind == REPORT_EVIDENCE ? &sent.spill_fd : &sent.config_fd;
		(void)close(*second);
		*second = -1;
		assert_int_equal(
		    report_message_send_order(wire[0], &sent, &err), 0);
		assert_int_equal(
		    report_message_receive_order(wire[1], &got, &err), -1);
		assert_int_equal(err.code, ERROR_PROTOCOL);
		close_order(&sent);
	}
	fill_order(&sent, REPORT_EVIDENCE);
	sent.config_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	assert_int_equal(report_message_send_order(wire[0], &sent, &err), 0);
	assert_int_equal(report_message_receive_order(wire[1], &got, &err), -1);
	assert_int_equal(err.code, ERROR_PROTOCOL);
	close_order(&sent);
}

static void
a_signature_arrives_as_it_was(void **state)
{
	struct bytes sent = BYTES_EMPTY, got = BYTES_EMPTY;

	(void)state;
	bytes_append_text(&sent, "untrusted comment: x\nRUQ\n");
	assert_int_equal(
	    report_message_send_signature(wire[0], &sent, &err), 0);
	assert_int_equal(
	    report_message_receive_signature(wire[1], &got, &err), 0);
	assert_int_equal(got.length, sent.length);
	assert_memory_equal(got.data, sent.data, sent.length);
	bytes_done(&sent);
	bytes_done(&got);
	/* hikaed ended meanwhile. */
	(void)close(wire[0]);
	assert_int_equal(
	    report_message_receive_signature(wire[1], &got, &err), -1);
	bytes_done(&got);
	assert_int_equal(wire_pair(wire, &err), 0);
}

static void
fill_answer(struct report_answer *answer, enum report_answer_kind kind)
{
	memset(answer, 0, sizeof(*answer));
	answer->kind = kind;
	if (kind == REPORT_ANSWER_SEAL) {
		answer->seal.from = 1;
		answer->seal.to = 2;
		answer->seal.size = 1234567890123;
		memset(answer->seal.root, 7, sizeof(answer->seal.root));
		copy(answer->seal.list, sizeof(answer->seal.list),
		    "0123  bagit.txt\n");
	} else if (kind == REPORT_ANSWER_DONE) {
		answer->done.bytes = 99;
		memset(answer->done.sha256, 8, sizeof(answer->done.sha256));
		copy(answer->done.facts, sizeof(answer->done.facts),
		    "{\"files\":3}");
		fill_prefix(&answer->done.known, 77);
		answer->done.sandbox.landlock_abi = 2;
		answer->done.sandbox.seccomp = true;
	} else if (kind == REPORT_ANSWER_HEAD) {
		answer->head = 4711;
	} else {
		(void)error_set(&answer->failed, ERROR_NO_SPACE, "full");
	}
}

static void
answers_arrive_and_cut_ones_are_refused(void **state)
{
	static struct report_answer sent, got;
	struct wire_frame frame;

	(void)state;
	for (int kind = REPORT_ANSWER_SEAL; kind <= REPORT_ANSWER_HEAD;
	     kind++) {
		fill_answer(&sent, (enum report_answer_kind)kind);
		assert_int_equal(
		    report_message_send_answer(wire[0], &sent, &err), 0);
		assert_int_equal(
		    wire_receive(wire[1], &buffer, &frame, &err), 1);
		assert_int_equal(
		    report_message_decode_answer(&frame, &got, &err), 0);
		assert_int_equal(got.kind, kind);
		if (kind == REPORT_ANSWER_SEAL)
			assert_memory_equal(
			    &got.seal, &sent.seal, sizeof(sent.seal));
		if (kind == REPORT_ANSWER_HEAD)
			assert_int_equal(got.head, 4711);
		if (kind == REPORT_ANSWER_FAILED)
			assert_string_equal(got.failed.text, "full");
		if (kind == REPORT_ANSWER_DONE) {
			assert_string_equal(got.done.facts, sent.done.facts);
			assert_memory_equal(got.done.sha256, sent.done.sha256,
			    sizeof(sent.done.sha256));
			assert_same_root(&got.done.known, &sent.done.known);
		}
		while (frame.length-- > 0)
			assert_int_equal(
			    report_message_decode_answer(&frame, &got, &err),
			    -1);
	}
}

static void
what_no_child_sends_is_refused(void **state)
{
	static struct report_answer sent, got;
	struct wire_frame frame;

	(void)state;
	fill_answer(&sent, REPORT_ANSWER_FAILED);
	sent.failed.code = ERROR_NONE;
	assert_int_equal(report_message_send_answer(wire[0], &sent, &err), 0);
	assert_int_equal(wire_receive(wire[1], &buffer, &frame, &err), 1);
	assert_int_equal(report_message_decode_answer(&frame, &got, &err), -1);
	for (uint16_t type = 0; type < 8; type++) {
		if (type >= REPORT_ANSWER_SEAL && type <= REPORT_ANSWER_HEAD)
			continue;
		frame.type = type;
		assert_int_equal(
		    report_message_decode_answer(&frame, &got, &err), -1);
		assert_int_equal(err.code, ERROR_PROTOCOL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_prefix_stands_for_its_leaves),
	    cmocka_unit_test(an_order_arrives_as_it_was),
	    cmocka_unit_test(an_order_has_the_descriptors_of_its_kind),
	    cmocka_unit_test(a_signature_arrives_as_it_was),
	    cmocka_unit_test(answers_arrive_and_cut_ones_are_refused),
	    cmocka_unit_test(what_no_child_sends_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
