/* The control socket, talked to as friends and strangers do. */
#include "tests/unit/daemon/control_server.h"

static void
it_says_what_it_is(void **state)
{
	json_t *message;
	int fd = open_peer();

	(void)state;
	PUT(fd, "{\"method\":\"org.varlink.service.GetInfo\"}");
	message = get(fd);
	assert_string_equal(
	    json_string_value(json_array_get(
		json_object_get(
		    json_object_get(message, "parameters"), "interfaces"),
		1)),
	    "io.hikae.Control");
	json_decref(message);
	PUT(fd, "{\"method\":\"org.varlink.service.GetInterfaceDescription\","
		"\"parameters\":{\"interface\":\"io.hikae.Control\"}}");
	message = get(fd);
	assert_string_equal(
	    json_string_value(json_object_get(
		json_object_get(message, "parameters"), "description")),
	    control_interface_text);
	json_decref(message);
	(void)close(fd);
}

static void
wrong_calls_have_their_errors(void **state)
{
	static const struct {
		const char *call, *error;
	} cases[] = {
	    {"{\"method\":\"io.hikae.Control.Nothing\"}",
		"org.varlink.service.MethodNotFound"},
	    {"{\"method\":\"org.varlink.service.Nothing\"}",
		"org.varlink.service.MethodNotFound"},
	    {"{\"method\":\"io.hikae.Other.Status\"}",
		"org.varlink.service.InterfaceNotFound"},
	    {"{\"method\":\"Status\"}",
		"org.varlink.service.InterfaceNotFound"},
	    {"{\"method\":\"org.varlink.service.GetInterfaceDescription\"}",
		"org.varlink.service.InvalidParameter"},
	    {"{\"method\":\"io.hikae.Control.Show\"}",
		"org.varlink.service.InvalidParameter"},
	    {"{\"method\":\"io.hikae.Control.Show\",\"parameters\":"
	     "{\"what\":7}}",
		"org.varlink.service.InvalidParameter"},
	    {"{\"method\":\"io.hikae.Control.Status\",\"parameters\":"
	     "{\"verbose\":true}}",
		"org.varlink.service.InvalidParameter"},
	    {"{\"method\":\"io.hikae.Control.Copies\",\"parameters\":"
	     "{\"limit\":-1}}",
		"org.varlink.service.InvalidParameter"},
	    {"{\"method\":\"io.hikae.Control.Cancel\"}",
		"org.varlink.service.InvalidParameter"},
	    {"{\"method\":\"io.hikae.Control.Cancel\",\"parameters\":"
	     "{\"job\":7}}",
		"io.hikae.Control.NotFound"},
	    {"{\"method\":\"io.hikae.Control.Show\",\"parameters\":"
	     "{\"what\":\"99\"}}",
		"io.hikae.Control.NotFound"},
	    {"{\"method\":\"io.hikae.Control.Verify\",\"more\":true}",
		"io.hikae.Control.NotFound"},
	    {"{\"method\":\"io.hikae.Control.Jobs\"}", NULL},
	};
	int fd = open_peer();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put(fd, cases[i].call, strlen(cases[i].call) + 1);
		assert_answer(fd, cases[i].error);
	}
	(void)close(fd);
}

static void
calls_come_in_any_pieces(void **state)
{
	static const char calls[] = "{\"method\":\"io.hikae.Control.Jobs\"}\0"
				    "{\"method\":\"io.hikae.Control.None\"}";
	int fd = open_peer();

	(void)state;
	/* Both at once, then both byte by byte: answered in their order. */
	put(fd, calls, sizeof(calls));
	assert_answer(fd, NULL);
	assert_answer(fd, "org.varlink.service.MethodNotFound");
	for (size_t i = 0; i < sizeof(calls); i++)
		put(fd, calls + i, 1);
	assert_answer(fd, NULL);
	assert_answer(fd, "org.varlink.service.MethodNotFound");
	(void)close(fd);
}

static void
a_oneway_call_has_no_answer(void **state)
{
	int fd = open_peer();

	(void)state;
	PUT(fd, "{\"method\":\"io.hikae.Control.Jobs\",\"oneway\":true}");
	PUT(fd, "{\"method\":\"io.hikae.Control.None\"}");
	assert_answer(fd, "org.varlink.service.MethodNotFound");
	(void)close(fd);
}

static void
nonsense_ends_only_its_conversation(void **state)
{
	static const char *const nonsense[] = {
	    "", "{", "[]", "GET / HTTP/1.1\r\n\r\n", "{\"method\":1}", "{}"};
	int other = open_peer();

	(void)state;
	for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++) {
		int fd = open_peer();

		put(fd, nonsense[i], strlen(nonsense[i]) + 1);
		assert_ended(fd);
	}
	PUT(other, STATUS);
	assert_answer(other, NULL);
	(void)close(other);
}

