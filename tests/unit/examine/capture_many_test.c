/* Memory does not grow with the number of files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/resource.h>

#include "lib/examine/scan.h"
#include "tests/unit/examine/examining.h"

/* More of such long names than a walk may hold in memory. */
#define NAMES 36000
#define NAME_DIGITS 250

/* The most that this process ever held, bytes. */
static uint64_t
peak_bytes(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return (uint64_t)usage.ru_maxrss * 1024;
}

static void
put_names(const char *folder, int count)
{
	char name[NAME_DIGITS + 32];

	put_folder(folder);
	for (int i = 0; i < count; i++) {
		int fd;

		(void)snprintf(name, sizeof(name), "%s/%0*d", folder,
		    NAME_DIGITS, i * 7919 % count);
		fd = openat(ground_fd, name, O_WRONLY | O_CREAT, 0600);
		assert_true(fd >= 0);
		(void)close(fd);
	}
}

static void
a_full_folder_goes_through_the_spill(void **state)
{
	struct capture_options options = capture_of("full");
	struct manifest_writer *writer = NULL;
	struct capture_result result;
	struct verify_options check;
	struct error err = {0};
	uint64_t before;
	int manifest_fd;

	(void)state;
	put_names("full", NAMES);
	memset(&told, 0, sizeof(told));
	options.manifest_fd = temporary();
	assert_int_equal(capture_run(&options, &result, &writer, &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
	(void)close(options.manifest_fd);
	before = peak_bytes();
	options.spill_fd = temporary();
	manifest_fd = capture(&options, &result);
	assert_int_equal(result.manifest.totals.entries, NAMES);
	assert_int_equal(result.problems, 0);
	assert_true(told.progress_count >= NAMES / 4096);
	check = verify_of("full", manifest_fd);
	check.spill_fd = options.spill_fd;
	assert_int_equal(look(&check), VERDICT_INTACT);
	assert_int_equal(told.finding_count, 0);
	assert_int_equal(told.slices[0].entries, NAMES);
#ifndef __SANITIZE_ADDRESS__
	/* The walk's 8 MiB were there before; all names would be as much. */
	assert_in_range(peak_bytes() - before, 0, 12 << 20);
#else
	(void)before;
#endif
	(void)close(options.spill_fd);
	(void)close(manifest_fd);
}

static int
on_candidate(
    void *context, const struct examine_candidate *candidate, struct error *err)
{
	(void)err;
	*(struct examine_candidate *)context = *candidate;
	return 0;
}

/* A generation with such a folder can be found, too. */
static void
a_full_folder_is_a_candidate(void **state)
{
	struct examine_candidate candidate = {0};
	const struct examine_events events = {.context = &candidate,
	    .progress = told_progress,
	    .candidate = on_candidate};
	struct scan_options options = {
	    .root_fd = ground_fd, .layout = SCAN_FOLDERS, .events = &events};
	uint64_t others;

	(void)state;
	options.spill_fd = temporary();
	memset(&told, 0, sizeof(told));
	assert_int_equal(scan_run(&options, &others, NULL), 0);
	assert_int_equal(candidate.problem, 0);
	assert_int_equal(candidate.entries, NAMES);
	assert_true(told.progress_count >= NAMES / 4096);
	options.layout = SCAN_TREE;
	assert_int_equal(scan_run(&options, &others, NULL), 0);
	assert_int_equal(candidate.entries, NAMES + 1);
	(void)close(options.spill_fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_full_folder_goes_through_the_spill),
	    cmocka_unit_test(a_full_folder_is_a_candidate),
	};

	return cmocka_run_group_tests(
	    tests, ground_set_up_in_memory, ground_tear_down);
}
