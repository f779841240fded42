/*
 * verification: the order that compares slices of one copy with its manifest.
 *
 * Uses: service, jobs, vault, place.
 *
 * It decides nothing about the journal: what comes goes to its owner.
 */
#ifndef HIKAE_DAEMON_VERIFICATION_H
#define HIKAE_DAEMON_VERIFICATION_H

#include "daemon/service.h"
#include "lib/examine/verify.h"
#include "lib/store/vault.h"
#include "lib/worker/job.h"
#include "lib/worker/reply.h"

struct verification_request {
	struct vault_name manifest; /* which */
	const char *source_id;	    /* NULL: a folder of the state, below */
	const char *own_folder;
	const char *locator;
	bool is_names_only;
	const struct verify_range *ranges; /* copied */
	size_t range_count;
	int64_t not_before;
	uint64_t run, bytes; /* for `hikae jobs` */
	uint64_t file_bytes; /* of one of its files, on average; 0: unknown */
	int priority;
};

/* Where results go; each ends with `ended`, and nothing comes after it. */
struct verification_owner {
	void *context;
	int (*finding)(void *context, const struct examine_finding *finding,
	    struct error *err);
	/* The slice, and how it was read. */
	int (*slice)(void *context, const struct examine_slice *slice,
	    enum reply_mode mode, struct error *err);
	/*
	 * Further slices when all are answered, as jobs_kind.more; NULL: there
	 * are none.
	 */
	int (*more)(void *context, struct verify_range *ranges,
	    size_t *ret_count, struct error *err);
	/* `why` is what explains slices that were not answered. */
	void (*ended)(
	    void *context, const struct jobs_end *end, enum finding why);
};

int verification_order(struct service *service,
    const struct verification_request *request,
    const struct verification_owner *owner, struct error *err) ERROR_CHECKED;

#endif
