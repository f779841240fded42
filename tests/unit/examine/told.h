/*
 * What the tests of examine are told: findings, slices, progress.
 *
 * Include it after cmocka.h.  Every test program uses a part of it.
 */
#ifndef HIKAE_TESTS_EXAMINE_TOLD_H
#define HIKAE_TESTS_EXAMINE_TOLD_H

#include <stdio.h>
#include <string.h>

#include "lib/examine/examine.h"

#define TOLD_MAX 512

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

#endif
