/*
 * Archives of pg_dump: -Fc whole, and toc.dat of -Fd and -Ft, whose parts are
 * files of their own (inspect_part).
 *
 * Source: PostgreSQL, src/bin/pg_dump (pg_backup_archiver.c, ReadHead and
 * ReadToc; pg_backup_custom.c), archive versions 1.12 (9.0) to 1.16 (17).
 * `pg_restore --list` is content with the table of contents; here each block of
 * data is walked, unpacked and counted against it.
 */
#include <string.h>

#include "lib/format/gzip_inflate.h"
#include "lib/inspect/feed.h"
#include "lib/inspect/inspect_internal.h"
#include "lib/inspect/pgdump_parts.h"
#include "lib/inspect/pgdump_value.h"

#define MAGIC "PGDMP"
#define FIXED_BYTES \
	11 /* magic, version of three, sizes of int, offset; format */
#define VERSION_LEAST 12
#define VERSION_MOST 16
#define INT_BYTES_MAX 8

#define FORMAT_CUSTOM 1
#define FORMAT_TAR 3

#define BLOCK_DATA 1
#define BLOCK_BLOBS 3
#define PLACE_NO_DATA 3

/* What the table of contents says of one thing, in this order. */
enum item {
	ITEM_ID,
	ITEM_HAS_DATA,
	ITEM_TABLE_OID,
	ITEM_OID,
	ITEM_TAG,
	ITEM_KIND,
	ITEM_SECTION,
	ITEM_DEFINITION,
	ITEM_DROP,
	ITEM_COPY,
	ITEM_SCHEMA,
	ITEM_TABLESPACE,
	ITEM_ACCESS,  /* from 1.14 */
	ITEM_RELKIND, /* from 1.16 */
	ITEM_OWNER,
	ITEM_OIDS,
	ITEM_DEPENDENCY, /* again and again until there is none */
	ITEM_PLACE,	 /* custom: a byte and an offset; else a file name */
	ITEM_LAST,
};

enum step {
	STEP_FIXED,
	STEP_COMPRESSION,
	STEP_DATE,  /* seven numbers */
	STEP_NAMES, /* database, version of server and of pg_dump */
	STEP_COUNT,
	STEP_ENTRY,
	STEP_BLOCK, /* its kind, or the end of the file */
	STEP_BLOCK_ID,
	STEP_BLOB,
	STEP_CHUNK,
	STEP_CONTENT,
	STEP_LOST,
};

struct state {
	struct feed feed;
	enum step step;
	struct pgdump_value value;
	unsigned minor, int_bytes, offset_bytes, format;
	bool is_packed, is_opaque; /* by zlib; by what is not looked at */
	unsigned repeated;	   /* numbers or names read of a step */
	int64_t entries, seen;
	enum item item;
	int64_t id;
	bool has_data, is_table, is_blobs;
	char tag[PGDUMP_TEXT_BYTES];
	struct pgdump_parts parts;
	uint8_t block;
	uint64_t chunk_left, blocks, named; /* named: files with data */
	/* Of contents that are whole, and of the one at the moment. */
	uint64_t unpacked, unpacking;
	struct gzip_inflate *inflate;
};

static void
lose(struct inspect *inspect, enum inspect_severity severity,
    enum inspect_code code)
{
	struct state *state = inspect->state;

	inspect_find(inspect, severity, code, state->feed.offset);
	state->step = STEP_LOST;
}

static void
move(struct state *state, enum step step)
{
	state->step = step;
	state->repeated = 0;
	state->value = (struct pgdump_value){0};
}

static void
take_fixed(struct inspect *inspect, const uint8_t *head)
{
	struct state *state = inspect->state;

	if (memcmp(head, MAGIC, strlen(MAGIC)) != 0) {
		lose(inspect, INSPECT_BROKEN, INSPECT_MALFORMED);
		return;
	}
	state->minor = head[6];
	state->int_bytes = head[8];
	state->offset_bytes = head[9];
	state->format = head[10];
	if (head[5] != 1 || state->minor < VERSION_LEAST ||
	    state->minor > VERSION_MOST || state->int_bytes == 0 ||
	    state->int_bytes > INT_BYTES_MAX || state->offset_bytes == 0 ||
	    state->offset_bytes > INT_BYTES_MAX)
		lose(inspect, INSPECT_UNDETERMINED, INSPECT_UNSUPPORTED);
	else
		move(state, STEP_COMPRESSION);
}

