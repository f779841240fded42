#include "lib/os/host.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/utsname.h>

struct address {
	sa_family_t family; /* AF_UNSPEC: it is none */
	struct in_addr four;
	struct in6_addr six;
};

static struct address
parse(const char *text)
{
	struct address address = {.family = AF_UNSPEC};
	char plain[INET6_ADDRSTRLEN];
	const size_t length = strcspn(text, "%");

	if (length >= sizeof(plain))
		return address;
	memcpy(plain, text, length);
	plain[length] = '\0';
	if (inet_pton(AF_INET, plain, &address.four) == 1) {
		address.family = AF_INET;
	} else if (inet_pton(AF_INET6, plain, &address.six) == 1) {
		address.family = AF_INET6;
		if (IN6_IS_ADDR_V4MAPPED(&address.six)) {
			memcpy(&address.four, address.six.s6_addr + 12,
			    sizeof(address.four));
			address.family = AF_INET;
		}
	}
	return address;
}

static bool
is_loopback(const struct address *address)
{
	if (address->family == AF_INET)
		return ntohl(address->four.s_addr) >> 24 == IN_LOOPBACKNET ||
		       address->four.s_addr == htonl(INADDR_ANY);
	return IN6_IS_ADDR_LOOPBACK(&address->six) ||
	       IN6_IS_ADDR_UNSPECIFIED(&address->six);
}

static bool
is_same(const struct address *address, const struct sockaddr *other)
{
	struct sockaddr_in four;
	struct sockaddr_in6 six;

	if (other == NULL || other->sa_family != address->family)
		return false;
	if (address->family == AF_INET) {
		memcpy(&four, other, sizeof(four));
		return four.sin_addr.s_addr == address->four.s_addr;
	}
	memcpy(&six, other, sizeof(six));
	return IN6_ARE_ADDR_EQUAL(&six.sin6_addr, &address->six);
}

static bool
is_of_interface(const struct address *address)
{
	struct ifaddrs *list = NULL;
	bool is_own = false;

	if (getifaddrs(&list) != 0)
		return false;
	for (const struct ifaddrs *at = list; at != NULL; at = at->ifa_next)
		is_own = is_own || is_same(address, at->ifa_addr);
	freeifaddrs(list);
	return is_own;
}

static bool
is_localhost(const char *name)
{
	static const char word[] = "localhost", below[] = ".localhost";
	const size_t length = strlen(name), dot = sizeof(below) - 1;

	return strcasecmp(name, word) == 0 ||
	       strcasecmp(name, "localhost.localdomain") == 0 ||
	       strcasecmp(name, "ip6-localhost") == 0 ||
	       strcasecmp(name, "ip6-loopback") == 0 ||
	       (length > dot && strcasecmp(name + length - dot, below) == 0);
}

/* One of both may stand without its domain. */
static bool
is_machine(const char *name)
{
	struct utsname system;
	size_t length, own;

	if (uname(&system) != 0 || system.nodename[0] == '\0')
		return false;
	if (strcasecmp(name, system.nodename) == 0)
		return true;
	length = strcspn(name, ".");
	own = strcspn(system.nodename, ".");
	return (name[length] == '\0') != (system.nodename[own] == '\0') &&
	       length == own && strncasecmp(name, system.nodename, own) == 0;
}

bool
host_is_own(const char *name)
{
	const struct address address = parse(name);

	if (address.family == AF_UNSPEC)
		return name[0] != '\0' &&
		       (is_localhost(name) || is_machine(name));
	return is_loopback(&address) || is_of_interface(&address);
}
