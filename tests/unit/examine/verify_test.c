/* Slices alone, in any order; readings that count instead of reading. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/wait.h>

#include "tests/unit/examine/examining.h"

#define LARGE_BYTES (4 * SLICE_BYTES + 100)

static int
set_up(void **state)
{
	if (ground_set_up(state) != 0)
		return -1;
	put_folder("copy");
	put_file("copy/a", 100, 1);
	put_file("copy/large", LARGE_BYTES, 2);
	put_file("copy/z", 1000, 3);
	return 0;
}

static int
capture_as(const char *locator, uint64_t slice_bytes)
{
	struct capture_options options = capture_of(locator);
	struct capture_result result;

	options.header.slice_bytes = slice_bytes;
	return capture(&options, &result);
}

static uint64_t
bytes_read(void)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < told.slice_count; i++)
		sum += told.slices[i].bytes_read;
	return sum;
}

/* Slices 0 (a), 1 to 5 (large), 6 (z); the middle of large is damaged. */
static void
slices_verify_alone_in_any_order(void **state)
{
	static const struct verify_range ranges[] = {
	    {6, 6}, {3, 5}, {2, 3}, {0, 1}, {5, 5}};
	static const uint64_t due[] = {6, 3, 4, 5, 2, 3, 0, 1, 5};
	int manifest_fd = capture_as("copy", SLICE_BYTES);
	struct verify_options options = verify_of("copy", manifest_fd);
	struct error err = {0};

	(void)state;
	assert_int_equal(slices_of(manifest_fd), 7);
	flip("copy/large", 2 * SLICE_BYTES + 9, 8, true);
	memset(&told, 0, sizeof(told));
	assert_int_equal(verify_slices(&options, ranges, 5, &err), 0);
	assert_int_equal(told.slice_count, 9);
	for (size_t i = 0; i < 9; i++) {
		assert_int_equal(told.slices[i].slice, due[i]);
		assert_int_equal(told.slices[i].verdict,
		    due[i] == 3 ? VERDICT_DAMAGED : VERDICT_INTACT);
		assert_int_equal(told.slices[i].entries, 1);
	}
	assert_int_equal(told.slices[1].bytes, SLICE_BYTES);
	assert_int_equal(told.slices[1].bytes_read, 2 * SLICE_BYTES);
	assert_int_equal(told.slices[3].bytes, 100);
	assert_int_equal(told.finding_count, 2);
	flip("copy/large", 2 * SLICE_BYTES + 9, 8, true);
	(void)close(manifest_fd);
}

static void
slices_verify_in_several_processes(void **state)
{
	int manifest_fd = capture_as("copy", SLICE_BYTES);
	struct verify_options options = verify_of("copy", manifest_fd);
	pid_t children[7];

	(void)state;
	flip("copy/large", 5, 8, true);
	for (uint64_t slice = 0; slice < 7; slice++) {
		struct verify_range range = {slice, slice};

		children[slice] = fork();
		if (children[slice] != 0)
			continue;
		memset(&told, 0, sizeof(told));
		if (verify_slices(&options, &range, 1, NULL) != 0 ||
		    told.slice_count != 1)
			_exit(99);
		_exit((int)told.slices[0].verdict);
	}
	for (size_t slice = 0; slice < 7; slice++) {
		int status;

		assert_int_equal(
		    waitpid(children[slice], &status, 0), children[slice]);
		assert_int_equal(WEXITSTATUS(status),
		    slice == 1 ? VERDICT_DAMAGED : VERDICT_INTACT);
	}
	flip("copy/large", 5, 8, true);
	(void)close(manifest_fd);
}

