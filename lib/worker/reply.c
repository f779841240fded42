#include <limits.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/os/wire.h"
#include "lib/worker/field.h"
#include "lib/worker/reply.h"

/* Each kind of reply has a writer and a reader of the same fields. */

static void
put_begun(struct bytes *out, const struct reply *reply)
{
	const struct sandbox_report *sandbox = &reply->begun.sandbox;

	bytes_append_u8(out, (uint8_t)sandbox->landlock_abi);
	bytes_append_u8(out, sandbox->no_new_privs);
	bytes_append_u8(out, sandbox->undumpable);
	bytes_append_u8(out, sandbox->seccomp);
	bytes_append_u8(out, sandbox->limits);
	bytes_append_u8(out, (uint8_t)reply->begun.place);
	bytes_append_u8(out, reply->begun.is_rotational);
	bytes_append_u8(out, reply->begun.has_stable_inodes);
}

/* 0, or what Linux gives as an errno (its last is 4095). */
static int
take_errno(struct bytes_reader *in)
{
	uint32_t value = bytes_take_u32(in);

	if (value > 4095)
		in->failed = true;
	return value > 4095 ? 0 : (int)value;
}

static void
take_begun(struct bytes_reader *in, struct reply *reply)
{
	struct sandbox_report *sandbox = &reply->begun.sandbox;

	sandbox->landlock_abi = bytes_take_u8(in);
	sandbox->no_new_privs = field_take_bool(in);
	sandbox->undumpable = field_take_bool(in);
	sandbox->seccomp = field_take_bool(in);
	sandbox->limits = field_take_bool(in);
	reply->begun.place =
	    (enum reply_place)field_take_kind(in, REPLY_PLACES);
	reply->begun.is_rotational = field_take_bool(in);
	reply->begun.has_stable_inodes = field_take_bool(in);
}

static void
put_progress(struct bytes *out, const struct reply *reply)
{
	bytes_append_u64(out, reply->progress.bytes);
	bytes_append_u64(out, reply->progress.entries);
}

static void
take_progress(struct bytes_reader *in, struct reply *reply)
{
	reply->progress.bytes = bytes_take_u64(in);
	reply->progress.entries = bytes_take_u64(in);
}

static void
put_finding(struct bytes *out, const struct reply *reply)
{
	const struct examine_finding *finding = &reply->finding;

	bytes_append_u8(out, (uint8_t)finding->code);
	bytes_append_block(out, finding->path, finding->path_length);
	bytes_append_u64(out, finding->slice);
	bytes_append_u64(out, finding->expected_size);
	bytes_append_u64(out, finding->actual_size);
	bytes_append_u64(out, finding->offset);
	bytes_append_u32(out, (uint32_t)finding->os_errno);
	bytes_append_u8(out, finding->is_isolated);
}

static void
take_finding(struct bytes_reader *in, struct reply *reply)
{
	struct examine_finding *finding = &reply->finding;

	finding->code = (enum finding)field_take_kind(in, FINDINGS);
	finding->path =
	    (const char *)bytes_take_block(in, &finding->path_length);
	finding->slice = bytes_take_u64(in);
	finding->expected_size = bytes_take_u64(in);
	finding->actual_size = bytes_take_u64(in);
	finding->offset = bytes_take_u64(in);
	finding->os_errno = take_errno(in);
	finding->is_isolated = field_take_bool(in);
}

static void
put_slice(struct bytes *out, const struct reply *reply)
{
	const struct examine_slice *slice = &reply->slice.result;

	bytes_append_u64(out, slice->slice);
	bytes_append_u8(out, (uint8_t)slice->verdict);
	bytes_append_u64(out, slice->entries);
	bytes_append_u64(out, slice->bytes);
	bytes_append_u64(out, slice->bytes_read);
	bytes_append_u64(out, slice->findings);
	bytes_append_u64(out, (uint64_t)slice->read_at);
	bytes_append_u8(out, (uint8_t)reply->slice.mode);
}

