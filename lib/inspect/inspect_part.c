/*
 * Parts of a dump of pg_dump -Fd: whether each came to its end.
 *
 * NNNN.dat is what COPY gives, or INSERT statements, and ends in an empty line
 * (pg_dump.c, dumpTableData_copy and dumpTableData_insert); with .gz it is a
 * gzip stream (RFC 1952), with .lz4 and .zst a frame of those, from PostgreSQL
 * 16 on.  blobs.toc, or blobs_N.toc from 17 on, is lines of a number and the
 * name of a file with one large object, of which any bytes may be.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/format/gzip_inflate.h"
#include "lib/inspect/frame_walk.h"
#include "lib/inspect/inspect_internal.h"
#include "lib/inspect/inspect_set_internal.h"
#include "lib/inspect/lines.h"

#define DIGITS "0123456789"
#define TAIL_BYTES 5

enum kind {
	KIND_NONE,
	KIND_DATA, /* NNNN.dat */
	KIND_BLOB, /* blob_NNNN.dat: any bytes */
	KIND_LIST, /* blobs.toc: names of such */
};

enum packing {
	PACKING_NONE,
	PACKING_GZIP,
	PACKING_LZ4,
	PACKING_ZSTD,
};

static const char *const suffixes[] = {
    [PACKING_NONE] = "",
    [PACKING_GZIP] = ".gz",
    [PACKING_LZ4] = ".lz4",
    [PACKING_ZSTD] = ".zst",
};

struct inspect_part {
	struct inspect_set *set;
	const char *path;
	enum kind kind;
	enum packing packing;
	bool is_wrong, is_long; /* behind its end there is more */
	uint64_t bytes;
	struct gzip_inflate *inflate;
	struct frame_walk frames;
	size_t tail_length;
	uint8_t tail[TAIL_BYTES];
	uint32_t who; /* a list: who names */
	struct lines lines;
};

static enum packing
packing_of(const char *path, size_t length)
{
	for (int i = PACKING_GZIP; i <= PACKING_ZSTD; i++) {
		size_t suffix = strlen(suffixes[i]);

		if (length > suffix &&
		    memcmp(path + length - suffix, suffixes[i], suffix) == 0)
			return (enum packing)i;
	}
	return PACKING_NONE;
}

size_t
inspect_part_stem(const char *path, size_t length)
{
	return length - strlen(suffixes[packing_of(path, length)]);
}

/* "NNNN" and what follows up to `end`. */
static bool
is_numbered(const char *name, const char *end, const char *after)
{
	size_t digits = strspn(name, DIGITS);

	return digits > 0 && (size_t)(end - name) == digits + strlen(after) &&
	       memcmp(name + digits, after, strlen(after)) == 0;
}

static enum kind
kind_of(const char *path)
{
	const char *name = inspect_name(path);
	const char *end = path + inspect_part_stem(path, strlen(path));

	if (end <= name)
		return KIND_NONE;
	if (is_numbered(name, end, ".dat"))
		return KIND_DATA;
	if (strncmp(name, "blob_", 5) == 0 &&
	    is_numbered(name + 5, end, ".dat"))
		return KIND_BLOB;
	if (strcmp(name, "blobs.toc") == 0 ||
	    (strncmp(name, "blobs_", 6) == 0 &&
		is_numbered(name + 6, end, ".toc")))
		return KIND_LIST;
	return KIND_NONE;
}

bool
inspect_part_is(const char *path)
{
	return kind_of(path) != KIND_NONE;
}

struct inspect_part *
inspect_part_begin(struct inspect_set *set, const char *path)
{
	struct inspect_part *part = calloc(1, sizeof(*part));

	if (part == NULL)
		return NULL;
	part->set = set;
	part->path = path;
	part->kind = kind_of(path);
	part->packing = packing_of(path, strlen(path));
	part->who = INSPECT_SET_NOBODY;
	part->lines.end = '\n';
	if (part->packing == PACKING_GZIP)
		part->inflate = gzip_inflate_new_file();
	if (part->packing == PACKING_GZIP && part->inflate == NULL) {
		free(part);
		return NULL;
	}
	if (part->kind == KIND_LIST)
		part->who = inspect_set_enter(set, path);
	return part;
}

