#include "lib/store/query_since.h"

#include "lib/store/store.h"

static int
each_since(struct catalog *catalog, enum statement statement,
    struct catalog_at at, query_since_fn *each, void *context,
    struct error *err)
{
	struct sql_query *q = catalog->queries[statement];
	int rc;

	if (sql_bind(q, err, "u", at.seq) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_since row = {
		    .id = sql_text(q, 0),
		    .at = sql_int(q, 1),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_systems_since(struct catalog *catalog, struct catalog_at at,
    query_since_fn *each, void *context, struct error *err)
{
	return each_since(
	    catalog, STATEMENT_SYSTEMS_SINCE, at, each, context, err);
}

int
query_media_since(struct catalog *catalog, struct catalog_at at,
    query_since_fn *each, void *context, struct error *err)
{
	return each_since(
	    catalog, STATEMENT_MEDIA_SINCE, at, each, context, err);
}
