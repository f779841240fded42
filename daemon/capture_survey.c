#include "daemon/capture_internal.h"

#include <stdio.h>

#include "daemon/capture_loss.h"
#include "daemon/ledger.h"
#include "daemon/place.h"
#include "lib/base/log.h"
#include "lib/judge/suspicion.h"
#include "lib/store/query_survey.h"

/* Captures that are looked at for one to compare with. */
#define EARLIER_MAX 100
/* Later generations that are judged again. */
#define LATER_MAX 3

/* ---- what it looks like ---- */

int
capture_survey_prepare(const struct capture_survey *survey,
    const struct config_source *source, struct job *job, struct error *err)
{
	job->kind = JOB_LOOK;
	if (place_fill_parser(survey->service, source, job, err) != 0)
		return -1;
	/*
	 * Each sample takes a bounded time, and nobody knows how many come; one
	 * that stops is silent.
	 */
	job->limits.cpu_seconds = 0;
	return 0;
}

void
capture_survey_reply(struct capture_survey *survey, const struct survey *told)
{
	survey->is_told = true;
	survey->survey = *told;
}

/* Files that somebody can have seen: more is no answer. */
static uint64_t
count_files(const struct capture *capture)
{
	const struct parse_result *members = &capture->members.result;

	if (!capture->has_members)
		return capture->captured.manifest.totals.files;
	/* The archive itself, where nothing was unpacked. */
	return members->files > 0 ? members->files : 1;
}

void
capture_survey_settle(
    struct capture_survey *survey, const struct capture *capture)
{
	const struct jobs_end *end = &capture->read;
	uint64_t files = count_files(capture);
	uint64_t carried = capture->has_members ? 0 : capture->captured.carried;

	/* Of an archive that was read in part only that part was seen. */
	if (end->parser == JOBS_DONE && survey->is_told && carried <= files &&
	    survey->survey.files <= files - carried &&
	    (!capture->has_members || capture->captured.problems == 0)) {
		survey->survey.carried = carried;
		return;
	}
	survey->is_told = false;
	/* What kept from unpacking an archive is told by findings of its own.
	 */
	survey->is_unchecked = !capture->has_members;
	if (survey->is_unchecked)
		jobs_outcome_log("content", &capture->header, end->parser,
		    &end->parser_error);
}

/* ---- how far it is from an earlier one ---- */

struct search {
	struct capture_survey *survey;
	bool is_members;
	unsigned seen;
};

static bool
is_comparable(const struct search *search, const struct query_survey *row)
{
	const struct capture_survey *survey = search->survey;

	if (row->is_members != search->is_members)
		return false;
	if (!survey->is_living)
		return !row->is_hinted;
	return row->copy == survey->copy &&
	       (row->has_drift || row->version == 1) &&
	       (!row->is_hinted || survey->since == 0);
}

static int
look_at_earlier(
    const struct query_survey *row, void *context, struct error *err)
{
	struct search *search = context;
	struct capture_survey *survey = search->survey;
	struct manifest_header *header = &survey->since_header;

	(void)err;
	search->seen++;
	if (!is_comparable(search, row))
		return search->seen == EARLIER_MAX;
	survey->since = row->manifest;
	survey->since_version = row->version;
	survey->since_at = row->captured_at;
	*header = (struct manifest_header){.is_members = row->is_members};
	manifest_header_name(
	    header, row->system, row->generation, row->medium, "");
	return !row->is_hinted || search->seen == EARLIER_MAX;
}

static int
prepare(void *context, struct job *job, struct error *err)
{
	struct capture_survey *survey = context;
	struct vault_name name = {
	    .system = survey->since_header.system,
	    .generation = survey->since_header.generation,
	    .medium = survey->since_header.medium,
	    .version = survey->since_version,
	    .is_members = survey->since_header.is_members,
	};

	job->kind = JOB_DRIFT;
	job->header = survey->since_header;
	if (survey->is_living)
		job->layout = CONFIG_LAYOUT_TREE;
	job->recorded_ms = survey->since_at;
	job->expires_ms = survey->expires_ms;
	place_fill_limits(survey->service, job);
	if (place_fill_manifest(survey->service, &name, job,
		&job->fds[JOB_FD_PREVIOUS], err) != 0)
		return -1;
	return place_pass_manifest(survey->manifest_fd, job, err);
}

static int
take_drift(void *context, const struct reply *reply, struct error *err)
{
	struct capture_survey *survey = context;

	(void)err;
	survey->has_drift = true;
	survey->drift = reply->drift;
	return 0;
}

static int
take_loss(void *context, const struct reply *reply, struct error *err)
{
	struct capture_survey *survey = context;

	(void)err;
	survey->has_loss = true;
	survey->loss = reply->loss;
	return 0;
}

static const struct reply_handlers replies = {
    .take = {[REPLY_BEGUN] = reply_ignore,
	[REPLY_DRIFT] = take_drift,
	[REPLY_LOSS] = take_loss}};

/*
 * What cannot be compared is not compared: the content was looked at.  What a
 * living tree lost nobody else tells (law 1).
 */
static void
end(void *context, const struct jobs_end *end)
{
	struct capture_survey *survey = context;

	if (end->outcome != JOBS_DONE) {
		survey->has_drift = survey->has_loss = false;
		survey->is_unchecked |= survey->is_living;
		jobs_outcome_log(
		    "drift", &survey->since_header, end->outcome, &end->error);
	}
	survey->ended(survey->context, end);
}

