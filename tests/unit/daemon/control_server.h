/*
 * control_server: starting and ending control's process, and talking to it.
 */
#ifndef HIKAE_TESTS_DAEMON_CONTROL_SERVER_H
#define HIKAE_TESTS_DAEMON_CONTROL_SERVER_H

#include "tests/unit/daemon/control_service.h"

static int
connect_to_server(void)
{
	const struct timeval patience = {.tv_sec = 3};
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path),
	    "%s/run/hikae/control.sock", folder);
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) !=
	    0) {
		(void)close(fd);
		return -1;
	}
	(void)setsockopt(
	    fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

__attribute__((unused)) static int
setup(void **state)
{
	char path[128];
	int fd = -1;

	(void)state;
	(void)snprintf(folder, sizeof(folder), "/tmp/hikae-control-XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chmod(folder, 0755), 0);
	(void)snprintf(path, sizeof(path), "%s/run", folder);
	assert_int_equal(mkdir(path, 0755), 0);
	(void)snprintf(path, sizeof(path), "%s/run/hikae", folder);
	assert_int_equal(mkdir(path, 0755), 0);
	shared = mmap(NULL, sizeof(*shift_ms), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(shared, MAP_FAILED);
	shift_ms = shared;
	server = fork();
	if (server == 0)
		serve();
	for (int i = 0; i < 6000 && fd < 0; i++) {
		(void)usleep(10000);
		fd = connect_to_server();
	}
	assert_true(fd >= 0);
	(void)close(fd);
	return 0;
}

__attribute__((unused)) static int
teardown(void **state)
{
	char command[128];

	(void)state;
	(void)kill(server, SIGKILL);
	(void)waitpid(server, NULL, 0);
	(void)munmap(shared, sizeof(*shift_ms));
	shift_ms = NULL;
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	assert_int_equal(system(command), 0);
	return 0;
}

__attribute__((unused)) static int
open_peer(void)
{
	int fd = connect_to_server();

	assert_true(fd >= 0);
	return fd;
}

__attribute__((unused)) static void
put(int fd, const void *data, size_t length)
{
	assert_int_equal(send(fd, data, length, MSG_NOSIGNAL), (ssize_t)length);
}

#define PUT(fd, text) put(fd, text, sizeof(text))

/* The next message; NULL where the conversation was ended. */
__attribute__((unused)) static json_t *
get(int fd)
{
	static char text[8 * 1024 * 1024];
	struct error err;
	size_t length = 0;

	for (;;) {
		ssize_t n = recv(fd, text + length, 1, 0);

		if (n == 0 || (n < 0 && errno == ECONNRESET))
			return NULL;
		if (n < 0)
			fail_msg("no answer: %s", strerror(errno));
		if (text[length] == '\0')
			return json_parse(text, length, &err);
		length++;
		assert_true(length < sizeof(text));
	}
}

__attribute__((unused)) static void
assert_ended(int fd)
{
	assert_null(get(fd));
	(void)close(fd);
}

/* The answer has this error (NULL: none). */
__attribute__((unused)) static void
assert_answer(int fd, const char *error)
{
	json_t *message = get(fd);
	const char *got;

	assert_non_null(message);
	got = json_string_value(json_object_get(message, "error"));
	if (error == NULL)
		assert_null(got);
	else
		assert_string_equal(got, error);
	json_decref(message);
}

#define STATUS "{\"method\":\"io.hikae.Control.Status\"}"

/* Somebody else is served, at once. */
__attribute__((unused)) static void
assert_serves(void)
{
	int fd = open_peer();

	PUT(fd, STATUS);
	assert_answer(fd, NULL);
	(void)close(fd);
}

#endif