/* Before 1.15 a level, 0 for none; then which: none, gzip, lz4, zstd. */
static void
take_compression(struct inspect *inspect, int64_t number)
{
	struct state *state = inspect->state;

	if (state->minor >= 15) {
		state->is_packed = number == 1;
		state->is_opaque = number > 1;
	} else {
		state->is_packed = number != 0;
	}
	if (state->is_opaque)
		inspect_find(inspect, INSPECT_NOTE, INSPECT_UNSUPPORTED,
		    state->feed.offset);
	if (state->is_packed)
		state->inflate = gzip_inflate_new();
	if (state->is_packed && state->inflate == NULL)
		lose(inspect, INSPECT_UNDETERMINED, INSPECT_TOO_LARGE);
	else
		move(state, STEP_DATE);
}

static bool
is_text(const struct state *state, enum item item)
{
	return item != ITEM_ID && item != ITEM_HAS_DATA &&
	       item != ITEM_SECTION && item != ITEM_RELKIND &&
	       !(item == ITEM_PLACE && state->format == FORMAT_CUSTOM);
}

static bool
is_in_version(const struct state *state, enum item item)
{
	return (item != ITEM_ACCESS || state->minor >= 14) &&
	       (item != ITEM_RELKIND || state->minor >= 16);
}

/* The entry is whole. */
static void
take_entry(struct inspect *inspect, bool is_announced)
{
	struct state *state = inspect->state;

	if (!pgdump_parts_announce(&state->parts, state->id, is_announced)) {
		lose(inspect, INSPECT_BROKEN, INSPECT_MALFORMED);
		return;
	}
	if (state->is_table) {
		inspect_count(inspect, "tables", 1);
		inspect_sample(inspect, state->tag, strlen(state->tag));
	}
	state->item = ITEM_ID;
	if (++state->seen == state->entries)
		move(state, STEP_BLOCK);
}

/* The file with an entry's data. */
static void
name_part(struct inspect *inspect, const char *name)
{
	struct state *state = inspect->state;
	char list[PGDUMP_LIST_BYTES];

	if (state->is_blobs && state->format == FORMAT_TAR)
		name = pgdump_parts_list(state->minor, state->id, list);
	state->named++;
	inspect_name_file(inspect, INSPECT_LINK_PART, name, strlen(name));
}

static void
take_item(struct inspect *inspect, const struct pgdump_value *value)
{
	struct state *state = inspect->state;

	if (state->item == ITEM_ID)
		state->id = value->number;
	else if (state->item == ITEM_HAS_DATA)
		state->has_data = value->number != 0;
	else if (state->item == ITEM_TAG)
		memcpy(state->tag, value->text, sizeof(state->tag));
	if (state->item == ITEM_KIND) {
		state->is_table = strcmp(value->text, "TABLE DATA") == 0;
		state->is_blobs = strcmp(value->text, "BLOBS") == 0;
	}
	if (state->item == ITEM_PLACE) {
		if (!value->is_null && value->text[0] != '\0')
			name_part(inspect, value->text);
		take_entry(inspect, false);
		return;
	}
	if (state->item == ITEM_DEPENDENCY && !value->is_null)
		return;
	do
		state->item++;
	while (!is_in_version(state, state->item));
}

