/*
 * twin: may another block device of this host be a clone of a medium?
 *
 * Layer 5.  Uses: os/device, os/identity, os/sysfs.
 *
 * Without udev's database each device is looked at (worker/probe), and what
 * cannot be looked at may be anything.  Which device that leaves no doubt is
 * decided here alone, for the mounter and for hikaed's own look.
 */
#ifndef HIKAE_WORKER_TWIN_H
#define HIKAE_WORKER_TWIN_H

#include <stdint.h>

#include "lib/os/device.h"

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

#endif
