/* Copies with their verdicts, and generations folded from them. */
#include <stdio.h>
#include <string.h>

#include "lib/store/query.h"
#include "lib/store/store.h"

/* Bytes of a generation's or a system's id, with its NUL. */
#define ID_BYTES 80

/* Nothing that was not looked at is intact (query.h). */
static const char *
verdict_of(const struct query_copy *copy)
{
	if (copy->damaged > 0 || copy->findings_damaged > 0)
		return "damaged";
	if (strcmp(copy->state, "captured") != 0 || copy->slices == 0 ||
	    copy->intact < copy->slices || copy->problems > 0 ||
	    copy->findings_undetermined > 0)
		return "undetermined";
	return "intact";
}

static struct query_copy
copy_of_row(struct sql_query *q)
{
	struct query_copy copy = {
	    .id = sql_u64(q, 0),
	    .generation = sql_text(q, 1),
	    .system = sql_text(q, 2),
	    .medium = sql_text(q, 3),
	    .source = sql_text(q, 4),
	    .layout = sql_text(q, 5),
	    .subject = sql_text(q, 6),
	    .taken_at = sql_int(q, 7),
	    .time_from = sql_text(q, 8),
	    .state = sql_text(q, 9),
	    .reason = sql_text(q, 10),
	    .state_seq = sql_u64(q, 11),
	    .manifest = sql_u64(q, 12),
	    .version = sql_u64(q, 13),
	    .entries = sql_u64(q, 14),
	    .files = sql_u64(q, 15),
	    .bytes = sql_u64(q, 16),
	    .problems = sql_u64(q, 17),
	    .content = sql_text(q, 18),
	    .members = sql_text(q, 19),
	    .foreign = sql_text(q, 20),
	    .slices = sql_u64(q, 21),
	    .intact = sql_u64(q, 22),
	    .damaged = sql_u64(q, 23),
	    .undetermined = sql_u64(q, 24),
	    .unconfirmed_bytes = sql_u64(q, 25),
	    .captured_at = sql_instant(q, 26),
	    .oldest_read_at = sql_instant(q, 27),
	    .findings_damaged = sql_u64(q, 28),
	    .findings_undetermined = sql_u64(q, 29),
	    .newest_file_at = sql_instant(q, 30),
	    .has_sealing = !sql_is_null(q, 31),
	    .members_files = sql_u64(q, 36),
	    .members_bytes = sql_u64(q, 37),
	};

	copy.sealing = (struct sealing){
	    .sealed = sql_u64(q, 31),
	    .plain = sql_u64(q, 32),
	    .aside = sql_u64(q, 33),
	    .unclear = sql_u64(q, 34),
	    .unseen = sql_u64(q, 35),
	};
	copy.verdict = verdict_of(&copy);
	return copy;
}

/* The statement for a filter, bound. */
static int
bind_filter(struct catalog *catalog, struct catalog_at at,
    const struct query_copy_filter *filter, struct sql_query **ret_query,
    struct error *err)
{
	static const struct query_copy_filter all = {0};
	enum statement statement = STATEMENT_COPIES;
	const char *value = NULL;

	if (filter == NULL)
		filter = &all;
	if (filter->copy != 0) {
		*ret_query = catalog->queries[STATEMENT_COPY];
		return sql_bind(*ret_query, err, "uu", at.seq, filter->copy);
	}
	if (filter->generation != NULL) {
		statement = STATEMENT_COPIES_OF_GENERATION;
		value = filter->generation;
	} else if (filter->medium != NULL) {
		statement = STATEMENT_COPIES_ON_MEDIUM;
		value = filter->medium;
	} else if (filter->system != NULL) {
		statement = STATEMENT_COPIES_OF_SYSTEM;
		value = filter->system;
	}
	*ret_query = catalog->queries[statement];
	return sql_bind(*ret_query, err, "ut", at.seq, value);
}

