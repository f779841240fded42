/*
 * Compressed streams: gzip (RFC 1952), bzip2, xz, Zstandard (RFC 8878), LZ4.
 *
 * Each is decoded to its end, so that every check that it carries is made; what
 * comes out is counted and dropped, and not looked at.
 */
#include <string.h>

#include "lib/format/archive.h"
#include "lib/format/decoder_push.h"
#include "lib/inspect/inspect_internal.h"

struct state {
	struct decoder_push *push;
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
	state->push = decoder_push_new(
	    kind, &limits, (struct decoder_push_sink){.take = NULL});
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
	/* Where it did not come to its end, the number means nothing. */
	if (how <= DECODER_PUSH_TRAILING)
		inspect_count(inspect, "unpacked", unpacked);
}

static void
done(struct inspect *inspect)
{
	struct state *state = inspect->state;

	decoder_push_free(state->push);
}

const struct inspect_type inspect_stream = {
    .name = "stream",
    .state_bytes = sizeof(struct state),
    .is_it = is_it,
    .push = push,
    .end = end,
    .done = done,
};