static void
what_makes_no_sense_is_an_error(void **state)
{
	static const struct verify_range behind = {0, 7}, turned = {3, 2};
	int manifest_fd = capture_as("copy", SLICE_BYTES);
	struct verify_options options = verify_of("copy", manifest_fd);
	struct verify_range all = {0, 6};
	struct error err = {0};
	struct stat st;

	(void)state;
	memset(&told, 0, sizeof(told));
	assert_int_equal(verify_slices(&options, &behind, 1, &err), -1);
	assert_int_equal(err.code, ERROR_USAGE);
	assert_int_equal(verify_slices(&options, &turned, 1, &err), -1);
	assert_int_equal(err.code, ERROR_USAGE);
	/* Nothing asked for is nothing known, not success. */
	assert_int_equal(verify_slices(&options, &all, 0, &err), -1);
	assert_int_equal(err.code, ERROR_USAGE);
	options.locator = "nowhere";
	assert_int_equal(verify_slices(&options, &all, 1, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	options.locator = "copy";
	assert_int_equal(told.slice_count, 0);
	told.refuse = true;
	assert_int_equal(verify_slices(&options, &all, 1, &err), -1);
	assert_int_equal(err.code, ERROR_CANCELLED);
	/* Every truncation of the manifest. */
	assert_int_equal(fstat(manifest_fd, &st), 0);
	for (off_t size = st.st_size - 1; size >= 0; size -= 7) {
		memset(&told, 0, sizeof(told));
		assert_int_equal(ftruncate(manifest_fd, size), 0);
		assert_int_equal(verify_slices(&options, &all, 1, &err), -1);
		assert_int_equal(told.slice_count, 0);
	}
	(void)close(manifest_fd);
}

/* Whatever byte of a manifest changes, nothing unread is called intact. */
static void
altered_manifests_call_no_damage_intact(void **state)
{
	struct capture_options how = capture_of("copy/a");
	struct verify_range first = {0, 0};
	struct verify_options options;
	struct capture_result result;
	int manifest_fd;
	struct stat st;

	(void)state;
	how.is_file = true;
	manifest_fd = capture(&how, &result);
	options = verify_of("copy/a", manifest_fd);
	options.is_file = true;
	options.stream.direct = false;
	options.stream.in_flight = 1;
	options.in_pairs = false;
	flip("copy/a", 50, 1, true);
	assert_int_equal(fstat(manifest_fd, &st), 0);
	for (off_t at = 0; at < st.st_size; at++) {
		uint8_t byte, other;

		memset(&told, 0, sizeof(told));
		assert_int_equal(pread(manifest_fd, &byte, 1, at), 1);
		other = byte ^ (uint8_t)(1u << at % 8);
		assert_int_equal(pwrite(manifest_fd, &other, 1, at), 1);
		if (verify_slices(&options, &first, 1, NULL) == 0)
			for (size_t i = 0; i < told.slice_count; i++)
				assert_int_not_equal(
				    told.slices[i].verdict, VERDICT_INTACT);
		assert_int_equal(pwrite(manifest_fd, &byte, 1, at), 1);
	}
	flip("copy/a", 50, 1, true);
	(void)close(manifest_fd);
}

static void
link_copy(const char *name)
{
	char line[2 * PATH_MAX];

	(void)snprintf(
	    line, sizeof(line), "cd '%s' && cp -al copy %s", ground, name);
	assert_int_equal(system(line), 0);
}

/* Thirty generations of the same file cost one reading a pass. */
static void
shared_files_are_read_once(void **state)
{
	const uint64_t all = 1100 + LARGE_BYTES;
	int first = capture_as("copy", SLICE_BYTES), readings_fd = temporary();
	struct readings *readings = open_readings(readings_fd);
	struct verify_options options = verify_of("copy", first);
	struct readings_identity identity;
	struct reading reading;
	struct stat st;

	(void)state;
	link_copy("second");
	options.readings = readings;
	options.not_before = 0;
	assert_int_equal(verify(&options), VERDICT_INTACT);
	assert_int_equal(bytes_read(), all);
	options.locator = "second";
	assert_int_equal(verify(&options), VERDICT_INTACT);
	assert_int_equal(bytes_read(), 0);
	/* A third name changes the change time, not the file. */
	link_copy("third");
	options.locator = "third";
	assert_int_equal(verify(&options), VERDICT_INTACT);
	assert_int_equal(bytes_read(), 0);
	/* It is as old as its oldest reading. */
	st = stat_of("copy/z");
	examine_identity_of(&st, &identity);
	identity.end = 1000;
	assert_true(readings_find(readings, &identity, &reading));
	assert_true(told.slices[6].read_at == reading.read_at);
	reading.read_at = 12345;
	readings_put(readings, &identity, &reading);
	assert_int_equal(verify(&options), VERDICT_INTACT);
	assert_true(told.slices[6].read_at == 12345);
	options.not_before = 12346;
	assert_int_equal(verify(&options), VERDICT_INTACT);
	assert_int_equal(bytes_read(), 1000);
	/* One that no manifest confirmed does not count. */
	reading.read_at = told.slices[6].read_at;
	reading.state = READING_ONCE;
	readings_put(readings, &identity, &reading);
	assert_int_equal(verify(&options), VERDICT_INTACT);
	assert_int_equal(bytes_read(), 1000);
	/* Nor does one from the future. */
	reading.read_at = INT64_C(1) << 60;
	reading.state = READING_AGREED;
	readings_put(readings, &identity, &reading);
	assert_int_equal(verify(&options), VERDICT_INTACT);
	assert_int_equal(bytes_read(), 1000);
	options.not_before = INT64_MAX;
	assert_int_equal(verify(&options), VERDICT_INTACT);
	assert_int_equal(bytes_read(), all);
	readings_free(readings);
	(void)close(readings_fd);
	(void)close(first);
}

/* Continues with the three generations of the test above. */
static void
shared_damage_is_told_of_each(void **state)
{
	static const char *const copies[] = {"copy", "second", "third"};
	int first = capture_as("copy", SLICE_BYTES), readings_fd = temporary();
	struct verify_options options = verify_of("copy", first);

	(void)state;
	options.readings = open_readings(readings_fd);
	options.not_before = 0;
	flip("copy/z", 999, 1, true);
	flip("copy/large", SLICE_BYTES + 1, 1, true);
	for (size_t i = 0; i < 3; i++) {
		options.locator = copies[i];
		assert_int_equal(verify(&options), VERDICT_DAMAGED);
		assert_int_equal(told.finding_count, 2);
		assert_true(was_told(FINDING_BIT_ROT, "z"));
		assert_true(was_told(FINDING_BIT_ROT, "large"));
		assert_int_equal(told.slices[2].verdict, VERDICT_DAMAGED);
		assert_int_equal(told.slices[6].verdict, VERDICT_DAMAGED);
		if (i > 0)
			assert_int_equal(bytes_read(), 2 * SLICE_BYTES);
	}
	/* Repaired in place, nobody takes the old word for it. */
	flip("copy/z", 999, 1, true);
	flip("copy/large", SLICE_BYTES + 1, 1, true);
	assert_int_equal(verify(&options), VERDICT_INTACT);
	readings_free(options.readings);
	(void)close(readings_fd);
	(void)close(first);
}

/* With another slice size, a reading of a file's end is not the whole file. */
static void
readings_of_parts_stand_for_nothing_else(void **state)
{
	static const struct verify_range last = {5, 5};
	int parts = capture_as("copy", SLICE_BYTES), readings_fd = temporary();
	int whole = capture_as("copy", 16 * SLICE_BYTES);
	struct readings *readings = open_readings(readings_fd);
	struct verify_options options = verify_of("copy", parts);
	struct error err = {0};

	(void)state;
	options.readings = readings;
	options.not_before = 0;
	flip("copy/large", 5, 1, true);
	memset(&told, 0, sizeof(told));
	assert_int_equal(verify_slices(&options, &last, 1, &err), 0);
	assert_int_equal(told.slices[0].verdict, VERDICT_INTACT);
	options.manifest_fd = whole;
	assert_int_equal(verify(&options), VERDICT_DAMAGED);
	assert_told(FINDING_BIT_ROT, "large");
	flip("copy/large", 5, 1, true);
	readings_free(readings);
	(void)close(readings_fd);
	(void)close(parts);
	(void)close(whole);
}

/* What changed in a living copy is no damage; where all did, none is intact. */
static void
a_living_copy_is_never_intact_unread(void **state)
{
	int manifest_fd = capture_as("copy", 16 * SLICE_BYTES);
	struct verify_options options = verify_of("copy", manifest_fd);

	(void)state;
	options.is_living = true;
	flip("copy/large", 5, 1, false);
	assert_int_equal(verify(&options), VERDICT_INTACT);
	assert_told(FINDING_CHANGED_SINCE_CAPTURE, "large");
	assert_int_equal(told.slices[0].bytes, 1100 + LARGE_BYTES);
	flip("copy/a", 5, 1, false);
	flip("copy/z", 5, 1, false);
	assert_int_equal(verify(&options), VERDICT_UNDETERMINED);
	assert_int_equal(told.finding_count, 3);
	(void)unlinkat(ground_fd, "copy/a", 0);
	(void)unlinkat(ground_fd, "copy/large", 0);
	(void)unlinkat(ground_fd, "copy/z", 0);
	assert_int_equal(verify(&options), VERDICT_UNDETERMINED);
	assert_int_equal(told.finding_count, 3);
	(void)close(manifest_fd);
}

/* What `more` hands out, and what it returns behind the last. */
struct handing {
	const struct verify_range *next;
	size_t count;
	int end;
	size_t told[4]; /* slices that were told when it was asked */
	size_t asked;
};

static int
hand_out(void *context, const struct verify_range **ret_ranges,
    size_t *ret_count, struct error *err)
{
	struct handing *handing = context;

	assert_true(handing->asked < 4);
	handing->told[handing->asked++] = told.slice_count;
	if (handing->count == 0)
		return handing->end < 0
			   ? error_set(err, ERROR_PROTOCOL, "nobody answers")
			   : 0;
	*ret_ranges = handing->next++;
	*ret_count = 1;
	handing->count--;
	return 1;
}

/* Whoever is asked for more was told of all before. */
static void
further_slices_are_read_as_they_come(void **state)
{
	static const struct verify_range rest[] = {{4, 6}, {1, 1}, {9, 9}};
	static const size_t due[] = {2, 5, 6};
	const struct verify_range first = {2, 3};
	int manifest_fd = capture_as("copy", SLICE_BYTES);
	struct verify_options options = verify_of("copy", manifest_fd);
	struct handing handing = {.next = rest, .count = 2};
	struct error err = {0};

	(void)state;
	options.more = hand_out;
	options.more_context = &handing;
	memset(&told, 0, sizeof(told));
	assert_int_equal(verify_slices(&options, &first, 1, &err), 0);
	assert_int_equal(handing.asked, 3);
	assert_memory_equal(handing.told, due, sizeof(due));
	for (size_t i = 0; i < told.slice_count; i++)
		assert_int_equal(told.slices[i].verdict, VERDICT_INTACT);
	/* One that there is not, and nobody who answers. */
	handing = (struct handing){.next = rest, .count = 3};
	assert_int_equal(verify_slices(&options, &first, 1, &err), -1);
	assert_int_equal(err.code, ERROR_USAGE);
	handing = (struct handing){.next = rest, .count = 1, .end = -1};
	assert_int_equal(verify_slices(&options, &first, 1, &err), -1);
	assert_int_equal(err.code, ERROR_PROTOCOL);
	(void)close(manifest_fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(slices_verify_alone_in_any_order),
	    cmocka_unit_test(slices_verify_in_several_processes),
	    cmocka_unit_test(further_slices_are_read_as_they_come),
	    cmocka_unit_test(what_makes_no_sense_is_an_error),
	    cmocka_unit_test(altered_manifests_call_no_damage_intact),
	    cmocka_unit_test(shared_files_are_read_once),
	    cmocka_unit_test(shared_damage_is_told_of_each),
	    cmocka_unit_test(readings_of_parts_stand_for_nothing_else),
	    cmocka_unit_test(a_living_copy_is_never_intact_unread),
	};

	int failed = cmocka_run_group_tests_name(
	    "seen first", tests, set_up, ground_tear_down);

	has_no_devices = true;
	return failed + cmocka_run_group_tests_name(
			    "opened first", tests, set_up, ground_tear_down);
}
