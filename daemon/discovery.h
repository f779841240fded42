/*
 * discovery: which generations there are, and are they at rest.
 *
 * Uses: service, jobs, ledger, capture.
 *
 * Each source is scanned again and again.  A name that fits the pattern is a
 * copy of a generation; when it has rested for the source's settle time, it is
 * captured.  A copy that was there and is not is missing, but only where the
 * medium is the right one and answers.
 */
#ifndef HIKAE_DAEMON_DISCOVERY_H
#define HIKAE_DAEMON_DISCOVERY_H

#include "daemon/service.h"

int discovery_new(struct service *service, struct discovery **ret_discovery,
    struct error *err) ERROR_CHECKED;
void discovery_free(struct discovery *discovery);

/* Take up the sources of a new configuration, and scan them soon. */
int discovery_configure(
    struct discovery *discovery, struct error *err) ERROR_CHECKED;

/*
 * Scan a source now (NULL: all of them).  How many scans were begun or are
 * under way.  ERROR_NOT_FOUND for an unknown source.
 */
int discovery_scan(struct discovery *discovery, const char *source_id,
    size_t *ret_count, struct error *err) ERROR_CHECKED;

/* A medium came or went: scan what is configured on it. */
void discovery_scan_medium(struct discovery *discovery, const char *medium);

/*
 * A medium was found in its place by the first look since the start: scan
 * those of its sources that the start's own scans have not found there.
 */
void discovery_scan_unseen(struct discovery *discovery, const char *medium);

/*
 * A reading found that a copy is not as it was recorded, by what was written
 * since.  True where its name may be used again, so that it may be another
 * backup: the source is scanned soon, its content is looked into, and what is
 * no new backup is read again and then counts as it is.  False: it counts.
 */
bool discovery_doubt(
    struct discovery *discovery, const char *source_id, uint64_t copy);

/* Scans and captures that wait or run. */
size_t discovery_under_way(const struct discovery *discovery);

/* The same of one medium. */
bool discovery_is_busy(const struct discovery *discovery, const char *medium);

/*
 * Names of captured copies there that something was written to since, which
 * have to rest before anybody looks what it is.
 */
size_t discovery_count_waiting(
    const struct discovery *discovery, const char *medium);

/* Whether the last scan of a source on the medium found generations there. */
bool discovery_is_in_sight(
    const struct discovery *discovery, const char *medium);

#endif