static enum pgdump_result
read_entry(struct inspect *inspect)
{
	struct state *state = inspect->state;
	struct pgdump_value value;
	enum pgdump_result result;
	const uint8_t *place;

	if (state->item == ITEM_PLACE && state->format == FORMAT_CUSTOM) {
		place =
		    feed_take(&state->feed, 1 + (size_t)state->offset_bytes);
		if (place == NULL)
			return PGDUMP_MORE;
		take_entry(
		    inspect, state->has_data && place[0] != PLACE_NO_DATA);
		return PGDUMP_DONE;
	}
	result = is_text(state, state->item)
		     ? pgdump_value_text(
			   &state->value, &state->feed, state->int_bytes)
		     : pgdump_value_number(
			   &state->value, &state->feed, state->int_bytes);
	if (result != PGDUMP_DONE)
		return result;
	value = state->value;
	state->value = (struct pgdump_value){0};
	take_item(inspect, &value);
	return PGDUMP_DONE;
}

static void
begin_content(struct state *state)
{
	if (state->inflate != NULL)
		gzip_inflate_reset(state->inflate);
	state->unpacking = 0;
	move(state, STEP_CHUNK);
}

/* A block, or one large object, is whole. */
static void
end_content(struct inspect *inspect)
{
	struct state *state = inspect->state;

	if (state->inflate != NULL && !gzip_inflate_is_ended(state->inflate))
		inspect_find(inspect, INSPECT_BROKEN, INSPECT_CHECKSUM,
		    state->feed.offset);
	state->unpacked += state->unpacking;
	move(state, state->block == BLOCK_BLOBS ? STEP_BLOB : STEP_BLOCK);
}

static void
take_block_id(struct inspect *inspect, int64_t id)
{
	struct state *state = inspect->state;

	if (!pgdump_parts_find(&state->parts, id)) {
		lose(inspect, INSPECT_BROKEN, INSPECT_INCONSISTENT);
		return;
	}
	state->blocks++;
	if (state->block == BLOCK_BLOBS)
		move(state, STEP_BLOB);
	else
		begin_content(state);
}

static void
take_number(struct inspect *inspect, int64_t number)
{
	struct state *state = inspect->state;

	state->value = (struct pgdump_value){0};
	if (state->step == STEP_COMPRESSION) {
		take_compression(inspect, number);
	} else if (state->step == STEP_DATE) {
		if (++state->repeated == 7)
			move(state, STEP_NAMES);
	} else if (state->step == STEP_COUNT) {
		state->entries = number;
		if (number < 0 || number > PGDUMP_PARTS_MAX)
			lose(inspect, INSPECT_BROKEN, INSPECT_MALFORMED);
		else
			move(state, number == 0 ? STEP_BLOCK : STEP_ENTRY);
	} else if (state->step == STEP_BLOCK_ID) {
		take_block_id(inspect, number);
	} else if (state->step == STEP_BLOB) {
		if (number == 0)
			move(state, STEP_BLOCK);
		else
			begin_content(state);
	} else if (number < 0) {
		lose(inspect, INSPECT_BROKEN, INSPECT_MALFORMED);
	} else if (number == 0) {
		end_content(inspect);
	} else {
		state->chunk_left = (uint64_t)number;
		move(state, STEP_CONTENT);
	}
}

static enum pgdump_result
read_content(struct inspect *inspect)
{
	struct state *state = inspect->state;
	size_t length = 0;
	const uint8_t *data =
	    feed_take_some(&state->feed, state->chunk_left, &length);
	uint64_t unpacked = length;

	if (data == NULL)
		return PGDUMP_MORE;
	if (state->inflate != NULL &&
	    !gzip_inflate_push(state->inflate, data, length, &unpacked)) {
		lose(inspect, INSPECT_BROKEN, INSPECT_CHECKSUM);
		return PGDUMP_DONE;
	}
	state->unpacking += unpacked;
	state->chunk_left -= length;
	if (state->chunk_left == 0)
		move(state, STEP_CHUNK);
	return PGDUMP_DONE;
}

/* The kind of a block: a byte. */
static enum pgdump_result
read_block(struct inspect *inspect)
{
	struct state *state = inspect->state;
	const uint8_t *kind = feed_take(&state->feed, 1);

	if (kind == NULL)
		return PGDUMP_MORE;
	state->block = *kind;
	if (state->format != FORMAT_CUSTOM)
		lose(inspect, INSPECT_WARNING, INSPECT_TRAILING);
	else if (*kind != BLOCK_DATA && *kind != BLOCK_BLOBS)
		lose(inspect, INSPECT_BROKEN, INSPECT_MALFORMED);
	else
		move(state, STEP_BLOCK_ID);
	return PGDUMP_DONE;
}

