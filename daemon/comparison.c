#include "daemon/comparison.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/jobs.h"
#include "daemon/ledger.h"
#include "daemon/match.h"
#include "daemon/place.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/store/query.h"
#include "lib/store/query_finding.h"

/* After scans and before captures: it is done in a moment. */
#define COMPARISON_PRIORITY 5

/* A file that differs, as the reader told it. */
struct difference {
	enum compare_kind kind;
	struct bytes path;
};

struct comparison {
	struct service *service;
	struct match_copy first, second; /* first: the oldest copy */
	struct difference differences[REPLY_DIFFERENCES_MAX];
	size_t count;
	bool is_told; /* there is a result */
	struct compare_result result;
};

static void
free_comparison(struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->count; i++)
		bytes_done(&comparison->differences[i].path);
	free(comparison);
}

static struct vault_name
name_of(const struct match_copy *copy)
{
	return (struct vault_name){
	    .system = copy->header.system,
	    .generation = copy->header.generation,
	    .medium = copy->header.medium,
	    .version = copy->version,
	    .is_members = copy->header.is_members,
	};
}

static int
prepare(void *context, struct job *job, struct error *err)
{
	struct comparison *comparison = context;
	struct vault_name first = name_of(&comparison->first);
	struct vault_name second = name_of(&comparison->second);

	job->kind = JOB_COMPARE;
	job->header = comparison->first.header;
	job->other = comparison->second.header;
	place_fill_limits(comparison->service, job);
	if (place_fill_manifest(comparison->service, &first, job,
		&job->fds[JOB_FD_MANIFEST], err) != 0)
		return -1;
	return place_fill_other(comparison->service, &second, job, err);
}

static int
take_difference(void *context, const struct reply *reply, struct error *err)
{
	const struct reply_difference *told = &reply->difference;
	struct comparison *comparison = context;
	struct difference *new;

	if (comparison->count == REPLY_DIFFERENCES_MAX)
		return error_set(
		    err, ERROR_PROTOCOL, _("a child told more than it may"));
	new = &comparison->differences[comparison->count++];
	new->kind = told->kind;
	bytes_append(&new->path, told->path, told->path_length);
	return bytes_check(&new->path, err);
}

static int
take_compared(void *context, const struct reply *reply, struct error *err)
{
	struct comparison *comparison = context;

	(void)err;
	comparison->is_told = true;
	comparison->result = reply->compared;
	return 0;
}

static const struct reply_handlers replies = {
    .take = {[REPLY_BEGUN] = reply_ignore,
	[REPLY_DIFFERENCE] = take_difference,
	[REPLY_COMPARED] = take_compared}};

/* The files, each by its subject; NULL where none was told. */
static int
list_files(
    const struct comparison *comparison, json_t **ret_files, struct error *err)
{
	/* As the second copy sees it, which the finding is about. */
	static const char *const kinds[COMPARE_KINDS] = {
	    [COMPARE_ONLY_FIRST] = "only-other",
	    [COMPARE_ONLY_SECOND] = "only-here",
	    [COMPARE_DIFFERS] = "differs",
	};
	char subject[CATALOG_SUBJECT_BYTES];
	json_t *files = json_array();

	for (size_t i = 0; i < comparison->count; i++) {
		const struct difference *difference =
		    &comparison->differences[i];

		if (catalog_put_name(comparison->service->catalog,
			difference->path.data, difference->path.length, subject,
			err) != 0) {
			json_decref(files);
			return -1;
		}
		(void)json_array_append_new(
		    files, json_pack("{s:s, s:s}", "kind",
			       kinds[difference->kind], "subject", subject));
	}
	*ret_files = files;
	return 0;
}

static json_t *
make_detail(const struct comparison *comparison)
{
	const struct compare_result *result = &comparison->result;
	json_t *detail =
	    json_pack("{s:I}", "other", (json_int_t)comparison->first.id);

	if (!comparison->is_told)
		return detail;
	(void)json_object_set_new(
	    detail, "equal", json_integer((json_int_t)result->equal));
	(void)json_object_set_new(
	    detail, "only_here", json_integer((json_int_t)result->only_second));
	(void)json_object_set_new(
	    detail, "only_other", json_integer((json_int_t)result->only_first));
	(void)json_object_set_new(
	    detail, "differing", json_integer((json_int_t)result->differing));
	return detail;
}

/* The finding, and the end of the one that it takes the place of. */
static int
write_finding(struct comparison *comparison, struct error *err)
{
	bool is_names = comparison->is_told && comparison->result.is_names_only;
	struct ledger_finding finding = {
	    .code = is_names ? FINDING_NAMES_DIFFER : FINDING_COPIES_DIFFER,
	    .copy = comparison->second.id,
	    .slice = -1,
	};
	struct ledger_finding other = finding;
	uint64_t id;

	other.code = is_names ? FINDING_COPIES_DIFFER : FINDING_NAMES_DIFFER;
	if (ledger_close_code(comparison->service, &other, "resolved", err) !=
		0 ||
	    (comparison->is_told &&
		list_files(comparison, &finding.files, err) != 0))
		return -1;
	finding.detail = make_detail(comparison);
	return ledger_finding(comparison->service, &finding, &id, err);
}

