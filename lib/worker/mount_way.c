/*
 * ext4(5), xfs(5), btrfs(5); the kernel's Documentation/filesystems: f2fs,
 * vfat, ntfs3, udf, isofs; fs/exfat/super.c.
 */
#include "lib/worker/mount_way.h"

#include <string.h>

/* A superblock may ask for a panic at the first error: not here. */
#define ON_ERRORS "errors=remount-ro"
#define EXT_OPTIONS "noload," ON_ERRORS

/*
 * Names of files are compared as bytes, so their charset is never left to the
 * kernel's default.  What has no owners is not for everybody on this host to
 * read while it is mounted: patients' names are in it.
 */
static const struct mount_way ways[] = {
    {"ext2", "ext4", EXT_OPTIONS},
    {"ext3", "ext4", EXT_OPTIONS},
    {"ext4", "ext4", EXT_OPTIONS},
    {"xfs", "xfs", "norecovery"},
    {"btrfs", "btrfs", "rescue=nologreplay"},
    {"f2fs", "f2fs", "norecovery"},
    /* No log; it notes that it is in use only where it may be written. */
    {"vfat", "vfat", "utf8=1,umask=0077," ON_ERRORS},
    {"exfat", "exfat", "iocharset=utf8,umask=0077," ON_ERRORS},
    /* Mounted read-only it looks at its log and leaves it (fslog.c). */
    {"ntfs", "ntfs3", "iocharset=utf8,umask=0077"},
    {"iso9660", "iso9660", "iocharset=utf8"},
    {"udf", "udf", "iocharset=utf8"},
};
#define WAYS (sizeof(ways) / sizeof(ways[0]))

const struct mount_way *
mount_way_at(size_t index)
{
	return index < WAYS ? &ways[index] : NULL;
}

const struct mount_way *
mount_way_find(const char *type)
{
	for (size_t i = 0; i < WAYS; i++)
		if (strcmp(ways[i].type, type) == 0)
			return &ways[i];
	return NULL;
}
