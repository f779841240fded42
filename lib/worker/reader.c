#include "lib/worker/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/examine/capture.h"
#include "lib/examine/copy.h"
#include "lib/examine/foreign.h"
#include "lib/examine/prove.h"
#include "lib/examine/restore_stream.h"
#include "lib/examine/scan.h"
#include "lib/os/device.h"
#include "lib/os/file.h"
#include "lib/os/sandbox.h"
#include "lib/os/spawn.h"
#include "lib/worker/answer.h"
#include "lib/worker/job.h"
#include "lib/worker/lists.h"
#include "lib/worker/manifests.h"
#include "lib/worker/medium.h"
#include "lib/worker/pace.h"
#include "lib/worker/proof.h"
#include "lib/worker/scratch_files.h"

#define IGNORE_MAX 256

struct reader {
	struct job job;
	int root_fd;
	char volume[VOLUME_BYTES]; /* of its folder, or "" */
	struct device device;
	struct readings *readings;
	const char *ignore[IGNORE_MAX];
	size_t ignore_count;
	struct answer answer;
	struct examine_events events;
};

/* The patterns stand one behind the other, each ended by a NUL. */
static void
list_ignored(struct reader *reader)
{
	const char *at = reader->job.ignore;
	const char *end = at + reader->job.ignore_length;

	while (at < end && reader->ignore_count < IGNORE_MAX) {
		size_t length = strnlen(at, (size_t)(end - at));

		if (at + length == end)
			return;
		reader->ignore[reader->ignore_count++] = at;
		at += length + 1;
	}
}

static struct examine_ignore
ignore_of(const struct reader *reader)
{
	return (struct examine_ignore){reader->ignore, reader->ignore_count};
}

/*
 * Load now what the C library and OpenSSL load on first use: behind the
 * sandbox there is no file to load it from.
 */
static void
warm_up(void)
{
	struct digest_sha256 digest;
	uint8_t out[DIGEST_SHA256_BYTES];

	digest_sha256_init(&digest);
	digest_sha256_update(&digest, "", 0);
	digest_sha256_final(&digest, out);
	(void)strerror(ENOENT);
	(void)_("out of memory");
}

static bool
is_file_layout(const struct job *job)
{
	return job->layout == CONFIG_LAYOUT_ARCHIVE ||
	       job->layout == CONFIG_LAYOUT_FILE;
}

/*
 * Lock in.  A job about one copy may read the folder of that copy and nothing
 * beside it; where there is no such folder, there is nothing to be read, and
 * the job finds that out.
 */
static int
enter_sandbox(
    struct reader *reader, struct sandbox_report *ret_report, struct error *err)
{
	const struct job *job = &reader->job;
	struct sandbox_policy policy = {
	    .root_fd = reader->root_fd,
	    .limits = job->limits,
	    .best_effort = job->best_effort,
	};
	struct copy copy = COPY_CLOSED;
	struct error ignored;
	int rc;

	if (reader->root_fd >= 0 && job_is_about_copy(job->kind) &&
	    copy_open(&copy, reader->root_fd, job->locator, is_file_layout(job),
		&ignored) == 0)
		policy.root_fd = copy.fd;
	rc = sandbox_enter(&policy, ret_report, err);
	copy_close(&copy);
	return rc;
}

static int
begin(struct reader *reader, enum reply_place place, struct error *err)
{
	struct reply reply = {.kind = REPLY_BEGUN};

	warm_up();
	if (reader->root_fd >= 0 &&
	    device_describe(reader->root_fd, &reader->device, err) != 0)
		return -1;
	reader->answer.is_local_block =
	    reader->device.reach == DEVICE_LOCAL_BLOCK;
	if (enter_sandbox(reader, &reply.begun.sandbox, err) != 0)
		return -1;
	reply.begun.place = place;
	reply.begun.is_rotational = reader->device.rotational;
	reply.begun.has_stable_inodes = reader->device.stable_inodes;
	memcpy(reply.begun.volume, reader->volume, sizeof(reader->volume));
	return answer_send(&reply, err);
}

