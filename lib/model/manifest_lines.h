/*
 * manifest_lines: the text of a manifest line by line, for its reader alone.
 *
 * Layer 3.  Uses: base, format/frame, format/mtree.  Owns: nothing.
 *
 * Knows nothing of what lines mean, but that none is longer than
 * MTREE_LINE_BYTES_MAX and none goes over the end of a frame.
 */
#ifndef HIKAE_MODEL_MANIFEST_LINES_H
#define HIKAE_MODEL_MANIFEST_LINES_H

#include <stdbool.h>

#include "lib/base/bytes.h"
#include "lib/format/frame.h"

/* Decoded text that is taken from the frames at once. */
#define MANIFEST_CHUNK_BYTES 65536

/* All zero, but for frames (borrowed), is a good beginning. */
struct manifest_lines {
	struct frame_reader *frames;
	char chunk[MANIFEST_CHUNK_BYTES]; /* text of one frame */
	size_t chunk_length, taken;
	size_t chunk_frame;
	struct bytes carry; /* a line that began in an earlier chunk */
	const char *line;   /* what manifest_lines_look gave */
	size_t length;
	size_t frame;
	bool has_line;
};

void manifest_lines_done(struct manifest_lines *lines);

/* The next line is the first of a frame. */
void manifest_lines_seek(struct manifest_lines *lines, size_t frame);

/*
 * Look at the next line: `line` and `length`, without its newline, in `frame`,
 * good until the look after manifest_lines_use.  1; 0 at the end; -1.
 */
int manifest_lines_look(
    struct manifest_lines *lines, struct error *err) ERROR_CHECKED;

/* The line looked at is done with. */
void manifest_lines_use(struct manifest_lines *lines);

/*
 * The text of a whole frame, in `chunk`, of `chunk_length` bytes; cut where it
 * is longer than that.  Seek before going on to look.
 */
int manifest_lines_take_frame(struct manifest_lines *lines, size_t frame,
    struct error *err) ERROR_CHECKED;

#endif
