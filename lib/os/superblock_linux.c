/*
 * ext2, ext3, ext4: struct ext4_super_block, at byte 1024
 * (Documentation/filesystems/ext4/super.rst).
 * btrfs: struct btrfs_super_block, at 64 KiB
 * (include/uapi/linux/btrfs_tree.h; "On-disk Format", btrfs documentation).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/os/superblock_internal.h"

#define EXT_OFFSET 1024
#define EXT_BYTES 1024
#define EXT_MAGIC 0xEF53
#define EXT_STATE_VALID 1
#define EXT_STATE_ERROR 2
#define EXT_INCOMPAT_RECOVER 4 /* the journal must be replayed */

#define BTRFS_OFFSET 65536
#define BTRFS_BYTES 112

/* Seconds since the epoch, of which an 8-bit field holds the upper part. */
static int64_t
ext_seconds(const uint8_t *at, const uint8_t *high)
{
	return (int64_t)((uint64_t)*high << 32 | octets_u32_le(at));
}

int
superblock_read_ext(int fd, struct superblock *ret, struct error *err)
{
	uint8_t block[EXT_BYTES];
	int64_t mounted, written;
	uint16_t state;
	int got = superblock_pread(fd, EXT_OFFSET, block, sizeof(block), err);

	if (got <= 0 || octets_u16_le(block + 0x38) != EXT_MAGIC)
		return got < 0 ? -1 : 0;
	mounted = ext_seconds(block + 0x2C, block + 0x275); /* s_mtime */
	written = ext_seconds(block + 0x30, block + 0x274); /* s_wtime */
	ret->mounted_at_ms = mounted * CLOCK_SECOND_MS;
	ret->written_at_ms = written * CLOCK_SECOND_MS;
	ret->mount_count = octets_u16_le(block + 0x34); /* s_mnt_count */
	state = octets_u16_le(block + 0x3A);		/* s_state */
	ret->has_errors = (state & EXT_STATE_ERROR) != 0;
	ret->state =
	    (state & EXT_STATE_VALID) != 0 &&
		    (octets_u32_le(block + 0x60) & EXT_INCOMPAT_RECOVER) == 0
		? SUPERBLOCK_CLEAN
		: SUPERBLOCK_DIRTY;
	ret->evidence = SUPERBLOCK_MOUNTS;
	(void)snprintf(ret->stamp, sizeof(ret->stamp),
	    "ext mounts=%" PRIu64 " mounted=%" PRId64 " written=%" PRId64
	    " kib=%" PRIu64,
	    ret->mount_count, mounted, written,
	    octets_u64_le(block + 0x178)); /* s_kbytes_written */
	return 0;
}

int
superblock_read_btrfs(int fd, struct superblock *ret, struct error *err)
{
	uint8_t block[BTRFS_BYTES];
	int got = superblock_pread(fd, BTRFS_OFFSET, block, sizeof(block), err);

	if (got <= 0 || memcmp(block + 64, "_BHRfS_M", 8) != 0)
		return got < 0 ? -1 : 0;
	ret->sequence = octets_u64_le(block + 72); /* generation */
	/* It is whole at any moment, but a log tree is replayed at mount. */
	ret->state = octets_u64_le(block + 96) == 0 ? SUPERBLOCK_CLEAN
						    : SUPERBLOCK_DIRTY;
	ret->evidence = SUPERBLOCK_WRITES;
	(void)snprintf(ret->stamp, sizeof(ret->stamp),
	    "btrfs generation=%" PRIu64 " log=%" PRIu64, ret->sequence,
	    octets_u64_le(block + 96));
	return 0;
}
