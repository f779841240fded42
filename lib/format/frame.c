#include "lib/format/frame.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"

/* zstd's contrib/seekable_format/zstd_seekable_compression_format.md, 0.1.0.
 * Its integers are little-endian. */
#define TABLE_MAGIC 0x184D2A5Eu
#define FOOTER_MAGIC 0x8F92EAB1u
#define SKIPPABLE_HEADER_BYTES 8u
#define FOOTER_BYTES 9u
#define TABLE_ENTRY_BYTES 8u

/* Decoding needs the window and a little more: 2^19 bytes are 512 KiB. */
#define WINDOW_LOG_MAX 19
#define WINDOW_LOG_WRITTEN 18

#define BUFFER_BYTES 65536u

/* What the table says of one frame, and where that puts it. */
struct frame_place {
	uint64_t offset;
	uint32_t stored_bytes;
	uint32_t plain_bytes;
};

struct frame_writer {
	ZSTD_CCtx *zstd;
	frame_sink *sink;
	void *context;
	struct bytes table;
	size_t count;
	uint64_t offset;		    /* of the current frame */
	uint64_t stored_bytes, plain_bytes; /* of the current frame */
	uint8_t buffer[BUFFER_BYTES];
};

struct frame_reader {
	ZSTD_DCtx *zstd;
	int fd;
	struct frame_place *places;
	size_t count;
	size_t frame;	       /* to read from next */
	uint64_t stored_taken; /* bytes of that frame read from the file */
	uint64_t plain_given;  /* bytes of it decoded so far */
	ZSTD_inBuffer input;
	uint8_t buffer[BUFFER_BYTES];
};

static void
append_little_endian(struct bytes *out, uint32_t value)
{
	for (unsigned int shift = 0; shift < 32; shift += 8)
		bytes_append_u8(out, (uint8_t)(value >> shift));
}

static uint32_t
read_little_endian(const uint8_t *data)
{
	return (uint32_t)data[0] | (uint32_t)data[1] << 8 |
	       (uint32_t)data[2] << 16 | (uint32_t)data[3] << 24;
}

static int
out_of_memory(struct error *err)
{
	return error_set(err, ERROR_INTERNAL, _("out of memory"));
}

/* ---- writing ---- */

struct frame_writer *
frame_writer_new(frame_sink *sink, void *context, int level, struct error *err)
{
	struct frame_writer *writer = calloc(1, sizeof(*writer));

	if (writer == NULL) {
		(void)out_of_memory(err);
		return NULL;
	}
	writer->sink = sink;
	writer->context = context;
	writer->zstd = ZSTD_createCCtx();
	if (writer->zstd == NULL ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(
		writer->zstd, ZSTD_c_compressionLevel, level)) ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(
		writer->zstd, ZSTD_c_windowLog, WINDOW_LOG_WRITTEN)) ||
	    ZSTD_isError(
		ZSTD_CCtx_setParameter(writer->zstd, ZSTD_c_checksumFlag, 1))) {
		(void)out_of_memory(err);
		frame_writer_free(writer);
		return NULL;
	}
	return writer;
}

void
frame_writer_free(struct frame_writer *writer)
{
	if (writer == NULL)
		return;
	(void)ZSTD_freeCCtx(writer->zstd);
	bytes_done(&writer->table);
	free(writer);
}

/* One step of the compressor, its output passed on; *ret_left is zstd's hint
 * of what is left to flush. */
static int
compress_step(struct frame_writer *writer, ZSTD_inBuffer *input,
    ZSTD_EndDirective directive, size_t *ret_left, struct error *err)
{
	ZSTD_outBuffer output = {writer->buffer, sizeof(writer->buffer), 0};
	size_t left =
	    ZSTD_compressStream2(writer->zstd, &output, input, directive);

	if (ZSTD_isError(left))
		return error_set(
		    err, ERROR_INTERNAL, "zstd: %s", ZSTD_getErrorName(left));
	writer->stored_bytes += output.pos;
	*ret_left = left;
	if (output.pos == 0)
		return 0;
	return writer->sink(writer->context, output.dst, output.pos, err);
}

int
frame_writer_write(struct frame_writer *writer, const void *data, size_t length,
    struct error *err)
{
	ZSTD_inBuffer input = {data, length, 0};
	size_t left;

	writer->plain_bytes += length;
	while (input.pos < input.size) {
		if (compress_step(
			writer, &input, ZSTD_e_continue, &left, err) != 0)
			return -1;
	}
	return 0;
}

