#include "lib/store/query_finding.h"

#include "lib/store/store.h"

static struct query_finding
finding_of_row(struct sql_query *q)
{
	return (struct query_finding){
	    .id = sql_u64(q, 0),
	    .code = sql_text(q, 1),
	    .verdict = sql_text(q, 2),
	    .severity = sql_text(q, 3),
	    .is_open = sql_int(q, 4) != 0,
	    .copy = sql_u64(q, 5),
	    .manifest = sql_u64(q, 6),
	    .slice = sql_is_null(q, 7) ? -1 : sql_int(q, 7),
	    .generation = sql_text(q, 8),
	    .system = sql_text(q, 9),
	    .medium = sql_text(q, 10),
	    .source = sql_text(q, 11),
	    .subject = sql_text(q, 12),
	    .detail = sql_text(q, 13),
	    .reason = sql_text(q, 14),
	    .times = sql_u64(q, 15),
	    .last_seq = sql_u64(q, 16),
	    .opened_at = sql_int(q, 17),
	    .last_at = sql_int(q, 18),
	    .by = sql_text(q, 19),
	    .note = sql_text(q, 20),
	};
}

/* The statement that looks at the fewest rows. */
static enum statement
choose(const struct query_finding_filter *filter)
{
	if (!filter->only_open)
		return STATEMENT_FINDINGS_EVER;
	if (filter->subject != NULL)
		return STATEMENT_FINDINGS_OF_SUBJECT;
	return filter->copy != 0 ? STATEMENT_FINDINGS_OF_COPY
				 : STATEMENT_FINDINGS_OPEN;
}

int
query_findings(struct catalog *catalog, struct catalog_at at,
    const struct query_finding_filter *filter, query_finding_fn *each,
    void *context, struct error *err)
{
	static const struct query_finding_filter all = {0};
	struct sql_query *q;
	int rc;

	if (filter == NULL)
		filter = &all;
	q = catalog->queries[choose(filter)];
	if (sql_bind(q, err, "uuuttttttu", at.seq, filter->finding,
		filter->copy, filter->code, filter->system, filter->generation,
		filter->medium, filter->source, filter->subject,
		filter->limit) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_finding row = finding_of_row(q);

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_finding_files(struct catalog *catalog, struct catalog_at at,
    uint64_t finding, query_file_fn *each, void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_FINDING_FILES];
	int rc;

	if (sql_bind(q, err, "uu", at.seq, finding) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_file row = {
		    .kind = sql_text(q, 0), .subject = sql_text(q, 1)};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

/* What came after the asked point has not happened yet. */
static struct query_run
run_of_row(struct sql_query *q)
{
	struct query_run run = {
	    .id = sql_u64(q, 0),
	    .trigger = sql_text(q, 1),
	    .level = sql_text(q, 2),
	    .system = sql_text(q, 3),
	    .medium = sql_text(q, 4),
	    .source = sql_text(q, 5),
	    .generation = sql_text(q, 6),
	    .copy = sql_u64(q, 7),
	    .began_at = sql_int(q, 8),
	    .is_ended = sql_int(q, 9) != 0,
	    .ended_at = QUERY_NEVER,
	};

	if (run.is_ended) {
		run.end_seq = sql_u64(q, 10);
		run.ended_at = sql_int(q, 11);
		run.outcome = sql_text(q, 12);
		run.canary = sql_text(q, 13);
		run.bytes = sql_u64(q, 14);
		run.bytes_read = sql_u64(q, 15);
		run.intact = sql_u64(q, 16);
		run.damaged = sql_u64(q, 17);
		run.undetermined = sql_u64(q, 18);
	}
	return run;
}

int
query_runs(struct catalog *catalog, struct catalog_at at,
    const struct query_run_filter *filter, query_run_fn *each, void *context,
    struct error *err)
{
	struct sql_query *q =
	    catalog->queries[filter->only_open ? STATEMENT_RUNS_OPEN
					       : STATEMENT_RUNS];
	int rc;

	if (sql_bind(q, err, "uu", at.seq, filter->limit) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_run row = run_of_row(q);

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_matches(struct catalog *catalog, struct catalog_at at,
    const char *generation, query_match_fn *each, void *context,
    struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_MATCHES];
	int rc;

	if (sql_bind(q, err, "ut", at.seq, generation) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_match row = {
		    .seq = sql_u64(q, 0),
		    .generation = sql_text(q, 1),
		    .result = sql_text(q, 2),
		    .copy = sql_u64(q, 3),
		    .at = sql_int(q, 4),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_services(struct catalog *catalog, struct catalog_at at, uint64_t limit,
    query_service_fn *each, void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_SERVICES];
	int rc;

	if (sql_bind(q, err, "uu", at.seq, limit) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_service row = {
		    .start_seq = sql_u64(q, 0),
		    .stop_seq = sql_u64(q, 1),
		    .software = sql_text(q, 2),
		    .sandbox = sql_text(q, 3),
		    .reason = sql_text(q, 4),
		    .started_at = sql_int(q, 5),
		    .stopped_at = sql_instant(q, 6),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_clock_events(struct catalog *catalog, struct catalog_at at,
    uint64_t limit, query_clock_event_fn *each, void *context,
    struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_CLOCK_EVENTS];
	int rc;

	if (sql_bind(q, err, "uu", at.seq, limit) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_clock_event row = {
		    .seq = sql_u64(q, 0),
		    .event = sql_text(q, 1),
		    .by_ms = sql_int(q, 2),
		    .at = sql_int(q, 3),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}
