/* What a look at hikae's own records means for findings and journal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/closing.h"
#include "daemon/ledger.h"
#include "daemon/selfcheck_internal.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/store/query_finding.h"

/* An entry a day; a timer may ring a little early. */
#define ENTRY_MS (24 * CLOCK_HOUR_MS - CLOCK_HOUR_MS / 6)

/* All that is about hikae's own records. */
static const enum finding own_codes[] = {FINDING_JOURNAL_BROKEN,
    FINDING_CATALOG_DAMAGED, FINDING_CATALOG_DIFFERS, FINDING_RECORDS_UNCHECKED,
    FINDING_KEY_EXPOSED, FINDING_KEY_MISSING, FINDING_CONFIG_EXPOSED,
    FINDING_STATE_NEARLY_FULL, FINDING_MANIFEST_MISSING,
    FINDING_SIGNATURE_INVALID};
#define OWN_CODES (sizeof(own_codes) / sizeof(own_codes[0]))

/* What is being written. */
struct writing {
	struct service *service;
	uint64_t findings;  /* that stand now */
	bool is_rest_known; /* see selfcheck_record */
	bool has_changed;
};

struct search {
	uint64_t copy, id;
};

static int
take_open(const struct query_finding *row, void *context, struct error *err)
{
	struct search *search = context;

	(void)err;
	if (row->copy != search->copy || row->slice >= 0 ||
	    row->subject != NULL)
		return 0;
	search->id = row->id;
	return 1;
}

static int
find_open(struct service *service, enum finding code, uint64_t copy,
    uint64_t *ret_id, struct error *err)
{
	const struct query_finding_filter filter = {
	    .only_open = true, .code = finding_name(code), .copy = copy};
	struct search search = {.copy = copy};

	if (query_findings(service->catalog, CATALOG_NOW, &filter, take_open,
		&search, err) != 0)
		return -1;
	*ret_id = search.id;
	return 0;
}

/* What stands is not said again each time. */
static int
raise_finding(
    struct writing *writing, struct ledger_finding *finding, struct error *err)
{
	uint64_t id = 0;

	writing->findings++;
	if (find_open(writing->service, finding->code, finding->copy, &id,
		err) != 0 ||
	    id != 0) {
		json_decref(finding->detail);
		return id != 0 ? 0 : -1;
	}
	writing->has_changed = true;
	return ledger_finding(writing->service, finding, &id, err);
}

/* One about the installation as a whole; the detail is taken over. */
static int
settle(struct writing *writing, enum finding code, bool is_wrong,
    json_t *detail, struct error *err)
{
	struct ledger_finding finding = {
	    .code = code, .slice = -1, .detail = detail};
	uint64_t id = 0;

	if (is_wrong)
		return raise_finding(writing, &finding, err);
	json_decref(detail);
	if (find_open(writing->service, code, 0, &id, err) != 0)
		return -1;
	if (id == 0)
		return 0;
	writing->has_changed = true;
	return ledger_close_finding(writing->service, id, "resolved", err);
}

/* The end of what was begun; rc: whether all of it could be written. */
static int
finish(struct writing *writing, int rc, struct error *err)
{
	if (rc == 0 && writing->has_changed)
		rc = ledger_commit(writing->service, err);
	/* Without effect after a commit. */
	ledger_rollback(writing->service);
	return rc;
}

/* Nothing is signed yet, so nothing is proven, or refuted. */
static bool
is_unproven(enum journal_fault fault)
{
	return fault == JOURNAL_EMPTY || fault == JOURNAL_NO_CHECKPOINT;
}

static int
settle_journal(
    struct writing *writing, const struct records *records, struct error *err)
{
	bool is_broken =
	    records->fault != JOURNAL_GOOD && !is_unproven(records->fault);

	/* A part that is good says nothing of the whole. */
	if (!is_broken && (!records->is_whole || is_unproven(records->fault)))
		return 0;
	return settle(writing, FINDING_JOURNAL_BROKEN, is_broken,
	    is_broken ? json_pack("{s:s, s:I}", "fault",
			    journal_fault_name(records->fault), "entry",
			    (json_int_t)records->fault_seq)
		      : NULL,
	    err);
}

