#include "lib/judge/unchanged.h"

#include <stdio.h>
#include <string.h>

#include "lib/crypto/digest.h"
#include "lib/store/query_held.h"

struct run {
	int64_t latest;
	bool is_settling;
	char content[2 * DIGEST_SHA256_BYTES + 1]; /* "": none met yet */
	uint64_t count, first;
	int64_t since, until;
};

/* The newest come first. */
static int
take_held(const struct query_held *row, void *context, struct error *err)
{
	struct run *run = context;

	(void)err;
	if (row->taken_at > run->latest)
		return 0;
	if (row->is_settling && run->count == 0) {
		run->is_settling = true;
		return 1;
	}
	if (row->content == NULL)
		return 0;
	if (run->count == 0) {
		(void)snprintf(
		    run->content, sizeof(run->content), "%s", row->content);
		run->until = row->taken_at;
	} else if (strcmp(run->content, row->content) != 0) {
		return 1;
	}
	/* Two names of one instant are one generation that lies there twice. */
	if (run->count == 0 || row->taken_at != run->since)
		run->count++;
	run->since = row->taken_at;
	run->first = row->copy;
	return 0;
}

int
unchanged_judge(struct catalog *catalog, struct catalog_at at,
    const struct unchanged_question *question,
    struct unchanged_judgement *ret_judgement, struct error *err)
{
	const struct query_held_place place = {
	    question->system, question->source};
	struct run run = {.latest = question->latest_ms,
	    .since = QUERY_NEVER,
	    .until = QUERY_NEVER};

	if (query_held(catalog, at, &place, take_held, &run, err) != 0)
		return -1;
	*ret_judgement = (struct unchanged_judgement){
	    .is_known = !run.is_settling,
	    .is_unchanged = question->after_ms > 0 &&
			    run.count >= UNCHANGED_GENERATIONS_MIN &&
			    run.until - run.since >= question->after_ms,
	    .generations = run.count,
	    .first = run.first,
	    .since = run.since,
	    .until = run.until,
	};
	return 0;
}
