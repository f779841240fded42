#include "lib/model/reuse.h"

static bool
is_half(uint64_t part, uint64_t whole)
{
	return part >= whole / 2 + whole % 2;
}

static bool
is_remnant(uint64_t part, uint64_t whole)
{
	return part <= whole / 10;
}

enum reuse_answer
reuse_judge(const struct reuse_evidence *evidence)
{
	uint64_t same = evidence->same_bytes;

	if (is_half(same, evidence->old_bytes) ||
	    is_half(same, evidence->now_bytes))
		return REUSE_KEPT;
	if (evidence->is_later && !evidence->is_partial &&
	    is_remnant(same, evidence->old_bytes) &&
	    is_remnant(same, evidence->now_bytes))
		return REUSE_REPLACED;
	return REUSE_UNCLEAR;
}
