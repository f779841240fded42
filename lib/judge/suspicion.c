#include "lib/judge/suspicion.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/judge/suspicion_internal.h"
#include "lib/model/finding.h"
#include "lib/store/query_finding.h"

/* Copies of one generation that are looked at: one a medium. */
#define COPIES_MAX 64
/* Generations that are tried for the last clean one. */
#define CANDIDATES_MAX 64

/* ---- is it suspicious? ---- */

static int
take_finding(const struct query_finding *row, void *context, struct error *err)
{
	struct suspicion_state *state = context;

	(void)err;
	state->state = SUSPICION_HINTED;
	/* The newest come first. */
	if (state->finding == 0)
		state->finding = row->id;
	state->since = row->opened_at;
	return 0;
}

struct copies {
	struct {
		uint64_t id, manifest;
	} items[COPIES_MAX];
	size_t count;
};

static int
take_copy(const struct query_copy *row, void *context, struct error *err)
{
	struct copies *copies = context;

	(void)err;
	if (row->manifest == 0)
		return 0;
	copies->items[copies->count].id = row->id;
	copies->items[copies->count++].manifest = row->manifest;
	return copies->count == COPIES_MAX;
}

/* Whether some capture of a copy looked at its files. */
struct looking {
	uint64_t copy;
	bool is_looked_at;
	bool is_carried; /* not itself: what it carries may have been */
};

static int
take_survey(const struct query_survey *row, void *context, struct error *err)
{
	struct looking *looking = context;

	(void)err;
	looking->is_carried = false;
	if (row->copy != looking->copy || !row->has_survey)
		return 1;
	looking->is_carried = row->survey.files == 0 && row->survey.carried > 0;
	looking->is_looked_at = !looking->is_carried;
	return looking->is_looked_at;
}

static int
note_any(const struct query_finding *row, void *context, struct error *err)
{
	(void)row;
	(void)err;
	*(bool *)context = true;
	return 1;
}

/*
 * A capture that carried everything stands on those before it, as far as they
 * looked; one that could not look says nothing.
 */
static int
look_for_survey(struct catalog *catalog, struct catalog_at at, uint64_t copy,
    uint64_t manifest, bool *ret_is, struct error *err)
{
	const struct query_finding_filter unchecked = {
	    .only_open = true,
	    .copy = copy,
	    .code = finding_name(FINDING_CONTENT_UNCHECKED),
	};
	struct looking looking = {.copy = copy};
	bool is_unchecked = false;

	if (query_findings(
		catalog, at, &unchecked, note_any, &is_unchecked, err) != 0 ||
	    query_survey(catalog, at, manifest, take_survey, &looking, err) !=
		0)
		return -1;
	if (looking.is_carried &&
	    query_surveys_before(catalog, at,
		(struct query_survey_place){copy, manifest}, take_survey,
		&looking, err) != 0)
		return -1;
	*ret_is = looking.is_looked_at && !is_unchecked;
	return 0;
}

int
suspicion_of_generation(struct catalog *catalog, struct catalog_at at,
    const char *generation, struct suspicion_state *ret_state,
    struct error *err)
{
	struct suspicion_state state = {
	    .state = SUSPICION_UNKNOWN, .since = QUERY_NEVER};
	const struct query_finding_filter findings = {
	    .only_open = true,
	    .code = finding_name(FINDING_SUSPICIOUS_CONTENT),
	    .generation = generation,
	};
	const struct query_copy_filter all = {.generation = generation};
	struct copies copies = {.count = 0};
	bool is_looked_at = false;

	if (query_findings(catalog, at, &findings, take_finding, &state, err) !=
		0 ||
	    query_copies(catalog, at, &all, take_copy, &copies, err) != 0)
		return -1;
	for (size_t i = 0; i < copies.count && !is_looked_at; i++)
		if (look_for_survey(catalog, at, copies.items[i].id,
			copies.items[i].manifest, &is_looked_at, err) != 0)
			return -1;
	if (state.state == SUSPICION_UNKNOWN && is_looked_at)
		state.state = SUSPICION_NONE;
	*ret_state = state;
	return 0;
}

/* ---- the last clean one ---- */

struct candidates {
	const char *generation;
	char system[SUSPICION_GENERATION_BYTES]; /* "": not met yet */
	char ids[CANDIDATES_MAX][SUSPICION_GENERATION_BYTES];
	size_t count;
};

/* By system, newest first: what follows that one is older. */
static int
take_generation(
    const struct query_generation *row, void *context, struct error *err)
{
	struct candidates *candidates = context;

	(void)err;
	if (strcmp(row->id, candidates->generation) == 0)
		(void)snprintf(candidates->system, sizeof(candidates->system),
		    "%s", row->system);
	else if (strcmp(candidates->system, row->system) == 0 &&
		 strcmp(row->verdict, "intact") == 0)
		(void)snprintf(candidates->ids[candidates->count++],
		    SUSPICION_GENERATION_BYTES, "%s", row->id);
	return candidates->count == CANDIDATES_MAX;
}

int
suspicion_last_clean(struct catalog *catalog, struct catalog_at at,
    const char *generation, char ret_id[SUSPICION_GENERATION_BYTES],
    struct error *err)
{
	struct candidates candidates = {.generation = generation};
	struct suspicion_state state;

	ret_id[0] = '\0';
	if (query_generations(
		catalog, at, NULL, take_generation, &candidates, err) != 0)
		return -1;
	for (size_t i = 0; i < candidates.count; i++) {
		if (suspicion_of_generation(
			catalog, at, candidates.ids[i], &state, err) != 0)
			return -1;
		if (state.state != SUSPICION_NONE)
			continue;
		memcpy(ret_id, candidates.ids[i], SUSPICION_GENERATION_BYTES);
		return 0;
	}
	return 0;
}

/* ---- with its baseline ---- */

static int
take_row(const struct query_survey *row, void *context, struct error *err)
{
	(void)err;
	*(struct query_survey *)context = *row;
	return 1;
}

/* What could not be read whole, or is suspicious itself, is no measure. */
static int
take_baseline(const struct query_survey *row, void *context, struct error *err)
{
	struct suspicion_baseline *baseline = context;

	(void)err;
	if (!row->is_hinted && row->problems == 0)
		baseline->rows[baseline->count++] = *row;
	/* From then on this was as it should be. */
	return row->is_accepted || baseline->count == SUSPICION_BASELINE_MAX;
}

int
suspicion_judge(struct catalog *catalog, struct catalog_at at,
    uint64_t manifest, struct suspicion_judgement *ret_judgement,
    struct error *err)
{
	struct suspicion_judgement judgement = {.manifest = manifest};
	struct suspicion_baseline baseline = {.count = 0};
	struct query_survey row = {.manifest = 0};

	if (query_survey(catalog, at, manifest, take_row, &row, err) != 0)
		return -1;
	if (row.manifest == 0)
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such manifest"));
	if (query_surveys_before(catalog, at,
		(struct query_survey_place){row.copy, manifest}, take_baseline,
		&baseline, err) != 0)
		return -1;
	baseline.is_members = row.is_members;
	judgement.copy = row.copy;
	judgement.baseline = baseline.count;
	suspicion_apply(&row, &baseline, &judgement);
	*ret_judgement = judgement;
	return 0;
}