/* Readings are of use where inode numbers name a file. */
static int
open_readings(struct reader *reader, struct error *err)
{
	if (reader->job.fds[JOB_FD_READINGS] < 0 ||
	    !reader->device.stable_inodes)
		return 0;
	return readings_new(reader->job.fds[JOB_FD_READINGS],
	    reader->job.secret, &reader->readings, err);
}

static int
run_scan(struct reader *reader, struct error *err)
{
	struct job *job = &reader->job;
	struct scan_options options = {
	    .root_fd = reader->root_fd,
	    .layout = SCAN_FOLDERS,
	    .spill_fd = job->fds[JOB_FD_SPILL],
	    .marker = job->marker[0] != '\0' ? job->marker : NULL,
	    .ignore = ignore_of(reader),
	    .events = &reader->events,
	};
	struct bytes known = BYTES_EMPTY;
	uint64_t others;
	int rc = -1;

	if (job->layout == CONFIG_LAYOUT_TREE)
		options.layout = SCAN_TREE;
	else if (is_file_layout(job))
		options.layout = SCAN_FILES;
	if (job->fds[JOB_FD_KNOWN] >= 0 &&
	    file_read_whole(
		job->fds[JOB_FD_KNOWN], (size_t)16 << 20, &known, err) != 0)
		goto out;
	bytes_append_u8(&known, 0);
	options.known = (const char *)known.data;
	options.known_length = known.length - 1;
	rc = scan_run(&options, &others, err);
out:
	bytes_done(&known);
	return rc;
}

static int
send_captured(const struct reader *reader, const struct capture_result *result,
    const struct manifest_writer *writer, struct error *err)
{
	struct reply reply = {.kind = REPLY_FRAME};

	for (uint64_t i = 0; i < result->manifest.totals.slices; i++) {
		reply.frame = *manifest_writer_slice(writer, i);
		if (answer_send(&reply, err) != 0)
			return -1;
	}
	reply = (struct reply){.kind = REPLY_CAPTURED};
	reply.captured.manifest = result->manifest;
	reply.captured.bytes_read = result->bytes_read;
	reply.captured.problems = result->problems;
	reply.captured.carried = result->carried;
	reply.captured.carried_sealing = result->carried_sealing;
	reply.captured.has_lists = foreign_has_lists(
	    reader->root_fd, reader->job.locator, is_file_layout(&reader->job));
	reply.captured.oldest_reading = result->oldest_reading;
	reply.captured.newest_file_ms = result->newest_file_ms;
	reply.captured.future_files = result->future_files;
	reply.captured.mode = answer_mode(&reader->answer, result->mode);
	return answer_send(&reply, err);
}

/* An archive's parser gets all bytes, another some of every file. */
static int
give_parser(struct job *job, struct capture_options *options, struct error *err)
{
	int fd = job->fds[JOB_FD_PARSER];

	job->fds[JOB_FD_PARSER] = -1; /* who takes it closes it */
	if (job->layout == CONFIG_LAYOUT_ARCHIVE)
		options->tee_fd = fd;
	else if (fd >= 0)
		return samples_new(fd, &options->samples, err);
	return 0;
}

static int
run_capture(struct reader *reader, struct error *err)
{
	struct job *job = &reader->job;
	struct capture_options options = {
	    .root_fd = reader->root_fd,
	    .locator = job->locator,
	    .is_file = is_file_layout(job),
	    .is_closed = job->layout != CONFIG_LAYOUT_TREE,
	    .manifest_fd = job->fds[JOB_FD_MANIFEST],
	    .previous_fd = job->fds[JOB_FD_PREVIOUS],
	    .spill_fd = job->fds[JOB_FD_SPILL],
	    .tee_fd = -1,
	    .header = job->header,
	    .readings = reader->readings,
	    .stream = pace_stream(&reader->device),
	    .ignore = ignore_of(reader),
	    .events = &reader->events,
	    .ahead_ms = job->layout == CONFIG_LAYOUT_TREE ? job->ahead_ms
							  : CAPTURE_ANY_TIME,
	};
	struct capture_result result;
	struct manifest_writer *writer = NULL;
	int rc = -1;

	if (give_parser(job, &options, err) != 0)
		return -1;
	/* What the last manifest says is signed again: it must hold. */
	if ((options.previous_fd < 0 ||
		proof_check(job, options.previous_fd, err) == 0) &&
	    capture_run(&options, &result, &writer, err) == 0)
		rc = send_captured(reader, &result, writer, err);
	samples_free(options.samples);
	manifest_writer_free(writer);
	return rc;
}

