#include "lib/examine/readings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"

/*
 * File: a header of 4,096 bytes (magic, offset of the table, slots, records),
 * then the table.  Growing writes a larger table behind the old one, then the
 * header, then gives the old one's blocks back.
 */
#define MAGIC "hikaeRD2"
#define HEADER_BYTES 4096
#define SLOT_BYTES 64
#define KEY_BYTES 12
#define CHECK_BYTES 7
/* A slot's state: enum reading_state, and above it enum sealing_kind. */
#define STATE_MASK 0x0f
#define KIND_SHIFT 4
#define FIRST_SLOTS 4096
#define PROBES_MAX 128
/* The table grows when more than 5 of 8 slots are taken. */
#define FULL_NUMERATOR 5
#define FULL_DENOMINATOR 8
/* With so many readers one that put in less than its share grows nothing. */
#define FEW 32

struct readings {
	int fd;
	uint8_t secret[READINGS_SECRET_BYTES];
	uint64_t offset; /* of the table, bytes */
	uint64_t slots;	 /* a power of two */
	uint64_t records;
};

/* A slot as it stands in the file. */
struct slot {
	uint8_t key[KEY_BYTES];
	uint8_t stamp[4]; /* of the change time */
	uint8_t digest[DIGEST_SHA256_BYTES];
	uint8_t read_at[8];
	uint8_t state;
	uint8_t check[CHECK_BYTES];
};
_Static_assert(sizeof(struct slot) == SLOT_BYTES, "slots are packed");

static void
put_u64(uint8_t out[8], uint64_t value)
{
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t)(value >> (56 - 8 * i));
}

static uint64_t
get_u64(const uint8_t in[8])
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | in[i];
	return value;
}

static void
make_key(const struct readings *readings,
    const struct readings_identity *identity, uint8_t key[KEY_BYTES])
{
	uint8_t input[READINGS_SECRET_BYTES + 48];
	uint8_t digest[DIGEST_SHA256_BYTES];
	uint8_t *at = input + READINGS_SECRET_BYTES;

	memcpy(input, readings->secret, READINGS_SECRET_BYTES);
	put_u64(at, identity->inode);
	put_u64(at + 8, identity->size);
	put_u64(at + 16, (uint64_t)identity->mtime_seconds);
	put_u64(at + 24, identity->mtime_nanoseconds);
	put_u64(at + 32, identity->from);
	put_u64(at + 40, identity->end);
	digest_sha256_of(input, sizeof(input), digest);
	memcpy(key, digest, KEY_BYTES);
}

