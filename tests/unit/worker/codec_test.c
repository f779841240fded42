/*
 * Jobs and replies come back as they were sent; cut off or altered, they are
 * refused or mean something that there is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>

#include "lib/os/wire.h"
#include "lib/worker/job.h"
#include "lib/worker/reply.h"

static int ends[2];

static int
set_up(void **state)
{
	(void)state;
	return wire_pair(ends, NULL);
}

static int
tear_down(void **state)
{
	(void)state;
	(void)close(ends[0]);
	return close(ends[1]);
}

/* ---- replies ---- */

static const struct reply replies[] = {
    {.kind = REPLY_BEGUN,
	.begun = {.sandbox = {4, true, false, true, true},
	    .place = REPLY_PLACE_WRONG_MEDIUM,
	    .has_stable_inodes = true,
	    .volume = "0c7e5f1a0b1c2d3e/0123456789abcdef"}},
    {.kind = REPLY_PROGRESS, .progress = {UINT64_MAX, 7}},
    {.kind = REPLY_FINDING,
	.finding = {.code = FINDING_SANDBOX_WEAK,
	    .path = "a\0\xff/b",
	    .path_length = 5,
	    .slice = EXAMINE_NO_SLICE,
	    .expected_size = 1,
	    .actual_size = 2,
	    .offset = 3,
	    .os_errno = 5,
	    .is_isolated = true,
	    .format = INSPECT_FORMATS,
	    .fault = 1}},
    {.kind = REPLY_SLICE,
	.slice = {{.slice = 9,
		      .verdict = VERDICT_UNDETERMINED,
		      .entries = 1,
		      .bytes = 2,
		      .bytes_read = 3,
		      .findings = 4,
		      .files = 9,
		      .immutable = 8,
		      .read_at = -5},
	    REPLY_MODE_CACHE_POSSIBLE}},
    {.kind = REPLY_CANDIDATE,
	.candidate = {.name = "x",
	    .name_length = 1,
	    .is_folder = true,
	    .is_other_kind = true,
	    .entries = 1,
	    .bytes = 2,
	    .newest_ms = -3,
	    .own_ms = INT64_MIN,
	    .oldest_ms = INT64_MAX,
	    .problem = 13}},
    {.kind = REPLY_FRAME,
	.frame = {.frame_offset = 1,
	    .frame_length = 2,
	    .entries = 3,
	    .bytes = 4,
	    .inside_file = true,
	    .file_offset = 5}},
    {.kind = REPLY_CAPTURED,
	.captured = {.manifest = {.totals = {1, 2, 3, 4, 5, true, {6}},
			 .stored_bytes = 7,
			 .sha256 = {8},
			 .prehash = {9}},
	    .bytes_read = 10,
	    .problems = 11,
	    .carried = 13,
	    .carried_sealing =
		{.sealed = 4, .plain = 3, .aside = 2, .unclear = 1},
	    .has_lists = true,
	    .oldest_reading = 12,
	    .newest_file_ms = -13,
	    .future_files = 14,
	    .mode = REPLY_MODE_DROPPED}},
    {.kind = REPLY_FOREIGN,
	.foreign = {.origin = FOREIGN_FROM_SEVERAL,
	    .result = FOREIGN_UNREADABLE,
	    .listed = 1,
	    .agreeing = 2,
	    .mismatched = 3,
	    .missing = 4,
	    .not_comparable = 5,
	    .unlisted = 6,
	    .bytes_read = 7}},
    {.kind = REPLY_SURVEY,
	.survey = {.files = 9,
	    .bytes = 8,
	    .known = 3,
	    .claimed = 7,
	    .mismatched = 6,
	    .noisy = 5,
	    .notes = 4,
	    .sealing = {.sealed = 1, .plain = 2, .aside = 3, .unclear = 4}}},
    {.kind = REPLY_DRIFT,
	.drift = {.same = 1,
	    .changed = 2,
	    .vanished = 3,
	    .appeared = 5,
	    .extended = 4}},
    {.kind = REPLY_LOSS,
	.loss = {.gone = 1, .emptied = 2, .older = 3, .expired = 4}},
    {.kind = REPLY_DIFFERENCE, .difference = {COMPARE_ONLY_SECOND, "a\xff", 2}},
    {.kind = REPLY_COMPARED, .compared = {1, 2, 3, 4, true}},
    {.kind = REPLY_DIGEST, .digest = {{1}, {2}}},
    {.kind = REPLY_INSPECTED,
	.inspected = {.format = INSPECT_UKE,
	    .files = 6,
	    .bytes = 2,
	    .severities = {1, 1, 1, 1, 2},
	    .has_code = true,
	    .code = INSPECT_SUM_MISMATCH,
	    .count_count = 1,
	    .counts = {{"points", 1500}},
	    .sample_count = 2,
	    .samples = {"a", "b c"},
	    .skipped = 3}},
    {.kind = REPLY_WITNESS,
	.witness = {.state = REPLY_WITNESS_FOUND,
	    .entries = 3,
	    .root = {4},
	    .note = {.text = REPLY_WITNESS_TEXT_TAKEN,
		.digest = {5},
		.checkpoint = {"hikae/x/0123456789abcdef", 6, {7}},
		.signatures = {2, {{{8}, {9}}, {{10}, {11}}}}},
	    .token = {.text = REPLY_WITNESS_TEXT_TAKEN,
		.digest = {12},
		.token = {"hikae/x/0123456789abcdef", "usb1", {13}},
		.signatures = {1, {{{14}, {15}}}}}}},
    {.kind = REPLY_WITNESS,
	.witness = {.state = REPLY_WITNESS_MALFORMED,
	    .token = {.text = REPLY_WITNESS_TEXT_MALFORMED}}},
    {.kind = REPLY_READY},
    {.kind = REPLY_DONE},
    {.kind = REPLY_FAILED,
	.failed = {.code = ERROR_INTERNAL, .os_errno = 2, .text = "x"}},
};
#define REPLIES (sizeof(replies) / sizeof(replies[0]))

