/*
 * misnamed: names of one source that fit its pattern and are no date, or stand
 * for something else than its layout says.
 *
 * Uses: ledger, sightings, store.
 *
 * Each is said once, as a finding, and taken back when the name is gone: what
 * was found before is not written again with each scan.
 */
#ifndef HIKAE_DAEMON_MISNAMED_H
#define HIKAE_DAEMON_MISNAMED_H

#include "daemon/service.h"
#include "daemon/sightings.h"
#include "lib/store/catalog.h"

/* Names of one source that are told one by one. */
#define MISNAMED_MAX 100

struct misnamed {
	enum finding code; /* what is wrong with them */
	struct {
		uint64_t finding;
		char subject[CATALOG_SUBJECT_BYTES];
		bool is_there; /* this scan found it */
	} items[MISNAMED_MAX];
	size_t count;
};

/* Fill with the open findings of that code about the source. */
int misnamed_load(struct misnamed *misnamed, enum finding code,
    struct catalog *catalog, const struct config_source *source,
    struct error *err) ERROR_CHECKED;

/* Take up a name that this scan found.  Within a transaction. */
int misnamed_take(struct misnamed *misnamed, struct service *service,
    const struct config_source *source, const struct sighting *sighting,
    struct error *err) ERROR_CHECKED;

/* Take back what this scan did not find.  Within a transaction. */
int misnamed_close(const struct misnamed *misnamed, struct service *service,
    struct error *err) ERROR_CHECKED;

#endif