/* A table's name as a word of the journal's. */
static json_t *
describe_table(const char *table)
{
	char word[CATALOG_AUDIT_TABLE_BYTES];

	(void)snprintf(word, sizeof(word), "%s", table);
	for (char *at = word; *at != '\0'; at++)
		if (*at == '_')
			*at = '-';
	return json_pack("{s:s}", "table", word);
}

static int
settle_catalog(
    struct writing *writing, const struct records *records, struct error *err)
{
	bool differs = records->table[0] != '\0';

	if (!records->is_compared)
		return 0;
	return settle(writing, FINDING_CATALOG_DIFFERS, differs,
	    differs ? describe_table(records->table) : NULL, err);
}

static bool
is_wrong(const struct records *records, const struct query_finding *row)
{
	for (size_t i = 0; i < records->wrong_count; i++)
		if (records->wrong[i].copy == row->copy &&
		    strcmp(finding_name(records->wrong[i].code), row->code) ==
			0)
			return true;
	return false;
}

/*
 * A closing's callback.  What a verification found is a verification's to
 * close, and what was found since the child began is newer than what it saw.
 */
static bool
is_mended(const void *context, const struct query_finding *row)
{
	const struct records *records = context;

	return row->detail != NULL &&
	       strstr(row->detail, RECORDS_DETAIL) != NULL &&
	       row->last_seq < records->size && !is_wrong(records, row);
}

/* Findings of an earlier look that this one did not make again. */
static int
close_mended(struct writing *writing, const struct records *records,
    enum finding code, struct error *err)
{
	const struct closing closing = {
	    .among = {.code = finding_name(code)},
	    .is_answered = is_mended,
	    .context = records,
	    .reason = "resolved",
	};
	size_t count;

	if (closing_run(writing->service, &closing, &count, err) != 0)
		return -1;
	writing->has_changed = writing->has_changed || count > 0;
	return 0;
}

static int
settle_manifests(
    struct writing *writing, const struct records *records, struct error *err)
{
	for (size_t i = 0; i < records->wrong_count; i++) {
		const struct records_wrong *wrong = &records->wrong[i];
		struct ledger_finding finding = {
		    .code = wrong->code,
		    .copy = wrong->copy,
		    .manifest = wrong->manifest,
		    .slice = -1,
		    .detail = json_pack("{s:s}", "by", RECORDS_DETAIL),
		};

		if (raise_finding(writing, &finding, err) != 0)
			return -1;
	}
	/* Of those that are not named, nothing is known here. */
	if (records->omitted > 0)
		return 0;
	return close_mended(writing, records, FINDING_MANIFEST_MISSING, err) ==
		       0
		   ? close_mended(
			 writing, records, FINDING_SIGNATURE_INVALID, err)
		   : -1;
}

/* Once a day: that it was done, and how far the manifests were read. */
static int
write_entry(
    struct writing *writing, const struct records *records, struct error *err)
{
	int64_t since = clock_wall_ms() - records->checked_at;

	if (!records->is_compared || (since < ENTRY_MS && since > -ENTRY_MS))
		return 0;
	writing->has_changed = true;
	return ledger_append(writing->service,
	    json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "type", "self-check",
		"entries", (json_int_t)records->size, "manifests",
		(json_int_t)records->manifests, "digested",
		(json_int_t)records->digested, "upto",
		(json_int_t)records->upto, "findings",
		(json_int_t)writing->findings),
	    NULL, err);
}

/* What came since: all that an hourly look that failed had not looked at. */
static int
settle_part(
    struct writing *writing, const struct records *records, struct error *err)
{
	return writing->is_rest_known && records->fault == JOURNAL_GOOD
		   ? settle(
			 writing, FINDING_RECORDS_UNCHECKED, false, NULL, err)
		   : 0;
}

static int
write_all(
    struct writing *writing, const struct records *records, struct error *err)
{
	if (records->is_damaged)
		return settle(
		    writing, FINDING_CATALOG_DAMAGED, true, NULL, err);
	if (settle_journal(writing, records, err) != 0)
		return -1;
	if (!records->is_whole)
		return settle_part(writing, records, err);
	if (settle(writing, FINDING_CATALOG_DAMAGED, false, NULL, err) != 0 ||
	    settle_catalog(writing, records, err) != 0 ||
	    settle_manifests(writing, records, err) != 0 ||
	    settle(writing, FINDING_RECORDS_UNCHECKED,
		is_unproven(records->fault), NULL, err) != 0)
		return -1;
	return write_entry(writing, records, err);
}