/* What is sent for a reply. */
static struct wire_frame
encode(const struct reply *reply, struct wire_buffer *buffer)
{
	struct wire_frame frame;

	assert_int_equal(reply_send(ends[0], reply, NULL), 0);
	buffer->fds_max = 0;
	assert_int_equal(wire_receive(ends[1], buffer, &frame, NULL), 1);
	return frame;
}

/* Everything that selects something exists; booleans are booleans. */
static void
assert_possible(const struct reply *reply)
{
	static struct wire_buffer buffer;

	if (reply->kind == REPLY_BEGUN) {
		assert_true(reply->begun.place < REPLY_PLACES);
		assert_non_null(reply_place_name(reply->begun.place));
		assert_true(volume_is_valid(reply->begun.volume));
	} else if (reply->kind == REPLY_FINDING) {
		assert_non_null(finding_name(reply->finding.code));
		assert_in_range(reply->finding.os_errno, 0, 4095);
		assert_true(reply->finding.format <= INSPECT_FORMATS);
		assert_true(reply->finding.fault <= INSPECT_CODES);
	} else if (reply->kind == REPLY_SLICE) {
		assert_non_null(verdict_name(reply->slice.result.verdict));
		assert_non_null(reply_mode_name(reply->slice.mode));
	} else if (reply->kind == REPLY_CANDIDATE) {
		assert_in_range(reply->candidate.problem, 0, 4095);
	} else if (reply->kind == REPLY_CAPTURED) {
		assert_non_null(reply_mode_name(reply->captured.mode));
	} else if (reply->kind == REPLY_FOREIGN) {
		assert_true(reply->foreign.origin < FOREIGN_ORIGINS);
		assert_true(reply->foreign.result < FOREIGN_RESULTS);
	} else if (reply->kind == REPLY_SURVEY) {
		assert_true(reply->survey.known + reply->survey.noisy <=
			    reply->survey.files);
		assert_true(reply->survey.claimed <= reply->survey.files);
		assert_true(reply->survey.mismatched <= reply->survey.claimed);
	} else if (reply->kind == REPLY_DRIFT) {
		assert_true(reply->drift.extended <= reply->drift.appeared);
	} else if (reply->kind == REPLY_INSPECTED) {
		assert_true(reply->inspected.code < INSPECT_CODES);
		for (size_t i = 0; i < reply->inspected.sample_count; i++)
			assert_in_range(*reply->inspected.samples[i], ' ', '~');
	} else if (reply->kind == REPLY_DIFFERENCE) {
		assert_true(reply->difference.kind < COMPARE_KINDS);
	} else if (reply->kind == REPLY_WITNESS) {
		assert_true(reply->witness.state < REPLY_WITNESS_STATES);
		assert_true(reply->witness.note.text < REPLY_WITNESS_TEXTS);
		assert_true(reply->witness.token.text < REPLY_WITNESS_TEXTS);
		assert_true(reply->witness.note.signatures.count <=
			    NOTE_SIGNATURES_MAX);
		assert_true(reply->witness.token.signatures.count <=
			    NOTE_SIGNATURES_MAX);
	} else if (reply->kind == REPLY_FAILED) {
		assert_true(reply->failed.code < ERROR_CODES);
		assert_in_range(reply->failed.os_errno, 0, 4095);
		assert_non_null(
		    memchr(reply->failed.text, 0, sizeof(reply->failed.text)));
	}
	(void)encode(reply, &buffer);
}

