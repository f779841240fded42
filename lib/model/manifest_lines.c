#include "lib/model/manifest_lines.h"

#include <string.h>

#include "lib/base/i18n.h"
#include "lib/format/mtree.h"

void
manifest_lines_done(struct manifest_lines *lines)
{
	bytes_done(&lines->carry);
}

void
manifest_lines_seek(struct manifest_lines *lines, size_t frame)
{
	frame_reader_seek(lines->frames, frame);
	lines->chunk_length = 0;
	lines->taken = 0;
	lines->has_line = false;
	bytes_clear(&lines->carry);
}

static int
next_chunk(struct manifest_lines *lines, struct error *err)
{
	size_t before = lines->chunk_frame;

	if (frame_reader_read(lines->frames, lines->chunk, MANIFEST_CHUNK_BYTES,
		&lines->chunk_length, &lines->chunk_frame, err) != 0)
		return -1;
	lines->taken = 0;
	if (lines->carry.length > 0 &&
	    (lines->chunk_length == 0 || lines->chunk_frame != before))
		return error_set(err, ERROR_INPUT,
		    _("a frame of the manifest ends within a line"));
	return 0;
}

/* Take the rest of the chunk: a piece of a line that lies in several. */
static int
carry(struct manifest_lines *lines, const char *from, size_t length,
    struct error *err)
{
	if (length > MTREE_LINE_BYTES_MAX - lines->carry.length)
		return error_set(
		    err, ERROR_INPUT, _("a line of the manifest is too long"));
	bytes_append(&lines->carry, from, length);
	return bytes_check(&lines->carry, err);
}

/* Find the end of the line that begins at `taken` or in the carry. */
static int
find_end(struct manifest_lines *lines, const char **ret_end, struct error *err)
{
	for (;;) {
		const char *from;
		size_t left;

		if (lines->taken == lines->chunk_length &&
		    next_chunk(lines, err) != 0)
			return -1;
		if (lines->chunk_length == 0)
			return 0;
		from = lines->chunk + lines->taken;
		left = lines->chunk_length - lines->taken;
		*ret_end = memchr(from, '\n', left);
		if (*ret_end != NULL)
			return 1;
		if (carry(lines, from, left, err) != 0)
			return -1;
		lines->taken = lines->chunk_length;
	}
}

int
manifest_lines_look(struct manifest_lines *lines, struct error *err)
{
	const char *end;
	int rc;

	if (lines->has_line)
		return 1;
	bytes_clear(&lines->carry);
	rc = find_end(lines, &end, err);
	if (rc <= 0)
		return rc;
	lines->line = lines->chunk + lines->taken;
	lines->length = (size_t)(end - lines->line);
	lines->taken += lines->length + 1;
	if (lines->carry.length > 0) {
		if (carry(lines, lines->line, lines->length, err) != 0)
			return -1;
		lines->line = (const char *)lines->carry.data;
		lines->length = lines->carry.length;
	}
	lines->frame = lines->chunk_frame;
	lines->has_line = true;
	return 1;
}

void
manifest_lines_use(struct manifest_lines *lines)
{
	lines->has_line = false;
}

int
manifest_lines_take_frame(
    struct manifest_lines *lines, size_t frame, struct error *err)
{
	manifest_lines_seek(lines, frame);
	if (next_chunk(lines, err) != 0)
		return -1;
	if (lines->chunk_frame != frame)
		lines->chunk_length = 0;
	return 0;
}
