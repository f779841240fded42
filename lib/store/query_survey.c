#include "lib/store/query_survey.h"

#include "lib/store/store.h"

static struct query_survey
survey_of_row(struct sql_query *q)
{
	struct query_survey row = {
	    .manifest = sql_u64(q, 0),
	    .copy = sql_u64(q, 1),
	    .version = sql_u64(q, 2),
	    .generation = sql_text(q, 3),
	    .system = sql_text(q, 4),
	    .medium = sql_text(q, 5),
	    .source = sql_text(q, 6),
	    .captured_at = sql_int(q, 7),
	    .is_current = sql_int(q, 8) != 0,
	    .is_members = sql_int(q, 9) != 0,
	    .files = sql_u64(q, 10),
	    .bytes = sql_u64(q, 11),
	    .problems = sql_u64(q, 12),
	    .is_hinted = sql_int(q, 13) != 0,
	    .is_accepted = sql_int(q, 14) != 0,
	    .has_survey = !sql_is_null(q, 15),
	    .has_drift = !sql_is_null(q, 23),
	    .has_loss = !sql_is_null(q, 29),
	    .since = sql_u64(q, 23),
	};

	row.survey = (struct survey){
	    .files = sql_u64(q, 15),
	    .carried = sql_u64(q, 16),
	    .bytes = sql_u64(q, 17),
	    .known = sql_u64(q, 18),
	    .claimed = sql_u64(q, 19),
	    .mismatched = sql_u64(q, 20),
	    .noisy = sql_u64(q, 21),
	    .notes = sql_u64(q, 22),
	};
	row.drift = (struct drift){
	    .same = sql_u64(q, 24),
	    .changed = sql_u64(q, 25),
	    .vanished = sql_u64(q, 26),
	    .appeared = sql_u64(q, 27),
	    .extended = sql_u64(q, 28),
	};
	row.loss = (struct loss){
	    .gone = sql_u64(q, 29),
	    .emptied = sql_u64(q, 30),
	    .older = sql_u64(q, 31),
	    .expired = sql_u64(q, 32),
	};
	row.drift.before =
	    row.drift.same + row.drift.changed + row.drift.vanished;
	return row;
}

/* Pass on the rows of a query that was bound. */
static int
run(struct sql_query *q, query_survey_fn *each, void *context,
    struct error *err)
{
	int rc;

	while ((rc = sql_step(q, err)) > 0) {
		const struct query_survey row = survey_of_row(q);

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

int
query_survey(struct catalog *catalog, struct catalog_at at, uint64_t manifest,
    query_survey_fn *each, void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_SURVEY];

	if (sql_bind(q, err, "uu", at.seq, manifest) != 0)
		return -1;
	return run(q, each, context, err);
}

int
query_surveys_before(struct catalog *catalog, struct catalog_at at,
    struct query_survey_place place, query_survey_fn *each, void *context,
    struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_SURVEYS_BEFORE];

	if (sql_bind(q, err, "uuu", at.seq, place.copy, place.manifest) != 0)
		return -1;
	return run(q, each, context, err);
}

int
query_surveys_after(struct catalog *catalog, struct catalog_at at,
    uint64_t copy, query_survey_fn *each, void *context, struct error *err)
{
	struct sql_query *q = catalog->queries[STATEMENT_SURVEYS_AFTER];

	if (sql_bind(q, err, "uu", at.seq, copy) != 0)
		return -1;
	return run(q, each, context, err);
}
