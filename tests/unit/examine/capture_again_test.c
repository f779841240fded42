/*
 * What was said of bytes before: damage never becomes a baseline, neither of
 * the next generation nor of the next version of a living copy.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/examine/examining.h"

#define LARGE_BYTES (3 * SLICE_BYTES + 100)

static int readings_fd = -1;
static struct readings *readings;

static int
set_up(void **state)
{
	if (ground_set_up(state) != 0)
		return -1;
	put_folder("copy");
	put_file("copy/a", 100, 1);
	put_file("copy/large", LARGE_BYTES, 2);
	put_file("copy/z", 1000, 3);
	readings_fd = temporary();
	readings = open_readings(readings_fd);
	return 0;
}

static int
tear_down(void **state)
{
	readings_free(readings);
	(void)close(readings_fd);
	return ground_tear_down(state);
}

static int
capture_after(int previous_fd, struct readings *use)
{
	struct capture_options options = capture_of("copy");
	struct capture_result result;

	options.previous_fd = previous_fd;
	options.readings = use;
	return capture(&options, &result);
}

static void
expect_same_digest(int first_fd, int second_fd, const char *path, bool is_same)
{
	struct manifest_entry first, second;

	assert_true(find_entry(first_fd, path, &first));
	assert_true(find_entry(second_fd, path, &second));
	assert_true(first.has_digest && second.has_digest);
	assert_true(is_same == (memcmp(first.digest, second.digest,
				    sizeof(first.digest)) == 0));
}

/* With and without readings, of small and of large files. */
static void
rot_in_a_living_copy_is_told_and_not_taken(struct readings *use)
{
	static const struct {
		const char *path, *name;
		uint64_t offset;
		size_t slice;
	} places[] = {
	    {"copy/a", "a", 5, 0},
	    {"copy/large", "large", 7, 1},
	    {"copy/large", "large", SLICE_BYTES + 7, 2},
	    {"copy/large", "large", LARGE_BYTES - 1, 4},
	};
	int first = capture_after(-1, use);

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct verify_options check;
		int second;

		flip(places[i].path, places[i].offset, 1, true);
		second = capture_after(first, use);
		assert_told(FINDING_BIT_ROT, places[i].name);
		expect_same_digest(first, second, places[i].name, true);
		/* The new version knows the damage, and where it is. */
		check = verify_of("copy", second);
		check.is_living = true;
		assert_int_equal(verify(&check), VERDICT_DAMAGED);
		assert_told(FINDING_BIT_ROT, places[i].name);
		assert_int_equal(told.findings[0].slice, places[i].slice);
		flip(places[i].path, places[i].offset, 1, true);
		assert_int_equal(verify(&check), VERDICT_INTACT);
		(void)close(second);
	}
	(void)close(first);
}

static void
rot_is_told_and_not_taken(void **state)
{
	(void)state;
	rot_in_a_living_copy_is_told_and_not_taken(NULL);
	rot_in_a_living_copy_is_told_and_not_taken(readings);
}

static void
what_was_written_is_taken(void **state)
{
	int first = capture_after(-1, readings), second;

	(void)state;
	flip("copy/a", 5, 1, false);
	put_file("copy/large", LARGE_BYTES - 50, 8);
	put_file("copy/b", 10, 4);
	(void)unlinkat(ground_fd, "copy/z", 0);
	second = capture_after(first, readings);
	assert_int_equal(told.finding_count, 0);
	expect_same_digest(first, second, "a", false);
	expect_same_digest(first, second, "large", false);
	put_file("copy/z", 1000, 3);
	(void)unlinkat(ground_fd, "copy/b", 0);
	(void)close(first);
	(void)close(second);
}

/* Slices of another size have other states: the file's digest stands. */
static void
another_slice_size_keeps_the_digest(void **state)
{
	struct capture_options options = capture_of("copy");
	int first = capture_after(-1, NULL), second;
	struct capture_result result;

	(void)state;
	options.previous_fd = first;
	options.header.slice_bytes = SLICE_BYTES / 2;
	flip("copy/large", 5, 1, true);
	second = capture(&options, &result);
	assert_told(FINDING_BIT_ROT, "large");
	expect_same_digest(first, second, "large", true);
	flip("copy/large", 5, 1, true);
	(void)close(first);
	(void)close(second);
}

