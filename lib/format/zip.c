#include "lib/format/zip.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/octets.h"
#include "lib/format/zip_record.h"

#define NAME_BYTES_MAX 65535
#define COMMENT_BYTES_MAX 65535

#define FLAG_ENCRYPTED 1u
#define FLAG_MASKED (1u << 13) /* what stands before the data is hidden */

struct zip {
	int fd;
	uint64_t size;
	uint64_t begin, end; /* of the central directory in the file */
	uint64_t shift;	     /* of all offsets: something stands in front */
	uint64_t entries;
	bool counts_whole; /* else entries is modulo 2^16 */
	uint8_t entry[ZIP_ENTRY_BYTES + 2 * NAME_BYTES_MAX];
	uint8_t local[ZIP_LOCAL_BYTES + NAME_BYTES_MAX];
	uint8_t tail[ZIP_END_BYTES + COMMENT_BYTES_MAX];
};

static int
disagree(struct error *err)
{
	return error_set(err, ERROR_INPUT,
	    _("the zip file's directory does not agree with its members"));
}

/* Exactly `length` bytes at `offset`; a file that is too short disagrees. */
static int
read_at(const struct zip *zip, uint64_t offset, void *room, size_t length,
    struct error *err)
{
	int rc = zip_record_read(zip->fd, zip->size, offset, room, length, err);

	if (rc == 0)
		return disagree(err);
	return rc < 0 ? -1 : 0;
}

static bool
is_zero(const uint8_t *data, size_t length)
{
	while (length > 0 && data[length - 1] == 0)
		length--;
	return length == 0;
}

/* ---- the end ---- */

/*
 * Larger archives have a second end before the first.  `end` is where the
 * first stands.
 */
static int
find_end64(struct zip *zip, uint64_t end, struct error *err)
{
	uint8_t locator[ZIP_LOCATOR64_BYTES], end64[ZIP_END64_BYTES];
	uint64_t at;

	if (end < ZIP_LOCATOR64_BYTES)
		return 0;
	if (read_at(zip, end - ZIP_LOCATOR64_BYTES, locator, sizeof(locator),
		err) != 0)
		return -1;
	if (memcmp(locator, ZIP_LOCATOR64_MAGIC, ZIP_MAGIC_BYTES) != 0)
		return 0;
	at = octets_u64_le(locator + 8);
	if (read_at(zip, at, end64, sizeof(end64), err) != 0)
		return -1;
	if (memcmp(end64, ZIP_END64_MAGIC, ZIP_MAGIC_BYTES) != 0)
		return disagree(err);
	zip->counts_whole = true;
	zip->entries = octets_u64_le(end64 + 32);
	zip->begin = octets_u64_le(end64 + 48);
	zip->shift = 0;
	if (__builtin_add_overflow(
		zip->begin, octets_u64_le(end64 + 40), &zip->end) ||
	    zip->end > at)
		return disagree(err);
	return 0;
}

/* The last end whose comment fits into the file. */
static int
find_end(struct zip *zip, bool *ret_trailing, struct error *err)
{
	size_t length = zip->size < sizeof(zip->tail) ? (size_t)zip->size
						      : sizeof(zip->tail);
	uint64_t from = zip->size - length, directory;
	size_t at, behind;
	const uint8_t *end;

	if (length < ZIP_END_BYTES)
		return disagree(err);
	if (read_at(zip, from, zip->tail, length, err) != 0)
		return -1;
	for (at = length - ZIP_END_BYTES + 1; at > 0; at--)
		if (memcmp(zip->tail + at - 1, ZIP_END_MAGIC,
			ZIP_MAGIC_BYTES) == 0 &&
		    at - 1 + ZIP_END_BYTES +
			    octets_u16_le(zip->tail + at - 1 + 20) <=
			length)
			break;
	if (at == 0)
		return disagree(err);
	end = zip->tail + at - 1;
	behind = at - 1 + ZIP_END_BYTES + octets_u16_le(end + 20);
	*ret_trailing = !is_zero(zip->tail + behind, length - behind);
	zip->entries = octets_u16_le(end + 10);
	zip->end = from + at - 1;
	directory = octets_u32_le(end + 12);
	if (directory > zip->end)
		directory = zip->end;
	zip->begin = zip->end - directory;
	zip->shift = zip->begin - octets_u32_le(end + 16);
	return find_end64(zip, from + at - 1, err);
}

