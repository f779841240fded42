/*
 * Compressed streams: gzip (RFC 1952), bzip2, xz, Zstandard (RFC 8878), LZ4.
 *
 * Each is decoded to its end, so that every check that it carries is made. What
 * comes out is looked into as a file of its own (inside), and what that says is
 * said of the stream where it is whole: what is wrong inside one that is cut
 * may be so for that reason.
 */
#include <string.h>

#include "lib/format/archive.h"
#include "lib/format/decoder_push.h"
#include "lib/inspect/inside.h"
#include "lib/inspect/inspect_internal.h"

struct state {
	struct decoder_push *push;
	struct inside *inside;
	uint64_t bytes;
	bool is_begun, is_wrong;
	size_t head_length;
	uint8_t head[DECODER_MAGIC_BYTES];
};

/* Three bytes are few for bzip2: a size follows, and a block or the end. */
static bool
is_bzip2(const uint8_t *head, size_t length)
{
	return length >= 10 && head[3] >= '1' && head[3] <= '9' &&
	       (memcmp(head + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0 ||
		   memcmp(head + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

/* Parts of a dump folder have their own inspector. */
static bool
is_it(const char *path, const uint8_t *head, size_t length)
{
	enum decoder_kind kind = decoder_recognise(head, length);

	if (kind == DECODER_NONE || inspect_part_is(path))
		return false;
	return kind != DECODER_BZIP2 || is_bzip2(head, length);
}

static void
take_decoded(void *context, const uint8_t *data, size_t length)
{
	inside_push(context, data, length);
}

static void
begin_decoding(struct inspect *inspect)
{
	const struct archive_limits usual = ARCHIVE_LIMITS_DEFAULT;
	const struct decoder_push_limits limits = {
	    .memory = usual.memory, .bytes = usual.bytes};
	struct state *state = inspect->state;
	enum decoder_kind kind =
	    decoder_recognise(state->head, state->head_length);

	state->is_begun = true;
	state->is_wrong = kind == DECODER_NONE;
	if (state->is_wrong)
		return;
	state->inside = inside_new(inspect->path);
	if (state->inside == NULL)
		return;
	state->push = decoder_push_new(kind, &limits,
	    (struct decoder_push_sink){state->inside, take_decoded});
	if (state->push != NULL)
		decoder_push_give(state->push, state->head, state->head_length);
}

static void
push(struct inspect *inspect, const uint8_t *data, size_t length)
{
	struct state *state = inspect->state;
	size_t taken = sizeof(state->head) - state->head_length;

	state->bytes += length;
	if (!state->is_begun) {
		if (taken > length)
			taken = length;
		memcpy(state->head + state->head_length, data, taken);
		state->head_length += taken;
		if (state->head_length < sizeof(state->head))
			return;
		begin_decoding(inspect);
		data += taken;
		length -= taken;
	}
	if (state->push != NULL && length > 0)
		decoder_push_give(state->push, data, length);
}

/* It is whole: what does it hold? */
static void
tell_inside(struct inspect *inspect, uint64_t unpacked)
{
	struct state *state = inspect->state;
	struct inspect_report report;

	if (!inside_conclude(state->inside, &report)) {
		inspect_count(inspect, "unpacked", unpacked);
		inspect_count(inspect, "not_inspected", 1);
		return;
	}
	for (size_t i = 0; i < report.finding_count; i++)
		report.findings[i].is_inside = true;
	inspect->report.format = report.format;
	inspect->report.is_packed = true;
	inspect_adopt(inspect, &report);
	inspect_count(inspect, "packed", 1);
}

static void
end(struct inspect *inspect)
{
	static const struct {
		enum inspect_severity severity;
		enum inspect_code code;
	} ends[] = {
	    [DECODER_PUSH_WHOLE] = {INSPECT_SOUND, INSPECT_CHECKSUM},
	    [DECODER_PUSH_TRAILING] = {INSPECT_WARNING, INSPECT_TRAILING},
	    [DECODER_PUSH_CUT] = {INSPECT_BROKEN, INSPECT_TRUNCATED},
	    [DECODER_PUSH_DAMAGED] = {INSPECT_BROKEN, INSPECT_CHECKSUM},
	    [DECODER_PUSH_LIMIT] = {INSPECT_UNDETERMINED, INSPECT_TOO_LARGE},
	    [DECODER_PUSH_FAILED] = {INSPECT_UNDETERMINED, INSPECT_NOT_READ},
	};
	struct state *state = inspect->state;
	enum decoder_push_end how = DECODER_PUSH_FAILED;
	uint64_t unpacked = 0;

	if (!state->is_begun)
		begin_decoding(inspect);
	if (state->is_wrong) {
		inspect_find(inspect, INSPECT_BROKEN, INSPECT_MALFORMED, 0);
		return;
	}
	if (state->push != NULL)
		how = decoder_push_conclude(state->push, &unpacked);
	if (ends[how].severity > INSPECT_SOUND)
		inspect_find(
		    inspect, ends[how].severity, ends[how].code, state->bytes);
	/* As a program leaves it that failed in front of its pipe. */
	if (how == DECODER_PUSH_WHOLE && unpacked == 0)
		inspect_find(inspect, INSPECT_WARNING, INSPECT_EMPTY, 0);
	else if (how <= DECODER_PUSH_TRAILING)
		tell_inside(inspect, unpacked);
}

static void
done(struct inspect *inspect)
{
	struct state *state = inspect->state;

	decoder_push_free(state->push);
	inside_free(state->inside);
}

const struct inspect_type inspect_stream = {
    .name = "stream",
    .state_bytes = sizeof(struct state),
    .is_it = is_it,
    .push = push,
    .end = end,
    .done = done,
};
