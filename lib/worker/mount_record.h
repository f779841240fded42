/*
 * mount_record: what a mounter remembers of what it has mounted.
 *
 * Layer 5.  Uses: os/file.
 *
 * One small file a medium, below run/ (so that a start of the machine forgets
 * it), root's: whose mount that is, and whether the device's write switch was
 * turned for it and must be turned back.  FORMATS section 4.1.
 */
#ifndef HIKAE_WORKER_MOUNT_RECORD_H
#define HIKAE_WORKER_MOUNT_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"

#define MOUNT_RECORD_FOLDER "run/hikae-mount"

struct mount_record {
	uint32_t major, minor;
	bool was_read_only; /* its switch was shut before */
};

/* ERROR_NOT_FOUND where there is none.  root_fd is --root's folder. */
int mount_record_read(int root_fd, const char *medium,
    struct mount_record *ret_record, struct error *err) ERROR_CHECKED;
int mount_record_write(int root_fd, const char *medium,
    const struct mount_record *record, struct error *err) ERROR_CHECKED;
void mount_record_remove(int root_fd, const char *medium);

#endif
