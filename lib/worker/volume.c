#include "lib/worker/volume.h"

#include <ctype.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/magic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

#include "lib/base/bytes.h"
#include "lib/crypto/digest.h"
#include "lib/os/udevdb.h"

#define UUID_BYTES 16
/* Of the digest of a part's path: enough to tell those of one file system. */
#define PART_BYTES 8

/* Linux 6.9: include/uapi/linux/fs.h, FS_IOC_GETFSUUID. */
struct told_uuid {
	uint8_t length;
	uint8_t uuid[UUID_BYTES];
};
#define IOC_GET_UUID _IOR(0x15, 0, struct told_uuid)

/* Linux 5.19: fs/ext4/ext4.h, EXT4_IOC_GETFSUUID. */
struct told_ext4_uuid {
	uint32_t length, flags;
	uint8_t uuid[UUID_BYTES];
};
#define IOC_GET_EXT4_UUID _IOR('f', 44, uint32_t[2])

/*
 * The UUID that the file system itself tells.  Btrfs gives each subvolume a
 * device of its own, so that nothing else would do there.
 */
static bool
ask_uuid(int fd, uint8_t ret_uuid[UUID_BYTES])
{
	struct btrfs_ioctl_fs_info_args info = {0};
	struct told_uuid told = {0};
	struct told_ext4_uuid ext4 = {.length = UUID_BYTES};
	struct statfs fs;

	if (fstatfs(fd, &fs) != 0)
		return false;
	if (fs.f_type == BTRFS_SUPER_MAGIC &&
	    ioctl(fd, BTRFS_IOC_FS_INFO, &info) == 0)
		memcpy(ret_uuid, info.fsid, UUID_BYTES);
	else if (ioctl(fd, IOC_GET_UUID, &told) == 0 &&
		 told.length == UUID_BYTES)
		memcpy(ret_uuid, told.uuid, UUID_BYTES);
	else if (fs.f_type == EXT4_SUPER_MAGIC &&
		 ioctl(fd, IOC_GET_EXT4_UUID, &ext4) == 0)
		memcpy(ret_uuid, ext4.uuid, UUID_BYTES);
	else
		return false;
	return true;
}

/* Its own word or udev's: the service sees no devices (PrivateDevices). */
bool
volume_read_uuid(int fd, char ret_uuid[IDENTITY_UUID_BYTES])
{
	uint8_t told[UUID_BYTES];
	struct udevdb_record record;
	struct stat st;

	if (ask_uuid(fd, told)) {
		bytes_format_hex(told, sizeof(told), ret_uuid);
		return true;
	}
	return fstat(fd, &st) == 0 &&
	       udevdb_read(
		   UDEVDB_PATH, major(st.st_dev), minor(st.st_dev), &record) &&
	       udevdb_get(&record, "ID_FS_UUID", ret_uuid, IDENTITY_UUID_BYTES);
}

static bool
is_elsewhere(const struct mountinfo_mount *mount)
{
	const enum identity_transport transport =
	    identity_classify(mount->filesystem, mount->source);

	return transport == IDENTITY_NETWORK || transport == IDENTITY_CLOUD ||
	       transport == IDENTITY_MEMORY;
}

void
volume_format(const char *uuid, const struct mountinfo_mount *mount,
    char ret_volume[VOLUME_BYTES])
{
	uint8_t digest[DIGEST_SHA256_BYTES];
	char part[2 * PART_BYTES + 1], digits[IDENTITY_UUID_BYTES];
	size_t length = 0;

	ret_volume[0] = '\0';
	if (identity_is_weak_uuid(mount->filesystem, uuid) ||
	    is_elsewhere(mount))
		return;
	for (; *uuid != '\0' && length + 1 < sizeof(digits); uuid++)
		if (isxdigit((unsigned char)*uuid))
			digits[length++] = (char)tolower((unsigned char)*uuid);
	digits[length] = '\0';
	if (strcmp(mount->root, "/") == 0) {
		memcpy(ret_volume, digits, length + 1);
		return;
	}
	digest_sha256_of(mount->root, strlen(mount->root), digest);
	bytes_format_hex(digest, PART_BYTES, part);
	(void)snprintf(ret_volume, VOLUME_BYTES, "%s/%s", digits, part);
}

bool
volume_is_valid(const char *text)
{
	static const char digits[] = "0123456789abcdef";
	const size_t length = strspn(text, digits);

	if (text[length] == '\0')
		return true;
	return length > 0 && text[length] == '/' &&
	       strlen(text + length + 1) == 2 * PART_BYTES &&
	       strspn(text + length + 1, digits) == 2 * PART_BYTES;
}

void
volume_identify(int fd, char ret_volume[VOLUME_BYTES])
{
	char uuid[IDENTITY_UUID_BYTES];
	const struct mountinfo_mount *mount = NULL;
	struct mountinfo *table = NULL;
	struct error why = {0};
	struct statx facts;

	ret_volume[0] = '\0';
	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID,
		&facts) == 0 &&
	    (facts.stx_mask & STATX_MNT_ID) != 0)
		table = mountinfo_read(MOUNTINFO_PATH, &why);
	if (table != NULL)
		mount = mountinfo_find_id(table, facts.stx_mnt_id);
	if (mount != NULL && volume_read_uuid(fd, uuid))
		volume_format(uuid, mount, ret_volume);
	mountinfo_free(table);
}