int
query_copies(struct catalog *catalog, struct catalog_at at,
    const struct query_copy_filter *filter, query_copy_fn *each, void *context,
    struct error *err)
{
	struct sql_query *q;
	int rc;

	if (bind_filter(catalog, at, filter, &q, err) != 0)
		return -1;
	while ((rc = sql_step(q, err)) > 0) {
		const struct query_copy row = copy_of_row(q);

		if ((rc = each(&row, context, err)) != 0)
			break;
	}
	sql_reset(q);
	return rc < 0 ? -1 : 0;
}

/* Copies come sorted by generation; one generation is put together here. */
struct fold {
	struct catalog *catalog;
	struct catalog_at at;
	query_generation_fn *each;
	void *context;
	char id[ID_BYTES], system[ID_BYTES], time_from[ID_BYTES];
	struct query_generation row; /* without the texts */
	int stopped; /* what the callback returned: it gets no more rows */
};

static int
finish(struct fold *fold, struct error *err)
{
	struct query_generation *row = &fold->row;
	struct sql_query *q =
	    fold->catalog->queries[STATEMENT_MATCH_OF_GENERATION];

	if (row->copies == 0 || fold->stopped != 0)
		return 0;
	row->id = fold->id;
	row->system = fold->system;
	row->time_from = fold->time_from;
	row->verdict = row->damaged > 0		   ? "damaged"
		       : row->intact < row->copies ? "undetermined"
						   : "intact";
	row->match = NULL;
	if (sql_bind(q, err, "ut", fold->at.seq, row->id) != 0)
		return -1;
	switch (sql_step(q, err)) {
	case 1:
		row->match = sql_text(q, 0);
		/* fall through */
	case 0:
		fold->stopped = fold->each(row, fold->context, err);
		break;
	default:
		fold->stopped = -1;
	}
	sql_reset(q);
	return fold->stopped;
}

static void
add_copy(struct fold *fold, const struct query_copy *copy)
{
	struct query_generation *row = &fold->row;

	row->copies++;
	row->intact += strcmp(copy->verdict, "intact") == 0;
	row->damaged += strcmp(copy->verdict, "damaged") == 0;
	row->undetermined += strcmp(copy->verdict, "undetermined") == 0;
	row->missing += strcmp(copy->state, "missing") == 0;
	if (copy->id < row->from_seq)
		row->from_seq = copy->id;
	if (copy->bytes > row->bytes)
		row->bytes = copy->bytes;
	if (copy->oldest_read_at != QUERY_NEVER &&
	    (row->oldest_read_at == QUERY_NEVER ||
		copy->oldest_read_at < row->oldest_read_at))
		row->oldest_read_at = copy->oldest_read_at;
}

static int
fold_copy(const struct query_copy *copy, void *context, struct error *err)
{
	struct fold *fold = context;
	int rc;

	if (strcmp(copy->generation, fold->id) != 0) {
		if ((rc = finish(fold, err)) != 0)
			return rc;
		fold->row = (struct query_generation){
		    .from_seq = copy->id,
		    .taken_at = copy->taken_at,
		    .oldest_read_at = QUERY_NEVER,
		};
		(void)snprintf(
		    fold->id, sizeof(fold->id), "%s", copy->generation);
		(void)snprintf(
		    fold->system, sizeof(fold->system), "%s", copy->system);
		(void)snprintf(fold->time_from, sizeof(fold->time_from), "%s",
		    copy->time_from);
	}
	add_copy(fold, copy);
	return 0;
}

int
query_generations(struct catalog *catalog, struct catalog_at at,
    const char *system, query_generation_fn *each, void *context,
    struct error *err)
{
	const struct query_copy_filter filter = {.system = system};
	struct fold fold = {
	    .catalog = catalog, .at = at, .each = each, .context = context};

	if (query_copies(catalog, at, &filter, fold_copy, &fold, err) != 0 ||
	    finish(&fold, err) < 0)
		return -1;
	return 0;
}
