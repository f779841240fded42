/*
 * Probes that ask a server, as children and through a service: an answer, a
 * refusal, silence, and that this machine cannot know.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/unit/worker/probing.h"

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

/* What systemd does for hikae-probe.socket: one process a connection. */
static _Noreturn void
be_service(int listener)
{
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)signal(SIGCHLD, SIG_IGN);
	for (;;) {
		const int wire = accept(listener, NULL, NULL);

		if (wire < 0)
			_exit(1);
		if (fork() == 0) {
			if (wire != SPAWN_WIRE_FD)
				(void)dup2(wire, SPAWN_WIRE_FD);
			(void)execl("/proc/self/exe", "hikaed",
			    CHILD_ROLE_ARGUMENT, "probe", NULL);
			_exit(1);
		}
		(void)close(wire);
	}
}

static void
through_a_service(void **state)
{
	static struct sockaddr_un place = {.sun_family = AF_UNIX};
	const int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct probe_place there = {0};
	struct probe_handle *handle = NULL;
	struct error err = {0};
	pid_t pid;

	(void)state;
	(void)snprintf(place.sun_path, sizeof(place.sun_path),
	    "/tmp/probe-%d.sock", (int)getpid());
	there.socket_path = place.sun_path;
	assert_int_equal(
	    bind(listener, (const struct sockaddr *)&place, sizeof(place)), 0);
	/* Nobody listens yet. */
	order = (struct probe_order){.kind = PROBE_CAPACITY, .deadline_ms = 1};
	assert_int_equal(probe_handle_open(&order, &there, &handle, &err), -1);
	assert_int_equal(err.code, ERROR_UNAVAILABLE);
	assert_int_equal(listen(listener, 8), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		be_service(listener);
	(void)close(listener);
	service = place.sun_path;
	make_order("/tmp");
	run_probe(PROBE_CAPACITY);
	expect_sandbox();
	assert_true(came.last.capacity.size_bytes > 0);
	make_order("/no/such/device");
	run_probe(PROBE_BLOCK);
	assert_int_equal(came.failed.code, ERROR_NOT_FOUND);
	/* Gone away from: that is no matter of the next. */
	handle = start();
	probe_handle_free(handle);
	run_probe(PROBE_LIST);
	assert_true(came.is_done);
	/* Cut off in the middle, it has ended, and has not finished. */
	assert_int_equal(kill(pid, SIGSTOP), 0);
	handle = start();
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	serve(handle);
	assert_false(came.is_finished || came.is_done);
	service = NULL;
	assert_int_equal(unlink(place.sun_path), 0);
	/* Without the socket it is a child as ever. */
	make_order("/tmp");
	order.kind = PROBE_CAPACITY;
	order.deadline_ms = 5000;
	order.best_effort = true;
	memset(&came, 0, sizeof(came));
	assert_int_equal(probe_handle_open(&order, &there, &handle, &err), 0);
	serve(handle);
	expect_sandbox();
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(servers),
	    cmocka_unit_test(silence),
	    cmocka_unit_test(through_a_service),
	};

	if (argc == 3 && strcmp(argv[1], CHILD_ROLE_ARGUMENT) == 0)
		return probe_main();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
