/*
 * A closed copy of which something could not be read is captured again: that
 * is filled in, and nothing else of the last manifest changes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/examine/examining.h"

#define NOBODY 65534
#define LARGE_BYTES (3 * SLICE_BYTES + 100)

static int first_fd = -1;

/* What the copy is, and its manifest, in which `a` and `shut` are unread. */
static void
make_copy(void)
{
	struct capture_options options = capture_of("copy");
	struct capture_result result;

	put_folder("copy");
	put_file("copy/a", 100, 1);
	put_file("copy/b", 200, 2);
	put_folder("copy/d");
	put_file("copy/d/c", 300, 3);
	put_file("copy/large", LARGE_BYTES, 4);
	assert_int_equal(symlinkat("b", ground_fd, "copy/link"), 0);
	put_folder("copy/shut");
	put_file("copy/shut/e", 400, 5);
	put_file("copy/z", 500, 6);
	assert_int_equal(fchmodat(ground_fd, "copy/a", 0600, 0), 0);
	assert_int_equal(fchmodat(ground_fd, "copy/shut", 0700, 0), 0);
	assert_int_equal(fchmodat(ground_fd, ".", 0777, 0), 0);
	assert_int_equal(seteuid(NOBODY), 0);
	first_fd = capture(&options, &result);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(result.problems, 2);
}

static int
set_up(void **state)
{
	if (ground_set_up(state) != 0)
		return -1;
	if (geteuid() == 0)
		make_copy();
	return 0;
}

static int
tear_down(void **state)
{
	char line[PATH_MAX + 32];

	(void)close(first_fd);
	first_fd = -1;
	(void)snprintf(line, sizeof(line), "rm -rf '%s'/*", ground);
	return system(line) == 0 ? ground_tear_down(state) : -1;
}

static int
capture_again(struct capture_result *ret_result)
{
	struct capture_options options = capture_of("copy");

	options.previous_fd = first_fd;
	options.is_closed = true;
	/* The policy may have changed: the slices are the last ones'. */
	options.header.slice_bytes = 2 * SLICE_BYTES;
	return capture(&options, ret_result);
}

static void
expect_kept(int fd, const char *path)
{
	struct manifest_entry was, is;

	assert_true(find_entry(first_fd, path, &was));
	assert_true(find_entry(fd, path, &is));
	assert_true(is.type == was.type && is.mode == was.mode);
	assert_true(is.has_digest == was.has_digest);
	assert_true(is.size == was.size);
	assert_true(is.time_seconds == was.time_seconds);
	assert_true(is.time_nanoseconds == was.time_nanoseconds);
	assert_memory_equal(is.digest, was.digest, sizeof(is.digest));
}

static void
what_was_unread_is_filled_in(void **state)
{
	struct capture_result result;
	struct verify_options check;
	struct manifest_entry entry;
	int second;

	(void)state;
	if (geteuid() != 0)
		skip();
	second = capture_again(&result);
	assert_int_equal(told.finding_count, 0);
	assert_int_equal(result.problems, 0);
	assert_int_equal(result.manifest.totals.unread, 0);
	assert_int_equal(result.manifest.totals.files, 6);
	assert_true(result.manifest.totals.has_content);
	assert_true(find_entry(second, "a", &entry) && entry.has_digest);
	assert_true(find_entry(second, "shut/e", &entry) && entry.has_digest);
	expect_kept(second, "b");
	expect_kept(second, "large");
	check = verify_of("copy", second);
	assert_int_equal(verify(&check), VERDICT_INTACT);
	assert_int_equal(look(&check), VERDICT_INTACT);
	(void)close(second);
}

