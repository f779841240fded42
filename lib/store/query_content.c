#include "lib/store/query_content.h"

#include "lib/store/store.h"

int
query_contents(struct catalog *catalog, struct catalog_at at, uint64_t manifest,
    query_content_fn *each, void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_CONTENTS];
	int rc;

	if (sql_bind(q, err, "uu", at.seq, manifest) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_content row = {
		    .id = sql_u64(q, 0),
		    .manifest = sql_u64(q, 1),
		    .run = sql_u64(q, 2),
		    .at = sql_int(q, 3),
		    .outcome = sql_text(q, 4),
		    .files = sql_u64(q, 5),
		    .other = sql_u64(q, 6),
		    .skipped = sql_u64(q, 7),
		    .findings = sql_u64(q, 8),
		    .formats = sql_text(q, 9),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}
