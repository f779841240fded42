#include "lib/format/zip_plain.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"

/* Fixed parts, bytes; names and extra fields follow. */
#define LOCAL_BYTES 30
#define ENTRY_BYTES 46
#define END_BYTES 22
#define END64_BYTES 56
#define LOCATOR64_BYTES 20
#define DESCRIPTOR_BYTES 16
#define DESCRIPTOR64_BYTES 24
#define EXTRA_BYTES_MAX 256
#define FILL_BYTES_MAX 10239 /* libarchive writes blocks of 10240 */

#define ENTRY_MAGIC "PK\001\002"
#define LOCAL_MAGIC "PK\003\004"
#define END_MAGIC "PK\005\006"
#define END64_MAGIC "PK\006\006"
#define LOCATOR64_MAGIC "PK\006\007"
#define DESCRIPTOR_MAGIC "PK\007\010"
#define MAGIC_BYTES 4

#define FLAG_DESCRIPTOR (1u << 3) /* checksum and sizes follow the data */
#define FLAG_NAME_UTF8 (1u << 11)
#define FLAGS_DEFLATE 6u /* how hard it tried */
#define EXTRA_ZIP64 1
#define IN_ZIP64 UINT32_MAX

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
	uint8_t *to = room;

	if (offset > zip->size || length > zip->size - offset)
		return refuse(err);
	while (length > 0) {
		ssize_t n = pread(zip->fd, to, length, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_errno(
			    err, errno, _("cannot read the archive"));
		if (n == 0)
			return refuse(err);
		to += n;
		offset += (uint64_t)n;
		length -= (size_t)n;
	}
	return 0;
}

static bool
begins(const uint8_t *at, const char *magic)
{
	return memcmp(at, magic, MAGIC_BYTES) == 0;
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
	uint8_t locator[LOCATOR64_BYTES], end64[END64_BYTES];

	if (*at < LOCATOR64_BYTES + END64_BYTES)
		return 0;
	if (read_at(
		zip, *at - LOCATOR64_BYTES, locator, sizeof(locator), err) != 0)
		return -1;
	if (!begins(locator, LOCATOR64_MAGIC))
		return 0;
	*at -= LOCATOR64_BYTES + END64_BYTES;
	if (read_at(zip, *at, end64, sizeof(end64), err) != 0)
		return -1;
	if (!begins(end64, END64_MAGIC) || u64(locator + 8) != *at ||
	    u32(locator + 4) != 0 || u32(locator + 16) != 1 ||
	    u64(end64 + 4) != END64_BYTES - 12 || u32(end64 + 16) != 0 ||
	    u32(end64 + 20) != 0 || u64(end64 + 24) != u64(end64 + 32) ||
	    !is_told(zip->entries, UINT16_MAX, u64(end64 + 32)) ||
	    !is_told(u32(end + 12), UINT32_MAX, u64(end64 + 40)) ||
	    !is_told(zip->begin, UINT32_MAX, u64(end64 + 48)))
		return refuse(err);
	zip->entries = u64(end64 + 32);
	zip->end = u64(end64 + 40);
	zip->begin = u64(end64 + 48);
	return 0;
}

/* The last one; behind it zeros may fill the writer's last block. */
static int
find_end(struct zip_plain *zip, uint8_t ret_end[END_BYTES], uint64_t *ret_at,
    struct error *err)
{
	uint8_t tail[END_BYTES + FILL_BYTES_MAX];
	size_t length =
	    zip->size < sizeof(tail) ? (size_t)zip->size : sizeof(tail);
	size_t at = length;

	if (length < END_BYTES)
		return refuse(err);
	if (read_at(zip, zip->size - length, tail, length, err) != 0)
		return -1;
	while (at > 0 && tail[at - 1] == 0)
		at--;
	/* Zeros may end it, too: no comment, and an offset of whole blocks. */
	for (at = at + END_BYTES < length ? at : length - END_BYTES;; at--) {
		if (begins(tail + at, END_MAGIC)) {
			memcpy(ret_end, tail + at, END_BYTES);
			*ret_at = zip->size - length + at;
			return 0;
		}
		if (at == 0 || tail[at + END_BYTES - 1] != 0)
			break;
	}
	return refuse(err);
}

