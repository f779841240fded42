/*
 * query_since: since when there is what is configured.
 *
 * Layer 5.  Uses: catalog.  For callbacks and texts see query.h.
 */
#ifndef HIKAE_STORE_QUERY_SINCE_H
#define HIKAE_STORE_QUERY_SINCE_H

#include "lib/store/query.h"

/* When a system, or a medium, was first configured; by id. */
struct query_since {
	const char *id;
	int64_t at;
};
typedef int query_since_fn(
    const struct query_since *row, void *context, struct error *err);
int query_systems_since(struct catalog *catalog, struct catalog_at at,
    query_since_fn *each, void *context, struct error *err) ERROR_CHECKED;
int query_media_since(struct catalog *catalog, struct catalog_at at,
    query_since_fn *each, void *context, struct error *err) ERROR_CHECKED;

#endif
