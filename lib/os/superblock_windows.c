/*
 * vfat: "FAT: General Overview of On-Disk Format" 1.03 (fatgen103): boot
 * sector, FAT[1]; the flag in the boot sector is BS_NTFlags of Linux
 * (struct fat_boot_sector, include/uapi/linux/msdos_fs.h).
 * exfat: exFAT file system specification, section 3.1 (VolumeFlags).
 * ntfs: struct NTFS_BOOT, MFT_REC, ATTRIB, VOLUME_INFO (fs/ntfs3/ntfs.h).
 *
 * None of them counts anything that must change with every write, so none has a
 * stamp.
 */
#include <string.h>

#include "lib/os/superblock_internal.h"

#define SECTOR_BYTES 512
#define FAT12_CLUSTERS_MAX 4084
#define FAT_FLAG_DIRTY 1 /* in the boot sector */
#define FAT_FLAG_ERRORS 2

#define EXFAT_DIRTY 2
#define EXFAT_MEDIA_FAILURE 4

#define NTFS_RECORD_BYTES_MAX 4096
#define NTFS_VOLUME_RECORD 3 /* $Volume */
#define NTFS_VOLUME_INFORMATION 0x70
#define NTFS_END 0xFFFFFFFF
#define NTFS_DIRTY 1

struct fat {
	uint64_t table; /* bytes, from the start */
	bool is_fat32, is_fat16;
};

static bool
parse_fat(const uint8_t *boot, struct fat *ret)
{
	const uint32_t sector = octets_u16_le(boot + 11);
	const uint32_t cluster = boot[13];
	const uint32_t reserved = octets_u16_le(boot + 14);
	const uint32_t small = octets_u16_le(boot + 22);
	uint64_t sectors = octets_u16_le(boot + 19), meta;

	if (sector < 128 || sector > 4096 || cluster == 0)
		return false;
	ret->table = (uint64_t)reserved * sector;
	ret->is_fat32 = small == 0;
	if (sectors == 0)
		sectors = octets_u32_le(boot + 32);
	meta = reserved + (uint64_t)boot[16] * small +
	       (octets_u16_le(boot + 17) * UINT64_C(32) + sector - 1) / sector;
	ret->is_fat16 = !ret->is_fat32 && sectors > meta &&
			(sectors - meta) / cluster > FAT12_CLUSTERS_MAX;
	return true;
}

/* The second entry says "unmounted" and "no errors" by bits that are set. */
static int
read_second_entry(int fd, const struct fat *fat, bool *ret_dirty,
    bool *ret_errors, struct error *err)
{
	uint8_t entry[4];
	int got;

	if (!fat->is_fat32 && !fat->is_fat16)
		return 0;
	got = superblock_pread(
	    fd, fat->table + (fat->is_fat32 ? 4 : 2), entry, 4, err);
	if (got <= 0)
		return got;
	if (fat->is_fat32) {
		*ret_dirty |= (octets_u32_le(entry) & 0x08000000) == 0;
		*ret_errors |= (octets_u32_le(entry) & 0x04000000) == 0;
	} else {
		*ret_dirty |= (octets_u16_le(entry) & 0x8000) == 0;
		*ret_errors |= (octets_u16_le(entry) & 0x4000) == 0;
	}
	return 1;
}

int
superblock_read_fat(int fd, struct superblock *ret, struct error *err)
{
	uint8_t boot[SECTOR_BYTES], flags;
	struct fat fat = {0};
	bool dirty, errors;
	int got = superblock_pread(fd, 0, boot, sizeof(boot), err);

	if (got <= 0 || !parse_fat(boot, &fat))
		return got < 0 ? -1 : 0;
	flags = boot[fat.is_fat32 ? 65 : 37];
	dirty = (flags & FAT_FLAG_DIRTY) != 0;
	errors = (flags & FAT_FLAG_ERRORS) != 0;
	if (read_second_entry(fd, &fat, &dirty, &errors, err) < 0)
		return -1;
	ret->state = dirty ? SUPERBLOCK_DIRTY : SUPERBLOCK_CLEAN;
	ret->has_errors = errors;
	return 0;
}

