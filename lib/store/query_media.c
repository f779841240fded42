#include "lib/store/query_media.h"

#include "lib/store/store.h"

int
query_facility(struct catalog *catalog, struct catalog_at at,
    query_facility_fn *each, void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_FACILITY];
	int rc;

	if (sql_bind(q, err, "u", at.seq) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_facility row = {
		    .from_seq = sql_u64(q, 0),
		    .kind = sql_text(q, 1),
		    .beds = sql_int(q, 2),
		    .fees = sql_text(q, 3),
		    .offline_verified_ms = sql_int(q, 4),
		    .offline_attested_ms = sql_int(q, 5),
		    .max_undetermined_ms = sql_int(q, 6),
		    .clock_ahead_ms = sql_int(q, 7),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

static struct query_medium_state
state_of_row(struct sql_query *q)
{
	return (struct query_medium_state){
	    .medium = sql_text(q, 0),
	    .from_seq = sql_u64(q, 1),
	    .is_current = sql_int(q, 2) != 0,
	    .at = sql_int(q, 3),
	    .state = sql_text(q, 4),
	    .reason = sql_text(q, 5),
	    .in_reach = sql_int(q, 6) != 0,
	    .attached_at = sql_instant(q, 7),
	    .seen_at = sql_instant(q, 8),
	    .filesystem = sql_text(q, 9),
	    .uuid = sql_text(q, 10),
	    .serial = sql_text(q, 11),
	    .disks = sql_text(q, 12),
	    .transport = sql_text(q, 13),
	    .reach = sql_text(q, 14),
	    .encrypted = sql_text(q, 15),
	    .stamp = sql_text(q, 16),
	    .read_only = sql_int(q, 17) != 0,
	    .device_read_only = sql_int(q, 18) != 0,
	    .removable = sql_int(q, 19) != 0,
	    .rotational = sql_int(q, 20) != 0,
	    .capacity = sql_int(q, 21),
	    .free = sql_int(q, 22),
	};
}

static int
each_state(struct sql_query *q, query_medium_state_fn *each, void *context,
    struct error *err)
{
	int rc;

	while ((rc = sql_step(q, err)) > 0) {
		const struct query_medium_state row = state_of_row(q);

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_medium_states(struct catalog *catalog, struct catalog_at at,
    const char *medium, query_medium_state_fn *each, void *context,
    struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_MEDIUM_STATES];

	if (sql_bind(q, err, "ut", at.seq, medium) != 0)
		return -1;
	return each_state(q, each, context, err);
}

int
query_medium_history(struct catalog *catalog, struct catalog_at at,
    const struct query_medium_history *filter, query_medium_state_fn *each,
    void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_MEDIUM_HISTORY];

	if (sql_bind(q, err, "uti", at.seq, filter->medium, filter->since) != 0)
		return -1;
	return each_state(q, each, context, err);
}

int
query_medium_events(struct catalog *catalog, struct catalog_at at,
    const struct query_medium_event_filter *filter, query_medium_event_fn *each,
    void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_MEDIUM_EVENTS];
	int rc;

	if (sql_bind(q, err, "uttu", at.seq, filter->medium, filter->event,
		filter->limit) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_medium_event row = {
		    .seq = sql_u64(q, 0),
		    .at = sql_int(q, 1),
		    .medium = sql_text(q, 2),
		    .event = sql_text(q, 3),
		    .by = sql_text(q, 4),
		    .holder = sql_text(q, 5),
		    .place = sql_text(q, 6),
		    .note = sql_text(q, 7),
		    .result = sql_text(q, 8),
		    .detail = sql_text(q, 9),
		    .until = sql_instant(q, 10),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_custody(struct catalog *catalog, struct catalog_at at, const char *medium,
    query_custody_fn *each, void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_CUSTODY];
	int rc;

	if (sql_bind(q, err, "ut", at.seq, medium) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_custody row = {
		    .medium = sql_text(q, 0),
		    .from_seq = sql_u64(q, 1),
		    .by = sql_text(q, 2),
		    .holder = sql_text(q, 3),
		    .place = sql_text(q, 4),
		    .note = sql_text(q, 5),
		    .at = sql_int(q, 6),
		    .until = sql_instant(q, 7),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_protections(struct catalog *catalog, struct catalog_at at,
    const char *medium, query_protection_fn *each, void *context,
    struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_PROTECTIONS];
	int rc;

	if (sql_bind(q, err, "ut", at.seq, medium) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_protection row = {
		    .medium = sql_text(q, 0),
		    .method = sql_text(q, 1),
		    .from_seq = sql_u64(q, 2),
		    .at = sql_int(q, 3),
		    .result = sql_text(q, 4),
		    .reason = sql_text(q, 5),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_traits(struct catalog *catalog, struct catalog_at at, uint64_t copy,
    query_trait_fn *each, void *context, struct error *err)
{
	struct sql_query *q =
	    catalog->queries[copy == 0 ? STATEMENT_TRAITS
				       : STATEMENT_TRAIT_OF_COPY];
	int rc;

	if ((copy == 0 ? sql_bind(q, err, "u", at.seq)
		       : sql_bind(q, err, "uu", at.seq, copy)) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_trait row = {
		    .copy = sql_u64(q, 0),
		    .from_seq = sql_u64(q, 1),
		    .at = sql_int(q, 2),
		    .files = sql_u64(q, 3),
		    .immutable = sql_u64(q, 4),
		    .encrypted = sql_text(q, 5),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}
