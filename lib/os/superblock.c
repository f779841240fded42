#include "lib/os/superblock.h"

#include <blkid/blkid.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/identity.h"
#include "lib/os/superblock_internal.h"

int
superblock_pread(
    int fd, uint64_t offset, void *room, size_t length, struct error *err)
{
	uint8_t *at = room;

	while (length > 0) {
		ssize_t got;

		if (offset > INT64_MAX - length)
			return 0;
		got = pread(fd, at, length, (off_t)offset);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set_errno(
			    err, errno, _("cannot read the block device"));
		if (got == 0)
			return 0;
		at += got;
		offset += (uint64_t)got;
		length -= (size_t)got;
	}
	return 1;
}

/* A value as text; what does not fit counts as absent. */
static void
take_value(blkid_probe probe, const char *name, char *room, size_t size)
{
	const char *value;
	size_t length;

	if (blkid_probe_lookup_value(probe, name, &value, &length) != 0 ||
	    strnlen(value, length) >= size)
		return;
	memcpy(room, value, strnlen(value, length));
	room[strnlen(value, length)] = '\0';
}

static void
ask_libblkid(blkid_probe probe, struct superblock *ret)
{
	int result;

	(void)blkid_probe_enable_superblocks(probe, 1);
	(void)blkid_probe_set_superblocks_flags(
	    probe, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_UUID | BLKID_SUBLKS_LABEL);
	(void)blkid_probe_enable_partitions(probe, 1);
	result = blkid_do_safeprobe(probe);
	/* 1: nothing was recognised; -2: several, and which is not clear. */
	ret->is_ambiguous = result == -2;
	if (result != 0)
		return;
	take_value(probe, "TYPE", ret->type, sizeof(ret->type));
	take_value(probe, "UUID", ret->uuid, sizeof(ret->uuid));
	take_value(probe, "UUID_SUB", ret->uuid_sub, sizeof(ret->uuid_sub));
	take_value(probe, "LABEL", ret->label, sizeof(ret->label));
	ret->has_partitions = blkid_probe_has_value(probe, "PTTYPE") != 0;
}

static int
recognise(int fd, struct superblock *ret, struct error *err)
{
	blkid_probe probe = blkid_new_probe();

	if (probe == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	errno = 0;
	if (blkid_probe_set_device(probe, fd, 0, 0) != 0) {
		const int os_errno = errno != 0 ? errno : EIO;

		blkid_free_probe(probe);
		return error_set_errno(
		    err, os_errno, _("cannot read the block device"));
	}
	ask_libblkid(probe, ret);
	blkid_free_probe(probe);
	ret->is_weak = identity_is_weak_uuid(ret->type, ret->uuid);
	return 0;
}

int
superblock_read(int fd, struct superblock *ret, struct error *err)
{
	static const struct {
		const char *type;
		int (*read)(int, struct superblock *, struct error *);
	} families[] = {
	    {"ext2", superblock_read_ext},
	    {"ext3", superblock_read_ext},
	    {"ext4", superblock_read_ext},
	    {"xfs", superblock_read_xfs},
	    {"btrfs", superblock_read_btrfs},
	    {"vfat", superblock_read_fat},
	    {"exfat", superblock_read_exfat},
	    {"ntfs", superblock_read_ntfs},
	    {"udf", superblock_read_udf},
	    {"iso9660", superblock_read_iso},
	};
	struct superblock superblock = {0};
	uint8_t first;

	/* What a file system wrote past the device's own cache counts too. */
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	/* libblkid takes what cannot be read for what is not there. */
	if (superblock_pread(fd, 0, &first, 1, err) < 0 ||
	    recognise(fd, &superblock, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (strcmp(superblock.type, families[i].type) == 0 &&
		    families[i].read(fd, &superblock, err) < 0)
			return -1;
	*ret = superblock;
	return 0;
}

const char *
superblock_state_name(enum superblock_state state)
{
	static const char *const names[SUPERBLOCK_STATES] = {
	    [SUPERBLOCK_STATE_UNKNOWN] = "unknown",
	    [SUPERBLOCK_CLEAN] = "clean",
	    [SUPERBLOCK_DIRTY] = "dirty",
	};

	return names[state];
}

const char *
superblock_evidence_name(enum superblock_evidence evidence)
{
	static const char *const names[SUPERBLOCK_EVIDENCES] = {
	    [SUPERBLOCK_NO_EVIDENCE] = "none",
	    [SUPERBLOCK_WRITES] = "writes",
	    [SUPERBLOCK_MOUNTS] = "mounts",
	    [SUPERBLOCK_UNCHANGEABLE] = "unchangeable",
	};

	return names[evidence];
}
