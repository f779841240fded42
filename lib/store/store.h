/*
 * store: what a catalog is, for the files of this folder.
 *
 * Layer 5, internal to store.  Uses: sql, statement, apply.
 */
#ifndef HIKAE_STORE_STORE_H
#define HIKAE_STORE_STORE_H

#include "lib/store/apply.h"
#include "lib/store/catalog.h"
#include "lib/store/sql.h"
#include "lib/store/statement.h"

struct catalog {
	struct sql *sql;
	enum catalog_mode mode;
	struct sql_query *queries[STATEMENTS];
	struct sql_query *projections[APPLY_STEPS_MAX];
};

/* The common beginning of what writes: 0, or -1 outside a transaction. */
int catalog_check_transaction(
    const struct catalog *catalog, struct error *err) ERROR_CHECKED;

#endif
