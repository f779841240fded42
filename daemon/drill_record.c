/* What the journal says of a drill, and what its steps are worth. */
#include "daemon/drill_record.h"
#include "daemon/drill_entry.h"
#include "daemon/drill_scratch.h"
#include "daemon/ledger.h"

int
drill_record_begin(struct drill *drill, struct error *err)
{
	const struct drill_copy *copy = &drill->copy;

	return ledger_append_alone(drill->drills->service,
	    json_pack("{s:s, s:s, s:I, s:s, s:I, s:I, s:I}", "type", "drill",
		"event", "begin", "copy", (json_int_t)copy->id, "operator",
		drill->operator, "share_ppm", (json_int_t)drill->share_ppm,
		"files_total", (json_int_t)copy->files, "bytes_total",
		(json_int_t)copy->bytes),
	    &drill->view.id, err);
}

int
drill_record_make(
    struct drill *drill, const struct jobs_end *end, struct error *err)
{
	if (end->outcome == JOBS_DONE && drill->scratch_fd >= 0)
		return 0;
	drill_entry_log(drill, end);
	if (end->error.code == ERROR_USAGE) {
		/* Nothing was begun there, and nobody is to look for it. */
		drill_scratch_forget(drill);
		drill_entry_raise(
		    drill, DRILL_UNDETERMINED, "target-on-medium");
	}
	drill_entry_raise(drill, DRILL_UNDETERMINED, "no-scratch");
	(void)err;
	return -1;
}

int
drill_record_plan(
    struct drill *drill, const struct jobs_end *end, struct error *err)
{
	struct jobs_end full = {.outcome = JOBS_FAILED};

	if (end->outcome != JOBS_DONE || !drill->is_told) {
		(void)!drill_entry_fail(drill, "restore", end, err);
		return -1;
	}
	drill->view.bytes_total = drill->plan.bytes;
	if (drill_scratch_check(drill, drill->plan.bytes, &full.error) == 0)
		return 0;
	(void)!drill_entry_fail(drill, "restore", &full, err);
	return -1;
}

static int
commit_findings(struct drill *drill, struct error *err)
{
	struct service *service = drill->drills->service;
	int rc = -1;

	if (drill->findings.count == 0)
		return 0;
	if (ledger_begin(service, err) == 0 &&
	    gathering_commit(&drill->findings, service, drill->copy.id,
		drill->copy.manifest, -1, err) == 0 &&
	    ledger_commit(service, err) == 0)
		rc = 0;
	else
		ledger_rollback(service);
	gathering_clear(&drill->findings);
	return rc;
}

/* What was found on the medium is found there, whatever else happens. */
int
drill_record_restore(
    struct drill *drill, const struct jobs_end *end, struct error *err)
{
	if (commit_findings(drill, err) != 0)
		return -1;
	if (end->outcome == JOBS_DONE && end->parser == JOBS_DONE &&
	    drill->is_restored)
		return 0;
	(void)!drill_entry_fail(drill, "restore", end, err);
	return -1;
}

/* ---- what the restored files say ---- */

int
drill_record_inspected(struct drill *drill,
    const struct contents_result *result, struct error *err)
{
	static const enum drill_outcome outcomes[] = {
	    [INSPECT_SOUND] = DRILL_PASSED,
	    [INSPECT_NOTE] = DRILL_PASSED,
	    [INSPECT_WARNING] = DRILL_WARNING,
	    [INSPECT_UNDETERMINED] = DRILL_UNDETERMINED,
	    [INSPECT_BROKEN] = DRILL_FAILED,
	};
	struct drill_check check = {.kind = "inspect"};

	if (result->format >= INSPECT_FORMATS) {
		drill->no_format = result->files;
		drill->skipped = result->skipped;
		return 0;
	}
	check.name = inspect_format_name((enum inspect_format)result->format);
	check.outcome = outcomes[contents_worst(result)];
	check.reason =
	    result->has_code ? inspect_code_name(result->code) : check.name;
	check.detail = json_pack("{s:I, s:I}", "files",
	    (json_int_t)result->files, "bytes", (json_int_t)result->bytes);
	for (int i = INSPECT_NOTE; i <= INSPECT_BROKEN; i++)
		if (result->severities[i] > 0)
			(void)json_object_set_new(check.detail,
			    inspect_severity_name((enum inspect_severity)i),
			    json_integer((json_int_t)result->severities[i]));
	if (result->has_code)
		(void)json_object_set_new(
		    check.detail, "code", json_string(check.reason));
	for (size_t i = 0; i < result->count_count; i++)
		if (json_object_get(check.detail, result->counts[i].name) ==
		    NULL)
			(void)json_object_set_new(check.detail,
			    result->counts[i].name,
			    json_integer((json_int_t)result->counts[i].value));
	drill->inspected += result->files;
	return drill_entry_check(drill, &check, err);
}

/* Zero files looked into is a failure to look (law 1). */
int
drill_record_inspect_end(
    struct drill *drill, const struct jobs_end *end, struct error *err)
{
	struct drill_check check = {
	    .kind = "inspect",
	    .name = "none",
	    .outcome = DRILL_WARNING,
	    .reason = "nothing-inspected",
	};

