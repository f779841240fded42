/* The jobs of a drill. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/drill_internal.h"
#include "daemon/drill_scratch.h"
#include "daemon/drill_secret.h"
#include "daemon/place.h"
#include "lib/base/i18n.h"
#include "lib/os/file.h"

/* A person waits for it. */
#define PRIORITY 1
/* Room for what a manifest does not count: parents of members, doubles. */
#define ENTRIES_SPARE 100000

static int
pass(int fd, int *ret_fd, struct error *err)
{
	*ret_fd = dup(fd);
	if (*ret_fd >= 0)
		return 0;
	return error_set(err, ERROR_LIMIT, _("too many files are open"));
}

/*
 * The scratch folder, of which the child opens `files`: hikaed looks at nothing
 * there, since it may hang.
 */
static int
pass_files(struct drill *drill, struct job *job, struct error *err)
{
	job->drill.has_files_below = true;
	return pass(drill->scratch_fd, &job->fds[JOB_FD_SCRATCH], err);
}

/*
 * By the path that hikaed's own children see: the descriptor may be of a mount
 * that nothing but it holds, and of such a one nobody can tell what lies under
 * it.
 */
static int
pass_files_by_path(struct drill *drill, struct job *job, struct error *err)
{
	if (drill->socket_path != NULL)
		(void)snprintf(job->drill.scratch, sizeof(job->drill.scratch),
		    "%s", drill->scratch);
	return pass_files(drill, job, err);
}

static void
fill_header(const struct drill *drill, struct job *job, bool is_members)
{
	const struct drill_copy *copy = &drill->copy;
	struct manifest_header *header = &job->header;

	manifest_header_name(
	    header, copy->system, copy->generation, copy->medium, copy->source);
	header->slice_bytes = drill->drills->service->config->policy.slice_size;
	header->is_members = is_members;
	job->drill.drill = drill->view.id;
	job->drill.share_ppm = drill->share_ppm;
	job->drill.portion = (struct portion){
	    .seed = drill->view.id, .threshold = drill->plan.threshold};
}

/* The signed manifest that says what is to be restored. */
static int
pass_manifest(struct drill *drill, struct job *job, struct error *err)
{
	const struct drill_copy *copy = &drill->copy;
	const struct vault_name name = {
	    .system = copy->system,
	    .generation = copy->generation,
	    .medium = copy->medium,
	    .version = copy->version,
	    .is_members = copy->is_archive,
	};

	return place_fill_manifest(drill->drills->service, &name, job,
	    &job->fds[JOB_FD_MANIFEST], err);
}

static int
prepare_make(struct drill *drill, struct job *job, struct error *err)
{
	return drill_scratch_prepare(drill, JOB_SCRATCH_MAKE, job, err);
}

static int
prepare_drop(struct drill *drill, struct job *job, struct error *err)
{
	return drill_scratch_prepare(drill, JOB_SCRATCH_DROP, job, err);
}

static int
prepare_plan(struct drill *drill, struct job *job, struct error *err)
{
	job->kind = JOB_PLAN;
	place_fill_limits(drill->drills->service, job);
	fill_header(drill, job, drill->copy.is_archive);
	return pass_manifest(drill, job, err);
}

/* An archive is captured once more, for the bytes that its members are in. */
static int
prepare_restore(struct drill *drill, struct job *job, struct error *err)
{
	const struct service *service = drill->drills->service;
	const struct config_source *source;

	if (place_find_source(service, drill->copy.source, &source, err) != 0)
		return -1;
	fill_header(drill, job, false);
	(void)snprintf(
	    job->locator, sizeof(job->locator), "%s", drill->copy.locator);
	if (place_fill_copy(
		service, source, drill->copy.generation, job, err) != 0)
		return -1;
	if (drill->copy.is_archive) {
		job->kind = JOB_CAPTURE;
		return file_temporary(
		    service->state_fd, &job->fds[JOB_FD_MANIFEST], err);
	}
	job->kind = JOB_RESTORE;
	return pass_manifest(drill, job, err);
}

static int
prepare_extract(struct drill *drill, struct job *job, struct error *err)
{
	const struct service *service = drill->drills->service;
	const struct config_source *source =
	    config_find_source(service->config, drill->copy.source);

	if (source == NULL)
		return 0;
	if (place_fill_parser(service, source, job, err) != 0)
		return -1;
	job->kind = JOB_EXTRACT;
	fill_header(drill, job, true);
	(void)snprintf(
	    job->locator, sizeof(job->locator), "%s", drill->copy.locator);
	job->drill.is_archive = drill->copy.is_archive;
	/* What is more than was signed is not restored. */
	job->drill.bytes = drill->plan.bytes;
	job->drill.entries = drill->plan.entries + ENTRIES_SPARE;
	job->limits.file_size_bytes = drill->plan.bytes_total + (1 << 20);
	if (job->limits.file_size_bytes < (uint64_t)1 << 32)
		job->limits.file_size_bytes = (uint64_t)1 << 32;
	if (drill->copy.is_archive && file_temporary(service->state_fd,
					  &job->fds[JOB_FD_MANIFEST], err) != 0)
		return -1;
	return pass_files(drill, job, err) == 0 ? 1 : -1;
}

