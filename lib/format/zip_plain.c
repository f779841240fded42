#include "lib/format/zip_plain.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/octets.h"
#include "lib/format/zip_record.h"

#define DESCRIPTOR_BYTES 16
#define DESCRIPTOR64_BYTES 24
#define EXTRA_BYTES_MAX 256
#define FILL_BYTES_MAX 10239 /* libarchive writes blocks of 10240 */

#define FLAG_DESCRIPTOR (1u << 3) /* checksum and sizes follow the data */
#define FLAG_NAME_UTF8 (1u << 11)
#define FLAGS_DEFLATE 6u /* how hard it tried */

struct zip_plain {
	int fd;
	uint64_t size;
	uint64_t begin, end; /* of the directory */
	uint64_t entries;
	uint64_t next; /* where the next member begins */
};

/* One member, as the directory has it. */
struct member {
	unsigned flags;
	size_t name; /* its length */
	uint32_t checksum;
	uint64_t packed, bytes, offset;
};

static int
refuse(struct error *err)
{
	return error_set(err, ERROR_INPUT,
	    _("something stands in the zip file beside its members: programs "
	      "may unpack something else"));
}

/* Exactly `length` bytes at `offset`. */
static int
read_at(const struct zip_plain *zip, uint64_t offset, void *room, size_t length,
    struct error *err)
{
	int rc = zip_record_read(zip->fd, zip->size, offset, room, length, err);

	if (rc == 0)
		return refuse(err);
	return rc < 0 ? -1 : 0;
}

static bool
begins(const uint8_t *at, const char *magic)
{
	return memcmp(at, magic, ZIP_MAGIC_BYTES) == 0;
}

/* ---- the end ---- */

/* A field of the first end, where a second has the whole number. */
static bool
is_told(uint64_t field, uint64_t most, uint64_t whole)
{
	return field == (whole < most ? whole : most) || field == most;
}

/* `end` is the first end, `at` where what precedes it must end. */
static int
take_end64(
    struct zip_plain *zip, const uint8_t *end, uint64_t *at, struct error *err)
{
	uint8_t locator[ZIP_LOCATOR64_BYTES], end64[ZIP_END64_BYTES];

	if (*at < ZIP_LOCATOR64_BYTES + ZIP_END64_BYTES)
		return 0;
	if (read_at(zip, *at - ZIP_LOCATOR64_BYTES, locator, sizeof(locator),
		err) != 0)
		return -1;
	if (!begins(locator, ZIP_LOCATOR64_MAGIC))
		return 0;
	*at -= ZIP_LOCATOR64_BYTES + ZIP_END64_BYTES;
	if (read_at(zip, *at, end64, sizeof(end64), err) != 0)
		return -1;
	if (!begins(end64, ZIP_END64_MAGIC) ||
	    octets_u64_le(locator + 8) != *at ||
	    octets_u32_le(locator + 4) != 0 ||
	    octets_u32_le(locator + 16) != 1 ||
	    octets_u64_le(end64 + 4) != ZIP_END64_BYTES - 12 ||
	    octets_u32_le(end64 + 16) != 0 || octets_u32_le(end64 + 20) != 0 ||
	    octets_u64_le(end64 + 24) != octets_u64_le(end64 + 32) ||
	    !is_told(zip->entries, UINT16_MAX, octets_u64_le(end64 + 32)) ||
	    !is_told(octets_u32_le(end + 12), UINT32_MAX,
		octets_u64_le(end64 + 40)) ||
	    !is_told(zip->begin, UINT32_MAX, octets_u64_le(end64 + 48)))
		return refuse(err);
	zip->entries = octets_u64_le(end64 + 32);
	zip->end = octets_u64_le(end64 + 40);
	zip->begin = octets_u64_le(end64 + 48);
	return 0;
}

