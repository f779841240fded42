/*
 * Orders: none is empty or too large, together they are all, and none that
 * could have two slices has one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/worker/pace.h"

static void
orders_are_all_slices(void **state)
{
	(void)state;
	for (unsigned readers = 1; readers < 20; readers++)
		for (uint64_t slices = 1; slices < 3000; slices += 7) {
			unsigned last = PACE_SLICES_MAX;
			uint64_t left = slices;

			while (left > 0) {
				unsigned n = pace_slices(left, readers);

				assert_in_range(n, 1, PACE_SLICES_MAX);
				assert_true(n <= left && n <= last);
				assert_true(n > 1 || left <= readers);
				last = n;
				left -= n;
			}
		}
}

/* With as few slices as readers, each has one. */
static void
no_reader_goes_without(void **state)
{
	(void)state;
	for (unsigned readers = 1; readers < 20; readers++)
		for (uint64_t left = 1; left <= readers; left++)
			assert_int_equal(pace_slices(left, readers), 1);
}

static void
an_arm_does_not_go_to_and_fro(void **state)
{
	struct device device = {.reach = DEVICE_LOCAL_BLOCK};

	(void)state;
	assert_true(pace_in_pairs(&device));
	assert_true(pace_readers(&device, 0) > 1);
	device.rotational = true;
	assert_false(pace_in_pairs(&device));
	assert_int_equal(pace_readers(&device, 0), 1);
	assert_int_equal(pace_readers(&device, UINT64_MAX), 1);
}

/* Opening is a wait that others fill; of a large file it is nothing. */
static void
small_files_get_more_readers(void **state)
{
	struct device device = {.reach = DEVICE_LOCAL_BLOCK};
	unsigned most = pace_readers(&device, 0);

	(void)state;
	for (uint64_t bytes = 1; bytes < (uint64_t)1 << 40; bytes *= 2) {
		unsigned readers = pace_readers(&device, bytes);

		assert_in_range(readers, 1, most);
		most = readers;
	}
	device.reach = DEVICE_LOCAL_MEMORY;
	assert_int_equal(
	    pace_readers(&device, 0), pace_readers(&device, UINT64_MAX));
}

/* Past the page cache and in long reads, where there is a medium. */
static void
a_medium_is_asked_for_long_reads(void **state)
{
	struct device device = {.reach = DEVICE_LOCAL_BLOCK};
	struct stream_options medium, memory;

	(void)state;
	medium = pace_stream(&device);
	device.reach = DEVICE_LOCAL_MEMORY;
	memory = pace_stream(&device);
	assert_true(medium.direct);
	assert_false(memory.direct);
	assert_true(medium.block_bytes > memory.block_bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(orders_are_all_slices),
	    cmocka_unit_test(no_reader_goes_without),
	    cmocka_unit_test(an_arm_does_not_go_to_and_fro),
	    cmocka_unit_test(small_files_get_more_readers),
	    cmocka_unit_test(a_medium_is_asked_for_long_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