static void
take_slice(struct bytes_reader *in, struct reply *reply)
{
	struct examine_slice *slice = &reply->slice.result;

	slice->slice = bytes_take_u64(in);
	slice->verdict = (enum verdict)field_take_kind(in, VERDICTS);
	slice->entries = bytes_take_u64(in);
	slice->bytes = bytes_take_u64(in);
	slice->bytes_read = bytes_take_u64(in);
	slice->findings = bytes_take_u64(in);
	slice->read_at = (int64_t)bytes_take_u64(in);
	reply->slice.mode = (enum reply_mode)field_take_kind(in, REPLY_MODES);
}

static void
put_candidate(struct bytes *out, const struct reply *reply)
{
	const struct examine_candidate *candidate = &reply->candidate;

	bytes_append_block(out, candidate->name, candidate->name_length);
	bytes_append_u8(out, candidate->is_folder);
	bytes_append_u64(out, candidate->entries);
	bytes_append_u64(out, candidate->bytes);
	bytes_append_u64(out, (uint64_t)candidate->newest_ms);
	bytes_append_u64(out, (uint64_t)candidate->own_ms);
	bytes_append_u8(out, candidate->has_marker);
	bytes_append_u32(out, (uint32_t)candidate->problem);
}

static void
take_candidate(struct bytes_reader *in, struct reply *reply)
{
	struct examine_candidate *candidate = &reply->candidate;

	candidate->name =
	    (const char *)bytes_take_block(in, &candidate->name_length);
	candidate->is_folder = field_take_bool(in);
	candidate->entries = bytes_take_u64(in);
	candidate->bytes = bytes_take_u64(in);
	candidate->newest_ms = (int64_t)bytes_take_u64(in);
	candidate->own_ms = (int64_t)bytes_take_u64(in);
	candidate->has_marker = field_take_bool(in);
	candidate->problem = take_errno(in);
}

static void
put_frame(struct bytes *out, const struct reply *reply)
{
	const struct manifest_slice *frame = &reply->frame;

	bytes_append_u64(out, frame->frame_offset);
	bytes_append_u64(out, frame->frame_length);
	bytes_append_u64(out, frame->entries);
	bytes_append_u64(out, frame->bytes);
	bytes_append_u8(out, frame->inside_file);
	bytes_append_u64(out, frame->file_offset);
}

static void
take_frame(struct bytes_reader *in, struct reply *reply)
{
	struct manifest_slice *frame = &reply->frame;

	frame->frame_offset = bytes_take_u64(in);
	frame->frame_length = bytes_take_u64(in);
	frame->entries = bytes_take_u64(in);
	frame->bytes = bytes_take_u64(in);
	frame->inside_file = field_take_bool(in);
	frame->file_offset = bytes_take_u64(in);
}

static void
put_summary(struct bytes *out, const struct manifest_summary *summary)
{
	const struct manifest_totals *totals = &summary->totals;

	bytes_append_u64(out, totals->entries);
	bytes_append_u64(out, totals->files);
	bytes_append_u64(out, totals->bytes);
	bytes_append_u64(out, totals->unread);
	bytes_append_u64(out, totals->slices);
	bytes_append_u8(out, totals->has_content);
	bytes_append(out, totals->content, DIGEST_SHA256_BYTES);
	bytes_append_u64(out, summary->stored_bytes);
	bytes_append(out, summary->sha256, DIGEST_SHA256_BYTES);
	bytes_append(out, summary->prehash, SIGNATURE_PREHASH_BYTES);
}

static void
take_summary(struct bytes_reader *in, struct manifest_summary *summary)
{
	struct manifest_totals *totals = &summary->totals;

	totals->entries = bytes_take_u64(in);
	totals->files = bytes_take_u64(in);
	totals->bytes = bytes_take_u64(in);
	totals->unread = bytes_take_u64(in);
	totals->slices = bytes_take_u64(in);
	totals->has_content = field_take_bool(in);
	field_take_fixed(in, totals->content, DIGEST_SHA256_BYTES);
	summary->stored_bytes = bytes_take_u64(in);
	field_take_fixed(in, summary->sha256, DIGEST_SHA256_BYTES);
	field_take_fixed(in, summary->prehash, SIGNATURE_PREHASH_BYTES);
}

