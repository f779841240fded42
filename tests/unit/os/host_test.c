/* Which servers are this machine itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "lib/os/host.h"

static void
names_and_addresses(void **state)
{
	static const struct {
		const char *name;
		bool is_own;
	} cases[] = {
	    {"localhost", true},
	    {"LocalHost", true},
	    {"localhost.localdomain", true},
	    {"nas.localhost", true},
	    {"ip6-localhost", true},
	    {"127.0.0.1", true},
	    {"127.0.1.1", true},
	    {"127.255.255.254", true},
	    {"0.0.0.0", true},
	    {"::1", true},
	    {"0:0:0:0:0:0:0:1", true},
	    {"::", true},
	    {"::ffff:127.0.0.1", true},
	    {"::1%lo", true},
	    {"", false},
	    {"nas", false},
	    {"localhost.example.jp", false},
	    {"mylocalhost", false},
	    {".localhost", false},
	    /* RFC 5737 and RFC 3849: nobody has these. */
	    {"192.0.2.7", false},
	    {"2001:db8::7", false},
	    {"::ffff:192.0.2.7", false},
	    {"128.0.0.1", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (host_is_own(cases[i].name) != cases[i].is_own)
			fail_msg("%s", cases[i].name);
}

static void
the_name_of_this_machine(void **state)
{
	struct utsname system;
	char name[sizeof(system.nodename) + 16];

	(void)state;
	assert_int_equal(uname(&system), 0);
	if (system.nodename[0] == '\0')
		skip();
	assert_true(host_is_own(system.nodename));
	(void)snprintf(name, sizeof(name), "x%s", system.nodename);
	assert_false(host_is_own(name));
	if (strchr(system.nodename, '.') != NULL)
		return;
	(void)snprintf(name, sizeof(name), "%s.example.jp", system.nodename);
	assert_true(host_is_own(name));
}

static void
the_addresses_of_this_machine(void **state)
{
	struct ifaddrs *list = NULL;

	(void)state;
	if (getifaddrs(&list) != 0)
		skip();
	for (const struct ifaddrs *at = list; at != NULL; at = at->ifa_next) {
		char text[INET6_ADDRSTRLEN];
		struct sockaddr_in four;

		if (at->ifa_addr == NULL || at->ifa_addr->sa_family != AF_INET)
			continue;
		memcpy(&four, at->ifa_addr, sizeof(four));
		assert_non_null(
		    inet_ntop(AF_INET, &four.sin_addr, text, sizeof(text)));
		assert_true(host_is_own(text));
	}
	freeifaddrs(list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_and_addresses),
	    cmocka_unit_test(the_name_of_this_machine),
	    cmocka_unit_test(the_addresses_of_this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
