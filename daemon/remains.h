/*
 * remains: the order that looks how much of a copy is left under its name.
 *
 * Uses: service, verification.
 *
 * It is a verification by the copy's signed manifest of which nothing is
 * recorded: what differs may be another backup (model/reuse).  A file of
 * another length is not read at all, and what is found unchanged need not be
 * read again (examine/readings).
 */
#ifndef HIKAE_DAEMON_REMAINS_H
#define HIKAE_DAEMON_REMAINS_H

#include "daemon/service.h"

struct remains_request {
	uint64_t copy, version, slices, bytes; /* of its manifest */
	const struct config_source *source;
	const char *generation, *locator; /* copied */
};

struct remains_reading {
	/* False: it was cut off, or the medium is away. */
	bool is_told;
	uint64_t same_bytes; /* that are as they were recorded */
	bool is_partial;     /* something could not be compared */
	int64_t began_at;    /* ms since the epoch */
};

/* The reading is valid during the call of `ended`, which comes exactly once. */
typedef void remains_fn(
    void *context, uint64_t copy, const struct remains_reading *reading);
int remains_order(struct service *service,
    const struct remains_request *request, remains_fn *ended, void *context,
    struct error *err) ERROR_CHECKED;

#endif
