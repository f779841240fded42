/*
 * field: the fields of jobs and replies, taken from bytes of another process.
 *
 * Layer 5.  Uses: base/bytes.
 *
 * What does not fit latches `failed`, as bytes_take does, and is zero or empty.
 */
#ifndef HIKAE_WORKER_FIELD_H
#define HIKAE_WORKER_FIELD_H

#include "lib/base/bytes.h"

/* One byte, 0 or 1. */
bool field_take_bool(struct bytes_reader *in);

/* An enumerator: one byte below the limit. */
unsigned field_take_kind(struct bytes_reader *in, unsigned limit);

/* A count of up to max, in 32 bits. */
size_t field_take_count(struct bytes_reader *in, size_t max);

/* A count that a journal's integers hold (RFC 8785), in 64 bits. */
#define FIELD_TALLY_MAX ((UINT64_C(1) << 53) - 1)
uint64_t field_take_tally(struct bytes_reader *in);

/* Exactly so many bytes. */
void field_take_fixed(struct bytes_reader *in, void *room, size_t length);

/* A block of up to size bytes; its length. */
size_t field_take_block(struct bytes_reader *in, void *room, size_t size);

/* A block without NUL, as text into room for size bytes. */
void field_take_text(struct bytes_reader *in, char *text, size_t size);

/* The text as a block. */
void field_put_text(struct bytes *out, const char *text);

#endif
