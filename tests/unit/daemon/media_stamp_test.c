/*
 * A stamp counts when the kernel has made its last write: umount becomes
 * visible before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/media_parts.h"
#include "lib/base/clock.h"

#define MOUNTED "ext mounts=3 mounted=1000 written=1000"
#define UNMOUNTED "ext mounts=3 mounted=1000 written=2000"

static struct service service;
static struct media media = {.service = &service};
static struct medium medium;

static int
setup(void **state)
{
	struct error err = {0};

	(void)state;
	medium = (struct medium){.media = &media, .was_mounted = true};
	media_stamp_init(&medium);
	return loop_new(&service.loop, &err);
}

static int
teardown(void **state)
{
	(void)state;
	media_stamp_done(&medium);
	loop_free(service.loop);
	return 0;
}

/* What a child told at that second; whether it is the last write's. */
static bool
read_at(int64_t seconds, const char *stamp, enum superblock_state state)
{
	medium.superblock =
	    (struct superblock){.state = state, .evidence = SUPERBLOCK_MOUNTS};
	(void)snprintf(medium.superblock.stamp, sizeof(medium.superblock.stamp),
	    "%s", stamp);
	medium.superblock_ms = 1000000 + seconds * CLOCK_SECOND_MS;
	media_stamp_settle(&medium);
	/* What does not count yet is read again. */
	assert_true(medium.is_settled || medium.settle.is_set);
	return medium.is_settled;
}

static void
what_was_not_mounted_here_counts_at_once(void **state)
{
	(void)state;
	media_stamp_forget(&medium);
	assert_true(read_at(0, MOUNTED, SUPERBLOCK_DIRTY));
}

static void
one_reading_after_a_mount_does_not_count(void **state)
{
	(void)state;
	assert_false(read_at(0, MOUNTED, SUPERBLOCK_CLEAN));
	/* Looked at again, not read again. */
	assert_false(read_at(0, MOUNTED, SUPERBLOCK_CLEAN));
	/* The last write came meanwhile. */
	assert_false(read_at(2, UNMOUNTED, SUPERBLOCK_CLEAN));
	assert_true(read_at(4, UNMOUNTED, SUPERBLOCK_CLEAN));
}

static void
what_is_still_in_use_is_waited_for(void **state)
{
	(void)state;
	assert_false(read_at(0, MOUNTED, SUPERBLOCK_DIRTY));
	assert_false(read_at(30, MOUNTED, SUPERBLOCK_DIRTY));
	assert_false(read_at(40, UNMOUNTED, SUPERBLOCK_CLEAN));
	assert_true(read_at(42, UNMOUNTED, SUPERBLOCK_CLEAN));
	/* It was pulled out in use: there is no last write to come. */
	media_stamp_forget(&medium);
	medium.was_mounted = true;
	assert_false(read_at(50, MOUNTED, SUPERBLOCK_DIRTY));
	assert_true(read_at(110, MOUNTED, SUPERBLOCK_DIRTY));
}

/* It came unclean, and was mounted without its log. */
static void
what_came_dirty_stays_so(void **state)
{
	(void)state;
	media_stamp_forget(&medium);
	assert_true(read_at(0, MOUNTED, SUPERBLOCK_DIRTY));
	media_stamp_forget(&medium);
	medium.was_mounted = true;
	assert_false(read_at(9, MOUNTED, SUPERBLOCK_DIRTY));
	assert_true(read_at(11, MOUNTED, SUPERBLOCK_DIRTY));
}

/* A file system that keeps no stamp has none to wait for, once it is clean. */
static void
without_a_stamp_only_its_state_counts(void **state)
{
	(void)state;
	assert_false(read_at(0, "", SUPERBLOCK_DIRTY));
	assert_true(read_at(2, "", SUPERBLOCK_CLEAN));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_was_not_mounted_here_counts_at_once),
	    TEST(one_reading_after_a_mount_does_not_count),
	    TEST(what_is_still_in_use_is_waited_for),
	    TEST(what_came_dirty_stays_so),
	    TEST(without_a_stamp_only_its_state_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
