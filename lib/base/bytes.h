/*
 * bytes: growing buffers, bounded reading, hexadecimal and base64.
 *
 * Layer 0.  Uses: error.
 *
 * All integers are big-endian on the wire and in hikae's own files.
 */
#ifndef HIKAE_BASE_BYTES_H
#define HIKAE_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

/*
 * A growing buffer.  `failed` latches when memory ran out or the length would
 * overflow; appending is then without effect, so that a caller may append many
 * times and test once with bytes_check.
 */
struct bytes {
	uint8_t *data;
	size_t length;
	size_t capacity;
	bool failed;
};

/* An empty buffer; `struct bytes b = BYTES_EMPTY;`. */
#define BYTES_EMPTY               \
	{                         \
		NULL, 0, 0, false \
	}

/* Free the memory and make the buffer empty again.  Safe on an empty one. */
void bytes_done(struct bytes *bytes);

/* Make the buffer empty, keep its memory, clear `failed`. */
void bytes_clear(struct bytes *bytes);

void bytes_append(struct bytes *bytes, const void *data, size_t length);
void bytes_append_text(struct bytes *bytes, const char *text);
void bytes_append_format(struct bytes *bytes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void bytes_append_u8(struct bytes *bytes, uint8_t value);
void bytes_append_u16(struct bytes *bytes, uint16_t value);
void bytes_append_u32(struct bytes *bytes, uint32_t value);
void bytes_append_u64(struct bytes *bytes, uint64_t value);

/* A 32-bit length, then the bytes: what bytes_take_block reads. */
void bytes_append_block(struct bytes *bytes, const void *data, size_t length);

/* 0, or -1 with ERROR_INTERNAL when an append failed. */
int bytes_check(const struct bytes *bytes, struct error *err) ERROR_CHECKED;

/*
 * A cursor over bytes that somebody else owns.  `failed` latches when more is
 * taken than there is; what is taken then is zero or empty.
 */
struct bytes_reader {
	const uint8_t *data;
	size_t length; /* what is left */
	bool failed;
};

uint8_t bytes_take_u8(struct bytes_reader *reader);
uint16_t bytes_take_u16(struct bytes_reader *reader);
uint32_t bytes_take_u32(struct bytes_reader *reader);
uint64_t bytes_take_u64(struct bytes_reader *reader);

/* Points into the reader's bytes; NULL when there are fewer than length. */
const uint8_t *bytes_take(struct bytes_reader *reader, size_t length);

/* A block written by bytes_append_block; *ret_length is 0 on failure. */
const uint8_t *bytes_take_block(
    struct bytes_reader *reader, size_t *ret_length);

/*
 * True when nothing failed and every byte was consumed: the end check that
 * every decoder of messages makes.
 */
bool bytes_is_consumed(const struct bytes_reader *reader);

/* Lower-case hexadecimal; text must have room for 2 * length + 1 bytes. */
void bytes_format_hex(const void *data, size_t length, char *text);

/* Exactly 2 * length digits of either case and no more.  0 or -1. */
int bytes_parse_hex(const char *text, void *data, size_t length) ERROR_CHECKED;

/* Append the base64 (RFC 4648 section 4, with padding) of data to out. */
void bytes_append_base64(struct bytes *out, const void *data, size_t length);

/* Append what a base64 text of text_length bytes stands for.  0 or -1. */
int bytes_parse_base64(
    const char *text, size_t text_length, struct bytes *out) ERROR_CHECKED;

/* Fill with random bytes from the kernel; cannot fail after start-up. */
void bytes_random(void *data, size_t length);

#endif