static int
prepare_inspect(struct drill *drill, struct job *job, struct error *err)
{
	const struct service *service = drill->drills->service;
	const struct config_source *source;

	if (place_find_source(service, drill->copy.source, &source, err) != 0 ||
	    place_fill_parser(service, source, job, err) != 0)
		return -1;
	job->kind = JOB_INSPECT;
	job->drill.portion.threshold = drill->plan.threshold;
	/* As for decoding: by the bytes that there are. */
	job->limits.cpu_seconds += drill->plan.bytes >> 20;
	return pass_files(drill, job, err);
}

static int
prepare_program(struct drill *drill, struct job *job, struct error *err)
{
	if (drill_program_prepare(drill, job, err) != 0 ||
	    drill_secret_pass(drill, job, err) != 0)
		return -1;
	return pass(drill->scratch_fd, &job->fds[JOB_FD_SCRATCH], err);
}

static int
prepare_prove(struct drill *drill, struct job *job, struct error *err)
{
	const struct service *service = drill->drills->service;

	job->kind = JOB_PROVE;
	place_fill_limits(service, job);
	fill_header(drill, job, drill->copy.is_archive);
	if (file_temporary(service->state_fd, &job->fds[JOB_FD_SPILL], err) !=
		0 ||
	    pass_manifest(drill, job, err) != 0)
		return -1;
	return pass_files_by_path(drill, job, err);
}

static int
prepare_clear(struct drill *drill, struct job *job, struct error *err)
{
	job->kind = JOB_CLEAR;
	place_fill_limits(drill->drills->service, job);
	return pass(drill->scratch_fd, &job->fds[JOB_FD_SCRATCH], err);
}

/* ---- jobs' callbacks ---- */

static int
prepare(void *context, struct job *job, struct error *err)
{
	static int (*const steps[DRILL_STEPS])(
	    struct drill *, struct job *, struct error *) = {
	    [DRILL_MAKE] = prepare_make,
	    [DRILL_PLAN] = prepare_plan,
	    [DRILL_RESTORE] = prepare_restore,
	    [DRILL_INSPECT] = prepare_inspect,
	    [DRILL_PROGRAM] = prepare_program,
	    [DRILL_PROVE] = prepare_prove,
	    [DRILL_CLEAR] = prepare_clear,
	    [DRILL_DROP] = prepare_drop,
	};
	struct drill *drill = context;

	if (steps[drill->step](drill, job, err) != 0)
		return -1;
	if (job_is_for_drill_service(job->kind))
		job->socket_path = drill->socket_path;
	return 0;
}

static int
prepare_parser(void *context, struct job *job, struct error *err)
{
	const struct drill *drill = context;

	job->socket_path = drill->socket_path;
	return prepare_extract(context, job, err);
}

static void
end(void *context, const struct jobs_end *end)
{
	drill_step_ended(context, end);
}

#define KIND(step)                                          \
	{                                                   \
		.name = "drill", .prepare = prepare,        \
		.replies = &drill_replies[step], .end = end \
	}
static const struct jobs_kind kinds[DRILL_STEPS] = {
    [DRILL_MAKE] = KIND(DRILL_MAKE),
    [DRILL_PLAN] = KIND(DRILL_PLAN),
    [DRILL_RESTORE] =
	{
	    .name = "restore",
	    .prepare = prepare,
	    .prepare_parser = prepare_parser,
	    .replies = &drill_replies[DRILL_RESTORE],
	    .parser_replies = &drill_parser_replies,
	    .end = end,
	},
    [DRILL_INSPECT] = KIND(DRILL_INSPECT),
    [DRILL_PROGRAM] = KIND(DRILL_PROGRAM),
    [DRILL_PROVE] = KIND(DRILL_PROVE),
    [DRILL_CLEAR] = KIND(DRILL_CLEAR),
    [DRILL_DROP] = KIND(DRILL_DROP),
};

int
drill_step_order(struct drill *drill, struct error *err)
{
	char name[32];
	struct jobs_order order = {
	    .kind = &kinds[drill->step],
	    .context = drill,
	    .run = drill->view.id,
	    .total_bytes = drill->plan.bytes,
	    .priority = PRIORITY,
	};
	uint64_t id;

	(void)snprintf(
	    name, sizeof(name), "%llu", (unsigned long long)drill->view.id);
	drill_scratch_lane(name, order.medium);
	if (drill->step == DRILL_RESTORE)
		(void)snprintf(order.medium, sizeof(order.medium), "%s",
		    drill->copy.medium);
	(void)snprintf(order.label, sizeof(order.label), "%s %s",
	    drill->view.step, drill->copy.generation);
	return jobs_add(drill->drills->service->jobs, &order, &id, err);
}
