/*
 * suspicion_internal: a manifest and its baseline, for the rules.
 *
 * Layer 6, internal to suspicion.
 */
#ifndef HIKAE_JUDGE_SUSPICION_INTERNAL_H
#define HIKAE_JUDGE_SUSPICION_INTERNAL_H

#include "lib/judge/suspicion.h"
#include "lib/store/query_survey.h"

/* Rows without their texts, the newest first. */
struct suspicion_baseline {
	bool is_members; /* what is compared: rows of this kind */
	size_t count;
	struct query_survey rows[SUSPICION_BASELINE_MAX];
};

/* What a capture measured of a hint; false: nothing. */
bool suspicion_measure(const struct query_survey *row, enum suspicion_hint hint,
    uint64_t *ret_value);

/* Fill the values of the judgement, and whether it is suspicious. */
void suspicion_apply(const struct query_survey *row,
    const struct suspicion_baseline *baseline,
    struct suspicion_judgement *judgement);

#endif
