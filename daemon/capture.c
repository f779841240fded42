#include "daemon/capture_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/capture_loss.h"
#include "daemon/comparison.h"
#include "daemon/ledger.h"
#include "daemon/place.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/store/query_finding.h"
#include "lib/store/vault.h"

/* Captures come before verifications: what is new is not known at all yet. */
#define CAPTURE_PRIORITY 10
/* A failure that is the same is written again after this long, ms. */
#define FAILURE_ENTRY_MS (6 * CLOCK_HOUR_MS)

static void
free_capture(struct capture *capture)
{
	gathering_clear(&capture->findings);
	capture_members_done(&capture->members);
	capture_foreign_done(&capture->foreign);
	vault_rollback(&capture->draft);
	json_decref(capture->slices);
	free(capture->locator);
	free(capture);
}

static struct vault_name
name_of(const struct capture *capture, uint64_t version)
{
	return (struct vault_name){
	    .system = capture->header.system,
	    .generation = capture->header.generation,
	    .medium = capture->header.medium,
	    .version = version,
	};
}

/* The last version of a living copy's manifest, to be compared with. */
static int
open_previous(const struct capture *capture, struct job *job, struct error *err)
{
	struct vault_name name = name_of(capture, capture->version - 1);

	if (capture->is_first)
		return 0;
	return place_fill_manifest(
	    capture->service, &name, job, &job->fds[JOB_FD_PREVIOUS], err);
}

static int
prepare(void *context, struct job *job, struct error *err)
{
	struct capture *capture = context;
	struct service *service = capture->service;
	const struct config_source *source;
	struct vault_name name = name_of(capture, capture->version);

	if (place_find_source(service, capture->source_id, &source, err) != 0)
		return -1;
	job->kind = JOB_CAPTURE;
	job->ahead_ms = service->config->policy.clock_ahead_ms;
	job->header = capture->header;
	if (strlen(capture->locator) >= sizeof(job->locator))
		return error_set(err, ERROR_LIMIT, _("a path is too long"));
	memcpy(job->locator, capture->locator, strlen(capture->locator) + 1);
	if (place_fill_copy(
		service, source, capture->header.generation, job, err) != 0)
		return -1;
	capture->layout = job->layout;
	if (open_previous(capture, job, err) != 0 ||
	    vault_open_readings(service->state_fd, source->medium_id,
		&job->fds[JOB_FD_READINGS], err) != 0 ||
	    vault_begin(service->state_fd, &name, &capture->draft, err) != 0)
		return -1;
	return place_pass_manifest(capture->draft.manifest.fd, job, err);
}

/*
 * The reader of an archive has a parser that unpacks it, any other one that
 * looks at samples.
 */
static int
prepare_parser(void *context, struct job *job, struct error *err)
{
	struct capture *capture = context;
	struct capture_members *members = &capture->members;
	const struct config_source *source =
	    config_find_source(capture->service->config, capture->source_id);

	if (source == NULL)
		return 0;
	capture->has_members = capture->layout == CONFIG_LAYOUT_ARCHIVE;
	if (!capture->has_members)
		return capture_survey_prepare(
			   &capture->survey, source, job, err) == 0
			   ? 1
			   : -1;
	memcpy(job->locator, capture->locator, strlen(capture->locator) + 1);
	members->header = capture->header;
	if (capture_members_prepare(members, capture->service, source,
		capture->version, job, err) != 0)
		return -1;
	return 1;
}

static int
take_begun(void *context, const struct reply *reply, struct error *err)
{
	struct capture *capture = context;

	(void)err;
	capture->place = reply->begun.place;
	memcpy(capture->volume, reply->begun.volume, sizeof(capture->volume));
	return 0;
}

static int
take_finding(void *context, const struct reply *reply, struct error *err)
{
	struct capture *capture = context;

	return gathering_add(&capture->findings, &reply->finding, err);
}

