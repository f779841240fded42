#include "lib/worker/restorer.h"

#include <errno.h>
#include <iconv.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/examine/parse.h"
#include "lib/examine/restore_stream.h"
#include "lib/examine/tee.h"
#include "lib/os/remove.h"
#include "lib/os/sandbox.h"
#include "lib/os/spawn.h"
#include "lib/worker/answer.h"
#include "lib/worker/job.h"
#include "lib/worker/restorer_scratch.h"
#include "lib/worker/scratch_files.h"

struct restorer {
	struct job job;
	int file_fd; /* the archive's, for formats that seek */
	struct member_name_charset *charset;
	struct answer answer;
	struct examine_events events;
};

/* Load now what the C library loads on first use. */
static int
warm_up(struct restorer *restorer, struct error *err)
{
	uint8_t ignored[DIGEST_SHA256_BYTES];

	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return error_set(err, ERROR_UNAVAILABLE,
		    _("this machine has no locale C.UTF-8"));
	digest_sha256_of("", 0, ignored);
	(void)strerror(ENOENT);
	(void)_("out of memory");
	(void)iconv_open("UTF-8", "UTF-16LE");
	(void)iconv_open("UTF-8", "UTF-16BE");
	if (restorer->job.charset[0] == '\0')
		return 0;
	return member_name_charset_new(
	    restorer->job.charset, &restorer->charset, err);
}

static int
restrict_itself(struct restorer *restorer, struct error *err)
{
	const struct job *job = &restorer->job;
	struct reply reply = {.kind = REPLY_BEGUN};
	struct sandbox_policy policy = {
	    .root_fd = -1,
	    .write_fd = job->fds[JOB_FD_SCRATCH],
	    .has_write_fd = true,
	    .may_change_modes = job->kind == JOB_CLEAR,
	    .limits = job->limits,
	    .best_effort = job->best_effort,
	};

	if (sandbox_enter(&policy, &reply.begun.sandbox, err) != 0)
		return -1;
	return answer_send(&reply, err);
}

/* Members, decoded from the bytes that the reader sends. */
static int
restore_members(struct restorer *restorer, struct restore *restore,
    struct reply_restored *restored, struct error *err)
{
	struct job *job = &restorer->job;
	const char *slash = strrchr(job->locator, '/');
	struct parse_options options = {
	    .stream_fd = &job->fds[JOB_FD_PARSER],
	    .file_fd = restorer->file_fd,
	    .name = slash != NULL ? slash + 1 : job->locator,
	    .charset = restorer->charset,
	    .limits = ARCHIVE_LIMITS_DEFAULT,
	    .manifest_fd = job->fds[JOB_FD_MANIFEST],
	    .spill_fd = job->fds[JOB_FD_SPILL],
	    .header = job->header,
	    .events = &restorer->events,
	    .restore = restore,
	    .portion = job->drill.portion,
	};
	struct parse_result result;

	options.limits.bytes = job->archive_expand;
	options.limits.memory = job->archive_memory;
	if (parse_run(&options, &result, err) != 0)
		return -1;
	restored->is_archive = true;
	restored->is_whole = result.state != PARSE_PARTIAL;
	restored->state = result.state;
	return 0;
}

static int
run_extract(struct restorer *restorer, struct error *err)
{
	struct job *job = &restorer->job;
	const struct restore_limits limits = {
	    .bytes = job->drill.bytes, .entries = job->drill.entries};
	struct reply reply = {.kind = REPLY_RESTORED};
	struct reply_restored restored = {.is_whole = false};
	struct restore *restore = NULL;
	int rc = -1;

	if (warm_up(restorer, err) != 0 || scratch_files_open(job, err) != 0 ||
	    (job->drill.is_archive && tee_receive_file(job->fds[JOB_FD_PARSER],
					  &restorer->file_fd, err) != 0) ||
	    restrict_itself(restorer, err) != 0 ||
	    restore_new(job->fds[JOB_FD_SCRATCH], &limits, &restore, err) != 0)
		return -1;
	if (job->drill.is_archive)
		rc = restore_members(restorer, restore, &restored, err);
	else
		rc = restore_stream_receive(job->fds[JOB_FD_PARSER], restore,
		    &restorer->events, &restored.is_whole, err);
	if (rc == 0) {
		reply.restored = restored;
		reply.restored.counts = *restore_counts(restore);
		rc = answer_send(&reply, err);
	}
	restore_free(restore);
	return rc;
}

/* remove's callback. */
static int
on_removed(void *context, uint64_t removed, struct error *err)
{
	struct restorer *restorer = context;

	return restorer->events.progress(
	    restorer->events.context, 0, removed, err);
}

static int
run_clear(struct restorer *restorer, struct error *err)
{
	const struct remove_events events = {restorer, on_removed};

	if (warm_up(restorer, err) != 0 || restrict_itself(restorer, err) != 0)
		return -1;
	return remove_content(restorer->job.fds[JOB_FD_SCRATCH], &events, err);
}

static int
run(struct restorer *restorer, struct error *err)
{
	const struct job *job = &restorer->job;

	if (job->kind == JOB_SCRATCH)
		return restorer_scratch_run(job, err);
	if (job->fds[JOB_FD_SCRATCH] < 0)
		return error_set(
		    err, ERROR_PROTOCOL, _("there is no folder to write to"));
	if (job->kind == JOB_EXTRACT)
		return run_extract(restorer, err);
	if (job->kind == JOB_CLEAR)
		return run_clear(restorer, err);
	return error_set(
	    err, ERROR_PROTOCOL, _("this is no job for a restorer"));
}

int
restorer_main(void)
{
	struct restorer *restorer = calloc(1, sizeof(*restorer));
	struct error err = {0};
	bool is_done;
	int status = EXIT_SUCCESS;

	if (restorer == NULL)
		return EXIT_FAILURE;
	restorer->file_fd = -1;
	restorer->events = answer_events(&restorer->answer);
	is_done = job_receive(SPAWN_WIRE_FD, &restorer->job, &err) == 0 &&
		  run(restorer, &err) == 0;
	if (answer_end(is_done ? NULL : &err) != 0)
		status = EXIT_FAILURE;
	member_name_charset_free(restorer->charset);
	if (restorer->file_fd >= 0)
		(void)close(restorer->file_fd);
	job_done(&restorer->job);
	free(restorer);
	return status;
}
