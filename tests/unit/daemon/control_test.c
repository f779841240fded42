/*
 * The control socket, served by the real control in a process of its own, and
 * talked to as friends and strangers do.  Time is moved through the wrapped
 * monotonic clock.
 */
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

static int
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

static int
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

static int
open_peer(void)
{
	int fd = connect_to_server();

	assert_true(fd >= 0);
	return fd;
}

static void
put(int fd, const void *data, size_t length)
{
	assert_int_equal(send(fd, data, length, MSG_NOSIGNAL), (ssize_t)length);
}

#define PUT(fd, text) put(fd, text, sizeof(text))

/* The next message; NULL where the conversation was ended. */
static json_t *
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

static void
assert_ended(int fd)
{
	assert_null(get(fd));
	(void)close(fd);
}

/* The answer has this error (NULL: none). */
static void
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
static void
assert_serves(void)
{
	int fd = open_peer();

	PUT(fd, STATUS);
	assert_answer(fd, NULL);
	(void)close(fd);
}

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

/* The server looks at its clock when somebody comes. */
static void
move_clock(int64_t ms)
{
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

/* Decisions, from what the kernel would say. */
static void
roles_follow_from_groups(void **state)
{
	static const gid_t none[] = {5, 6}, readers[] = {5, 200},
			   admins[] = {100, 5};
	static const struct {
		uid_t uid;
		gid_t gid;
		const gid_t *groups;
		enum control_role role;
	} cases[] = {
	    {0, 5, none, CONTROL_ROLE_ACT},
	    {77, 5, none, CONTROL_ROLE_ACT},
	    {1000, 5, none, CONTROL_ROLE_NONE},
	    {1000, 100, none, CONTROL_ROLE_ACT},
	    {1000, 5, admins, CONTROL_ROLE_ACT},
	    {1000, 200, none, CONTROL_ROLE_READ},
	    {1000, 5, readers, CONTROL_ROLE_READ},
	    {1000, 200, admins, CONTROL_ROLE_ACT},
	    {1000, CONTROL_ROLE_NO_GROUP, none, CONTROL_ROLE_NONE},
	};
	const struct control_role_rules rules = {77, 100, 200};
	const struct control_role_rules groupless = {
	    77, CONTROL_ROLE_NO_GROUP, CONTROL_ROLE_NO_GROUP};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct control_role_peer peer = {
		    cases[i].uid, cases[i].gid, cases[i].groups, 2};

		assert_int_equal(
		    control_role_decide(&rules, &peer), cases[i].role);
		if (peer.uid == 1000)
			assert_int_equal(control_role_decide(&groupless, &peer),
			    CONTROL_ROLE_NONE);
	}
}

/* The text that describes a method; NULL: none does. */
static const char *
find_description(const char *name)
{
	char line[64];

	(void)snprintf(line, sizeof(line), "\nmethod %s(", name);
	return strstr(control_interface_text, line);
}

static void
the_description_is_that_of_the_table(void **state)
{
	const char *text = control_interface_text;
	unsigned described = 0, listed = 0;

	(void)state;
	while ((text = strstr(text, "\nmethod ")) != NULL) {
		described++;
		text++;
	}
	for (const struct control_method *m = control_methods_table;
	     m->name != NULL; m++) {
		const char *begin = find_description(m->name), *end;
		char all[512] = "", given[512] = "";
		size_t used = 0;

		listed++;
		assert_non_null(begin);
		begin = strchr(begin, '(') + 1;
		end = strchr(begin, ')');
		/* Line breaks in the text are spaces here. */
		for (const char *c = begin; c < end; c++)
			if (*c == '\n')
				c += 2, given[used++] = ' ';
			else
				given[used++] = *c;
		given[used] = '\0';
		used = 0;
		for (const struct control_parameter *p = m->parameters;
		     p->name != NULL; p++)
			used += (size_t)snprintf(all + used, sizeof(all) - used,
			    "%s%s: %s%s", used == 0 ? "" : ", ", p->name,
			    p->is_needed ? "" : "?",
			    p->type == 's'   ? "string"
			    : p->type == 'b' ? "bool"
					     : "int");
		assert_string_equal(given, all);
	}
	assert_int_equal(described, listed);
}

#define SERVED(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(roles_follow_from_groups),
	    cmocka_unit_test(the_description_is_that_of_the_table),
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
