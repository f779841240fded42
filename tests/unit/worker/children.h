/*
 * A parent and its real child: this program again, as a reader in the sandbox
 * or as what the test makes of it.  main calls what is_child names.
 * Include it after cmocka.h.
 */
#ifndef HIKAE_TESTS_WORKER_CHILDREN_H
#define HIKAE_TESTS_WORKER_CHILDREN_H

#include <poll.h>
#include <sys/wait.h>

#include "tests/unit/examine/examining.h"
#include "tests/unit/worker/further.h"

#define PATIENCE_MS 20000

static struct job job;

/* Whether this is a child that handle_start made. */
static inline bool
is_child(int argc, char **argv)
{
	return argc == 3 && strcmp(argv[1], HANDLE_ROLE_ARGUMENT) == 0;
}

static struct {
	struct reply_begun begun;
	struct reply_captured captured;
	struct compare_result compared;
	struct reply_digest digest;
	struct error failed;
	size_t differences, findings, slices, frames, candidates, readies;
	enum finding code;
	enum verdict verdict; /* the worst */
	bool has_begun, has_captured, is_done, is_finished, is_garbage;
	struct spawn_end end;
} came;

static inline void
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
		came.candidates += reply->candidate.is_other_kind ? 0 : 1;
	} else if (reply->kind == REPLY_FRAME) {
		came.frames++;
	} else if (reply->kind == REPLY_CAPTURED) {
		came.captured = reply->captured;
		came.has_captured = true;
	} else if (reply->kind == REPLY_DIFFERENCE) {
		came.differences++;
	} else if (reply->kind == REPLY_COMPARED) {
		came.compared = reply->compared;
	} else if (reply->kind == REPLY_DIGEST) {
		came.digest = reply->digest;
	} else if (reply->kind == REPLY_FAILED) {
		came.failed = reply->failed;
	} else if (reply->kind == REPLY_READY) {
		came.readies++;
	} else if (reply->kind == REPLY_DONE) {
		came.is_done = true;
	}
}

/* Take what is there; false when the child should be killed. */
static inline bool
take_replies(struct handle *handle)
{
	struct reply reply;
	int got;

	while ((got = handle_next(handle, &reply, NULL)) == 1) {
		note(&reply);
		if (reply.kind == REPLY_READY)
			give_further(handle);
	}
	return got == 0;
}

/* Serve the child until it ended. */
static inline void
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
	for (int i = 0; handle_collect(handle, &came.end, NULL) == 0; i++)
		assert_true(i < PATIENCE_MS && poll(NULL, 0, 1) == 0);
	handle_free(handle);
	assert_true(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
}

static inline struct handle *
start(void)
{
	struct handle *handle = NULL;
	struct error err = {0};

	memset(&came, 0, sizeof(came));
	if (handle_start(&job, &handle, &err) != 0)
		fail_msg("%s", err.text);
	return handle;
}

static inline void
run_job(void)
{
	serve(start());
}

static inline void
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

#endif
