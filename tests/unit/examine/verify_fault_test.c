/*
 * A medium that fails or lies: what could not be read, or was read in two
 * ways, is undetermined, neither damaged nor intact.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/examine/examining.h"

#include "tests/unit/examine/failing.h"

#define LARGE_BYTES (3 * SLICE_BYTES)
#define ALWAYS UINT_MAX

static int manifest_fd = -1;

static int
set_up(void **state)
{
	struct capture_options options;
	struct capture_result result;

	if (ground_set_up(state) != 0)
		return -1;
	put_folder("copy");
	put_file("copy/0", 50, 4);
	put_file("copy/a", 5000, 1);
	put_file("copy/large", LARGE_BYTES, 2);
	put_file("copy/z", 1000, 3);
	options = capture_of("copy");
	manifest_fd = capture(&options, &result);
	return 0;
}

static int
tear_down(void **state)
{
	(void)close(manifest_fd);
	return ground_tear_down(state);
}

static enum verdict
verify_copy(bool direct)
{
	struct verify_options options = verify_of("copy", manifest_fd);
	enum verdict verdict;

	options.stream.direct = direct;
	verdict = verify(&options);
	fail_no_more();
	return verdict;
}

/* Slices 0 (a), 1 to 3 (large), 4 (z); all but one are intact. */
static void
expect_verdict(uint64_t slice, enum verdict verdict)
{
	assert_int_equal(told.slice_count, 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(told.slices[i].verdict,
		    i == slice ? verdict : VERDICT_INTACT);
}

static void
errors_that_pass_are_no_finding(void **state)
{
	(void)state;
	for (int direct = 0; direct < 2; direct++) {
		fail_at("copy/large", SLICE_BYTES + 7, EIO, 2);
		assert_int_equal(verify_copy(direct), VERDICT_INTACT);
		assert_int_equal(told.finding_count, 0);
		fail_at("copy/a", 4999, ETIMEDOUT, 1);
		assert_int_equal(verify_copy(direct), VERDICT_INTACT);
		assert_int_equal(told.finding_count, 0);
	}
}

static void
errors_that_stay_are_undetermined(void **state)
{
	static const int problems[] = {
	    EIO, ENODATA, ESTALE, ETIMEDOUT, ENODEV, EACCES};

	(void)state;
	for (size_t i = 0; i < 12; i++) {
		const int problem = problems[i / 2];

		fail_at("copy/large", SLICE_BYTES + 5000, problem, ALWAYS);
		assert_int_equal(verify_copy(i % 2 == 0), VERDICT_UNDETERMINED);
		assert_told(problem == EACCES ? FINDING_PERMISSION_DENIED
					      : FINDING_UNREADABLE_NOW,
		    "large");
		assert_int_equal(told.findings[0].os_errno, problem);
		assert_int_equal(told.findings[0].slice, 2);
		assert_true(told.findings[0].offset >= SLICE_BYTES &&
			    told.findings[0].offset <= SLICE_BYTES + 5000);
		if (problem == EIO)
			assert_int_equal(
			    told.findings[0].offset, SLICE_BYTES + 4096);
		expect_verdict(2, VERDICT_UNDETERMINED);
	}
}

/* One block is lost where its neighbours, or other files, can be read. */
static void
lost_places_are_told_from_lost_media(void **state)
{
	(void)state;
	fail_at("copy/large", SLICE_BYTES + 5000, EIO, ALWAYS);
	assert_int_equal(verify_copy(true), VERDICT_UNDETERMINED);
	assert_true(told.findings[0].is_isolated);
	/* Its neighbours neither. */
	fail_at("copy/large", SLICE_BYTES + 5000, EIO, ALWAYS);
	failing.to += 4096;
	assert_int_equal(verify_copy(true), VERDICT_UNDETERMINED);
	assert_false(told.findings[0].is_isolated);
	fail_at("copy/large", 0, EIO, ALWAYS);
	failing.to = LARGE_BYTES;
	assert_int_equal(verify_copy(true), VERDICT_UNDETERMINED);
	assert_int_equal(told.finding_count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_false(told.findings[i].is_isolated);
	/* A small file, behind others that were read, and as the first. */
	fail_at("copy/z", 0, EIO, ALWAYS);
	assert_int_equal(verify_copy(true), VERDICT_UNDETERMINED);
	assert_true(told.findings[0].is_isolated);
	fail_at("copy/0", 0, EIO, ALWAYS);
	assert_int_equal(verify_copy(true), VERDICT_UNDETERMINED);
	assert_told(FINDING_UNREADABLE_NOW, "0");
	assert_false(told.findings[0].is_isolated);
}

/* Wrong once, right then: not damage, and not intact either. */
static void
two_readings_with_two_contents_are_unstable(void **state)
{
	(void)state;
	for (int direct = 0; direct < 2; direct++) {
		fail_at("copy/z", 10, 0, 1);
		assert_int_equal(verify_copy(direct), VERDICT_UNDETERMINED);
		assert_told(FINDING_UNSTABLE_READ, "z");
		expect_verdict(4, VERDICT_UNDETERMINED);
		fail_at("copy/large", 10, 0, 2);
		failing.is_drifting = true;
		assert_int_equal(verify_copy(direct), VERDICT_UNDETERMINED);
		assert_told(FINDING_UNSTABLE_READ, "large");
		expect_verdict(1, VERDICT_UNDETERMINED);
		assert_int_equal(verify_copy(direct), VERDICT_INTACT);
	}
}

static void
wrong_twice_in_the_same_way_is_damage(void **state)
{
	(void)state;
	fail_at("copy/z", 10, 0, 2);
	assert_int_equal(verify_copy(true), VERDICT_DAMAGED);
	assert_told(FINDING_BIT_ROT, "z");
	assert_int_equal(told.slices[4].bytes_read, 2000);
}

static void
fail_from_now(void)
{
	failing.problem = EIO;
	failing.times_left = ALWAYS;
}

/* The second look fails: nothing is known. */
static void
wrong_once_and_then_unreadable_is_undetermined(void **state)
{
	struct verify_options options = verify_of("copy", manifest_fd);

	(void)state;
	flip("copy/z", 10, 1, true);
	options.stream.direct = false;
	fail_at("copy/z", 0, 0, ALWAYS);
	failing.before_read = fail_from_now;
	assert_int_equal(verify(&options), VERDICT_UNDETERMINED);
	assert_told(FINDING_UNREADABLE_NOW, "z");
	assert_int_equal(told.findings[0].os_errno, EIO);
	fail_no_more();
	flip("copy/z", 10, 1, true);
}

static void
append_to_z(void)
{
	int fd = openat(ground_fd, "copy/z", O_WRONLY | O_APPEND | O_CLOEXEC);

	assert_int_equal(write(fd, "x", 1), 1);
	(void)close(fd);
}

static void
rewrite_z(void)
{
	flip("copy/z", 0, 1, true);
	flip("copy/z", 0, 1, true);
}

static void
cut_z(void)
{
	int fd = openat(ground_fd, "copy/z", O_WRONLY | O_CLOEXEC);

	assert_int_equal(ftruncate(fd, 0), 0);
	(void)close(fd);
}

static void
what_changes_while_it_is_read_is_undetermined(void **state)
{
	static void (*const changes[])(void) = {append_to_z, rewrite_z, cut_z};
	const struct timespec before = stat_of("copy/z").st_mtim;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		fail_at("copy/z", 0, 0, 1);
		failing.before_read = changes[i];
		assert_int_equal(verify_copy(false), VERDICT_UNDETERMINED);
		assert_told(FINDING_CHANGED_WHILE_READ, "z");
		expect_verdict(4, VERDICT_UNDETERMINED);
		put_file("copy/z", 1000, 3);
		set_time("copy/z", &before);
	}
	assert_int_equal(verify_copy(true), VERDICT_INTACT);
}

/* A reading that failed leaves no word that it was good. */
static void
failed_readings_are_not_remembered(void **state)
{
	struct verify_options options = verify_of("copy", manifest_fd);
	int readings_fd = temporary();

	(void)state;
	options.readings = open_readings(readings_fd);
	options.not_before = 0;
	for (int i = 0; i < 3; i++) {
		fail_at("copy/z", 0, i < 2 ? EIO : 0, i < 2 ? ALWAYS : 1);
		assert_int_equal(verify(&options), VERDICT_UNDETERMINED);
		fail_no_more();
	}
	assert_int_equal(verify(&options), VERDICT_INTACT);
	assert_int_equal(told.slices[4].bytes_read, 1000);
	assert_int_equal(told.slices[0].bytes_read, 0);
	readings_free(options.readings);
	(void)close(readings_fd);
}

/* Unread at the capture, its good parts are there, and none is intact. */
static void
a_capture_tells_what_it_could_not_read(void **state)
{
	struct capture_options options = capture_of("copy");
	struct verify_options check;
	struct capture_result result;
	struct manifest_entry entry;
	int fd, readings_fd = temporary();

	(void)state;
	options.readings = open_readings(readings_fd);
	fail_at("copy/large", SLICE_BYTES + 5000, EIO, ALWAYS);
	fd = capture(&options, &result);
	fail_no_more();
	assert_told(FINDING_UNREADABLE_NOW, "large");
	assert_int_equal(told.findings[0].offset, SLICE_BYTES + 4096);
	assert_int_equal(told.findings[0].os_errno, EIO);
	assert_int_equal(result.problems, 1);
	assert_false(result.manifest.totals.has_content);
	assert_true(find_entry(fd, "large", &entry));
	assert_true(entry.unread != NULL && !entry.has_digest);
	check = verify_of("copy", fd);
	assert_int_equal(verify(&check), VERDICT_UNDETERMINED);
	assert_told(FINDING_UNREAD_AT_CAPTURE, "large");
	assert_int_equal(told.slice_count, 4);
	assert_int_equal(told.slices[1].verdict, VERDICT_INTACT);
	assert_int_equal(told.slices[1].bytes, SLICE_BYTES);
	assert_int_equal(told.slices[2].verdict, VERDICT_UNDETERMINED);
	/* What does not agree there may have been so when it was captured. */
	flip("copy/large", 0, 1, true);
	assert_int_equal(verify(&check), VERDICT_UNDETERMINED);
	assert_int_equal(told.finding_count, 2);
	assert_int_equal(told.findings[0].code, FINDING_UNREAD_AT_CAPTURE);
	flip("copy/large", 0, 1, true);
	(void)close(fd);
	/* Next time it can be read, and is. */
	fd = capture(&options, &result);
	assert_int_equal(result.problems, 0);
	assert_int_equal(result.bytes_read, LARGE_BYTES);
	(void)close(fd);
	readings_free(options.readings);
	(void)close(readings_fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(errors_that_pass_are_no_finding),
	    cmocka_unit_test(errors_that_stay_are_undetermined),
	    cmocka_unit_test(lost_places_are_told_from_lost_media),
	    cmocka_unit_test(two_readings_with_two_contents_are_unstable),
	    cmocka_unit_test(wrong_twice_in_the_same_way_is_damage),
	    cmocka_unit_test(wrong_once_and_then_unreadable_is_undetermined),
	    cmocka_unit_test(what_changes_while_it_is_read_is_undetermined),
	    cmocka_unit_test(failed_readings_are_not_remembered),
	    cmocka_unit_test(a_capture_tells_what_it_could_not_read),
	};

	int failed =
	    cmocka_run_group_tests_name("seen first", tests, set_up, tear_down);

	has_no_devices = true;
	return failed + cmocka_run_group_tests_name(
			    "opened first", tests, set_up, tear_down);
}
