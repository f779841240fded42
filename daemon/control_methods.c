/* The methods of io.hikae.Control, one function each, in one table. */
#include <stdlib.h>
#include <string.h>

#include "daemon/bundle.h"
#include "daemon/control_call.h"
#include "daemon/control_drill.h"
#include "daemon/control_evidence.h"
#include "daemon/control_media.h"
#include "daemon/control_notify.h"
#include "daemon/control_records.h"
#include "daemon/control_requirements.h"
#include "daemon/discovery.h"
#include "daemon/expiry.h"
#include "daemon/media.h"
#include "daemon/notices.h"
#include "daemon/refusal.h"
#include "daemon/selfcheck.h"
#include "daemon/standing.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/judge/reason.h"
#include "lib/output/document.h"
#include "lib/output/document_known.h"
#include "lib/store/journal.h"

/* A reply that was built, or not for want of memory. */
static int
reply_with(json_t *reply, json_t **ret_reply, struct error *err)
{
	if (reply == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	*ret_reply = reply;
	return 0;
}

static void
count_job(void *context, const struct jobs_view *view)
{
	json_int_t *counts = context; /* waiting, running, hung */

	counts[view->is_hung ? 2 : view->is_running ? 1 : 0]++;
}

static json_t *
describe_daemon(const struct service *service)
{
	json_int_t counts[3] = {0, 0, 0};
	json_t *daemon;

	jobs_each(service->jobs, count_job, counts);
	daemon = json_pack("{s:s, s:I, s:b, s:I, s:I, s:I}", "version",
	    HIKAE_VERSION, "started_at", (json_int_t)service->started_at,
	    "is_sandboxed", (int)sandbox_is_whole(&service->sandbox),
	    "jobs_waiting", counts[0], "jobs_running", counts[1], "jobs_hung",
	    counts[2]);
	selfcheck_describe_room(service, daemon);
	return daemon;
}

/* What only a running hikaed knows comes first. */
static void
add_reason(json_t *status, enum reason reason)
{
	enum verdict_exit severity = reason_severity(reason);
	enum verdict_exit exit =
	    verdict_exit_worse((enum verdict_exit)json_integer_value(
				   json_object_get(status, "exit")),
		severity);

	(void)json_object_set_new(status, "exit", json_integer(exit));
	(void)json_object_set_new(
	    status, "status", json_string(verdict_exit_name(exit)));
	(void)json_array_insert_new(json_object_get(status, "reasons"), 0,
	    json_pack("{s:s, s:s, s:i}", "code", reason_name(reason),
		"severity", verdict_exit_name(severity), "count", 1));
}

/* It comes first as they do; that it is a finding, too, changes nothing. */
static void
add_refusal(const struct service *service, json_t *status)
{
	const char *name = reason_name(REASON_CONFIG_REFUSED);
	json_t *reasons = json_object_get(status, "reasons"), *reason = NULL;
	size_t i;

	if (!refusal_stands(service))
		return;
	json_array_foreach(reasons, i, reason)
	{
		const char *code =
		    json_string_value(json_object_get(reason, "code"));

		if (code != NULL && strcmp(code, name) == 0)
			break;
	}
	if (i == json_array_size(reasons)) {
		add_reason(status, REASON_CONFIG_REFUSED);
	} else {
		(void)json_array_insert(reasons, 0, reason);
		(void)json_array_remove(reasons, i + 1);
	}
	refusal_describe(service, reasons);
}

static int
run_status(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	json_t *medium;
	size_t i;

	if (control_call_document(call, ret_reply, ret_run, err) != 0)
		return -1;
	json_array_foreach(json_object_get(*ret_reply, "media"), i, medium)
	{
		control_media_add_live(call->service, medium);
	}
	if (call->service->has_faulty_packs)
		add_reason(*ret_reply, REASON_PACK_FAULTY);
	if (media_has_left(call->service->media))
		add_reason(*ret_reply, REASON_MEDIUM_LEFT);
	/* Law 1: what cannot be recorded cannot be good. */
	if (call->service->is_unwritten)
		add_reason(*ret_reply, REASON_NOT_RECORDED);
	add_refusal(call->service, *ret_reply);
	notices_add_live(call->service->notices, *ret_reply);
	(void)json_object_set_new(
	    *ret_reply, "drills", control_drill_describe_all(call->service));
	if (json_object_set_new(
		*ret_reply, "daemon", describe_daemon(call->service)) == 0)
		return 0;
	json_decref(*ret_reply);
	return reply_with(NULL, ret_reply, err);
}

static int
run_findings(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	if (control_call_document(call, ret_reply, ret_run, err) != 0)
		return -1;
	refusal_describe(
	    call->service, json_object_get(*ret_reply, "findings"));
	return 0;
}

static void
add_job(void *context, const struct jobs_view *view)
{
	const struct jobs_order *order = view->order;
	json_t *job = json_pack("{s:I, s:s, s:s, s:b, s:b, s:I, s:I}", "id",
	    (json_int_t)view->id, "kind", order->kind->name, "label",
	    order->label, "is_running", (int)view->is_running, "is_hung",
	    (int)view->is_hung, "waiting_ms", (json_int_t)view->waiting_ms,
	    "running_ms", (json_int_t)view->running_ms);

	if (order->medium[0] != '\0')
		(void)json_object_set_new(
		    job, "medium", json_string(order->medium));
	(void)json_object_set_new(job, "bytes", json_of_u64(view->bytes));
	(void)json_object_set_new(job, "entries", json_of_u64(view->entries));
	if (order->total_bytes != 0)
		(void)json_object_set_new(
		    job, "total_bytes", json_of_u64(order->total_bytes));
	if (order->run != 0)
		(void)json_object_set_new(job, "run", json_of_u64(order->run));
	(void)json_array_append_new(context, job);
}

static int
run_jobs(const struct control_call *call, json_t **ret_reply, uint64_t *ret_run,
    struct error *err)
{
	json_t *jobs = json_array();

	(void)ret_run;
	jobs_each(call->service->jobs, add_job, jobs);
	return reply_with(json_pack("{s:o}", "jobs", jobs), ret_reply, err);
}

static int
run_scan(const struct control_call *call, json_t **ret_reply, uint64_t *ret_run,
    struct error *err)
{
	const char *id = control_call_text(call, "source");
	const struct config_source *source =
	    id == NULL ? NULL : config_find_source(call->service->config, id);
	size_t count = 0;

	(void)ret_run;
	media_hurry(call->service->media);
	if (discovery_scan(call->service->discovery, id, &count, err) != 0)
		return -1;
	media_unrelease(
	    call->service->media, source == NULL ? NULL : source->medium_id);
	return reply_with(
	    json_pack("{s:I}", "count", (json_int_t)count), ret_reply, err);
}

static json_t *
list_media(const struct runs_media *media)
{
	json_t *list = json_array();

	for (size_t i = 0; i < media->count; i++)
		(void)json_array_append_new(list, json_string(media->ids[i]));
	return list;
}

json_t *
control_call_describe_run(const struct runs_view *view)
{
	json_t *run = json_pack("{s:I, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
	    "id", (json_int_t)view->id, "is_ended", (int)view->is_ended,
	    "copies", (json_int_t)view->copies, "slices",
	    (json_int_t)view->slices, "intact", (json_int_t)view->intact,
	    "damaged", (json_int_t)view->damaged, "undetermined",
	    (json_int_t)view->undetermined, "findings",
	    (json_int_t)view->findings, "elapsed_ms",
	    (json_int_t)view->elapsed_ms);

	(void)json_object_set_new(
	    run, "names_damaged", json_of_u64(view->names_damaged));
	(void)json_object_set_new(
	    run, "names_undetermined", json_of_u64(view->names_undetermined));
	(void)json_object_set_new(
	    run, "contents_odd", json_of_u64(view->contents_odd));
	(void)json_object_set_new(run, "contents_undetermined",
	    json_of_u64(view->contents_undetermined));
	(void)json_object_set_new(run, "warnings", json_of_u64(view->warnings));
	(void)json_object_set_new(run, "bytes", json_of_u64(view->bytes));
	(void)json_object_set_new(
	    run, "bytes_done", json_of_u64(view->bytes_done));
	(void)json_object_set_new(
	    run, "bytes_read", json_of_u64(view->bytes_read));
	if (view->beside != 0)
		(void)json_object_set_new(
		    run, "beside", json_of_u64(view->beside));
	(void)json_object_set_new(run, "away", list_media(&view->away));
	(void)json_object_set_new(
	    run, "unmounted", list_media(&view->unmounted));
	(void)json_object_set_new(
	    run, "away_copies", json_of_u64(view->away_copies));
	(void)json_object_set_new(
	    run, "nameless_copies", json_of_u64(view->nameless_copies));
	(void)json_object_set_new(
	    run, "unrecorded_copies", json_of_u64(view->unrecorded_copies));
	if (view->outcome != NULL)
		(void)json_object_set_new(
		    run, "outcome", json_string(view->outcome));
	if (view->canary != NULL)
		(void)json_object_set_new(
		    run, "canary", json_string(view->canary));
	return json_pack("{s:o}", "run", run);
}

/* Nothing was selected: perhaps by a name that nothing has. */
static int
explain_nothing(const struct service *service,
    const struct runs_request *request, struct error *err)
{
	const struct document_names names = {.system = request->system,
	    .generation = request->generation,
	    .medium = request->medium,
	    .source = request->source};
	struct error why = {0};

	if (err->code == ERROR_NOT_FOUND &&
	    document_known_check(service->catalog, CATALOG_NOW, &names, &why) !=
		0)
		*err = why;
	return -1;
}

static int
run_verify(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	const char *level = control_call_text(call, "level");
	struct runs_request request = {
	    .trigger = RUNS_MANUAL,
	    .level = RUNS_FULL,
	    .system = control_call_text(call, "system"),
	    .generation = control_call_text(call, "generation"),
	    .medium = control_call_text(call, "medium"),
	    .source = control_call_text(call, "source"),
	    .copy = control_call_number(call, "copy"),
	    /* Who asks wants it read now. */
	    .not_before = clock_wall_ms(),
	};
	struct runs_view view;
	uint64_t id;

	if (level != NULL && strcmp(level, "quick") == 0)
		request.level = RUNS_QUICK;
	else if (level != NULL && strcmp(level, "members") == 0)
		request.level = RUNS_MEMBERS;
	else if (level != NULL && strcmp(level, "full") != 0)
		return error_set(err, ERROR_USAGE, "level");
	media_hurry(call->service->media);
	media_unrelease(call->service->media, request.medium);
	if (runs_start(call->service->runs, &request, &id, err) != 0)
		return explain_nothing(call->service, &request, err);
	if (runs_look(call->service->runs, id, &view, err) != 0)
		return -1;
	if (call->has_more && !view.is_ended)
		*ret_run = id;
	return reply_with(control_call_describe_run(&view), ret_reply, err);
}

static int
run_cancel(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	uint64_t job = control_call_number(call, "job");
	uint64_t run = control_call_number(call, "run");
	size_t count = 1;

	(void)ret_run;
	if ((job == 0) == (run == 0))
		return error_set(err, ERROR_USAGE, "job");
	if (run != 0 && runs_cancel(call->service->runs, run, err) != 0)
		return -1;
	if (job != 0)
		count = jobs_cancel(call->service->jobs, job);
	if (count == 0)
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such job"));
	return reply_with(
	    json_pack("{s:I}", "count", (json_int_t)count), ret_reply, err);
}

static int
run_expire(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	(void)ret_run;
	if (expiry_declare(
		call->service, control_call_number(call, "copy"), err) != 0)
		return -1;
	return reply_with(json_object(), ret_reply, err);
}

static int
run_reload(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	struct config_problems problems = {.count = 0};
	int rc = service_reload(call->service, &problems);
	json_t *texts = json_array();

	(void)ret_run;
	for (size_t i = 0; i < problems.count; i++)
		(void)json_array_append_new(
		    texts, json_of_bytes(
			       problems.texts[i], strlen(problems.texts[i])));
	rc = reply_with(
	    json_pack("{s:b, s:o, s:I}", "is_loaded", rc == 0, "problems",
		texts, "omitted", (json_int_t)problems.omitted),
	    ret_reply, err);
	config_problems_done(&problems);
	return rc;
}

/* For whoever has minisign and the key, and nothing else. */
static int
sign_note(const struct service *service, const struct bytes *note,
    struct bytes *out, struct error *err)
{
	uint64_t size = 0;

	if (journal_size(service->catalog, &size, err) != 0)
		return -1;
	return bundle_sign_head(service, note, size, out, err);
}

static int
run_checkpoint(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	struct service *service = call->service;
	struct bytes note = BYTES_EMPTY, signature = BYTES_EMPTY;
	int rc = -1;

	(void)ret_run;
	if (service_take_keys(service, err) == 0 &&
	    standing_checkpoint(service, &note, err) == 0 &&
	    sign_note(service, &note, &signature, err) == 0)
		rc = reply_with(
		    json_pack("{s:s%, s:s%}", "note", (const char *)note.data,
			note.length, "minisig", (const char *)signature.data,
			signature.length),
		    ret_reply, err);
	bytes_done(&note);
	bytes_done(&signature);
	return rc;
}

#define READ CONTROL_ROLE_READ
#define ACT CONTROL_ROLE_ACT
#define TEXT(name)               \
	{                        \
		name, 's', false \
	}
#define NUMBER(name)             \
	{                        \
		name, 'i', false \
	}

const struct control_method control_methods_table[] = {
    {"Status", READ, run_status, {{0}}},
    {"Systems", READ, control_call_document, {{0}}},
    {"Generations", READ, control_call_document,
	{TEXT("system"), NUMBER("limit")}},
    {"Copies", READ, control_call_document,
	{TEXT("system"), TEXT("generation"), TEXT("medium"), NUMBER("limit")}},
    {"Findings", READ, run_findings,
	{{"all", 'b', false}, TEXT("code"), TEXT("system"), TEXT("generation"),
	    TEXT("medium"), TEXT("source"), NUMBER("limit")}},
    {"Show", READ, control_call_document,
	{{"what", 's', true}, NUMBER("limit")}},
    {"Jobs", READ, run_jobs, {{0}}},
    {"JournalList", READ, control_call_document,
	{NUMBER("from"), NUMBER("to"), NUMBER("limit")}},
    {"RecoverPlan", READ, control_call_document,
	{TEXT("system"), NUMBER("before")}},
    {"Preflight", ACT, control_records_preflight,
	{{"system", 's', true}, {"max_age_ms", 'i', true}, {"by", 's', true},
	    TEXT("note")}},
    {"Compliance", READ, control_call_document,
	{TEXT("pack"), TEXT("system"), TEXT("requirement"), NUMBER("at")}},
    {"Attestations", READ, control_call_document,
	{TEXT("requirement"), NUMBER("at")}},
    {"Media", READ, control_media_list, {{0}}},
    {"MediaShow", READ, control_media_show, {{"medium", 's', true}}},
    {"MediaRelease", ACT, control_media_release, {{"medium", 's', true}}},
    {"MediaCheckout", ACT, control_media_checkout,
	{{"medium", 's', true}, {"by", 's', true}, {"holder", 's', true},
	    {"place", 's', true}, NUMBER("until"), TEXT("note")}},
    {"MediaCheckin", ACT, control_media_checkin,
	{{"medium", 's', true}, {"by", 's', true}, TEXT("place"),
	    TEXT("note")}},
    {"MediaRetire", ACT, control_media_retire,
	{{"medium", 's', true}, {"by", 's', true}, TEXT("place"),
	    TEXT("note")}},
    {"DrillStart", ACT, control_drill_start,
	{TEXT("system"), TEXT("generation"), TEXT("medium"),
	    NUMBER("share_ppm"), {"operator", 's', true}, TEXT("target"),
	    {"is_kept", 'b', false}, TEXT("secret"), TEXT("key")}},
    {"DrillCancel", ACT, control_drill_cancel,
	{NUMBER("drill"), TEXT("system")}},
    {"Drills", READ, control_drill_list, {TEXT("system"), NUMBER("limit")}},
    {"DrillShow", READ, control_call_document, {{"drill", 'i', true}}},
    {"DrillDue", READ, control_call_document, {{0}}},
    {"DrillSign", ACT, control_drill_sign,
	{{"drill", 'i', true}, {"by", 's', true}, {"observation", 's', true},
	    TEXT("witness"), TEXT("improvement"), NUMBER("due")}},
    {"DrillImproved", ACT, control_drill_improved,
	{{"drill", 'i', true}, {"by", 's', true}, TEXT("note")}},
    {"KeyStatements", READ, control_evidence_keys, {{0}}},
    {"Report", READ, control_evidence_report,
	{NUMBER("from"), NUMBER("to"), TEXT("language")}},
    {"EvidenceExport", ACT, control_evidence_export,
	{{"from", 'i', true}, {"to", 'i', true}, {"kind", 's', true},
	    TEXT("pack"), TEXT("system"), {"with_paths", 'b', false},
	    TEXT("by")}},
    {"Notifications", READ, control_notify_list, {{0}}},
    {"NotifyTest", ACT, control_notify_test, {{"section", 's', true}}},
    {"Acknowledge", ACT, control_notify_acknowledge,
	{NUMBER("finding"), TEXT("code"), TEXT("system"), TEXT("medium"),
	    {"by", 's', true}, {"until", 'i', true}, {"note", 's', true}}},
    {"Scan", ACT, run_scan, {TEXT("source")}},
    {"Verify", ACT, run_verify,
	{TEXT("system"), TEXT("generation"), TEXT("medium"), TEXT("source"),
	    NUMBER("copy"), TEXT("level")}},
    {"SelfCheck", ACT, control_records_selfcheck, {{0}}},
    {"Cancel", ACT, run_cancel, {NUMBER("job"), NUMBER("run")}},
    {"Expire", ACT, run_expire, {NUMBER("copy")}},
    {"Document", ACT, control_requirements_document,
	{{"data", 's', true}, NUMBER("offset")}},
    {"Attest", ACT, control_requirements_attest,
	{{"requirement", 's', true}, {"by", 's', true}, {"until", 'i', true},
	    TEXT("note"), TEXT("document_kind"), TEXT("document_sha256")}},
    {"Withdraw", ACT, control_requirements_withdraw,
	{{"attestation", 'i', true}, {"by", 's', true}, TEXT("note")}},
    {"Accept", ACT, control_records_accept,
	{{"finding", 'i', true}, {"by", 's', true}, {"note", 's', true}}},
    {"Reload", ACT, run_reload, {{0}}},
    {"Checkpoint", ACT, run_checkpoint, {{0}}},
    {NULL, CONTROL_ROLE_ACT, NULL, {{0}}},
};
