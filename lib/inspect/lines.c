#include "lib/inspect/lines.h"

#include <string.h>

static void
finish(struct lines *lines, bool is_ended, lines_fn *each, void *context)
{
	struct lines_line line = {
	    .text = lines->kept,
	    .offset = lines->line_offset,
	    .is_ended = is_ended,
	    .is_longer = lines->is_longer,
	};

	if (is_ended && !lines->is_longer && lines->end == '\n' &&
	    lines->length > 0 && lines->kept[lines->length - 1] == '\r') {
		line.has_cr = true;
		lines->length--;
	}
	lines->kept[lines->length] = '\0';
	line.length = lines->length;
	each(context, &line);
	lines->length = 0;
	lines->is_longer = false;
}

static void
keep(struct lines *lines, const uint8_t *data, size_t length)
{
	size_t room = sizeof(lines->kept) - 1 - lines->length;

	if (length > room) {
		lines->is_longer = true;
		length = room;
	}
	memcpy(lines->kept + lines->length, data, length);
	lines->length += length;
}

void
lines_push(struct lines *lines, const uint8_t *data, size_t length,
    lines_fn *each, void *context)
{
	while (length > 0) {
		const uint8_t *end = memchr(data, lines->end, length);
		size_t part = end == NULL ? length : (size_t)(end - data);

		keep(lines, data, part);
		lines->offset += part;
		data += part;
		length -= part;
		if (end == NULL)
			return;
		lines->offset++;
		data++;
		length--;
		finish(lines, true, each, context);
		lines->line_offset = lines->offset;
	}
}

void
lines_end(struct lines *lines, lines_fn *each, void *context)
{
	if (lines->length > 0 || lines->is_longer)
		finish(lines, false, each, context);
}
