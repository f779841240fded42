#include "lib/store/query_held.h"

#include "lib/store/store.h"

int
query_held(struct catalog *catalog, struct catalog_at at,
    const struct query_held_place *place, query_held_fn *each, void *context,
    struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_HELD];
	int rc;

	if (sql_bind(q, err, "utt", at.seq, place->system, place->source) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_held row = {
		    .copy = sql_u64(q, 0),
		    .taken_at = sql_int(q, 1),
		    .is_settling = sql_int(q, 2) != 0,
		    .content = sql_text(q, 3),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}
