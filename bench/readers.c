/*
 * readers: capture and verify a folder as hikaed does, and say how fast.
 *
 *   readers capture FOLDER NAME STATE MIB   write STATE/manifest and its key,
 *                                           slices of so many MiB
 *   readers verify  FOLDER NAME STATE [N]   by N readers at once
 *
 * NAME is a folder or a file in FOLDER, which plays the medium.  The readers
 * are hikae's own, in their sandbox, as children of this program; the bytes,
 * the orders and the number of readers are what the daemon would choose, the
 * readings excepted: every byte is read.  Prints
 *
 *   SECONDS BYTES FILES CPU-SECONDS PEAK-KIB READERS MODE VERDICT
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/os/device.h"
#include "lib/os/file.h"
#include "lib/worker/handle.h"
#include "lib/worker/pace.h"
#include "lib/worker/reader.h"

#define READERS_MAX 64

/* What is kept between a capture and the verifications. */
struct state {
	int fd; /* its folder */
	struct signature_public key;
	struct job_recorded recorded;
	char signature[SIGNATURE_FILE_BYTES_MAX];
	size_t signature_length;
	uint64_t slices, slice_bytes;
	uint64_t file_bytes; /* of one file, on average */
};

struct bench {
	const char *folder, *name;
	bool is_file;
	struct state state;
	unsigned readers;
	uint64_t next_slice;
	struct handle *running[READERS_MAX];
	struct manifest_summary captured;
	uint64_t slices, bytes, entries;
	enum verdict verdict;
	enum reply_mode mode;
};

static int
fail(const struct error *err)
{
	(void)fprintf(stderr, "readers: %s\n", err->text);
	return EXIT_FAILURE;
}

/* What every order has in common. */
static int
fill_job(const struct bench *bench, struct job *job, struct error *err)
{
	job_init(job);
	(void)snprintf(
	    job->medium_path, sizeof(job->medium_path), "%s", bench->folder);
	(void)snprintf(job->source_path, sizeof(job->source_path), ".");
	(void)snprintf(job->locator, sizeof(job->locator), "%s", bench->name);
	job->layout =
	    bench->is_file ? CONFIG_LAYOUT_FILE : CONFIG_LAYOUT_DIRECTORY;
	job->header = (struct manifest_header){.system = "ehr",
	    .generation = "ehr@20260401T020000+0900",
	    .medium = "bench",
	    .source = "bench",
	    .slice_bytes = bench->state.slice_bytes};
	job->limits = (struct sandbox_limits){
	    .memory_bytes = HIKAE_CHILD_MEMORY_BYTES,
	    .open_files = 512,
	    .file_size_bytes = (uint64_t)64 << 30,
	};
	job->best_effort = true;
	return file_temporary(bench->state.fd, &job->fds[JOB_FD_SPILL], err);
}

static int
open_manifest(
    const struct bench *bench, int flags, struct job *job, struct error *err)
{
	return file_open_below(bench->state.fd, "manifest", flags,
	    &job->fds[JOB_FD_MANIFEST], err);
}

/* ---- what is kept ---- */

static int
keep_state(struct bench *bench, struct error *err)
{
	struct signature_secret secret;
	struct manifest_header header = {
	    .generation = "ehr@20260401T020000+0900", .medium = "bench"};
	const struct manifest_totals *totals = &bench->captured.totals;
	struct bytes comment = BYTES_EMPTY, text = BYTES_EMPTY;
	int fd = -1, rc = -1;

	signature_generate(&secret);
	signature_public_of(&secret, &bench->state.key);
	manifest_trusted_comment(&header, &comment);
	bytes_append_u8(&comment, 0);
	if (bytes_check(&comment, err) != 0 ||
	    signature_sign(&secret, bench->captured.prehash,
		(const char *)comment.data, "bench", &text, err) != 0)
		goto out;
	memcpy(bench->state.signature, text.data, text.length);
	bench->state.signature_length = text.length;
	bench->state.slices = totals->slices;
	bench->state.file_bytes =
	    totals->files > 0 ? totals->bytes / totals->files : 0;
	bench->state.recorded.is_known = true;
	memcpy(bench->state.recorded.sha256, bench->captured.sha256,
	    sizeof(bench->captured.sha256));
	if (file_open_below(bench->state.fd, "state",
		O_WRONLY | O_CREAT | O_TRUNC, &fd, err) == 0)
		rc = file_write_all(
		    fd, &bench->state, sizeof(bench->state), err);
out:
	if (fd >= 0)
		(void)close(fd);
	bytes_done(&comment);
	bytes_done(&text);
	return rc;
}