/* Other change times almost always have other stamps (Fibonacci hashing). */
static void
make_stamp(const struct readings_identity *identity, uint8_t stamp[4])
{
	uint64_t nanoseconds =
	    (uint64_t)identity->ctime_seconds * UINT64_C(1000000000) +
	    identity->ctime_nanoseconds;
	uint32_t value =
	    (uint32_t)(nanoseconds * UINT64_C(0x9e3779b97f4a7c15) >> 32);

	for (int i = 0; i < 4; i++)
		stamp[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void
make_check(const struct readings *readings, const struct slot *slot,
    uint8_t check[CHECK_BYTES])
{
	uint8_t input[READINGS_SECRET_BYTES + SLOT_BYTES - CHECK_BYTES];
	uint8_t digest[DIGEST_SHA256_BYTES];

	memcpy(input, readings->secret, READINGS_SECRET_BYTES);
	memcpy(input + READINGS_SECRET_BYTES, slot, SLOT_BYTES - CHECK_BYTES);
	digest_sha256_of(input, sizeof(input), digest);
	memcpy(check, digest, CHECK_BYTES);
}

static bool
is_slot_free(const struct slot *slot)
{
	static const struct slot zero;

	return memcmp(slot, &zero, sizeof(zero)) == 0;
}

static bool
is_slot_good(const struct readings *readings, const struct slot *slot)
{
	uint8_t check[CHECK_BYTES];

	make_check(readings, slot, check);
	return memcmp(check, slot->check, CHECK_BYTES) == 0 &&
	       (slot->state & STATE_MASK) < READING_STATES &&
	       slot->state >> KIND_SHIFT < SEALING_KINDS;
}

static bool
read_slot(const struct readings *readings, uint64_t number, struct slot *slot)
{
	off_t at = (off_t)(readings->offset + number * SLOT_BYTES);

	return pread(readings->fd, slot, sizeof(*slot), at) ==
	       (ssize_t)sizeof(*slot);
}

static bool
write_slot(
    const struct readings *readings, uint64_t number, const struct slot *slot)
{
	off_t at = (off_t)(readings->offset + number * SLOT_BYTES);

	return pwrite(readings->fd, slot, sizeof(*slot), at) ==
	       (ssize_t)sizeof(*slot);
}

/*
 * The slot that holds the key, or the first one where it may be put; false
 * when the neighbourhood is full or unreadable.  A damaged slot is room.
 */
static bool
probe(const struct readings *readings, const uint8_t key[KEY_BYTES],
    uint64_t *ret_number, struct slot *ret_slot, bool *ret_found)
{
	uint64_t first = get_u64(key) & (readings->slots - 1);
	bool has_room = false;
	struct slot slot;

	*ret_found = false;
	for (uint64_t i = 0; i < PROBES_MAX; i++) {
		uint64_t number = (first + i) & (readings->slots - 1);

		if (!read_slot(readings, number, &slot))
			return has_room;
		if (memcmp(slot.key, key, KEY_BYTES) == 0 &&
		    is_slot_good(readings, &slot)) {
			*ret_number = number;
			*ret_slot = slot;
			*ret_found = true;
			return true;
		}
		if (is_slot_free(&slot)) {
			if (!has_room)
				*ret_number = number;
			return true;
		}
		if (!has_room && !is_slot_good(readings, &slot)) {
			*ret_number = number;
			has_room = true;
		}
	}
	return has_room;
}

static bool
write_header(const struct readings *readings)
{
	uint8_t header[32];

	/* NOLINTNEXTLINE(bugprone-not-null-terminated-result): no text */
	memcpy(header, MAGIC, 8);
	put_u64(header + 8, readings->offset);
	put_u64(header + 16, readings->slots);
	put_u64(header + 24, readings->records);
	return pwrite(readings->fd, header, sizeof(header), 0) ==
	       (ssize_t)sizeof(header);
}

/* False when the header or the table's place makes no sense. */
static bool
read_header(struct readings *readings, uint64_t file_size)
{
	uint8_t header[32];
	uint64_t slots;

	if (pread(readings->fd, header, sizeof(header), 0) !=
		(ssize_t)sizeof(header) ||
	    memcmp(header, MAGIC, 8) != 0)
		return false;
	readings->offset = get_u64(header + 8);
	slots = readings->slots = get_u64(header + 16);
	readings->records = get_u64(header + 24);
	return slots >= FIRST_SLOTS && (slots & (slots - 1)) == 0 &&
	       slots <= UINT64_MAX / SLOT_BYTES / 4 &&
	       readings->offset >= HEADER_BYTES &&
	       readings->offset <= file_size &&
	       slots * SLOT_BYTES <= file_size - readings->offset;
}

static bool
start_anew(struct readings *readings)
{
	readings->offset = HEADER_BYTES;
	readings->slots = FIRST_SLOTS;
	readings->records = 0;
	return ftruncate(readings->fd, 0) == 0 &&
	       ftruncate(readings->fd,
		   (off_t)(HEADER_BYTES + FIRST_SLOTS * SLOT_BYTES)) == 0 &&
	       write_header(readings);
}

int
readings_new(int fd, const uint8_t secret[READINGS_SECRET_BYTES],
    struct readings **ret_readings, struct error *err)
{
	struct readings *readings = calloc(1, sizeof(*readings));
	struct stat st;

	if (readings == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	readings->fd = fd;
	memcpy(readings->secret, secret, READINGS_SECRET_BYTES);
	if (fstat(fd, &st) != 0 ||
	    (!read_header(readings, (uint64_t)st.st_size) &&
		!start_anew(readings))) {
		free(readings);
		return error_set_errno(
		    err, errno, _("cannot use the table of readings"));
	}
	*ret_readings = readings;
	return 0;
}

/*
 * Whether another reader has made the table larger, which then lies elsewhere
 * (and where it lay is a hole); from now on this one uses that too.
 */
static bool
has_moved(struct readings *readings)
{
	struct readings now = *readings;
	uint8_t offset[8];
	struct stat st;

	if (pread(readings->fd, offset, sizeof(offset), 8) !=
		(ssize_t)sizeof(offset) ||
	    get_u64(offset) == readings->offset)
		return false;
	if (fstat(readings->fd, &st) != 0 ||
	    !read_header(&now, (uint64_t)st.st_size))
		return false;
	*readings = now;
	return true;
}

void
readings_free(struct readings *readings)
{
	if (readings == NULL)
		return;
	if (!has_moved(readings))
		(void)write_header(readings);
	explicit_bzero(readings->secret, sizeof(readings->secret));
	free(readings);
}

/*
 * Copy the good records of a table into a larger one, but for those of which it
 * has later ones.
 */
static bool
copy_records(const struct readings *from, struct readings *to)
{
	struct slot slot, other;
	uint64_t number;
	bool found;

	for (uint64_t i = 0; i < from->slots; i++) {
		if (!read_slot(from, i, &slot))
			return false;
		if (is_slot_free(&slot) || !is_slot_good(from, &slot))
			continue;
		if (!probe(to, slot.key, &number, &other, &found))
			return false;
		if (found && get_u64(other.read_at) > get_u64(slot.read_at))
			continue;
		if (!write_slot(to, number, &slot))
			return false;
		if (!found)
			to->records++;
	}
	return true;
}

/*
 * What others put into the old table until they see that it moved is fetched by
 * the second copying.
 */
static void
move_to_larger(struct readings *readings)
{
	struct readings larger = *readings;
	uint64_t old_bytes = readings->slots * SLOT_BYTES;
	struct stat st;

	larger.records = 0;
	if (fstat(readings->fd, &st) != 0 ||
	    readings->slots > UINT64_MAX / SLOT_BYTES / 16)
		return;
	larger.offset = (uint64_t)st.st_size;
	larger.slots = readings->slots * 4;
	if (ftruncate(readings->fd,
		(off_t)(larger.offset + larger.slots * SLOT_BYTES)) != 0)
		return;
	/* What stands behind the old table is room for the next attempt. */
	if (!copy_records(readings, &larger) || !write_header(&larger) ||
	    !copy_records(readings, &larger))
		return;
	(void)fallocate(readings->fd,
	    FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)readings->offset,
	    (off_t)old_bytes);
	*readings = larger;
}

/*
 * One at a time; locks are the process's, since readers may share the open
 * file.
 */
static void
grow(struct readings *readings)
{
	struct flock lock = {
	    .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = HEADER_BYTES};

	if (fcntl(readings->fd, F_SETLKW, &lock) != 0)
		return;
	if (!has_moved(readings))
		move_to_larger(readings);
	lock.l_type = F_UNLCK;
	(void)fcntl(readings->fd, F_SETLK, &lock);
}

/* The key's slot, in the table that is in use. */
static bool
look_up(struct readings *readings, const uint8_t key[KEY_BYTES],
    uint64_t *ret_number, struct slot *ret_slot, bool *ret_found)
{
	bool has_place = probe(readings, key, ret_number, ret_slot, ret_found);

	if (!*ret_found && has_moved(readings))
		has_place =
		    probe(readings, key, ret_number, ret_slot, ret_found);
	return has_place;
}

bool
readings_find(struct readings *readings,
    const struct readings_identity *identity, struct reading *ret_reading)
{
	uint8_t key[KEY_BYTES], stamp[4];
	struct slot slot;
	uint64_t number;
	bool found;

	make_key(readings, identity, key);
	make_stamp(identity, stamp);
	if (!look_up(readings, key, &number, &slot, &found) || !found)
		return false;
	if (!identity->is_shared &&
	    memcmp(slot.stamp, stamp, sizeof(stamp)) != 0)
		return false;
	memcpy(ret_reading->digest, slot.digest, sizeof(slot.digest));
	ret_reading->read_at = (int64_t)get_u64(slot.read_at);
	ret_reading->state = (enum reading_state)(slot.state & STATE_MASK);
	ret_reading->kind = (enum sealing_kind)(slot.state >> KIND_SHIFT);
	return true;
}

void
readings_put(struct readings *readings,
    const struct readings_identity *identity, const struct reading *reading)
{
	struct slot slot, old;
	unsigned kind = reading->kind;
	uint64_t number;
	bool found;

	if (readings->records >
	    readings->slots / FULL_DENOMINATOR * FULL_NUMERATOR)
		grow(readings);
	make_key(readings, identity, slot.key);
	make_stamp(identity, slot.stamp);
	memcpy(slot.digest, reading->digest, sizeof(slot.digest));
	put_u64(slot.read_at, (uint64_t)reading->read_at);
	if (!look_up(readings, slot.key, &number, &old, &found)) {
		/* Others have filled it; one that cannot be read stays. */
		if (readings->records < readings->slots / FEW)
			return;
		grow(readings);
		if (!look_up(readings, slot.key, &number, &old, &found))
			return;
	}
	if (found && reading->kind == SEALING_UNSEEN &&
	    memcmp(old.digest, slot.digest, sizeof(slot.digest)) == 0)
		kind = old.state >> KIND_SHIFT;
	slot.state = (uint8_t)(reading->state | kind << KIND_SHIFT);
	make_check(readings, &slot, slot.check);
	if (write_slot(readings, number, &slot) && !found)
		readings->records++;
}
