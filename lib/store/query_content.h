/*
 * query_content: what was looked into in verifications at the level members.
 *
 * Layer 5.  Uses: catalog.  For callbacks and texts see query.h.
 */
#ifndef HIKAE_STORE_QUERY_CONTENT_H
#define HIKAE_STORE_QUERY_CONTENT_H

#include "lib/store/query.h"

struct query_content {
	uint64_t id, manifest, run;
	int64_t at;
	const char *outcome; /* done, undetermined */
	/* Files of a known format; of none; and not whole when they came. */
	uint64_t files, other, skipped;
	uint64_t findings;
	const char *formats; /* a JSON array: FORMATS section 4.1 */
};
typedef int query_content_fn(
    const struct query_content *row, void *context, struct error *err);

/* Of one manifest, the newest first. */
int query_contents(struct catalog *catalog, struct catalog_at at,
    uint64_t manifest, query_content_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

#endif
