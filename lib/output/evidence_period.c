/* Which entries a period has, and the checkpoints at both ends. */
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/output/evidence_internal.h"
#include "lib/store/query.h"

static int
no_data(struct error *err)
{
	return error_set(err, ERROR_UNAVAILABLE,
	    _("the journal has no signed entries of that period"));
}

/* The last entry that is not younger: 1, or 0 where all are, or -1. */
static int
find_entry(struct catalog *catalog, int64_t at_ms, uint64_t *ret_seq,
    struct error *err)
{
	struct catalog_at at;

	if (journal_seq_at(catalog, at_ms, &at, err) != 0)
		return err->code == ERROR_NOT_FOUND ? 0 : -1;
	*ret_seq = at.seq;
	return 1;
}

static int
find_entries(struct evidence_making *making, struct error *err)
{
	const struct evidence_request *request = making->request;
	uint64_t before = 0;
	int rc = find_entry(request->catalog, request->to, &making->last, err);

	if (rc == 0)
		return no_data(err);
	if (rc < 0)
		return -1;
	rc = find_entry(request->catalog, request->from - 1, &before, err);
	if (rc < 0)
		return -1;
	making->first = rc == 0 ? 0 : before + 1;
	return making->first <= making->last ? 0 : no_data(err);
}

/* The first that holds the last entry; where there is none yet, the newest. */
static int
find_end(struct evidence_making *making, struct error *err)
{
	struct catalog *catalog = making->request->catalog;
	struct journal_note *end = &making->end;

	if (making->result.is_over &&
	    journal_checkpoint_from(catalog, making->last + 1, end, err) == 0)
		return 0;
	if (making->result.is_over && err->code != ERROR_NOT_FOUND)
		return -1;
	if (journal_checkpoint_upto(catalog, INT64_MAX - 1, end, err) != 0)
		return err->code == ERROR_NOT_FOUND ? no_data(err) : -1;
	/* Its end is not signed: what is missing may yet be added. */
	if (making->last + 1 > end->size) {
		making->result.is_over = false;
		making->last = end->size - 1;
	}
	return making->first <= making->last ? 0 : no_data(err);
}

static int
find_start(struct evidence_making *making, struct error *err)
{
	if (making->first == 0 ||
	    journal_checkpoint_upto(making->request->catalog, making->first,
		&making->start, err) == 0)
		return 0;
	return err->code == ERROR_NOT_FOUND ? 0 : -1;
}

static int
take_origin(const struct query_origin *row, void *context, struct error *err)
{
	struct evidence_statement *statement = context;

	if (strlen(row->origin) >= sizeof(statement->origin))
		return error_set(err, ERROR_LIMIT, "origin");
	memcpy(statement->origin, row->origin, strlen(row->origin) + 1);
	return 0;
}

int
evidence_period_find(struct evidence_making *making, struct error *err)
{
	const struct evidence_request *request = making->request;
	struct evidence_statement *statement = &making->result.statement;

	if (request->to < request->from)
		return error_set(
		    err, ERROR_USAGE, _("the period ends before it begins"));
	making->result.is_over = request->to < request->now;
	if (find_entries(making, err) != 0 || find_end(making, err) != 0 ||
	    find_start(making, err) != 0)
		return -1;
	if (making->last - making->first >= EVIDENCE_ENTRIES_MAX)
		return error_set(err, ERROR_LIMIT,
		    _("the period has more than %llu entries; take a shorter "
		      "one"),
		    (unsigned long long)EVIDENCE_ENTRIES_MAX);
	making->context = (struct document_context){
	    .catalog = request->catalog,
	    .at = {making->last},
	    .now = request->to,
	};
	if (!making->result.is_over && making->end.at < request->to)
		making->context.now = making->end.at;
	statement->from = request->from;
	statement->to = request->to;
	statement->size = making->end.size;
	memcpy(statement->root, making->end.root, sizeof(statement->root));
	making->result.first = making->first;
	making->result.last = making->last;
	return query_origin(
	    request->catalog, making->context.at, take_origin, statement, err);
}
