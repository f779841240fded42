/* Which devices may be a clone of a medium, on a host without udev. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "tests/unit/os/machine.h"

#include "lib/worker/twin.h"

#define WANTED "0a1b2c3d-1111-4222-8333-444455556666"
#define OTHER "99999999-aaaa-4bbb-8ccc-ddddeeeeffff"
#define SYSTEM "pci0000:00/ata1/host0/target0:0:0/0:0:0:0/block/sda"

static const struct machine_device devices[] = {
    {SYSTEM, "8:0", {"size=4096"}, NULL},
    {SYSTEM "/sda1", "8:1", {"size=2048", "partition=1"}, NULL},
    {SYSTEM "/sda2", "8:2", {"size=2048", "partition=2"}, NULL},
    {"usb1/block/sdb", "8:16", {"size=2048"}, NULL},
    {"usb2/block/sdc", "8:32", {"size=2048"}, NULL},
    {"virtual/block/dm-0", "253:0", {"size=2048", "dm/name=x"}, NULL},
    {"virtual/block/loop1", "7:16", {"size=2048", "loop/backing_file=/clone"},
	NULL},
    /* A loop without a file, as it is after the file went. */
    {"virtual/block/loop0", "7:0", {"size=0"}, NULL},
};

static int
set_up(void **state)
{
	char path[PATH_MAX], target[PATH_MAX];

	(void)state;
	if (machine_begin() != 0)
		return -1;
	machine_put_line(
	    machine.mountinfo, "20 1 8:1 / / rw - ext4 /dev/sda1 rw");
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		machine_put_device(&devices[i]);
	/* The volume lies on sdc, and holds what sdc holds. */
	machine_put_slave("virtual/block/dm-0", "8:32");
	(void)snprintf(path, sizeof(path),
	    "%s/devices/usb2/block/sdc/holders/"
	    "dm-0",
	    machine.sysfs);
	(void)snprintf(
	    target, sizeof(target), "%s/dev/block/253:0", machine.sysfs);
	machine_put_link(target, path);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	return machine_end();
}

static void
what_cannot_be_looked_at_may_be_anything(void **state)
{
	static const struct {
		struct twin_device device;
		enum twin expected;
	} cases[] = {
	    {{8, 16, 0, WANTED}, TWIN_YES},
	    {{8, 16, 0,
		 "0A1B2C3D11114222"
		 "8333444455556666"},
		TWIN_YES},
	    {{8, 16, 0, OTHER}, TWIN_NO},
	    {{8, 16, 0, ""}, TWIN_NO},
	    {{8, 16, EACCES, ""}, TWIN_UNSURE},
	    {{8, 16, EPERM, ""}, TWIN_UNSURE},
	    {{8, 16, EIO, ""}, TWIN_UNSURE},
	    {{8, 16, ENOENT, ""}, TWIN_UNSURE},
	    {{8, 16, ETIMEDOUT, ""}, TWIN_UNSURE},
	    /* What it said before it failed does not count here. */
	    {{8, 16, EIO, OTHER}, TWIN_UNSURE},
	    /* It went, or its drive is empty. */
	    {{8, 16, ENXIO, ""}, TWIN_NO},
	    {{8, 16, ENODEV, ""}, TWIN_NO},
	    {{8, 16, ENOMEDIUM, ""}, TWIN_NO},
	    {{7, 0, EIO, ""}, TWIN_NO},
	    {{8, 240, EACCES, ""}, TWIN_NO},
	    /* What another device is made of holds that one's. */
	    {{8, 32, 0, WANTED}, TWIN_NO},
	    {{8, 32, EACCES, ""}, TWIN_NO},
	    {{253, 0, 0, WANTED}, TWIN_YES},
	    {{253, 0, EACCES, ""}, TWIN_UNSURE},
	    /* The system's own disk; but what is read there counts. */
	    {{8, 0, EACCES, ""}, TWIN_NO},
	    {{8, 1, EACCES, ""}, TWIN_NO},
	    {{8, 2, EACCES, ""}, TWIN_NO},
	    {{8, 2, 0, WANTED}, TWIN_YES},
	    /* A file on that disk is no part of the system. */
	    {{7, 16, EACCES, ""}, TWIN_UNSURE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (twin_judge(&machine.kernel.kernel, &cases[i].device,
			WANTED) != cases[i].expected)
			fail_msg("case %zu", i);
}

static void
parts_of_one_file_system(void **state)
{
	static const struct {
		const char *parts[4];
		enum twin expected;
	} cases[] = {
	    {{WANTED, NULL}, TWIN_NO},
	    {{"", NULL}, TWIN_NO},
	    {{WANTED, OTHER, NULL}, TWIN_NO},
	    {{WANTED, WANTED, NULL}, TWIN_YES},
	    {{WANTED, OTHER, OTHER, NULL}, TWIN_YES},
	    {{WANTED,
		 "0A1B2C3D11114222"
		 "8333444455556666",
		 NULL},
		TWIN_YES},
	    {{WANTED, "", NULL}, TWIN_UNSURE},
	    {{"", WANTED, NULL}, TWIN_UNSURE},
	    {{"", "", NULL}, TWIN_UNSURE},
	    /* What is known is enough. */
	    {{"", WANTED, WANTED, NULL}, TWIN_YES},
	    {{WANTED, WANTED, OTHER, ""}, TWIN_YES},
	};
	struct twin_parts many = {0};
	enum twin got = TWIN_NO;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct twin_parts parts = {0};

		for (size_t j = 0; j < 4 && cases[i].parts[j] != NULL; j++)
			got = twin_add_part(&parts, cases[i].parts[j]);
		if (got != cases[i].expected)
			fail_msg("case %zu", i);
	}
	for (unsigned i = 0; i <= TWIN_PARTS_MAX; i++) {
		char part[16];

		(void)snprintf(part, sizeof(part), "%u", i);
		got = twin_add_part(&many, part);
		assert_int_equal(
		    got, i < TWIN_PARTS_MAX ? TWIN_NO : TWIN_UNSURE);
	}
	assert_int_equal(twin_add_part(&many, "7"), TWIN_YES);
	assert_true(twin_has_parts("btrfs"));
	assert_false(twin_has_parts("ext4"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_cannot_be_looked_at_may_be_anything),
	    cmocka_unit_test(parts_of_one_file_system),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
