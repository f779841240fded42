/*
 * udf: ECMA-167 (3rd edition) parts 3 and 4: anchor volume descriptor pointer
 * (3/10.2), logical volume descriptor (3/10.6), logical volume integrity
 * descriptor (3/10.10), timestamp (1/7.3); UDF 2.60, section 2.2.6.
 * iso9660: ECMA-119 (4th edition), section 8.4, primary volume descriptor.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/os/superblock_internal.h"

#define ANCHOR_BLOCK 256
#define DESCRIPTOR_BYTES 512
#define DESCRIPTORS_MAX 64
#define TAG_ANCHOR 2
#define TAG_LOGICAL_VOLUME 6
#define TAG_END 8
#define TAG_INTEGRITY 9
#define INTEGRITY_OPEN 0
#define INTEGRITY_CLOSED 1

#define ISO_OFFSET 32768
#define ISO_BYTES 2048
#define ISO_DATE_DIGITS 16

struct extent {
	uint64_t block, count; /* of blocks */
};

/* The sum of a tag's bytes but its own place (ECMA-167 3/7.2.3). */
static bool
is_tag(const uint8_t *at, uint16_t identifier)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < 16; i++)
		sum = (uint8_t)(sum + (i == 4 ? 0 : at[i]));
	return octets_u16_le(at) == identifier && sum == at[4];
}

static struct extent
extent_at(const uint8_t *at, uint64_t block_bytes)
{
	return (struct extent){octets_u32_le(at + 4),
	    (octets_u32_le(at) + block_bytes - 1) / block_bytes};
}

/* 1 with the volume's descriptor sequence; 0 when this is no such device. */
static int
find_anchor(int fd, uint64_t *ret_block_bytes, struct extent *ret_sequence,
    struct error *err)
{
	static const uint64_t sizes[] = {2048, 512, 4096, 1024};
	uint8_t block[DESCRIPTOR_BYTES];

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		const int got = superblock_pread(
		    fd, ANCHOR_BLOCK * sizes[i], block, sizeof(block), err);

		if (got < 0)
			return -1;
		if (got == 0 || !is_tag(block, TAG_ANCHOR) ||
		    octets_u32_le(block + 12) != ANCHOR_BLOCK)
			continue;
		*ret_block_bytes = sizes[i];
		*ret_sequence = extent_at(block + 16, sizes[i]);
		return 1;
	}
	return 0;
}

/*
 * The last descriptor of a kind in a sequence: 1 with it, 0, -1.  Integrity
 * sequences go on where a descriptor says so.
 */
static int
find_last(int fd, uint64_t block_bytes, struct extent sequence,
    uint16_t identifier, uint8_t ret[DESCRIPTOR_BYTES], struct error *err)
{
	uint8_t block[DESCRIPTOR_BYTES];
	int found = 0;

	for (size_t i = 0; i < DESCRIPTORS_MAX && sequence.count > 0; i++) {
		const int got = superblock_pread(fd,
		    sequence.block * block_bytes, block, sizeof(block), err);

		if (got < 0)
			return -1;
		if (got == 0 || is_tag(block, TAG_END) ||
		    octets_u16_le(block) == 0)
			break;
		sequence.block++;
		sequence.count--;
		if (!is_tag(block, identifier))
			continue;
		memcpy(ret, block, sizeof(block));
		found = 1;
		if (identifier == TAG_INTEGRITY &&
		    octets_u32_le(block + 32) != 0)
			sequence = extent_at(block + 32, block_bytes);
	}
	return found;
}

static void
take_integrity(const uint8_t *at, struct superblock *ret)
{
	const uint32_t kind = octets_u32_le(at + 28);

	if (kind == INTEGRITY_OPEN)
		ret->state = SUPERBLOCK_DIRTY;
	else if (kind == INTEGRITY_CLOSED)
		ret->state = SUPERBLOCK_CLEAN;
	ret->evidence = SUPERBLOCK_WRITES;
	(void)snprintf(ret->stamp, sizeof(ret->stamp),
	    "udf recorded=%04u-%02u-%02uT%02u:%02u:%02u.%02u%02u%02u"
	    " unique=%" PRIu64,
	    octets_u16_le(at + 18), at[20], at[21], at[22], at[23], at[24],
	    at[25], at[26], at[27], octets_u64_le(at + 40));
}

int
superblock_read_udf(int fd, struct superblock *ret, struct error *err)
{
	uint8_t descriptor[DESCRIPTOR_BYTES];
	struct extent sequence = {0};
	uint64_t block_bytes = 0;
	int got = find_anchor(fd, &block_bytes, &sequence, err);

	if (got > 0)
		got = find_last(fd, block_bytes, sequence, TAG_LOGICAL_VOLUME,
		    descriptor, err);
	if (got > 0)
		got = find_last(fd, block_bytes,
		    extent_at(descriptor + 432, block_bytes), TAG_INTEGRITY,
		    descriptor, err);
	if (got > 0)
		take_integrity(descriptor, ret);
	return got < 0 ? -1 : 0;
}

/* Sixteen digits; anything else is no date. */
static bool
is_date(const uint8_t *at)
{
	for (size_t i = 0; i < ISO_DATE_DIGITS; i++)
		if (at[i] < '0' || at[i] > '9')
			return false;
	return true;
}

int
superblock_read_iso(int fd, struct superblock *ret, struct error *err)
{
	uint8_t block[ISO_BYTES];
	int got = superblock_pread(fd, ISO_OFFSET, block, sizeof(block), err);

	if (got <= 0 || block[0] != 1 || memcmp(block + 1, "CD001", 5) != 0 ||
	    !is_date(block + 813) || !is_date(block + 830))
		return got < 0 ? -1 : 0;
	ret->state = SUPERBLOCK_CLEAN;
	ret->evidence = SUPERBLOCK_UNCHANGEABLE;
	(void)snprintf(ret->stamp, sizeof(ret->stamp),
	    "iso9660 created=%.16s modified=%.16s blocks=%" PRIu32,
	    (const char *)block + 813, (const char *)block + 830,
	    octets_u32_le(block + 80));
	return 0;
}
