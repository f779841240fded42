#include "daemon/repetition.h"

#include <string.h>

#include "daemon/ledger.h"
#include "lib/base/clock.h"
#include "lib/format/json.h"
#include "lib/judge/unchanged.h"
#include "lib/store/query_finding.h"

/* Whether the row of generations is told already, or was accepted. */
struct search {
	const json_t *detail; /* that is to be told */
	bool is_told, is_accepted;
};

static bool
is_same_member(const json_t *a, const json_t *b, const char *key)
{
	return json_equal(json_object_get(a, key), json_object_get(b, key));
}

static int
look_at_finding(
    const struct query_finding *row, void *context, struct error *err)
{
	struct search *search = context;
	json_t *detail;

	if (row->detail == NULL)
		return 0;
	detail = json_parse(row->detail, strlen(row->detail), err);
	if (detail == NULL)
		return -1;
	if (row->is_open)
		search->is_told = json_equal(detail, search->detail);
	else if (strcmp(row->reason, "accepted") == 0 &&
		 is_same_member(detail, search->detail, "first"))
		search->is_accepted = true;
	json_decref(detail);
	return 0;
}

/* The finding is taken over. */
static int
tell(struct service *service, struct ledger_finding *finding, struct error *err)
{
	struct query_finding_filter filter = {
	    .code = finding_name(finding->code),
	    .system = finding->system,
	    .source = finding->source,
	};
	struct search search = {.detail = finding->detail};
	uint64_t id;

	if (query_findings(service->catalog, CATALOG_NOW, &filter,
		look_at_finding, &search, err) != 0) {
		json_decref(finding->detail);
		return -1;
	}
	if (!search.is_told && !search.is_accepted)
		return ledger_finding(service, finding, &id, err);
	json_decref(finding->detail);
	return 0;
}

static int
judge(struct service *service, const struct config_source *source,
    struct error *err)
{
	const struct unchanged_question question = {
	    .system = source->system_id,
	    .source = source->id,
	    .after_ms = source->unchanged_after_ms,
	    .latest_ms =
		clock_wall_ms() + service->config->policy.clock_ahead_ms,
	};
	struct ledger_finding finding = {
	    .code = FINDING_DATA_UNCHANGED,
	    .slice = -1,
	    .system = source->system_id,
	    .medium = source->medium_id,
	    .source = source->id,
	};
	struct unchanged_judgement judgement;

	if (unchanged_judge(
		service->catalog, CATALOG_NOW, &question, &judgement, err) != 0)
		return -1;
	if (!judgement.is_known)
		return 0;
	if (!judgement.is_unchanged)
		return ledger_close_code(service, &finding, "resolved", err);
	finding.detail = json_pack("{s:I, s:I, s:I, s:I}", "same",
	    (json_int_t)judgement.generations, "first",
	    (json_int_t)judgement.first, "since_at",
	    (json_int_t)judgement.since, "until_at",
	    (json_int_t)judgement.until);
	return tell(service, &finding, err);
}

int
repetition_judge(
    struct service *service, const char *source_id, struct error *err)
{
	const struct config_source *source =
	    config_find_source(service->config, source_id);

	return source == NULL ? 0 : judge(service, source, err);
}

int
repetition_judge_all(struct service *service, struct error *err)
{
	for (size_t i = 0; i < service->config->source_count; i++)
		if (judge(service, &service->config->sources[i], err) != 0)
			return -1;
	return 0;
}
