#include "lib/base/bytes.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* The first allocation of a buffer, bytes. */
#define FIRST_CAPACITY 64

void
bytes_done(struct bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct bytes)BYTES_EMPTY;
}

void
bytes_clear(struct bytes *bytes)
{
	bytes->length = 0;
	bytes->failed = false;
}

/* Make room for more bytes behind the present ones. */
static bool
reserve(struct bytes *bytes, size_t more)
{
	size_t needed, capacity;
	uint8_t *data;

	if (bytes->failed || more > SIZE_MAX / 4 - bytes->length) {
		bytes->failed = true;
		return false;
	}
	needed = bytes->length + more;
	if (needed <= bytes->capacity)
		return true;
	capacity = bytes->capacity > 0 ? bytes->capacity : FIRST_CAPACITY;
	while (capacity < needed)
		capacity *= 2;
	data = realloc(bytes->data, capacity);
	if (data == NULL) {
		bytes->failed = true;
		return false;
	}
	bytes->data = data;
	bytes->capacity = capacity;
	return true;
}

void
bytes_append(struct bytes *bytes, const void *data, size_t length)
{
	if (!reserve(bytes, length) || length == 0)
		return;
	memcpy(bytes->data + bytes->length, data, length);
	bytes->length += length;
}

void
bytes_append_text(struct bytes *bytes, const char *text)
{
	bytes_append(bytes, text, strlen(text));
}

void
bytes_append_format(struct bytes *bytes, const char *format, ...)
{
	va_list ap;
	int length;

	va_start(ap, format);
	length = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	if (length < 0 || !reserve(bytes, (size_t)length + 1)) {
		bytes->failed = true;
		return;
	}
	va_start(ap, format);
	(void)vsnprintf((char *)bytes->data + bytes->length, (size_t)length + 1,
	    format, ap);
	va_end(ap);
	bytes->length += (size_t)length;
}

static void
append_big_endian(struct bytes *bytes, uint64_t value, size_t width)
{
	uint8_t out[8];

	for (size_t i = 0; i < width; i++)
		out[i] = (uint8_t)(value >> (8 * (width - 1 - i)));
	bytes_append(bytes, out, width);
}

void
bytes_append_u8(struct bytes *bytes, uint8_t value)
{
	bytes_append(bytes, &value, 1);
}

void
bytes_append_u16(struct bytes *bytes, uint16_t value)
{
	append_big_endian(bytes, value, 2);
}

void
bytes_append_u32(struct bytes *bytes, uint32_t value)
{
	append_big_endian(bytes, value, 4);
}

void
bytes_append_u64(struct bytes *bytes, uint64_t value)
{
	append_big_endian(bytes, value, 8);
}

void
bytes_append_block(struct bytes *bytes, const void *data, size_t length)
{
	if (length > UINT32_MAX) {
		bytes->failed = true;
		return;
	}
	bytes_append_u32(bytes, (uint32_t)length);
	bytes_append(bytes, data, length);
}

int
bytes_check(const struct bytes *bytes, struct error *err)
{
	if (bytes->failed)
		return error_set(err, ERROR_INTERNAL, "out of memory");
	return 0;
}

const uint8_t *
bytes_take(struct bytes_reader *reader, size_t length)
{
	const uint8_t *data = reader->data;

	if (reader->failed || length > reader->length) {
		reader->failed = true;
		return NULL;
	}
	reader->data += length;
	reader->length -= length;
	return data;
}

static uint64_t
take_big_endian(struct bytes_reader *reader, size_t width)
{
	const uint8_t *data = bytes_take(reader, width);
	uint64_t value = 0;

	if (data == NULL)
		return 0;
	for (size_t i = 0; i < width; i++)
		value = value << 8 | data[i];
	return value;
}

uint8_t
bytes_take_u8(struct bytes_reader *reader)
{
	return (uint8_t)take_big_endian(reader, 1);
}

uint16_t
bytes_take_u16(struct bytes_reader *reader)
{
	return (uint16_t)take_big_endian(reader, 2);
}