static int
run_foreign(struct reader *reader, struct error *err)
{
	struct job *job = &reader->job;
	struct foreign_options options = {
	    .root_fd = reader->root_fd,
	    .locator = job->locator,
	    .is_file = is_file_layout(job),
	    .is_living = job->layout == CONFIG_LAYOUT_TREE,
	    .manifest_fd = job->fds[JOB_FD_MANIFEST],
	    .spill_fd = job->fds[JOB_FD_SPILL],
	    .stream = pace_stream(&reader->device),
	    .ignore = ignore_of(reader),
	    .events = &reader->events,
	};
	struct reply reply = {.kind = REPLY_FOREIGN};
	int wire = job->fds[JOB_FD_PARSER], rc;

	job->fds[JOB_FD_PARSER] = -1; /* lists_compare closes it */
	rc = lists_compare(wire, &options, &reply.foreign, err);
	return rc == 1 ? answer_send(&reply, err) : rc;
}

/*
 * verify's callback.  What was checked once, manifest and place, holds for all
 * slices of a job, however they are handed out.
 */
static int
ask_for_more(void *context, const struct verify_range **ret_ranges,
    size_t *ret_count, struct error *err)
{
	struct reader *reader = context;
	const struct reply ready = {.kind = REPLY_READY};
	struct job *job = &reader->job;

	if (answer_send(&ready, err) != 0 ||
	    job_receive_ranges(SPAWN_WIRE_FD, job, err) != 0)
		return -1;
	*ret_ranges = job->ranges;
	*ret_count = job->range_count;
	return job->range_count > 0 ? 1 : 0;
}

static int
run_verify(struct reader *reader, struct error *err)
{
	struct job *job = &reader->job;
	struct verify_options options = {
	    .root_fd = reader->root_fd,
	    .locator = job->locator,
	    .is_file = is_file_layout(job),
	    .is_living = job->layout == CONFIG_LAYOUT_TREE,
	    .is_reused = job->is_reused,
	    .manifest_fd = job->fds[JOB_FD_MANIFEST],
	    .spill_fd = job->fds[JOB_FD_SPILL],
	    .readings = reader->readings,
	    .not_before = job->not_before,
	    .stream = pace_stream(&reader->device),
	    .in_pairs = pace_in_pairs(&reader->device),
	    .has_no_devices = reader->device.has_no_devices,
	    .ignore = ignore_of(reader),
	    .events = &reader->events,
	    .more = ask_for_more,
	    .more_context = reader,
	};

	if (proof_check(job, job->fds[JOB_FD_MANIFEST], err) != 0)
		return -1;
	if (job->is_names_only)
		return verify_names(&options, err);
	return verify_slices(&options, job->ranges, job->range_count, err);
}

static int
run_compare(struct reader *reader, struct error *err)
{
	return manifests_compare(&reader->job, &reader->events, err);
}

static int
run_digest(struct reader *reader, struct error *err)
{
	return manifests_digest(&reader->job, &reader->events, err);
}

static int
run_plan(struct reader *reader, struct error *err)
{
	const struct job *job = &reader->job;
	struct reply reply = {.kind = REPLY_PLANNED};

	if (proof_check(job, job->fds[JOB_FD_MANIFEST], err) != 0 ||
	    portion_make(job->fds[JOB_FD_MANIFEST], job->drill.drill,
		job->drill.share_ppm, &reader->events, &reply.planned,
		err) != 0)
		return -1;
	return answer_send(&reply, err);
}

