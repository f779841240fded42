#include <assert.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/worker/field.h"
#include "lib/worker/reply_internal.h"

/* Each kind of reply has a writer and a reader of the same fields. */

static void
put_begun(struct bytes *out, const struct reply *reply)
{
	field_put_sandbox(out, &reply->begun.sandbox);
	bytes_append_u8(out, (uint8_t)reply->begun.place);
	bytes_append_u8(out, reply->begun.is_rotational);
	bytes_append_u8(out, reply->begun.has_stable_inodes);
	field_put_text(out, reply->begun.volume);
}

static void
take_begun(struct bytes_reader *in, struct reply *reply)
{
	field_take_sandbox(in, &reply->begun.sandbox);
	reply->begun.place =
	    (enum reply_place)field_take_kind(in, REPLY_PLACES);
	reply->begun.is_rotational = field_take_bool(in);
	reply->begun.has_stable_inodes = field_take_bool(in);
	field_take_text(in, reply->begun.volume, sizeof(reply->begun.volume));
	if (!volume_is_valid(reply->begun.volume))
		in->failed = true;
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
	bytes_append_u8(out, (uint8_t)finding->format);
	bytes_append_u8(out, (uint8_t)finding->fault);
	bytes_append_u8(out, finding->is_inside);
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
	finding->os_errno = field_take_errno(in);
	finding->is_isolated = field_take_bool(in);
	finding->format = field_take_kind(in, INSPECT_FORMATS + 1);
	finding->fault = field_take_kind(in, INSPECT_CODES + 1);
	finding->is_inside = field_take_bool(in);
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
	bytes_append_u64(out, slice->files);
	bytes_append_u64(out, slice->immutable);
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
	slice->files = bytes_take_u64(in);
	slice->immutable = bytes_take_u64(in);
	if (slice->immutable > slice->files)
		in->failed = true;
	slice->read_at = (int64_t)bytes_take_u64(in);
	reply->slice.mode = (enum reply_mode)field_take_kind(in, REPLY_MODES);
}

static void
put_candidate(struct bytes *out, const struct reply *reply)
{
	const struct examine_candidate *candidate = &reply->candidate;

	bytes_append_block(out, candidate->name, candidate->name_length);
	bytes_append_u8(out, candidate->is_folder);
	bytes_append_u8(out, candidate->is_other_kind);
	bytes_append_u64(out, candidate->entries);
	bytes_append_u64(out, candidate->bytes);
	bytes_append_u64(out, (uint64_t)candidate->newest_ms);
	bytes_append_u64(out, (uint64_t)candidate->own_ms);
	bytes_append_u64(out, (uint64_t)candidate->oldest_ms);
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
	candidate->is_other_kind = field_take_bool(in);
	candidate->entries = bytes_take_u64(in);
	candidate->bytes = bytes_take_u64(in);
	candidate->newest_ms = (int64_t)bytes_take_u64(in);
	candidate->own_ms = (int64_t)bytes_take_u64(in);
	candidate->oldest_ms = (int64_t)bytes_take_u64(in);
	candidate->has_marker = field_take_bool(in);
	candidate->problem = field_take_errno(in);
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
	field_put_sealing(out, &survey->sealing);
}

static void
take_survey(struct bytes_reader *in, struct reply *reply)
{
	struct survey *survey = &reply->survey;

	survey->files = field_take_tally(in);
	survey->bytes = field_take_tally(in);
	survey->known = field_take_tally(in);
	survey->claimed = field_take_tally(in);
	survey->mismatched = field_take_tally(in);
	survey->noisy = field_take_tally(in);
	survey->notes = field_take_tally(in);
	field_take_sealing(in, &survey->sealing);
	if (survey->known > survey->files ||
	    survey->noisy > survey->files - survey->known ||
	    survey->claimed > survey->files ||
	    survey->mismatched > survey->claimed)
		in->failed = true;
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
	field_put_error(out, &reply->failed);
}

static void
take_failed(struct bytes_reader *in, struct reply *reply)
{
	field_take_error(in, &reply->failed);
}

static const struct reply_codec codecs[] = {
    [REPLY_BEGUN] = {put_begun, take_begun},
    [REPLY_PROGRESS] = {put_progress, take_progress},
    [REPLY_FINDING] = {put_finding, take_finding},
    [REPLY_SLICE] = {put_slice, take_slice},
    [REPLY_CANDIDATE] = {put_candidate, take_candidate},
    [REPLY_FOREIGN] = {put_foreign, take_foreign},
    [REPLY_SURVEY] = {put_survey, take_survey},
    [REPLY_WITNESS] = {reply_witness_put, reply_witness_take},
    [REPLY_READY] = {put_nothing, take_nothing},
    [REPLY_DONE] = {put_nothing, take_nothing},
    [REPLY_FAILED] = {put_failed, take_failed},
};
#define CODECS (sizeof(codecs) / sizeof(codecs[0]))

/* NULL for a kind that there is not. */
static const struct reply_codec *
codec_of(unsigned kind)
{
	if (kind < REPLY_BEGUN || kind >= CODECS)
		return NULL;
	if (codecs[kind].put != NULL)
		return &codecs[kind];
	if (reply_manifest_codec((enum reply_kind)kind) != NULL)
		return reply_manifest_codec((enum reply_kind)kind);
	return reply_drill_codec((enum reply_kind)kind);
}

/* The one reply that a descriptor goes with. */
static int
send_scratch(int wire, const struct reply *reply, struct error *err)
{
	struct bytes out = BYTES_EMPTY;
	struct wire_frame frame = {
	    .type = REPLY_SCRATCH, .fds = {reply->scratch.fd}, .fd_count = 1};
	int rc;

	codec_of(REPLY_SCRATCH)->put(&out, reply);
	frame.payload = out.data;
	frame.length = out.length;
	rc = wire_send(wire, &frame, err);
	bytes_done(&out);
	return rc;
}

int
reply_send(int wire, const struct reply *reply, struct error *err)
{
	struct bytes out = BYTES_EMPTY;
	const struct reply_codec *codec = codec_of(reply->kind);

	assert(codec != NULL);
	if (reply->kind == REPLY_SCRATCH)
		return send_scratch(wire, reply, err);
	codec->put(&out, reply);
	return field_send(wire, (uint16_t)reply->kind, &out, err);
}

int
reply_decode(uint16_t type, const uint8_t *payload, size_t length,
    struct reply *ret_reply, struct error *err)
{
	struct bytes_reader in = {payload, length, false};
	const struct reply_codec *codec = codec_of(type);

	memset(ret_reply, 0, sizeof(*ret_reply));
	if (codec == NULL)
		return error_set(
		    err, ERROR_PROTOCOL, _("unknown reply of a child"));
	ret_reply->kind = (enum reply_kind)type;
	codec->take(&in, ret_reply);
	if (!bytes_is_consumed(&in))
		return error_set(
		    err, ERROR_PROTOCOL, _("malformed reply of a child"));
	return 0;
}

int
reply_handle(const struct reply_handlers *handlers, void *context,
    const struct reply *reply, struct error *err)
{
	if (handlers->take[reply->kind] != NULL)
		return handlers->take[reply->kind](context, reply, err);
	if (reply->kind == REPLY_PROGRESS)
		return 0;
	return error_set(err, ERROR_PROTOCOL, _("unexpected reply of a child"));
}

int
reply_ignore(void *context, const struct reply *reply, struct error *err)
{
	(void)context;
	(void)reply;
	(void)err;
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
