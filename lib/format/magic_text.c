/*
 * Text, in the encodings of Japanese systems.  Each is tried as a whole: noise
 * breaks the rules of all of them within some dozens of bytes.
 */
#include "lib/format/magic.h"

#include <string.h>

/*
 * No other control characters stand in text: tab, line ends, form feed, the
 * frame of an HL7 message (0x0B, 0x1C), the end mark of CP/M (0x1A), escapes.
 */
static bool
is_plain(uint8_t byte)
{
	static const uint32_t allowed = 1u << '\t' | 1u << '\n' | 1u << '\r' |
					1u << '\f' | 1u << 0x0b | 1u << 0x1a |
					1u << 0x1b | 1u << 0x1c;

	return byte >= 0x20 ? byte < 0x7f : (allowed >> byte & 1) != 0;
}

static bool
is_between(uint8_t byte, uint8_t from, uint8_t to)
{
	return byte >= from && byte <= to;
}

/* Bytes of the UTF-8 sequence that begins with this one; 0: none does. */
static size_t
utf8_length(uint8_t first)
{
	if (is_plain(first))
		return 1;
	if (is_between(first, 0xc2, 0xdf))
		return 2;
	if (is_between(first, 0xe0, 0xef))
		return 3;
	return is_between(first, 0xf0, 0xf4) ? 4 : 0;
}

static bool
is_utf8(const uint8_t *data, size_t length)
{
	size_t i = 0;

	while (i < length) {
		size_t n = utf8_length(data[i]);

		if (n == 0)
			return false;
		for (size_t k = 1; k < n && i + k < length; k++)
			if (!is_between(data[i + k], 0x80, 0xbf))
				return false;
		i += n;
	}
	return true;
}

/* Two bytes, one, or none that is right here. */
static size_t
cp932_length(const uint8_t *at, size_t left)
{
	if (is_plain(at[0]) || is_between(at[0], 0xa1, 0xdf))
		return 1;
	if (!is_between(at[0], 0x81, 0x9f) && !is_between(at[0], 0xe0, 0xfc))
		return 0;
	if (left > 1 && !is_between(at[1], 0x40, 0x7e) &&
	    !is_between(at[1], 0x80, 0xfc))
		return 0;
	return 2;
}

static size_t
eucjp_length(const uint8_t *at, size_t left)
{
	size_t n = at[0] == 0x8f ? 3 : 2;

	if (is_plain(at[0]))
		return 1;
	if (at[0] != 0x8e && at[0] != 0x8f && !is_between(at[0], 0xa1, 0xfe))
		return 0;
	for (size_t k = 1; k < n && k < left; k++)
		if (!is_between(at[k], 0xa1, 0xfe))
			return 0;
	return n;
}

/* Characters one after the other, until one is wrong. */
static bool
is_in_pairs(const uint8_t *data, size_t length,
    size_t (*length_of)(const uint8_t *at, size_t left))
{
	size_t i = 0;

	while (i < length) {
		size_t n = length_of(data + i, length - i);

		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

bool
magic_text_is(const uint8_t *data, size_t length, bool is_inside)
{
	size_t skip = 0;

	if (length == 0)
		return false;
	while (is_inside && skip < 3 && skip < length &&
	       is_between(data[skip], 0x80, 0xbf))
		skip++;
	if (is_utf8(data + skip, length - skip) ||
	    is_in_pairs(data, length, cp932_length) ||
	    is_in_pairs(data, length, eucjp_length))
		return true;
	return is_inside &&
	       (is_in_pairs(data + 1, length - 1, cp932_length) ||
		   is_in_pairs(data + 1, length - 1, eucjp_length));
}

/* ---- which text ---- */

static bool
begins(const uint8_t *data, size_t length, const char *text)
{
	size_t n = strlen(text);

	return length >= n && memcmp(data, text, n) == 0;
}

/* The first record of a file of receipts. */
static bool
is_receipt(const uint8_t *text, size_t length)
{
	static const char *const firsts[] = {"IR,", "UK,", "HI,", "RE,"};

	for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++)
		if (begins(text, length, firsts[i]))
			return true;
	return false;
}

static enum magic
text_of(const uint8_t *text, size_t length)
{
	if (begins(text, length, "\xef\xbb\xbf")) {
		text += 3;
		length -= 3;
	}
	while (length > 0 && strchr(" \t\r\n\v", text[0]) != NULL &&
	       text[0] != '\0') {
		text++;
		length--;
	}
	if (begins(text, length, "<?xml"))
		return MAGIC_XML;
	if (begins(text, length, "MSH|") || begins(text, length, "FHS|") ||
	    begins(text, length, "BHS|"))
		return MAGIC_HL7;
	if (begins(text, length, "{") || begins(text, length, "["))
		return MAGIC_JSON;
	return is_receipt(text, length) ? MAGIC_RECEIPT : MAGIC_TEXT;
}

/* With its mark, and of characters in use: no unpaired surrogates. */
static bool
is_utf16(const uint8_t *head, size_t length)
{
	bool is_big = begins(head, length, "\xfe\xff");
	size_t low = is_big ? 1 : 0;

	if (!is_big && !begins(head, length, "\xff\xfe"))
		return false;
	for (size_t i = 2; i + 1 < length; i += 2) {
		unsigned unit =
		    (unsigned)head[i + 1 - low] << 8 | head[i + low];

		if (unit == 0 || (unit >= 0xd800 && unit < 0xf900) ||
		    unit >= 0xfffe)
			return false;
	}
	return length >= 4;
}

enum magic
magic_text_recognise(const uint8_t *head, size_t length)
{
	if (magic_text_is(head, length, false))
		return text_of(head, length);
	return is_utf16(head, length) ? MAGIC_TEXT : MAGIC_UNKNOWN;
}
