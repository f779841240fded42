/*
 * Whatever is done to a copy is found: every flipped byte, every truncation,
 * every removal, every replacement by something of another kind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/examine/examining.h"

#define LARGE_BYTES (2 * SLICE_BYTES + 1000)

static const struct {
	const char *path;
	size_t size;
} files[] = {
    {"copy/d/empty", 0},
    {"copy/d/one", 1},
    {"copy/d/small", 300},
    {"copy/exact", SLICE_BYTES},
    {"copy/large", LARGE_BYTES},
};
#define FILES (sizeof(files) / sizeof(files[0]))

static int manifest_fd = -1;

static const char *
in_copy(size_t file)
{
	return files[file].path + strlen("copy/");
}

static int
set_up(void **state)
{
	struct capture_options options;
	struct capture_result result;

	if (ground_set_up(state) != 0)
		return -1;
	put_folder("copy");
	put_folder("copy/d");
	for (size_t i = 0; i < FILES; i++)
		put_file(files[i].path, files[i].size, (unsigned)i);
	assert_int_equal(symlinkat("small", ground_fd, "copy/d/link"), 0);
	options = capture_of("copy");
	options.stream.direct = false;
	manifest_fd = capture(&options, &result);
	assert_int_equal(told.finding_count, 0);
	assert_int_equal(result.problems, 0);
	return 0;
}

static int
tear_down(void **state)
{
	(void)close(manifest_fd);
	return ground_tear_down(state);
}

/* Cheap enough to be called thousands of times. */
static struct verify_options
options_of_copy(void)
{
	struct verify_options options = verify_of("copy", manifest_fd);

	options.stream.direct = false;
	options.stream.block_bytes = 16 * KIB;
	options.stream.in_flight = 1;
	return options;
}

static void
expect_intact(void)
{
	struct verify_options options = options_of_copy();

	assert_int_equal(verify(&options), VERDICT_INTACT);
	assert_int_equal(told.finding_count, 0);
	assert_int_equal(look(&options), VERDICT_INTACT);
	assert_int_equal(told.finding_count, 0);
}

static void
expect_damage(enum finding code, const char *path)
{
	struct verify_options options = options_of_copy();

	assert_int_equal(verify(&options), VERDICT_DAMAGED);
	assert_told(code, path);
}

static void
flip_is_found(size_t file, uint64_t offset)
{
	const uint8_t bits = (uint8_t)(1u << offset % 8);
	struct stat before = stat_of(files[file].path);

	flip(files[file].path, offset, bits, true);
	expect_damage(FINDING_BIT_ROT, in_copy(file));
	assert_true(told.findings[0].slice < told.slice_count);
	for (size_t i = 0; i < told.slice_count; i++)
		assert_int_equal(told.slices[i].verdict,
		    i == told.findings[0].slice ? VERDICT_DAMAGED
						: VERDICT_INTACT);
	flip(files[file].path, offset, bits, true);
	if (offset % 16 != 0)
		return;
	flip(files[file].path, offset, bits, false);
	expect_damage(FINDING_OVERWRITTEN, in_copy(file));
	flip(files[file].path, offset, bits, false);
	set_time(files[file].path, &before.st_mtim);
}

static void
every_flipped_byte_is_found(void **state)
{
	(void)state;
	expect_intact();
	for (uint64_t at = 0; at < files[1].size; at++)
		flip_is_found(1, at);
	for (uint64_t at = 0; at < files[2].size; at++)
		flip_is_found(2, at);
	for (uint64_t at = 0; at < files[3].size; at += 4099)
		flip_is_found(3, at);
	flip_is_found(3, SLICE_BYTES - 1);
	for (uint64_t at = 0; at < LARGE_BYTES; at += 7001)
		flip_is_found(4, at);
	expect_intact();
}

/* Damage in a large file belongs to one slice of it alone. */
static void
flips_at_boundaries_stay_in_their_slice(void **state)
{
	static const uint64_t places[] = {0, 1, SLICE_BYTES - 1, SLICE_BYTES,
	    SLICE_BYTES + 63, 2 * SLICE_BYTES - 1, 2 * SLICE_BYTES,
	    LARGE_BYTES - 1};
	uint64_t first = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		flip_is_found(4, places[i]);
		if (i == 0)
			first = told.findings[0].slice;
		assert_int_equal(
		    told.findings[0].slice - first, places[i] / SLICE_BYTES);
	}
	expect_intact();
}

static void
every_truncation_is_found(void **state)
{
	(void)state;
	for (size_t file = 1; file < FILES; file++) {
		struct stat before = stat_of(files[file].path);
		size_t step = files[file].size / 60 + 1;

		for (size_t size = 0; size < files[file].size; size += step) {
			struct verify_options options = options_of_copy();
			int fd = openat(
			    ground_fd, files[file].path, O_WRONLY | O_CLOEXEC);

			assert_int_equal(ftruncate(fd, (off_t)size), 0);
			(void)close(fd);
			set_time(files[file].path, &before.st_mtim);
			assert_int_equal(verify(&options), VERDICT_DAMAGED);
			/* Of a large file, each slice tells. */
			assert_int_equal(told.finding_count, file == 4 ? 3 : 1);
			assert_true(was_told(FINDING_TRUNCATED, in_copy(file)));
			assert_int_equal(told.findings[0].actual_size, size);
			assert_int_equal(look(&options), VERDICT_DAMAGED);
			assert_told(FINDING_TRUNCATED, in_copy(file));
			assert_int_equal(told.findings[0].actual_size, size);
			put_file(
			    files[file].path, files[file].size, (unsigned)file);
			set_time(files[file].path, &before.st_mtim);
		}
	}
	expect_intact();
}

