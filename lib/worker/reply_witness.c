/* What a child tells of a medium's witness. */
#include "lib/worker/field.h"
#include "lib/worker/reply_internal.h"

static void
put_signatures(struct bytes *out, const struct note_signatures *signatures)
{
	bytes_append_u32(out, (uint32_t)signatures->count);
	bytes_append(out, signatures->items,
	    signatures->count * sizeof(signatures->items[0]));
}

static void
take_signatures(struct bytes_reader *in, struct note_signatures *ret)
{
	ret->count = field_take_count(in, NOTE_SIGNATURES_MAX);
	field_take_fixed(in, ret->items, ret->count * sizeof(ret->items[0]));
}

static void
put_note(struct bytes *out, const struct reply_witness_note *note)
{
	bytes_append_u8(out, (uint8_t)note->text);
	bytes_append(out, note->digest, sizeof(note->digest));
	if (note->text != REPLY_WITNESS_TEXT_TAKEN)
		return;
	field_put_text(out, note->checkpoint.origin);
	bytes_append_u64(out, note->checkpoint.size);
	bytes_append(out, note->checkpoint.root, sizeof(note->checkpoint.root));
	put_signatures(out, &note->signatures);
}

static void
take_note(struct bytes_reader *in, struct reply_witness_note *ret)
{
	ret->text =
	    (enum reply_witness_text)field_take_kind(in, REPLY_WITNESS_TEXTS);
	field_take_fixed(in, ret->digest, sizeof(ret->digest));
	if (ret->text != REPLY_WITNESS_TEXT_TAKEN)
		return;
	field_take_text(
	    in, ret->checkpoint.origin, sizeof(ret->checkpoint.origin));
	ret->checkpoint.size = field_take_tally(in);
	field_take_fixed(
	    in, ret->checkpoint.root, sizeof(ret->checkpoint.root));
	take_signatures(in, &ret->signatures);
}

static void
put_token(struct bytes *out, const struct reply_witness_token *token)
{
	bytes_append_u8(out, (uint8_t)token->text);
	bytes_append(out, token->digest, sizeof(token->digest));
	if (token->text != REPLY_WITNESS_TEXT_TAKEN)
		return;
	field_put_text(out, token->token.origin);
	field_put_text(out, token->token.medium);
	bytes_append(out, token->token.random, sizeof(token->token.random));
	put_signatures(out, &token->signatures);
}

static void
take_token(struct bytes_reader *in, struct reply_witness_token *ret)
{
	ret->text =
	    (enum reply_witness_text)field_take_kind(in, REPLY_WITNESS_TEXTS);
	field_take_fixed(in, ret->digest, sizeof(ret->digest));
	if (ret->text != REPLY_WITNESS_TEXT_TAKEN)
		return;
	field_take_text(in, ret->token.origin, sizeof(ret->token.origin));
	field_take_text(in, ret->token.medium, sizeof(ret->token.medium));
	field_take_fixed(in, ret->token.random, sizeof(ret->token.random));
	take_signatures(in, &ret->signatures);
}

void
reply_witness_put(struct bytes *out, const struct reply *reply)
{
	const struct reply_witness *witness = &reply->witness;

	bytes_append_u8(out, (uint8_t)witness->state);
	bytes_append_u64(out, witness->entries);
	bytes_append(out, witness->root, sizeof(witness->root));
	put_note(out, &witness->note);
	put_token(out, &witness->token);
}

void
reply_witness_take(struct bytes_reader *in, struct reply *reply)
{
	struct reply_witness *witness = &reply->witness;

	witness->state =
	    (enum reply_witness_state)field_take_kind(in, REPLY_WITNESS_STATES);
	witness->entries = field_take_tally(in);
	field_take_fixed(in, witness->root, sizeof(witness->root));
	take_note(in, &witness->note);
	take_token(in, &witness->token);
}
