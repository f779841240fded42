/*
 * Probes as real children: what they read, whom they ask, and that one which
 * hangs, lies or dies is never taken for an answer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/os/wire.h"
#include "lib/worker/child.h"
#include "lib/worker/probe.h"
#include "lib/worker/probe_handle.h"

/* A variable that spawn lets through says what the child should be. */
#define CHILD_VARIABLE "LC_HIKAE_TEST"
#define PATIENCE_MS 20000

static char folder[] = "/tmp/probe-XXXXXX";
static struct probe_order order;

static struct {
	struct probe_answer last; /* but done */
	struct sandbox_report sandbox;
	struct error failed;
	size_t answers;
	bool is_done, is_finished, is_garbage;
	struct spawn_end end;
} came;

static void
note(const struct probe_answer *answer)
{
	if (answer->kind == PROBE_ANSWER_DONE) {
		came.is_done = true;
		came.sandbox = answer->done;
	} else if (answer->kind == PROBE_ANSWER_FAILED) {
		came.failed = answer->failed;
	} else {
		came.answers++;
		came.last = *answer;
	}
}

static bool
take_answers(struct probe_handle *handle)
{
	struct probe_answer answer;
	int got;

	while ((got = probe_handle_next(handle, &answer, NULL)) == 1)
		note(&answer);
	return got == 0;
}

static struct probe_handle *
start(void)
{
	struct probe_handle *handle = NULL;
	struct error err = {0};

	memset(&came, 0, sizeof(came));
	if (probe_handle_start(&order, &handle, &err) != 0)
		fail_msg("%s", err.text);
	return handle;
}

/* Serve it as a poll loop does, until it ended. */
static void
serve(struct probe_handle *handle)
{
	for (;;) {
		struct pollfd fds[2] = {
		    {probe_handle_wire_fd(handle), POLLIN, 0},
		    {probe_handle_end_fd(handle), POLLIN, 0}};
		int64_t left =
		    probe_handle_deadline_ms(handle) - clock_monotonic_ms();

		(void)poll(fds, 2, left > 0 ? (int)left : PATIENCE_MS);
		if (probe_handle_is_overdue(handle))
			probe_handle_kill(handle);
		if (!take_answers(handle)) {
			came.is_garbage = true;
			probe_handle_kill(handle);
		}
		if (fds[1].revents != 0 &&
		    probe_handle_collect(handle, &came.end, NULL) == 1)
			break;
	}
	came.is_finished = probe_handle_is_finished(handle);
	probe_handle_free(handle);
	assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

static void
run_probe(enum probe_kind kind)
{
	order.kind = kind;
	order.deadline_ms = order.deadline_ms > 0 ? order.deadline_ms : 5000;
	order.best_effort = true;
	serve(start());
}

static void
make_order(const char *path)
{
	memset(&order, 0, sizeof(order));
	(void)snprintf(order.path, sizeof(order.path), "%s", path);
}

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

/* Restricted as far as this machine can, whatever it was asked. */
static void
expect_sandbox(void)
{
	assert_true(came.is_done && came.is_finished);
	assert_true(came.end.exited && came.end.status == 0);
	assert_true(came.sandbox.no_new_privs && came.sandbox.undumpable);
	assert_true(came.sandbox.seccomp && came.sandbox.limits);
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

/* A server of this machine; its port, or 0. */
static uint16_t
listen_here(int *ret_fd)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);

	*ret_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*ret_fd < 0 ||
	    bind(*ret_fd, (const struct sockaddr *)&address, length) != 0 ||
	    listen(*ret_fd, 1) != 0 ||
	    getsockname(*ret_fd, (struct sockaddr *)&address, &length) != 0)
		return 0;
	return ntohs(address.sin_port);
}

static void
ask(const char *host, uint16_t port, uint32_t deadline_ms)
{
	make_order("");
	(void)snprintf(order.host, sizeof(order.host), "%s", host);
	order.port = port;
	order.deadline_ms = deadline_ms;
	run_probe(PROBE_REACH);
	expect_sandbox();
	assert_int_equal(came.answers, 1);
	assert_int_equal(came.last.kind, PROBE_ANSWER_REACH);
}

static void
servers(void **state)
{
	int server;
	const uint16_t port = listen_here(&server);

	(void)state;
	if (port == 0)
		skip();
	ask("127.0.0.1", port, 5000);
	assert_int_equal(came.last.reach.result, PROBE_REACH_ANSWERS);
	assert_int_equal(came.last.reach.os_errno, 0);
	ask("localhost", port, 5000);
	assert_int_equal(came.last.reach.result, PROBE_REACH_ANSWERS);
	(void)close(server);
	/* The machine is there, though nothing listens: it is in reach. */
	ask("127.0.0.1", port, 5000);
	assert_int_equal(came.last.reach.result, PROBE_REACH_REFUSES);
	ask("no-such-host.invalid", 445, 5000);
	assert_int_equal(came.last.reach.result, PROBE_REACH_UNDETERMINED);
	/* A multicast address has no way by TCP. */
	ask("224.0.0.1", 445, 5000);
	assert_int_equal(came.last.reach.result, PROBE_REACH_UNDETERMINED);
}

/* The kernel takes a moment to tell the state of a link. */
#define UNTIL_LINK_IS(state)                                             \
	"for i in 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0; do ip link "  \
	"show v0 | grep -q 'state " state "' && exit; sleep 0.1; done; " \
	"exit 1"

/*
 * In a network of its own, first without any address, then with a neighbour
 * that does not exist: no way there is another thing than silence.
 */
static void
silence(void **state)
{
	pid_t pid;
	int status;

	(void)state;
	if (geteuid() != 0)
		skip();
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (unshare(CLONE_NEWNET) != 0)
			_exit(77);
		ask("192.0.2.9", 445, 300);
		if (came.last.reach.result != PROBE_REACH_UNDETERMINED)
			_exit(1);
		if (system("ip link add v0 type veth peer name v1 && "
			   "ip addr add 192.0.2.1/24 dev v0 && "
			   "ip link set v0 up && ip link set v1 up "
			   "&& " UNTIL_LINK_IS("UP")) != 0)
			_exit(77);
		ask("192.0.2.9", 445, 300);
		if (came.last.reach.result != PROBE_REACH_SILENT ||
		    came.last.reach.elapsed_ms < 300)
			_exit(2);
		if (system("ip link set v1 down && " UNTIL_LINK_IS("[DL]OW")) !=
		    0)
			_exit(77);
		ask("192.0.2.9", 445, 300);
		_exit(
		    came.last.reach.result == PROBE_REACH_UNDETERMINED ? 0 : 3);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
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
	assert_int_equal(wire_pair(ends, NULL), 0);
	assert_int_equal(probe_send_answer(ends[0], &answer, NULL), 0);
	assert_int_equal(wire_receive(ends[1], buffer, &frame, NULL), 1);
	assert_int_equal(probe_decode_answer(frame.type, frame.payload,
			     frame.length, &got, NULL),
	    0);
	assert_string_equal(got.block.superblock.type, "ext4");
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
	    cmocka_unit_test(servers),
	    cmocka_unit_test(silence),
	    cmocka_unit_test(broken_probes_are_nobody_s_word),
	    cmocka_unit_test(answers_that_are_none),
	};

	if (argc == 3 && strcmp(argv[1], CHILD_ROLE_ARGUMENT) == 0)
		return be_child();
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
