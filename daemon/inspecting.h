/*
 * inspecting: the order that looks into the files of a copy.
 *
 * Uses: inspection, jobs, ledger, place, target.
 *
 * A reader reads the files once more, compares each with the signed manifest as
 * a drill does, and sends it to a parser, which has no rights and says what it
 * holds.  Archives are looked into where they are decoded (decoding).
 */
#ifndef HIKAE_DAEMON_INSPECTING_H
#define HIKAE_DAEMON_INSPECTING_H

#include "daemon/target.h"

struct inspecting_request {
	uint64_t copy, manifest, version, run;
	uint64_t bytes; /* to be read */
	const char *system, *generation, *medium, *source_id, *locator;
	int priority;
};

/* Order it.  The owner gets its counts, and then the end. */
int inspecting_order(struct service *service,
    const struct inspecting_request *request, const struct target_owner *owner,
    struct error *err) ERROR_CHECKED;

#endif
