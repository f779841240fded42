#include "lib/store/query_record.h"

#include "lib/store/store.h"

int
query_attestations(struct catalog *catalog, struct catalog_at at,
    const char *requirement, query_attestation_fn *each, void *context,
    struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_ATTESTATIONS];
	int rc;

	if (sql_bind(q, err, "ut", at.seq, requirement) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_attestation row = {
		    .id = sql_u64(q, 0),
		    .at = sql_int(q, 1),
		    .until = sql_int(q, 2),
		    .requirement = sql_text(q, 3),
		    .by = sql_text(q, 4),
		    .note = sql_text(q, 5),
		    .document_kind = sql_text(q, 6),
		    .document_sha256 = sql_text(q, 7),
		    .document_bytes = sql_u64(q, 8),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_preflights(struct catalog *catalog, struct catalog_at at,
    const struct query_preflight_filter *filter, query_preflight_fn *each,
    void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_PREFLIGHTS];
	int rc;

	if (sql_bind(q, err, "utu", at.seq, filter->system, filter->limit) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_preflight row = {
		    .seq = sql_u64(q, 0),
		    .at = sql_int(q, 1),
		    .max_age_ms = sql_int(q, 2),
		    .system = sql_text(q, 3),
		    .by = sql_text(q, 4),
		    .note = sql_text(q, 5),
		    .outcome = sql_text(q, 6),
		    .reason = sql_text(q, 7),
		    .generation = sql_text(q, 8),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}