static int
take_frame(void *context, const struct reply *reply, struct error *err)
{
	const struct manifest_slice *frame = &reply->frame;
	struct capture *capture = context;
	json_t *row = json_pack("[I, I, I, I]", (json_int_t)frame->frame_offset,
	    (json_int_t)frame->frame_length, (json_int_t)frame->entries,
	    (json_int_t)frame->bytes);

	if (json_array_append_new(capture->slices, row) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

static int
take_captured(void *context, const struct reply *reply, struct error *err)
{
	struct capture *capture = context;

	(void)err;
	capture->is_captured = true;
	capture->captured = reply->captured;
	return 0;
}

static const struct reply_handlers replies = {
    .take = {[REPLY_BEGUN] = take_begun,
	[REPLY_FINDING] = take_finding,
	[REPLY_FRAME] = take_frame,
	[REPLY_CAPTURED] = take_captured}};

static int
take_parser_finding(void *context, const struct reply *reply, struct error *err)
{
	struct capture *capture = context;

	return capture_members_take_finding(&capture->members, reply, err);
}

static int
take_parser_members(void *context, const struct reply *reply, struct error *err)
{
	struct capture *capture = context;

	return capture_members_take_result(&capture->members, reply, err);
}

static int
take_parser_survey(void *context, const struct reply *reply, struct error *err)
{
	struct capture *capture = context;

	(void)err;
	capture_survey_reply(&capture->survey, &reply->survey);
	return 0;
}

static const struct reply_handlers parser_replies = {
    .take = {[REPLY_BEGUN] = reply_ignore,
	[REPLY_FINDING] = take_parser_finding,
	[REPLY_MEMBERS] = take_parser_members,
	[REPLY_SURVEY] = take_parser_survey}};

/* The capture came to nothing: say why, and leave the copy as it was. */
/* When a finding that is open was last found; into context. */
static int
note_instant(const struct query_finding *row, void *context, struct error *err)
{
	int64_t *last_at = context;

	(void)err;
	*last_at = row->last_at;
	return 1;
}

/*
 * What fails at each scan in the same way is not written each time: an entry
 * now and then says that it still does.
 */
static bool
is_news(const struct capture *capture, enum finding code)
{
	struct query_finding_filter filter = {.only_open = true,
	    .copy = capture->copy,
	    .code = finding_name(code)};
	int64_t last_at = QUERY_NEVER, now = clock_wall_ms();
	struct error err = {0};

	return query_findings(capture->service->catalog, CATALOG_NOW, &filter,
		   note_instant, &last_at, &err) != 0 ||
	       last_at == QUERY_NEVER || now < last_at ||
	       now - last_at >= FAILURE_ENTRY_MS;
}

static void
note_failure(struct capture *capture, const struct jobs_end *end)
{
	struct ledger_finding finding = {
	    .code = jobs_outcome_finding(end->outcome),
	    .copy = capture->copy,
	    .slice = -1,
	};
	struct error err = {0};
	uint64_t id;

	if (capture_is_hollow(capture))
		finding.code = FINDING_NOTHING_FOUND;
	else if (end->error.code == ERROR_SIGNATURE)
		finding.code = FINDING_SIGNATURE_INVALID;
	if (!is_news(capture, finding.code))
		return;
	if (ledger_begin(capture->service, &err) != 0 ||
	    ledger_finding(capture->service, &finding, &id, &err) != 0 ||
	    ledger_commit(capture->service, &err) != 0) {
		ledger_rollback(capture->service);
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	}
}

/* Nothing more is to come: record it, or say why not. */
static void
finish(struct capture *capture, const struct jobs_end *end)
{
	struct jobs_end failed = *end;
	enum capture_end result = CAPTURE_RECORDED;
	bool is_good = false;

	if (end->outcome == JOBS_DONE && capture->is_captured) {
		is_good = capture_record(capture, &failed.error) == 0;
		failed.outcome = JOBS_FAILED;
	}
	/* A medium that is not the right one is the scan's to tell. */
	if (!is_good && end->outcome != JOBS_CANCELLED &&
	    capture->place == REPLY_PLACE_OK) {
		jobs_outcome_log(
		    "capture", &capture->header, failed.outcome, &failed.error);
		note_failure(capture, &failed);
	}
	if (!is_good)
		result = CAPTURE_FAILED;
	else if (capture->is_unchanged)
		result = CAPTURE_UNCHANGED;
	else
		comparison_order(capture->service, capture->header.generation,
		    capture->copy);
	capture->ended(capture->context, capture->copy, result);
	free_capture(capture);
}

/* The last order's end: what it did not bring is done without. */
static void
end_drift(void *context, const struct jobs_end *end)
{
	struct capture *capture = context;

	finish(capture, end->outcome != JOBS_CANCELLED ? &capture->read : end);
}

/*
 * Compare it with an earlier one, where there are files to compare: of an
 * archive its members, if they are known.
 */
static bool
has_ordered_drift(struct capture *capture)
{
	struct capture_survey *survey = &capture->survey;

	if (capture->read.outcome != JOBS_DONE || !capture->is_captured)
		return false;
	survey->ended = end_drift;
	survey->context = capture;
	capture_survey_settle(survey, capture);
	if (capture->has_members)
		return capture->digest.is_told &&
		       capture->members.result.state == PARSE_COMPLETE &&
		       capture_survey_order(survey, &capture->members.header,
			   capture->members.draft.manifest.fd,
			   CAPTURE_PRIORITY);
	survey->expires_ms = capture_loss_expires(
	    survey->retention_ms, capture->captured.newest_file_ms);
	return (capture->captured.manifest.totals.files > 1 ||
		   survey->is_living) &&
	       capture_survey_order(survey, &capture->header,
		   capture->draft.manifest.fd, CAPTURE_PRIORITY);
}

static void
compare_and_finish(struct capture *capture)
{
	if (!has_ordered_drift(capture))
		finish(capture, &capture->read);
}

/* A medium that went away meanwhile is captured again. */
static void
end_foreign(void *context, const struct jobs_end *end)
{
	struct capture *capture = context;

	if (end->outcome == JOBS_DONE) {
		compare_and_finish(capture);
		return;
	}
	capture->place = capture->foreign.place;
	finish(capture, end);
}

/* Compare it with its producer's checksums first, where there are any. */
static bool
has_ordered_foreign(struct capture *capture, const struct jobs_end *end)
{
	struct capture_foreign *foreign = &capture->foreign;

	if (end->outcome != JOBS_DONE || !capture->is_captured ||
	    !capture->captured.has_lists)
		return false;
	foreign->service = capture->service;
	foreign->source_id = capture->source_id;
	foreign->locator = capture->locator;
	foreign->header = &capture->header;
	foreign->manifest_fd = capture->draft.manifest.fd;
	foreign->ended = end_foreign;
	foreign->context = capture;
	return capture_foreign_order(foreign, CAPTURE_PRIORITY);
}

/* The parser's manifest has been digested, or could not be. */
static void
end_digest(void *context, const struct jobs_end *end)
{
	struct capture *capture = context;

	if (end->outcome == JOBS_CANCELLED)
		finish(capture, end);
	else if (!has_ordered_foreign(capture, &capture->read))
		compare_and_finish(capture);
}

/* Have it digested first, where a parser wrote one that may be signed. */
static bool
has_ordered_digest(struct capture *capture)
{
	struct capture_digest *digest = &capture->digest;
	struct error err = {0};

	if (!capture_members_is_signable(&capture->members, &capture->read) ||
	    capture->captured.problems > 0)
		return false;
	*digest = (struct capture_digest){
	    .service = capture->service,
	    .header = &capture->members.header,
	    .manifest_fd = capture->members.draft.manifest.fd,
	    .ended = end_digest,
	    .context = capture,
	};
	if (capture_digest_order(digest, CAPTURE_PRIORITY, &err) == 0)
		return true;
	log_event(LOG_LEVEL_ERROR, "%s", err.text);
	return false;
}

static void
end(void *context, const struct jobs_end *end)
{
	struct capture *capture = context;

	capture->read = *end;
	if (!has_ordered_digest(capture) &&
	    !has_ordered_foreign(capture, &capture->read))
		compare_and_finish(capture);
}

static const struct jobs_kind kind = {
    .name = "capture",
    .prepare = prepare,
    .prepare_parser = prepare_parser,
    .replies = &replies,
    .parser_replies = &parser_replies,
    .end = end,
};

static void
fill_header(struct capture *capture, const struct capture_request *request)
{
	const struct config_source *source = request->source;
	struct manifest_header *header = &capture->header;

	manifest_header_name(header, source->system_id, request->generation,
	    source->medium_id, source->id);
	header->slice_bytes = capture->service->config->policy.slice_size;
	header->has_strip = source->strip != CONFIG_NONE;
	header->strip = header->has_strip ? (unsigned)source->strip : 0;
}

int
capture_order(struct service *service, const struct capture_request *request,
    void (*ended)(void *context, uint64_t copy, enum capture_end end),
    void *context, struct error *err)
{
	struct capture *capture = calloc(1, sizeof(*capture));
	struct jobs_order order = {
	    .kind = &kind, .context = capture, .priority = CAPTURE_PRIORITY};
	uint64_t id;

	if (capture == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	capture->service = service;
	capture->draft = (struct vault_draft)VAULT_NO_DRAFT;
	capture->members = (struct capture_members)CAPTURE_MEMBERS_NONE;
	capture->place = REPLY_PLACE_OK;
	capture->copy = request->copy;
	capture->version = request->version;
	capture->is_first = request->is_first;
	capture->survey.service = service;
	capture->survey.copy = request->copy;
	capture->survey.is_living =
	    request->source->layout == CONFIG_LAYOUT_TREE;
	capture->survey.retention_ms = request->source->retention_ms;
	capture->ended = ended;
	capture->context = context;
	fill_header(capture, request);
	(void)snprintf(capture->source_id, sizeof(capture->source_id), "%s",
	    request->source->id);
	capture->locator = strdup(request->locator);
	capture->slices = json_array();
	(void)snprintf(order.medium, sizeof(order.medium), "%s",
	    request->source->medium_id);
	(void)snprintf(order.label, sizeof(order.label), "%s %s",
	    request->generation, request->source->medium_id);
	if (capture->locator == NULL || capture->slices == NULL)
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
	else if (jobs_add(service->jobs, &order, &id, err) == 0)
		return 0;
	free_capture(capture);
	return -1;
}
