/*
 * field: the fields of jobs and replies, taken from bytes of another process.
 *
 * Layer 5.  Uses: base/bytes, model/sealing, os/sandbox, os/wire.
 *
 * What does not fit latches `failed`, as bytes_take does, and is zero or empty.
 */
#ifndef HIKAE_WORKER_FIELD_H
#define HIKAE_WORKER_FIELD_H

#include "lib/base/bytes.h"
#include "lib/model/sealing.h"
#include "lib/os/sandbox.h"
#include "lib/os/wire.h"

/* One byte, 0 or 1. */
bool field_take_bool(struct bytes_reader *in);

/* An enumerator: one byte below the limit. */
unsigned field_take_kind(struct bytes_reader *in, unsigned limit);

/* A count of up to max, in 32 bits. */
size_t field_take_count(struct bytes_reader *in, size_t max);

/* A count that a journal's integers hold (RFC 8785), in 64 bits. */
#define FIELD_TALLY_MAX ((UINT64_C(1) << 53) - 1)
uint64_t field_take_tally(struct bytes_reader *in);

/* How many files are encrypted; `unseen` is not passed on. */
void field_put_sealing(struct bytes *out, const struct sealing *sealing);
void field_take_sealing(struct bytes_reader *in, struct sealing *ret);

/* Exactly so many bytes. */
void field_take_fixed(struct bytes_reader *in, void *room, size_t length);

/* A block of up to size bytes; its length. */
size_t field_take_block(struct bytes_reader *in, void *room, size_t size);

/* A block without NUL, as text into room for size bytes. */
void field_take_text(struct bytes_reader *in, char *text, size_t size);

/* The text as a block. */
void field_put_text(struct bytes *out, const char *text);

/* 0, or what Linux gives as an errno (its last is 4095), in 32 bits. */
int field_take_errno(struct bytes_reader *in);

/* How a child is locked in. */
void field_put_sandbox(struct bytes *out, const struct sandbox_report *report);
void field_take_sandbox(struct bytes_reader *in, struct sandbox_report *ret);

/* Why a child gave up. */
void field_put_error(struct bytes *out, const struct error *failed);
void field_take_error(struct bytes_reader *in, struct error *ret);

/* Send what was put, as one frame, and release it. */
int field_send(int wire, uint16_t type, struct bytes *out,
    struct error *err) ERROR_CHECKED;

/*
 * Wait for the one frame that brings a child its order, with up to fds_max
 * descriptors, and have it decoded; descriptors that decode does not take are
 * closed, and the frame's bytes, which may hold a secret, are wiped.
 * ERROR_PROTOCOL where the other end closes instead.
 */
int field_receive(int wire, size_t fds_max,
    int (*decode)(struct wire_frame *frame, void *context, struct error *err),
    void *context, struct error *err) ERROR_CHECKED;

#endif
