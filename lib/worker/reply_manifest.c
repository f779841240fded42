/* What children tell of manifests. */
#include <limits.h>

#include "lib/worker/field.h"
#include "lib/worker/reply_internal.h"

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
	field_put_sealing(out, &captured->carried_sealing);
	bytes_append_u8(out, captured->has_lists);
	bytes_append_u64(out, (uint64_t)captured->oldest_reading);
	bytes_append_u64(out, (uint64_t)captured->newest_file_ms);
	bytes_append_u64(out, captured->future_files);
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
	field_take_sealing(in, &captured->carried_sealing);
	captured->has_lists = field_take_bool(in);
	captured->oldest_reading = (int64_t)bytes_take_u64(in);
	captured->newest_file_ms = (int64_t)bytes_take_u64(in);
	captured->future_files = bytes_take_u64(in);
	captured->mode = (enum reply_mode)field_take_kind(in, REPLY_MODES);
}

static void
put_members(struct bytes *out, const struct reply *reply)
{
	const struct parse_result *members = &reply->members;

	bytes_append_u8(out, (uint8_t)members->state);
	bytes_append_u8(out, (uint8_t)members->encryption);
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
	members->encryption =
	    (enum parse_encryption)field_take_kind(in, PARSE_ENCRYPTIONS);
	members->kind = (enum archive_kind)field_take_kind(in, ARCHIVE_KINDS);
	members->is_seeking = field_take_bool(in);
	members->has_manifest = field_take_bool(in);
	take_summary(in, &members->manifest);
	members->files = bytes_take_u64(in);
	members->bytes = bytes_take_u64(in);
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

	drift->same = field_take_tally(in);
	drift->changed = field_take_tally(in);
	drift->vanished = field_take_tally(in);
	drift->appeared = field_take_tally(in);
	drift->extended = field_take_tally(in);
	drift->before = drift->same + drift->changed + drift->vanished;
	if (drift->before > FIELD_TALLY_MAX ||
	    drift->extended > drift->appeared)
		in->failed = true;
}

static void
put_loss(struct bytes *out, const struct reply *reply)
{
	bytes_append_u64(out, reply->loss.gone);
	bytes_append_u64(out, reply->loss.emptied);
	bytes_append_u64(out, reply->loss.older);
	bytes_append_u64(out, reply->loss.expired);
}

static void
take_loss(struct bytes_reader *in, struct reply *reply)
{
	struct loss *loss = &reply->loss;

	loss->gone = field_take_tally(in);
	loss->emptied = field_take_tally(in);
	loss->older = field_take_tally(in);
	loss->expired = field_take_tally(in);
	if (loss_files(loss) > FIELD_TALLY_MAX)
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

	compared->equal = field_take_tally(in);
	compared->only_first = field_take_tally(in);
	compared->only_second = field_take_tally(in);
	compared->differing = field_take_tally(in);
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

const struct reply_codec *
reply_manifest_codec(enum reply_kind kind)
{
	static const struct reply_codec codecs[] = {
	    [REPLY_FRAME] = {put_frame, take_frame},
	    [REPLY_CAPTURED] = {put_captured, take_captured},
	    [REPLY_MEMBERS] = {put_members, take_members},
	    [REPLY_DRIFT] = {put_drift, take_drift},
	    [REPLY_LOSS] = {put_loss, take_loss},
	    [REPLY_DIFFERENCE] = {put_difference, take_difference},
	    [REPLY_COMPARED] = {put_compared, take_compared},
	    [REPLY_DIGEST] = {put_digest, take_digest},
	};

	if (kind >= sizeof(codecs) / sizeof(codecs[0]) ||
	    codecs[kind].put == NULL)
		return NULL;
	return &codecs[kind];
}