static void
replies_come_back_as_sent(void **state)
{
	static struct wire_buffer first, second;

	(void)state;
	for (size_t i = 0; i < REPLIES; i++) {
		struct wire_frame frame = encode(&replies[i], &first), again;
		struct reply reply;

		assert_int_equal(reply_decode(frame.type, frame.payload,
				     frame.length, &reply, NULL),
		    0);
		assert_int_equal(reply.kind, replies[i].kind);
		again = encode(&reply, &second);
		assert_int_equal(again.type, frame.type);
		assert_int_equal(again.length, frame.length);
		if (frame.length > 0)
			assert_memory_equal(
			    again.payload, frame.payload, frame.length);
	}
}

static void
cut_or_altered_replies_mean_nothing_wrong(void **state)
{
	static struct wire_buffer buffer;
	struct reply reply;
	struct error err;

	(void)state;
	for (size_t i = 0; i < REPLIES; i++) {
		struct wire_frame frame = encode(&replies[i], &buffer);
		uint8_t *copy = malloc(frame.length + 1);

		assert_non_null(copy);
		if (frame.length > 0)
			memcpy(copy, frame.payload, frame.length);
		copy[frame.length] = 0;
		assert_int_equal(reply_decode(frame.type, copy,
				     frame.length + 1, &reply, &err),
		    -1);
		assert_int_equal(err.code, ERROR_PROTOCOL);
		for (size_t length = 0; length < frame.length; length++)
			assert_int_equal(reply_decode(frame.type, copy, length,
					     &reply, &err),
			    -1);
		for (size_t at = 0; at < frame.length * 256; at++) {
			uint8_t old = copy[at / 256];

			copy[at / 256] = (uint8_t)(at % 256);
			if (reply_decode(frame.type, copy, frame.length, &reply,
				&err) == 0)
				assert_possible(&reply);
			copy[at / 256] = old;
		}
		for (unsigned type = 0; type < 300; type++)
			if (reply_decode((uint16_t)type, copy, frame.length,
				&reply, &err) == 0)
				assert_int_equal(reply.kind, type);
		free(copy);
	}
}

/* ---- jobs ---- */

/* Fill an array of characters. */
#define SET(room, text) ((void)snprintf(room, sizeof(room), "%s", text))

static void
make_job(struct job *job)
{
	job_init(job);
	job->kind = JOB_VERIFY;
	job->fds[JOB_FD_MANIFEST] = 0;
	job->fds[JOB_FD_PREVIOUS] = 1;
	SET(job->medium_path, "/medium");
	SET(job->source_path, "a/b");
	SET(job->uuid, "12-34");
	SET(job->volume, "1234");
	SET(job->locator, "x");
	job->is_mount_point = true;
	job->sight = JOB_SIGHT_DISPLACED;
	job->layout = CONFIG_LAYOUT_TREE;
	memcpy(job->ignore, "*.tmp\0@eaDir", 13);
	job->ignore_length = 13;
	SET(job->marker, "done");
	SET(job->header.system, "ehr");
	SET(job->header.generation, "ehr@20261121T020000+0900");
	job->header.slice_bytes = 1 << 30;
	job->header.has_strip = true;
	job->header.strip = 3;
	memset(job->secret, 7, sizeof(job->secret));
	job->is_reused = true;
	job->not_before = INT64_MIN;
	job->ahead_ms = 7200000;
	job->recorded_ms = 1;
	job->expires_ms = INT64_MIN;
	job->key_count = 2;
	memset(job->keys, 9, 2 * sizeof(job->keys[0]));
	SET(job->signature, "signature");
	job->signature_length = 9;
	job->recorded.is_known = true;
	memset(job->recorded.sha256, 5, sizeof(job->recorded.sha256));
	SET(job->other.medium, "nas2");
	SET(job->other_signature, "another");
	job->other_signature_length = 7;
	job->other_recorded.is_known = true;
	memset(job->other_recorded.sha256, 6, DIGEST_SHA256_BYTES);
	job->range_count = 2;
	job->ranges[1] = (struct verify_range){3, UINT64_MAX};
	job->limits = (struct sandbox_limits){1, 2, 3, 4};
}

/* The frame that is sent for a job, with descriptors. */
static struct wire_frame
encode_job(const struct job *job, struct wire_buffer *buffer)
{
	struct wire_frame frame;

	assert_int_equal(job_send(ends[0], job, NULL), 0);
	buffer->fds_max = WIRE_FDS_MAX;
	assert_int_equal(wire_receive(ends[1], buffer, &frame, NULL), 1);
	return frame;
}

