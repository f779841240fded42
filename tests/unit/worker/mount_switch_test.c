/*
 * The write switch that hikae shut is given back, or the error says that it
 * was not: a real block device, and a kernel that does not tell.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/worker/mount_switch.h"

/* No machine has so many loop devices. */
#define LOOP_MINOR 8124
#define NODE "/dev/loop8124"

static const struct presence_kernel *const running = &presence_running_kernel;
static int control = -1;
static bool has_device;
static struct mount_record record;

static bool
make_device(void)
{
	struct error err = {0};

	has_device =
	    control >= 0 &&
	    ioctl(control, LOOP_CTL_ADD, LOOP_MINOR) == LOOP_MINOR &&
	    access(NODE, F_OK) == 0 &&
	    presence_take(running, 7, LOOP_MINOR, &record.device, &err) == 0;
	record.was_read_only = false;
	return has_device;
}

static int
set_up(void **state)
{
	(void)state;
	control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	(void)make_device();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	if (control < 0)
		return 0;
	(void)ioctl(control, LOOP_CTL_REMOVE, LOOP_MINOR);
	return close(control);
}

static bool
is_shut(void)
{
	struct error err = {0};
	bool shut = false;
	int fd;

	assert_int_equal(
	    mount_switch_open(running, &record.device, 0, &fd, &err), 0);
	assert_int_equal(mount_switch_ask(fd, &shut, &err), 0);
	assert_int_equal(close(fd), 0);
	return shut;
}

static void
shut(void)
{
	struct error err = {0};
	int fd;

	assert_int_equal(
	    mount_switch_open(running, &record.device, O_EXCL, &fd, &err), 0);
	assert_int_equal(mount_switch_shut(fd, &err), 0);
	assert_int_equal(close(fd), 0);
	assert_true(is_shut());
}

static void
it_is_given_back(void **state)
{
	struct error err = {0};

	(void)state;
	if (!has_device)
		skip();
	shut();
	assert_int_equal(mount_switch_give_back(running, &record, &err), 0);
	assert_false(is_shut());
}

static void
one_that_was_shut_before_stays(void **state)
{
	struct error err = {0};

	(void)state;
	if (!has_device)
		skip();
	shut();
	record.was_read_only = true;
	assert_int_equal(mount_switch_give_back(running, &record, &err), 0);
	assert_true(is_shut());
	record.was_read_only = false;
	assert_int_equal(mount_switch_give_back(running, &record, &err), 0);
}

/* The kernel keeps it with the drive. */
static void
another_medium_in_the_drive_does_not_keep_it(void **state)
{
	struct error err = {0};

	(void)state;
	if (!has_device || record.device.disk_sequence == 0)
		skip();
	shut();
	record.device.disk_sequence++;
	assert_int_equal(mount_switch_give_back(running, &record, &err), 0);
	record.device.disk_sequence--;
	assert_false(is_shut());
}

/* Not identified is not gone: the switch stays known as shut. */
static void
what_cannot_be_told_is_an_error(void **state)
{
	const struct presence_kernel blind = {
	    "/no/such/sysfs", presence_running_kernel.boot};
	const struct presence_kernel timeless = {
	    presence_running_kernel.sysfs, "/no/such/boot_id"};
	struct error err = {0};

	(void)state;
	if (!has_device)
		skip();
	shut();
	assert_int_equal(mount_switch_give_back(&blind, &record, &err), -1);
	assert_int_not_equal(err.code, ERROR_NONE);
	err = (struct error){0};
	assert_int_equal(mount_switch_give_back(&timeless, &record, &err), -1);
	assert_int_equal(err.code, ERROR_UNAVAILABLE);
	assert_true(is_shut());
	/* Its node was taken away. */
	assert_int_equal(rename(NODE, NODE "-away"), 0);
	err = (struct error){0};
	assert_int_equal(mount_switch_give_back(running, &record, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	/* Or is another device's. */
	assert_int_equal(symlink("/dev/null", NODE), 0);
	err = (struct error){0};
	assert_int_equal(mount_switch_give_back(running, &record, &err), -1);
	assert_int_not_equal(err.code, ERROR_NONE);
	assert_int_equal(unlink(NODE), 0);
	assert_int_equal(rename(NODE "-away", NODE), 0);
	assert_true(is_shut());
	assert_int_equal(mount_switch_give_back(running, &record, &err), 0);
	assert_false(is_shut());
}

/* Another device with the number is nobody's business. */
static void
a_device_that_is_gone_took_it_with_it(void **state)
{
	struct mount_record old;
	struct error err = {0};

	(void)state;
	if (!has_device)
		skip();
	shut();
	old = record;
	assert_int_equal(ioctl(control, LOOP_CTL_REMOVE, LOOP_MINOR), 0);
	assert_int_equal(mount_switch_give_back(running, &old, &err), 0);
	assert_true(make_device());
	assert_false(is_shut());
	shut();
	assert_int_equal(mount_switch_give_back(running, &old, &err), 0);
	assert_true(is_shut());
	assert_int_equal(mount_switch_give_back(running, &record, &err), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_is_given_back),
	    cmocka_unit_test(one_that_was_shut_before_stays),
	    cmocka_unit_test(another_medium_in_the_drive_does_not_keep_it),
	    cmocka_unit_test(what_cannot_be_told_is_an_error),
	    cmocka_unit_test(a_device_that_is_gone_took_it_with_it),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
