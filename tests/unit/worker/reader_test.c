/*
 * Readers in the real sandbox: what they capture, verify and scan, and where
 * they refuse to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/worker/reader.h"
#include "tests/unit/worker/children.h"

static struct signature_secret secret;

/* Fill an array of characters. */
#define SET(room, text) ((void)snprintf(room, sizeof(room), "%s", text))

static void
make_capture(void)
{
	make_job(JOB_CAPTURE);
	job.fds[JOB_FD_MANIFEST] = temporary();
	job.fds[JOB_FD_SPILL] = temporary();
	job.fds[JOB_FD_READINGS] = temporary();
}

/* Sign what was captured, and make a job to verify all of it. */
static void
make_verification(void)
{
	int manifest_fd = dup(job.fds[JOB_FD_MANIFEST]);
	struct bytes comment = BYTES_EMPTY, signature = BYTES_EMPTY;

	make_job(JOB_VERIFY);
	job.fds[JOB_FD_MANIFEST] = manifest_fd;
	job.fds[JOB_FD_SPILL] = temporary();
	manifest_trusted_comment(&job.header, &comment);
	bytes_append_u8(&comment, 0);
	assert_int_equal(
	    signature_sign(&secret, came.captured.manifest.prehash,
		(const char *)comment.data, "hikae", &signature, NULL),
	    0);
	memcpy(job.signature, signature.data, signature.length);
	job.signature_length = signature.length;
	signature_public_of(&secret, &job.keys[0]);
	job.key_count = 1;
	job.not_before = INT64_MAX;
	job.range_count = 1;
	job.ranges[0].last = came.captured.manifest.totals.slices - 1;
	bytes_done(&comment);
	bytes_done(&signature);
}

static void
expect_done(void)
{
	if (!came.is_done)
		fail_msg("%s", came.failed.text);
	assert_true(came.is_finished && came.end.exited);
	assert_int_equal(came.end.status, 0);
}

static void
expect_failed(enum error_code code)
{
	assert_false(came.is_done);
	assert_true(came.is_finished && came.end.exited);
	assert_int_not_equal(came.end.status, 0);
	assert_int_equal(came.failed.code, code);
	assert_int_equal(came.slices, 0);
}

static int
set_up(void **state)
{
	if (ground_set_up(state) != 0)
		return -1;
	put_folder("source");
	put_folder("source/one");
	put_folder("source/two");
	put_file("source/one/a", 100, 1);
	put_file("source/one/large", 3 * SLICE_BYTES, 2);
	put_file("source/two/a", 100, 1);
	put_file("source/file", 100, 1);
	assert_int_equal(symlinkat("a", ground_fd, "source/one/link"), 0);
	signature_generate(&secret);
	job_init(&job);
	return 0;
}

static int
tear_down(void **state)
{
	job_done(&job);
	return ground_tear_down(state);
}

static void
captures_and_verifies_in_the_sandbox(void **state)
{
	struct sandbox_report machine;

	(void)state;
	make_capture();
	run_job();
	expect_done();
	assert_true(came.has_begun && came.has_captured);
	assert_int_equal(came.begun.place, REPLY_PLACE_OK);
	assert_int_equal(sandbox_probe(&machine, NULL), 0);
	assert_true(sandbox_is_whole(&came.begun.sandbox) ==
		    sandbox_is_whole(&machine));
	assert_int_equal(came.frames, came.captured.manifest.totals.slices);
	assert_int_equal(came.captured.manifest.totals.entries, 3);
	assert_int_equal(came.captured.bytes_read, 100 + 3 * SLICE_BYTES);
	assert_int_equal(came.captured.problems, 0);
	make_verification();
	run_job();
	expect_done();
	assert_int_equal(came.slices, 5);
	assert_int_equal(came.verdict, VERDICT_INTACT);
	job.is_names_only = true;
	run_job();
	expect_done();
	assert_int_equal(came.slices, 1);
	assert_int_equal(came.verdict, VERDICT_INTACT);
	job.is_names_only = false;
	flip("source/one/large", SLICE_BYTES + 3, 4, true);
	run_job();
	expect_done();
	assert_int_equal(came.verdict, VERDICT_DAMAGED);
	assert_int_equal(came.findings, 1);
	assert_int_equal(came.code, FINDING_BIT_ROT);
	flip("source/one/large", SLICE_BYTES + 3, 4, true);
}

