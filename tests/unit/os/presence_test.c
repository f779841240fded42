/*
 * Is a block device still the one that it was?  A made-up kernel's words, and
 * the running one's where there is a loop device to make and to remove.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <linux/loop.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>

#include "tests/unit/os/machine.h"

#include "lib/os/presence.h"

#define BOOT_A "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define BOOT_B "1f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
/* No machine has so many loop devices. */
#define LOOP_MINOR 8123

static char boot[80];
static struct presence_kernel kernel;

static void
start_machine(const char *id)
{
	machine_put_line(boot, id);
}

/* A folder of sysfs anew: no inode number is given twice in one boot. */
static void
replace_device(const char *place)
{
	char path[PATH_MAX / 2], old[PATH_MAX];

	(void)snprintf(
	    path, sizeof(path), "%s/devices/%s", machine.sysfs, place);
	(void)snprintf(old, sizeof(old), "%s.old", path);
	assert_int_equal(rename(path, old), 0);
}

static void
come_again(const struct machine_device *device)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/devices/%s/dev", machine.sysfs,
	    device->place);
	machine_put_line(path, device->number);
}

static const struct machine_device disk = {
    "usb1/block/sdc", "8:32", {"size=2048", "diskseq=9"}, NULL};
static const struct machine_device partition = {
    "usb1/block/sdc/sdc1", "8:33", {"size=1024", "partition=1"}, NULL};
/* An older kernel's. */
static const struct machine_device plain = {
    "virtual/block/cciss!c0d0", "104:0", {"size=2048"}, NULL};

static int
set_up(void **state)
{
	(void)state;
	if (machine_begin() != 0)
		return -1;
	(void)snprintf(boot, sizeof(boot), "%s/boot_id", machine_folder);
	kernel = (struct presence_kernel){machine.sysfs, boot};
	start_machine(BOOT_A);
	machine_put_device(&disk);
	machine_put_device(&partition);
	machine_put_device(&plain);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	return machine_end();
}

static struct presence
take(uint32_t major, uint32_t minor)
{
	struct presence presence;
	struct error err = {0};

	if (presence_take(&kernel, major, minor, &presence, &err) != 0)
		fail_msg("%s", err.text);
	return presence;
}

static void
what_stays_is_the_same(void **state)
{
	struct presence whole = take(8, 32), part = take(8, 33),
			old = take(104, 0);
	char node[PRESENCE_NODE_BYTES];

	(void)state;
	assert_int_equal(whole.disk_sequence, 9);
	assert_int_equal(part.disk_sequence, 9);
	assert_int_equal(old.disk_sequence, 0);
	assert_int_not_equal(whole.folder, part.folder);
	assert_string_equal(whole.boot, BOOT_A);
	assert_int_equal(presence_compare(&kernel, &whole), PRESENCE_SAME);
	assert_int_equal(presence_compare(&kernel, &part), PRESENCE_SAME);
	assert_int_equal(presence_compare(&kernel, &old), PRESENCE_SAME);
	assert_int_equal(presence_find_node(&kernel, &old, node, NULL), 0);
	assert_string_equal(node, "/dev/cciss/c0d0");
}

static void
another_medium_in_the_drive(void **state)
{
	const struct presence part = take(8, 33);
	char path[PATH_MAX];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/devices/%s/diskseq",
	    machine.sysfs, disk.place);
	machine_put_line(path, "10");
	assert_int_equal(
	    presence_compare(&kernel, &part), PRESENCE_OTHER_MEDIUM);
	machine_put_line(path, "9");
	assert_int_equal(presence_compare(&kernel, &part), PRESENCE_SAME);
	/* What told it is not there now: nothing is known. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(
	    presence_compare(&kernel, &part), PRESENCE_UNDETERMINED);
	machine_put_line(path, "9");
}

static void
another_device_with_the_number(void **state)
{
	const struct presence old = take(104, 0);
	struct presence now;

	(void)state;
	replace_device(plain.place);
	assert_int_equal(presence_compare(&kernel, &old), PRESENCE_GONE);
	assert_int_equal(presence_take(&kernel, 104, 0, &now, NULL), -1);
	come_again(&plain);
	now = take(104, 0);
	assert_int_equal(presence_compare(&kernel, &old), PRESENCE_GONE);
	assert_int_equal(presence_compare(&kernel, &now), PRESENCE_SAME);
}

/* That nothing can be seen is never an absence. */
static void
what_cannot_be_seen_is_not_gone(void **state)
{
	const struct presence whole = take(8, 32);
	const struct presence_kernel blind = {"/no/such/sysfs", boot};
	const struct presence_kernel timeless = {
	    machine.sysfs, "/no/such/boot_id"};
	struct presence none;
	struct error err = {0};

	(void)state;
	assert_int_equal(
	    presence_compare(&blind, &whole), PRESENCE_UNDETERMINED);
	assert_int_equal(
	    presence_compare(&timeless, &whole), PRESENCE_UNDETERMINED);
	assert_int_equal(presence_take(&blind, 8, 32, &none, &err), -1);
	assert_int_equal(err.code, ERROR_UNAVAILABLE);
	err = (struct error){0};
	assert_int_equal(presence_take(&timeless, 8, 32, &none, &err), -1);
	assert_int_equal(err.code, ERROR_UNAVAILABLE);
	err = (struct error){0};
	assert_int_equal(presence_take(&kernel, 8, 99, &none, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	start_machine("half");
	assert_int_equal(
	    presence_compare(&kernel, &whole), PRESENCE_UNDETERMINED);
	start_machine(BOOT_A);
}

static void
a_start_of_the_machine_ends_it(void **state)
{
	const struct presence whole = take(8, 32);

	(void)state;
	start_machine(BOOT_B);
	assert_int_equal(presence_compare(&kernel, &whole), PRESENCE_GONE);
	start_machine(BOOT_A);
	assert_int_equal(presence_compare(&kernel, &whole), PRESENCE_SAME);
}

/* The kernel gives a device that is made again another folder. */
static void
the_running_kernel(void **state)
{
	const struct presence_kernel *running = &presence_running_kernel;
	const int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	struct presence then, now;
	struct error err = {0};

	(void)state;
	if (control < 0 || ioctl(control, LOOP_CTL_ADD, LOOP_MINOR) < 0) {
		if (control >= 0)
			(void)close(control);
		skip();
	}
	assert_int_equal(presence_take(running, 7, LOOP_MINOR, &then, &err), 0);
	assert_int_equal(presence_compare(running, &then), PRESENCE_SAME);
	assert_int_equal(ioctl(control, LOOP_CTL_REMOVE, LOOP_MINOR), 0);
	assert_int_equal(presence_compare(running, &then), PRESENCE_GONE);
	assert_int_equal(ioctl(control, LOOP_CTL_ADD, LOOP_MINOR), LOOP_MINOR);
	assert_int_equal(presence_compare(running, &then), PRESENCE_GONE);
	assert_int_equal(presence_take(running, 7, LOOP_MINOR, &now, &err), 0);
	assert_int_equal(presence_compare(running, &now), PRESENCE_SAME);
	assert_int_equal(ioctl(control, LOOP_CTL_REMOVE, LOOP_MINOR), 0);
	assert_int_equal(close(control), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_stays_is_the_same),
	    cmocka_unit_test(another_medium_in_the_drive),
	    cmocka_unit_test(another_device_with_the_number),
	    cmocka_unit_test(what_cannot_be_seen_is_not_gone),
	    cmocka_unit_test(a_start_of_the_machine_ends_it),
	    cmocka_unit_test(the_running_kernel),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
