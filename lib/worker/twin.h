/*
 * twin: may another block device of this host be a clone of a medium?
 *
 * Layer 5.  Uses: os/device, os/identity, os/superblock, os/sysfs.
 *
 * Without udev's database each device is looked at (worker/probe), and what
 * cannot be looked at may be anything.  Which device that leaves no doubt is
 * decided here alone, for the mounter and for hikaed's own look.
 */
#ifndef HIKAE_WORKER_TWIN_H
#define HIKAE_WORKER_TWIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/os/device.h"
#include "lib/os/superblock.h"

/* Devices of one file system; with more of them nothing is sure. */
#define TWIN_PARTS_MAX 64

/* What a look at a device came to. */
struct twin_device {
	uint32_t major, minor;
	int os_errno;	  /* why it could not be looked at; 0: it was */
	const char *uuid; /* of its file system; "": it has none */
};

enum twin {
	TWIN_NO,
	TWIN_YES,    /* it has the UUID */
	TWIN_UNSURE, /* it may have it */
};

/*
 * A device that another is made of holds what that one holds; one that went, a
 * drive without a medium and the disks of the system itself are no clone, read
 * or not.  The medium's own device is the caller's to leave out.
 */
enum twin twin_judge(const struct device_kernel *kernel,
    const struct twin_device *device, const char *uuid);

/*
 * Whether a file system of this type may lie on several devices with its UUID,
 * each with one of its own beside it (btrfs: UUID_SUB, its superblock's
 * dev_item.uuid; "On-disk Format", btrfs documentation).
 */
bool twin_has_parts(const char *filesystem);

/* Those of them that were met, by the UUIDs of their own; all zero: none. */
struct twin_parts {
	size_t count;
	char uuids[TWIN_PARTS_MAX][SUPERBLOCK_UUID_BYTES];
	bool is_twice, has_unknown;
};

/*
 * One more of the devices with one UUID; part is the UUID of its own, "": not
 * known.  Returns whether one of those met is a clone of another.
 */
enum twin twin_add_part(struct twin_parts *parts, const char *part);

#endif
