/*
 * messenger: whatever hikaed and a messenger send each other, the other refuses
 * it or gets texts that end and numbers in their range.  The first byte says
 * who sends, the next two are the frame's type.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lib/worker/messenger_message.h"

#define ENDS(text) (memchr(text, '\0', sizeof(text)) != NULL)

static int
is_order_in_range(const struct messenger_order *order)
{
	return ENDS(order->root) && order->root[0] == '/' &&
	       ENDS(order->section) && order->section[0] != '\0' &&
	       ENDS(order->event) && ENDS(order->state) &&
	       ENDS(order->subject) && order->deadline_ms > 0 &&
	       order->deadline_ms <= MESSENGER_DEADLINE_MS_MAX &&
	       order->input_length <= MESSENGER_INPUT_MAX;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	static struct messenger_order order;
	struct messenger_answer answer;
	struct bytes room = BYTES_EMPTY;
	uint16_t type;

	if (length < 3)
		return 0;
	type = (uint16_t)(data[1] << 8 | data[2]);
	if (data[0] == 0) {
		if (messenger_decode_order(
			type, data + 3, length - 3, &order, &room, NULL) == 0 &&
		    (!is_order_in_range(&order) ||
			order.input_length != room.length))
			abort();
	} else if (messenger_decode_answer(
		       type, data + 3, length - 3, &answer, NULL) == 0 &&
		   (answer.outcome >= MESSENGER_OUTCOMES ||
		       !ENDS(answer.said))) {
		abort();
	}
	bytes_done(&room);
	return 0;
}
