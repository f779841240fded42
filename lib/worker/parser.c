#include "lib/worker/parser.h"

#include <errno.h>
#include <iconv.h>
#include <limits.h>
#include <locale.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/examine/contents.h"
#include "lib/examine/drift.h"
#include "lib/examine/look.h"
#include "lib/examine/loss.h"
#include "lib/examine/parse.h"
#include "lib/examine/samples.h"
#include "lib/examine/tee.h"
#include "lib/os/sandbox.h"
#include "lib/os/spawn.h"
#include "lib/worker/answer.h"
#include "lib/worker/job.h"
#include "lib/worker/lists.h"
#include "lib/worker/proof.h"
#include "lib/worker/scratch_files.h"

/*
 * Processor time for each byte of the archive, above the job's own limit: xz
 * and bzip2 unpack some 10 MB of it a second, this is a tenth of that.
 */
#define BYTES_PER_CPU_SECOND (1024 * 1024)

struct parser {
	struct job job;
	int file_fd;
	struct member_name_charset *charset;
	struct answer answer;
	struct digest_ahead *ahead;
};

/*
 * Load now what the C library loads on first use.  The converters stay open
 * for the rest of the process: libarchive asks for them again.
 */
static int
warm_up(struct error *err)
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
	return 0;
}

/*
 * In the thread that digests, before the process is restricted: as tightly, but
 * for the limits of the process, which must leave room for doing the same to
 * the rest of it.
 */
static int
restrict_thread(void *context, struct error *err)
{
	struct sandbox_policy policy = *(const struct sandbox_policy *)context;
	struct sandbox_report ignored;

	policy.limits = (struct sandbox_limits){
	    .open_files = UINT64_MAX, .file_size_bytes = UINT64_MAX};
	return sandbox_enter(&policy, &ignored, err);
}

static int
restrict_itself(struct parser *parser, struct error *err)
{
	struct reply reply = {.kind = REPLY_BEGUN};
	struct sandbox_policy policy = {
	    .root_fd = -1,
	    .limits = parser->job.limits,
	    .best_effort = parser->job.best_effort,
	};
	struct stat st;

	if (fstat(parser->file_fd, &st) != 0)
		return error_set_errno(
		    err, errno, _("cannot look at the archive"));
	if (policy.limits.cpu_seconds > 0)
		policy.limits.cpu_seconds +=
		    (uint64_t)st.st_size / BYTES_PER_CPU_SECOND;
	/* A heap of the thread's own would take most of the address space. */
	(void)mallopt(M_ARENA_MAX, 1);
	if (digest_ahead_new(restrict_thread, &policy, &parser->ahead, err) !=
		0 ||
	    sandbox_enter(&policy, &reply.begun.sandbox, err) != 0)
		return -1;
	return answer_send(&reply, err);
}

static int
send_survey(const struct survey *survey, struct error *err)
{
	struct reply reply = {.kind = REPLY_SURVEY, .survey = *survey};

	return answer_send(&reply, err);
}

static int
send_members(const struct parse_result *result, struct error *err)
{
	struct reply reply = {.kind = REPLY_MEMBERS};

	reply.members = *result;
	if (answer_send(&reply, err) != 0)
		return -1;
	return send_survey(&result->survey, err);
}

/* contents' callback. */
static int
send_inspected(
    void *context, const struct contents_result *result, struct error *err)
{
	struct reply reply = {.kind = REPLY_INSPECTED, .inspected = *result};

	(void)context;
	return answer_send(&reply, err);
}

/* Decode, and look into what comes out where that is wanted. */
static int
parse_and_send(
    struct parser *parser, struct parse_options *options, struct error *err)
{
	const struct contents_options looking = {
	    .events = options->events, .is_telling = true, .is_complete = true};
	bool is_inspecting = parser->job.is_inspecting;
	struct parse_result result;
	int rc = -1;

