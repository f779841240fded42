/* A look at all names: what is too much, and what could not be looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/examine/examining.h"

#define NOBODY 65534

static int
set_up(void **state)
{
	if (ground_set_up(state) != 0)
		return -1;
	put_folder("copy");
	put_folder("copy/d");
	put_folder("copy/d.d");
	put_file("copy/d/file", 10, 1);
	put_file("copy/d/other", 20, 2);
	put_file("copy/d.d/file", 10, 3);
	put_file("copy/z", 5, 4);
	return 0;
}

static int
capture_copy(void)
{
	struct capture_options options = capture_of("copy");
	struct capture_result result;

	return capture(&options, &result);
}

static void
extra_names_are_found(void **state)
{
	int manifest_fd = capture_copy();
	struct verify_options options = verify_of("copy", manifest_fd);

	(void)state;
	assert_int_equal(look(&options), VERDICT_INTACT);
	assert_int_equal(told.finding_count, 0);
	assert_int_equal(told.slices[0].entries, 6);
	assert_true(told.slices[0].bytes == 45);
	assert_int_equal(told.slices[0].bytes_read, 0);
	/* Before the first, between, in a new folder, behind the last. */
	put_file("copy/a", 7, 1);
	put_file("copy/d/g", 1, 1);
	put_folder("copy/new");
	put_file("copy/new/x", 1, 1);
	put_file("copy/zz", 1, 1);
	assert_int_equal(look(&options), VERDICT_INTACT);
	assert_int_equal(told.finding_count, 5);
	assert_true(was_told(FINDING_EXTRA, "a"));
	assert_int_equal(told.findings[0].actual_size, 7);
	assert_int_equal(told.findings[0].expected_size, 0);
	assert_true(was_told(FINDING_EXTRA, "d/g"));
	assert_true(was_told(FINDING_EXTRA, "new"));
	assert_true(was_told(FINDING_EXTRA, "new/x"));
	assert_true(was_told(FINDING_EXTRA, "zz"));
	(void)unlinkat(ground_fd, "copy/a", 0);
	(void)unlinkat(ground_fd, "copy/d/g", 0);
	(void)unlinkat(ground_fd, "copy/new/x", 0);
	(void)unlinkat(ground_fd, "copy/new", AT_REMOVEDIR);
	(void)unlinkat(ground_fd, "copy/zz", 0);
	(void)close(manifest_fd);
}

static void
missing_names_carry_no_foreign_sizes(void **state)
{
	int manifest_fd = capture_copy();
	struct verify_options options = verify_of("copy", manifest_fd);

	(void)state;
	(void)unlinkat(ground_fd, "copy/d/file", 0);
	assert_int_equal(look(&options), VERDICT_DAMAGED);
	assert_told(FINDING_MISSING, "d/file");
	assert_int_equal(told.findings[0].expected_size, 10);
	assert_int_equal(told.findings[0].actual_size, 0);
	put_file("copy/d/file", 10, 1);
	(void)close(manifest_fd);
}

/* A pattern that came later hides nothing that the manifest has. */
static void
ignored_names_count_where_the_manifest_has_them(void **state)
{
	static const char *const patterns[] = {"*.tmp", "d", "z"};
	int manifest_fd = capture_copy();
	struct verify_options options = verify_of("copy", manifest_fd);

	(void)state;
	options.ignore = (struct examine_ignore){patterns, 3};
	put_file("copy/x.tmp", 1, 1);
	put_folder("copy/y.tmp");
	put_file("copy/y.tmp/file", 1, 1);
	assert_int_equal(look(&options), VERDICT_INTACT);
	assert_int_equal(told.finding_count, 0);
	(void)unlinkat(ground_fd, "copy/z", 0);
	assert_int_equal(look(&options), VERDICT_DAMAGED);
	assert_told(FINDING_MISSING, "z");
	put_file("copy/z", 5, 4);
	(void)unlinkat(ground_fd, "copy/x.tmp", 0);
	(void)unlinkat(ground_fd, "copy/y.tmp/file", 0);
	(void)unlinkat(ground_fd, "copy/y.tmp", AT_REMOVEDIR);
	(void)close(manifest_fd);
}

/* A folder that cannot be listed has lost nothing as far as anybody knows. */
static void
closed_folders_are_undetermined(void **state)
{
	int manifest_fd = capture_copy();
	struct verify_options options = verify_of("copy", manifest_fd);

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(fchmodat(ground_fd, "copy/d", 0700, 0), 0);
	assert_int_equal(seteuid(NOBODY), 0);
	assert_int_equal(look(&options), VERDICT_UNDETERMINED);
	assert_told(FINDING_PERMISSION_DENIED, "d");
	assert_int_equal(told.findings[0].os_errno, EACCES);
	/* Read, the same files are undetermined too, and others are intact. */
	options.stream.direct = false;
	assert_int_equal(verify(&options), VERDICT_UNDETERMINED);
	assert_int_equal(told.finding_count, 2);
	assert_true(was_told(FINDING_PERMISSION_DENIED, "d/file"));
	assert_true(was_told(FINDING_PERMISSION_DENIED, "d/other"));
	assert_int_equal(seteuid(0), 0);
	/* What stands beside it is still looked at. */
	(void)unlinkat(ground_fd, "copy/d.d/file", 0);
	assert_int_equal(seteuid(NOBODY), 0);
	assert_int_equal(look(&options), VERDICT_DAMAGED);
	assert_int_equal(told.finding_count, 2);
	assert_true(was_told(FINDING_MISSING, "d.d/file"));
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(fchmodat(ground_fd, "copy/d", 0755, 0), 0);
	put_file("copy/d.d/file", 10, 3);
	(void)close(manifest_fd);
}