static int
run_restore(struct reader *reader, struct error *err)
{
	struct job *job = &reader->job;
	struct restore_stream_options options = {
	    .root_fd = reader->root_fd,
	    .locator = job->locator,
	    .is_file = is_file_layout(job),
	    .manifest_fd = job->fds[JOB_FD_MANIFEST],
	    .socket = job->fds[JOB_FD_PARSER],
	    .portion = job->drill.portion,
	    .stream = pace_stream(&reader->device),
	    .events = &reader->events,
	};
	struct reply reply = {.kind = REPLY_SENT};

	if (proof_check(job, job->fds[JOB_FD_MANIFEST], err) != 0 ||
	    restore_stream_send(&options, &reply.sent.result, err) != 0)
		return -1;
	reply.sent.mode = answer_mode(&reader->answer, reply.sent.result.mode);
	return answer_send(&reply, err);
}

static int
run_prove(struct reader *reader, struct error *err)
{
	struct job *job = &reader->job;
	const struct prove_options options = {
	    .files_fd = job->fds[JOB_FD_SCRATCH],
	    .manifest_fd = job->fds[JOB_FD_MANIFEST],
	    .spill_fd = job->fds[JOB_FD_SPILL],
	    .portion = job->drill.portion,
	    .events = &reader->events,
	};
	struct reply reply = {.kind = REPLY_PROVED};

	if (proof_check(job, options.manifest_fd, err) != 0 ||
	    prove_run(&options, &reply.proved, err) != 0)
		return -1;
	return answer_send(&reply, err);
}

static int
run(struct reader *reader, struct error *err)
{
	static int (*const kinds[JOB_KINDS])(
	    struct reader *, struct error *) = {
	    [JOB_SCAN] = run_scan,
	    [JOB_CAPTURE] = run_capture,
	    [JOB_VERIFY] = run_verify,
	    [JOB_FOREIGN] = run_foreign,
	    [JOB_COMPARE] = run_compare,
	    [JOB_DIGEST] = run_digest,
	    [JOB_PLAN] = run_plan,
	    [JOB_RESTORE] = run_restore,
	    [JOB_PROVE] = run_prove,
	};
	enum job_kind kind = reader->job.kind;
	enum reply_place place = REPLY_PLACE_OK;
	struct examine_ignore ignore;

	if (kinds[kind] == NULL)
		return error_set(
		    err, ERROR_PROTOCOL, _("this is no job for a reader"));
	list_ignored(reader);
	ignore = ignore_of(reader);
	if (job_is_on_medium(kind))
		place = medium_open(
		    &reader->job, &ignore, reader->volume, &reader->root_fd);
	if (kind == JOB_PROVE) { /* its only place */
		if (scratch_files_open(&reader->job, err) != 0)
			return -1;
		reader->root_fd = dup(reader->job.fds[JOB_FD_SCRATCH]);
	}
	if (begin(reader, place, err) != 0)
		return -1;
	if (place != REPLY_PLACE_OK)
		return 0;
	if (open_readings(reader, err) != 0)
		return -1;
	return kinds[kind](reader, err);
}

int
reader_main(void)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	struct error err = {0};
	bool is_done;
	int status = EXIT_FAILURE;

	if (reader == NULL)
		return EXIT_FAILURE;
	reader->root_fd = -1;
	reader->events = answer_events(&reader->answer);
	is_done = job_receive(SPAWN_WIRE_FD, &reader->job, &err) == 0 &&
		  run(reader, &err) == 0;
	if (answer_end(is_done ? NULL : &err) == 0 && is_done)
		status = EXIT_SUCCESS;
	readings_free(reader->readings);
	if (reader->root_fd >= 0)
		(void)close(reader->root_fd);
	job_done(&reader->job);
	free(reader);
	return status;
}