	if (is_inspecting &&
	    contents_new(&looking, &options->contents, err) != 0)
		return -1;
	if (parse_run(options, &result, err) == 0 &&
	    send_members(&result, err) == 0 &&
	    (!is_inspecting || contents_finish(options->contents,
				   send_inspected, NULL, err) == 0))
		rc = 0;
	contents_free(options->contents);
	options->contents = NULL;
	return rc;
}

static int
run_parse(struct parser *parser, struct error *err)
{
	struct job *job = &parser->job;
	const char *slash = strrchr(job->locator, '/');
	struct examine_events events = answer_events(&parser->answer);
	struct parse_options options = {
	    .stream_fd = &job->fds[JOB_FD_PARSER],
	    .name = slash != NULL ? slash + 1 : job->locator,
	    .limits = ARCHIVE_LIMITS_DEFAULT,
	    .manifest_fd = job->fds[JOB_FD_MANIFEST],
	    .spill_fd = job->fds[JOB_FD_SPILL],
	    .header = job->header,
	    .events = &events,
	};
	struct error why = {0};

	if (warm_up(err) != 0 ||
	    member_name_charset_new(job->charset, &parser->charset, err) != 0)
		return -1;
	if (tee_receive_file(job->fds[JOB_FD_PARSER], &parser->file_fd, &why) !=
	    0) {
		/* The reader saw nothing to read, and says why itself. */
		if (why.code == ERROR_UNAVAILABLE)
			return 0;
		*err = why;
		return -1;
	}
	if (restrict_itself(parser, err) != 0)
		return -1;
	options.file_fd = parser->file_fd;
	options.charset = parser->charset;
	options.ahead = parser->ahead;
	options.limits.bytes = job->archive_expand;
	options.limits.memory = job->archive_memory;
	return parse_and_send(parser, &options, err);
}

/* Lock itself in where no single file is looked at. */
static int
restrict_plainly(struct parser *parser, struct error *err)
{
	struct reply reply = {.kind = REPLY_BEGUN};
	struct sandbox_policy policy = {
	    .root_fd = -1,
	    .limits = parser->job.limits,
	    .best_effort = parser->job.best_effort,
	};

	if (warm_up(err) != 0 ||
	    sandbox_enter(&policy, &reply.begun.sandbox, err) != 0)
		return -1;
	return answer_send(&reply, err);
}

/* Checksums that a producer left; their descriptors come one by one. */
static int
run_lists(struct parser *parser, struct error *err)
{
	struct examine_events events = answer_events(&parser->answer);

	if (restrict_plainly(parser, err) != 0)
		return -1;
	return lists_serve(parser->job.fds[JOB_FD_PARSER], &events, err);
}

/* What samples of files look like. */
struct looking {
	struct survey survey;
	struct examine_events events;
	struct examine_pulse pulse;
};

static int
on_tick(void *context, struct error *err)
{
	struct looking *looking = context;
	const struct survey *survey = &looking->survey;

	if (!examine_is_due(&looking->pulse, survey->bytes, survey->files))
		return 0;
	return looking->events.progress(
	    looking->events.context, survey->bytes, survey->files, err);
}

static int
on_sample(void *context, const char *name, size_t length, uint64_t size,
    const struct sample *sample, struct error *err)
{
	struct looking *looking = context;

	enum sealing_kind kind =
	    look_at(&looking->survey, name, length, sample);

	(void)size;
	return on_tick(context, err) == 0 ? (int)kind : -1;
}

static int
run_look(struct parser *parser, struct error *err)
{
	struct looking looking = {.events = answer_events(&parser->answer)};
	struct samples_events events = {&looking, on_sample, on_tick};

	if (restrict_plainly(parser, err) != 0 ||
	    samples_receive(parser->job.fds[JOB_FD_PARSER], &events, err) != 0)
		return -1;
	return send_survey(&looking.survey, err);
}