/* Slices 0 to 4, the first and the last before the one in between. */
static void
one_reader_gets_slices_as_it_goes(void **state)
{
	static const struct verify_range rest[] = {{4, 4}, {1, 2}, {3, 3}};
	static const struct verify_range wrong[] = {{1, 1}, {4, 5}, {2, 2}};

	(void)state;
	make_capture();
	run_job();
	make_verification();
	job.ranges[0].last = 0;
	further.ranges = rest;
	further.count = 3;
	run_job();
	expect_done();
	assert_int_equal(came.slices, 5);
	assert_int_equal(came.readies, 4);
	assert_int_equal(came.verdict, VERDICT_INTACT);
	flip("source/one/large", 2 * SLICE_BYTES + 3, 4, true);
	further.ranges = rest;
	further.count = 3;
	run_job();
	expect_done();
	assert_int_equal(came.findings, 1);
	assert_int_equal(came.code, FINDING_BIT_ROT);
	flip("source/one/large", 2 * SLICE_BYTES + 3, 4, true);
	/* What there is not ends it; what it told before stays told. */
	further.ranges = wrong;
	further.count = 3;
	run_job();
	assert_false(came.is_done);
	assert_int_equal(came.failed.code, ERROR_USAGE);
	assert_int_equal(came.slices, 2);
	further.count = 0;
}

static void
scans_in_the_sandbox(void **state)
{
	(void)state;
	make_job(JOB_SCAN);
	run_job();
	expect_done();
	assert_int_equal(came.candidates, 2);
	job.layout = CONFIG_LAYOUT_FILE;
	run_job();
	expect_done();
	assert_int_equal(came.candidates, 1);
	job.layout = CONFIG_LAYOUT_TREE;
	run_job();
	expect_done();
	assert_int_equal(came.candidates, 1);
}

static void
expect_place(enum reply_place place)
{
	run_job();
	expect_done();
	assert_int_equal(came.begun.place, place);
	assert_int_equal(came.candidates, 0);
}

/* An empty mount point is no source without generations. */
static void
a_wrong_place_is_told(void **state)
{
	(void)state;
	make_job(JOB_SCAN);
	job.is_mount_point = true;
	expect_place(REPLY_PLACE_WRONG_MEDIUM);
	job.is_mount_point = false;
	job.sight = JOB_SIGHT_OTHER;
	expect_place(REPLY_PLACE_WRONG_MEDIUM);
	job.sight = JOB_SIGHT_DISPLACED;
	expect_place(REPLY_PLACE_ABSENT);
	job.sight = JOB_SIGHT_DOUBTFUL;
	expect_place(REPLY_PLACE_UNREADABLE);
	job.sight = JOB_SIGHT_CLEAR;
	SET(job.uuid, "0123-no-such-uuid");
	expect_place(REPLY_PLACE_ABSENT);
	SET(job.uuid, "../by-uuid");
	expect_place(REPLY_PLACE_WRONG_MEDIUM);
	job.uuid[0] = '\0';
	SET(job.source_path, "nowhere");
	expect_place(REPLY_PLACE_EMPTY);
	SET(job.source_path, "source/file");
	expect_place(REPLY_PLACE_EMPTY);
	SET(job.source_path, "../source");
	expect_place(REPLY_PLACE_UNREADABLE);
	SET(job.source_path, "source/one/link");
	expect_place(REPLY_PLACE_UNREADABLE);
	SET(job.medium_path, "/nowhere");
	expect_place(REPLY_PLACE_ABSENT);
}

static void
a_copy_that_is_not_there_is_an_error(void **state)
{
	(void)state;
	make_capture();
	SET(job.locator, "three");
	run_job();
	expect_failed(ERROR_NOT_FOUND);
	SET(job.locator, "../one");
	run_job();
	assert_false(came.is_done || came.has_captured);
}

static void
only_the_signed_manifest_counts(void **state)
{
	struct signature_secret other;
	uint8_t byte;

	(void)state;
	make_capture();
	run_job();
	make_verification();
	/* Of another generation, medium and kind. */
	job.header.generation[strlen("ehr@2026")] = '2';
	run_job();
	expect_failed(ERROR_SIGNATURE);
	job.header = capture_of("").header;
	SET(job.header.medium, "nas2");
	run_job();
	expect_failed(ERROR_SIGNATURE);
	job.header = capture_of("").header;
	job.header.is_members = true;
	run_job();
	expect_failed(ERROR_SIGNATURE);
	job.header = capture_of("").header;
	/* By another key, and by none. */
	signature_generate(&other);
	signature_public_of(&other, &job.keys[0]);
	run_job();
	expect_failed(ERROR_SIGNATURE);
	job.key_count = 0;
	run_job();
	expect_failed(ERROR_SIGNATURE);
	signature_public_of(&secret, &job.keys[0]);
	job.key_count = 1;
	/* Altered. */
	assert_int_equal(pread(job.fds[JOB_FD_MANIFEST], &byte, 1, 40), 1);
	byte ^= 1;
	assert_int_equal(pwrite(job.fds[JOB_FD_MANIFEST], &byte, 1, 40), 1);
	run_job();
	expect_failed(ERROR_SIGNATURE);
	byte ^= 1;
	assert_int_equal(pwrite(job.fds[JOB_FD_MANIFEST], &byte, 1, 40), 1);
	run_job();
	expect_done();
	assert_int_equal(came.verdict, VERDICT_INTACT);
	/* Without slices there is nothing to be done. */
	job.range_count = 0;
	run_job();
	expect_failed(ERROR_USAGE);
	/* Without a manifest. */
	(void)close(job.fds[JOB_FD_MANIFEST]);
	job.fds[JOB_FD_MANIFEST] = -1;
	run_job();
	assert_false(came.is_done);
	assert_int_equal(came.slices, 0);
}

