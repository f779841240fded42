#include "lib/store/query_drill.h"

#include "lib/store/store.h"

/* What came after the asked point has not happened yet. */
static void
take_end(struct query_drill *drill, struct sql_query *q)
{
	drill->end_seq = sql_u64(q, 12);
	drill->ended_at = sql_instant(q, 13);
	drill->outcome = sql_text(q, 14);
	drill->reason = sql_text(q, 15);
	drill->files = sql_u64(q, 16);
	drill->bytes = sql_u64(q, 17);
	drill->medium_ms = sql_int(q, 18);
	drill->restore_ms = sql_int(q, 19);
	drill->check_ms = sql_int(q, 20);
}

static struct query_drill
drill_of_row(struct sql_query *q)
{
	struct query_drill drill = {
	    .id = sql_u64(q, 0),
	    .began_at = sql_int(q, 1),
	    .copy = sql_u64(q, 2),
	    .manifest = sql_u64(q, 3),
	    .generation = sql_text(q, 4),
	    .system = sql_text(q, 5),
	    .medium = sql_text(q, 6),
	    .operator= sql_text(q, 7),
	    .share_ppm = sql_u64(q, 8),
	    .files_total = sql_u64(q, 9),
	    .bytes_total = sql_u64(q, 10),
	    .is_ended = sql_int(q, 11) != 0,
	    .ended_at = QUERY_NEVER,
	    .signature_seq = sql_u64(q, 21),
	    .signed_at = sql_instant(q, 22),
	    .signed_by = sql_text(q, 23),
	    .witness = sql_text(q, 24),
	    .observation = sql_text(q, 25),
	    .improvement = sql_text(q, 26),
	    .due = sql_instant(q, 27),
	    .improvement_seq = sql_u64(q, 28),
	    .improved_at = sql_instant(q, 29),
	    .improved_by = sql_text(q, 30),
	    .improvement_note = sql_text(q, 31),
	    .of_files = sql_u64(q, 32),
	    .of_bytes = sql_u64(q, 33),
	};

	if (drill.is_ended)
		take_end(&drill, q);
	return drill;
}

int
query_drills(struct catalog *catalog, struct catalog_at at,
    const struct query_drill_filter *filter, query_drill_fn *each,
    void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_DRILLS];
	int rc;

	if (sql_bind(q, err, "uutu", at.seq, filter->drill, filter->system,
		filter->limit) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_drill row = drill_of_row(q);

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_drill_checks(struct catalog *catalog, struct catalog_at at,
    uint64_t drill, query_drill_check_fn *each, void *context,
    struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_DRILL_CHECKS];
	int rc;

	if (sql_bind(q, err, "uu", at.seq, drill) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_drill_check row = {
		    .seq = sql_u64(q, 0),
		    .drill = sql_u64(q, 1),
		    .kind = sql_text(q, 2),
		    .name = sql_text(q, 3),
		    .outcome = sql_text(q, 4),
		    .detail = sql_text(q, 5),
		};

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}
