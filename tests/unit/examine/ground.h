/*
 * What the tests of examine share: a folder of real files on the build's file
 * system, what is told of them, and a capture and a verification of a copy.
 *
 * Include it after cmocka.h.  Every test program uses a part of it.
 */
#ifndef HIKAE_TESTS_EXAMINE_GROUND_H
#define HIKAE_TESTS_EXAMINE_GROUND_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/examine/capture.h"
#include "lib/examine/verify.h"
#include "lib/model/manifest_reader.h"

#define KIB ((size_t)1024)
#define SLICE_BYTES (64 * KIB)
#define TOLD_MAX 512

static char ground[PATH_MAX];
static int ground_fd = -1;

/* What the callbacks were told. */
struct told_finding {
	enum finding code;
	char path[300];
	uint64_t slice, offset, expected_size, actual_size;
	int os_errno;
	bool is_isolated;
};

static struct {
	struct told_finding findings[TOLD_MAX];
	size_t finding_count;
	struct examine_slice slices[TOLD_MAX];
	size_t slice_count;
	uint64_t progress_count;
	bool refuse; /* every callback fails */
} told;

static inline int
told_progress(
    void *context, uint64_t bytes, uint64_t entries, struct error *err)
{
	(void)context;
	(void)bytes;
	(void)entries;
	told.progress_count++;
	return told.refuse ? error_set(err, ERROR_CANCELLED, "refused") : 0;
}

static inline int
told_finding(
    void *context, const struct examine_finding *finding, struct error *err)
{
	struct told_finding *at = &told.findings[told.finding_count];

	(void)context;
	if (told.refuse)
		return error_set(err, ERROR_CANCELLED, "refused");
	assert_true(told.finding_count < TOLD_MAX);
	told.finding_count++;
	*at = (struct told_finding){.code = finding->code,
	    .slice = finding->slice,
	    .offset = finding->offset,
	    .expected_size = finding->expected_size,
	    .actual_size = finding->actual_size,
	    .os_errno = finding->os_errno,
	    .is_isolated = finding->is_isolated};
	(void)snprintf(at->path, sizeof(at->path), "%.*s",
	    (int)finding->path_length, finding->path);
	return 0;
}

static inline int
told_slice(void *context, const struct examine_slice *slice, struct error *err)
{
	(void)context;
	if (told.refuse)
		return error_set(err, ERROR_CANCELLED, "refused");
	assert_true(told.slice_count < TOLD_MAX);
	told.slices[told.slice_count++] = *slice;
	return 0;
}

static const struct examine_events ground_events = {
    .progress = told_progress,
    .finding = told_finding,
    .slice = told_slice,
};

/* The one finding that was told has this code and path. */
#define assert_told(wanted, where)                                       \
	do {                                                             \
		assert_int_equal(told.finding_count, 1);                 \
		assert_string_equal(finding_name(told.findings[0].code), \
		    finding_name(wanted));                               \
		assert_string_equal(told.findings[0].path, where);       \
	} while (0)

static inline bool
was_told(enum finding code, const char *path)
{
	for (size_t i = 0; i < told.finding_count; i++)
		if (told.findings[i].code == code &&
		    strcmp(told.findings[i].path, path) == 0)
			return true;
	return false;
}

/* ---- files ---- */

static inline int
ground_set_up_in(const char *place)
{
	(void)snprintf(ground, sizeof(ground), "%.2000s/ground-XXXXXX", place);
	if (mkdtemp(ground) == NULL || chmod(ground, 0755) != 0)
		return -1;
	ground_fd = open(ground, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return ground_fd < 0 ? -1 : 0;
}

/* Beside the program: a file system that can be read past its cache. */
static inline int
ground_set_up(void **state)
{
	char program[PATH_MAX / 2] = "";

	(void)state;
	if (getenv("TMPDIR") != NULL)
		return ground_set_up_in(getenv("TMPDIR"));
	if (readlink("/proc/self/exe", program, sizeof(program) - 1) < 0)
		return -1;
	*strrchr(program, '/') = '\0';
	return ground_set_up_in(program);
}

static inline int
ground_set_up_in_memory(void **state)
{
	(void)state;
	return ground_set_up_in(
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
}

static inline int
ground_tear_down(void **state)
{
	char command[PATH_MAX + 32];

	(void)state;
	(void)close(ground_fd);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", ground);
	return system(command);
}

/* Byte i of a file with this seed. */
static inline uint8_t
content_byte(unsigned seed, uint64_t i)
{
	return (uint8_t)((i * 2654435761u + seed * 40503u) >> 13 ^ i >> 7);
}

static inline void
put_bytes(const char *path, const void *data, size_t length)
{
	int fd = openat(
	    ground_fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, length), length);
	(void)close(fd);
}

static inline void
put_file(const char *path, size_t length, unsigned seed)
{
	uint8_t *data = malloc(length + 1);

	assert_non_null(data);
	for (size_t i = 0; i < length; i++)
		data[i] = content_byte(seed, i);
	put_bytes(path, data, length);
	free(data);
}

static inline void
put_folder(const char *path)
{
	assert_int_equal(mkdirat(ground_fd, path, 0755), 0);
}

static inline void
set_time(const char *path, const struct timespec *modified)
{
	struct timespec times[2] = {{0, UTIME_OMIT}, *modified};

	assert_int_equal(
	    utimensat(ground_fd, path, times, AT_SYMLINK_NOFOLLOW), 0);
}

static inline struct stat
stat_of(const char *path)
{
	struct stat st;

	assert_int_equal(fstatat(ground_fd, path, &st, AT_SYMLINK_NOFOLLOW), 0);
	return st;
}

/* Turn over bits of one byte; with its old time, or a new one. */
static inline void
flip(const char *path, uint64_t offset, uint8_t bits, bool keeps_time)
{
	struct stat before = stat_of(path);
	struct timespec later = {before.st_mtim.tv_sec + 5, 0};
	int fd = openat(ground_fd, path, O_RDWR | O_CLOEXEC);
	uint8_t byte;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, (off_t)offset), 1);
	byte ^= bits;
	assert_int_equal(pwrite(fd, &byte, 1, (off_t)offset), 1);
	(void)close(fd);
	set_time(path, keeps_time ? &before.st_mtim : &later);
}

