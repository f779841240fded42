#include "daemon/verification.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/media.h"
#include "daemon/place.h"
#include "lib/base/i18n.h"
#include "lib/store/query_slice.h"

struct verification {
	struct service *service;
	struct verification_owner owner;
	char system[CONFIG_ID_BYTES], medium[CONFIG_ID_BYTES];
	char generation[64];
	char source_id[CONFIG_ID_BYTES]; /* "": a folder of the state */
	char own_folder[64];
	char *locator;
	uint64_t version;
	bool is_names_only;
	struct verify_range *ranges;
	size_t range_count;
	int64_t not_before;
	enum reply_place place;
	bool is_identified;	   /* a medium that is there is the right one */
	char volume[VOLUME_BYTES]; /* of the capture, where that decides */
	bool has_source;	   /* it is configured, on this medium */
	bool has_manifest;	   /* it was there, with its signature */
};

static void
free_verification(struct verification *verification)
{
	free(verification->ranges);
	free(verification->locator);
	free(verification);
}

/* The signed manifest, and what its signature must say. */
static int
open_manifest(
    struct verification *verification, struct job *job, struct error *err)
{
	const struct service *service = verification->service;
	struct vault_name name = {
	    .system = verification->system,
	    .generation = verification->generation,
	    .medium = verification->medium,
	    .version = verification->version,
	};
	int *fd = &job->fds[JOB_FD_MANIFEST];
	int rc = verification->source_id[0] == '\0'
		     ? place_fill_own_manifest(service, &name, job, fd, err)
		     : place_fill_manifest(service, &name, job, fd, err);

	if (rc != 0)
		return -1;
	verification->has_manifest = true;
	return 0;
}

static int
find_place(
    struct verification *verification, struct job *job, struct error *err)
{
	struct service *service = verification->service;
	const struct config_source *source;

	verification->has_source = verification->source_id[0] == '\0';
	if (verification->has_source)
		return place_fill_own(
		    service, verification->own_folder, job, err);
	source = config_find_source(service->config, verification->source_id);
	/* What lies on another medium now is another copy. */
	if (source == NULL ||
	    strcmp(source->medium_id, verification->medium) != 0)
		return error_set(err, ERROR_NOT_FOUND,
		    _("the source is no longer configured"));
	verification->has_source = true;
	if (vault_open_readings(service->state_fd, source->medium_id,
		&job->fds[JOB_FD_READINGS], err) != 0)
		return -1;
	job->is_reused = source->reuses_names;
	(void)snprintf(
	    job->header.source, sizeof(job->header.source), "%s", source->id);
	return place_fill_copy(
	    service, source, verification->generation, job, err);
}

/*
 * Where the configuration does not say which file system it must be, the one
 * that the copy was captured from.
 */
static int
find_volume(
    struct verification *verification, struct job *job, struct error *err)
{
	const struct query_manifest_name name = {
	    .generation = verification->generation,
	    .medium = verification->medium,
	    .version = verification->version,
	};

	verification->is_identified = place_is_identified(job);
	if (verification->is_identified || !job->is_mount_point)
		return 0;
	if (query_manifest_volume(verification->service->catalog, &name,
		job->volume, sizeof(job->volume), err) != 0)
		return -1;
	memcpy(verification->volume, job->volume, sizeof(job->volume));
	return 0;
}

static int
prepare(void *context, struct job *job, struct error *err)
{
	struct verification *verification = context;
	size_t ranges = verification->range_count;

	job->kind = JOB_VERIFY;
	job->is_names_only = verification->is_names_only;
	job->not_before = verification->not_before;
	manifest_header_name(&job->header, verification->system,
	    verification->generation, verification->medium, "");
	(void)snprintf(
	    job->locator, sizeof(job->locator), "%s", verification->locator);
	job->range_count = ranges;
	if (ranges > 0)
		memcpy(job->ranges, verification->ranges,
		    ranges * sizeof(job->ranges[0]));
	if (find_place(verification, job, err) != 0 ||
	    find_volume(verification, job, err) != 0)
		return -1;
	return open_manifest(verification, job, err);
}

static int
take_begun(void *context, const struct reply *reply, struct error *err)
{
	struct verification *verification = context;

	(void)err;
	verification->place = reply->begun.place;
	if (verification->volume[0] != '\0' &&
	    strcmp(verification->volume, reply->begun.volume) == 0)
		verification->is_identified = true;
	return 0;
}

static int
take_finding(void *context, const struct reply *reply, struct error *err)
{
	struct verification *verification = context;
	const struct verification_owner *owner = &verification->owner;

	/* What cannot be read may have been pulled out. */
	if (reply->finding.code == FINDING_UNREADABLE_NOW ||
	    reply->finding.code == FINDING_UNREADABLE)
		media_doubt(verification->service->media, verification->medium);
	return owner->finding(owner->context, &reply->finding, err);
}

