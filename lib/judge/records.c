#include "lib/judge/records.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"

/* An entry's instant, and of a self-check's how far manifests were read. */
static int
take_check(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	struct records *records = context;
	json_t *entry = json_parse((const char *)leaf, length, err);
	int rc;

	(void)seq;
	if (entry == NULL)
		return -1;
	rc = json_get_i64(entry, "at", &records->checked_at);
	if (rc == 0 && json_object_get(entry, "upto") != NULL)
		rc = json_get_u64(entry, "upto", &records->upto);
	json_decref(entry);
	return rc == 0
		   ? 0
		   : error_set(err, ERROR_INPUT, _("malformed journal entry"));
}

/* Whether its leaves can be replayed, whoever signed them. */
static bool
is_readable(enum journal_fault fault)
{
	return fault != JOURNAL_EMPTY && fault != JOURNAL_GAP &&
	       fault != JOURNAL_MALFORMED;
}

static int
compare_rows(const struct records_request *request, struct records *records,
    struct error *err)
{
	struct catalog_audit audit;

	if (!is_readable(records->fault))
		return 0;
	if (catalog_audit(request->catalog, request->scratch, &audit, err) != 0)
		return -1;
	if (audit.has_fault) {
		records->fault = JOURNAL_MALFORMED;
		records->fault_seq = audit.fault_seq;
		return 0;
	}
	records->is_compared = true;
	(void)snprintf(
	    records->table, sizeof(records->table), "%s", audit.table);
	return journal_each(request->catalog, audit.newest_check,
	    audit.newest_check + 1, take_check, records, err);
}

static void
take_report(struct records *records, const struct journal_report *report)
{
	records->size = report->size;
	records->fault = report->fault;
	records->fault_seq = report->fault_seq;
}

/* The edge for the next look is made of leaves that were just verified. */
static int
verify_journal(const struct records_request *request, struct records *records,
    struct merkle_prefix *ret_known, struct error *err)
{
	static const struct merkle_prefix nothing = {.size = 0};
	struct journal_since since = request->since;
	struct journal_report report;

	if (request->scratch != NULL) {
		if (journal_verify(request->catalog, since.keys,
			since.key_count, &report, err) != 0)
			return -1;
		take_report(records, &report);
		if (report.fault != JOURNAL_GOOD)
			return 0;
		since.known = &nothing;
	}
	if (journal_verify_since(
		request->catalog, &since, &report, ret_known, err) != 0)
		return -1;
	take_report(records, &report);
	return 0;
}

static int
look_at_all(const struct records_request *request, struct records *records,
    struct merkle_prefix *ret_known, struct error *err)
{
	if (catalog_check(request->catalog, err) != 0 ||
	    verify_journal(request, records, ret_known, err) != 0 ||
	    compare_rows(request, records, err) != 0)
		return -1;
	return records_look_at_manifests(request, records, err) == 0
		   ? records_look_at_taken(request, records, err)
		   : -1;
}

int
records_look(const struct records_request *request, struct records *ret,
    struct merkle_prefix *ret_known, struct error *err)
{
	struct error own;

	if (err == NULL)
		err = &own;
	*ret = (struct records){
	    .is_whole = request->scratch != NULL, .fault = JOURNAL_GOOD};
	ret_known->size = 0;
	if (!ret->is_whole)
		return verify_journal(request, ret, ret_known, err);
	if (look_at_all(request, ret, ret_known, err) == 0)
		return 0;
	/* What SQLite cannot make sense of. */
	if (err->code != ERROR_INPUT)
		return -1;
	*ret = (struct records){.is_whole = true, .is_damaged = true};
	ret_known->size = 0;
	return 0;
}
