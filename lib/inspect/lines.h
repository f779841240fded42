/*
 * lines: the lines of a text that comes in pieces, of which the beginning is
 * kept.
 *
 * Layer 3, internal to inspect.  Uses: nothing.
 */
#ifndef HIKAE_INSPECT_LINES_H
#define HIKAE_INSPECT_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINES_KEPT_BYTES 2048

/* A line without what ended it. */
struct lines_line {
	const char *text; /* with a NUL behind it */
	size_t length;	  /* of what was kept */
	uint64_t offset;
	bool has_cr;	/* CR LF */
	bool is_ended;	/* false: the text ended within it */
	bool is_longer; /* than what was kept */
};
typedef void lines_fn(void *context, const struct lines_line *line);

/* All zero at the beginning, but for `end`: the byte that ends lines. */
struct lines {
	uint8_t end;
	bool is_longer;
	size_t length;
	uint64_t offset, line_offset;
	char kept[LINES_KEPT_BYTES];
};

void lines_push(struct lines *lines, const uint8_t *data, size_t length,
    lines_fn *each, void *context);

/* The rest, if there is any, as a line that was not ended. */
void lines_end(struct lines *lines, lines_fn *each, void *context);

#endif
