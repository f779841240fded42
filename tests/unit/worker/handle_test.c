/*
 * The parent's end: children that crash, hang, lie and are killed are never
 * taken for children that did their work.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>

#include "lib/os/wire.h"
#include "lib/worker/reader.h"
#include "tests/unit/worker/children.h"

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

static int
set_up(void **state)
{
	if (ground_set_up(state) != 0)
		return -1;
	put_folder("source");
	put_folder("source/one");
	put_file("source/one/a", 100, 1);
	put_file("source/one/large", 3 * SLICE_BYTES, 2);
	job_init(&job);
	return 0;
}

static int
tear_down(void **state)
{
	job_done(&job);
	return ground_tear_down(state);
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
	make_job(JOB_CAPTURE);
	job.fds[JOB_FD_MANIFEST] = temporary();
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

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(broken_children_are_nobody_s_word),
	    cmocka_unit_test(a_killed_reader_has_not_finished),
	};

	if (is_child(argc, argv))
		return be_child();
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
