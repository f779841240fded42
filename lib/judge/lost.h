/*
 * lost: did a living tree lose more than is usual?
 *
 * Layer 6.  Uses: store's queries, model/survey.
 *
 * Each capture's loss is one of its own: what an earlier one lost is told
 * already, and what a person accepted stays accepted.
 */
#ifndef HIKAE_JUDGE_LOST_H
#define HIKAE_JUDGE_LOST_H

#include <stdbool.h>

#include "lib/model/survey.h"
#include "lib/store/query.h"

struct lost_judgement {
	uint64_t copy, version;
	uint64_t since_version; /* of the manifest it was compared with */
	struct loss loss;	/* since then */
	uint64_t files;		/* of loss, that were not lost before */
	uint64_t usual;		/* the median of the captures before */
	bool is_unusual;
};

/*
 * Compare a manifest's loss with those of the captures before it.  One of which
 * nobody knows what it lost, lost nothing unusual.  ERROR_NOT_FOUND: there is
 * no such manifest.
 */
int lost_judge(struct catalog *catalog, struct catalog_at at, uint64_t manifest,
    struct lost_judgement *ret_judgement, struct error *err) ERROR_CHECKED;

#endif
