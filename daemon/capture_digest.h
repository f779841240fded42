/*
 * capture_digest: the digest of a member manifest, by somebody who is trusted.
 *
 * Part of capture.  Uses: jobs, place.
 *
 * A parser wrote the manifest and told its digest.  What hikaed signs must be
 * what was written, and not what a process says that looked at hostile bytes;
 * so a reader, which never does, digests it once more.  hikaed itself reads
 * nothing that large: its loop would stand still.
 */
#ifndef HIKAE_DAEMON_CAPTURE_DIGEST_H
#define HIKAE_DAEMON_CAPTURE_DIGEST_H

#include "daemon/jobs.h"
#include "daemon/service.h"

/* In the storage of the capture that it belongs to. */
struct capture_digest {
	/* Set by the capture; borrowed. */
	struct service *service;
	const struct manifest_header *header;
	int manifest_fd; /* complete */
	/* DONE with a result, or why there is none. */
	void (*ended)(void *context, const struct jobs_end *end);
	void *context;

	bool is_told;
	struct reply_digest result;
};

int capture_digest_order(struct capture_digest *digest, int priority,
    struct error *err) ERROR_CHECKED;

#endif
