/*
 * capture: the order that makes a copy's manifest.
 *
 * Uses: service, jobs, ledger, vault.
 */
#ifndef HIKAE_DAEMON_CAPTURE_H
#define HIKAE_DAEMON_CAPTURE_H

#include "daemon/service.h"

struct capture_request {
	uint64_t copy;
	const struct config_source *source;
	const char *generation;
	const char *locator; /* below the source */
	uint64_t version;    /* of the manifest to be written, from 1 */
	bool is_first;	     /* else the last version is compared with */
};

enum capture_end {
	CAPTURE_FAILED,
	CAPTURE_RECORDED,
	/* A closed copy of which what could not be read still cannot be, and
	 * nothing else became other: its last manifest stays. */
	CAPTURE_UNCHANGED,
};

/*
 * Order a capture.  `ended` is called once, after everything was committed or
 * nothing was.
 */
int capture_order(struct service *service,
    const struct capture_request *request,
    void (*ended)(void *context, uint64_t copy, enum capture_end end),
    void *context, struct error *err) ERROR_CHECKED;

#endif
