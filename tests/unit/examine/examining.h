/*
 * A capture and a verification of a copy on the ground, with what was told.
 *
 * Include it after cmocka.h.  Every test program uses a part of it.
 */
#ifndef HIKAE_TESTS_EXAMINE_EXAMINING_H
#define HIKAE_TESTS_EXAMINE_EXAMINING_H

#include "lib/examine/capture.h"
#include "lib/examine/verify.h"
#include "lib/model/manifest_reader.h"
#include "tests/unit/examine/ground.h"
#include "tests/unit/examine/told.h"

#define KIB ((size_t)1024)
#define SLICE_BYTES (64 * KIB)

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

/* Whether files are opened first and then looked at. */
static bool has_no_devices;

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
	    .in_pairs = true,
	    .has_no_devices = has_no_devices,
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
