#include "daemon/capture_digest.h"

#include <stdio.h>

#include "daemon/place.h"

static int
prepare(void *context, struct job *job, struct error *err)
{
	struct capture_digest *digest = context;

	job->kind = JOB_DIGEST;
	job->header = *digest->header;
	place_fill_limits(digest->service, job);
	return place_pass_manifest(digest->manifest_fd, job, err);
}

static int
take_digest(void *context, const struct reply *reply, struct error *err)
{
	struct capture_digest *digest = context;

	(void)err;
	digest->is_told = true;
	digest->result = reply->digest;
	return 0;
}

static const struct reply_handlers replies = {
    .take = {[REPLY_BEGUN] = reply_ignore, [REPLY_DIGEST] = take_digest}};

static void
end(void *context, const struct jobs_end *end)
{
	struct capture_digest *digest = context;

	digest->is_told = digest->is_told && end->outcome == JOBS_DONE;
	digest->ended(digest->context, end);
}

static const struct jobs_kind kind = {
    .name = "digest",
    .prepare = prepare,
    .replies = &replies,
    .end = end,
};

int
capture_digest_order(
    struct capture_digest *digest, int priority, struct error *err)
{
	struct jobs_order order = {
	    .kind = &kind, .context = digest, .priority = priority};
	uint64_t id;

	(void)snprintf(order.label, sizeof(order.label), "%s %s",
	    digest->header->generation, digest->header->medium);
	return jobs_add(digest->service->jobs, &order, &id, err);
}