static const struct jobs_kind kind = {
    .name = "drift",
    .prepare = prepare,
    .replies = &replies,
    .end = end,
};

bool
capture_survey_order(struct capture_survey *survey,
    const struct manifest_header *header, int manifest_fd, int priority)
{
	struct search search = {
	    .survey = survey, .is_members = header->is_members};
	struct jobs_order order = {
	    .kind = &kind, .context = survey, .priority = priority};
	struct error err = {0};
	uint64_t id;

	survey->manifest_fd = manifest_fd;
	(void)snprintf(order.label, sizeof(order.label), "%s %s",
	    header->generation, header->medium);
	if (query_surveys_before(survey->service->catalog, CATALOG_NOW,
		(struct query_survey_place){survey->copy, QUERY_SURVEY_NEXT},
		look_at_earlier, &search, &err) == 0 &&
	    (survey->since == 0 ||
		jobs_add(survey->service->jobs, &order, &id, &err) == 0))
		return survey->since != 0;
	log_event(LOG_LEVEL_ERROR, "%s", err.text);
	survey->is_unchecked |= survey->is_living;
	return false;
}

/* ---- what is recorded ---- */

void
capture_survey_add(const struct capture_survey *survey, json_t *entry)
{
	const struct survey *seen = &survey->survey;
	const struct drift *drift = &survey->drift;

	if (survey->is_told)
		(void)json_object_set_new(entry, "survey",
		    json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
			"files", (json_int_t)seen->files, "carried",
			(json_int_t)seen->carried, "bytes",
			(json_int_t)seen->bytes, "known",
			(json_int_t)seen->known, "claimed",
			(json_int_t)seen->claimed, "mismatched",
			(json_int_t)seen->mismatched, "noisy",
			(json_int_t)seen->noisy, "notes",
			(json_int_t)seen->notes));
	if (survey->has_drift)
		(void)json_object_set_new(entry, "drift",
		    json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "since",
			(json_int_t)survey->since, "same",
			(json_int_t)drift->same, "changed",
			(json_int_t)drift->changed, "vanished",
			(json_int_t)drift->vanished, "appeared",
			(json_int_t)drift->appeared, "extended",
			(json_int_t)drift->extended));
	if (survey->has_loss)
		capture_loss_add(&survey->loss, entry);
}

/* The hints, each with its number and the usual one. */
static json_t *
detail_of(const struct suspicion_judgement *judgement)
{
	json_t *detail =
	    json_pack("{s:I}", "baseline", (json_int_t)judgement->baseline);
	char key[64];

	for (int i = 0; i < SUSPICION_HINTS; i++) {
		const struct suspicion_value *value = &judgement->values[i];
		const char *name = suspicion_hint_name((enum suspicion_hint)i);

		if (!value->is_hint)
			continue;
		(void)json_object_set_new(
		    detail, name, json_integer((json_int_t)value->now));
		(void)snprintf(key, sizeof(key), "%s_usual", name);
		if (value->has_usual)
			(void)json_object_set_new(detail, key,
			    json_integer((json_int_t)value->usual));
	}
	return detail;
}

static int
judge(struct service *service, uint64_t manifest, struct error *err)
{
	struct suspicion_judgement judgement;
	struct ledger_finding finding = {
	    .code = FINDING_SUSPICIOUS_CONTENT,
	    .manifest = manifest,
	    .slice = -1,
	};
	uint64_t id;

	if (suspicion_judge(
		service->catalog, CATALOG_NOW, manifest, &judgement, err) != 0)
		return -1;
	if (!judgement.is_suspicious)
		return 0;
	finding.copy = judgement.copy;
	finding.detail = detail_of(&judgement);
	return ledger_finding(service, &finding, &id, err);
}

struct later {
	uint64_t manifests[LATER_MAX];
	size_t count;
};

static int
look_at_later(const struct query_survey *row, void *context, struct error *err)
{
	struct later *later = context;

	(void)err;
	if (!row->is_hinted && !row->is_accepted)
		later->manifests[later->count++] = row->manifest;
	return later->count == LATER_MAX;
}

/* Nobody could look, or somebody did again. */
static int
tell_unchecked(
    const struct capture_survey *survey, uint64_t manifest, struct error *err)
{
	struct ledger_finding finding = {
	    .code = FINDING_CONTENT_UNCHECKED,
	    .copy = survey->copy,
	    .manifest = manifest,
	    .slice = -1,
	};
	uint64_t id;

	if (survey->is_unchecked)
		return ledger_finding(survey->service, &finding, &id, err);
	if (!survey->is_told)
		return 0;
	return ledger_close_code(survey->service, &finding, "resolved", err);
}

int
capture_survey_judge(
    const struct capture_survey *survey, uint64_t manifest, struct error *err)
{
	struct service *service = survey->service;
	struct later later = {.count = 0};

	if (tell_unchecked(survey, manifest, err) != 0 ||
	    (survey->has_loss &&
		capture_loss_judge(service, manifest, err) != 0) ||
	    judge(service, manifest, err) != 0 ||
	    query_surveys_after(service->catalog, CATALOG_NOW, survey->copy,
		look_at_later, &later, err) != 0)
		return -1;
	for (size_t i = 0; i < later.count; i++)
		if (judge(service, later.manifests[i], err) != 0)
			return -1;
	return 0;
}