/* The last one; behind it zeros may fill the writer's last block. */
static int
find_end(struct zip_plain *zip, uint8_t ret_end[ZIP_END_BYTES],
    uint64_t *ret_at, struct error *err)
{
	uint8_t tail[ZIP_END_BYTES + FILL_BYTES_MAX];
	size_t length =
	    zip->size < sizeof(tail) ? (size_t)zip->size : sizeof(tail);
	size_t at = length;

	if (length < ZIP_END_BYTES)
		return refuse(err);
	if (read_at(zip, zip->size - length, tail, length, err) != 0)
		return -1;
	while (at > 0 && tail[at - 1] == 0)
		at--;
	/* Zeros may end it, too: no comment, and an offset of whole blocks. */
	for (at = at + ZIP_END_BYTES < length ? at : length - ZIP_END_BYTES;;
	     at--) {
		if (begins(tail + at, ZIP_END_MAGIC)) {
			memcpy(ret_end, tail + at, ZIP_END_BYTES);
			*ret_at = zip->size - length + at;
			return 0;
		}
		if (at == 0 || tail[at + ZIP_END_BYTES - 1] != 0)
			break;
	}
	return refuse(err);
}

static int
take_end(struct zip_plain *zip, struct error *err)
{
	uint64_t at;
	uint8_t end[ZIP_END_BYTES];

	if (find_end(zip, end, &at, err) != 0)
		return -1;
	/* Disks are 0, both counts the same, and no comment. */
	if (!begins(end, ZIP_END_MAGIC) || octets_u32_le(end + 4) != 0 ||
	    octets_u16_le(end + 8) != octets_u16_le(end + 10) ||
	    octets_u16_le(end + 20) != 0)
		return refuse(err);
	zip->entries = octets_u16_le(end + 10);
	zip->end = octets_u32_le(end + 12); /* as a length, until below */
	zip->begin = octets_u32_le(end + 16);
	if (take_end64(zip, end, &at, err) != 0)
		return -1;
	if (__builtin_add_overflow(zip->begin, zip->end, &zip->end) ||
	    zip->end != at)
		return refuse(err);
	return 0;
}

/* ---- members ---- */

/* Those that change neither a name nor the data, each a bit; else 0. */
static unsigned
known_extra(uint16_t id)
{
	static const uint16_t known[] = {ZIP_EXTRA_ZIP64, 0x5455 /* times */,
	    0x7875 /* owner */, 0x6c78 /* mode */};

	for (unsigned i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i] == id)
			return 1u << i;
	return 0;
}

/* Read a number from the zip64 field, if it must stand there. */
static bool
widen(uint64_t *number, const uint8_t **at, size_t *left)
{
	if (*number != ZIP_IN_ZIP64)
		return true;
	if (*left < 8)
		return false;
	*number = octets_u64_le(*at);
	*at += 8;
	*left -= 8;
	return true;
}

/*
 * Walk the extra fields; the numbers, in their order there, get what zip64
 * says.  Each field may be there once.
 */
static bool
take_extra(const uint8_t *at, size_t left, uint64_t *numbers[], size_t count)
{
	unsigned seen = 0;

	while (left >= 4) {
		uint16_t id = octets_u16_le(at);
		size_t length = octets_u16_le(at + 2), rest = length;
		const uint8_t *from = at + 4;
		unsigned bit = known_extra(id);

		if (length > left - 4 || bit == 0 || (seen & bit) != 0)
			return false;
		seen |= bit;
		for (size_t i = 0; id == ZIP_EXTRA_ZIP64 && i < count; i++)
			if (!widen(numbers[i], &from, &rest))
				return false;
		if (id == ZIP_EXTRA_ZIP64 && rest != 0)
			return false;
		at += 4 + length;
		left -= 4 + length;
	}
	return left == 0;
}

/* Read what follows a name. */
static int
read_extra(const struct zip_plain *zip, uint64_t at, size_t length,
    uint8_t extra[EXTRA_BYTES_MAX], struct error *err)
{
	if (length > EXTRA_BYTES_MAX)
		return refuse(err);
	return read_at(zip, at, extra, length, err);
}

/* What stands behind the data, where the sizes were not known before it. */
static int
take_descriptor(
    struct zip_plain *zip, const struct member *member, struct error *err)
{
	bool is_wide =
	    member->packed >= ZIP_IN_ZIP64 || member->bytes >= ZIP_IN_ZIP64;
	size_t length = is_wide ? DESCRIPTOR64_BYTES : DESCRIPTOR_BYTES;
	uint8_t data[DESCRIPTOR64_BYTES];

