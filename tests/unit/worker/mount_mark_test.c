/* How udev knows which media hikae mounts itself. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/worker/mount_mark.h"
#include "tests/unit/os/machine.h"

#define EXT4 "6e1f9d5a-6c39-4b8e-9a55-0c1d2e3f4a5b"
#define OTHER "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

static int root_fd = -1;

static int
setup(void **state)
{
	(void)state;
	if (machine_begin() != 0)
		return -1;
	root_fd = open(machine_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return root_fd >= 0 ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	(void)close(root_fd);
	return machine_end();
}

static void
expect_names(const char *uuid, const char *const *names)
{
	struct mount_mark_names got;
	size_t count = 0;

	mount_mark_name(uuid, &got);
	for (; names[count] != NULL; count++) {
		assert_true(count < got.count);
		assert_string_equal(got.names[count], names[count]);
	}
	assert_int_equal(got.count, count);
}

/* As udev 252 shows them for file systems of each kind. */
static void
a_uuid_has_the_names_that_udev_gives_it(void **state)
{
	static const char *const names[][MOUNT_MARK_NAMES_MAX + 2] = {
	    {EXT4, EXT4, EXT4},
	    {"6E1F9D5A6C394B8E9A550C1D2E3F4A5B",
		"6E1F9D5A6C394B8E9A550C1D2E3F4A5B", EXT4},
	    {"5dd3-5c39", "5dd3-5c39", "5DD3-5C39"},
	    {"5DD35C39", "5DD35C39", "5DD3-5C39"},
	    {"2a6B0c5d7E8f9012", "2a6B0c5d7E8f9012", "2A6B0C5D7E8F9012",
		"2a6b0c5d7e8f9012", "2a6b-0c-5d-7e-8f-90-12"},
	    {"2026-11-22-10-00-00-00", "2026-11-22-10-00-00-00",
		"2026112210000000", "2026112210000000",
		"2026-11-22-10-00-00-00"},
	    {"abc", "abc"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		expect_names(names[i][0], names[i] + 1);
}

static void
what_could_lead_elsewhere_has_none(void **state)
{
	static const char *const none[] = {NULL};
	static const char *const uuids[] = {"", "-", "--", ".", "..", "../a",
	    "a/b", "/etc/passwd", "ab\\x2f", "a b", "a*", "xyz", "\xe6\x8e\xa7",
	    EXT4 EXT4};

	(void)state;
	for (size_t i = 0; i < sizeof(uuids) / sizeof(uuids[0]); i++)
		expect_names(uuids[i], none);
}

static struct config *
load(const char *media)
{
	struct config_problems problems;
	struct config *config = NULL;
	char text[2048];

	(void)snprintf(text, sizeof(text),
	    "[facility]\nid = a\nname = A\n[system ehr]\nkind = ehr\n%s",
	    media);
	if (config_load_text("f", text, strlen(text), &config, &problems) != 0)
		fail_msg("%s", problems.texts[0]);
	config_problems_done(&problems);
	return config;
}

#define MEDIUM(id, uuid, mount)                                               \
	"[medium " id "]\nkind = removable\npath = /mnt/" id "\nuuid = " uuid \
	"\nmount = " mount "\n"

static void
renew(const char *media)
{
	struct config *config = load(media);
	struct error err = {0};

	assert_int_equal(mount_mark_renew(root_fd, config, &err), 0);
	config_free(config);
}

static bool
is_there(const char *name)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), MOUNT_MARK_FOLDER "/%s", name);
	return faccessat(root_fd, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static void
files_follow_the_configuration(void **state)
{
	struct stat facts;

	(void)state;
	assert_false(mount_mark_is_any(root_fd));
	renew(MEDIUM("usb1", EXT4, "hikae") MEDIUM("usb2", OTHER, "never")
		MEDIUM("usb3", "5dd35c39", "hikae"));
	assert_true(is_there(EXT4));
	assert_true(is_there("5DD3-5C39"));
	assert_false(is_there(OTHER));
	assert_true(mount_mark_is_any(root_fd));
	assert_int_equal(
	    fstatat(root_fd, MOUNT_MARK_FOLDER, &facts, AT_SYMLINK_NOFOLLOW),
	    0);
	assert_int_equal(facts.st_mode & 07777, 0755);
	renew(MEDIUM("usb1", EXT4, "hikae") MEDIUM("usb2", OTHER, "hikae"));
	assert_true(is_there(EXT4));
	assert_true(is_there(OTHER));
	assert_false(is_there("5DD3-5C39"));
	assert_false(is_there("5dd35c39"));
	renew(MEDIUM("usb1", EXT4, "never"));
	assert_false(is_there(EXT4));
	assert_false(mount_mark_is_any(root_fd));
}

static void
a_folder_that_is_none_is_an_error(void **state)
{
	struct config *config = load(MEDIUM("usb1", EXT4, "hikae"));
	struct error err = {0};

	(void)state;
	assert_int_equal(unlinkat(root_fd, MOUNT_MARK_FOLDER, AT_REMOVEDIR), 0);
	assert_int_equal(symlinkat("/tmp", root_fd, MOUNT_MARK_FOLDER), 0);
	assert_int_equal(mount_mark_renew(root_fd, config, &err), -1);
	assert_true(mount_mark_is_any(root_fd));
	assert_int_equal(unlinkat(root_fd, MOUNT_MARK_FOLDER, 0), 0);
	config_free(config);
}

/* Was udev asked to look at the device again? */
static bool
was_asked(const char *place)
{
	char path[PATH_MAX], text[16] = "";
	FILE *file;

	(void)snprintf(
	    path, sizeof(path), "%s/devices/%s/uevent", machine.sysfs, place);
	file = fopen(path, "re");
	assert_non_null(file);
	(void)!fgets(text, sizeof(text), file);
	assert_int_equal(fclose(file), 0);
	return strcmp(text, "change\n") == 0;
}

#define FILESYSTEM(uuid) "ID_FS_USAGE=filesystem\nID_FS_UUID=" uuid "\n"
#define MARKED "HIKAE_MEDIUM=1\n"

static void
udev_looks_again_where_it_knows_something_else(void **state)
{
	static const struct {
		struct machine_device device;
		bool is_asked;
	} cases[] = {
	    {{"a/sda", "8:0", {"size=9", "uevent="}, FILESYSTEM(EXT4)}, true},
	    {{"a/sdb", "8:16", {"size=9", "uevent="}, FILESYSTEM(EXT4) MARKED},
		false},
	    {{"a/sdc", "8:32", {"size=9", "uevent="}, FILESYSTEM(OTHER)},
		false},
	    {{"a/sdd", "8:48", {"size=9", "uevent="}, FILESYSTEM(OTHER) MARKED},
		true},
	    {{"a/sde", "8:64", {"size=9", "uevent="}, "ID_X=1\n"}, false},
	    /* An encrypted disk is no file system. */
	    {{"a/sdf", "8:80", {"size=9", "uevent="},
		 "ID_FS_USAGE=crypto\nID_FS_UUID=" EXT4 "\n"},
		false},
	    /* udev has yet to see it. */
	    {{"a/sdg", "8:96", {"size=9", "uevent="}, NULL}, false},
	    {{"a/sdh", "8:112", {"size=9", "uevent="}, FILESYSTEM("5DD3-5C39")},
		true},
	};
	struct config *config = load(MEDIUM("usb1", EXT4, "hikae") MEDIUM(
	    "usb2", OTHER, "never") MEDIUM("usb3", "5dd3-5c39", "hikae"));

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		machine_put_device(&cases[i].device);
	mount_mark_tell(&machine.kernel, config);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (was_asked(cases[i].device.place) != cases[i].is_asked)
			fail_msg("%s", cases[i].device.place);
	config_free(config);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_uuid_has_the_names_that_udev_gives_it),
	    cmocka_unit_test(what_could_lead_elsewhere_has_none),
	    cmocka_unit_test(files_follow_the_configuration),
	    cmocka_unit_test(a_folder_that_is_none_is_an_error),
	    cmocka_unit_test(udev_looks_again_where_it_knows_something_else),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
