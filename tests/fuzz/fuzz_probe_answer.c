/*
 * probe_answer: whatever a probe sends, the parent refuses it or gets
 * enumerators that exist and texts that end.  The first two bytes are the
 * frame's type.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lib/worker/probe_message.h"

static int
is_in_range(const struct probe_answer *answer)
{
	const struct superblock *superblock = &answer->block.superblock;

	if (answer->kind == PROBE_ANSWER_BLOCK)
		return superblock_state_name(superblock->state) != NULL &&
		       superblock_evidence_name(superblock->evidence) != NULL &&
		       strlen(superblock->label) < sizeof(superblock->label) &&
		       strlen(superblock->stamp) < sizeof(superblock->stamp);
	if (answer->kind == PROBE_ANSWER_REACH)
		return probe_reach_name(answer->reach.result) != NULL;
	return answer->kind != PROBE_ANSWER_FAILED ||
	       (answer->failed.code < ERROR_CODES &&
		   strlen(answer->failed.text) < sizeof(answer->failed.text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct probe_answer answer;
	uint16_t type;

	if (length < 2)
		return 0;
	type = (uint16_t)(data[0] << 8 | data[1]);
	if (probe_decode_answer(type, data + 2, length - 2, &answer, NULL) ==
		0 &&
	    !is_in_range(&answer))
		abort();
	return 0;
}
