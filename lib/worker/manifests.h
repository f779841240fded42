/*
 * manifests: what a reader does with manifests alone, without a medium.
 *
 * Layer 5.  Uses: worker/answer, worker/proof, examine/compare.
 */
#ifndef HIKAE_WORKER_MANIFESTS_H
#define HIKAE_WORKER_MANIFESTS_H

#include "lib/worker/job.h"

/*
 * Compare the job's manifest with the other one, both signed, and answer the
 * first differences and the result.
 */
int manifests_compare(const struct job *job,
    const struct examine_events *events, struct error *err) ERROR_CHECKED;

/* Digest the bytes of the job's manifest, whoever wrote them, and answer. */
int manifests_digest(const struct job *job, const struct examine_events *events,
    struct error *err) ERROR_CHECKED;

#endif