static inline int
temporary(void)
{
	int fd = open(ground, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	return fd;
}

/* ---- readings ---- */

static const uint8_t ground_secret[READINGS_SECRET_BYTES] = {4, 5, 6};

static inline struct readings *
open_readings(int fd)
{
	struct readings *readings = NULL;

	assert_int_equal(readings_new(fd, ground_secret, &readings, NULL), 0);
	return readings;
}

/* ---- capture and verification ---- */

static inline struct capture_options
capture_of(const char *locator)
{
	return (struct capture_options){
	    .root_fd = ground_fd,
	    .locator = locator,
	    .manifest_fd = -1,
	    .previous_fd = -1,
	    .spill_fd = -1,
	    .tee_fd = -1,
	    .header = {.system = "ehr",
		.generation = "ehr@20261121T020000+0900",
		.medium = "nas1",
		.source = "ehr-nas",
		.slice_bytes = SLICE_BYTES},
	    .stream = {.block_bytes = 64 * KIB, .in_flight = 4, .direct = true},
	    .events = &ground_events,
	};
}

/* Capture into a new manifest, which is returned. */
static inline int
capture(struct capture_options *options, struct capture_result *ret_result)
{
	struct manifest_writer *writer = NULL;
	struct error err = {0};

	memset(&told, 0, sizeof(told));
	options->manifest_fd = temporary();
	if (capture_run(options, ret_result, &writer, &err) != 0)
		fail_msg("%s", err.text);
	manifest_writer_free(writer);
	return options->manifest_fd;
}

static inline struct verify_options
verify_of(const char *locator, int manifest_fd)
{
	return (struct verify_options){
	    .root_fd = ground_fd,
	    .locator = locator,
	    .manifest_fd = manifest_fd,
	    .spill_fd = -1,
	    .not_before = INT64_MAX,
	    .stream = {.block_bytes = 64 * KIB, .in_flight = 4, .direct = true},
	    .events = &ground_events,
	};
}

static inline uint64_t
slices_of(int manifest_fd)
{
	struct manifest_reader *reader = manifest_reader_new(manifest_fd, NULL);
	uint64_t slices;

	assert_non_null(reader);
	slices = manifest_reader_totals(reader)->slices;
	manifest_reader_free(reader);
	return slices;
}

/* Verify every slice; the worst verdict. */
static inline enum verdict
verify(const struct verify_options *options)
{
	uint64_t slices = slices_of(options->manifest_fd);
	struct verify_range all = {0, slices - 1};
	enum verdict worst = VERDICT_INTACT;
	struct error err = {0};

	memset(&told, 0, sizeof(told));
	if (verify_slices(options, &all, 1, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(told.slice_count, slices);
	for (size_t i = 0; i < told.slice_count; i++) {
		assert_int_equal(told.slices[i].slice, i);
		worst = verdict_worse(worst, told.slices[i].verdict);
	}
	return worst;
}

/* Look at the names of the whole copy. */
static inline enum verdict
look(const struct verify_options *options)
{
	struct error err = {0};

	memset(&told, 0, sizeof(told));
	if (verify_names(options, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(told.slice_count, 1);
	assert_true(told.slices[0].slice == EXAMINE_NO_SLICE);
	return told.slices[0].verdict;
}

/* What the manifest says of a name; false where it does not. */
static inline bool
find_entry(int manifest_fd, const char *path, struct manifest_entry *ret)
{
	struct manifest_reader *reader = manifest_reader_new(manifest_fd, NULL);
	bool found = false;

	assert_non_null(reader);
	while (!found && manifest_reader_next(reader, ret, NULL) == 1)
		found = ret->path_length == strlen(path) &&
			memcmp(ret->path, path, ret->path_length) == 0;
	ret->path = ret->link = NULL;
	ret->unread = found && ret->unread != NULL ? "unread" : NULL;
	manifest_reader_free(reader);
	return found;
}

#endif
