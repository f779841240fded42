/* Which files of a copy a drill restores. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/examine/portion.h"
#include "lib/model/manifest_writer.h"

#define FILES 400

static int
on_progress(void *context, uint64_t bytes, uint64_t entries, struct error *err)
{
	(void)context;
	(void)bytes;
	(void)entries;
	(void)err;
	return 0;
}

static const struct examine_events events = {.progress = on_progress};

static uint64_t
size_of(unsigned i)
{
	return 1 + (uint64_t)i * 977 % 5000;
}

/* One folder, one link, and so many files of these sizes. */
static int
write_manifest(unsigned files)
{
	struct manifest_header header = {.system = "ehr",
	    .generation = "ehr@20261121T020000+0900",
	    .medium = "nas1",
	    .source = "ehr-nas",
	    .slice_bytes = 65536};
	struct manifest_entry folder = {
	    .path = "d", .path_length = 1, .type = MANIFEST_FOLDER};
	struct manifest_entry link = {.path = "z",
	    .path_length = 1,
	    .type = MANIFEST_LINK,
	    .link = "d",
	    .link_length = 1};
	struct manifest_summary summary;
	struct manifest_writer *writer;
	char name[] = "/tmp/hikae-portion-XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	assert_int_equal(unlink(name), 0);
	writer = manifest_writer_new(fd, &header, NULL);
	assert_non_null(writer);
	assert_int_equal(manifest_writer_add(writer, &folder, NULL), 0);
	for (unsigned i = 0; i < files; i++) {
		char path[16];
		struct manifest_entry entry = {.path = path,
		    .path_length =
			(size_t)snprintf(path, sizeof(path), "d/%05u", i),
		    .type = MANIFEST_FILE,
		    .has_size = true,
		    .has_digest = true,
		    .size = size_of(i)};

		assert_int_equal(manifest_writer_add(writer, &entry, NULL), 0);
	}
	assert_int_equal(manifest_writer_add(writer, &link, NULL), 0);
	assert_int_equal(manifest_writer_finish(writer, &summary, NULL), 0);
	manifest_writer_free(writer);
	return fd;
}

static struct portion_plan
plan_of(unsigned files, uint64_t seed, uint32_t ppm)
{
	struct portion_plan plan;
	int fd = write_manifest(files);

	assert_int_equal(portion_make(fd, seed, ppm, &events, &plan, NULL), 0);
	(void)close(fd);
	return plan;
}

/* SHA-256 of the number in eight bytes and the path; its first two bytes. */
static void
bucket_is_the_digest_of_number_and_path(void **state)
{
	static const struct {
		uint64_t seed;
		const char *path;
		uint32_t bucket;
	} table[] = {
	    {UINT64_C(42), "a", 40436},
	    {UINT64_C(42), "b/c", 12349},
	    {UINT64_C(1099511627776), "a", 36911},
	    {UINT64_C(7), "患者", 26226},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct portion portion = {table[i].seed, table[i].bucket};
		size_t length = strlen(table[i].path);

		assert_false(portion_has(&portion, table[i].path, length));
		portion.threshold++;
		assert_true(portion_has(&portion, table[i].path, length));
		portion.threshold = PORTION_BUCKETS;
		assert_true(portion_has(&portion, table[i].path, length));
	}
}

static void
all_is_all(void **state)
{
	struct portion_plan plan = plan_of(FILES, 3, PORTION_ALL_PPM);

	(void)state;
	assert_int_equal(plan.threshold, PORTION_BUCKETS);
	assert_int_equal(plan.files, FILES);
	assert_int_equal(plan.files_total, FILES);
	assert_int_equal(plan.bytes, plan.bytes_total);
	assert_int_equal(plan.entries, FILES + 2);
}

/* What was planned is what is chosen, and no smaller threshold would do. */
static void
a_share_is_reached_and_not_by_far(void **state)
{
	static const uint32_t shares[] = {1, 1000, 50000, 333333, 999999};

	(void)state;
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		struct portion_plan plan = plan_of(FILES, 11, shares[i]);
		struct portion portion = {11, plan.threshold};
		struct portion less = {11, plan.threshold - 1};
		uint64_t files = 0, bytes = 0, less_bytes = 0;

		for (unsigned k = 0; k < FILES; k++) {
			char path[16];
			size_t length =
			    (size_t)snprintf(path, sizeof(path), "d/%05u", k);
			bool is_in = portion_has(&portion, path, length);

			files += is_in;
			bytes += is_in ? size_of(k) : 0;
			less_bytes +=
			    portion_has(&less, path, length) ? size_of(k) : 0;
		}
		assert_int_equal(files, plan.files);
		assert_int_equal(bytes, plan.bytes);
		assert_true(plan.files > 0);
		assert_true(
		    bytes * PORTION_ALL_PPM >= plan.bytes_total * shares[i]);
		assert_true(less_bytes * PORTION_ALL_PPM <
			    plan.bytes_total * shares[i]);
		assert_int_equal(plan.entries, plan.files + 2);
	}
}

static void
another_drill_chooses_others(void **state)
{
	unsigned differing = 0;
	struct portion_plan one = plan_of(FILES, 1, 300000);
	struct portion_plan other = plan_of(FILES, 2, 300000);
	struct portion first = {1, one.threshold},
		       second = {2, other.threshold};

	(void)state;
	for (unsigned i = 0; i < FILES; i++) {
		char path[16];
		size_t length =
		    (size_t)snprintf(path, sizeof(path), "d/%05u", i);

		differing += portion_has(&first, path, length) !=
			     portion_has(&second, path, length);
	}
	assert_true(differing > FILES / 10);
}

/* Without a file there is nothing to choose, and that ends. */
static void
nothing_is_nothing(void **state)
{
	struct portion_plan plan = plan_of(0, 1, 50000);

	(void)state;
	assert_int_equal(plan.files, 0);
	assert_int_equal(plan.bytes, 0);
	assert_int_equal(plan.entries, 2);
}

static void
what_is_no_manifest_is_an_error(void **state)
{
	struct portion_plan plan;
	struct error err = {0};
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(
	    portion_make(fd, 1, PORTION_ALL_PPM, &events, &plan, &err), -1);
	assert_true(err.code != ERROR_NONE);
	(void)close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bucket_is_the_digest_of_number_and_path),
	    cmocka_unit_test(all_is_all),
	    cmocka_unit_test(a_share_is_reached_and_not_by_far),
	    cmocka_unit_test(another_drill_chooses_others),
	    cmocka_unit_test(nothing_is_nothing),
	    cmocka_unit_test(what_is_no_manifest_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