static void
growth_is_found(void **state)
{
	(void)state;
	for (size_t file = 0; file < FILES; file++) {
		struct verify_options options = options_of_copy();
		struct stat before = stat_of(files[file].path);
		int fd = openat(ground_fd, files[file].path,
		    O_WRONLY | O_APPEND | O_CLOEXEC);

		assert_int_equal(write(fd, "x", 1), 1);
		set_time(files[file].path, &before.st_mtim);
		assert_int_equal(verify(&options), VERDICT_DAMAGED);
		assert_true(was_told(FINDING_GROWN, in_copy(file)));
		assert_int_equal(look(&options), VERDICT_DAMAGED);
		assert_told(FINDING_GROWN, in_copy(file));
		assert_int_equal(ftruncate(fd, before.st_size), 0);
		(void)close(fd);
		set_time(files[file].path, &before.st_mtim);
	}
	expect_intact();
}

/* What may stand in the place of a file. */
static void
put_nothing(const char *path)
{
	(void)path;
}

static void
put_link(const char *path)
{
	assert_int_equal(symlinkat("aside", ground_fd, path), 0);
}

static void
put_fifo(const char *path)
{
	assert_int_equal(mkfifoat(ground_fd, path, 0644), 0);
}

static void
put_socket(const char *path)
{
	assert_int_equal(mknodat(ground_fd, path, S_IFSOCK | 0644, 0), 0);
}

static const struct {
	void (*put)(const char *path);
	int remove_flags;
	enum finding code;
} replacements[] = {
    {put_nothing, -1, FINDING_MISSING},
    {put_link, 0, FINDING_TYPE_CHANGED},
    {put_folder, AT_REMOVEDIR, FINDING_TYPE_CHANGED},
    {put_fifo, 0, FINDING_TYPE_CHANGED},
    {put_socket, 0, FINDING_TYPE_CHANGED},
};

static void
replaced_is_found(const char *path, size_t kind, size_t count)
{
	struct verify_options options = options_of_copy();
	const char *name = path + strlen("copy/");

	/* The bytes are still there, beside the copy. */
	assert_int_equal(renameat(ground_fd, path, ground_fd, "aside"), 0);
	replacements[kind].put(path);
	assert_int_equal(verify(&options), VERDICT_DAMAGED);
	assert_int_equal(told.finding_count, count);
	assert_true(was_told(replacements[kind].code, name));
	assert_int_equal(look(&options), VERDICT_DAMAGED);
	assert_told(replacements[kind].code, name);
	if (replacements[kind].remove_flags >= 0)
		assert_int_equal(
		    unlinkat(ground_fd, path, replacements[kind].remove_flags),
		    0);
	assert_int_equal(renameat(ground_fd, "aside", ground_fd, path), 0);
}

static void
every_removal_and_replacement_is_found(void **state)
{
	const size_t kinds = sizeof(replacements) / sizeof(replacements[0]);

	(void)state;
	for (size_t file = 0; file < FILES; file++)
		for (size_t kind = 0; kind < kinds; kind++)
			replaced_is_found(
			    files[file].path, kind, file == 4 ? 3 : 1);
	replaced_is_found("copy/d/link", 0, 1);
	replaced_is_found("copy/d/link", 2, 1);
	replaced_is_found("copy/d/link", 3, 1);
	expect_intact();
}

static void
another_target_is_found(void **state)
{
	(void)state;
	assert_int_equal(unlinkat(ground_fd, "copy/d/link", 0), 0);
	assert_int_equal(symlinkat("smal", ground_fd, "copy/d/link"), 0);
	expect_damage(FINDING_OVERWRITTEN, "d/link");
	assert_int_equal(unlinkat(ground_fd, "copy/d/link", 0), 0);
	assert_int_equal(symlinkat("small", ground_fd, "copy/d/link"), 0);
	expect_intact();
}

/* A folder that went, or became a link to what it was, takes all with it. */
static void
a_folder_takes_its_files_with_it(void **state)
{
	struct verify_options options = options_of_copy();

	(void)state;
	assert_int_equal(
	    renameat(ground_fd, "copy/d", ground_fd, "elsewhere"), 0);
	assert_int_equal(verify(&options), VERDICT_DAMAGED);
	assert_int_equal(told.finding_count, 5);
	assert_true(was_told(FINDING_MISSING, "d"));
	assert_true(was_told(FINDING_MISSING, "d/small"));
	assert_int_equal(symlinkat("../elsewhere", ground_fd, "copy/d"), 0);
	assert_int_equal(verify(&options), VERDICT_DAMAGED);
	assert_int_equal(told.finding_count, 5);
	assert_true(was_told(FINDING_TYPE_CHANGED, "d"));
	assert_true(was_told(FINDING_TYPE_CHANGED, "d/small"));
	assert_int_equal(unlinkat(ground_fd, "copy/d", 0), 0);
	assert_int_equal(
	    renameat(ground_fd, "elsewhere", ground_fd, "copy/d"), 0);
	expect_intact();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_flipped_byte_is_found),
	    cmocka_unit_test(flips_at_boundaries_stay_in_their_slice),
	    cmocka_unit_test(every_truncation_is_found),
	    cmocka_unit_test(growth_is_found),
	    cmocka_unit_test(every_removal_and_replacement_is_found),
	    cmocka_unit_test(another_target_is_found),
	    cmocka_unit_test(a_folder_takes_its_files_with_it),
	};

	int failed =
	    cmocka_run_group_tests_name("seen first", tests, set_up, tear_down);

	has_no_devices = true;
	return failed + cmocka_run_group_tests_name(
			    "opened first", tests, set_up, tear_down);
}