static void
put_captured(struct bytes *out, const struct reply *reply)
{
	const struct reply_captured *captured = &reply->captured;

	put_summary(out, &captured->manifest);
	bytes_append_u64(out, captured->bytes_read);
	bytes_append_u64(out, captured->problems);
	bytes_append_u64(out, captured->carried);
	bytes_append_u8(out, captured->has_lists);
	bytes_append_u64(out, (uint64_t)captured->oldest_reading);
	bytes_append_u64(out, (uint64_t)captured->newest_file_ms);
	bytes_append_u8(out, (uint8_t)captured->mode);
}

static void
take_captured(struct bytes_reader *in, struct reply *reply)
{
	struct reply_captured *captured = &reply->captured;

	take_summary(in, &captured->manifest);
	captured->bytes_read = bytes_take_u64(in);
	captured->problems = bytes_take_u64(in);
	captured->carried = bytes_take_u64(in);
	captured->has_lists = field_take_bool(in);
	captured->oldest_reading = (int64_t)bytes_take_u64(in);
	captured->newest_file_ms = (int64_t)bytes_take_u64(in);
	captured->mode = (enum reply_mode)field_take_kind(in, REPLY_MODES);
}

static void
put_members(struct bytes *out, const struct reply *reply)
{
	const struct parse_result *members = &reply->members;

	bytes_append_u8(out, (uint8_t)members->state);
	bytes_append_u8(out, (uint8_t)members->kind);
	bytes_append_u8(out, members->is_seeking);
	bytes_append_u8(out, members->has_manifest);
	put_summary(out, &members->manifest);
	bytes_append_u64(out, members->files);
	bytes_append_u64(out, members->bytes);
}

static void
take_members(struct bytes_reader *in, struct reply *reply)
{
	struct parse_result *members = &reply->members;

	members->state = (enum parse_state)field_take_kind(in, PARSE_STATES);
	members->kind = (enum archive_kind)field_take_kind(in, ARCHIVE_KINDS);
	members->is_seeking = field_take_bool(in);
	members->has_manifest = field_take_bool(in);
	take_summary(in, &members->manifest);
	members->files = bytes_take_u64(in);
	members->bytes = bytes_take_u64(in);
}

static void
put_foreign(struct bytes *out, const struct reply *reply)
{
	const struct foreign_outcome *foreign = &reply->foreign;

	bytes_append_u8(out, (uint8_t)foreign->origin);
	bytes_append_u8(out, (uint8_t)foreign->result);
	bytes_append_u64(out, foreign->listed);
	bytes_append_u64(out, foreign->agreeing);
	bytes_append_u64(out, foreign->mismatched);
	bytes_append_u64(out, foreign->missing);
	bytes_append_u64(out, foreign->not_comparable);
	bytes_append_u64(out, foreign->unlisted);
	bytes_append_u64(out, foreign->bytes_read);
}

static void
take_foreign(struct bytes_reader *in, struct reply *reply)
{
	struct foreign_outcome *foreign = &reply->foreign;

	foreign->origin =
	    (enum foreign_origin)field_take_kind(in, FOREIGN_ORIGINS);
	foreign->result =
	    (enum foreign_result)field_take_kind(in, FOREIGN_RESULTS);
	foreign->listed = bytes_take_u64(in);
	foreign->agreeing = bytes_take_u64(in);
	foreign->mismatched = bytes_take_u64(in);
	foreign->missing = bytes_take_u64(in);
	foreign->not_comparable = bytes_take_u64(in);
	foreign->unlisted = bytes_take_u64(in);
	foreign->bytes_read = bytes_take_u64(in);
}

/* Counts become integers of the journal: more is no count of files. */
#define TALLY_MAX ((UINT64_C(1) << 53) - 1)

static uint64_t
take_tally(struct bytes_reader *in)
{
	uint64_t value = bytes_take_u64(in);

	if (value > TALLY_MAX)
		in->failed = true;
	return value;
}