int
superblock_read_exfat(int fd, struct superblock *ret, struct error *err)
{
	uint8_t boot[SECTOR_BYTES];
	uint16_t flags;
	int got = superblock_pread(fd, 0, boot, sizeof(boot), err);

	if (got <= 0 || memcmp(boot + 3, "EXFAT   ", 8) != 0)
		return got < 0 ? -1 : 0;
	flags = octets_u16_le(boot + 106); /* VolumeFlags */
	ret->state =
	    (flags & EXFAT_DIRTY) != 0 ? SUPERBLOCK_DIRTY : SUPERBLOCK_CLEAN;
	ret->has_errors = (flags & EXFAT_MEDIA_FAILURE) != 0;
	return 0;
}

/* A count of clusters, or, where negative, a power of two of bytes. */
static uint64_t
record_bytes(int8_t size, uint64_t cluster)
{
	if (size > 0)
		return (uint64_t)size * cluster;
	return size > -32 ? UINT64_C(1) << -size : 0;
}

/* Where the record of the volume lies, and how long it is; or 0. */
static uint64_t
find_volume(const uint8_t *boot, uint64_t *ret_bytes)
{
	const uint64_t sector = octets_u16_le(boot + 11);
	const uint64_t per_cluster =
	    boot[13] > 0x80 ? UINT64_C(1) << (256 - boot[13]) : boot[13];
	const uint64_t cluster = sector * per_cluster;
	const uint64_t start = octets_u64_le(boot + 48);

	if (cluster == 0 || cluster > UINT64_C(1) << 31)
		return 0;
	*ret_bytes = record_bytes((int8_t)boot[64], cluster);
	if (*ret_bytes < SECTOR_BYTES || *ret_bytes > NTFS_RECORD_BYTES_MAX ||
	    *ret_bytes % SECTOR_BYTES != 0 || start > INT64_MAX / cluster / 2)
		return 0;
	return start * cluster + NTFS_VOLUME_RECORD * *ret_bytes;
}

/* Put the last two bytes of each sector back from the update sequence. */
static bool
mend_record(uint8_t *record, uint64_t bytes)
{
	const uint64_t at = octets_u16_le(record + 4);
	const uint64_t count = octets_u16_le(record + 6);

	if (memcmp(record, "FILE", 4) != 0 ||
	    count != bytes / SECTOR_BYTES + 1 || at + 2 * count > SECTOR_BYTES)
		return false;
	for (uint64_t i = 1; i < count; i++) {
		uint8_t *end = record + i * SECTOR_BYTES - 2;

		if (memcmp(end, record + at, 2) != 0)
			return false;
		memcpy(end, record + at + 2 * i, 2);
	}
	return true;
}

/* The volume's flags: false when it has none. */
static bool
find_flags(const uint8_t *record, uint64_t bytes, uint16_t *ret_flags)
{
	uint64_t at = octets_u16_le(record + 20);

	while (at + 24 <= bytes) {
		const uint8_t *attribute = record + at;
		const uint64_t length = octets_u32_le(attribute + 4);
		const uint64_t value = octets_u16_le(attribute + 20);

		if (octets_u32_le(attribute) == NTFS_END || length < 24 ||
		    length > bytes - at)
			return false;
		if (octets_u32_le(attribute) == NTFS_VOLUME_INFORMATION &&
		    attribute[8] == 0 && value + 12 <= length) {
			*ret_flags = octets_u16_le(attribute + value + 10);
			return true;
		}
		at += length;
	}
	return false;
}

int
superblock_read_ntfs(int fd, struct superblock *ret, struct error *err)
{
	uint8_t boot[SECTOR_BYTES], record[NTFS_RECORD_BYTES_MAX];
	uint64_t offset, bytes = 0;
	uint16_t flags;
	int got = superblock_pread(fd, 0, boot, sizeof(boot), err);

	if (got <= 0 || memcmp(boot + 3, "NTFS    ", 8) != 0)
		return got < 0 ? -1 : 0;
	offset = find_volume(boot, &bytes);
	if (offset == 0)
		return 0;
	got = superblock_pread(fd, offset, record, bytes, err);
	if (got <= 0)
		return got;
	if (mend_record(record, bytes) && find_flags(record, bytes, &flags))
		ret->state = (flags & NTFS_DIRTY) != 0 ? SUPERBLOCK_DIRTY
						       : SUPERBLOCK_CLEAN;
	return 0;
}