static enum pgdump_result
read_names(struct state *state)
{
	enum pgdump_result result =
	    pgdump_value_text(&state->value, &state->feed, state->int_bytes);

	if (result != PGDUMP_DONE)
		return result;
	state->value = (struct pgdump_value){0};
	if (++state->repeated == 3)
		move(state, STEP_COUNT);
	return PGDUMP_DONE;
}

static enum pgdump_result
read_number(struct inspect *inspect)
{
	struct state *state = inspect->state;
	enum pgdump_result result;
	const uint8_t *byte;

	if (state->step == STEP_COMPRESSION && state->minor >= 15) {
		byte = feed_take(&state->feed, 1);
		if (byte == NULL)
			return PGDUMP_MORE;
		take_number(inspect, *byte);
		return PGDUMP_DONE;
	}
	result =
	    pgdump_value_number(&state->value, &state->feed, state->int_bytes);
	if (result == PGDUMP_DONE)
		take_number(inspect, state->value.number);
	return result;
}

static enum pgdump_result
read_next(struct inspect *inspect)
{
	struct state *state = inspect->state;
	const uint8_t *head;

	switch (state->step) {
	case STEP_FIXED:
		head = feed_take(&state->feed, FIXED_BYTES);
		if (head == NULL)
			return PGDUMP_MORE;
		take_fixed(inspect, head);
		return PGDUMP_DONE;
	case STEP_NAMES:
		return read_names(state);
	case STEP_ENTRY:
		return read_entry(inspect);
	case STEP_BLOCK:
		return read_block(inspect);
	case STEP_CONTENT:
		return read_content(inspect);
	case STEP_COMPRESSION:
	case STEP_DATE:
	case STEP_COUNT:
	case STEP_BLOCK_ID:
	case STEP_BLOB:
	case STEP_CHUNK:
		return read_number(inspect);
	case STEP_LOST:
		return PGDUMP_MORE;
	}
	return PGDUMP_MORE;
}

static void
push(struct inspect *inspect, const uint8_t *data, size_t length)
{
	struct state *state = inspect->state;
	enum pgdump_result result;

	if (state->step == STEP_LOST)
		return;
	feed_give(&state->feed, data, length);
	while ((result = read_next(inspect)) == PGDUMP_DONE)
		continue;
	if (result == PGDUMP_WRONG)
		lose(inspect, INSPECT_BROKEN, INSPECT_MALFORMED);
}

static void
end(struct inspect *inspect)
{
	struct state *state = inspect->state;
	uint64_t missing = pgdump_parts_missing(&state->parts);

	if (state->step != STEP_LOST &&
	    (state->step != STEP_BLOCK || feed_is_short(&state->feed)))
		inspect_find(inspect, INSPECT_BROKEN, INSPECT_TRUNCATED,
		    inspect->report.bytes);
	if (missing > 0)
		inspect_find_numbers(inspect, INSPECT_BROKEN,
		    INSPECT_MISSING_PART, state->blocks + missing,
		    state->blocks);
	inspect_count(inspect, "entries", (uint64_t)state->seen);
	inspect_count(inspect, "blocks", state->blocks);
	inspect_count(inspect, "unpacked", state->unpacked);
	if (state->format != FORMAT_CUSTOM)
		inspect_count(inspect, "parts", state->named);
}

static void
done(struct inspect *inspect)
{
	struct state *state = inspect->state;

	gzip_inflate_free(state->inflate);
	pgdump_parts_done(&state->parts);
}

static bool
is_it(const char *path, const uint8_t *head, size_t length)
{
	(void)path;
	return inspect_begins(head, length, MAGIC);
}

const struct inspect_type inspect_pgdump = {
    .name = "pgdump",
    .state_bytes = sizeof(struct state),
    .is_it = is_it,
    .push = push,
    .end = end,
    .done = done,
};
