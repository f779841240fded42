/*
 * query_record: what people stated, and what they asked before an update.
 *
 * Layer 5.  Uses: catalog.  For callbacks and texts see query.h.
 */
#ifndef HIKAE_STORE_QUERY_RECORD_H
#define HIKAE_STORE_QUERY_RECORD_H

#include "lib/store/query.h"

/* Not withdrawn.  Whether it has expired is the reader's to say. */
struct query_attestation {
	uint64_t id;
	int64_t at, until;
	const char *requirement, *by;
	const char *note; /* or NULL */
	/* NULL and 0 without a document. */
	const char *document_kind, *document_sha256;
	uint64_t document_bytes;
};
typedef int query_attestation_fn(
    const struct query_attestation *row, void *context, struct error *err);

/* By requirement (NULL: all), newest first. */
int query_attestations(struct catalog *catalog, struct catalog_at at,
    const char *requirement, query_attestation_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

struct query_preflight {
	uint64_t seq;
	int64_t at, max_age_ms;
	const char *system, *by;
	const char *note;	/* or NULL */
	const char *outcome;	/* good warning bad undetermined */
	const char *reason;	/* or NULL */
	const char *generation; /* or NULL */
};
typedef int query_preflight_fn(
    const struct query_preflight *row, void *context, struct error *err);

/* NULL: all; limit 0: all. */
struct query_preflight_filter {
	const char *system;
	uint64_t limit;
};

/* Newest first. */
int query_preflights(struct catalog *catalog, struct catalog_at at,
    const struct query_preflight_filter *filter, query_preflight_fn *each,
    void *context, struct error *err) ERROR_CHECKED;

#endif
