/*
 * query_held: what lay in a source, one generation after the other.
 *
 * Layer 5.  Uses: catalog.  For callbacks and texts see query.h.
 */
#ifndef HIKAE_STORE_QUERY_HELD_H
#define HIKAE_STORE_QUERY_HELD_H

#include "lib/store/query.h"

/* What a copy holds, be it there or long expired. */
struct query_held {
	uint64_t copy;
	int64_t taken_at;
	bool is_settling;    /* it is there, and not recorded yet */
	const char *content; /* HEX64, or NULL: not known */
};
typedef int query_held_fn(
    const struct query_held *row, void *context, struct error *err);

/* Both are needed. */
struct query_held_place {
	const char *system, *source;
};

/* All that ever lay there, from the newest. */
int query_held(struct catalog *catalog, struct catalog_at at,
    const struct query_held_place *place, query_held_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

#endif