/* "16401 blob_16401.dat" */
static void
take_line(void *context, const struct lines_line *line)
{
	struct inspect_part *part = context;
	size_t digits = strspn(line->text, DIGITS);

	if (!line->is_ended || line->is_longer || digits == 0 ||
	    line->text[digits] != ' ' || line->text[digits + 1] == '\0')
		part->is_wrong = true;
	else if (part->who != INSPECT_SET_NOBODY)
		inspect_set_name(part->set, part->who, INSPECT_LINK_PART,
		    line->text + digits + 1, line->length - digits - 1);
}

/* The last bytes of all that came. */
static void
keep_tail(struct inspect_part *part, const uint8_t *data, size_t length)
{
	size_t keep;

	if (length >= TAIL_BYTES) {
		memcpy(part->tail, data + length - TAIL_BYTES, TAIL_BYTES);
		part->tail_length = TAIL_BYTES;
		return;
	}
	keep = TAIL_BYTES - length;
	if (keep > part->tail_length)
		keep = part->tail_length;
	memmove(part->tail, part->tail + part->tail_length - keep, keep);
	memcpy(part->tail + keep, data, length);
	part->tail_length = keep + length;
}

static void
unpack(struct inspect_part *part, const uint8_t *data, size_t length)
{
	uint64_t ignored;

	if (part->is_wrong || part->is_long)
		return;
	if (gzip_inflate_push(part->inflate, data, length, &ignored))
		return;
	if (gzip_inflate_is_ended(part->inflate))
		part->is_long = true;
	else
		part->is_wrong = true;
}

void
inspect_part_push(struct inspect_part *part, const uint8_t *data, size_t length)
{
	part->bytes += length;
	if (part->packing == PACKING_GZIP)
		unpack(part, data, length);
	else if (part->packing == PACKING_LZ4)
		frame_walk_push(&part->frames, FRAME_WALK_LZ4, data, length);
	else if (part->packing == PACKING_ZSTD)
		frame_walk_push(&part->frames, FRAME_WALK_ZSTD, data, length);
	else if (part->kind == KIND_LIST)
		lines_push(&part->lines, data, length, take_line, part);
	else
		keep_tail(part, data, length);
}

/* COPY ends with "\.", INSERT with ";", and each with an empty line. */
static bool
has_end(const struct inspect_part *part)
{
	const uint8_t *tail = part->tail;

	if (part->tail_length < TAIL_BYTES)
		return part->bytes == 2 && memcmp(tail, "\n\n", 2) == 0;
	return memcmp(tail, "\\.\n\n\n", 5) == 0 ||
	       memcmp(tail + 1, ";\n\n\n", 4) == 0;
}

/* What is wrong with it, once it ended. */
static enum inspect_severity
judge(const struct inspect_part *part, enum inspect_code *ret_code)
{
	*ret_code = INSPECT_TRUNCATED;
	if (part->is_wrong || part->frames.is_wrong) {
		*ret_code = part->packing == PACKING_NONE ? INSPECT_MALFORMED
							  : INSPECT_CHECKSUM;
		return INSPECT_BROKEN;
	}
	if (part->is_long || part->frames.is_long) {
		*ret_code = INSPECT_TRAILING;
		return INSPECT_WARNING;
	}
	if (part->packing == PACKING_GZIP)
		return gzip_inflate_is_ended(part->inflate) ? INSPECT_SOUND
							    : INSPECT_BROKEN;
	if (part->packing != PACKING_NONE)
		return frame_walk_is_ended(&part->frames) ? INSPECT_SOUND
							  : INSPECT_BROKEN;
	if (part->kind == KIND_DATA && !has_end(part))
		return INSPECT_BROKEN;
	/* There was no room to note what it names. */
	if (part->kind == KIND_LIST && part->who == INSPECT_SET_NOBODY) {
		*ret_code = INSPECT_TOO_LARGE;
		return INSPECT_UNDETERMINED;
	}
	return INSPECT_SOUND;
}

void
inspect_part_end(struct inspect_part *part)
{
	enum inspect_severity severity;
	enum inspect_code code;

	if (part->kind == KIND_LIST && part->packing == PACKING_NONE)
		lines_end(&part->lines, take_line, part);
	severity = judge(part, &code);
	if (part->who != INSPECT_SET_NOBODY)
		inspect_set_settle(
		    part->set, part->who, INSPECT_FORMATS, severity);
	inspect_set_add_part(part->set, part->path, severity, code);
	inspect_part_cancel(part);
}

void
inspect_part_cancel(struct inspect_part *part)
{
	if (part == NULL)
		return;
	gzip_inflate_free(part->inflate);
	free(part);
}