/* Whether both copies still have the manifests that were compared. */
static bool
is_current(const struct comparison *comparison, const struct match *match)
{
	if (match->count == 0 ||
	    match->copies[0].manifest != comparison->first.manifest)
		return false;
	for (size_t i = 1; i < match->count; i++)
		if (match->copies[i].manifest == comparison->second.manifest)
			return true;
	return false;
}

static int
commit(struct comparison *comparison, struct error *err)
{
	struct service *service = comparison->service;
	struct match match;

	if (match_load(
		service, comparison->first.header.generation, &match, err) != 0)
		return -1;
	/* A newer capture is compared anew; an expired copy not at all. */
	if (!is_current(comparison, &match))
		return 0;
	if (ledger_begin(service, err) == 0 &&
	    write_finding(comparison, err) == 0 &&
	    match_names(service, &match, err) == 0 &&
	    ledger_commit(service, err) == 0)
		return 0;
	ledger_rollback(service);
	return -1;
}

static void
end(void *context, const struct jobs_end *end)
{
	struct comparison *comparison = context;
	struct error err = {0};

	if (end->outcome != JOBS_DONE)
		comparison->is_told = false;
	if (end->outcome != JOBS_DONE && end->outcome != JOBS_CANCELLED)
		jobs_outcome_log("compare", &comparison->second.header,
		    end->outcome, &end->error);
	/* What the end of hikaed cuts off is taken up at its start. */
	if (!comparison->service->is_ending && commit(comparison, &err) != 0)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	free_comparison(comparison);
}

static const struct jobs_kind kind = {
    .name = "compare",
    .prepare = prepare,
    .replies = &replies,
    .end = end,
};

static int
order(struct service *service, const struct match *match, size_t i,
    struct error *err)
{
	struct comparison *comparison = calloc(1, sizeof(*comparison));
	struct jobs_order order = {.kind = &kind,
	    .context = comparison,
	    .priority = COMPARISON_PRIORITY};
	uint64_t id;

	if (comparison == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	comparison->service = service;
	comparison->first = match->copies[0];
	comparison->second = match->copies[i];
	(void)snprintf(order.label, sizeof(order.label), "%s %s",
	    comparison->second.header.generation,
	    comparison->second.header.medium);
	if (jobs_add(service->jobs, &order, &id, err) == 0)
		return 0;
	free_comparison(comparison);
	return -1;
}

void
comparison_order(struct service *service, const char *generation, uint64_t copy)
{
	struct match match;
	struct error err = {0};

	if (match_load(service, generation, &match, &err) != 0)
		goto failed;
	for (size_t i = 1; i < match.count; i++)
		if (!match_is_same(&match, i) &&
		    (match.copies[i].id == copy ||
			match.copies[0].id == copy) &&
		    order(service, &match, i, &err) != 0)
			goto failed;
	return;
failed:
	log_event(LOG_LEVEL_ERROR, "%s", err.text);
}

/* Whether a finding tells how the copy differs; into context. */
static int
note_answer(const struct query_finding *row, void *context, struct error *err)
{
	bool *is_answered = context;
	enum finding code;

	(void)err;
	if (finding_parse(row->code, &code) == 0 &&
	    (code == FINDING_COPIES_DIFFER || code == FINDING_NAMES_DIFFER))
		*is_answered = true;
	return *is_answered ? 1 : 0;
}

static int
resume_generation(
    struct service *service, const char *generation, struct error *err)
{
	struct match match;

	if (match_load(service, generation, &match, err) != 0)
		return -1;
	for (size_t i = 1; i < match.count; i++) {
		struct query_finding_filter filter = {
		    .only_open = true, .copy = match.copies[i].id};
		bool is_answered = false;

		if (match_is_same(&match, i))
			continue;
		if (query_findings(service->catalog, CATALOG_NOW, &filter,
			note_answer, &is_answered, err) != 0)
			return -1;
		if (!is_answered && order(service, &match, i, err) != 0)
			return -1;
	}
	return 0;
}

static int
look_at_generation(
    const struct query_generation *row, void *context, struct error *err)
{
	if (row->match == NULL || strcmp(row->match, "differ") != 0)
		return 0;
	return resume_generation(context, row->id, err);
}

int
comparison_resume(struct service *service, struct error *err)
{
	return query_generations(service->catalog, CATALOG_NOW, NULL,
	    look_at_generation, service, err);
}
