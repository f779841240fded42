/*
 * mount_switch: the write switch of a block device, in a mounter's hand.
 *
 * Layer 5.  Uses: os/presence, worker/mount_record.
 *
 * A switch that hikae shut and left would look like protection.  So it counts
 * as given back only when the kernel opened it, or when the device that has it
 * was seen to be gone; everything else is an error, and is tried again.
 */
#ifndef HIKAE_WORKER_MOUNT_SWITCH_H
#define HIKAE_WORKER_MOUNT_SWITCH_H

#include <stdbool.h>

#include "lib/worker/mount_record.h"

/* Of an open block device; errors as of ioctl(2). */
int mount_switch_ask(
    int fd, bool *ret_is_shut, struct error *err) ERROR_CHECKED;
int mount_switch_shut(int fd, struct error *err) ERROR_CHECKED;

/*
 * Open the switch, if it was open before and its device is still there: the
 * drive, whatever medium is in it now, because the kernel keeps the switch
 * with the drive.
 */
int mount_switch_give_back(const struct presence_kernel *kernel,
    const struct mount_record *record, struct error *err) ERROR_CHECKED;

/*
 * Open the node of a device to read, and be sure that it is that one.
 * more_flags are open(2)'s.
 */
int mount_switch_open(const struct presence_kernel *kernel,
    const struct presence *device, int more_flags, int *ret_fd,
    struct error *err) ERROR_CHECKED;

/* The right to mount is missing, or the system's words for what failed. */
int mount_switch_fail(int os_errno, const char *text, struct error *err);

#endif