uint32_t
bytes_take_u32(struct bytes_reader *reader)
{
	return (uint32_t)take_big_endian(reader, 4);
}

uint64_t
bytes_take_u64(struct bytes_reader *reader)
{
	return take_big_endian(reader, 8);
}

const uint8_t *
bytes_take_block(struct bytes_reader *reader, size_t *ret_length)
{
	size_t length = bytes_take_u32(reader);
	const uint8_t *data = bytes_take(reader, length);

	*ret_length = data != NULL ? length : 0;
	return data;
}

bool
bytes_is_consumed(const struct bytes_reader *reader)
{
	return !reader->failed && reader->length == 0;
}

void
bytes_format_hex(const void *data, size_t length, char *text)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *in = data;

	for (size_t i = 0; i < length; i++) {
		text[2 * i] = digits[in[i] >> 4];
		text[2 * i + 1] = digits[in[i] & 15];
	}
	text[2 * length] = '\0';
}

static int
hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

int
bytes_parse_hex(const char *text, void *data, size_t length)
{
	uint8_t *out = data;

	if (strlen(text) != 2 * length)
		return -1;
	for (size_t i = 0; i < length; i++) {
		int high = hex_value(text[2 * i]);
		int low = hex_value(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return -1;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return 0;
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
bytes_append_base64(struct bytes *out, const void *data, size_t length)
{
	const uint8_t *in = data;

	for (size_t i = 0; i < length; i += 3) {
		size_t n = length - i < 3 ? length - i : 3;
		uint32_t v = (uint32_t)in[i] << 16;
		char quad[4];

		if (n > 1)
			v |= (uint32_t)in[i + 1] << 8;
		if (n > 2)
			v |= in[i + 2];
		quad[0] = base64_digits[v >> 18];
		quad[1] = base64_digits[v >> 12 & 63];
		quad[2] = n > 1 ? base64_digits[v >> 6 & 63] : '=';
		quad[3] = n > 2 ? base64_digits[v & 63] : '=';
		bytes_append(out, quad, sizeof(quad));
	}
}

static int
base64_value(char digit)
{
	const char *at;

	if (digit == '\0')
		return -1;
	at = strchr(base64_digits, digit);
	return at != NULL ? (int)(at - base64_digits) : -1;
}

/* One group of four; pad is the number of '=' at its end. */
static int
parse_quad(const char *quad, size_t pad, struct bytes *out)
{
	uint32_t v = 0;
	uint8_t triple[3];

	for (size_t i = 0; i < 4; i++) {
		int digit = i < 4 - pad ? base64_value(quad[i]) : 0;

		if (digit < 0)
			return -1;
		v = v << 6 | (uint32_t)digit;
	}
	/* The bits that padding leaves over must be zero: one text a value. */
	if ((v & ((1u << (8 * pad)) - 1)) != 0)
		return -1;
	triple[0] = (uint8_t)(v >> 16);
	triple[1] = (uint8_t)(v >> 8);
	triple[2] = (uint8_t)v;
	bytes_append(out, triple, 3 - pad);
	return 0;
}

int
bytes_parse_base64(const char *text, size_t text_length, struct bytes *out)
{
	size_t pad = 0;

	if (text_length % 4 != 0)
		return -1;
	while (
	    pad < 2 && pad < text_length && text[text_length - 1 - pad] == '=')
		pad++;
	for (size_t i = 0; i < text_length; i += 4) {
		bool is_last = i + 4 == text_length;

		if (parse_quad(text + i, is_last ? pad : 0, out) != 0)
			return -1;
	}
	return out->failed ? -1 : 0;
}

void
bytes_random(void *data, size_t length)
{
	uint8_t *out = data;

	while (length > 0) {
		ssize_t n = getrandom(out, length, 0);

		assert(n > 0 || errno == EINTR);
		if (n > 0) {
			out += n;
			length -= (size_t)n;
		}
	}
}
