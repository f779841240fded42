#include "lib/base/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/text_width.h"

#define ELLIPSIS "\xe2\x80\xa6"

/* Characters that show nothing of their own or change how others are shown. */
static const struct {
	uint32_t first, last;
} hidden[] = {
    {0x0000, 0x001F},	/* C0 controls */
    {0x007F, 0x009F},	/* DEL, C1 controls */
    {0x00AD, 0x00AD},	/* soft hyphen */
    {0x034F, 0x034F},	/* combining grapheme joiner */
    {0x0600, 0x0605},	/* Arabic number signs */
    {0x061C, 0x061C},	/* Arabic letter mark */
    {0x06DD, 0x06DD},	/* Arabic end of ayah */
    {0x070F, 0x070F},	/* Syriac abbreviation mark */
    {0x115F, 0x1160},	/* Hangul fillers */
    {0x17B4, 0x17B5},	/* Khmer inherent vowels */
    {0x180E, 0x180E},	/* Mongolian vowel separator */
    {0x200B, 0x200F},	/* zero width, directional marks */
    {0x2028, 0x202E},	/* separators, bidirectional embeddings */
    {0x2060, 0x206F},	/* joiners, bidirectional isolates */
    {0x3164, 0x3164},	/* Hangul filler */
    {0xFDD0, 0xFDEF},	/* noncharacters */
    {0xFEFF, 0xFEFF},	/* zero width no-break space */
    {0xFFA0, 0xFFA0},	/* halfwidth Hangul filler */
    {0xFFF0, 0xFFFB},	/* specials */
    {0x13430, 0x13438}, /* hieroglyph format controls */
    {0x1BCA0, 0x1BCA3}, /* shorthand format controls */
    {0x1D173, 0x1D17A}, /* musical format controls */
    {0xE0000, 0xE00FF}, /* tags */
    {0xE01F0, 0xE0FFF}, /* unassigned, ignorable by default */
};

static bool
is_hidden(uint32_t c)
{
	if ((c & 0xFFFE) == 0xFFFE)
		return true;
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		if (c >= hidden[i].first && c <= hidden[i].last)
			return true;
	return false;
}

size_t
text_decode(const void *data, size_t length, uint32_t *ret_code_point)
{
	/* The smallest code point that needs so many bytes. */
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	const uint8_t *in = data;
	size_t n;
	uint32_t c;

	if (length == 0)
		return 0;
	if (in[0] < 0x80) {
		*ret_code_point = in[0];
		return 1;
	}
	n = in[0] >= 0xF0 ? 4 : in[0] >= 0xE0 ? 3 : 2;
	if (in[0] < 0xC2 || in[0] > 0xF4 || n > length)
		return 0;
	c = in[0] & (0x7Fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((in[i] & 0xC0) != 0x80)
			return 0;
		c = c << 6 | (in[i] & 0x3Fu);
	}
	if (c < smallest[n] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return 0;
	*ret_code_point = c;
	return n;
}

bool
text_is_utf8(const void *data, size_t length)
{
	const uint8_t *in = data;
	uint32_t c;

	while (length > 0) {
		size_t n = text_decode(in, length, &c);

		if (n == 0)
			return false;
		in += n;
		length -= n;
	}
	return true;
}

/* White_Space of Unicode's PropList that is not hidden, and Braille's blank. */
static bool
is_space(uint32_t c)
{
	return c == ' ' || c == 0x00A0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F ||
	       c == 0x2800 || c == 0x3000;
}

bool
text_is_blank(const char *utf8)
{
	size_t left = strlen(utf8);
	uint32_t c = 0;

	while (left > 0) {
		size_t n = text_decode(utf8, left, &c);

		if (n == 0 || !(is_space(c) || is_hidden(c)))
			return false;
		utf8 += n;
		left -= n;
	}
	return true;
}

/* Write one character (or one bad byte) visibly; returns the bytes it took. */
static size_t
escape_one(const uint8_t *in, size_t length, char *piece, size_t size)
{
	uint32_t c = 0;
	size_t n = text_decode(in, length, &c);

	assert(length > 0);
	if (n == 0 || (n == 1 && is_hidden(c)))
		(void)snprintf(piece, size, "\\x%02x", in[0]);
	else if (is_hidden(c))
		(void)snprintf(piece, size, "\\u{%x}", (unsigned)c);
	else if (c == '\\')
		(void)snprintf(piece, size, "\\\\");
	else
		(void)snprintf(piece, size, "%.*s", (int)n, (const char *)in);
	return n > 0 ? n : 1;
}

void
text_append_escaped(struct bytes *out, const void *data, size_t length)
{
	const uint8_t *in = data;
	char piece[16];

	while (length > 0) {
		size_t n = escape_one(in, length, piece, sizeof(piece));

		bytes_append_text(out, piece);
		in += n;
		length -= n;
	}
}

const char *
text_escape(char *buffer, size_t size, const void *data, size_t length)
{
	const uint8_t *in = data;
	size_t used = 0, safe = 0;
	char piece[16];

	assert(size >= sizeof(ELLIPSIS));
	while (length > 0) {
		size_t n = escape_one(in, length, piece, sizeof(piece));
		size_t piece_length = strlen(piece);

		if (used + piece_length >= size) {
			memcpy(buffer + safe, ELLIPSIS, sizeof(ELLIPSIS));
			return buffer;
		}
		memcpy(buffer + used, piece, piece_length);
		used += piece_length;
		if (used + sizeof(ELLIPSIS) <= size)
			safe = used;
		in += n;
		length -= n;
	}
	buffer[used] = '\0';
	return buffer;
}

/* The bytes and columns of the first character; false at the end. */
static bool
measure(const char *utf8, size_t length, size_t *ret_bytes, size_t *ret_columns)
{
	uint32_t c;
	size_t n;

	if (length == 0)
		return false;
	n = text_decode(utf8, length, &c);
	*ret_bytes = n > 0 ? n : 1;
	*ret_columns = n > 0 ? text_width_of(c) : 1;
	return true;
}

size_t
text_display_width(const char *utf8)
{
	size_t left = strlen(utf8), total = 0, n, columns;

	while (measure(utf8, left, &n, &columns)) {
		total += columns;
		utf8 += n;
		left -= n;
	}
	return total;
}

void
text_pad(struct bytes *out, const char *utf8, size_t columns)
{
	size_t width = text_display_width(utf8);

	bytes_append_text(out, utf8);
	for (; width < columns; width++)
		bytes_append(out, " ", 1);
}

void
text_cut(struct bytes *out, const char *utf8, size_t columns)
{
	size_t length = strlen(utf8), at = 0, used = 0, n, wide;

	if (text_display_width(utf8) <= columns) {
		bytes_append(out, utf8, length);
		return;
	}
	if (columns == 0)
		return;
	while (measure(utf8 + at, length - at, &n, &wide) &&
	       used + wide <= columns - 1) {
		used += wide;
		at += n;
	}
	bytes_append(out, utf8, at);
	bytes_append_text(out, ELLIPSIS);
}
