/*
 * comparison: which files of two copies of one generation differ.
 *
 * Uses: jobs, ledger, match, place.
 *
 * A reader compares the two signed manifests; of archives those of their
 * members.  What comes of it is the finding copies-differ or names-differ,
 * with the numbers and the first files.  A comparison that could not be made
 * is copies-differ without files: that much is certain.
 */
#ifndef HIKAE_DAEMON_COMPARISON_H
#define HIKAE_DAEMON_COMPARISON_H

#include "daemon/service.h"

/*
 * After a capture of the copy was committed: compare it with the oldest copy
 * of its generation where the content differs; the oldest one with all others.
 */
void comparison_order(
    struct service *service, const char *generation, uint64_t copy);

/* At the start: order what the last end left without an answer. */
int comparison_resume(struct service *service, struct error *err) ERROR_CHECKED;

#endif
