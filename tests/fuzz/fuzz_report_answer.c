/*
 * report_answer: whatever the child that draws documents sends, the parent
 * refuses it or gets codes that exist and texts that end.  The first two bytes
 * are the frame's type.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lib/worker/report_message.h"

static int
is_in_range(const struct report_answer *answer)
{
	switch (answer->kind) {
	case REPORT_ANSWER_SEAL:
		return strlen(answer->seal.list) < sizeof(answer->seal.list);
	case REPORT_ANSWER_DONE:
		return strlen(answer->done.facts) <
			   sizeof(answer->done.facts) &&
		       answer->done.known.size <= MERKLE_SIZE_MAX;
	case REPORT_ANSWER_FAILED:
		return answer->failed.code != ERROR_NONE &&
		       answer->failed.code < ERROR_CODES &&
		       strlen(answer->failed.text) <
			   sizeof(answer->failed.text);
	case REPORT_ANSWER_HEAD:
		return answer->head <= MERKLE_SIZE_MAX;
	}
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct wire_frame frame = {.fd_count = 0};
	struct report_answer answer;

	if (length < 2)
		return 0;
	frame.type = (uint16_t)(data[0] << 8 | data[1]);
	frame.payload = data + 2;
	frame.length = length - 2;
	if (report_message_decode_answer(&frame, &answer, NULL) == 0 &&
	    !is_in_range(&answer))
		abort();
	return 0;
}
