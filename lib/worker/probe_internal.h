/*
 * probe_internal: a probe's part that speaks to the network.
 *
 * Layer 5.  Uses: worker/probe_message.
 */
#ifndef HIKAE_WORKER_PROBE_INTERNAL_H
#define HIKAE_WORKER_PROBE_INTERNAL_H

#include "lib/worker/probe_message.h"

#define PROBE_ADDRESSES_MAX 8

struct addrinfo;

/* What it takes to ask a server: its addresses, a socket for each. */
struct probe_target {
	struct addrinfo *addresses;
	size_t count;
	int sockets[PROBE_ADDRESSES_MAX]; /* -1: asked, or of no use */
	const struct addrinfo *places[PROBE_ADDRESSES_MAX];
	int64_t began_ms;
	bool has_link; /* this machine has a network that runs */
};

/*
 * Resolve the name (this can hang, and loads what the C library needs) and
 * make the sockets.  What it finds to be wrong is in *ret_reached, for
 * probe_reach_ask; only a lack of memory and the like is an error.
 */
int probe_reach_prepare(const struct probe_order *order,
    struct probe_target *target, struct probe_reached *ret_reached,
    struct error *err) ERROR_CHECKED;

/* Ask all addresses at once; the first answer counts. */
void probe_reach_ask(const struct probe_order *order,
    struct probe_target *target, struct probe_reached *reached);

void probe_reach_done(struct probe_target *target);

#endif