/* The same findings as a verification by the first manifest has. */
static void
what_changed_is_told_and_not_taken(void **state)
{
	static const char *const kept[] = {
	    "b", "d", "d/c", "large", "link", "z"};
	struct capture_result result;
	struct verify_options check;
	struct manifest_entry entry;
	int second;

	(void)state;
	if (geteuid() != 0)
		skip();
	put_file("copy/b", 150, 9);
	assert_int_equal(unlinkat(ground_fd, "copy/d/c", 0), 0);
	assert_int_equal(unlinkat(ground_fd, "copy/d", AT_REMOVEDIR), 0);
	put_file("copy/d", 5, 9);
	flip("copy/large", SLICE_BYTES + 7, 1, false);
	assert_int_equal(unlinkat(ground_fd, "copy/link", 0), 0);
	assert_int_equal(symlinkat("z", ground_fd, "copy/link"), 0);
	put_folder("copy/more");
	put_file("copy/more/f", 10, 9);
	flip("copy/z", 5, 1, true);
	second = capture_again(&result);
	assert_int_equal(told.finding_count, 8);
	assert_true(was_told(FINDING_TRUNCATED, "b"));
	assert_true(was_told(FINDING_TYPE_CHANGED, "d"));
	assert_true(was_told(FINDING_MISSING, "d/c"));
	assert_true(was_told(FINDING_OVERWRITTEN, "large"));
	assert_true(was_told(FINDING_OVERWRITTEN, "link"));
	assert_true(was_told(FINDING_EXTRA, "more"));
	assert_true(was_told(FINDING_EXTRA, "more/f"));
	assert_true(was_told(FINDING_BIT_ROT, "z"));
	assert_int_equal(result.problems, 0);
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		expect_kept(second, kept[i]);
	assert_false(find_entry(second, "more", &entry));
	assert_false(find_entry(second, "more/f", &entry));
	check = verify_of("copy", second);
	assert_int_equal(verify(&check), VERDICT_DAMAGED);
	assert_int_equal(told.finding_count, 6);
	/* Names do not say where a link leads. */
	assert_int_equal(look(&check), VERDICT_DAMAGED);
	assert_int_equal(told.finding_count, 5);
	(void)close(second);
}

/* Gone or cut, a large file keeps the slices by which it can be verified. */
static void
the_slices_of_what_is_gone_stand(void **state)
{
	struct capture_result result;
	struct verify_options check;
	int second;

	(void)state;
	if (geteuid() != 0)
		skip();
	for (int i = 0; i < 2; i++) {
		if (i == 0)
			put_file("copy/large", SLICE_BYTES + 1, 4);
		else
			(void)unlinkat(ground_fd, "copy/large", 0);
		second = capture_again(&result);
		assert_told(
		    i == 0 ? FINDING_TRUNCATED : FINDING_MISSING, "large");
		expect_kept(second, "large");
		assert_int_equal(
		    result.manifest.totals.slices, slices_of(first_fd));
		check = verify_of("copy", second);
		assert_int_equal(verify(&check), VERDICT_DAMAGED);
		put_file("copy/large", LARGE_BYTES, 4);
		assert_int_equal(verify(&check), VERDICT_INTACT);
		(void)close(second);
	}
}

/* What was readable and is not now has lost nothing, and gained no doubt. */
static void
what_cannot_be_read_now_stands(void **state)
{
	struct capture_result result;
	struct manifest_entry entry;
	int second;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(fchmodat(ground_fd, "copy/d", 0700, 0), 0);
	assert_int_equal(fchmodat(ground_fd, "copy/large", 0600, 0), 0);
	assert_int_equal(seteuid(NOBODY), 0);
	second = capture_again(&result);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(told.finding_count, 4);
	assert_true(was_told(FINDING_PERMISSION_DENIED, "a"));
	assert_true(was_told(FINDING_PERMISSION_DENIED, "d"));
	assert_true(was_told(FINDING_PERMISSION_DENIED, "large"));
	assert_true(was_told(FINDING_PERMISSION_DENIED, "shut"));
	/* As many as before. */
	assert_int_equal(result.problems, 2);
	assert_int_equal(result.manifest.totals.unread, 2);
	expect_kept(second, "d/c");
	expect_kept(second, "large");
	(void)close(second);
	/* Nobody ever read it, and it is gone: that is no end of the matter. */
	(void)unlinkat(ground_fd, "copy/a", 0);
	second = capture_again(&result);
	assert_told(FINDING_MISSING, "a");
	assert_int_equal(result.problems, 1);
	assert_true(find_entry(second, "a", &entry) && entry.unread != NULL);
	(void)close(second);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		what_was_unread_is_filled_in, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		what_changed_is_told_and_not_taken, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		the_slices_of_what_is_gone_stand, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		what_cannot_be_read_now_stands, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
