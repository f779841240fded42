/*
 * text: UTF-8 that a person sees on a terminal or in a report.
 *
 * Layer 0.  Uses: bytes.
 *
 * Names found in backups are bytes from strangers.  They are escaped before
 * they are shown, so that no name can move the cursor, hide characters, or
 * turn the order of a line round.
 */
#ifndef HIKAE_BASE_TEXT_H
#define HIKAE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/bytes.h"

/* Room that text_escape needs to show length bytes uncut, with the NUL. */
#define TEXT_ESCAPED_BYTES(length) (4 * (length) + 1)

/*
 * Decode one character of RFC 3629 (no overlong forms, no surrogates, none
 * over U+10FFFF).  Returns the bytes it took, 1 to 4, or 0 when the bytes are
 * not a whole character or there are none.
 */
size_t text_decode(const void *data, size_t length, uint32_t *ret_code_point);

/* True when all bytes are UTF-8; a NUL is a character like others. */
bool text_is_utf8(const void *data, size_t length);

/*
 * True when a text shows nothing: it is empty, or all spaces (U+3000 and the
 * others of Unicode's White_Space) and characters that text_append_escaped
 * would have to make visible.  Bytes that are no UTF-8 are not blank.
 */
bool text_is_blank(const char *utf8);

/*
 * Append bytes so that every one of them is visible: printable characters as
 * they are, a backslash as \\, bytes that are no UTF-8 and ASCII controls as
 * \xHH, other characters that show nothing or reorder the line (C1 controls,
 * separators, zero-width and bidirectional controls, noncharacters) as
 * \u{HEX}.  Combining marks and variation selectors stay: Japanese names use
 * both.  The result never contains a line break.
 */
void text_append_escaped(struct bytes *out, const void *data, size_t length);

/*
 * The same into a buffer of size bytes (at least 4), NUL-terminated; what does
 * not fit is cut between characters and ends in "…".  Returns buffer.
 */
const char *text_escape(
    char *buffer, size_t size, const void *data, size_t length);

/*
 * Columns that a UTF-8 text takes on a terminal: 2 for characters that are
 * Wide or Fullwidth in Unicode Standard Annex #11, 0 for combining marks, 1
 * for the rest.  A byte that is not UTF-8 counts as one column.
 */
size_t text_display_width(const char *utf8);

/* Append a text and then spaces until it takes at least so many columns. */
void text_pad(struct bytes *out, const char *utf8, size_t columns);

/*
 * Append a text that takes at most so many columns: whole, or its beginning
 * and "…" (one column).
 */
void text_cut(struct bytes *out, const char *utf8, size_t columns);

#endif