/* What is signed may still be older, or signed with a key that was stolen. */
static void
only_the_recorded_manifest_counts(void **state)
{
	struct job_recorded recorded = {.is_known = true};

	(void)state;
	make_capture();
	run_job();
	memcpy(recorded.sha256, came.captured.manifest.sha256,
	    sizeof(recorded.sha256));
	make_verification();
	job.recorded = recorded;
	run_job();
	expect_done();
	job.recorded.sha256[31] ^= 1;
	run_job();
	expect_failed(ERROR_SIGNATURE);
}

/* Signed as that medium's. */
static size_t
sign(const char *medium, char room[JOB_SIGNATURE_BYTES])
{
	struct manifest_header header = capture_of("").header;
	struct bytes comment = BYTES_EMPTY, signature = BYTES_EMPTY;
	size_t length;

	SET(header.medium, medium);
	manifest_trusted_comment(&header, &comment);
	bytes_append_u8(&comment, 0);
	assert_int_equal(
	    signature_sign(&secret, came.captured.manifest.prehash,
		(const char *)comment.data, "hikae", &signature, NULL),
	    0);
	length = signature.length;
	memcpy(room, signature.data, length);
	bytes_done(&comment);
	bytes_done(&signature);
	return length;
}

/* Two manifests, the second with a file more, signed as another medium's. */
static void
manifests_are_compared_where_both_are_signed(void **state)
{
	char text[JOB_SIGNATURE_BYTES];
	size_t length;
	int other_fd;

	(void)state;
	put_file("source/one/new", 10, 3);
	make_capture();
	run_job();
	expect_done();
	length = sign("nas2", text);
	other_fd = dup(job.fds[JOB_FD_MANIFEST]);
	assert_int_equal(unlinkat(ground_fd, "source/one/new", 0), 0);
	make_capture();
	run_job();
	make_verification();
	job.kind = JOB_COMPARE;
	job.fds[JOB_FD_PREVIOUS] = other_fd;
	job.other = job.header;
	memcpy(job.other_signature, text, length);
	job.other_signature_length = length;
	run_job();
	expect_failed(ERROR_SIGNATURE); /* as nas1's, which it is not */
	SET(job.other.medium, "nas2");
	/* There is no medium, and none is looked for. */
	SET(job.medium_path, "/nowhere");
	run_job();
	expect_done();
	assert_int_equal(came.compared.equal, 3);
	assert_int_equal(came.compared.only_second, 1);
	assert_int_equal(came.differences, 1);
	SET(job.header.medium, "nas2");
	run_job();
	expect_failed(ERROR_SIGNATURE);
	assert_int_equal(came.differences, 0);
}

static void
digests_are_those_of_the_writer(void **state)
{
	struct reply_captured captured;

	(void)state;
	make_capture();
	run_job();
	captured = came.captured;
	job.kind = JOB_DIGEST;
	SET(job.medium_path, "/nowhere");
	run_job();
	expect_done();
	assert_memory_equal(
	    came.digest.sha256, captured.manifest.sha256, DIGEST_SHA256_BYTES);
	assert_memory_equal(came.digest.prehash, captured.manifest.prehash,
	    SIGNATURE_PREHASH_BYTES);
	assert_int_equal(pwrite(job.fds[JOB_FD_MANIFEST], "x", 1, 40), 1);
	run_job();
	expect_done();
	assert_memory_not_equal(
	    came.digest.sha256, captured.manifest.sha256, DIGEST_SHA256_BYTES);
	assert_memory_not_equal(came.digest.prehash, captured.manifest.prehash,
	    SIGNATURE_PREHASH_BYTES);
}

/* Patterns, and a marker, reach the child. */
static void
ignored_names_are_ignored_there(void **state)
{
	(void)state;
	make_capture();
	memcpy(job.ignore, "large\0link", 11);
	job.ignore_length = 11;
	run_job();
	expect_done();
	assert_int_equal(came.captured.manifest.totals.entries, 1);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(captures_and_verifies_in_the_sandbox),
	    cmocka_unit_test(one_reader_gets_slices_as_it_goes),
	    cmocka_unit_test(scans_in_the_sandbox),
	    cmocka_unit_test(a_wrong_place_is_told),
	    cmocka_unit_test(a_copy_that_is_not_there_is_an_error),
	    cmocka_unit_test(only_the_signed_manifest_counts),
	    cmocka_unit_test(only_the_recorded_manifest_counts),
	    cmocka_unit_test(ignored_names_are_ignored_there),
	    cmocka_unit_test(manifests_are_compared_where_both_are_signed),
	    cmocka_unit_test(digests_are_those_of_the_writer),
	};

	if (is_child(argc, argv))
		return reader_main();
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