static void
put_survey(struct bytes *out, const struct reply *reply)
{
	const struct survey *survey = &reply->survey;

	bytes_append_u64(out, survey->files);
	bytes_append_u64(out, survey->bytes);
	bytes_append_u64(out, survey->known);
	bytes_append_u64(out, survey->claimed);
	bytes_append_u64(out, survey->mismatched);
	bytes_append_u64(out, survey->noisy);
	bytes_append_u64(out, survey->notes);
}

static void
take_survey(struct bytes_reader *in, struct reply *reply)
{
	struct survey *survey = &reply->survey;

	survey->files = take_tally(in);
	survey->bytes = take_tally(in);
	survey->known = take_tally(in);
	survey->claimed = take_tally(in);
	survey->mismatched = take_tally(in);
	survey->noisy = take_tally(in);
	survey->notes = take_tally(in);
	if (survey->known > survey->files ||
	    survey->noisy > survey->files - survey->known ||
	    survey->claimed > survey->files ||
	    survey->mismatched > survey->claimed)
		in->failed = true;
}

static void
put_drift(struct bytes *out, const struct reply *reply)
{
	const struct drift *drift = &reply->drift;

	bytes_append_u64(out, drift->same);
	bytes_append_u64(out, drift->changed);
	bytes_append_u64(out, drift->vanished);
	bytes_append_u64(out, drift->appeared);
	bytes_append_u64(out, drift->extended);
}

static void
take_drift(struct bytes_reader *in, struct reply *reply)
{
	struct drift *drift = &reply->drift;

	drift->same = take_tally(in);
	drift->changed = take_tally(in);
	drift->vanished = take_tally(in);
	drift->appeared = take_tally(in);
	drift->extended = take_tally(in);
	drift->before = drift->same + drift->changed + drift->vanished;
	if (drift->before > TALLY_MAX || drift->extended > drift->appeared)
		in->failed = true;
}

static void
put_difference(struct bytes *out, const struct reply *reply)
{
	const struct reply_difference *difference = &reply->difference;

	bytes_append_u8(out, (uint8_t)difference->kind);
	bytes_append_block(out, difference->path, difference->path_length);
}

static void
take_difference(struct bytes_reader *in, struct reply *reply)
{
	struct reply_difference *difference = &reply->difference;

	difference->kind =
	    (enum compare_kind)field_take_kind(in, COMPARE_KINDS);
	difference->path =
	    (const char *)bytes_take_block(in, &difference->path_length);
	if (difference->path_length > PATH_MAX)
		in->failed = true;
}

static void
put_compared(struct bytes *out, const struct reply *reply)
{
	const struct compare_result *compared = &reply->compared;

	bytes_append_u64(out, compared->equal);
	bytes_append_u64(out, compared->only_first);
	bytes_append_u64(out, compared->only_second);
	bytes_append_u64(out, compared->differing);
	bytes_append_u8(out, compared->is_names_only);
}

static void
take_compared(struct bytes_reader *in, struct reply *reply)
{
	struct compare_result *compared = &reply->compared;

	compared->equal = take_tally(in);
	compared->only_first = take_tally(in);
	compared->only_second = take_tally(in);
	compared->differing = take_tally(in);
	compared->is_names_only = field_take_bool(in);
}

static void
put_digest(struct bytes *out, const struct reply *reply)
{
	bytes_append(out, reply->digest.sha256, DIGEST_SHA256_BYTES);
	bytes_append(out, reply->digest.prehash, SIGNATURE_PREHASH_BYTES);
}

static void
take_digest(struct bytes_reader *in, struct reply *reply)
{
	field_take_fixed(in, reply->digest.sha256, DIGEST_SHA256_BYTES);
	field_take_fixed(in, reply->digest.prehash, SIGNATURE_PREHASH_BYTES);
}

static void
put_nothing(struct bytes *out, const struct reply *reply)
{
	(void)out;
	(void)reply;
}

static void
take_nothing(struct bytes_reader *in, struct reply *reply)
{
	(void)in;
	(void)reply;
}

