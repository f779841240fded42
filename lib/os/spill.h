/*
 * spill: runs of byte records in a temporary file, checked when read back.
 *
 * Layer 1.  Uses: base.  Used by os/sorter alone.
 *
 * A run is a sequence of blocks, each with a check over its bytes, its place
 * in the file and a key: a block that is short, altered, moved or left by
 * somebody else is an error before any record of it is handed out.  Against
 * accident and stale data, not against an attacker: the file has no name.
 *
 *	block:  u64 payload bytes, u64 check (in the host's byte order)
 *	payload: records, each u32 length (big-endian) and its bytes
 */
#ifndef HIKAE_OS_SPILL_H
#define HIKAE_OS_SPILL_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/bytes.h"
#include "lib/base/error.h"

/* Bytes that a record and a block take beside the records' own. */
#define SPILL_RECORD_OVERHEAD_BYTES 4
#define SPILL_BLOCK_OVERHEAD_BYTES 16

struct spill_run {
	uint64_t begin, end; /* offsets in the file */
	uint64_t records;
	unsigned level; /* the owner's: how many merges made it */
};

/* Writes one run.  The fields are private. */
struct spill_writer {
	int fd;
	uint64_t key;
	size_t block_bytes;
	struct spill_run run;
	struct bytes block;
};

/*
 * Begin a run at an offset.  A block is closed before it would be longer than
 * block_bytes; a record that is longer has a block of its own.
 */
void spill_writer_init(struct spill_writer *writer, int fd, uint64_t offset,
    uint64_t key, size_t block_bytes);

/* Append a record.  Errors: of pwrite, or no memory. */
int spill_writer_add(struct spill_writer *writer, const void *data,
    size_t length, struct error *err) ERROR_CHECKED;

/* Write what is left and say what the run is. */
int spill_writer_finish(struct spill_writer *writer, struct spill_run *ret_run,
    struct error *err) ERROR_CHECKED;

/* Free the memory; safe on an all-zero struct. */
void spill_writer_done(struct spill_writer *writer);

/* Reads one run.  The fields are private. */
struct spill_reader {
	int fd;
	uint64_t key;
	uint64_t offset; /* of the next block */
	uint64_t end;
	uint64_t records_left;
	struct bytes block;
	struct bytes_reader rest;
};

void spill_reader_init(struct spill_reader *reader, int fd, uint64_t key,
    const struct spill_run *run);

/*
 * 1 and the next record, valid until the next call; 0 after the last; -1 with
 * ERROR_IO when the file is not what was written.
 */
int spill_reader_next(struct spill_reader *reader, const uint8_t **ret_data,
    size_t *ret_length, struct error *err) ERROR_CHECKED;

/* Free the memory; safe on an all-zero struct. */
void spill_reader_done(struct spill_reader *reader);

#endif
