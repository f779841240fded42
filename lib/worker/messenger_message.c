#include "lib/worker/messenger_message.h"

#include <string.h>

#include "lib/base/i18n.h"
#include "lib/worker/field.h"

#define ORDER_FRAME 1
#define ANSWER_FRAME 1

bool
messenger_answer_is_good(const struct messenger_answer *answer)
{
	return answer->outcome == MESSENGER_EXITED && answer->status == 0;
}

int
messenger_send_order(
    int wire, const struct messenger_order *order, struct error *err)
{
	struct bytes out = BYTES_EMPTY;

	field_put_text(&out, order->root);
	field_put_text(&out, order->section);
	field_put_text(&out, order->event);
	field_put_text(&out, order->state);
	field_put_text(&out, order->subject);
	bytes_append_u32(&out, order->deadline_ms);
	bytes_append_block(&out, order->input, order->input_length);
	return field_send(wire, ORDER_FRAME, &out, err);
}

static bool
makes_sense(const struct messenger_order *order)
{
	return order->root[0] == '/' && order->section[0] != '\0' &&
	       order->deadline_ms > 0 &&
	       order->deadline_ms <= MESSENGER_DEADLINE_MS_MAX &&
	       order->input_length <= MESSENGER_INPUT_MAX;
}

int
messenger_decode_order(uint16_t type, const uint8_t *payload, size_t length,
    struct messenger_order *ret, struct bytes *room, struct error *err)
{
	struct bytes_reader in = {payload, length, false};
	const uint8_t *input;

	memset(ret, 0, sizeof(*ret));
	field_take_text(&in, ret->root, sizeof(ret->root));
	field_take_text(&in, ret->section, sizeof(ret->section));
	field_take_text(&in, ret->event, sizeof(ret->event));
	field_take_text(&in, ret->state, sizeof(ret->state));
	field_take_text(&in, ret->subject, sizeof(ret->subject));
	ret->deadline_ms = bytes_take_u32(&in);
	input = bytes_take_block(&in, &ret->input_length);
	if (type != ORDER_FRAME || !bytes_is_consumed(&in) || !makes_sense(ret))
		return error_set(err, ERROR_PROTOCOL, _("malformed job"));
	bytes_append(room, input, ret->input_length);
	ret->input = room->data;
	return bytes_check(room, err);
}

/* An order, and the room for its input. */
struct reception {
	struct messenger_order *order;
	struct bytes *room;
};

static int
decode_order(struct wire_frame *frame, void *context, struct error *err)
{
	const struct reception *reception = context;

	return messenger_decode_order(frame->type, frame->payload,
	    frame->length, reception->order, reception->room, err);
}

int
messenger_receive_order(int wire, struct messenger_order *ret_order,
    struct bytes *room, struct error *err)
{
	struct reception reception = {ret_order, room};

	return field_receive(wire, 0, decode_order, &reception, err);
}

int
messenger_send_answer(
    int wire, const struct messenger_answer *answer, struct error *err)
{
	struct bytes out = BYTES_EMPTY;

	bytes_append_u8(&out, (uint8_t)answer->outcome);
	bytes_append_u32(&out, answer->status);
	bytes_append_u32(&out, answer->elapsed_ms);
	field_put_text(&out, answer->said);
	return field_send(wire, ANSWER_FRAME, &out, err);
}

int
messenger_decode_answer(uint16_t type, const uint8_t *payload, size_t length,
    struct messenger_answer *ret_answer, struct error *err)
{
	struct bytes_reader in = {payload, length, false};

	memset(ret_answer, 0, sizeof(*ret_answer));
	if (type != ANSWER_FRAME)
		return error_set(
		    err, ERROR_PROTOCOL, _("unknown reply of a child"));
	ret_answer->outcome =
	    (enum messenger_outcome)field_take_kind(&in, MESSENGER_OUTCOMES);
	ret_answer->status = bytes_take_u32(&in);
	ret_answer->elapsed_ms = bytes_take_u32(&in);
	field_take_text(&in, ret_answer->said, sizeof(ret_answer->said));
	if (!bytes_is_consumed(&in))
		return error_set(
		    err, ERROR_PROTOCOL, _("malformed reply of a child"));
	return 0;
}