	if (end->outcome != JOBS_DONE)
		return drill_entry_fail(drill, "inspect", end, err);
	if (drill->inspected > 0)
		return 0;
	check.detail =
	    json_pack("{s:I}", "files", (json_int_t)drill->plan.files);
	return drill_entry_check(drill, &check, err);
}

/* ---- every byte ---- */

/*
 * Files that should be there.  A second name whose first one was not chosen
 * cannot be: it is no loss, unless names come twice and hide which is which.
 */
static uint64_t
count_missing(const struct drill *drill)
{
	const struct restore_counts *counts = &drill->restored.counts;
	uint64_t missing = drill->proved.missing;

	if (counts->twice > 0)
		return missing;
	return missing > counts->left_out ? missing - counts->left_out : 0;
}

static void
judge_bytes(const struct drill *drill, struct drill_check *check)
{
	const uint64_t missing = count_missing(drill);
	const struct prove_result *proved = &drill->proved;
	const struct restore_counts *counts = &drill->restored.counts;
	const struct restore_stream_result *sent = &drill->sent.result;
	const struct {
		bool holds;
		enum drill_outcome outcome;
		const char *reason;
	} rules[] = {
	    {proved->differing > 0, DRILL_FAILED, "bytes-differ"},
	    {proved->extra > 0, DRILL_FAILED, "files-appeared"},
	    {sent->differing > 0, DRILL_FAILED, "medium-damaged"},
	    {drill->restored.is_archive &&
		    drill->restored.state == PARSE_DAMAGED,
		DRILL_FAILED, "archive-damaged"},
	    {missing > counts->unresolved + sent->unread, DRILL_FAILED,
		"files-missing"},
	    {proved->missing_links > counts->refused_links + sent->unread,
		DRILL_FAILED, "links-missing"},
	    {!drill->restored.is_whole, DRILL_UNDETERMINED, "cut-off"},
	    {missing > 0, DRILL_UNDETERMINED, "files-missing"},
	    {proved->unproved > 0, DRILL_UNDETERMINED, "no-digest"},
	    {proved->files == 0, DRILL_UNDETERMINED, "nothing-restored"},
	    {counts->refused_links + counts->refused_paths +
			counts->refused_special >
		    0,
		DRILL_WARNING, "refused"},
	    {drill->copy.is_undecoded, DRILL_WARNING, "not-decoded"},
	};

	check->outcome = DRILL_PASSED;
	check->reason = "";
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].holds) {
			check->outcome = rules[i].outcome;
			check->reason = rules[i].reason;
			return;
		}
}

int
drill_record_prove(
    struct drill *drill, const struct jobs_end *end, struct error *err)
{
	const struct prove_result *proved = &drill->proved;
	const struct restore_counts *counts = &drill->restored.counts;
	struct drill_check check = {.kind = "restore", .name = "bytes"};

	if (end->outcome != JOBS_DONE || !drill->is_told)
		return drill_entry_fail(drill, "restore", end, err);
	judge_bytes(drill, &check);
	check.detail = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I,"
				 " s:I, s:I, s:I, s:I, s:I}",
	    "files", (json_int_t)proved->files, "bytes",
	    (json_int_t)proved->bytes, "links", (json_int_t)counts->links,
	    "differing", (json_int_t)proved->differing, "missing",
	    (json_int_t)count_missing(drill), "extra",
	    (json_int_t)proved->extra, "unproved", (json_int_t)proved->unproved,
	    "refused_links", (json_int_t)counts->refused_links,
	    "refused_special", (json_int_t)counts->refused_special,
	    "refused_paths", (json_int_t)counts->refused_paths, "of_files",
	    (json_int_t)drill->plan.files_total, "of_bytes",
	    (json_int_t)drill->plan.bytes_total, "no_format",
	    (json_int_t)drill->no_format, "skipped",
	    (json_int_t)drill->skipped);
	if (check.reason[0] != '\0')
		(void)json_object_set_new(
		    check.detail, "reason", json_string(check.reason));
	drill->view.files = proved->files;
	drill->view.bytes = proved->bytes;
	return drill_entry_check(drill, &check, err);
}

/* ---- the end ---- */

static json_t *
end_of(uint64_t drill, const char *outcome, const char *reason)
{
	json_t *entry = json_pack("{s:s, s:s, s:I, s:s}", "type", "drill",
	    "event", "end", "drill", (json_int_t)drill, "outcome", outcome);

	if (reason[0] != '\0')
		(void)json_object_set_new(entry, "reason", json_string(reason));
	return entry;
}

static void
set_numbers(json_t *entry, const struct drill_view *view)
{
	const struct {
		const char *name;
		uint64_t value;
	} numbers[] = {
	    {"files", view->files},
	    {"bytes", view->bytes},
	    {"medium_ms", (uint64_t)view->medium_ms},
	    {"restore_ms", (uint64_t)view->restore_ms},
	    {"check_ms", (uint64_t)view->check_ms},
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		(void)json_object_set_new(entry, numbers[i].name,
		    json_integer((json_int_t)numbers[i].value));
}

int
drill_record_end(struct drill *drill, const char *outcome, struct error *err)
{
	json_t *entry = end_of(drill->view.id, outcome, drill->reason);

	set_numbers(entry, &drill->view);
	return ledger_append_alone(drill->drills->service, entry, NULL, err);
}
