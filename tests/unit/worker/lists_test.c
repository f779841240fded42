/* A reader and a parser, in two processes, talk about lists of checksums. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "lib/base/bytes.h"
#include "lib/os/wire.h"
#include "lib/worker/lists.h"
#include "tests/unit/examine/examining.h"

#define SHA256_OF_ONE                      \
	"7692c3ad3540bb803c020b3aee66cd88" \
	"87123234ea0c6e7143c0add73ff431ed"

/* What the other process does; its exit status. */
typedef int parser_fn(int wire);

static int
real_parser(int wire)
{
	return lists_serve(wire, &ground_events, NULL) == 0 ? 0 : 1;
}

static int
receive_ask(int wire)
{
	static struct wire_buffer buffer = {.fds_max = 1};
	struct wire_frame frame;

	return wire_receive(wire, &buffer, &frame, NULL) == 1 ? 0 : 1;
}

static int
dying_parser(int wire)
{
	return receive_ask(wire);
}

static int
send_bytes(int wire, uint16_t type, const void *data, size_t length)
{
	struct wire_frame frame = {
	    .type = type, .payload = data, .length = length};

	return receive_ask(wire) | wire_send(wire, &frame, NULL);
}

static int
parser_of_a_strange_frame(int wire)
{
	return send_bytes(wire, 77, "x", 1);
}

static int
parser_of_a_cut_entry(int wire)
{
	return send_bytes(wire, 2, "\0\0\0\1a\3", 6);
}

static int
parser_of_a_path_that_leads_out(int wire)
{
	struct bytes out = BYTES_EMPTY;

	bytes_append_block(&out, "../a", 4);
	bytes_append_u8(&out, 255);
	bytes_append_u8(&out, 0);
	bytes_append_u64(&out, 0);
	bytes_append_block(&out, "", 0);
	return send_bytes(wire, 2, out.data, out.length);
}

static int
parser_of_an_unknown_algorithm(int wire)
{
	struct bytes out = BYTES_EMPTY;

	bytes_append_block(&out, "a", 1);
	bytes_append_u8(&out, DIGEST_ALGORITHMS);
	bytes_append_u8(&out, 0);
	bytes_append_u64(&out, 0);
	bytes_append_block(&out, "", 0);
	return send_bytes(wire, 2, out.data, out.length);
}

static int
parser_of_a_short_digest(int wire)
{
	struct bytes out = BYTES_EMPTY;

	bytes_append_block(&out, "a", 1);
	bytes_append_u8(&out, DIGEST_SHA256);
	bytes_append_u8(&out, 0);
	bytes_append_u64(&out, 0);
	bytes_append_block(&out, "1234", 4);
	return send_bytes(wire, 2, out.data, out.length);
}

static int
parser_of_a_long_end(int wire)
{
	uint8_t data[27] = {1};

	return send_bytes(wire, 3, data, sizeof(data));
}

static struct foreign_outcome
talk_with(parser_fn *parser)
{
	struct capture_options capturing = capture_of("copy");
	struct capture_result result;
	struct foreign_options options = {
	    .root_fd = ground_fd,
	    .locator = "copy",
	    .manifest_fd = capture(&capturing, &result),
	    .spill_fd = -1,
	    .stream = {.block_bytes = 64 * KIB, .in_flight = 2},
	    .events = &ground_events,
	};
	struct foreign_outcome outcome;
	struct foreign_lists lists;
	struct foreign *foreign = NULL;
	struct error err = {0};
	int ends[2], status;
	pid_t child;

	memset(&told, 0, sizeof(told));
	assert_int_equal(wire_pair(ends, &err), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)close(ends[0]);
		_exit(parser(ends[1]));
	}
	(void)close(ends[1]);
	assert_int_equal(
	    foreign_find(ground_fd, "copy", false, &lists, &err), 0);
	assert_int_equal(foreign_new(&options, &foreign, &err), 0);
	if (lists_collect(ends[0], &lists, &options, foreign, &err) != 0 ||
	    foreign_check(foreign, &outcome, &err) != 1)
		fail_msg("%s", err.text);
	foreign_free(foreign);
	foreign_lists_done(&lists);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	(void)close(options.manifest_fd);
	return outcome;
}

static int
set_up(void **state)
{
	char line[128];

	if (ground_set_up(state) != 0)
		return -1;
	put_folder("copy");
	put_bytes("copy/a", "one", 3);
	(void)snprintf(line, sizeof(line), "%s  a\n", SHA256_OF_ONE);
	put_bytes("copy/SHA256SUMS", line, strlen(line));
	return 0;
}

static void
a_list_is_read(void **state)
{
	struct foreign_outcome outcome = talk_with(real_parser);

	(void)state;
	assert_string_equal(foreign_result_name(outcome.result), "agrees");
	assert_int_equal(outcome.listed, 1);
	assert_int_equal(told.finding_count, 0);
}

static void
a_bad_parser_costs_its_lists(void **state)
{
	static parser_fn *const parsers[] = {dying_parser,
	    parser_of_a_strange_frame, parser_of_a_cut_entry,
	    parser_of_a_path_that_leads_out, parser_of_an_unknown_algorithm,
	    parser_of_a_short_digest, parser_of_a_long_end};

	(void)state;
	for (size_t i = 0; i < sizeof(parsers) / sizeof(parsers[0]); i++) {
		struct foreign_outcome outcome = talk_with(parsers[i]);

		assert_string_equal(
		    foreign_result_name(outcome.result), "unreadable");
		assert_told(FINDING_FOREIGN_MANIFEST_UNREADABLE, "SHA256SUMS");
	}
}

/* More entries than one frame holds, and more lists than one. */
static void
long_lists_are_read(void **state)
{
	enum {
		COUNT = 3000
	};
	struct bytes text = BYTES_EMPTY;
	struct foreign_outcome outcome;
	char name[32];

	(void)state;
	put_folder("copy/d");
	for (int i = 0; i < COUNT; i++) {
		(void)snprintf(name, sizeof(name), "copy/d/%d", i);
		put_bytes(name, "one", 3);
		bytes_append_format(&text, "%s *%s\n", SHA256_OF_ONE, name + 5);
	}
	put_bytes("copy/sha256sum.txt", text.data, text.length);
	bytes_done(&text);
	put_bytes("copy/d/7", "two", 3);
	outcome = talk_with(real_parser);
	assert_string_equal(foreign_result_name(outcome.result), "differs");
	assert_int_equal(outcome.listed, COUNT + 1);
	assert_int_equal(outcome.agreeing, COUNT);
	assert_told(FINDING_FOREIGN_MANIFEST_MISMATCH, "d/7");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_list_is_read),
	    cmocka_unit_test(a_bad_parser_costs_its_lists),
	    cmocka_unit_test(long_lists_are_read),
	};

	return cmocka_run_group_tests(tests, set_up, ground_tear_down);
}
