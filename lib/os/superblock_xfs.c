/*
 * xfs: struct xfs_dsb at byte 0 and the log's records (fs/xfs/libxfs/
 * xfs_format.h and xfs_log_format.h of Linux; "XFS Algorithms & Data
 * Structures", chapters Superblocks and Journaling Log).
 *
 * The log is a ring of 512-byte blocks; each begins with the number of its
 * cycle, and where that drops is the end of what was written last.  Every mount
 * to write leaves at least a record there.  A file system that was unmounted
 * has an unmount record last.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/os/superblock_internal.h"

#define BLOCK_BYTES UINT64_C(512) /* a "basic block" */
#define RECORD_MAGIC 0xFEEDBABE
#define RECORD_VERSION_2 2
#define HEADER_CYCLE_BYTES 32768 /* of a record, for one header block */
#define OPERATION_UNMOUNT 0x20
/* A record has at most 256 KiB and nine header blocks. */
#define RECORD_BLOCKS_MAX 1024
#define FEATURES_CRC 5 /* sb_versionnum, low four bits */

struct log {
	int fd;
	uint64_t offset; /* bytes, on the device */
	uint64_t blocks;
};

/* sb_logstart is an allocation group's number and a block in it. */
static bool
find_log(const uint8_t *block, struct log *ret)
{
	const uint64_t block_bytes = octets_u32_be(block + 4);
	const uint64_t start = octets_u64_be(block + 48);
	const uint64_t group_blocks = octets_u32_be(block + 84);
	const uint64_t log_blocks = octets_u32_be(block + 96);
	const unsigned group_bits = block[124];
	uint64_t at;

	/* 0: the log is on another device. */
	if (start == 0 || group_bits == 0 || group_bits > 31 ||
	    block_bytes < BLOCK_BYTES || block_bytes > 65536 ||
	    start >> group_bits > UINT32_MAX || log_blocks == 0)
		return false;
	at = (start >> group_bits) * group_blocks +
	     (start & ((UINT64_C(1) << group_bits) - 1));
	if (at > INT64_MAX / block_bytes)
		return false;
	ret->offset = at * block_bytes;
	ret->blocks = log_blocks * block_bytes / BLOCK_BYTES;
	return true;
}

static uint32_t
cycle_of(const uint8_t *block)
{
	const uint32_t first = octets_u32_be(block);

	return first == RECORD_MAGIC ? octets_u32_be(block + 4) : first;
}

static int
read_cycle(
    const struct log *log, uint64_t number, uint32_t *ret, struct error *err)
{
	uint8_t block[8];
	int got = superblock_pread(log->fd, log->offset + number * BLOCK_BYTES,
	    block, sizeof(block), err);

	if (got > 0)
		*ret = cycle_of(block);
	return got;
}

/* The first block of the older cycle: 1 with it, 0, -1. */
static int
find_head(const struct log *log, uint64_t *ret_head, uint32_t *ret_cycle,
    struct error *err)
{
	uint64_t low = 0, high = log->blocks - 1;
	uint32_t first, last, middle;
	int got = read_cycle(log, 0, &first, err);

	if (got > 0)
		got = read_cycle(log, high, &last, err);
	if (got <= 0)
		return got;
	*ret_cycle = first;
	if (first == last) { /* written to its very end */
		*ret_head = log->blocks;
		return 1;
	}
	while (high - low > 1) {
		got = read_cycle(log, low + (high - low) / 2, &middle, err);
		if (got <= 0)
			return got;
		if (middle == last)
			high = low + (high - low) / 2;
		else
			low += (high - low) / 2;
	}
	*ret_head = high;
	return 1;
}

/* Whether the blocks, which end where the log does, end in an unmount. */
static bool
ends_in_unmount(const uint8_t *blocks, uint64_t count)
{
	for (uint64_t i = count; i > 0; i--) {
		const uint8_t *header = blocks + (i - 1) * BLOCK_BYTES;
		uint64_t headers = 1, data, size;

		if (octets_u32_be(header) != RECORD_MAGIC)
			continue;
		data = (octets_u32_be(header + 12) + BLOCK_BYTES - 1) /
		       BLOCK_BYTES;		    /* h_len */
		size = octets_u32_be(header + 320); /* h_size */
		if (octets_u32_be(header + 8) == RECORD_VERSION_2 &&
		    size > HEADER_CYCLE_BYTES)
			headers = (size + HEADER_CYCLE_BYTES - 1) /
				  HEADER_CYCLE_BYTES;
		return i - 1 + headers + data == count &&
		       octets_u32_be(header + 40) == 1 && data > 0 &&
		       (header[headers * BLOCK_BYTES + 9] &
			   OPERATION_UNMOUNT) != 0;
	}
	return false;
}

/* A record may lie across the ring's end. */
static int
read_before(const struct log *log, uint64_t head, uint8_t *blocks,
    uint64_t count, struct error *err)
{
	const uint64_t wrapped = head < count ? count - head : 0;
	int got = 1;

	if (wrapped > 0)
		got = superblock_pread(log->fd,
		    log->offset + (log->blocks - wrapped) * BLOCK_BYTES, blocks,
		    wrapped * BLOCK_BYTES, err);
	if (got > 0)
		got = superblock_pread(log->fd,
		    log->offset + (head + wrapped - count) * BLOCK_BYTES,
		    blocks + wrapped * BLOCK_BYTES,
		    (count - wrapped) * BLOCK_BYTES, err);
	return got;
}

static int
read_log(const struct log *log, uint64_t lsn, struct superblock *ret,
    struct error *err)
{
	const uint64_t count =
	    log->blocks < RECORD_BLOCKS_MAX ? log->blocks : RECORD_BLOCKS_MAX;
	uint8_t *blocks = NULL;
	uint64_t head;
	uint32_t cycle;
	int got = find_head(log, &head, &cycle, err);

	if (got <= 0)
		return got;
	blocks = calloc(count, BLOCK_BYTES);
	if (blocks == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	got = read_before(log, head, blocks, count, err);
	if (got > 0) {
		ret->state = ends_in_unmount(blocks, count) ? SUPERBLOCK_CLEAN
							    : SUPERBLOCK_DIRTY;
		ret->sequence = (uint64_t)cycle << 32 | head;
		ret->evidence = SUPERBLOCK_MOUNTS;
		(void)snprintf(ret->stamp, sizeof(ret->stamp),
		    "xfs log=%" PRIu32 ":%" PRIu64 " lsn=%" PRIu64 ":%" PRIu64,
		    cycle, head, lsn >> 32, lsn & UINT32_MAX);
	}
	free(blocks);
	return got;
}

int
superblock_read_xfs(int fd, struct superblock *ret, struct error *err)
{
	uint8_t block[BLOCK_BYTES];
	struct log log = {.fd = fd};
	uint64_t lsn = 0;
	int got = superblock_pread(fd, 0, block, sizeof(block), err);

	if (got <= 0 || memcmp(block, "XFSB", 4) != 0)
		return got < 0 ? -1 : 0;
	if ((octets_u16_be(block + 100) & 0xF) == FEATURES_CRC)
		lsn = octets_u64_be(block + 240); /* sb_lsn */
	if (find_log(block, &log))
		return read_log(&log, lsn, ret, err) < 0 ? -1 : 0;
	if (lsn != 0) {
		ret->sequence = lsn;
		ret->evidence = SUPERBLOCK_MOUNTS;
		(void)snprintf(ret->stamp, sizeof(ret->stamp),
		    "xfs lsn=%" PRIu64 ":%" PRIu64, lsn >> 32,
		    lsn & UINT32_MAX);
	}
	return 0;
}
