/*
 * mount_mark: how udev knows which media hikae mounts itself.
 *
 * Layer 5.  Uses: model/config, os/file, os/identity, os/sysfs, os/udevdb.
 *
 * One empty file below run/, named as udev names the UUID of a medium with
 * `mount = hikae`; systemd/rules.d/85-hikae.rules asks whether it is there. The
 * folder is root's: udev, which is root, follows no path of another's making.
 * FORMATS section 4.1.
 */
#ifndef HIKAE_WORKER_MOUNT_MARK_H
#define HIKAE_WORKER_MOUNT_MARK_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/error.h"
#include "lib/model/config.h"
#include "lib/os/identity.h"

#define MOUNT_MARK_FOLDER "run/hikae-media"
/* What the rule says of a device that has such a file; its value is "1". */
#define MOUNT_MARK_PROPERTY "HIKAE_MEDIUM"

#define MOUNT_MARK_NAMES_MAX 4

struct mount_mark_names {
	size_t count;
	char names[MOUNT_MARK_NAMES_MAX][IDENTITY_UUID_BYTES];
};

/*
 * The names that udev may have for a UUID of the configuration, in which case
 * and hyphens do not count: as it stands there, and in the forms of libblkid
 * that have as many digits.  None for what is not of digits and hyphens.
 */
void mount_mark_name(const char *uuid, struct mount_mark_names *ret);

/*
 * Make the files those of the configuration, and remove all others.  root_fd is
 * --root's folder; one process at a time.
 */
int mount_mark_renew(
    int root_fd, const struct config *config, struct error *err) ERROR_CHECKED;

/* Is there a file?  True also where that cannot be told. */
bool mount_mark_is_any(int root_fd);

/*
 * Ask udev to look again at devices of which it knows something else than the
 * configuration says: they were connected before.  Without udev, or the right
 * to ask, nothing happens.
 */
void mount_mark_tell(
    const struct identity_kernel *kernel, const struct config *config);

#endif
