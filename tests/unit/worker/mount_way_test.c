/* What hikae mounts, and that no way of doing so writes or lets run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/worker/mount_way.h"

static const struct {
	const char *type, *driver, *needs[3];
} expected[] = {
    {"ext2", "ext4", {"noload", "errors=remount-ro"}},
    {"ext3", "ext4", {"noload", "errors=remount-ro"}},
    {"ext4", "ext4", {"noload", "errors=remount-ro"}},
    {"xfs", "xfs", {"norecovery"}},
    {"btrfs", "btrfs", {"rescue=nologreplay"}},
    {"f2fs", "f2fs", {"norecovery"}},
    {"vfat", "vfat", {"utf8=1", "umask=0077", "errors=remount-ro"}},
    {"exfat", "exfat", {"iocharset=utf8", "umask=0077", "errors=remount-ro"}},
    {"ntfs", "ntfs3", {"iocharset=utf8", "umask=0077"}},
    {"iso9660", "iso9660", {"iocharset=utf8"}},
    {"udf", "udf", {"iocharset=utf8"}},
};
#define EXPECTED (sizeof(expected) / sizeof(expected[0]))

static bool
has_option(const char *options, const char *option)
{
	const size_t length = strlen(option);

	for (;;) {
		const size_t word = strcspn(options, ",");

		if (word == length && memcmp(options, option, length) == 0)
			return true;
		if (options[word] == '\0')
			return false;
		options += word + 1;
	}
}

static void
each_type_has_its_way(void **state)
{
	(void)state;
	for (size_t i = 0; i < EXPECTED; i++) {
		const struct mount_way *way = mount_way_find(expected[i].type);

		assert_non_null(way);
		assert_string_equal(way->driver, expected[i].driver);
		for (size_t j = 0; j < 3 && expected[i].needs[j] != NULL; j++)
			assert_true(
			    has_option(way->options, expected[i].needs[j]));
	}
}

/* What is added to the table must be added here, with its log. */
static void
there_is_no_other(void **state)
{
	size_t count = 0;

	(void)state;
	while (mount_way_at(count) != NULL)
		count++;
	assert_int_equal(count, EXPECTED);
	for (size_t i = 0; i < EXPECTED; i++)
		assert_string_equal(mount_way_at(i)->type, expected[i].type);
}

static void
others_are_not_mounted(void **state)
{
	static const char *const types[] = {"", "ext", "ext4dev", "EXT4",
	    "crypto_LUKS", "LVM2_member", "linux_raid_member", "swap", "zfs",
	    "squashfs", "nfs", "fuse", "ntfs3", "hfsplus"};

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		assert_null(mount_way_find(types[i]));
}

static void
none_writes_or_lets_run(void **state)
{
	static const char *const never[] = {"rw", "exec", "suid", "dev",
	    "force", "discard", "errors=continue", "errors=panic", "recovery",
	    "sync", "atime"};

	(void)state;
	assert_int_equal(MOUNT_WAY_FLAGS & (MS_RDONLY | MS_NOSUID | MS_NODEV |
					       MS_NOEXEC | MS_NOATIME),
	    MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME);
	assert_int_equal(MOUNT_WAY_FLAGS & (MS_BIND | MS_REMOUNT | MS_MOVE), 0);
	for (size_t i = 0; mount_way_at(i) != NULL; i++)
		for (size_t j = 0; j < sizeof(never) / sizeof(never[0]); j++)
			assert_false(
			    has_option(mount_way_at(i)->options, never[j]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_type_has_its_way),
	    cmocka_unit_test(there_is_no_other),
	    cmocka_unit_test(others_are_not_mounted),
	    cmocka_unit_test(none_writes_or_lets_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