static int
load_state(struct bench *bench, struct error *err)
{
	struct bytes kept = BYTES_EMPTY;
	int folder = bench->state.fd, fd = -1, rc = -1;

	if (file_open_below(folder, "state", O_RDONLY, &fd, err) != 0)
		return -1;
	rc = file_read_whole(fd, sizeof(bench->state), &kept, err);
	(void)close(fd);
	if (rc == 0 && kept.length != sizeof(bench->state))
		rc = error_set(err, ERROR_INPUT, "no state of a capture");
	if (rc == 0)
		memcpy(&bench->state, kept.data, sizeof(bench->state));
	bench->state.fd = folder;
	bytes_done(&kept);
	return rc;
}

/* ---- orders ---- */

/* The next slices that no reader has, if any are left. */
static size_t
take_slices(struct bench *bench, struct verify_range *range)
{
	uint64_t left = bench->state.slices - bench->next_slice;

	range->first = bench->next_slice;
	if (left > 0)
		bench->next_slice += pace_slices(left, bench->readers);
	range->last = bench->next_slice - 1;
	return left > 0 ? 1 : 0;
}

static void
fill_verification(struct bench *bench, struct job *job)
{
	const struct state *state = &bench->state;

	job->kind = JOB_VERIFY;
	job->not_before = INT64_MAX;
	job->keys[0] = state->key;
	job->key_count = 1;
	job->recorded = state->recorded;
	memcpy(job->signature, state->signature, state->signature_length);
	job->signature_length = state->signature_length;
	job->range_count = take_slices(bench, &job->ranges[0]);
}

/* Start the next order in the first free place. */
static int
start(struct bench *bench, bool is_capture, struct handle **ret_handle,
    struct error *err)
{
	struct job *job = calloc(1, sizeof(*job));
	int rc = -1;

	if (job == NULL)
		return error_set(err, ERROR_INTERNAL, "out of memory");
	if (fill_job(bench, job, err) != 0)
		goto out;
	job->kind = JOB_CAPTURE;
	if (is_capture)
		bench->next_slice++;
	else
		fill_verification(bench, job);
	if (open_manifest(bench,
		is_capture ? O_RDWR | O_CREAT | O_TRUNC : O_RDONLY, job,
		err) == 0)
		rc = handle_start(job, ret_handle, err);
out:
	job_done(job);
	free(job);
	return rc;
}

/* Of all that a reader can say, what counts here. */
static int
take_reply(struct bench *bench, struct handle *handle,
    const struct reply *reply, struct error *err)
{
	const struct examine_slice *slice = &reply->slice.result;
	struct verify_range range;

	if (reply->kind == REPLY_FAILED) {
		*err = reply->failed;
		return -1;
	}
	if (reply->kind == REPLY_BEGUN && reply->begun.place != REPLY_PLACE_OK)
		return error_set(err, ERROR_NOT_FOUND, "%s",
		    reply_place_name(reply->begun.place));
	if (reply->kind == REPLY_READY)
		return handle_give_slices(
		    handle, &range, take_slices(bench, &range), err);
	if (reply->kind == REPLY_SLICE) {
		bench->slices++;
		bench->bytes += slice->bytes_read;
		bench->entries += slice->entries;
		bench->verdict = verdict_worse(bench->verdict, slice->verdict);
		if (reply->slice.mode > bench->mode)
			bench->mode = reply->slice.mode;
	}
	if (reply->kind == REPLY_CAPTURED) {
		bench->captured = reply->captured.manifest;
		bench->bytes = reply->captured.bytes_read;
		bench->entries = bench->captured.totals.entries;
		bench->mode = reply->captured.mode;
	}
	return 0;
}

/* Take what the child says; collect it when it ended. */
static int
attend(struct bench *bench, struct handle **handle, struct error *err)
{
	struct reply reply;
	struct spawn_end end;
	int got;

	while ((got = handle_next(*handle, &reply, err)) == 1)
		if (take_reply(bench, *handle, &reply, err) != 0)
			return -1;
	if (got < 0)
		return -1;
	got = handle_collect(*handle, &end, err);
	if (got <= 0)
		return got;
	if (!handle_is_finished(*handle))
		return error_set(err, ERROR_INTERNAL, "a reader died");
	handle_free(*handle);
	*handle = NULL;
	return 0;
}

