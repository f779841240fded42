/*
 * mount_check: is a device the medium that is to be mounted, and it alone?
 *
 * Layer 5.  Uses: os/identity, worker/mount_way, worker/probe_handle.
 *
 * Probes read the bytes: the process that has the rights does not.
 */
#ifndef HIKAE_WORKER_MOUNT_CHECK_H
#define HIKAE_WORKER_MOUNT_CHECK_H

#include "lib/model/config.h"
#include "lib/os/identity.h"
#include "lib/worker/mount_way.h"

struct mount_check {
	const struct config_medium *medium;
	const struct identity *identity; /* of the device */
	uint32_t deadline_ms;		 /* for each question */
	bool best_effort;		 /* of the sandbox */
};

/*
 * That the disk is the configured one.  Without a serial number, no other
 * device may have the UUID: ERROR_EXISTS where one has, ERROR_UNAVAILABLE
 * where that cannot be told.
 */
int mount_check_device(
    const struct mount_check *check, struct error *err) ERROR_CHECKED;

/*
 * That the configured file system is on it; how it is mounted.  Of one that may
 * lie on several devices (btrfs) no other device may have the UUID, whatever
 * the serial number: as above.  The caller keeps the device open for itself
 * meanwhile.
 */
int mount_check_content(const struct mount_check *check,
    const struct mount_way **ret_way, struct error *err) ERROR_CHECKED;

#endif