/* How far a manifest is from the one that the job's header names. */
static int
run_drift(struct parser *parser, struct error *err)
{
	struct job *job = &parser->job;
	struct examine_events events = answer_events(&parser->answer);
	struct reply reply = {.kind = REPLY_DRIFT};
	const struct loss_options losing = {
	    .before_fd = job->fds[JOB_FD_PREVIOUS],
	    .after_fd = job->fds[JOB_FD_MANIFEST],
	    .recorded_ms = job->recorded_ms,
	    .expires_ms = job->expires_ms,
	    .events = &events,
	};

	if (restrict_plainly(parser, err) != 0 ||
	    proof_check(job, job->fds[JOB_FD_PREVIOUS], err) != 0 ||
	    drift_measure(job->fds[JOB_FD_PREVIOUS], job->fds[JOB_FD_MANIFEST],
		&events, &reply.drift, err) != 0 ||
	    answer_send(&reply, err) != 0)
		return -1;
	if (job->layout != CONFIG_LAYOUT_TREE)
		return 0;
	reply = (struct reply){.kind = REPLY_LOSS};
	if (loss_measure(&losing, &reply.loss, err) != 0)
		return -1;
	return answer_send(&reply, err);
}

/* Files of a copy, as a reader sends them. */
static int
run_inspect_sent(struct parser *parser, struct error *err)
{
	struct examine_events events = answer_events(&parser->answer);
	const struct contents_options options = {
	    .events = &events, .is_telling = true, .is_complete = true};

	if (restrict_plainly(parser, err) != 0)
		return -1;
	return contents_receive(parser->job.fds[JOB_FD_PARSER], &options,
	    send_inspected, NULL, err);
}

/* Files that a drill restored, which it may read. */
static int
run_inspect(struct parser *parser, struct error *err)
{
	struct job *job = &parser->job;
	struct examine_events events = answer_events(&parser->answer);
	const struct contents_options options = {
	    .events = &events,
	    /* Of a part of the files nothing is known to be missing. */
	    .is_complete = job->drill.portion.threshold >= PORTION_BUCKETS,
	};
	struct reply reply = {.kind = REPLY_BEGUN};
	struct sandbox_policy policy = {
	    .limits = job->limits,
	    .best_effort = job->best_effort,
	};

	if (warm_up(err) != 0 || scratch_files_open(job, err) != 0)
		return -1;
	policy.root_fd = job->fds[JOB_FD_SCRATCH];
	if (sandbox_enter(&policy, &reply.begun.sandbox, err) != 0 ||
	    answer_send(&reply, err) != 0)
		return -1;
	return contents_inspect(job->fds[JOB_FD_SCRATCH],
	    job->fds[JOB_FD_SPILL], &options, send_inspected, NULL, err);
}

static int
run(struct parser *parser, struct error *err)
{
	if (parser->job.kind == JOB_INSPECT)
		return parser->job.fds[JOB_FD_SCRATCH] >= 0
			   ? run_inspect(parser, err)
			   : run_inspect_sent(parser, err);
	if (parser->job.kind == JOB_PARSE)
		return run_parse(parser, err);
	if (parser->job.kind == JOB_LISTS)
		return run_lists(parser, err);
	if (parser->job.kind == JOB_LOOK)
		return run_look(parser, err);
	if (parser->job.kind == JOB_DRIFT)
		return run_drift(parser, err);
	return error_set(err, ERROR_PROTOCOL, _("this is no job for a parser"));
}

int
parser_main(void)
{
	struct parser *parser = calloc(1, sizeof(*parser));
	struct error err = {0};
	bool is_done;
	int status = EXIT_SUCCESS;

	if (parser == NULL)
		return EXIT_FAILURE;
	parser->file_fd = -1;
	is_done = job_receive(SPAWN_WIRE_FD, &parser->job, &err) == 0 &&
		  run(parser, &err) == 0;
	if (answer_end(is_done ? NULL : &err) != 0)
		status = EXIT_FAILURE;
	digest_ahead_free(parser->ahead);
	member_name_charset_free(parser->charset);
	if (parser->file_fd >= 0)
		(void)close(parser->file_fd);
	job_done(&parser->job);
	free(parser);
	return status;
}
