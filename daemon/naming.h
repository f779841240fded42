/*
 * naming: which generation a name that a scan found is.
 *
 * Uses: service, sightings, store.
 *
 * The instant makes the id.  Of one instant there may be several backups of a
 * system (a dump and an export of files, say), told apart by a number; and on
 * each medium they are seen in another order.  So a copy goes with the one of
 * its own name on another medium; and not with one of another name that lies
 * here as well.  Names that nothing speaks of go by the instant alone: one
 * backup may be called differently on each medium.
 */
#ifndef HIKAE_DAEMON_NAMING_H
#define HIKAE_DAEMON_NAMING_H

#include "daemon/service.h"
#include "daemon/sightings.h"

/* A generation id, with its NUL. */
#define NAMING_BYTES 64

struct naming_request {
	const struct config_source *source;
	int64_t taken_at;
	const char *subject; /* what the name stands as in the catalog */
	const struct sightings *found; /* the whole scan */
};

/*
 * An id that is free on the source's medium.  ERROR_LIMIT where there are too
 * many of one instant.
 */
int naming_choose(struct service *service, const struct naming_request *request,
    char ret_generation[NAMING_BYTES], struct error *err) ERROR_CHECKED;

#endif