int
frame_writer_end(struct frame_writer *writer, uint64_t *ret_offset,
    uint64_t *ret_length, struct error *err)
{
	ZSTD_inBuffer input = {NULL, 0, 0};
	size_t left;

	do {
		if (compress_step(writer, &input, ZSTD_e_end, &left, err) != 0)
			return -1;
	} while (left > 0);
	if (writer->count >= FRAME_COUNT_MAX ||
	    writer->stored_bytes > UINT32_MAX ||
	    writer->plain_bytes > UINT32_MAX)
		return error_set(err, ERROR_LIMIT, _("too many zstd frames"));
	append_little_endian(&writer->table, (uint32_t)writer->stored_bytes);
	append_little_endian(&writer->table, (uint32_t)writer->plain_bytes);
	writer->count++;
	if (ret_offset != NULL)
		*ret_offset = writer->offset;
	if (ret_length != NULL)
		*ret_length = writer->stored_bytes;
	writer->offset += writer->stored_bytes;
	writer->stored_bytes = 0;
	writer->plain_bytes = 0;
	return bytes_check(&writer->table, err);
}

int
frame_writer_finish(struct frame_writer *writer, struct error *err)
{
	struct bytes ends = BYTES_EMPTY;
	int rc = -1;

	append_little_endian(&ends, TABLE_MAGIC);
	append_little_endian(
	    &ends, (uint32_t)(writer->table.length + FOOTER_BYTES));
	append_little_endian(&writer->table, (uint32_t)writer->count);
	bytes_append_u8(&writer->table, 0);
	append_little_endian(&writer->table, FOOTER_MAGIC);
	if (bytes_check(&ends, err) != 0 ||
	    bytes_check(&writer->table, err) != 0)
		goto out;
	if (writer->sink(writer->context, ends.data, ends.length, err) != 0)
		goto out;
	rc = writer->sink(
	    writer->context, writer->table.data, writer->table.length, err);
out:
	bytes_done(&ends);
	return rc;
}

/* ---- reading ---- */

