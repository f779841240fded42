#include "daemon/capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/capture_digest.h"
#include "daemon/capture_foreign.h"
#include "daemon/capture_members.h"
#include "daemon/comparison.h"
#include "daemon/gathering.h"
#include "daemon/ledger.h"
#include "daemon/match.h"
#include "daemon/place.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/store/vault.h"

/* Captures come before verifications: what is new is not known at all yet. */
#define CAPTURE_PRIORITY 10

struct capture {
	struct service *service;
	uint64_t copy, version;
	bool is_first;
	char source_id[CONFIG_ID_BYTES];
	char *locator;
	struct manifest_header header;
	struct vault_draft draft;
	enum reply_place place;
	bool is_captured;
	struct reply_captured captured;
	json_t *slices; /* of the journal entry */
	struct gathering findings;
	bool has_members; /* the copy is an archive */
	struct capture_members members;
	struct jobs_end read; /* how the order that read it ended */
	struct capture_digest digest;
	struct capture_foreign foreign;
	void (*ended)(void *context, uint64_t copy, bool is_good);
	void *context;
};

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
	const struct config_source *source =
	    config_find_source(service->config, capture->source_id);
	struct vault_name name = name_of(capture, capture->version);

	if (source == NULL)
		return error_set(err, ERROR_NOT_FOUND,
		    _("the source is no longer configured"));
	job->kind = JOB_CAPTURE;
	job->header = capture->header;
	if (strlen(capture->locator) >= sizeof(job->locator))
		return error_set(err, ERROR_LIMIT, _("a path is too long"));
	memcpy(job->locator, capture->locator, strlen(capture->locator) + 1);
	if (place_fill_job(service, source, job, err) != 0 ||
	    open_previous(capture, job, err) != 0 ||
	    vault_open_readings(service->state_fd, source->medium_id,
		&job->fds[JOB_FD_READINGS], err) != 0 ||
	    vault_begin(service->state_fd, &name, &capture->draft, err) != 0)
		return -1;
	job->fds[JOB_FD_MANIFEST] = dup(capture->draft.manifest.fd);
	if (job->fds[JOB_FD_MANIFEST] < 0)
		return error_set(
		    err, ERROR_LIMIT, _("too many files are open"));
	return 0;
}

/* An archive has a parser beside its reader. */
static int
prepare_parser(void *context, struct job *job, struct error *err)
{
	struct capture *capture = context;
	struct capture_members *members = &capture->members;
	const struct config_source *source =
	    config_find_source(capture->service->config, capture->source_id);

	if (source == NULL || source->layout != CONFIG_LAYOUT_ARCHIVE)
		return 0;
	memcpy(job->locator, capture->locator, strlen(capture->locator) + 1);
	members->header = capture->header;
	members->header.is_members = true;
	if (capture_members_prepare(members, capture->service, source,
		capture->version, job, err) != 0)
		return -1;
	return 1;
}

static int
take_parser_reply(void *context, const struct reply *reply, struct error *err)
{
	struct capture *capture = context;

	return capture_members_reply(&capture->members, reply, err);
}

static int
keep_frame(struct capture *capture, const struct manifest_slice *frame,
    struct error *err)
{
	json_t *row = json_pack("[I, I, I, I]", (json_int_t)frame->frame_offset,
	    (json_int_t)frame->frame_length, (json_int_t)frame->entries,
	    (json_int_t)frame->bytes);

