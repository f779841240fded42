/*
 * Probes as real children: what they read, and that one which hangs, lies or
 * dies is never taken for an answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

#include "lib/os/wire.h"
#include "tests/unit/worker/probing.h"

/* A variable that spawn lets through says what the child should be. */
#define CHILD_VARIABLE "LC_HIKAE_TEST"

static char folder[] = "/tmp/probe-XXXXXX";

static int
send_garbage(void)
{
	static const uint8_t text[] = "no probe of this version sends this";
	struct wire_frame frame = {.type = PROBE_ANSWER_BLOCK,
	    .payload = text,
	    .length = sizeof(text)};

	(void)!wire_send(SPAWN_WIRE_FD, &frame, NULL);
	return 0;
}

static int
be_child(void)
{
	const char *kind = getenv(CHILD_VARIABLE);

	if (kind == NULL)
		return probe_main();
	if (strcmp(kind, "crash") == 0)
		abort();
	while (strcmp(kind, "hang") == 0)
		(void)pause();
	return strcmp(kind, "garbage") == 0 ? send_garbage() : 0;
}

static bool
make_image(char *path, size_t size)
{
	char command[256];

	(void)snprintf(path, size, "%s/image", folder);
	(void)snprintf(command, sizeof(command),
	    "export PATH=$PATH:/sbin:/usr/sbin; truncate -s 4M %s && "
	    "mkfs.ext4 -q -F -L hikae %s",
	    path, path);
	return system(command) == 0; /* NOLINT: own text */
}

static int
set_up(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	char command[128];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command); /* NOLINT: own text */
}

static void
an_image(void **state)
{
	char path[64];

	(void)state;
	if (!make_image(path, sizeof(path)))
		skip();
	make_order(path);
	run_probe(PROBE_BLOCK);
	expect_sandbox();
	assert_int_equal(came.answers, 1);
	assert_string_equal(came.last.block.superblock.type, "ext4");
	assert_string_equal(came.last.block.superblock.label, "hikae");
	assert_int_equal(came.last.block.superblock.state, SUPERBLOCK_CLEAN);
	assert_int_equal(came.last.block.size_bytes, 4 << 20);
	/* A file has no number, so it is not the device that was meant. */
	order.major = 8;
	run_probe(PROBE_BLOCK);
	assert_int_equal(came.answers, 0);
	assert_int_equal(came.failed.code, ERROR_UNAVAILABLE);
}

static void
what_cannot_be_read(void **state)
{
	static const struct {
		const char *path;
		enum error_code code;
	} table[] = {
	    {"/no/such/device", ERROR_NOT_FOUND},
	    {"/tmp", ERROR_IO},
	    {"/dev/null", ERROR_IO},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		make_order(table[i].path);
		run_probe(PROBE_BLOCK);
		assert_true(came.is_finished && !came.is_done);
		assert_int_equal(came.answers, 0);
		assert_int_equal(came.failed.code, table[i].code);
	}
	make_order("relative");
	run_probe(PROBE_BLOCK);
	assert_int_equal(came.failed.code, ERROR_PROTOCOL);
	make_order("/no/such/folder");
	run_probe(PROBE_CAPACITY);
	assert_int_equal(came.failed.code, ERROR_NOT_FOUND);
}

/* The same by the device: it is opened, found in the list, and recognised. */
static void
a_loop_device(void **state)
{
	char path[64], command[128], node[64] = "";
	struct stat facts;
	FILE *pipe;

	(void)state;
	if (geteuid() != 0 || !make_image(path, sizeof(path)))
		skip();
	(void)snprintf(
	    command, sizeof(command), "losetup -r -f --show %s", path);
	pipe = popen(command, "re"); /* NOLINT: own text */
	if (pipe == NULL || fscanf(pipe, "%63s", node) != 1) {
		if (pipe != NULL)
			(void)pclose(pipe);
		skip();
	}
	(void)pclose(pipe);
	assert_int_equal(stat(node, &facts), 0);
	make_order(node);
	order.major = major(facts.st_rdev);
	order.minor = minor(facts.st_rdev);
	run_probe(PROBE_BLOCK);
	assert_string_equal(came.last.block.superblock.label, "hikae");
	assert_int_equal(came.last.block.minor, order.minor);
	run_probe(PROBE_LIST);
	(void)snprintf(command, sizeof(command), "losetup -d %s", node);
	assert_int_equal(system(command), 0); /* NOLINT: own text */
	expect_sandbox();
	assert_true(came.answers > 0);
}

