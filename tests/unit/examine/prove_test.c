/* Are the restored files what the manifest says? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/examine/prove.h"
#include "tests/unit/examine/examining.h"

/* A copy, its manifest, and what a restorer would have made of it. */
static int manifest_fd;

static int
set_up(void **state)
{
	struct capture_options options;
	struct capture_result result;

	if (ground_set_up_in_memory(state) != 0)
		return -1;
	put_folder("copy");
	put_folder("copy/d");
	put_file("copy/a", 100000, 1);
	put_file("copy/d/b", 3, 2);
	put_file("copy/d/c", 0, 3);
	if (symlinkat("d/b", ground_fd, "copy/l") != 0)
		return -1;
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

static struct prove_result
prove(uint64_t seed, uint32_t threshold)
{
	struct prove_options options = {
	    .files_fd = openat(ground_fd, "copy", O_RDONLY | O_DIRECTORY),
	    .manifest_fd = manifest_fd,
	    .spill_fd = temporary(),
	    .portion = {seed, threshold},
	    .events = &ground_events,
	};
	struct prove_result result;
	struct error err = {0};

	assert_true(options.files_fd >= 0);
	if (prove_run(&options, &result, &err) != 0)
		fail_msg("%s", err.text);
	(void)close(options.files_fd);
	(void)close(options.spill_fd);
	return result;
}

#define ASSERT_RESULT(...)                                           \
	do {                                                         \
		struct prove_result got = prove(1, PORTION_BUCKETS); \
		struct prove_result expected = {__VA_ARGS__};        \
		assert_memory_equal(&got, &expected, sizeof(got));   \
	} while (0)

static void
all_is_there(void **state)
{
	(void)state;
	ASSERT_RESULT(.files = 3, .bytes = 100003);
}

/* Any one byte, and its time does not matter. */
static void
a_byte_differs(void **state)
{
	(void)state;
	flip("copy/a", 99999, 1, true);
	ASSERT_RESULT(.files = 2, .bytes = 3, .differing = 1);
	flip("copy/a", 99999, 1, true);
	flip("copy/d/b", 0, 0x80, true);
	ASSERT_RESULT(.files = 2, .bytes = 100000, .differing = 1);
}

/* The bytes that there are agree, but there are more or fewer. */
static void
a_size_differs(void **state)
{
	(void)state;
	put_file("copy/a", 100001, 1);
	ASSERT_RESULT(.files = 2, .bytes = 3, .differing = 1);
	put_file("copy/a", 99999, 1);
	ASSERT_RESULT(.files = 2, .bytes = 3, .differing = 1);
	put_file("copy/d/c", 1, 3);
	ASSERT_RESULT(.files = 1, .bytes = 3, .differing = 2);
}

static void
something_is_missing(void **state)
{
	(void)state;
	assert_int_equal(unlinkat(ground_fd, "copy/d/b", 0), 0);
	ASSERT_RESULT(.files = 2, .bytes = 100000, .missing = 1);
	assert_int_equal(unlinkat(ground_fd, "copy/l", 0), 0);
	ASSERT_RESULT(.files = 2, .bytes = 100000, .missing = 1,
	    .missing_links = 1);
}

/* One for the other is both, and does not cancel out. */
static void
something_else_is_there(void **state)
{
	(void)state;
	put_file("copy/d/more", 3, 2);
	ASSERT_RESULT(.files = 3, .bytes = 100003, .extra = 1);
	assert_int_equal(unlinkat(ground_fd, "copy/d/b", 0), 0);
	ASSERT_RESULT(.files = 2, .bytes = 100000, .missing = 1, .extra = 1);
}

static void
a_link_leads_elsewhere(void **state)
{
	(void)state;
	assert_int_equal(unlinkat(ground_fd, "copy/l", 0), 0);
	assert_int_equal(symlinkat("d/c", ground_fd, "copy/l"), 0);
	ASSERT_RESULT(.files = 3, .bytes = 100003, .missing_links = 1);
}

/* A link in a file's place is not followed, be what it leads to the same. */
static void
a_link_is_no_file(void **state)
{
	(void)state;
	put_file("outside", 3, 2);
	assert_int_equal(unlinkat(ground_fd, "copy/d/b", 0), 0);
	assert_int_equal(symlinkat("../../outside", ground_fd, "copy/d/b"), 0);
	ASSERT_RESULT(.files = 2, .bytes = 100000, .missing = 1, .extra = 1);
	assert_int_equal(renameat(ground_fd, "copy/d", ground_fd, "d"), 0);
	assert_int_equal(symlinkat("../d", ground_fd, "copy/d"), 0);
	ASSERT_RESULT(.files = 1, .bytes = 100000, .missing = 2, .extra = 1);
}

/* Of a share only that is asked for; what is beyond it is extra. */
static void
a_share(void **state)
{
	struct prove_result none = prove(1, 0);
	struct prove_result bare;

	(void)state;
	assert_int_equal(none.files, 0);
	assert_int_equal(none.missing, 0);
	assert_int_equal(none.extra, 3);
	assert_int_equal(unlinkat(ground_fd, "copy/a", 0), 0);
	assert_int_equal(unlinkat(ground_fd, "copy/d/b", 0), 0);
	assert_int_equal(unlinkat(ground_fd, "copy/d/c", 0), 0);
	bare = prove(1, 0);
	assert_int_equal(bare.missing, 0);
	assert_int_equal(bare.extra, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(all_is_there),
	    TEST(a_byte_differs),
	    TEST(a_size_differs),
	    TEST(something_is_missing),
	    TEST(something_else_is_there),
	    TEST(a_link_leads_elsewhere),
	    TEST(a_link_is_no_file),
	    TEST(a_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
