#include "daemon/decoding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/capture_members.h"
#include "daemon/closing.h"
#include "daemon/inspection.h"
#include "daemon/ledger.h"
#include "daemon/place.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/os/file.h"

struct decoding {
	struct service *service;
	struct target_owner owner;
	uint64_t copy, manifest, version;
	struct manifest_header header;
	char *locator;
	char state[32];				   /* at the capture */
	char content[2 * DIGEST_SHA256_BYTES + 1]; /* or "" */
	struct capture_members members;
	struct inspection inspection;
	bool is_whole; /* the reader could read the file */
	char file_content[2 * DIGEST_SHA256_BYTES + 1]; /* as it read it */
	uint64_t bytes_read;
};

static void
free_decoding(struct decoding *decoding)
{
	capture_members_done(&decoding->members);
	inspection_done(&decoding->inspection);
	free(decoding->locator);
	free(decoding);
}

static int
prepare(void *context, struct job *job, struct error *err)
{
	struct decoding *decoding = context;
	const struct config_source *source;

	if (place_find_source(
		decoding->service, decoding->header.source, &source, err) != 0)
		return -1;
	job->kind = JOB_CAPTURE;
	job->header = decoding->header;
	(void)snprintf(
	    job->locator, sizeof(job->locator), "%s", decoding->locator);
	if (place_fill_copy(decoding->service, source,
		decoding->header.generation, job, err) != 0)
		return -1;
	/* A manifest that nobody keeps, and no readings: all is read. */
	return file_temporary(
	    decoding->service->state_fd, &job->fds[JOB_FD_MANIFEST], err);
}

static int
prepare_parser(void *context, struct job *job, struct error *err)
{
	struct decoding *decoding = context;
	struct capture_members *members = &decoding->members;
	const struct config_source *source = config_find_source(
	    decoding->service->config, decoding->header.source);

	if (source == NULL)
		return 0;
	(void)snprintf(
	    job->locator, sizeof(job->locator), "%s", decoding->locator);
	members->header = decoding->header;
	if (capture_members_prepare(members, decoding->service, source,
		decoding->version, job, err) != 0)
		return -1;
	job->is_inspecting = true;
	return 1;
}

static int
take_captured(void *context, const struct reply *reply, struct error *err)
{
	struct decoding *decoding = context;
	const struct manifest_totals *totals = &reply->captured.manifest.totals;

	(void)err;
	decoding->is_whole = reply->captured.problems == 0;
	decoding->bytes_read = reply->captured.bytes_read;
	if (totals->has_content)
		bytes_format_hex(totals->content, DIGEST_SHA256_BYTES,
		    decoding->file_content);
	return 0;
}

/* Of the reader only whether it read everything. */
static const struct reply_handlers replies = {
    .take = {[REPLY_BEGUN] = reply_ignore,
	[REPLY_FINDING] = reply_ignore,
	[REPLY_FRAME] = reply_ignore,
	[REPLY_CAPTURED] = take_captured}};

static int
take_finding(void *context, const struct reply *reply, struct error *err)
{
	struct decoding *decoding = context;

	if (finding_is_of_content(reply->finding.code))
		return inspection_take_finding(
		    &decoding->inspection, reply, err);
	return capture_members_take_finding(&decoding->members, reply, err);
}

static int
take_members(void *context, const struct reply *reply, struct error *err)
{
	struct decoding *decoding = context;

	return capture_members_take_result(&decoding->members, reply, err);
}

static int
take_inspected(void *context, const struct reply *reply, struct error *err)
{
	struct decoding *decoding = context;

	return inspection_take_result(&decoding->inspection, reply, err);
}

/* Hints are asked for where a copy is captured, and there alone. */
static const struct reply_handlers parser_replies = {
    .take = {[REPLY_BEGUN] = reply_ignore,
	[REPLY_FINDING] = take_finding,
	[REPLY_MEMBERS] = take_members,
	[REPLY_SURVEY] = reply_ignore,
	[REPLY_INSPECTED] = take_inspected}};

