/*
 * absence: a copy that a scan does not find, or finds again.
 *
 * Uses: catalogue, expiry, ledger, rotation, store/query_slice.
 *
 * That a name is not there says nothing of a copy that was captured from
 * another file system than the one that was scanned.
 */
#ifndef HIKAE_DAEMON_ABSENCE_H
#define HIKAE_DAEMON_ABSENCE_H

#include "daemon/catalogue.h"

/* Write what became of a copy since the last scan.  Within a transaction. */
int absence_take(const struct catalogue *catalogue, struct service *service,
    const struct config_source *source, const struct catalogue_scan *scan,
    struct catalogued *copy, struct error *err) ERROR_CHECKED;

/* The captured copies by what they are from. */
struct absence_origins {
	uint64_t same;
	uint64_t others; /* that are not missing */
};

/* Count them against a volume; none where that is "". */
int absence_count_origins(struct catalogue *catalogue, struct service *service,
    const struct config_source *source, const char *volume,
    struct absence_origins *ret, struct error *err) ERROR_CHECKED;

#endif