static int
take_slice(void *context, const struct reply *reply, struct error *err)
{
	struct verification *verification = context;
	const struct verification_owner *owner = &verification->owner;

	return owner->slice(
	    owner->context, &reply->slice.result, reply->slice.mode, err);
}

static const struct reply_handlers replies = {
    .take = {[REPLY_BEGUN] = take_begun,
	[REPLY_FINDING] = take_finding,
	[REPLY_SLICE] = take_slice}};

static int
more(void *context, struct verify_range *ranges, size_t *ret_count,
    struct error *err)
{
	struct verification *verification = context;
	const struct verification_owner *owner = &verification->owner;

	*ret_count = 0;
	if (owner->more == NULL)
		return 0;
	return owner->more(owner->context, ranges, ret_count, err);
}

/* What the end means for what was not answered. */
static enum finding
explain(const struct verification *verification, const struct jobs_end *end)
{
	enum error_code code = end->error.code;

	if (verification->place == REPLY_PLACE_EMPTY)
		return verification->is_identified ? FINDING_GENERATION_MISSING
						   : FINDING_WRONG_MEDIUM;
	if (verification->place == REPLY_PLACE_WRONG_MEDIUM)
		return FINDING_WRONG_MEDIUM;
	if (verification->place == REPLY_PLACE_ABSENT)
		return FINDING_MEDIUM_ABSENT;
	if (end->outcome != JOBS_FAILED)
		return jobs_outcome_finding(end->outcome);
	if (!verification->has_source)
		return FINDING_SOURCE_MISSING;
	if (!verification->has_manifest)
		return FINDING_MANIFEST_MISSING;
	if (code == ERROR_SIGNATURE || code == ERROR_INPUT)
		return FINDING_SIGNATURE_INVALID;
	if (code == ERROR_NOT_FOUND)
		return FINDING_GENERATION_MISSING;
	if (code == ERROR_DENIED)
		return FINDING_PERMISSION_DENIED;
	return FINDING_UNREADABLE_NOW;
}

static void
end(void *context, const struct jobs_end *end)
{
	struct verification *verification = context;

	verification->owner.ended(
	    verification->owner.context, end, explain(verification, end));
	free_verification(verification);
}

static const struct jobs_kind kind = {
    .name = "verify",
    .prepare = prepare,
    .replies = &replies,
    .more = more,
    .end = end,
};

/* Copy what must outlive the request. */
static struct verification *
copy_request(const struct verification_request *request)
{
	struct verification *verification = calloc(1, sizeof(*verification));
	const struct vault_name *manifest = &request->manifest;

	if (verification == NULL)
		return NULL;
	(void)snprintf(verification->system, sizeof(verification->system), "%s",
	    manifest->system);
	(void)snprintf(verification->medium, sizeof(verification->medium), "%s",
	    manifest->medium);
	(void)snprintf(verification->generation,
	    sizeof(verification->generation), "%s", manifest->generation);
	if (request->source_id != NULL)
		(void)snprintf(verification->source_id,
		    sizeof(verification->source_id), "%s", request->source_id);
	else
		(void)snprintf(verification->own_folder,
		    sizeof(verification->own_folder), "%s",
		    request->own_folder);
	verification->locator = strdup(request->locator);
	verification->version = manifest->version;
	verification->is_names_only = request->is_names_only;
	verification->not_before = request->not_before;
	verification->range_count = request->range_count;
	verification->ranges =
	    calloc(request->range_count + 1, sizeof(verification->ranges[0]));
	if (verification->locator == NULL || verification->ranges == NULL) {
		free_verification(verification);
		return NULL;
	}
	if (request->range_count > 0)
		memcpy(verification->ranges, request->ranges,
		    request->range_count * sizeof(verification->ranges[0]));
	return verification;
}

int
verification_order(struct service *service,
    const struct verification_request *request,
    const struct verification_owner *owner, struct error *err)
{
	struct verification *verification = copy_request(request);
	struct jobs_order order = {
	    .kind = &kind,
	    .context = verification,
	    .run = request->run,
	    .total_bytes = request->bytes,
	    .file_bytes = request->file_bytes,
	    .priority = request->priority,
	};
	uint64_t id;

	if (verification == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (request->range_count > JOB_RANGES_MAX ||
	    strlen(request->locator) >= JOB_LOCATOR_BYTES) {
		free_verification(verification);
		return error_set(err, ERROR_LIMIT, _("too many slices"));
	}
	verification->service = service;
	verification->owner = *owner;
	verification->place = REPLY_PLACE_OK;
	(void)snprintf(
	    order.medium, sizeof(order.medium), "%s", request->manifest.medium);
	(void)snprintf(order.label, sizeof(order.label), "%s %s",
	    request->manifest.generation, request->manifest.medium);
	if (jobs_add(service->jobs, &order, &id, err) == 0)
		return 0;
	free_verification(verification);
	return -1;
}
