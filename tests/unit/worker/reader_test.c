/*
 * Real children in the real sandbox: this program starts itself again as a
 * reader, and as children that crash, hang and lie.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "lib/os/wire.h"
#include "lib/worker/handle.h"
#include "lib/worker/reader.h"
#include "tests/unit/examine/ground.h"

#define PATIENCE_MS 20000

static struct signature_secret secret;
static struct job job;

/* ---- the children ---- */

/* A variable that spawn lets through says what the child should be. */
#define CHILD_VARIABLE "LC_HIKAE_TEST"

static int
send_garbage(void)
{
	static const uint8_t text[] = "no child of this version sends this";
	struct wire_frame frame = {
	    .type = REPLY_SLICE, .payload = text, .length = sizeof(text)};

	(void)!wire_send(SPAWN_WIRE_FD, &frame, NULL);
	return 0;
}

/* Done, without a word of what was done. */
static int
send_done(void)
{
	struct reply done = {.kind = REPLY_DONE};

	(void)!reply_send(SPAWN_WIRE_FD, &done, NULL);
	(void)!reply_send(SPAWN_WIRE_FD, &done, NULL);
	return 0;
}

static int
be_child(void)
{
	const char *kind = getenv(CHILD_VARIABLE);

	if (kind == NULL)
		return reader_main();
	if (strcmp(kind, "crash") == 0)
		abort();
	while (strcmp(kind, "hang") == 0)
		(void)pause();
	if (strcmp(kind, "garbage") == 0)
		return send_garbage();
	if (strcmp(kind, "done") == 0)
		return send_done();
	return 0;
}

/* ---- the parent ---- */

static struct {
	struct reply_begun begun;
	struct reply_captured captured;
	struct error failed;
	size_t findings, slices, frames, candidates;
	enum finding code;
	enum verdict verdict; /* the worst */
	bool has_begun, has_captured, is_done, is_finished, is_garbage;
	struct spawn_end end;
} came;

static void
note(const struct reply *reply)
{
	if (reply->kind == REPLY_BEGUN) {
		came.begun = reply->begun;
		came.has_begun = true;
	} else if (reply->kind == REPLY_FINDING) {
		came.findings++;
		came.code = reply->finding.code;
	} else if (reply->kind == REPLY_SLICE) {
		came.slices++;
		came.verdict =
		    verdict_worse(came.verdict, reply->slice.result.verdict);
	} else if (reply->kind == REPLY_CANDIDATE) {
		came.candidates++;
	} else if (reply->kind == REPLY_FRAME) {
		came.frames++;
	} else if (reply->kind == REPLY_CAPTURED) {
		came.captured = reply->captured;
		came.has_captured = true;
	} else if (reply->kind == REPLY_FAILED) {
		came.failed = reply->failed;
	} else if (reply->kind == REPLY_DONE) {
		came.is_done = true;
	}
}

/* Take what is there; false when the child should be killed. */
static bool
take_replies(struct handle *handle)
{
	struct reply reply;
	int got;

	while ((got = handle_next(handle, &reply, NULL)) == 1)
		note(&reply);
	return got == 0;
}

/* Serve the child until it ended. */
static void
serve(struct handle *handle)
{
	for (;;) {
		struct pollfd fds[2] = {{handle_wire_fd(handle), POLLIN, 0},
		    {handle_end_fd(handle), POLLIN, 0}};
		bool has_ended;

		assert_true(poll(fds, 2, PATIENCE_MS) > 0);
		has_ended = fds[1].revents != 0;
		if (!take_replies(handle)) {
			came.is_garbage = true;
			handle_kill(handle);
		}
		if (has_ended)
			break;
	}
	came.is_finished = handle_is_finished(handle);
	assert_int_equal(handle_collect(handle, &came.end, NULL), 1);
	handle_free(handle);
	assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

static struct handle *
start(void)
{
	struct handle *handle = NULL;
	struct error err = {0};

	memset(&came, 0, sizeof(came));
	if (handle_start(&job, &handle, &err) != 0)
		fail_msg("%s", err.text);
	return handle;
}

static void
run_job(void)
{
	serve(start());
}

static void
make_job(enum job_kind kind)
{
	job_done(&job);
	job_init(&job);
	job.kind = kind;
	(void)snprintf(job.medium_path, sizeof(job.medium_path), "%s", ground);
	(void)snprintf(job.source_path, sizeof(job.source_path), "source");
	(void)snprintf(job.locator, sizeof(job.locator), "one");
	job.layout = CONFIG_LAYOUT_DIRECTORY;
	job.header = capture_of("").header;
	job.limits =
	    (struct sandbox_limits){.memory_bytes = HIKAE_CHILD_MEMORY_BYTES,
		.open_files = 256,
		.file_size_bytes = UINT64_C(1) << 40};
	job.best_effort = true;
}

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
	strcpy(job.uuid, "0123-no-such-uuid");
	expect_place(REPLY_PLACE_ABSENT);
	strcpy(job.uuid, "../by-uuid");
	expect_place(REPLY_PLACE_WRONG_MEDIUM);
	job.uuid[0] = '\0';
	strcpy(job.source_path, "nowhere");
	expect_place(REPLY_PLACE_ABSENT);
	strcpy(job.source_path, "source/file");
	expect_place(REPLY_PLACE_ABSENT);
	strcpy(job.source_path, "../source");
	expect_place(REPLY_PLACE_UNREADABLE);
	strcpy(job.source_path, "source/one/link");
	expect_place(REPLY_PLACE_UNREADABLE);
	strcpy(job.medium_path, "/nowhere");
	expect_place(REPLY_PLACE_ABSENT);
}

