#include "daemon/capture_foreign.h"

#include <stdio.h>
#include <string.h>

#include "daemon/place.h"
#include "lib/base/log.h"

void
capture_foreign_done(struct capture_foreign *foreign)
{
	gathering_clear(&foreign->findings);
}

static int
find_source(const struct capture_foreign *foreign,
    const struct config_source **ret_source, struct error *err)
{
	return place_find_source(
	    foreign->service, foreign->source_id, ret_source, err);
}

static int
prepare(void *context, struct job *job, struct error *err)
{
	struct capture_foreign *foreign = context;
	const struct config_source *source;

	if (find_source(foreign, &source, err) != 0)
		return -1;
	job->kind = JOB_FOREIGN;
	job->header = *foreign->header;
	memcpy(job->locator, foreign->locator, strlen(foreign->locator) + 1);
	if (place_fill_copy(foreign->service, source,
		foreign->header->generation, job, err) != 0)
		return -1;
	return place_pass_manifest(foreign->manifest_fd, job, err);
}

static int
prepare_parser(void *context, struct job *job, struct error *err)
{
	struct capture_foreign *foreign = context;
	const struct config_source *source;

	if (find_source(foreign, &source, err) != 0)
		return -1;
	job->kind = JOB_LISTS;
	job->header = *foreign->header;
	return place_fill_parser(foreign->service, source, job, err) == 0 ? 1
									  : -1;
}

static int
take_begun(void *context, const struct reply *reply, struct error *err)
{
	struct capture_foreign *foreign = context;

	(void)err;
	foreign->place = reply->begun.place;
	return 0;
}

static int
take_finding(void *context, const struct reply *reply, struct error *err)
{
	struct capture_foreign *foreign = context;

	return gathering_add(&foreign->findings, &reply->finding, err);
}

static int
take_foreign(void *context, const struct reply *reply, struct error *err)
{
	struct capture_foreign *foreign = context;

	(void)err;
	foreign->is_told = true;
	foreign->outcome = reply->foreign;
	return 0;
}

static const struct reply_handlers replies = {
    .take = {[REPLY_BEGUN] = take_begun,
	[REPLY_FINDING] = take_finding,
	[REPLY_FOREIGN] = take_foreign}};

/* It could not be done: that is said, and nothing about files. */
static int
forget(struct capture_foreign *foreign, struct error *err)
{
	struct examine_finding finding = {
	    .code = FINDING_FOREIGN_MANIFEST_UNREADABLE,
	    .path = "",
	    .slice = EXAMINE_NO_SLICE,
	};

	gathering_clear(&foreign->findings);
	foreign->outcome = (struct foreign_outcome){
	    .origin = FOREIGN_FROM_UNKNOWN, .result = FOREIGN_UNREADABLE};
	foreign->is_settled = true;
	return gathering_add(&foreign->findings, &finding, err);
}

/* What its parser tells of itself counts for nothing. */
static const struct reply_handlers parser_replies = {
    .take = {[REPLY_BEGUN] = reply_ignore, [REPLY_FINDING] = reply_ignore}};

static void
end(void *context, const struct jobs_end *end)
{
	struct capture_foreign *foreign = context;
	struct jobs_end ended = {.outcome = JOBS_DONE};

	if (end->outcome == JOBS_CANCELLED) {
		ended.outcome = JOBS_CANCELLED;
	} else if (end->outcome != JOBS_DONE) {
		jobs_outcome_log(
		    "foreign", foreign->header, end->outcome, &end->error);
		if (forget(foreign, &ended.error) != 0)
			ended.outcome = JOBS_FAILED;
	} else if (foreign->place != REPLY_PLACE_OK) {
		ended.outcome = JOBS_FAILED;
	} else {
		/* A file that no list beside it is about has no result. */
		foreign->is_settled = foreign->is_told;
	}
	foreign->ended(foreign->context, &ended);
}

static const struct jobs_kind kind = {
    .name = "foreign",
    .prepare = prepare,
    .prepare_parser = prepare_parser,
    .replies = &replies,
    .parser_replies = &parser_replies,
    .end = end,
};

bool
capture_foreign_order(struct capture_foreign *foreign, int priority)
{
	struct jobs_order order = {
	    .kind = &kind, .context = foreign, .priority = priority};
	const struct config_source *source;
	struct error err = {0};
	uint64_t id;

	if (find_source(foreign, &source, &err) != 0 ||
	    source->foreign == CONFIG_FOREIGN_NONE)
		return false;
	(void)snprintf(
	    order.medium, sizeof(order.medium), "%s", foreign->header->medium);
	(void)snprintf(order.label, sizeof(order.label), "%s %s",
	    foreign->header->generation, foreign->header->medium);
	if (jobs_add(foreign->service->jobs, &order, &id, &err) == 0)
		return true;
	log_event(LOG_LEVEL_ERROR, "%s", err.text);
	if (forget(foreign, &err) != 0)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	return false;
}

int
capture_foreign_close(const struct capture_foreign *foreign,
    struct service *service, uint64_t copy, struct error *err)
{
	static const enum finding codes[] = {FINDING_FOREIGN_MANIFEST_MISMATCH,
	    FINDING_FOREIGN_MANIFEST_UNREADABLE};
	struct ledger_finding finding = {.copy = copy, .slice = -1};

	if (!foreign->is_settled ||
	    foreign->outcome.result == FOREIGN_UNREADABLE ||
	    foreign->outcome.result == FOREIGN_NOT_COMPARED)
		return 0;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		finding.code = codes[i];
		if (ledger_close_code(service, &finding, "resolved", err) != 0)
			return -1;
	}
	return 0;
}

json_t *
capture_foreign_entry(const struct capture_foreign *foreign)
{
	const struct foreign_outcome *outcome = &foreign->outcome;

	if (!foreign->is_settled)
		return NULL;
	return json_pack("{s:s, s:s, s:I, s:I}", "kind",
	    foreign_origin_name(outcome->origin), "result",
	    foreign_result_name(outcome->result), "listed",
	    (json_int_t)outcome->listed, "mismatched",
	    (json_int_t)outcome->mismatched + (json_int_t)outcome->missing +
		(json_int_t)outcome->unlisted);
}
