/*
 * One port: a process that may ask one server cannot ask another, nor make a
 * socket of another kind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/unit/os/sandbox_attempt.h"

#define ABI_NETWORK 4 /* the first that knows ports, Linux 6.7 */

/* Two servers of this machine, and a socket that was made before. */
static struct {
	int servers[2], socket_fd;
	struct sockaddr_in places[2];
} ready;

static int
set_up(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		socklen_t length = sizeof(ready.places[i]);

		ready.places[i] = (struct sockaddr_in){.sin_family = AF_INET,
		    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
		ready.servers[i] =
		    socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (bind(ready.servers[i],
			(const struct sockaddr *)&ready.places[i],
			length) != 0 ||
		    listen(ready.servers[i], 8) != 0 ||
		    getsockname(ready.servers[i],
			(struct sockaddr *)&ready.places[i], &length) != 0)
			return -1;
	}
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	(void)close(ready.servers[0]);
	(void)close(ready.servers[1]);
	return 0;
}

static int
connect_to(int server)
{
	return TRY(connect(ready.socket_fd,
	    (const struct sockaddr *)&ready.places[server],
	    sizeof(ready.places[server])));
}

static int
connect_first(void)
{
	return connect_to(0);
}

static int
connect_second(void)
{
	return connect_to(1);
}

/* Each attempt has a socket that was made before, and is not connected. */
static int
try(int (*run)(void), const struct sandbox_policy *policy)
{
	int result;

	ready.socket_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(ready.socket_fd >= 0);
	result = attempt_result(run, policy);
	(void)close(ready.socket_fd);
	return result;
}

static int
make_socket(void)
{
	return TRY(socket(AF_INET, SOCK_STREAM, 0));
}

static struct sandbox_policy
policy_of_first(int abi_max)
{
	return (struct sandbox_policy){.root_fd = -1,
	    .connect_port = ntohs(ready.places[0].sin_port),
	    .landlock_abi_max = abi_max,
	    .limits = {.open_files = 64, .file_size_bytes = 1 << 20}};
}

static void
without_a_port_none_is_reached(void **state)
{
	struct sandbox_policy policy = policy_of_first(0);

	(void)state;
	(void)attempt_kernel_abi();
	policy.connect_port = 0;
	assert_int_equal(try(connect_first, NULL), 0);
	assert_int_equal(try(connect_first, &policy), EPERM);
}

static void
only_its_port_is_reached(void **state)
{
	struct sandbox_policy policy = policy_of_first(0);
	const int abi = attempt_kernel_abi();

	(void)state;
	assert_int_equal(try(connect_first, &policy), 0);
	assert_int_equal(try(make_socket, &policy), EPERM);
	if (abi < ABI_NETWORK)
		skip();
	assert_int_equal(try(connect_second, NULL), 0);
	assert_int_equal(try(connect_second, &policy), EACCES);
}

/* It works there too, though no port is kept from it. */
static void
on_debian_12(void **state)
{
	struct sandbox_policy policy = policy_of_first(ATTEMPT_ABI_DEBIAN_12);

	(void)state;
	(void)attempt_kernel_abi();
	assert_int_equal(try(connect_first, &policy), 0);
	assert_int_equal(try(make_socket, &policy), EPERM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(without_a_port_none_is_reached),
	    cmocka_unit_test(only_its_port_is_reached),
	    cmocka_unit_test(on_debian_12),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
