/*
 * mount_record: what a mounter remembers of what it has mounted.
 *
 * Layer 5.  Uses: os/file, os/presence.
 *
 * One small file a medium, below run/ (so that a start of the machine forgets
 * it), root's: what is mounted where, and whether the device's write switch
 * was turned for it and must be turned back.  It is there before the switch is
 * turned, and goes when all is as it was.  FORMATS section 4.1.
 */
#ifndef HIKAE_WORKER_MOUNT_RECORD_H
#define HIKAE_WORKER_MOUNT_RECORD_H

#include <limits.h>
#include <stdbool.h>

#include "lib/base/error.h"
#include "lib/os/presence.h"

#define MOUNT_RECORD_FOLDER "run/hikae-mount"

struct mount_record {
	struct presence device;
	bool was_read_only;  /* its switch was shut before */
	char path[PATH_MAX]; /* where it is mounted */
};

/*
 * ERROR_NOT_FOUND where there is none: every other error leaves open whether a
 * switch was turned.  ERROR_DENIED for one that another than root or this
 * process's own user could have written.  root_fd is --root's folder.
 */
int mount_record_read(int root_fd, const char *medium,
    struct mount_record *ret_record, struct error *err) ERROR_CHECKED;

/* Whole or not at all; durable as far as its file system is. */
int mount_record_write(int root_fd, const char *medium,
    const struct mount_record *record, struct error *err) ERROR_CHECKED;

/* That there is none is no error. */
int mount_record_remove(
    int root_fd, const char *medium, struct error *err) ERROR_CHECKED;

/* -1 of `each` ends it. */
typedef int mount_record_each_fn(
    void *context, const char *medium, struct error *err);

/* The name of each medium that has a record, in no order. */
int mount_record_each(int root_fd, mount_record_each_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

#endif