static void
a_damaged_last_manifest_is_an_error(void **state)
{
	struct capture_options options = capture_of("copy");
	struct manifest_writer *writer = NULL;
	struct capture_result result;
	int first = capture_after(-1, NULL);
	struct error err = {0};

	(void)state;
	options.manifest_fd = temporary();
	options.previous_fd = first;
	assert_int_equal(ftruncate(first, 300), 0);
	assert_int_equal(capture_run(&options, &result, &writer, &err), -1);
	assert_int_equal(err.code, ERROR_INPUT);
	(void)close(options.manifest_fd);
	(void)close(first);
}

static void
link_copy(const char *name)
{
	char line[2 * PATH_MAX];

	(void)snprintf(
	    line, sizeof(line), "cd '%s' && cp -al copy %s", ground, name);
	assert_int_equal(system(line), 0);
}

/* A generation that shares a damaged file does not declare it good. */
static void
refuted_bytes_are_no_baseline(void **state)
{
	struct capture_options options = capture_of("next");
	struct capture_result result;
	struct verify_options check;
	struct manifest_entry entry;
	int first = capture_after(-1, readings), second;

	(void)state;
	flip("copy/z", 5, 1, true);
	flip("copy/large", SLICE_BYTES + 1, 1, true);
	check = verify_of("copy", first);
	check.readings = readings;
	assert_int_equal(verify(&check), VERDICT_DAMAGED);
	assert_int_equal(told.finding_count, 2);
	/* New links change the change time, which must not hide it. */
	link_copy("next");
	options.readings = readings;
	second = capture(&options, &result);
	assert_int_equal(told.finding_count, 2);
	assert_true(was_told(FINDING_BIT_ROT, "large"));
	assert_true(was_told(FINDING_BIT_ROT, "z"));
	assert_true(find_entry(second, "z", &entry));
	assert_true(entry.unread != NULL && !entry.has_digest);
	assert_true(find_entry(second, "a", &entry));
	assert_true(entry.has_digest);
	(void)close(second);
	/* Nor does it the time after. */
	second = capture(&options, &result);
	assert_int_equal(told.finding_count, 2);
	(void)close(second);
	/* One file as a copy is read anyway, and refused all the same. */
	options.locator = "next/z";
	options.is_file = true;
	second = capture(&options, &result);
	assert_told(FINDING_BIT_ROT, "z");
	assert_int_equal(result.manifest.totals.unread, 1);
	(void)close(second);
	/* Repaired in place, it is read and taken. */
	options.locator = "next";
	options.is_file = false;
	flip("copy/z", 5, 1, true);
	flip("copy/large", SLICE_BYTES + 1, 1, true);
	second = capture(&options, &result);
	assert_int_equal(told.finding_count, 0);
	expect_same_digest(first, second, "z", true);
	expect_same_digest(first, second, "large", true);
	(void)close(second);
	(void)close(first);
}

/*
 * Where names are used again, what was written since may be another backup: its
 * capture is not to suffer for it.  Rot is told all the same.
 */
static void
what_was_written_under_a_reused_name_is_taken(void **state)
{
	struct capture_options options = capture_of("copy");
	struct capture_result result;
	struct verify_options check;
	int first = capture_after(-1, readings), second;

	(void)state;
	flip("copy/z", 5, 1, false);
	flip("copy/large", SLICE_BYTES + 1, 1, true);
	check = verify_of("copy", first);
	check.readings = readings;
	check.is_reused = true;
	assert_int_equal(verify(&check), VERDICT_DAMAGED);
	assert_int_equal(told.finding_count, 2);
	assert_true(was_told(FINDING_OVERWRITTEN, "z"));
	assert_true(was_told(FINDING_BIT_ROT, "large"));
	options.readings = readings;
	second = capture(&options, &result);
	assert_told(FINDING_BIT_ROT, "large");
	assert_int_equal(result.manifest.totals.unread, 1);
	(void)close(second);
	(void)close(first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rot_is_told_and_not_taken),
	    cmocka_unit_test(what_was_written_is_taken),
	    cmocka_unit_test(another_slice_size_keeps_the_digest),
	    cmocka_unit_test(a_damaged_last_manifest_is_an_error),
	    cmocka_unit_test(refuted_bytes_are_no_baseline),
	    cmocka_unit_test(what_was_written_under_a_reused_name_is_taken),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