	if (read_at(zip, zip->next, data, length, err) != 0)
		return -1;
	if (!begins(data, ZIP_DESCRIPTOR_MAGIC) ||
	    octets_u32_le(data + 4) != member->checksum ||
	    (is_wide ? octets_u64_le(data + 8) : octets_u32_le(data + 8)) !=
		member->packed ||
	    (is_wide ? octets_u64_le(data + 16) : octets_u32_le(data + 12)) !=
		member->bytes)
		return refuse(err);
	zip->next += length;
	return 0;
}

/* A number before the data: 0 where it was not known yet. */
static bool
is_same(const struct member *member, uint64_t there, uint64_t whole)
{
	return there == whole ||
	       (there == 0 && (member->flags & FLAG_DESCRIPTOR) != 0);
}

static int
take_local(
    struct zip_plain *zip, const struct member *member, struct error *err)
{
	uint8_t local[ZIP_LOCAL_BYTES], extra[EXTRA_BYTES_MAX];
	uint64_t packed = 0, bytes = 0, *numbers[] = {&bytes, &packed};
	size_t name, length;

	if (read_at(zip, zip->next, local, sizeof(local), err) != 0)
		return -1;
	name = octets_u16_le(local + 26);
	length = octets_u16_le(local + 28);
	packed = octets_u32_le(local + 18);
	bytes = octets_u32_le(local + 22);
	if (member->offset != zip->next || !begins(local, ZIP_LOCAL_MAGIC) ||
	    octets_u16_le(local + 6) != member->flags || name != member->name)
		return refuse(err);
	if (read_extra(zip, zip->next + ZIP_LOCAL_BYTES + name, length, extra,
		err) != 0)
		return -1;
	if (!take_extra(extra, length, numbers, 2) ||
	    !is_same(member, octets_u32_le(local + 14), member->checksum) ||
	    !is_same(member, packed, member->packed) ||
	    !is_same(member, bytes, member->bytes))
		return refuse(err);
	zip->next += ZIP_LOCAL_BYTES + name + length;
	if (member->packed > zip->begin || zip->next > zip->begin)
		return refuse(err);
	zip->next += member->packed;
	return (member->flags & FLAG_DESCRIPTOR) != 0
		   ? take_descriptor(zip, member, err)
		   : 0;
}

/* The entry at *at, which goes on to the next one. */
static int
take_entry(struct zip_plain *zip, uint64_t *at, struct error *err)
{
	uint8_t entry[ZIP_ENTRY_BYTES], extra[EXTRA_BYTES_MAX];
	struct member member = {.flags = 0};
	uint64_t *numbers[] = {&member.bytes, &member.packed, &member.offset};
	size_t length;

	if (read_at(zip, *at, entry, sizeof(entry), err) != 0)
		return -1;
	member = (struct member){
	    .flags = octets_u16_le(entry + 8),
	    .name = octets_u16_le(entry + 28),
	    .checksum = octets_u32_le(entry + 16),
	    .packed = octets_u32_le(entry + 20),
	    .bytes = octets_u32_le(entry + 24),
	    .offset = octets_u32_le(entry + 42),
	};
	length = octets_u16_le(entry + 30);
	/* No comment, and on this disk. */
	if (!begins(entry, ZIP_ENTRY_MAGIC) || octets_u32_le(entry + 32) != 0 ||
	    (member.flags &
		~(FLAG_DESCRIPTOR | FLAG_NAME_UTF8 | FLAGS_DEFLATE)) != 0)
		return refuse(err);
	*at += ZIP_ENTRY_BYTES + member.name;
	if (read_extra(zip, *at, length, extra, err) != 0)
		return -1;
	if (!take_extra(extra, length, numbers, 3))
		return refuse(err);
	*at += length;
	return take_local(zip, &member, err);
}

int
zip_plain_check(int fd, uint64_t size, struct error *err)
{
	struct zip_plain zip = {.fd = fd, .size = size};
	uint64_t at, count = 0;

	if (take_end(&zip, err) != 0)
		return -1;
	for (at = zip.begin; at < zip.end; count++)
		if (take_entry(&zip, &at, err) != 0)
			return -1;
	if (at != zip.end || zip.next != zip.begin || count != zip.entries)
		return refuse(err);
	return 0;
}
