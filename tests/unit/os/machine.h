/*
 * A made-up machine: a /sys tree, a mount list and udev's database in the
 * kernel's and udev's forms, below one temporary folder.
 *
 * Include it after cmocka.h.  Use: machine_begin, put the parts, machine_end.
 */
#ifndef HIKAE_TESTS_OS_MACHINE_H
#define HIKAE_TESTS_OS_MACHINE_H

#include "lib/os/identity.h"
#include "tests/unit/os/machine_files.h"

#define MACHINE_ATTRIBUTES_MAX 8

static struct {
	char mountinfo[64], sysfs[64], udev[64];
	struct identity_kernel kernel;
} machine;

struct machine_device {
	const char *place, *number;
	const char *attributes[MACHINE_ATTRIBUTES_MAX]; /* "size=2048" */
	const char *udev; /* lines "KEY=VALUE\n", or NULL: no record */
};

/* "E:KEY=VALUE" lines, between others that udev writes. */
static inline void
machine_put_record(const char *number, const char *properties)
{
	char path[PATH_MAX], record[4096];
	size_t length = 0;

	length += (size_t)snprintf(record, sizeof(record),
	    "S:disk/by-id/x\nL:100\nI:1234567\nE:ID_X=1\n");
	while (*properties != '\0') {
		const size_t line = strcspn(properties, "\n") + 1;

		length += (size_t)snprintf(record + length,
		    sizeof(record) - length, "E:%.*s", (int)line, properties);
		properties += line;
	}
	length += (size_t)snprintf(record + length, sizeof(record) - length,
	    "G:systemd\nQ:systemd\nV:1\n");
	(void)snprintf(path, sizeof(path), "%s/b%s", machine.udev, number);
	machine_put_bytes(path, record, length);
}

static inline void
machine_put_device(const struct machine_device *device)
{
	char path[PATH_MAX], place[PATH_MAX / 2];

	(void)snprintf(place, sizeof(place), "%s/devices/%s", machine.sysfs,
	    device->place);
	(void)snprintf(path, sizeof(path), "%s/dev", place);
	machine_put_line(path, device->number);
	for (size_t i = 0;
	     i < MACHINE_ATTRIBUTES_MAX && device->attributes[i] != NULL; i++) {
		const char *attribute = device->attributes[i];
		const char *value = strchr(attribute, '=') + 1;

		(void)snprintf(path, sizeof(path), "%s/%.*s", place,
		    (int)(value - 1 - attribute), attribute);
		machine_put_line(path, value);
	}
	(void)snprintf(path, sizeof(path), "%s/dev/block/%s", machine.sysfs,
	    device->number);
	machine_put_link(place, path);
	(void)snprintf(path, sizeof(path), "%s/class/block%s", machine.sysfs,
	    strrchr(device->place, '/'));
	machine_put_link(place, path);
	if (device->udev != NULL)
		machine_put_record(device->number, device->udev);
}

/* The device at a place is made of the one with a number. */
static inline void
machine_put_slave(const char *place, const char *number)
{
	char path[PATH_MAX], target[PATH_MAX];

	(void)snprintf(
	    target, sizeof(target), "%s/dev/block/%s", machine.sysfs, number);
	(void)snprintf(path, sizeof(path), "%s/devices/%s/slaves/%s",
	    machine.sysfs, place, number);
	machine_put_link(target, path);
}

/* A file below /sys that is no block device's. */
static inline void
machine_put_attribute(const char *below, const void *bytes, size_t length)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/%s", machine.sysfs, below);
	machine_put_bytes(path, bytes, length);
}

static inline int
machine_begin(void)
{
	if (mkdtemp(machine_folder) == NULL)
		return -1;
	(void)snprintf(machine.mountinfo, sizeof(machine.mountinfo),
	    "%s/mountinfo", machine_folder);
	(void)snprintf(
	    machine.sysfs, sizeof(machine.sysfs), "%s/sys", machine_folder);
	(void)snprintf(
	    machine.udev, sizeof(machine.udev), "%s/udev", machine_folder);
	machine.kernel = (struct identity_kernel){
	    .kernel = {machine.mountinfo, machine.sysfs}, .udev = machine.udev};
	return 0;
}

#endif