static int
count_descriptors(void)
{
	int count = 0;

	for (int fd = 0; fd < 64; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void
jobs_come_back_as_sent(void **state)
{
	static struct wire_buffer first, second;
	static struct job job, got;
	struct wire_frame frame, again;
	struct stat a, b;

	(void)state;
	make_job(&job);
	assert_int_equal(job_send(ends[0], &job, NULL), 0);
	assert_int_equal(job_receive(ends[1], &got, NULL), 0);
	for (size_t i = 0; i < JOB_FDS; i++)
		assert_true((got.fds[i] >= 0) == (job.fds[i] >= 0));
	assert_int_equal(fstat(0, &a), 0);
	assert_int_equal(fstat(got.fds[JOB_FD_MANIFEST], &b), 0);
	assert_true(a.st_ino == b.st_ino && a.st_dev == b.st_dev);
	frame = encode_job(&job, &first);
	again = encode_job(&got, &second);
	assert_int_equal(again.length, frame.length);
	assert_memory_equal(again.payload, frame.payload, frame.length);
	assert_int_equal(frame.fd_count, 2);
	wire_frame_close(&frame);
	wire_frame_close(&again);
	job_done(&got);
	signature_wipe(&got, sizeof(got));
}

/* None, some, and as many as there can be; no other frame is taken for them. */
static void
further_slices_come_back_as_sent(void **state)
{
	static struct verify_range ranges[JOB_RANGES_MAX + 1];
	static const size_t counts[] = {0, 2, JOB_RANGES_MAX};
	static struct job job;

	(void)state;
	for (size_t i = 0; i <= JOB_RANGES_MAX; i++)
		ranges[i] = (struct verify_range){i, UINT64_MAX - i};
	make_job(&job);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		assert_int_equal(
		    job_send_ranges(ends[0], ranges, counts[i], NULL), 0);
		assert_int_equal(job_receive_ranges(ends[1], &job, NULL), 0);
		assert_int_equal(job.range_count, counts[i]);
		assert_memory_equal(
		    job.ranges, ranges, counts[i] * sizeof(ranges[0]));
	}
	assert_int_equal(
	    job_send_ranges(ends[0], ranges, JOB_RANGES_MAX + 1, NULL), 0);
	assert_int_equal(job_receive_ranges(ends[1], &job, NULL), -1);
	assert_int_equal(job_send(ends[0], &job, NULL), 0);
	assert_int_equal(job_receive_ranges(ends[1], &job, NULL), -1);
}

static void
cut_or_altered_jobs_are_refused_or_in_range(void **state)
{
	static struct wire_buffer buffer;
	static struct job job, got;
	struct wire_frame frame;
	int descriptors;

	(void)state;
	make_job(&job);
	frame = encode_job(&job, &buffer);
	descriptors = count_descriptors();
	for (size_t length = 0; length < frame.length; length += 3) {
		struct wire_frame cut = frame;

		cut.length = length;
		assert_int_equal(wire_send(ends[0], &cut, NULL), 0);
		assert_int_equal(job_receive(ends[1], &got, NULL), -1);
	}
	for (size_t at = 0; at < frame.length; at++) {
		uint8_t *byte = &buffer.data[WIRE_HEADER_BYTES + at];

		*byte ^= (uint8_t)(1u << at % 8);
		assert_int_equal(wire_send(ends[0], &frame, NULL), 0);
		if (job_receive(ends[1], &got, NULL) == 0) {
			assert_true(got.kind < JOB_KINDS);
			assert_true(got.layout <= CONFIG_LAYOUT_TREE);
			assert_true(got.range_count <= JOB_RANGES_MAX);
			assert_true(got.key_count <= JOB_KEYS_MAX);
			assert_true(got.ignore_length <= sizeof(got.ignore));
			assert_true(got.other_signature_length <=
				    sizeof(got.other_signature));
			job_done(&got);
		}
		*byte ^= (uint8_t)(1u << at % 8);
	}
	/* Fewer descriptors than announced, and more. */
	for (size_t count = 0; count < 2; count++) {
		struct wire_frame other = frame;

		other.fd_count = count;
		assert_int_equal(wire_send(ends[0], &other, NULL), 0);
		assert_int_equal(job_receive(ends[1], &got, NULL), -1);
	}
	frame.fds[2] = 2;
	frame.fd_count = 3;
	assert_int_equal(wire_send(ends[0], &frame, NULL), 0);
	assert_int_equal(job_receive(ends[1], &got, NULL), -1);
	frame.fd_count = 2;
	/* Refused jobs leave no descriptor open. */
	assert_int_equal(count_descriptors(), descriptors);
	wire_frame_close(&frame);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(replies_come_back_as_sent),
	    cmocka_unit_test(cut_or_altered_replies_mean_nothing_wrong),
	    cmocka_unit_test(jobs_come_back_as_sent),
	    cmocka_unit_test(further_slices_come_back_as_sent),
	    cmocka_unit_test(cut_or_altered_jobs_are_refused_or_in_range),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
