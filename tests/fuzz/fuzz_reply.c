/*
 * reply: whatever a child sends, the parent refuses it or gets enumerators that
 * exist.  The first two bytes are the frame's type.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lib/worker/reply.h"

static int
is_in_range(const struct reply *reply)
{
	if (reply->kind == REPLY_BEGUN)
		return reply_place_name(reply->begun.place) != NULL;
	if (reply->kind == REPLY_FINDING)
		return finding_name(reply->finding.code) != NULL;
	if (reply->kind == REPLY_SLICE)
		return reply_mode_name(reply->slice.mode) != NULL &&
		       verdict_name(reply->slice.result.verdict) != NULL;
	if (reply->kind == REPLY_CAPTURED)
		return reply_mode_name(reply->captured.mode) != NULL;
	if (reply->kind == REPLY_FOREIGN)
		return foreign_origin_name(reply->foreign.origin) != NULL &&
		       foreign_result_name(reply->foreign.result) != NULL;
	if (reply->kind == REPLY_SURVEY)
		return reply->survey.known + reply->survey.noisy <=
			   reply->survey.files &&
		       reply->survey.mismatched <= reply->survey.files;
	if (reply->kind == REPLY_WITNESS)
		return reply->witness.note.signatures.count <=
			   NOTE_SIGNATURES_MAX &&
		       reply->witness.token.signatures.count <=
			   NOTE_SIGNATURES_MAX;
	if (reply->kind == REPLY_DIFFERENCE)
		return reply->difference.kind < COMPARE_KINDS;
	return reply->kind != REPLY_FAILED ||
	       (reply->failed.code < ERROR_CODES &&
		   strlen(reply->failed.text) < sizeof(reply->failed.text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct reply reply;
	uint16_t type;

	if (length < 2)
		return 0;
	type = (uint16_t)(data[0] << 8 | data[1]);
	if (reply_decode(type, data + 2, length - 2, &reply, NULL) == 0 &&
	    !is_in_range(&reply))
		abort();
	return 0;
}
