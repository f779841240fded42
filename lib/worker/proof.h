/*
 * proof: is a manifest the one that was signed?
 *
 * Layer 5.  Uses: worker/job, model/manifest_reader, crypto/signature.
 */
#ifndef HIKAE_WORKER_PROOF_H
#define HIKAE_WORKER_PROOF_H

#include "lib/worker/job.h"

/*
 * Check the manifest behind fd with the job's signature, keys and header, and
 * with the digest that the journal has of it.  ERROR_SIGNATURE where it does
 * not hold, or the key is nobody's.
 */
int proof_check(const struct job *job, int fd, struct error *err) ERROR_CHECKED;

/* The same with the signature, header and digest of the job's other manifest.
 */
int proof_check_other(
    const struct job *job, int fd, struct error *err) ERROR_CHECKED;

#endif
