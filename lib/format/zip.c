#include "lib/format/zip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"

/* Fixed parts, bytes; names, extra fields and comments follow. */
#define LOCAL_BYTES 30
#define ENTRY_BYTES 46
#define END_BYTES 22
#define END64_BYTES 56
#define LOCATOR64_BYTES 20
#define NAME_BYTES_MAX 65535
#define COMMENT_BYTES_MAX 65535

#define ENTRY_MAGIC "PK\001\002"
#define LOCAL_MAGIC "PK\003\004"
#define END_MAGIC "PK\005\006"
#define END64_MAGIC "PK\006\006"
#define LOCATOR64_MAGIC "PK\006\007"
#define MAGIC_BYTES 4

#define FLAG_ENCRYPTED 1u
#define FLAG_MASKED (1u << 13) /* what stands before the data is hidden */
#define EXTRA_ZIP64 1
#define IN_ZIP64 UINT32_MAX

struct zip {
	int fd;
	uint64_t size;
	uint64_t begin, end; /* of the central directory in the file */
	uint64_t shift;	     /* of all offsets: something stands in front */
	uint64_t entries;
	bool counts_whole; /* else entries is modulo 2^16 */
	uint8_t entry[ENTRY_BYTES + 2 * NAME_BYTES_MAX];
	uint8_t local[LOCAL_BYTES + NAME_BYTES_MAX];
	uint8_t tail[END_BYTES + COMMENT_BYTES_MAX];
};

static uint16_t
u16(const uint8_t *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

static uint32_t
u32(const uint8_t *at)
{
	return u16(at) | (uint32_t)u16(at + 2) << 16;
}

static uint64_t
u64(const uint8_t *at)
{
	return u32(at) | (uint64_t)u32(at + 4) << 32;
}

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
	uint8_t *to = room;

	if (offset > zip->size || length > zip->size - offset)
		return disagree(err);
	while (length > 0) {
		ssize_t n = pread(zip->fd, to, length, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_errno(
			    err, errno, _("cannot read the archive"));
		if (n == 0)
			return disagree(err);
		to += n;
		offset += (uint64_t)n;
		length -= (size_t)n;
	}
	return 0;
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
	uint8_t locator[LOCATOR64_BYTES], end64[END64_BYTES];
	uint64_t at;

	if (end < LOCATOR64_BYTES)
		return 0;
	if (read_at(
		zip, end - LOCATOR64_BYTES, locator, sizeof(locator), err) != 0)
		return -1;
	if (memcmp(locator, LOCATOR64_MAGIC, MAGIC_BYTES) != 0)
		return 0;
	at = u64(locator + 8);
	if (read_at(zip, at, end64, sizeof(end64), err) != 0)
		return -1;
	if (memcmp(end64, END64_MAGIC, MAGIC_BYTES) != 0)
		return disagree(err);
	zip->counts_whole = true;
	zip->entries = u64(end64 + 32);
	zip->begin = u64(end64 + 48);
	zip->shift = 0;
	if (__builtin_add_overflow(zip->begin, u64(end64 + 40), &zip->end) ||
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

	if (length < END_BYTES)
		return disagree(err);
	if (read_at(zip, from, zip->tail, length, err) != 0)
		return -1;
	for (at = length - END_BYTES + 1; at > 0; at--)
		if (memcmp(zip->tail + at - 1, END_MAGIC, MAGIC_BYTES) == 0 &&
		    at - 1 + END_BYTES + u16(zip->tail + at - 1 + 20) <= length)
			break;
	if (at == 0)
		return disagree(err);
	end = zip->tail + at - 1;
	behind = at - 1 + END_BYTES + u16(end + 20);
	*ret_trailing = !is_zero(zip->tail + behind, length - behind);
	zip->entries = u16(end + 10);
	zip->end = from + at - 1;
	directory = u32(end + 12);
	if (directory > zip->end)
		directory = zip->end;
	zip->begin = zip->end - directory;
	zip->shift = zip->begin - u32(end + 16);
	return find_end64(zip, from + at - 1, err);
}

/* ---- entries ---- */

/* Where the entry's data begins, from an extra field if it must be. */
static int
find_local(const struct zip *zip, size_t name, size_t extra,
    uint64_t *ret_offset, struct error *err)
{
	const uint8_t *at = zip->entry + ENTRY_BYTES + name;
	size_t skip = 0;

	*ret_offset = u32(zip->entry + 42);
	if (*ret_offset != IN_ZIP64) {
		*ret_offset += zip->shift;
		return 0;
	}
	/* Both sizes come before, where they are in zip64 as well. */
	skip += u32(zip->entry + 24) == IN_ZIP64 ? 8 : 0;
	skip += u32(zip->entry + 20) == IN_ZIP64 ? 8 : 0;
	while (extra >= 4 && u16(at + 2) <= extra - 4) {
		size_t length = u16(at + 2);

		if (u16(at) == EXTRA_ZIP64 && length >= skip + 8) {
			*ret_offset = u64(at + 4 + skip) + zip->shift;
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
	unsigned flags = u16(zip->entry + 8);
	uint64_t offset;

	if (find_local(zip, name, extra, &offset, err) != 0)
		return -1;
	if ((flags & FLAG_MASKED) != 0)
		return 0;
	if (read_at(zip, offset, zip->local, LOCAL_BYTES, err) != 0)
		return -1;
	if (memcmp(zip->local, LOCAL_MAGIC, MAGIC_BYTES) != 0 ||
	    u16(zip->local + 26) != name ||
	    u16(zip->local + 8) != u16(zip->entry + 10) ||
	    ((u16(zip->local + 6) ^ flags) & FLAG_ENCRYPTED) != 0)
		return disagree(err);
	if (read_at(zip, offset + LOCAL_BYTES, zip->local + LOCAL_BYTES, name,
		err) != 0)
		return -1;
	if (memcmp(zip->local + LOCAL_BYTES, zip->entry + ENTRY_BYTES, name) !=
	    0)
		return disagree(err);
	return 0;
}

static int
check_entries(struct zip *zip, struct error *err)
{
	uint64_t at = zip->begin, count = 0;

	while (at < zip->end) {
		size_t name, extra;

		if (zip->end - at < ENTRY_BYTES)
			return disagree(err);
		if (read_at(zip, at, zip->entry, ENTRY_BYTES, err) != 0)
			return -1;
		/* A signature of the directory may follow the last entry. */
		if (memcmp(zip->entry, "PK\005\005", MAGIC_BYTES) == 0)
			break;
		name = u16(zip->entry + 28);
		extra = u16(zip->entry + 30);
		if (memcmp(zip->entry, ENTRY_MAGIC, MAGIC_BYTES) != 0)
			return disagree(err);
		if (read_at(zip, at + ENTRY_BYTES, zip->entry + ENTRY_BYTES,
			name + extra, err) != 0 ||
		    check_local(zip, name, extra, err) != 0)
			return -1;
		at += ENTRY_BYTES + name + extra + u16(zip->entry + 32);
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
