/* What a child tells of a medium's witness. */
#include "lib/worker/field.h"
#include "lib/worker/reply_internal.h"

void
reply_witness_put(struct bytes *out, const struct reply *reply)
{
	const struct reply_witness *witness = &reply->witness;

	bytes_append_u8(out, (uint8_t)witness->state);
	bytes_append_u64(out, witness->entries);
	bytes_append(out, witness->root, sizeof(witness->root));
	bytes_append_block(out, witness->note, witness->note_length);
	bytes_append_block(out, witness->token, witness->token_length);
}

static const char *
take_text(struct bytes_reader *in, size_t limit, size_t *ret_length)
{
	const uint8_t *text = bytes_take_block(in, ret_length);

	if (text != NULL && *ret_length <= limit)
		return (const char *)text;
	in->failed = true;
	*ret_length = 0;
	return "";
}

void
reply_witness_take(struct bytes_reader *in, struct reply *reply)
{
	struct reply_witness *witness = &reply->witness;

	witness->state =
	    (enum reply_witness_state)field_take_kind(in, REPLY_WITNESS_STATES);
	witness->entries = field_take_tally(in);
	field_take_fixed(in, witness->root, sizeof(witness->root));
	witness->note =
	    take_text(in, REPLY_WITNESS_NOTE_BYTES, &witness->note_length);
	witness->token =
	    take_text(in, REPLY_WITNESS_TOKEN_BYTES, &witness->token_length);
}