static int
add_finding(struct decoding *decoding, enum finding code, struct error *err)
{
	struct examine_finding finding = {
	    .code = code, .path = "", .slice = EXAMINE_NO_SLICE};

	return gathering_add(&decoding->members.findings, &finding, err);
}

/* What was not decoded to its end is not intact, whatever was told of it. */
static enum verdict
verdict_of_state(enum parse_state state)
{
	switch (state) {
	case PARSE_COMPLETE:
	case PARSE_OPAQUE:
		return VERDICT_INTACT;
	case PARSE_DAMAGED:
		return VERDICT_DAMAGED;
	case PARSE_PARTIAL:
		break;
	}
	return VERDICT_UNDETERMINED;
}

/*
 * Whether what was decoded is what the capture decoded.  A capture that did not
 * come to the end of it (a limit, since raised) left nothing to compare with.
 */
static bool
is_as_captured(const struct decoding *decoding)
{
	const struct parse_result *result = &decoding->members.result;
	const struct manifest_totals *totals = &result->manifest.totals;
	char content[2 * DIGEST_SHA256_BYTES + 1];

	if (strcmp(decoding->state, parse_state_name(PARSE_PARTIAL)) == 0)
		return true;
	if (strcmp(decoding->state, parse_state_name(result->state)) != 0)
		return false;
	if (result->state != PARSE_COMPLETE || decoding->content[0] == '\0')
		return true;
	bytes_format_hex(totals->content, DIGEST_SHA256_BYTES, content);
	return totals->has_content && strcmp(content, decoding->content) == 0;
}

/* The verdict on the members, with a finding where it is not good. */
static int
judge(struct decoding *decoding, const struct jobs_end *end,
    enum verdict *ret_verdict, struct error *err)
{
	struct gathering *findings = &decoding->members.findings;

	*ret_verdict = VERDICT_UNDETERMINED;
	if (end->outcome != JOBS_DONE || !decoding->is_whole ||
	    end->parser != JOBS_DONE || !decoding->members.is_told) {
		gathering_clear(findings);
		return add_finding(decoding, FINDING_ARCHIVE_UNCHECKED, err);
	}
	*ret_verdict = verdict_of_state(decoding->members.result.state);
	for (size_t i = 0; i < findings->count; i++)
		*ret_verdict = verdict_worse(
		    *ret_verdict, finding_verdict(findings->items[i].code));
	/* Nothing that was told explains that it is something else now. */
	if (*ret_verdict == VERDICT_INTACT && !is_as_captured(decoding)) {
		*ret_verdict = VERDICT_DAMAGED;
		return add_finding(decoding, FINDING_ARCHIVE_DAMAGED, err);
	}
	return 0;
}

/* A closing's callback: what an earlier decoding found, and this one not. */
static bool
is_gone(const void *context, const struct query_finding *row)
{
	enum finding code;

	return finding_parse(row->code, &code) == 0 &&
	       finding_is_of_members(code) && !gathering_has(context, row->id);
}

/* Only of a decoding that came to its end. */
static int
close_answered(struct decoding *decoding, struct error *err)
{
	const struct closing closing = {
	    .among = {.copy = decoding->copy},
	    .is_answered = is_gone,
	    .context = &decoding->members.findings,
	    .reason = "read-good",
	};

	return closing_run(decoding->service, &closing, NULL, err);
}

/*
 * Whether what was looked into is what was captured: members that are the same,
 * or an opaque file that is.  A limit left nothing to compare with; of what was
 * damaged then nobody knows.
 */
static bool
is_as_recorded(const struct decoding *decoding)
{
	if (!is_as_captured(decoding) ||
	    strcmp(decoding->state, parse_state_name(PARSE_DAMAGED)) == 0)
		return false;
	return strcmp(decoding->state, parse_state_name(PARSE_OPAQUE)) != 0 ||
	       (decoding->content[0] != '\0' &&
		   strcmp(decoding->content, decoding->file_content) == 0);
}

