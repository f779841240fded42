/*
 * capture_foreign: what the producer's own checksums say of a new copy.
 *
 * Part of capture.  Uses: gathering, jobs, place, examine/foreign.
 *
 * After a copy was captured and before that is recorded, a second order has a
 * reader compare it with the lists that lie in it, which a parser reads.  What
 * comes of it stands in the capture's entry.  That it could not be done is a
 * finding, and no reason not to record the copy.
 */
#ifndef HIKAE_DAEMON_CAPTURE_FOREIGN_H
#define HIKAE_DAEMON_CAPTURE_FOREIGN_H

#include "daemon/gathering.h"
#include "daemon/jobs.h"

/* In the storage of the capture that it belongs to. */
struct capture_foreign {
	/* Set by the capture; borrowed. */
	struct service *service;
	const char *source_id, *locator;
	const struct manifest_header *header;
	int manifest_fd; /* the copy's, complete */
	/*
	 * DONE: what is known is in here.  CANCELLED; FAILED: the medium is
	 * not there any more, and the capture should be made again.
	 */
	void (*ended)(void *context, const struct jobs_end *end);
	void *context;

	bool is_told;	 /* a reader gave a result */
	bool is_settled; /* `outcome` is what is to be recorded */
	enum reply_place place;
	struct foreign_outcome outcome;
	struct gathering findings;
};

void capture_foreign_done(struct capture_foreign *foreign);

/*
 * Order the comparison.  False where it is not wanted; then `ended` is not
 * called.
 */
bool capture_foreign_order(struct capture_foreign *foreign, int priority);

/*
 * Close what earlier captures of the same copy found, where this one looked
 * again and could compare.  Within a transaction.
 */
int capture_foreign_close(const struct capture_foreign *foreign,
    struct service *service, uint64_t copy, struct error *err) ERROR_CHECKED;

/* The object `foreign` of the journal's entry; NULL where there is none. */
json_t *capture_foreign_entry(const struct capture_foreign *foreign);

#endif