static void
put_failed(struct bytes *out, const struct reply *reply)
{
	bytes_append_u8(out, (uint8_t)reply->failed.code);
	bytes_append_u32(out, (uint32_t)reply->failed.os_errno);
	bytes_append_block(out, reply->failed.text, strlen(reply->failed.text));
}

static void
take_failed(struct bytes_reader *in, struct reply *reply)
{
	struct error *failed = &reply->failed;
	size_t length;
	const uint8_t *text;

	failed->code = (enum error_code)field_take_kind(in, ERROR_CODES);
	failed->os_errno = take_errno(in);
	text = bytes_take_block(in, &length);
	if (text == NULL || length >= sizeof(failed->text)) {
		in->failed = true;
		return;
	}
	memcpy(failed->text, text, length);
	failed->text[length] = '\0';
}

static const struct {
	void (*put)(struct bytes *, const struct reply *);
	void (*take)(struct bytes_reader *, struct reply *);
} codecs[] = {
    [REPLY_BEGUN] = {put_begun, take_begun},
    [REPLY_PROGRESS] = {put_progress, take_progress},
    [REPLY_FINDING] = {put_finding, take_finding},
    [REPLY_SLICE] = {put_slice, take_slice},
    [REPLY_CANDIDATE] = {put_candidate, take_candidate},
    [REPLY_FRAME] = {put_frame, take_frame},
    [REPLY_CAPTURED] = {put_captured, take_captured},
    [REPLY_MEMBERS] = {put_members, take_members},
    [REPLY_FOREIGN] = {put_foreign, take_foreign},
    [REPLY_SURVEY] = {put_survey, take_survey},
    [REPLY_DRIFT] = {put_drift, take_drift},
    [REPLY_DIFFERENCE] = {put_difference, take_difference},
    [REPLY_COMPARED] = {put_compared, take_compared},
    [REPLY_DIGEST] = {put_digest, take_digest},
    [REPLY_DONE] = {put_nothing, take_nothing},
    [REPLY_FAILED] = {put_failed, take_failed},
};
#define CODECS (sizeof(codecs) / sizeof(codecs[0]))

int
reply_send(int wire, const struct reply *reply, struct error *err)
{
	struct bytes out = BYTES_EMPTY;
	struct wire_frame frame = {.type = (uint16_t)reply->kind};
	int rc = -1;

	codecs[reply->kind].put(&out, reply);
	frame.payload = out.data;
	frame.length = out.length;
	if (bytes_check(&out, err) == 0)
		rc = wire_send(wire, &frame, err);
	bytes_done(&out);
	return rc;
}

int
reply_decode(uint16_t type, const uint8_t *payload, size_t length,
    struct reply *ret_reply, struct error *err)
{
	struct bytes_reader in = {payload, length, false};

	memset(ret_reply, 0, sizeof(*ret_reply));
	if (type < REPLY_BEGUN || type >= CODECS)
		return error_set(
		    err, ERROR_PROTOCOL, _("unknown reply of a child"));
	ret_reply->kind = (enum reply_kind)type;
	codecs[type].take(&in, ret_reply);
	if (!bytes_is_consumed(&in))
		return error_set(
		    err, ERROR_PROTOCOL, _("malformed reply of a child"));
	return 0;
}

const char *
reply_place_name(enum reply_place place)
{
	static const char *const names[REPLY_PLACES] = {
	    [REPLY_PLACE_OK] = "ok",
	    [REPLY_PLACE_WRONG_MEDIUM] = "wrong-medium",
	    [REPLY_PLACE_ABSENT] = "absent",
	    [REPLY_PLACE_UNREADABLE] = "unreadable",
	    [REPLY_PLACE_EMPTY] = "empty",
	};

	return names[place];
}

const char *
reply_mode_name(enum reply_mode mode)
{
	static const char *const names[REPLY_MODES] = {
	    [REPLY_MODE_DIRECT_LOCAL] = "direct-local",
	    [REPLY_MODE_DIRECT_REMOTE] = "direct-remote",
	    [REPLY_MODE_DROPPED] = "dropped",
	    [REPLY_MODE_CACHE_POSSIBLE] = "cache-possible",
	};

	return names[mode];
}