int
selfcheck_record(struct service *service, const struct records *records,
    bool is_rest_known, struct error *err)
{
	struct writing writing = {
	    .service = service, .is_rest_known = is_rest_known};

	if (ledger_begin(service, err) != 0)
		return -1;
	return finish(&writing, write_all(&writing, records, err), err);
}

int
selfcheck_record_failure(struct service *service, struct error *err)
{
	struct writing writing = {.service = service};

	if (ledger_begin(service, err) != 0)
		return -1;
	return finish(&writing,
	    settle(&writing, FINDING_RECORDS_UNCHECKED, true, NULL, err), err);
}

int
selfcheck_record_room(struct service *service, const struct room *room,
    bool is_short, struct error *err)
{
	struct writing writing = {.service = service};
	json_t *detail;

	if (ledger_begin(service, err) != 0)
		return -1;
	detail = json_pack("{s:o, s:o, s:o, s:o}", "free_bytes",
	    json_of_u64(room->free_bytes), "reserve_bytes",
	    json_of_u64(room_reserve_bytes(room)), "free_files",
	    json_of_u64(room->free_files), "reserve_files",
	    json_of_u64(room_reserve_files(room)));
	return finish(&writing,
	    settle(&writing, FINDING_STATE_NEARLY_FULL, is_short, detail, err),
	    err);
}

int
selfcheck_record_page(struct service *service, bool is_stale, struct error *err)
{
	struct writing writing = {.service = service};

	if (ledger_begin(service, err) != 0)
		return -1;
	return finish(&writing,
	    settle(&writing, FINDING_REPORT_STALE, is_stale, NULL, err), err);
}

static int
settle_files(struct writing *writing, const struct selfcheck_files *files,
    struct error *err)
{
	if (settle(writing, FINDING_KEY_EXPOSED, files->is_key_exposed, NULL,
		err) != 0 ||
	    settle(writing, FINDING_KEY_MISSING, files->is_key_missing, NULL,
		err) != 0)
		return -1;
	return settle(writing, FINDING_CONFIG_EXPOSED, files->exposed > 0,
	    json_pack("{s:I}", "files", (json_int_t)files->exposed), err);
}

int
selfcheck_record_files(struct service *service,
    const struct selfcheck_files *files, struct error *err)
{
	struct writing writing = {.service = service};

	if (ledger_begin(service, err) != 0)
		return -1;
	return finish(&writing, settle_files(&writing, files, err), err);
}

struct describing {
	json_t *codes;
	uint64_t count;
	enum verdict_exit status;
	enum finding code;
};

static int
take_standing(const struct query_finding *row, void *context, struct error *err)
{
	struct describing *describing = context;

	size_t size = json_array_size(describing->codes);
	const char *name = finding_name(describing->code);

	(void)row;
	(void)err;
	describing->count++;
	if (size == 0 || strcmp(json_string_value(json_array_get(
				    describing->codes, size - 1)),
			     name) != 0)
		(void)json_array_append_new(
		    describing->codes, json_string(name));
	describing->status = verdict_exit_worse(
	    describing->status, finding_severity(describing->code));
	return 0;
}

int
selfcheck_describe(struct service *service, const struct records *records,
    json_t **ret_reply, struct error *err)
{
	struct describing describing = {
	    .codes = json_array(), .status = VERDICT_EXIT_GOOD};

	for (size_t i = 0; i < OWN_CODES; i++) {
		const struct query_finding_filter filter = {
		    .only_open = true, .code = finding_name(own_codes[i])};

		describing.code = own_codes[i];
		if (query_findings(service->catalog, CATALOG_NOW, &filter,
			take_standing, &describing, err) != 0) {
			json_decref(describing.codes);
			return -1;
		}
	}
	*ret_reply = json_pack("{s:s, s:i, s:o, s:o, s:o, s:o, s:o}", "status",
	    verdict_exit_name(describing.status), "exit",
	    (int)describing.status, "entries", json_of_u64(records->size),
	    "manifests", json_of_u64(records->manifests), "digested",
	    json_of_u64(records->digested), "findings",
	    json_of_u64(describing.count), "codes", describing.codes);
	return *ret_reply == NULL
		   ? error_set(err, ERROR_INTERNAL, _("out of memory"))
		   : 0;
}
