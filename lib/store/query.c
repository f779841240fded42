#include "lib/store/query.h"

#include "lib/store/store.h"

int
query_origin(struct catalog *catalog, struct catalog_at at,
    query_origin_fn *each, void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_ORIGIN];
	int rc;

	if (sql_bind(q, err, "u", at.seq) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_origin row = {
		    .from_seq = sql_u64(q, 0),
		    .facility = sql_text(q, 1),
		    .origin = sql_text(q, 2),
		    .daemon_key = sql_text(q, 3),
		    .facility_key = sql_text(q, 4),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

static int
has_row(
    struct sql_query *query, const char *text, bool *ret_has, struct error *err)
{
	int rc;

	if (sql_bind(query, err, "t", text) != 0)
		return -1;
	rc = sql_step(query, err);
	sql_reset(query);
	if (rc < 0)
		return -1;
	*ret_has = rc == 1;
	return 0;
}

int
query_is_config(struct catalog *catalog, const char *sha256, bool *ret_is,
    struct error *err)
{
	return has_row(
	    catalog->queries[STATEMENT_CONFIG_IS], sha256, ret_is, err);
}

int
query_is_statement(struct catalog *catalog, const char *sha256, bool *ret_is,
    struct error *err)
{
	return has_row(catalog->queries[STATEMENT_KEY_IS], sha256, ret_is, err);
}

int
query_systems(struct catalog *catalog, struct catalog_at at,
    query_system_fn *each, void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_SYSTEMS];
	int rc;

	if (sql_bind(q, err, "u", at.seq) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_system row = {
		    .id = sql_text(q, 0),
		    .kind = sql_text(q, 1),
		    .from_seq = sql_u64(q, 2),
		    .interval_ms = sql_int(q, 3),
		    .grace_ms = sql_int(q, 4),
		    .generations_min = sql_u64(q, 5),
		    .recovery_order = sql_u64(q, 6),
		    .recovery_target_ms = sql_int(q, 7),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_media(struct catalog *catalog, struct catalog_at at,
    query_medium_fn *each, void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_MEDIA];
	int rc;

	if (sql_bind(q, err, "u", at.seq) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_medium row = {
		    .id = sql_text(q, 0),
		    .kind = sql_text(q, 1),
		    .offline = sql_text(q, 2),
		    .from_seq = sql_u64(q, 3),
		    .coverage_ms = sql_int(q, 4),
		    .is_offsite = sql_int(q, 5) != 0,
		    .location = sql_text(q, 6),
		    .max_attached_ms = sql_int(q, 7),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_sources(struct catalog *catalog, struct catalog_at at,
    query_source_fn *each, void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_SOURCES];
	int rc;

	if (sql_bind(q, err, "u", at.seq) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_source row = {
		    .id = sql_text(q, 0),
		    .system = sql_text(q, 1),
		    .medium = sql_text(q, 2),
		    .layout = sql_text(q, 3),
		    .from_seq = sql_u64(q, 4),
		    .scan_seq = sql_u64(q, 5),
		    .scanned_at = sql_instant(q, 6),
		    .result = sql_text(q, 7),
		    .candidates = sql_u64(q, 8),
		    .good_at = sql_instant(q, 9),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}