/* ---- entries ---- */

/* Where the entry's data begins, from an extra field if it must be. */
static int
find_local(const struct zip *zip, size_t name, size_t extra,
    uint64_t *ret_offset, struct error *err)
{
	const uint8_t *at = zip->entry + ZIP_ENTRY_BYTES + name;
	size_t skip = 0;

	*ret_offset = octets_u32_le(zip->entry + 42);
	if (*ret_offset != ZIP_IN_ZIP64) {
		*ret_offset += zip->shift;
		return 0;
	}
	/* Both sizes come before, where they are in zip64 as well. */
	skip += octets_u32_le(zip->entry + 24) == ZIP_IN_ZIP64 ? 8 : 0;
	skip += octets_u32_le(zip->entry + 20) == ZIP_IN_ZIP64 ? 8 : 0;
	while (extra >= 4 && octets_u16_le(at + 2) <= extra - 4) {
		size_t length = octets_u16_le(at + 2);

		if (octets_u16_le(at) == ZIP_EXTRA_ZIP64 &&
		    length >= skip + 8) {
			*ret_offset = octets_u64_le(at + 4 + skip) + zip->shift;
			return 0;
		}
		at += 4 + length;
		extra -= 4 + length;
	}
	return disagree(err);
}

/* Compare one entry, in zip->entry, with what stands before its data. */
static int
check_local(struct zip *zip, size_t name, size_t extra, struct error *err)
{
	unsigned flags = octets_u16_le(zip->entry + 8);
	uint64_t offset;

	if (find_local(zip, name, extra, &offset, err) != 0)
		return -1;
	if ((flags & FLAG_MASKED) != 0)
		return 0;
	if (read_at(zip, offset, zip->local, ZIP_LOCAL_BYTES, err) != 0)
		return -1;
	if (memcmp(zip->local, ZIP_LOCAL_MAGIC, ZIP_MAGIC_BYTES) != 0 ||
	    octets_u16_le(zip->local + 26) != name ||
	    octets_u16_le(zip->local + 8) != octets_u16_le(zip->entry + 10) ||
	    ((octets_u16_le(zip->local + 6) ^ flags) & FLAG_ENCRYPTED) != 0)
		return disagree(err);
	if (read_at(zip, offset + ZIP_LOCAL_BYTES, zip->local + ZIP_LOCAL_BYTES,
		name, err) != 0)
		return -1;
	if (memcmp(zip->local + ZIP_LOCAL_BYTES, zip->entry + ZIP_ENTRY_BYTES,
		name) != 0)
		return disagree(err);
	return 0;
}

static int
check_entries(struct zip *zip, struct error *err)
{
	uint64_t at = zip->begin, count = 0;

	while (at < zip->end) {
		size_t name, extra;

		if (zip->end - at < ZIP_ENTRY_BYTES)
			return disagree(err);
		if (read_at(zip, at, zip->entry, ZIP_ENTRY_BYTES, err) != 0)
			return -1;
		/* A signature of the directory may follow the last entry. */
		if (memcmp(zip->entry, "PK\005\005", ZIP_MAGIC_BYTES) == 0)
			break;
		name = octets_u16_le(zip->entry + 28);
		extra = octets_u16_le(zip->entry + 30);
		if (memcmp(zip->entry, ZIP_ENTRY_MAGIC, ZIP_MAGIC_BYTES) != 0)
			return disagree(err);
		if (read_at(zip, at + ZIP_ENTRY_BYTES,
			zip->entry + ZIP_ENTRY_BYTES, name + extra, err) != 0 ||
		    check_local(zip, name, extra, err) != 0)
			return -1;
		at += ZIP_ENTRY_BYTES + name + extra +
		      octets_u16_le(zip->entry + 32);
		count++;
	}
	if (zip->counts_whole ? count != zip->entries
			      : (count & 0xffff) != zip->entries)
		return disagree(err);
	return 0;
}

int
zip_check(int fd, uint64_t size, bool *ret_trailing, struct error *err)
{
	struct zip *zip = calloc(1, sizeof(*zip));
	int rc = -1;

	if (zip == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	zip->fd = fd;
	zip->size = size;
	if (find_end(zip, ret_trailing, err) == 0 &&
	    check_entries(zip, err) == 0)
		rc = 0;
	free(zip);
	return rc;
}