/* Exactly length bytes at offset, which were there when the size was taken. */
static int
read_at(int fd, void *buffer, size_t length, uint64_t offset, struct error *err)
{
	uint8_t *out = buffer;

	while (length > 0) {
		ssize_t n = pread(fd, out, length, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_errno(
			    err, errno, _("cannot read zstd frames"));
		if (n == 0)
			return error_set(
			    err, ERROR_INPUT, _("zstd frames end too early"));
		out += n;
		offset += (uint64_t)n;
		length -= (size_t)n;
	}
	return 0;
}

static int
bad_table(struct error *err)
{
	return error_set(err, ERROR_INPUT, _("no valid table of zstd frames"));
}

/* The frames of the table, laid one behind the other, must end where the
 * table begins. */
static int
place_frames(struct frame_reader *reader, uint64_t table_offset,
    uint64_t frame_bytes_max, struct error *err)
{
	uint64_t at = table_offset + SKIPPABLE_HEADER_BYTES;
	uint64_t offset = 0;

	for (size_t i = 0; i < reader->count;) {
		size_t batch = BUFFER_BYTES / TABLE_ENTRY_BYTES;

		if (batch > reader->count - i)
			batch = reader->count - i;
		if (read_at(reader->fd, reader->buffer,
			batch * TABLE_ENTRY_BYTES, at, err) != 0)
			return -1;
		at += batch * TABLE_ENTRY_BYTES;
		for (size_t k = 0; k < batch; k++, i++) {
			const uint8_t *entry =
			    reader->buffer + k * TABLE_ENTRY_BYTES;
			struct frame_place *place = &reader->places[i];

			place->offset = offset;
			place->stored_bytes = read_little_endian(entry);
			place->plain_bytes = read_little_endian(entry + 4);
			offset += place->stored_bytes;
			if (place->stored_bytes == 0 ||
			    place->plain_bytes > frame_bytes_max)
				return bad_table(err);
		}
	}
	return offset == table_offset ? 0 : bad_table(err);
}

static int
read_table(
    struct frame_reader *reader, uint64_t frame_bytes_max, struct error *err)
{
	uint8_t footer[FOOTER_BYTES], header[SKIPPABLE_HEADER_BYTES];
	off_t end = lseek(reader->fd, 0, SEEK_END);
	uint64_t size, table_bytes;

	if (end < 0)
		return error_set_errno(
		    err, errno, _("cannot read zstd frames"));
	size = (uint64_t)end;
	if (size < SKIPPABLE_HEADER_BYTES + FOOTER_BYTES)
		return bad_table(err);
	if (read_at(reader->fd, footer, sizeof(footer), size - FOOTER_BYTES,
		err) != 0)
		return -1;
	reader->count = read_little_endian(footer);
	table_bytes = reader->count * TABLE_ENTRY_BYTES + FOOTER_BYTES;
	if (read_little_endian(footer + 5) != FOOTER_MAGIC || footer[4] != 0 ||
	    reader->count > FRAME_COUNT_MAX ||
	    table_bytes + SKIPPABLE_HEADER_BYTES > size)
		return bad_table(err);
	size -= table_bytes + SKIPPABLE_HEADER_BYTES;
	if (read_at(reader->fd, header, sizeof(header), size, err) != 0)
		return -1;
	if (read_little_endian(header) != TABLE_MAGIC ||
	    read_little_endian(header + 4) != table_bytes)
		return bad_table(err);
	reader->places = calloc(reader->count + 1, sizeof(*reader->places));
	if (reader->places == NULL)
		return out_of_memory(err);
	return place_frames(reader, size, frame_bytes_max, err);
}

struct frame_reader *
frame_reader_new(int fd, uint64_t frame_bytes_max, struct error *err)
{
	struct frame_reader *reader = calloc(1, sizeof(*reader));

	if (reader == NULL) {
		(void)out_of_memory(err);
		return NULL;
	}
	reader->fd = fd;
	reader->zstd = ZSTD_createDCtx();
	if (reader->zstd == NULL ||
	    ZSTD_isError(ZSTD_DCtx_setParameter(
		reader->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX))) {
		(void)out_of_memory(err);
		goto failed;
	}
	if (read_table(reader, frame_bytes_max, err) != 0)
		goto failed;
	frame_reader_seek(reader, 0);
	return reader;
failed:
	frame_reader_free(reader);
	return NULL;
}

void
frame_reader_free(struct frame_reader *reader)
{
	if (reader == NULL)
		return;
	(void)ZSTD_freeDCtx(reader->zstd);
	free(reader->places);
	free(reader);
}

size_t
frame_reader_count(const struct frame_reader *reader)
{
	return reader->count;
}

uint64_t
frame_reader_offset(const struct frame_reader *reader, size_t frame)
{
	return reader->places[frame].offset;
}

uint64_t
frame_reader_length(const struct frame_reader *reader, size_t frame)
{
	return reader->places[frame].stored_bytes;
}

void
frame_reader_seek(struct frame_reader *reader, size_t frame)
{
	(void)ZSTD_DCtx_reset(reader->zstd, ZSTD_reset_session_only);
	reader->frame = frame;
	reader->stored_taken = 0;
	reader->plain_given = 0;
	reader->input = (ZSTD_inBuffer){reader->buffer, 0, 0};
}

/* The next stored bytes of the current frame, never of the one after it. */
static int
fill(struct frame_reader *reader, struct error *err)
{
	const struct frame_place *place = &reader->places[reader->frame];
	uint64_t left = place->stored_bytes - reader->stored_taken;
	size_t length = left < BUFFER_BYTES ? (size_t)left : BUFFER_BYTES;

	if (read_at(reader->fd, reader->buffer, length,
		place->offset + reader->stored_taken, err) != 0)
		return -1;
	reader->stored_taken += length;
	reader->input = (ZSTD_inBuffer){reader->buffer, length, 0};
	return 0;
}

static int
bad_frame(const struct frame_reader *reader, struct error *err)
{
	return error_set(
	    err, ERROR_INPUT, _("zstd frame %zu is damaged"), reader->frame);
}

/* Decode a little of the current frame; at its end go to the next, having
 * checked that both sizes are those of the table. */
static int
decode_step(
    struct frame_reader *reader, ZSTD_outBuffer *output, struct error *err)
{
	const struct frame_place *place = &reader->places[reader->frame];
	size_t before = output->pos, left;
	bool is_input_used;

	if (reader->input.pos == reader->input.size &&
	    reader->stored_taken < place->stored_bytes &&
	    fill(reader, err) != 0)
		return -1;
	is_input_used = reader->input.pos == reader->input.size &&
			reader->stored_taken == place->stored_bytes;
	left = ZSTD_decompressStream(reader->zstd, output, &reader->input);
	if (ZSTD_isError(left))
		return bad_frame(reader, err);
	reader->plain_given += output->pos - before;
	if (reader->plain_given > place->plain_bytes)
		return bad_frame(reader, err);
	if (left > 0) {
		/* Wants more than the frame has. */
		if (is_input_used && output->pos == before)
			return bad_frame(reader, err);
		return 0;
	}
	if (reader->input.pos != reader->input.size ||
	    reader->stored_taken != place->stored_bytes ||
	    reader->plain_given != place->plain_bytes)
		return bad_frame(reader, err);
	frame_reader_seek(reader, reader->frame + 1);
	return 0;
}

int
frame_reader_read(struct frame_reader *reader, void *buffer, size_t capacity,
    size_t *ret_length, size_t *ret_frame, struct error *err)
{
	ZSTD_outBuffer output = {buffer, capacity, 0};
	size_t frame = reader->frame;

	while (output.pos < capacity && reader->frame < reader->count) {
		if (reader->frame != frame && output.pos > 0)
			break;
		frame = reader->frame;
		if (decode_step(reader, &output, err) != 0)
			return -1;
	}
	*ret_length = output.pos;
	*ret_frame = frame;
	return 0;
}