static int
take_end(struct zip_plain *zip, struct error *err)
{
	uint64_t at;
	uint8_t end[END_BYTES];

	if (find_end(zip, end, &at, err) != 0)
		return -1;
	/* Disks are 0, both counts the same, and no comment. */
	if (!begins(end, END_MAGIC) || u32(end + 4) != 0 ||
	    u16(end + 8) != u16(end + 10) || u16(end + 20) != 0)
		return refuse(err);
	zip->entries = u16(end + 10);
	zip->end = u32(end + 12); /* as a length, until below */
	zip->begin = u32(end + 16);
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
	static const uint16_t known[] = {EXTRA_ZIP64, 0x5455 /* times */,
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
	if (*number != IN_ZIP64)
		return true;
	if (*left < 8)
		return false;
	*number = u64(*at);
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
		uint16_t id = u16(at);
		size_t length = u16(at + 2), rest = length;
		const uint8_t *from = at + 4;
		unsigned bit = known_extra(id);

		if (length > left - 4 || bit == 0 || (seen & bit) != 0)
			return false;
		seen |= bit;
		for (size_t i = 0; id == EXTRA_ZIP64 && i < count; i++)
			if (!widen(numbers[i], &from, &rest))
				return false;
		if (id == EXTRA_ZIP64 && rest != 0)
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
	bool is_wide = member->packed >= IN_ZIP64 || member->bytes >= IN_ZIP64;
	size_t length = is_wide ? DESCRIPTOR64_BYTES : DESCRIPTOR_BYTES;
	uint8_t data[DESCRIPTOR64_BYTES];

	if (read_at(zip, zip->next, data, length, err) != 0)
		return -1;
	if (!begins(data, DESCRIPTOR_MAGIC) ||
	    u32(data + 4) != member->checksum ||
	    (is_wide ? u64(data + 8) : u32(data + 8)) != member->packed ||
	    (is_wide ? u64(data + 16) : u32(data + 12)) != member->bytes)
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
	uint8_t local[LOCAL_BYTES], extra[EXTRA_BYTES_MAX];
	uint64_t packed = 0, bytes = 0, *numbers[] = {&bytes, &packed};
	size_t name, length;

	if (read_at(zip, zip->next, local, sizeof(local), err) != 0)
		return -1;
	name = u16(local + 26);
	length = u16(local + 28);
	packed = u32(local + 18);
	bytes = u32(local + 22);
	if (member->offset != zip->next || !begins(local, LOCAL_MAGIC) ||
	    u16(local + 6) != member->flags || name != member->name)
		return refuse(err);
	if (read_extra(
		zip, zip->next + LOCAL_BYTES + name, length, extra, err) != 0)
		return -1;
	if (!take_extra(extra, length, numbers, 2) ||
	    !is_same(member, u32(local + 14), member->checksum) ||
	    !is_same(member, packed, member->packed) ||
	    !is_same(member, bytes, member->bytes))
		return refuse(err);
	zip->next += LOCAL_BYTES + name + length;
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
	uint8_t entry[ENTRY_BYTES], extra[EXTRA_BYTES_MAX];
	struct member member = {.flags = 0};
	uint64_t *numbers[] = {&member.bytes, &member.packed, &member.offset};
	size_t length;

	if (read_at(zip, *at, entry, sizeof(entry), err) != 0)
		return -1;
	member = (struct member){
	    .flags = u16(entry + 8),
	    .name = u16(entry + 28),
	    .checksum = u32(entry + 16),
	    .packed = u32(entry + 20),
	    .bytes = u32(entry + 24),
	    .offset = u32(entry + 42),
	};
	length = u16(entry + 30);
	/* No comment, and on this disk. */
	if (!begins(entry, ENTRY_MAGIC) || u32(entry + 32) != 0 ||
	    (member.flags &
		~(FLAG_DESCRIPTOR | FLAG_NAME_UTF8 | FLAGS_DEFLATE)) != 0)
		return refuse(err);
	*at += ENTRY_BYTES + member.name;
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
