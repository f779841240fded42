/*
 * control_server: the real control in a process of its own, and how to talk to
 * it, for the tests of control.
 *
 * The server's monotonic clock is wrapped, so that a test can move it.
 */
#ifndef HIKAE_TESTS_DAEMON_CONTROL_SERVER_H
#define HIKAE_TESTS_DAEMON_CONTROL_SERVER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/control.h"
#include "daemon/control_peer.h"
#include "daemon/discovery.h"
#include "lib/base/log.h"
#include "lib/format/varlink.h"

static const char config_text[] = "[facility]\n"
				  "id = seaside\n"
				  "name = Seaside\n"
				  "[system ehr]\n"
				  "kind = ehr\n"
				  "name = Records\n";

/* Added to the server's clock, ms. */
static _Atomic int64_t *shift_ms;
static void *shared;

int64_t __real_clock_monotonic_ms(void);
int64_t __wrap_clock_monotonic_ms(void);
int64_t
__wrap_clock_monotonic_ms(void)
{
	return __real_clock_monotonic_ms() + (shift_ms == NULL ? 0 : *shift_ms);
}

static char folder[64];
static pid_t server;

static unsigned
one_reader(void *context, const char *medium)
{
	(void)context;
	(void)medium;
	return 1;
}

/* As much of a service as the control's methods touch. */
static int
begin_service(struct service *service, struct error *err)
{
	const struct catalog_options catalog = {.mode = CATALOG_WRITE};
	struct config_problems problems;
	struct jobs_options jobs = {.timeout_ms = 1000, .readers = one_reader};

	*service = (struct service){.root = folder};
	(void)snprintf(service->catalog_path, sizeof(service->catalog_path),
	    "%s/catalog.db", folder);
	service->root_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (config_load_text("test", config_text, sizeof(config_text) - 1,
		&service->config, &problems) != 0)
		return error_set(err, ERROR_CONFIG, "%s", problems.texts[0]);
	if (catalog_open(
		service->catalog_path, &catalog, &service->catalog, err) != 0 ||
	    loop_new(&service->loop, err) != 0)
		return -1;
	jobs.loop = service->loop;
	if (jobs_new(&jobs, &service->jobs, err) != 0 ||
	    runs_new(service, &service->runs, err) != 0 ||
	    discovery_new(service, &service->discovery, err) != 0 ||
	    control_new(service, &service->control, err) != 0)
		return -1;
	return loop_run(service->loop, err);
}

static void
serve(void)
{
	static struct service service;
	struct error err = {0};

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	log_open(LOG_SINK_PLAIN, LOG_LEVEL_ERROR);
	if (begin_service(&service, &err) != 0)
		(void)fprintf(stderr, "server: %s\n", err.text);
	_exit(1);
}

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
	for (int i = 0; i < 200 && fd < 0; i++) {
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