	if (json_array_append_new(capture->slices, row) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

static int
take_reply(void *context, const struct reply *reply, struct error *err)
{
	struct capture *capture = context;

	switch (reply->kind) {
	case REPLY_BEGUN:
		capture->place = reply->begun.place;
		return 0;
	case REPLY_FINDING:
		return gathering_add(&capture->findings, &reply->finding, err);
	case REPLY_FRAME:
		return keep_frame(capture, &reply->frame, err);
	case REPLY_CAPTURED:
		capture->is_captured = true;
		capture->captured = reply->captured;
		return 0;
	case REPLY_PROGRESS:
	case REPLY_DONE:
	case REPLY_FAILED:
		return 0;
	case REPLY_SLICE:
	case REPLY_CANDIDATE:
	case REPLY_MEMBERS:
	case REPLY_FOREIGN:
	case REPLY_SURVEY:
	case REPLY_DRIFT:
	case REPLY_DIFFERENCE:
	case REPLY_COMPARED:
	case REPLY_DIGEST:
		break;
	}
	return error_set(err, ERROR_PROTOCOL, _("unexpected reply of a child"));
}

/*
 * What the copy is compared with others by: what an archive contains, where
 * all of that is known, and the file itself where that is all that ever will
 * be.  NULL where neither is so.
 */
static const uint8_t *
content_of(const struct capture *capture)
{
	const struct manifest_totals *own = &capture->captured.manifest.totals;
	const struct parse_result *members = &capture->members.result;

	if (!capture->has_members || members->state == PARSE_OPAQUE)
		return own->has_content ? own->content : NULL;
	if (members->state == PARSE_COMPLETE &&
	    members->manifest.totals.has_content)
		return members->manifest.totals.content;
	return NULL;
}

static int
write_captured(
    struct capture *capture, uint64_t *ret_manifest, struct error *err)
{
	const uint8_t *known = content_of(capture);
	const struct reply_captured *captured = &capture->captured;
	const struct manifest_totals *totals = &captured->manifest.totals;
	char sha256[2 * DIGEST_SHA256_BYTES + 1];
	char content[2 * DIGEST_SHA256_BYTES + 1];
	json_t *entry;

	bytes_format_hex(
	    captured->manifest.sha256, DIGEST_SHA256_BYTES, sha256);
	entry = json_pack("{s:s, s:I, s:I, s:s, s:I, s:I, s:I, s:I, s:I, "
			  "s:s, s:I, s:O}",
	    "type", "captured", "copy", (json_int_t)capture->copy, "version",
	    (json_int_t)capture->version, "manifest_sha256", sha256, "entries",
	    (json_int_t)totals->entries, "files", (json_int_t)totals->files,
	    "bytes", (json_int_t)totals->bytes, "bytes_read",
	    (json_int_t)captured->bytes_read +
		(json_int_t)capture->foreign.outcome.bytes_read,
	    "oldest_reading", (json_int_t)captured->oldest_reading, "mode",
	    reply_mode_name(captured->mode), "problems",
	    (json_int_t)captured->problems, "slices", capture->slices);
	if (known != NULL) {
		bytes_format_hex(known, DIGEST_SHA256_BYTES, content);
		(void)json_object_set_new(
		    entry, "content", json_string(content));
	}
	if (capture->has_members)
		(void)json_object_set_new(
		    entry, "members", capture_members_entry(&capture->members));
	/* Beyond what JSON's integers hold is no date of a file. */
	if (captured->newest_file_ms > -JSON_INTEGER_MAX &&
	    captured->newest_file_ms < JSON_INTEGER_MAX)
		(void)json_object_set_new(entry, "newest_file_at",
		    json_integer(captured->newest_file_ms));
	if (capture->foreign.is_settled)
		(void)json_object_set_new(
		    entry, "foreign", capture_foreign_entry(&capture->foreign));
	return ledger_append(capture->service, entry, ret_manifest, err);
}

/* What kept earlier attempts from coming to an end no longer does. */
static int
close_failures(struct capture *capture, struct error *err)
{
	static const enum finding codes[] = {FINDING_NOTHING_FOUND,
	    FINDING_UNREADABLE_NOW, FINDING_WORKER_CRASHED, FINDING_WORKER_HUNG,
	    FINDING_WORKER_LIMIT};
	struct ledger_finding finding = {.copy = capture->copy, .slice = -1};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		finding.code = codes[i];
		if (ledger_close_code(
			capture->service, &finding, "resolved", err) != 0)
			return -1;
	}
	return 0;
}

/*
 * Names without a single byte: folders, links, files of size 0, as a backup
 * leaves them that failed.  There is nothing to call intact (law 1).  What
 * could not be read is another matter.
 */
static bool
is_hollow(const struct capture *capture)
{
	const struct reply_captured *captured = &capture->captured;

	return capture->is_captured && captured->problems == 0 &&
	       captured->manifest.totals.bytes == 0;
}

/* An archive was unpacked anew: what is wrong with it is found again. */
static int
close_members(struct capture *capture, struct error *err)
{
	struct ledger_finding finding = {.copy = capture->copy, .slice = -1};

	if (capture->is_first || !capture->has_members)
		return 0;
	for (int code = 0; code < FINDINGS; code++) {
		finding.code = (enum finding)code;
		if (finding_is_of_members(finding.code) &&
		    ledger_close_code(
			capture->service, &finding, "resolved", err) != 0)
			return -1;
	}
	return 0;
}

/* Manifests first, then the rows that name them. */
static int
commit(struct capture *capture, const struct jobs_end *end, struct error *err)
{
	struct service *service = capture->service;
	bool is_whole = capture->captured.problems == 0;
	uint64_t manifest;

	if (is_hollow(capture))
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is nothing in it"));
	capture->has_members = end->has_parser;
	if (capture->digest.is_told)
		capture->members.digest = &capture->digest.result;
	if (capture->has_members && capture_members_settle(&capture->members,
					service, end, is_whole, err) != 0)
		return -1;
	if (vault_commit(&capture->draft, &capture->header,
		capture->captured.manifest.prehash, &service->keyring.daemon,
		err) != 0)
		return -1;
	if (ledger_begin(service, err) == 0 &&
	    write_captured(capture, &manifest, err) == 0 &&
	    close_failures(capture, err) == 0 &&
	    close_members(capture, err) == 0 &&
	    (capture->is_first || capture_foreign_close(&capture->foreign,
				      service, capture->copy, err) == 0) &&
	    gathering_commit(&capture->findings, service, capture->copy,
		manifest, -1, err) == 0 &&
	    gathering_commit(&capture->members.findings, service, capture->copy,
		manifest, -1, err) == 0 &&
	    gathering_commit(&capture->foreign.findings, service, capture->copy,
		manifest, -1, err) == 0 &&
	    match_generation(
		service, capture->header.generation, capture->copy, err) == 0 &&
	    ledger_commit(service, err) == 0)
		return 0;
	ledger_rollback(service);
	return -1;
}

/* The capture came to nothing: say why, and leave the copy as it was. */
static void
tell_failure(struct capture *capture, const struct jobs_end *end)
{
	char text[ERROR_TEXT_BYTES];

	(void)text_escape(
	    text, sizeof(text), end->error.text, strlen(end->error.text));
	log_event(LOG_LEVEL_WARNING, _("capture of %s on %s: %s (%s)"),
	    capture->header.generation, capture->header.medium,
	    jobs_outcome_name(end->outcome), text);
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

	if (is_hollow(capture))
		finding.code = FINDING_NOTHING_FOUND;
	else if (end->error.code == ERROR_SIGNATURE)
		finding.code = FINDING_SIGNATURE_INVALID;
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
	bool is_good = false;

	if (end->outcome == JOBS_DONE && capture->is_captured) {
		is_good = commit(capture, end, &failed.error) == 0;
		failed.outcome = JOBS_FAILED;
	}
	/* A medium that is not the right one is the scan's to tell. */
	if (!is_good && end->outcome != JOBS_CANCELLED &&
	    capture->place == REPLY_PLACE_OK) {
		tell_failure(capture, &failed);
		note_failure(capture, &failed);
	}
	if (is_good)
		comparison_order(capture->service, capture->header.generation,
		    capture->copy);
	capture->ended(capture->context, capture->copy, is_good);
	free_capture(capture);
}

/* The second order's end: a medium that went away is captured again. */
static void
end_foreign(void *context, const struct jobs_end *end)
{
	struct capture *capture = context;

	if (end->outcome != JOBS_DONE)
		capture->place = capture->foreign.place;
	finish(capture, end->outcome == JOBS_DONE ? &capture->read : end);
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
		finish(capture, &capture->read);
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
		finish(capture, &capture->read);
}

static const struct jobs_kind kind = {
    .name = "capture",
    .prepare = prepare,
    .prepare_parser = prepare_parser,
    .reply = take_reply,
    .parser_reply = take_parser_reply,
    .end = end,
};

static void
fill_header(struct capture *capture, const struct capture_request *request)
{
	const struct config_source *source = request->source;
	struct manifest_header *header = &capture->header;

	(void)snprintf(
	    header->system, sizeof(header->system), "%s", source->system_id);
	(void)snprintf(header->generation, sizeof(header->generation), "%s",
	    request->generation);
	(void)snprintf(
	    header->medium, sizeof(header->medium), "%s", source->medium_id);
	(void)snprintf(
	    header->source, sizeof(header->source), "%s", source->id);
	header->slice_bytes = capture->service->config->policy.slice_size;
	header->has_strip = source->strip != CONFIG_NONE;
	header->strip = header->has_strip ? (unsigned)source->strip : 0;
}

int
capture_order(struct service *service, const struct capture_request *request,
    void (*ended)(void *context, uint64_t copy, bool is_good), void *context,
    struct error *err)
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