static void
too_long_a_message_ends_it(void **state)
{
	static char text[CONTROL_PEER_MESSAGE_BYTES + 2];
	int fd = open_peer();

	(void)state;
	/* The longest that is read: an unknown method, padded. */
	memset(text, ' ', sizeof(text));
	memcpy(text, "{\"method\":\"io.hikae.Control.None\"}", 34);
	text[CONTROL_PEER_MESSAGE_BYTES] = '\0';
	put(fd, text, CONTROL_PEER_MESSAGE_BYTES + 1);
	assert_answer(fd, "org.varlink.service.MethodNotFound");
	text[CONTROL_PEER_MESSAGE_BYTES] = ' ';
	(void)send(fd, text, CONTROL_PEER_MESSAGE_BYTES + 1, MSG_NOSIGNAL);
	assert_ended(fd);
}

static void
one_user_has_so_many_conversations(void **state)
{
	int peers[8], fd;

	(void)state;
	for (size_t i = 0; i < 8; i++)
		peers[i] = open_peer();
	fd = open_peer();
	assert_ended(fd);
	PUT(peers[7], STATUS);
	assert_answer(peers[7], NULL);
	/* One that ends makes room. */
	(void)close(peers[0]);
	assert_serves();
	for (size_t i = 1; i < 8; i++)
		(void)close(peers[i]);
}

static void
one_who_does_not_read_stops_nobody(void **state)
{
	const int small = 4096;
	size_t sent = 0;
	int fd = open_peer();

	(void)state;
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	/* The server stops listening to it long before this ends. */
	for (unsigned i = 0; i < 100000; i++) {
		ssize_t n = send(
		    fd, STATUS, sizeof(STATUS), MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			assert_serves();
			n = send(fd, STATUS, sizeof(STATUS),
			    MSG_NOSIGNAL | MSG_DONTWAIT);
			if (n < 0)
				break;
		}
		assert_true(n > 0);
		sent += (size_t)n;
	}
	assert_true(sent < 8 * 1024 * 1024);
	assert_serves();
	(void)close(fd);
	assert_serves();
}

/*
 * The server looks at its clock when somebody comes; before, it is through with
 * whom it answered last.
 */
static void
move_clock(int64_t ms)
{
	assert_serves();
	*shift_ms += ms;
	assert_serves();
}

static void
silence_ends_a_conversation(void **state)
{
	int silent = open_peer(), half = open_peer(), trickle = open_peer();

	(void)state;
	PUT(silent, STATUS);
	assert_answer(silent, NULL);
	put(half, "{\"method\":", 10);
	put(trickle, "{", 1);
	assert_serves();
	move_clock(CONTROL_PEER_IDLE_MS / 2);
	/* A whole message counts as life, a single byte does not. */
	PUT(silent, STATUS);
	assert_answer(silent, NULL);
	put(trickle, "\"", 1);
	move_clock(CONTROL_PEER_IDLE_MS / 2 + 1000);
	assert_ended(half);
	assert_ended(trickle);
	PUT(silent, STATUS);
	assert_answer(silent, NULL);
	move_clock(CONTROL_PEER_IDLE_MS + 1000);
	assert_ended(silent);
}

static void
strangers_are_not_heard(void **state)
{
	pid_t stranger;
	int status;

	(void)state;
	if (geteuid() != 0)
		skip();
	stranger = fork();
	if (stranger == 0) {
		char byte;
		int fd;

		if (setgroups(0, NULL) != 0 || setgid(65534) != 0 ||
		    setuid(65534) != 0)
			_exit(2);
		fd = connect_to_server();
		if (fd < 0)
			_exit(3);
		(void)send(fd, STATUS, sizeof(STATUS), MSG_NOSIGNAL);
		_exit(recv(fd, &byte, 1, 0) > 0 ? 1 : 0);
	}
	assert_int_equal(waitpid(stranger, &status, 0), stranger);
	assert_int_equal(status, 0);
	assert_serves();
}

#define SERVED(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVED(it_says_what_it_is),
	    SERVED(wrong_calls_have_their_errors),
	    SERVED(calls_come_in_any_pieces),
	    SERVED(a_oneway_call_has_no_answer),
	    SERVED(nonsense_ends_only_its_conversation),
	    SERVED(too_long_a_message_ends_it),
	    SERVED(one_user_has_so_many_conversations),
	    SERVED(one_who_does_not_read_stops_nobody),
	    SERVED(silence_ends_a_conversation),
	    SERVED(strangers_are_not_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
