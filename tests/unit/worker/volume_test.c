/* Which file system a copy was captured from, as a text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/worker/volume.h"

#define UUID "0C7E5F1A-0B1C-4D3E-8F00-112233445566"
#define DIGITS "0c7e5f1a0b1c4d3e8f00112233445566"

static void
is_its_uuid_and_the_part_of_it(void **state)
{
	/* printf /@backup | sha256sum | cut -c1-16 */
	static const struct {
		const char *uuid, *filesystem, *source, *root, *expected;
	} cases[] = {
	    {UUID, "ext4", "/dev/sdb1", "/", DIGITS},
	    {DIGITS, "xfs", "/dev/sdb1", "/", DIGITS},
	    {UUID, "btrfs", "/dev/sdb1", "/@backup",
		DIGITS "/f19d4b8c89090c7a"},
	    {"0123456789ABCDEF", "fuseblk", "/dev/sdb1", "/",
		"0123456789abcdef"},
	    /* Others may have the same. */
	    {"5DD3-5C39", "vfat", "/dev/sdb1", "/", ""},
	    {"2026-11-23-08-00-00-00", "iso9660", "/dev/sr0", "/", ""},
	    {"", "ext4", "/dev/sdb1", "/", ""},
	    /* A name under which anything may be served. */
	    {UUID, "nfs4", "nas:/export", "/", ""},
	    {UUID, "ceph", "nas:/export", "/", ""},
	    {UUID, "fuse.rclone", "remote:bucket", "/", ""},
	    {UUID, "tmpfs", "tmpfs", "/", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct mountinfo_mount mount = {.root = cases[i].root,
		    .filesystem = cases[i].filesystem,
		    .source = cases[i].source};
		char volume[VOLUME_BYTES];

		volume_format(cases[i].uuid, &mount, volume);
		assert_string_equal(volume, cases[i].expected);
		assert_true(volume_is_valid(volume));
	}
}

static void
is_nothing_else(void **state)
{
	static const char *const others[] = {"/", "0c7e/", "0C7E", "0c7e-5f1a",
	    "0c7e/0123", "/0123456789abcdef", "0c7e/0123456789abcdef0",
	    "0c7e/0123456789abcdeg", "0c7e\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(volume_is_valid(others[i]));
}

/* Whatever lies here says the same of itself twice, and /proc nothing. */
static void
is_asked_of_a_folder(void **state)
{
	char first[VOLUME_BYTES], second[VOLUME_BYTES];
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	assert_true(here >= 0 && proc >= 0);
	volume_identify(here, first);
	volume_identify(here, second);
	assert_string_equal(first, second);
	assert_true(volume_is_valid(first));
	volume_identify(proc, first);
	assert_string_equal(first, "");
	(void)close(here);
	(void)close(proc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(is_its_uuid_and_the_part_of_it),
	    cmocka_unit_test(is_nothing_else),
	    cmocka_unit_test(is_asked_of_a_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