static void
capacity(void **state)
{
	struct statvfs facts;

	(void)state;
	make_order(folder);
	run_probe(PROBE_CAPACITY);
	expect_sandbox();
	assert_int_equal(statvfs(folder, &facts), 0);
	assert_int_equal(came.answers, 1);
	assert_int_equal(came.last.kind, PROBE_ANSWER_CAPACITY);
	assert_true(came.last.capacity.size_bytes ==
		    (uint64_t)facts.f_blocks * facts.f_frsize);
	assert_true(
	    came.last.capacity.free_bytes <= came.last.capacity.size_bytes);
	assert_true(came.last.capacity.available_bytes <=
		    came.last.capacity.free_bytes);
	assert_false(came.last.capacity.is_read_only);
	make_order("/proc");
	run_probe(PROBE_CAPACITY);
	assert_int_equal(came.last.capacity.size_bytes, 0);
}

static void
broken_probes_are_nobody_s_word(void **state)
{
	(void)state;
	make_order("/dev/null");
	assert_int_equal(setenv(CHILD_VARIABLE, "crash", 1), 0);
	run_probe(PROBE_BLOCK);
	assert_false(came.is_finished || came.is_garbage);
	assert_false(came.end.exited && came.end.status == 0);
	(void)setenv(CHILD_VARIABLE, "nothing", 1);
	run_probe(PROBE_BLOCK);
	assert_false(came.is_finished || came.is_garbage);
	(void)setenv(CHILD_VARIABLE, "garbage", 1);
	run_probe(PROBE_BLOCK);
	assert_true(came.is_garbage && !came.is_finished);
	/* One that hangs is overdue, and is killed. */
	(void)setenv(CHILD_VARIABLE, "hang", 1);
	order.deadline_ms = 1;
	run_probe(PROBE_BLOCK);
	assert_false(came.is_finished || came.end.exited);
	assert_int_equal(came.end.status, SIGKILL);
	/* One that is given up leaves nothing behind. */
	probe_handle_free(start());
	assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
	probe_handle_free(NULL);
	(void)unsetenv(CHILD_VARIABLE);
}

/* Cut anywhere, an answer is refused; and nothing but ASCII is a type. */
static void
answers_that_are_none(void **state)
{
	struct probe_answer answer = {.kind = PROBE_ANSWER_BLOCK}, got;
	struct wire_buffer *buffer = calloc(1, sizeof(*buffer));
	struct wire_frame frame;
	uint8_t copy[1024];
	int ends[2];

	(void)state;
	assert_non_null(buffer);
	(void)snprintf(answer.block.superblock.type,
	    sizeof(answer.block.superblock.type), "ext4");
	(void)snprintf(answer.block.superblock.uuid_sub,
	    sizeof(answer.block.superblock.uuid_sub), "part");
	assert_int_equal(wire_pair(ends, NULL), 0);
	assert_int_equal(probe_send_answer(ends[0], &answer, NULL), 0);
	assert_int_equal(wire_receive(ends[1], buffer, &frame, NULL), 1);
	assert_int_equal(probe_decode_answer(frame.type, frame.payload,
			     frame.length, &got, NULL),
	    0);
	assert_string_equal(got.block.superblock.type, "ext4");
	assert_string_equal(got.block.superblock.uuid, "");
	assert_string_equal(got.block.superblock.uuid_sub, "part");
	for (size_t length = 0; length < frame.length; length++)
		assert_int_equal(probe_decode_answer(frame.type, frame.payload,
				     length, &got, NULL),
		    -1);
	assert_true(frame.length <= sizeof(copy));
	for (size_t i = 0; i < 8 * frame.length; i++) {
		memcpy(copy, frame.payload, frame.length);
		copy[i / 8] ^= (uint8_t)(1 << i % 8);
		if (probe_decode_answer(
			frame.type, copy, frame.length, &got, NULL) != 0)
			continue;
		assert_non_null(
		    superblock_state_name(got.block.superblock.state));
		for (const char *c = got.block.superblock.type; *c != '\0'; c++)
			assert_true(*c >= ' ' && *c <= '~');
	}
	assert_int_equal(
	    probe_decode_answer(0, frame.payload, frame.length, &got, NULL),
	    -1);
	assert_int_equal(
	    probe_decode_answer(99, frame.payload, frame.length, &got, NULL),
	    -1);
	(void)close(ends[0]);
	(void)close(ends[1]);
	free(buffer);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_image),
	    cmocka_unit_test(what_cannot_be_read),
	    cmocka_unit_test(a_loop_device),
	    cmocka_unit_test(capacity),
	    cmocka_unit_test(broken_probes_are_nobody_s_word),
	    cmocka_unit_test(answers_that_are_none),
	};

	if (argc == 3 && strcmp(argv[1], CHILD_ROLE_ARGUMENT) == 0)
		return be_child();
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
