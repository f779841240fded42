#include <string.h>

#include "daemon/capture_internal.h"
#include "daemon/capture_sealing.h"
#include "daemon/ledger.h"
#include "daemon/match.h"
#include "daemon/repetition.h"
#include "lib/base/i18n.h"
#include "lib/store/query_slice.h"

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

/* A format that seeks was read a second time, for its members. */
static uint64_t
count_bytes_read(const struct capture *capture)
{
	const struct capture_members *members = &capture->members;
	uint64_t count =
	    capture->captured.bytes_read + capture->foreign.outcome.bytes_read;

	if (capture->has_members && members->is_told &&
	    members->result.is_seeking)
		count += capture->captured.manifest.totals.bytes;
	return count;
}

/* When the copy's oldest byte was read; into context. */
static int
note_oldest(const struct query_copy *row, void *context, struct error *err)
{
	int64_t *oldest = context;

	(void)err;
	*oldest = row->oldest_read_at;
	return 1;
}

/*
 * An entry stands in a closed copy's next manifest also where its bytes were
 * not met: where anything was found, nothing looks fresher than it did.
 */
static int
settle_oldest(struct capture *capture, struct error *err)
{
	const struct config_source *source =
	    config_find_source(capture->service->config, capture->source_id);
	const struct query_copy_filter filter = {.copy = capture->copy};
	int64_t oldest = QUERY_NEVER;

	if (capture->is_first || capture->findings.count == 0 ||
	    (source != NULL && source->layout == CONFIG_LAYOUT_TREE))
		return 0;
	if (query_copies(capture->service->catalog, CATALOG_NOW, &filter,
		note_oldest, &oldest, err) != 0)
		return -1;
	if (oldest != QUERY_NEVER && oldest < capture->captured.oldest_reading)
		capture->captured.oldest_reading = oldest;
	return 0;
}

/*
 * Beyond what JSON's integers hold is no date of a file; one of the far future
 * stays that, so that it is not taken for none.
 */
static void
add_newest(int64_t newest_ms, json_t *entry)
{
	if (newest_ms >= JSON_INTEGER_MAX)
		newest_ms = JSON_INTEGER_MAX - 1;
	if (newest_ms > -JSON_INTEGER_MAX)
		(void)json_object_set_new(
		    entry, "newest_file_at", json_integer(newest_ms));
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
	    (json_int_t)count_bytes_read(capture), "oldest_reading",
	    (json_int_t)captured->oldest_reading, "mode",
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
	if (capture->volume[0] != '\0')
		(void)json_object_set_new(
		    entry, "volume", json_string(capture->volume));
	add_newest(captured->newest_file_ms, entry);
	if (capture->foreign.is_settled)
		(void)json_object_set_new(
		    entry, "foreign", capture_foreign_entry(&capture->foreign));
	capture_survey_add(&capture->survey, entry);
	capture_sealing_add(capture, entry);
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

/* Files of a living tree whose times lie ahead, or none any more. */
static int
judge_times(struct capture *capture, uint64_t manifest, struct error *err)
{
	uint64_t count = capture->captured.future_files, id;
	struct ledger_finding finding = {.code = FINDING_CLOCK_AHEAD,
	    .copy = capture->copy,
	    .manifest = manifest,
	    .slice = -1};

	if (count == 0)
		return ledger_close_code(
		    capture->service, &finding, "resolved", err);
	finding.detail = json_pack("{s:o}", "count", json_of_u64(count));
	return ledger_finding(capture->service, &finding, &id, err);
}

/* An archive that is whole, and in which there are at most empty files. */
static bool
has_hollow_members(const struct capture *capture)
{
	const struct capture_members *members = &capture->members;

	return capture->has_members && members->is_told &&
	       members->result.state == PARSE_COMPLETE &&
	       members->result.bytes == 0;
}

bool
capture_is_hollow(const struct capture *capture)
{
	const struct reply_captured *captured = &capture->captured;

	return capture->is_captured && captured->problems == 0 &&
	       (captured->manifest.totals.bytes == 0 ||
		   has_hollow_members(capture));
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

/* ---- a closed copy that is as it was ---- */

/* The last manifest, and whether the new one has the same bytes. */
struct last {
	char sha256[2 * DIGEST_SHA256_BYTES + 1]; /* of the new one */
	uint64_t version, id;
	bool is_same;
};

static int
look_at_last(const struct query_manifest *row, void *context, struct error *err)
{
	struct last *last = context;

	(void)err;
	if (row->version == last->version) {
		last->id = row->id;
		last->is_same = strcmp(row->sha256, last->sha256) == 0;
	}
	return 1;
}

/*
 * What could not be read still cannot be, and all else stands as it did.  What
 * an archive holds and producers' checksums say lies beside the manifest, and
 * may be news.
 */
static int
find_unchanged(
    const struct capture *capture, struct last *ret_last, struct error *err)
{
	const struct config_source *source =
	    config_find_source(capture->service->config, capture->source_id);

	*ret_last = (struct last){.version = capture->version - 1};
	if (capture->is_first || capture->captured.problems == 0 ||
	    capture->has_members || capture->foreign.is_settled ||
	    source == NULL || source->layout == CONFIG_LAYOUT_TREE)
		return 0;
	bytes_format_hex(capture->captured.manifest.sha256, DIGEST_SHA256_BYTES,
	    ret_last->sha256);
	return query_manifests(capture->service->catalog, CATALOG_NOW,
	    capture->copy, look_at_last, ret_last, err);
}

/* What was found is found again; that is all there is to say. */
static int
record_unchanged(struct capture *capture, uint64_t manifest, struct error *err)
{
	struct service *service = capture->service;

	if (ledger_begin(service, err) == 0 &&
	    close_failures(capture, err) == 0 &&
	    gathering_commit(&capture->findings, service, capture->copy,
		manifest, -1, err) == 0 &&
	    ledger_commit(service, err) == 0)
		return 0;
	ledger_rollback(service);
	return -1;
}

int
capture_record(struct capture *capture, struct error *err)
{
	const struct jobs_end *end = &capture->read;
	struct service *service = capture->service;
	bool is_whole = capture->captured.problems == 0;
	struct last last;
	uint64_t manifest;

	if (capture_is_hollow(capture))
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is nothing in it"));
	if (find_unchanged(capture, &last, err) != 0)
		return -1;
	capture->is_unchanged = last.is_same;
	if (last.is_same)
		return record_unchanged(capture, last.id, err);
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
	    settle_oldest(capture, err) == 0 &&
	    write_captured(capture, &manifest, err) == 0 &&
	    close_failures(capture, err) == 0 &&
	    close_members(capture, err) == 0 &&
	    judge_times(capture, manifest, err) == 0 &&
	    (capture->is_first || capture_foreign_close(&capture->foreign,
				      service, capture->copy, err) == 0) &&
	    gathering_commit(&capture->findings, service, capture->copy,
		manifest, -1, err) == 0 &&
	    gathering_commit(&capture->members.findings, service, capture->copy,
		manifest, -1, err) == 0 &&
	    gathering_commit(&capture->foreign.findings, service, capture->copy,
		manifest, -1, err) == 0 &&
	    capture_survey_judge(&capture->survey, manifest, err) == 0 &&
	    match_generation(
		service, capture->header.generation, capture->copy, err) == 0 &&
	    repetition_judge(service, capture->source_id, err) == 0 &&
	    ledger_commit(service, err) == 0)
		return 0;
	ledger_rollback(service);
	return -1;
}
