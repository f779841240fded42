/*
 * unchanged: do a source's newest generations all hold the very same data?
 *
 * Layer 6.  Uses: store's queries.
 *
 * A job that copies one old dump each night looks like fresh generations.  Each
 * is intact; that they are all one says only their content digest.  Copies on
 * other media are other sources', and count for these.
 */
#ifndef HIKAE_JUDGE_UNCHANGED_H
#define HIKAE_JUDGE_UNCHANGED_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/store/query.h"

/* Fewer generations say nothing, however old. */
#define UNCHANGED_GENERATIONS_MIN 3

struct unchanged_question {
	const char *system, *source;
	int64_t after_ms;  /* as unchanged_after; 0: never */
	int64_t latest_ms; /* what was taken later does not count (law 8) */
};

struct unchanged_judgement {
	/* False: a generation is there that is not recorded yet. */
	bool is_known;
	bool is_unchanged;
	uint64_t generations; /* with the newest one's data, itself included */
	uint64_t first;	      /* copy: the oldest of them */
	int64_t since, until; /* when they were taken; or QUERY_NEVER */
};

/*
 * Compare the newest generation with those before it, expired ones too, up to
 * the first that differs.  One whose content nobody knows is passed over.
 */
int unchanged_judge(struct catalog *catalog, struct catalog_at at,
    const struct unchanged_question *question,
    struct unchanged_judgement *ret_judgement, struct error *err) ERROR_CHECKED;

#endif
