/*
 * frame: data in independent zstd frames (RFC 8878) with a table of them.
 *
 * Layer 2.  Uses: base.  Owns: <zstd.h>.
 *
 * The stored form is that of zstd's "seekable format" 0.1.0 without per-frame
 * checksums: frames, each with zstd's own content checksum, then one skippable
 * frame that lists their sizes.  `zstd -dc` prints the whole, and a reader
 * decodes one frame without what stands before it.
 *
 * Windows are at most 512 KiB, so that a writer or a reader holds under 2 MiB
 * whatever the size of the data, and 8 or 16 bytes for each frame.
 */
#ifndef HIKAE_FORMAT_FRAME_H
#define HIKAE_FORMAT_FRAME_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

/* Frames that a file may have; at 1 GiB of backup each, 1 PiB. */
#define FRAME_COUNT_MAX ((size_t)1 << 20)

/* The level to use where nothing speaks for another. */
#define FRAME_LEVEL_DEFAULT 1

struct frame_writer;
struct frame_reader;

/* Takes all of the stored bytes, in order.  0, or -1 with err filled. */
typedef int frame_sink(
    void *context, const void *data, size_t length, struct error *err);

/* Level is zstd's, 1 to 19.  NULL on error.  Free with frame_writer_free. */
struct frame_writer *frame_writer_new(frame_sink *sink, void *context,
    int level, struct error *err) ERROR_CHECKED;

/* Data for the current frame; a frame begins with its first byte. */
int frame_writer_write(struct frame_writer *writer, const void *data,
    size_t length, struct error *err) ERROR_CHECKED;

/*
 * End the current frame, which may be empty.  Gives where it lies in the
 * stored bytes (either pointer may be NULL).  ERROR_LIMIT: more than
 * FRAME_COUNT_MAX frames, or more than 4 GiB in one.
 */
int frame_writer_end(struct frame_writer *writer, uint64_t *ret_offset,
    uint64_t *ret_length, struct error *err) ERROR_CHECKED;

/* Write the table.  The current frame must have been ended. */
int frame_writer_finish(
    struct frame_writer *writer, struct error *err) ERROR_CHECKED;

void frame_writer_free(struct frame_writer *writer);

/*
 * Read the table and check it against the size of the file.  Reads by pread
 * only; fd must be open for reading as long as the reader lives, and stays the
 * caller's.  ERROR_INPUT: no such table, a frame over frame_bytes_max when
 * decoded, or another encoding of the format.  NULL on error.
 */
struct frame_reader *frame_reader_new(
    int fd, uint64_t frame_bytes_max, struct error *err) ERROR_CHECKED;

size_t frame_reader_count(const struct frame_reader *reader);

/* Where a frame lies in the file, bytes. */
uint64_t frame_reader_offset(const struct frame_reader *reader, size_t frame);
uint64_t frame_reader_length(const struct frame_reader *reader, size_t frame);

/* Read on from the first byte of a frame; frame may be the count (the end). */
void frame_reader_seek(struct frame_reader *reader, size_t frame);

/*
 * The next decoded bytes, at most capacity, all of one frame: *ret_frame is
 * its number.  *ret_length is 0 only at the end of the last frame; frames
 * without data are passed over.  ERROR_INPUT where a frame is no valid zstd
 * frame of the sizes that the table gives; ERROR_IO and its kin for pread.
 */
int frame_reader_read(struct frame_reader *reader, void *buffer,
    size_t capacity, size_t *ret_length, size_t *ret_frame,
    struct error *err) ERROR_CHECKED;

void frame_reader_free(struct frame_reader *reader);

#endif