/* Wait for any child that runs; false when none does. */
static bool
wait_for_any(const struct bench *bench)
{
	struct pollfd polled[2 * READERS_MAX];
	nfds_t count = 0;

	for (size_t i = 0; i < READERS_MAX; i++) {
		const struct handle *handle = bench->running[i];

		if (handle == NULL)
			continue;
		/* After the last reply the wire only says that it ended. */
		if (!handle_is_finished(handle))
			polled[count++] = (struct pollfd){
			    .fd = handle_wire_fd(handle), .events = POLLIN};
		polled[count++] = (struct pollfd){
		    .fd = handle_end_fd(handle), .events = POLLIN};
	}
	return count > 0 && (poll(polled, count, -1) >= 0 || errno == EINTR);
}

static int
run_orders(struct bench *bench, bool is_capture, struct error *err)
{
	uint64_t orders_end = is_capture ? 1 : bench->state.slices;

	do {
		for (size_t i = 0; i < bench->readers; i++) {
			struct handle **handle = &bench->running[i];

			if (*handle != NULL && attend(bench, handle, err) != 0)
				return -1;
			if (*handle == NULL && bench->next_slice < orders_end &&
			    start(bench, is_capture, handle, err) != 0)
				return -1;
		}
	} while (wait_for_any(bench));
	if (!is_capture && bench->slices != bench->state.slices)
		return error_set(err, ERROR_INTERNAL, "slices are missing");
	return 0;
}

/* ---- the program ---- */

static void
tell(const struct bench *bench, double seconds)
{
	struct rusage used;

	(void)getrusage(RUSAGE_CHILDREN, &used);
	(void)printf("%.4f %llu %llu %.3f %ld %u %s %s\n", seconds,
	    (unsigned long long)bench->bytes,
	    (unsigned long long)bench->entries,
	    (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
		(double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6,
	    used.ru_maxrss, bench->readers, reply_mode_name(bench->mode),
	    verdict_name(bench->verdict));
}

/* The number of readers, and what each gets at once. */
static int
choose_pace(struct bench *bench, const char *readers, struct error *err)
{
	struct device device;
	int fd, rc;

	if (file_open_folder(bench->folder, &fd, err) != 0)
		return -1;
	rc = device_describe(fd, &device, err);
	(void)close(fd);
	if (rc != 0)
		return -1;
	bench->readers = readers != NULL
			     ? (unsigned)strtoul(readers, NULL, 10)
			     : pace_readers(&device, bench->state.file_bytes);
	if (bench->readers < 1 || bench->readers > READERS_MAX)
		return error_set(err, ERROR_USAGE, "1 to 64 readers");
	return 0;
}

static int
run(struct bench *bench, bool is_capture, const char *number, struct error *err)
{
	int64_t begin = clock_monotonic_ms();

	if (is_capture)
		bench->state.slice_bytes = strtoull(number, NULL, 10) << 20;
	else if (load_state(bench, err) != 0)
		return -1;
	if (choose_pace(bench, is_capture ? "1" : number, err) != 0 ||
	    run_orders(bench, is_capture, err) != 0 ||
	    (is_capture && keep_state(bench, err) != 0))
		return -1;
	tell(bench, (double)(clock_monotonic_ms() - begin) / 1e3);
	return 0;
}

int
main(int argc, char **argv)
{
	static struct bench bench; /* large */
	struct error err = {0};
	struct stat st;
	char path[8192];
	int rc;

	if (argc == 3 && strcmp(argv[1], HANDLE_ROLE_ARGUMENT) == 0)
		return reader_main();
	if (argc < 5 || argc > 6 ||
	    (argc == 5 && strcmp(argv[1], "verify") != 0)) {
		(void)fprintf(stderr,
		    "usage: readers capture FOLDER NAME STATE MIB\n"
		    "       readers verify FOLDER NAME STATE [READERS]\n");
		return 64;
	}
	bench.folder = argv[2];
	bench.name = argv[3];
	(void)snprintf(path, sizeof(path), "%s/%s", argv[2], argv[3]);
	bench.is_file = stat(path, &st) == 0 && S_ISREG(st.st_mode);
	if (file_open_folder(argv[4], &bench.state.fd, &err) != 0)
		return fail(&err);
	rc = run(&bench, strcmp(argv[1], "capture") == 0,
	    argc == 6 ? argv[5] : NULL, &err);
	for (size_t i = 0; i < READERS_MAX; i++)
		handle_free(bench.running[i]);
	(void)close(bench.state.fd);
	return rc == 0 ? EXIT_SUCCESS : fail(&err);
}
