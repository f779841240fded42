/*
 * archive: decode an archive and digest its members as hikaed does.
 *
 *   archive FOLDER NAME STATE
 *
 * NAME is an archive in FOLDER, which plays the medium; STATE is a folder for
 * the manifests.  Two processes of hikae's own, in their sandboxes: the reader
 * digests the archive's bytes and passes them on to the parser, which decodes
 * them and digests each member.  Prints
 *
 *   SECONDS BYTES MEMBERS CPU-SECONDS PEAK-KIB PROCESSES MODE STATE
 *
 * where BYTES are the members', and STATE says whether all could be decoded.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/examine/tee.h"
#include "lib/os/file.h"
#include "lib/worker/handle.h"
#include "lib/worker/parser.h"
#include "lib/worker/reader.h"

/* What an archive's dictionary may have, and all of it unpacked. */
#define MEMORY_BYTES ((uint64_t)1 << 30)
#define EXPAND_BYTES ((uint64_t)64 << 30)
#define CHILDREN 2

struct bench {
	const char *folder, *name;
	int state_fd;
	struct handle *children[CHILDREN]; /* reader, parser */
	struct parse_result members;
	enum reply_mode mode;
};

static int
fill_job(const struct bench *bench, enum job_kind kind, const char *manifest,
    struct job *job, struct error *err)
{
	job_init(job);
	job->kind = kind;
	(void)snprintf(
	    job->medium_path, sizeof(job->medium_path), "%s", bench->folder);
	(void)snprintf(job->source_path, sizeof(job->source_path), ".");
	(void)snprintf(job->locator, sizeof(job->locator), "%s", bench->name);
	(void)snprintf(job->charset, sizeof(job->charset), "UTF-8");
	job->layout = CONFIG_LAYOUT_ARCHIVE;
	job->header = (struct manifest_header){.system = "ehr",
	    .generation = "ehr@20260401T020000+0900",
	    .medium = "bench",
	    .source = "bench",
	    .slice_bytes = (uint64_t)1 << 30,
	    .is_members = kind == JOB_PARSE};
	job->archive_memory = MEMORY_BYTES;
	job->archive_expand = EXPAND_BYTES;
	job->limits = (struct sandbox_limits){
	    .memory_bytes = HIKAE_CHILD_MEMORY_BYTES + MEMORY_BYTES,
	    .open_files = 512,
	    .file_size_bytes = (uint64_t)64 << 30,
	};
	job->best_effort = true;
	if (file_open_below(bench->state_fd, manifest,
		O_RDWR | O_CREAT | O_TRUNC, &job->fds[JOB_FD_MANIFEST],
		err) != 0)
		return -1;
	return file_temporary(bench->state_fd, &job->fds[JOB_FD_SPILL], err);
}

static int
start(struct bench *bench, struct error *err)
{
	static const enum job_kind kinds[CHILDREN] = {JOB_CAPTURE, JOB_PARSE};
	static const char *const manifests[CHILDREN] = {"manifest", "members"};
	struct job *job = calloc(1, sizeof(*job));
	int ends[CHILDREN], rc = -1;

	if (job == NULL)
		return error_set(err, ERROR_INTERNAL, "out of memory");
	if (tee_pair(ends, err) != 0) {
		free(job);
		return -1;
	}
	for (size_t i = 0; i < CHILDREN; i++) {
		rc = fill_job(bench, kinds[i], manifests[i], job, err);
		job->fds[JOB_FD_PARSER] = ends[i];
		if (rc == 0)
			rc = handle_start(job, &bench->children[i], err);
		job_done(job);
		if (rc != 0)
			break;
	}
	free(job);
	return rc;
}

static int
take_reply(struct bench *bench, const struct reply *reply, struct error *err)
{
	if (reply->kind == REPLY_FAILED) {
		*err = reply->failed;
		return -1;
	}
	if (reply->kind == REPLY_BEGUN && reply->begun.place != REPLY_PLACE_OK)
		return error_set(err, ERROR_NOT_FOUND, "%s",
		    reply_place_name(reply->begun.place));
	if (reply->kind == REPLY_CAPTURED)
		bench->mode = reply->captured.mode;
	if (reply->kind == REPLY_MEMBERS)
		bench->members = reply->members;
	return 0;
}

/* Take what a child says.  1 while it runs, 0 when it ended, -1. */
static int
attend(struct bench *bench, struct handle *handle, struct error *err)
{
	struct reply reply;
	struct spawn_end end;
	int got;

	while ((got = handle_next(handle, &reply, err)) == 1)
		if (take_reply(bench, &reply, err) != 0)
			return -1;
	if (got == 0)
		got = handle_collect(handle, &end, err);
	if (got < 0)
		return -1;
	if (got == 1 && !handle_is_finished(handle))
		return error_set(err, ERROR_INTERNAL, "a child died");
	return got == 0;
}

static int
wait_for_all(struct bench *bench, struct error *err)
{
	bool runs[CHILDREN] = {true, true};

	while (runs[0] || runs[1]) {
		struct pollfd polled[2 * CHILDREN];
		nfds_t count = 0;

		for (size_t i = 0; i < CHILDREN; i++) {
			struct handle *child = bench->children[i];
			int got = runs[i] ? attend(bench, child, err) : 0;

			if (got < 0)
				return -1;
			runs[i] = got == 1;
			if (!runs[i])
				continue;
			if (!handle_is_finished(child))
				polled[count++] =
				    (struct pollfd){.fd = handle_wire_fd(child),
					.events = POLLIN};
			polled[count++] = (struct pollfd){
			    .fd = handle_end_fd(child), .events = POLLIN};
		}
		if (count > 0 && poll(polled, count, -1) < 0 && errno != EINTR)
			return error_set_errno(err, errno, "poll");
	}
	return 0;
}

static void
tell(const struct bench *bench, double seconds)
{
	struct rusage used;

	(void)getrusage(RUSAGE_CHILDREN, &used);
	(void)printf("%.4f %llu %llu %.3f %ld %d %s %s\n", seconds,
	    (unsigned long long)bench->members.bytes,
	    (unsigned long long)bench->members.files,
	    (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
		(double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6,
	    used.ru_maxrss, CHILDREN, reply_mode_name(bench->mode),
	    parse_state_name(bench->members.state));
}

int
main(int argc, char **argv)
{
	struct bench bench = {0};
	struct error err = {0};
	int64_t begin = clock_monotonic_ms();
	int rc;

	if (argc == 3 && strcmp(argv[1], HANDLE_ROLE_ARGUMENT) == 0)
		return strcmp(argv[2], "parser") == 0 ? parser_main()
						      : reader_main();
	if (argc != 4) {
		(void)fprintf(stderr, "usage: archive FOLDER NAME STATE\n");
		return 64;
	}
	bench.folder = argv[1];
	bench.name = argv[2];
	rc = file_open_folder(argv[3], &bench.state_fd, &err);
	if (rc == 0)
		rc = start(&bench, &err);
	if (rc == 0)
		rc = wait_for_all(&bench, &err);
	if (rc == 0)
		tell(&bench, (double)(clock_monotonic_ms() - begin) / 1e3);
	else
		(void)fprintf(stderr, "archive: %s\n", err.text);
	for (size_t i = 0; i < CHILDREN; i++)
		handle_free(bench.children[i]);
	return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