static void
a_living_copy_may_change(void **state)
{
	int manifest_fd = capture_copy();
	struct verify_options options = verify_of("copy", manifest_fd);

	(void)state;
	options.is_living = true;
	put_file("copy/a", 7, 1);
	put_file("copy/d/file", 11, 1);
	(void)unlinkat(ground_fd, "copy/z", 0);
	assert_int_equal(look(&options), VERDICT_INTACT);
	assert_int_equal(told.finding_count, 3);
	assert_true(was_told(FINDING_CHANGED_SINCE_CAPTURE, "a"));
	assert_true(was_told(FINDING_CHANGED_SINCE_CAPTURE, "d/file"));
	assert_true(was_told(FINDING_CHANGED_SINCE_CAPTURE, "z"));
	(void)unlinkat(ground_fd, "copy/a", 0);
	put_file("copy/d/file", 10, 1);
	put_file("copy/z", 5, 4);
	(void)close(manifest_fd);
}

/* Zero things compared is a failure to compare (law 1). */
static void
nothing_compared_is_not_intact(void **state)
{
	struct capture_options options = capture_of("none");
	struct verify_options check;
	struct capture_result result;
	int manifest_fd;

	(void)state;
	put_folder("none");
	manifest_fd = capture(&options, &result);
	assert_int_equal(result.manifest.totals.slices, 0);
	check = verify_of("none", manifest_fd);
	assert_int_equal(look(&check), VERDICT_UNDETERMINED);
	put_file("none/x", 1, 1);
	assert_int_equal(look(&check), VERDICT_UNDETERMINED);
	assert_told(FINDING_EXTRA, "x");
	check.is_file = true;
	check.locator = "copy/z";
	assert_int_equal(look(&check), VERDICT_UNDETERMINED);
	(void)close(manifest_fd);
}

static void
a_copy_that_is_one_file_has_one_name(void **state)
{
	struct capture_options options = capture_of("copy/d/file");
	struct verify_options check;
	struct capture_result result;

	(void)state;
	options.is_file = true;
	check = verify_of("copy/d/file", capture(&options, &result));
	check.is_file = true;
	assert_int_equal(look(&check), VERDICT_INTACT);
	assert_int_equal(told.slices[0].entries, 1);
	put_file("copy/d/file", 9, 1);
	assert_int_equal(look(&check), VERDICT_DAMAGED);
	assert_told(FINDING_TRUNCATED, "file");
	put_file("copy/d/file", 12, 1);
	assert_int_equal(look(&check), VERDICT_DAMAGED);
	assert_told(FINDING_GROWN, "file");
	assert_int_equal(told.findings[0].actual_size, 12);
	(void)unlinkat(ground_fd, "copy/d/file", 0);
	assert_int_equal(look(&check), VERDICT_DAMAGED);
	assert_told(FINDING_MISSING, "file");
	put_folder("copy/d/file");
	assert_int_equal(look(&check), VERDICT_DAMAGED);
	assert_told(FINDING_TYPE_CHANGED, "file");
	(void)unlinkat(ground_fd, "copy/d/file", AT_REMOVEDIR);
	put_file("copy/d/file", 10, 1);
	(void)close(check.manifest_fd);
}

static void
refused_events_end_the_look(void **state)
{
	int manifest_fd = capture_copy();
	struct verify_options options = verify_of("copy", manifest_fd);
	struct error err = {0};

	(void)state;
	memset(&told, 0, sizeof(told));
	told.refuse = true;
	assert_int_equal(verify_names(&options, &err), -1);
	assert_int_equal(err.code, ERROR_CANCELLED);
	options.locator = "nowhere";
	told.refuse = false;
	assert_int_equal(verify_names(&options, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	(void)close(manifest_fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(extra_names_are_found),
	    cmocka_unit_test(missing_names_carry_no_foreign_sizes),
	    cmocka_unit_test(ignored_names_count_where_the_manifest_has_them),
	    cmocka_unit_test(closed_folders_are_undetermined),
	    cmocka_unit_test(a_living_copy_may_change),
	    cmocka_unit_test(nothing_compared_is_not_intact),
	    cmocka_unit_test(a_copy_that_is_one_file_has_one_name),
	    cmocka_unit_test(refused_events_end_the_look),
	};

	return cmocka_run_group_tests(tests, set_up, ground_tear_down);
}
