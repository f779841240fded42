/*
 * Does a server answer?  A connection that it accepts or refuses (RFC 9293
 * section 3.5.2: a reset) is an answer; no data is sent.
 */
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/worker/probe_internal.h"

/*
 * What a failed connection says of the server.  That this machine has no way
 * there says nothing.
 */
static enum probe_reach
reach_of_errno(int os_errno)
{
	switch (os_errno) {
	case 0:
		return PROBE_REACH_ANSWERS;
	case ECONNREFUSED:
	case ECONNRESET:
		return PROBE_REACH_REFUSES;
	case ETIMEDOUT:
	case EHOSTUNREACH:
	case EHOSTDOWN:
		return PROBE_REACH_SILENT;
	default:
		return PROBE_REACH_UNDETERMINED;
	}
}

/* Names come from the configuration, so a wrong one is not an error here. */
static int
resolve(const struct probe_order *order, struct probe_target *target,
    struct error *err)
{
	const struct addrinfo hints = {
	    .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	char port[8];
	int result;

	(void)snprintf(port, sizeof(port), "%u", order->port);
	result = getaddrinfo(order->host, port, &hints, &target->addresses);
	if (result == EAI_MEMORY)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (result != 0)
		target->addresses = NULL;
	return 0;
}

/*
 * With its own cable pulled out, this machine hears no answer either: that
 * says nothing about the server.
 */
static bool
has_link(void)
{
	struct ifaddrs *all = NULL;
	bool has = false;

	if (getifaddrs(&all) != 0)
		return false;
	for (const struct ifaddrs *i = all; i != NULL && !has; i = i->ifa_next)
		has = (i->ifa_flags & IFF_RUNNING) != 0 &&
		      (i->ifa_flags & IFF_LOOPBACK) == 0;
	freeifaddrs(all);
	return has;
}

int
probe_reach_prepare(const struct probe_order *order,
    struct probe_target *target, struct probe_reached *ret_reached,
    struct error *err)
{
	memset(target, 0, sizeof(*target));
	target->began_ms = clock_monotonic_ms();
	*ret_reached = (struct probe_reached){
	    .result = PROBE_REACH_UNDETERMINED, .os_errno = ENOENT};
	target->has_link = has_link();
	if (resolve(order, target, err) != 0)
		return -1;
	for (const struct addrinfo *a = target->addresses;
	     a != NULL && target->count < PROBE_ADDRESSES_MAX; a = a->ai_next) {
		const int fd = socket(a->ai_family,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

		if (fd < 0) {
			ret_reached->os_errno = errno;
			continue;
		}
		target->sockets[target->count] = fd;
		target->places[target->count++] = a;
	}
	return 0;
}

static void
close_socket(struct probe_target *target, size_t i)
{
	if (target->sockets[i] >= 0)
		(void)close(target->sockets[i]);
	target->sockets[i] = -1;
}

/*
 * Of several addresses the one that tells most counts: an answer, then
 * silence, then that nothing is known.
 */
static void
note(struct probe_target *target, size_t i, int os_errno,
    struct probe_reached *reached)
{
	const enum probe_reach result = reach_of_errno(os_errno);

	close_socket(target, i);
	if (result > reached->result)
		return;
	reached->result = result;
	reached->os_errno = os_errno;
}

static void
begin(struct probe_target *target, struct probe_reached *reached)
{
	for (size_t i = 0; i < target->count; i++) {
		const struct addrinfo *place = target->places[i];

		if (connect(target->sockets[i], place->ai_addr,
			place->ai_addrlen) == 0)
			note(target, i, 0, reached);
		else if (errno != EINPROGRESS)
			note(target, i, errno, reached);
	}
}

/* Wait for one of those that are under way; false when none is, or too late. */
static bool
wait_for_one(struct probe_target *target, int64_t deadline_ms,
    struct probe_reached *reached)
{
	struct pollfd waits[PROBE_ADDRESSES_MAX];
	const int64_t left = deadline_ms - clock_monotonic_ms();
	bool is_waiting = false;

	for (size_t i = 0; i < target->count; i++) {
		waits[i] = (struct pollfd){target->sockets[i], POLLOUT, 0};
		is_waiting |= target->sockets[i] >= 0;
	}
	if (!is_waiting)
		return false;
	if (left <= 0 || poll(waits, (nfds_t)target->count, (int)left) == 0) {
		for (size_t i = 0; i < target->count; i++)
			if (target->sockets[i] >= 0)
				note(target, i, ETIMEDOUT, reached);
		return false;
	}
	for (size_t i = 0; i < target->count; i++) {
		int result = 0;
		socklen_t length = sizeof(result);

		if (target->sockets[i] < 0 || waits[i].revents == 0)
			continue;
		if (getsockopt(target->sockets[i], SOL_SOCKET, SO_ERROR,
			&result, &length) != 0)
			result = errno;
		note(target, i, result, reached);
	}
	return true;
}

void
probe_reach_ask(const struct probe_order *order, struct probe_target *target,
    struct probe_reached *reached)
{
	const int64_t deadline_ms = target->began_ms + order->deadline_ms;

	begin(target, reached);
	while (reached->result > PROBE_REACH_REFUSES &&
	       wait_for_one(target, deadline_ms, reached))
		;
	if (reached->result == PROBE_REACH_SILENT && !target->has_link) {
		reached->result = PROBE_REACH_UNDETERMINED;
		reached->os_errno = ENETDOWN;
	}
	reached->elapsed_ms =
	    (uint32_t)(clock_monotonic_ms() - target->began_ms);
}

void
probe_reach_done(struct probe_target *target)
{
	for (size_t i = 0; i < target->count; i++)
		close_socket(target, i);
	if (target->addresses != NULL)
		freeaddrinfo(target->addresses);
	target->addresses = NULL;
}
