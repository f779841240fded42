/*
 * mount_way: how a file system is mounted so that nothing on it changes.
 *
 * Layer 5.  Uses: nothing.
 *
 * One table: what is not in it hikae does not mount.  A mount that is only
 * read-only still replays a log, and a device's switch alone does not hold a
 * kernel's file system back (block/blk-core.c, bio_check_ro: it warns), so each
 * type with a log says how it is left alone.
 */
#ifndef HIKAE_WORKER_MOUNT_WAY_H
#define HIKAE_WORKER_MOUNT_WAY_H

#include <stddef.h>
#include <sys/mount.h>

#define MOUNT_WAY_FLAGS \
	(MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME)

struct mount_way {
	const char *type;    /* as blkid(8) names it */
	const char *driver;  /* as the kernel does: /proc/filesystems */
	const char *options; /* of that driver */
};

/* NULL: hikae does not mount such a file system. */
const struct mount_way *mount_way_find(const char *type);

/* All of them, in the order of the table; NULL after the last. */
const struct mount_way *mount_way_at(size_t index);

#endif