static void
a_copy_that_is_not_there_is_an_error(void **state)
{
	(void)state;
	make_capture();
	strcpy(job.locator, "three");
	run_job();
	expect_failed(ERROR_NOT_FOUND);
	strcpy(job.locator, "../one");
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
	strcpy(job.header.medium, "nas2");
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

/* The parent sees the end of every child, and believes none of these. */
static void
broken_children_are_nobody_s_word(void **state)
{
	struct handle *handle;
	struct reply reply;

	(void)state;
	make_job(JOB_SCAN);
	assert_int_equal(setenv(CHILD_VARIABLE, "crash", 1), 0);
	run_job();
	assert_false(came.is_finished || came.is_garbage);
	assert_false(came.end.exited && came.end.status == 0);
	(void)setenv(CHILD_VARIABLE, "nothing", 1);
	run_job();
	assert_false(came.is_finished || came.is_garbage);
	(void)setenv(CHILD_VARIABLE, "garbage", 1);
	run_job();
	assert_true(came.is_garbage && !came.is_finished);
	(void)setenv(CHILD_VARIABLE, "done", 1);
	run_job();
	assert_true(came.is_done && !came.has_begun);
	(void)setenv(CHILD_VARIABLE, "hang", 1);
	handle = start();
	assert_int_equal(handle_next(handle, &reply, NULL), 0);
	assert_int_equal(handle_collect(handle, &came.end, NULL), 0);
	handle_kill(handle);
	serve(handle);
	assert_false(came.is_finished || came.end.exited);
	assert_int_equal(came.end.status, SIGKILL);
	/* One that is given up leaves nothing behind. */
	handle_free(start());
	assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
	handle_free(NULL);
	(void)unsetenv(CHILD_VARIABLE);
}

/* Killed wherever it is, a reader never looks as if it had been done. */
static void
a_killed_reader_has_not_finished(void **state)
{
	(void)state;
	make_capture();
	for (int replies = 0; replies < 9; replies++) {
		struct handle *handle = start();
		struct reply reply;

		for (int i = 0; i < replies;) {
			struct pollfd fd = {handle_wire_fd(handle), POLLIN, 0};

			assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
			if (handle_next(handle, &reply, NULL) != 1)
				break;
			note(&reply);
			i++;
		}
		handle_kill(handle);
		serve(handle);
		assert_false(came.is_garbage);
		assert_true(came.is_finished || !came.is_done);
		assert_true(
		    came.is_done || !came.end.exited || came.end.status != 0);
		assert_true(!came.is_done || came.has_captured);
		assert_int_equal(ftruncate(job.fds[JOB_FD_MANIFEST], 0), 0);
		assert_int_equal(
		    lseek(job.fds[JOB_FD_MANIFEST], 0, SEEK_SET), 0);
	}
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
	    cmocka_unit_test(scans_in_the_sandbox),
	    cmocka_unit_test(a_wrong_place_is_told),
	    cmocka_unit_test(a_copy_that_is_not_there_is_an_error),
	    cmocka_unit_test(only_the_signed_manifest_counts),
	    cmocka_unit_test(broken_children_are_nobody_s_word),
	    cmocka_unit_test(a_killed_reader_has_not_finished),
	    cmocka_unit_test(ignored_names_are_ignored_there),
	};

	if (argc == 3 && strcmp(argv[1], HANDLE_ROLE_ARGUMENT) == 0)
		return be_child();
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
