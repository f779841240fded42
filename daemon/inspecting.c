#include "daemon/inspecting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/inspection.h"
#include "daemon/place.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"

struct inspecting {
	struct service *service;
	struct target_owner owner;
	struct manifest_header header;
	uint64_t version, bytes;
	char *locator;
	struct inspection inspection;
	bool is_living; /* files may be other than recorded */
	bool is_sent;	/* the reader came to its end */
};

static void
free_inspecting(struct inspecting *inspecting)
{
	inspection_done(&inspecting->inspection);
	free(inspecting->locator);
	free(inspecting);
}

static int
prepare(void *context, struct job *job, struct error *err)
{
	struct inspecting *inspecting = context;
	const struct manifest_header *header = &inspecting->header;
	const struct vault_name name = {
	    .system = header->system,
	    .generation = header->generation,
	    .medium = header->medium,
	    .version = inspecting->version,
	};
	const struct config_source *source;

	if (place_find_source(
		inspecting->service, header->source, &source, err) != 0)
		return -1;
	/* What lies on another medium now is another copy. */
	if (strcmp(source->medium_id, header->medium) != 0)
		return error_set(err, ERROR_NOT_FOUND,
		    _("the source is no longer configured"));
	inspecting->is_living = source->layout == CONFIG_LAYOUT_TREE;
	job->kind = JOB_RESTORE;
	job->header = *header;
	job->drill.portion.threshold = PORTION_BUCKETS; /* all files */
	(void)snprintf(
	    job->locator, sizeof(job->locator), "%s", inspecting->locator);
	if (place_fill_copy(
		inspecting->service, source, header->generation, job, err) != 0)
		return -1;
	return place_fill_manifest(
	    inspecting->service, &name, job, &job->fds[JOB_FD_MANIFEST], err);
}

static int
prepare_parser(void *context, struct job *job, struct error *err)
{
	struct inspecting *inspecting = context;
	const struct config_source *source = config_find_source(
	    inspecting->service->config, inspecting->header.source);

	if (source == NULL)
		return 0;
	if (place_fill_parser(inspecting->service, source, job, err) != 0)
		return -1;
	job->kind = JOB_INSPECT;
	/* As for decoding: by the bytes that there are. */
	job->limits.cpu_seconds += inspecting->bytes >> 20;
	return 1;
}

static int
take_sent(void *context, const struct reply *reply, struct error *err)
{
	struct inspecting *inspecting = context;

	(void)err;
	inspecting->is_sent = !reply->sent.result.is_cut;
	return 0;
}

/*
 * Of the reader only whether it came to its end: what it found wrong with bytes
 * the verification beside it finds.
 */
static const struct reply_handlers replies = {
    .take = {[REPLY_BEGUN] = reply_ignore,
	[REPLY_FINDING] = reply_ignore,
	[REPLY_SENT] = take_sent}};

static int
take_finding(void *context, const struct reply *reply, struct error *err)
{
	struct inspecting *inspecting = context;

	return inspection_take_finding(&inspecting->inspection, reply, err);
}

static int
take_inspected(void *context, const struct reply *reply, struct error *err)
{
	struct inspecting *inspecting = context;

	return inspection_take_result(&inspecting->inspection, reply, err);
}

static const struct reply_handlers parser_replies = {
    .take = {[REPLY_BEGUN] = reply_ignore,
	[REPLY_FINDING] = take_finding,
	[REPLY_INSPECTED] = take_inspected}};

static int
commit(struct inspecting *inspecting, struct inspection_counts *counts,
    struct error *err)
{
	struct service *service = inspecting->service;

	if (ledger_begin(service, err) != 0)
		return -1;
	if (inspection_commit(&inspecting->inspection, counts, err) == 0 &&
	    ledger_commit(service, err) == 0)
		return 0;
	ledger_rollback(service);
	return -1;
}

static void
log_failure(const struct inspecting *inspecting, const struct jobs_end *end)
{
	bool is_of_reader = end->outcome != JOBS_DONE;

	if (is_of_reader || end->parser != JOBS_DONE)
		jobs_outcome_log("inspect", &inspecting->header,
		    is_of_reader ? end->outcome : end->parser,
		    is_of_reader ? &end->error : &end->parser_error);
}

static void
end(void *context, const struct jobs_end *end)
{
	struct inspecting *inspecting = context;
	struct target_owner owner = inspecting->owner;
	enum target_end ended = TARGET_CANCELLED;
	/* Each file that was looked into was compared first. */
	const struct inspection_end how = {
	    .is_whole = end->outcome == JOBS_DONE && inspecting->is_sent &&
			end->has_parser && end->parser == JOBS_DONE,
	    .is_as_recorded = true,
	    .may_skip = inspecting->is_living,
	};
	struct inspection_counts counts = {0};
	struct error err = {0};

	if (end->outcome != JOBS_CANCELLED) {
		ended = TARGET_FAILED;
		log_failure(inspecting, end);
		if (inspection_settle(&inspecting->inspection, &how, &err) ==
			0 &&
		    commit(inspecting, &counts, &err) == 0) {
			owner.contents(owner.context, &counts);
			ended = TARGET_ANSWERED;
		} else {
			log_event(LOG_LEVEL_ERROR, "%s", err.text);
		}
	}
	free_inspecting(inspecting);
	owner.ended(owner.context, ended);
}

static const struct jobs_kind kind = {
    .name = "inspect",
    .prepare = prepare,
    .prepare_parser = prepare_parser,
    .replies = &replies,
    .parser_replies = &parser_replies,
    .end = end,
};

int
inspecting_order(struct service *service,
    const struct inspecting_request *request, const struct target_owner *owner,
    struct error *err)
{
	struct inspecting *inspecting = calloc(1, sizeof(*inspecting));
	struct jobs_order order = {
	    .kind = &kind,
	    .context = inspecting,
	    .run = request->run,
	    .priority = request->priority,
	    .total_bytes = request->bytes,
	};
	uint64_t id;

	if (inspecting == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	inspecting->service = service;
	inspecting->owner = *owner;
	inspecting->version = request->version;
	inspecting->bytes = request->bytes;
	manifest_header_name(&inspecting->header, request->system,
	    request->generation, request->medium, request->source_id);
	inspecting->header.slice_bytes = service->config->policy.slice_size;
	inspection_init(&inspecting->inspection, service, request->copy,
	    request->manifest, request->run);
	(void)snprintf(
	    order.medium, sizeof(order.medium), "%s", request->medium);
	(void)snprintf(order.label, sizeof(order.label), "%s %s",
	    request->generation, request->medium);
	inspecting->locator = strdup(request->locator);
	if (inspecting->locator == NULL)
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
	else if (jobs_add(service->jobs, &order, &id, err) == 0)
		return 0;
	free_inspecting(inspecting);
	return -1;
}
