/* A new backup, the old one, or nobody can tell: by bytes and oldest file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/model/reuse.h"

#define TEST(name) cmocka_unit_test(name)

static enum reuse_answer
judge(uint64_t old_bytes, uint64_t now_bytes, uint64_t same_bytes)
{
	struct reuse_evidence evidence = {.old_bytes = old_bytes,
	    .now_bytes = now_bytes,
	    .same_bytes = same_bytes,
	    .is_later = true};

	return reuse_judge(&evidence);
}

static void
what_is_there_still_is_the_old_backup(void **state)
{
	(void)state;
	/* Touched or copied over itself; added to, much or little. */
	assert_int_equal(judge(1000, 1000, 1000), REUSE_KEPT);
	assert_int_equal(judge(1000, 1001, 1000), REUSE_KEPT);
	assert_int_equal(judge(1000, 50000, 1000), REUSE_KEPT);
	/* One file of several was changed. */
	assert_int_equal(judge(1000, 1000, 500), REUSE_KEPT);
	assert_int_equal(judge(999, 999, 500), REUSE_KEPT);
}

static void
half_deleted_is_the_old_backup(void **state)
{
	(void)state;
	assert_int_equal(judge(1000, 400, 400), REUSE_KEPT);
	assert_int_equal(judge(1000, 2, 1), REUSE_KEPT);
	/* Emptied. */
	assert_int_equal(judge(1000, 0, 0), REUSE_KEPT);
}

static void
hardly_anything_left_is_a_new_one(void **state)
{
	(void)state;
	assert_int_equal(judge(1000, 1000, 0), REUSE_REPLACED);
	assert_int_equal(judge(1000, 1000, 100), REUSE_REPLACED);
	assert_int_equal(judge(1000, 30, 0), REUSE_REPLACED);
	assert_int_equal(judge(30, 1000, 3), REUSE_REPLACED);
}

static void
between_nobody_can_tell(void **state)
{
	(void)state;
	assert_int_equal(judge(1000, 1000, 101), REUSE_UNCLEAR);
	assert_int_equal(judge(1000, 1000, 499), REUSE_UNCLEAR);
	assert_int_equal(judge(999, 999, 499), REUSE_UNCLEAR);
	/* Little of the old, but a good part of what is there now. */
	assert_int_equal(judge(1000, 100, 40), REUSE_UNCLEAR);
	assert_int_equal(judge(100, 1000, 40), REUSE_UNCLEAR);
}

static void
a_new_one_has_no_older_file(void **state)
{
	struct reuse_evidence evidence = {
	    .old_bytes = 1000, .now_bytes = 1000, .is_later = false};

	(void)state;
	assert_int_equal(reuse_judge(&evidence), REUSE_UNCLEAR);
	evidence.is_later = true;
	assert_int_equal(reuse_judge(&evidence), REUSE_REPLACED);
}

static void
what_was_not_read_proves_nothing(void **state)
{
	struct reuse_evidence evidence = {.old_bytes = 1000,
	    .now_bytes = 1000,
	    .is_later = true,
	    .is_partial = true};

	(void)state;
	assert_int_equal(reuse_judge(&evidence), REUSE_UNCLEAR);
	/* But what was found is there. */
	evidence.same_bytes = 600;
	assert_int_equal(reuse_judge(&evidence), REUSE_KEPT);
}

static void
any_numbers_are_judged(void **state)
{
	(void)state;
	assert_int_equal(judge(UINT64_MAX, UINT64_MAX, 0), REUSE_REPLACED);
	assert_int_equal(judge(UINT64_MAX, UINT64_MAX, UINT64_MAX), REUSE_KEPT);
	assert_int_equal(
	    judge(UINT64_MAX, UINT64_MAX, UINT64_MAX / 2 + 1), REUSE_KEPT);
	assert_int_equal(
	    judge(UINT64_MAX, UINT64_MAX, UINT64_MAX / 2), REUSE_UNCLEAR);
	/* Nothing was ever readable: nothing can be new against it. */
	assert_int_equal(judge(0, 1000, 0), REUSE_KEPT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_is_there_still_is_the_old_backup),
	    TEST(half_deleted_is_the_old_backup),
	    TEST(hardly_anything_left_is_a_new_one),
	    TEST(between_nobody_can_tell),
	    TEST(a_new_one_has_no_older_file),
	    TEST(what_was_not_read_proves_nothing),
	    TEST(any_numbers_are_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
