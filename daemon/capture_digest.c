#include "daemon/capture_digest.h"

#include <stdio.h>

#include "daemon/place.h"
#include "lib/base/i18n.h"

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
take_reply(void *context, const struct reply *reply, struct error *err)
{
	struct capture_digest *digest = context;

	if (reply->kind == REPLY_BEGUN || reply->kind == REPLY_PROGRESS)
		return 0;
	if (reply->kind != REPLY_DIGEST)
		return error_set(
		    err, ERROR_PROTOCOL, _("unexpected reply of a child"));
	digest->is_told = true;
	digest->result = reply->digest;
	return 0;
}

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
    .reply = take_reply,
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