static int
settle_inspection(struct decoding *decoding, const struct jobs_end *end,
    enum verdict verdict, struct error *err)
{
	bool is_whole = end->outcome == JOBS_DONE && decoding->is_whole &&
			end->parser == JOBS_DONE && decoding->members.is_told;
	const struct inspection_end how = {
	    .is_whole = is_whole,
	    .is_as_recorded = is_whole && is_as_recorded(decoding),
	    /* What could not be decoded has findings of its own. */
	    .may_skip = true,
	    .is_told_elsewhere = verdict != VERDICT_INTACT,
	    .is_opaque =
		strcmp(decoding->state, parse_state_name(PARSE_OPAQUE)) == 0,
	};

	return inspection_settle(&decoding->inspection, &how, err);
}

static int
commit(struct decoding *decoding, enum verdict verdict,
    struct inspection_counts *counts, struct error *err)
{
	struct service *service = decoding->service;

	if (ledger_begin(service, err) != 0)
		return -1;
	if (gathering_commit(&decoding->members.findings, service,
		decoding->copy, decoding->manifest, -1, err) == 0 &&
	    (verdict == VERDICT_UNDETERMINED ||
		close_answered(decoding, err) == 0) &&
	    inspection_commit(&decoding->inspection, counts, err) == 0 &&
	    ledger_commit(service, err) == 0)
		return 0;
	ledger_rollback(service);
	return -1;
}

static void
end(void *context, const struct jobs_end *end)
{
	struct decoding *decoding = context;
	struct target_owner owner = decoding->owner;
	enum target_end ended = TARGET_CANCELLED;
	struct examine_slice result = {.slice = EXAMINE_NO_SLICE};
	struct inspection_counts counts = {0};
	struct error err = {0};

	if (end->outcome != JOBS_CANCELLED) {
		ended = TARGET_FAILED;
		if (judge(decoding, end, &result.verdict, &err) == 0 &&
		    settle_inspection(decoding, end, result.verdict, &err) ==
			0 &&
		    commit(decoding, result.verdict, &counts, &err) == 0) {
			result.findings = decoding->members.findings.count;
			owner.slice(owner.context, &result,
			    decoding->members.findings.warnings);
			owner.contents(owner.context, &counts);
			ended = TARGET_ANSWERED;
		} else {
			log_event(LOG_LEVEL_ERROR, "%s", err.text);
		}
	}
	free_decoding(decoding);
	owner.ended(owner.context, ended);
}

static const struct jobs_kind kind = {
    .name = "decode",
    .prepare = prepare,
    .prepare_parser = prepare_parser,
    .replies = &replies,
    .parser_replies = &parser_replies,
    .end = end,
};

/* Copy what must outlive the request; false without memory. */
static bool
copy_request(struct decoding *decoding, const struct decoding_request *request)
{
	decoding->copy = request->copy;
	decoding->manifest = request->manifest;
	decoding->version = request->version;
	manifest_header_name(&decoding->header, request->system,
	    request->generation, request->medium, request->source_id);
	(void)snprintf(
	    decoding->state, sizeof(decoding->state), "%s", request->state);
	if (request->content != NULL)
		(void)snprintf(decoding->content, sizeof(decoding->content),
		    "%s", request->content);
	decoding->locator = strdup(request->locator);
	return decoding->locator != NULL;
}

int
decoding_order(struct service *service, const struct decoding_request *request,
    const struct target_owner *owner, struct error *err)
{
	struct decoding *decoding = calloc(1, sizeof(*decoding));
	struct jobs_order order = {
	    .kind = &kind,
	    .context = decoding,
	    .run = request->run,
	    .priority = request->priority,
	};
	uint64_t id;

	if (decoding == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	decoding->service = service;
	decoding->owner = *owner;
	decoding->members = (struct capture_members)CAPTURE_MEMBERS_NONE;
	inspection_init(&decoding->inspection, service, request->copy,
	    request->manifest, request->run);
	decoding->header.slice_bytes = service->config->policy.slice_size;
	(void)snprintf(
	    order.medium, sizeof(order.medium), "%s", request->medium);
	(void)snprintf(order.label, sizeof(order.label), "%s %s",
	    request->generation, request->medium);
	if (!copy_request(decoding, request))
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
	else if (jobs_add(service->jobs, &order, &id, err) == 0)
		return 0;
	free_decoding(decoding);
	return -1;
}
