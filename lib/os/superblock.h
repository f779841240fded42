/*
 * superblock: what a file system says of itself: type, UUID, and the stamps
 * that change when somebody mounts or writes it.
 *
 * Layer 1.  Uses: error, i18n, bytes, identity.  Owns: libblkid.
 *
 * It reads a descriptor of a block device or an image with pread(2), a few
 * pieces of it, and never writes.  The bytes are a stranger's: read them in a
 * sandbox only (worker/probe).
 *
 * Stamps are for comparing what lay on a medium when it left with what lies
 * there when it returns, both read while it was not mounted here: mounting to
 * write changes them, as it should.
 */
#ifndef HIKAE_OS_SUPERBLOCK_H
#define HIKAE_OS_SUPERBLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

#define SUPERBLOCK_TYPE_BYTES 32
#define SUPERBLOCK_UUID_BYTES 64
#define SUPERBLOCK_LABEL_BYTES 256
#define SUPERBLOCK_STAMP_BYTES 192

enum superblock_state {
	SUPERBLOCK_STATE_UNKNOWN,
	SUPERBLOCK_CLEAN,
	SUPERBLOCK_DIRTY, /* in use, or pulled out in use: mounting it, even
			     read-only, may write to it */
};
#define SUPERBLOCK_STATES (SUPERBLOCK_DIRTY + 1)
const char *superblock_state_name(enum superblock_state state);

/* What an unchanged stamp proves; read-only mounts leave no trace anywhere. */
enum superblock_evidence {
	SUPERBLOCK_NO_EVIDENCE, /* FAT, exFAT, NTFS ...: nothing */
	SUPERBLOCK_WRITES,	/* btrfs, UDF: nobody wrote to it */
	SUPERBLOCK_MOUNTS, /* ext, xfs: nobody mounted it to write, either */
	SUPERBLOCK_UNCHANGEABLE, /* ISO 9660: it is never changed in place */
};
#define SUPERBLOCK_EVIDENCES (SUPERBLOCK_UNCHANGEABLE + 1)
const char *superblock_evidence_name(enum superblock_evidence evidence);

struct superblock {
	char type[SUPERBLOCK_TYPE_BYTES]; /* as blkid(8): "ext4", "vfat",
					     "crypto_LUKS"; "": none known */
	char uuid[SUPERBLOCK_UUID_BYTES];
	/* Of this device among those of one file system (btrfs), or "". */
	char uuid_sub[SUPERBLOCK_UUID_BYTES];
	char label[SUPERBLOCK_LABEL_BYTES]; /* any bytes but NUL */
	bool is_weak;			    /* as identity.is_weak */
	bool is_ambiguous;   /* signs of several file systems; type is "" */
	bool has_partitions; /* a partition table is there as well */
	bool has_errors;     /* it noted errors in itself, and wants a check */
	enum superblock_state state;
	enum superblock_evidence evidence;
	/* The parts of the stamp that people may want to see; 0: not there. */
	uint64_t mount_count;  /* ext: since the last check */
	int64_t mounted_at_ms; /* ext: last mount to write */
	int64_t written_at_ms; /* ext: last write */
	uint64_t sequence;     /* btrfs: generation; xfs: where its log ends,
				  cycle * 2^32 + block */
	/*
	 * All of it as one stable text to record and to compare for equality,
	 * "ext mounts=3 mounted=1795300000 written=..."; "" when there is
	 * nothing to compare.
	 */
	char stamp[SUPERBLOCK_STAMP_BYTES];
};

/*
 * Read it.  A device on which nothing is recognised is no error.  ERROR_IO and
 * other errors of the system when it cannot be read.
 */
int superblock_read(
    int fd, struct superblock *ret, struct error *err) ERROR_CHECKED;

#endif
