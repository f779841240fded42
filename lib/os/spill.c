#include "lib/os/spill.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"

struct block_header {
	uint64_t payload_bytes;
	uint64_t check;
};
_Static_assert(
    sizeof(struct block_header) == SPILL_BLOCK_OVERHEAD_BYTES, "block header");

/* An odd 64-bit number: 2^64 divided by the golden ratio. */
#define MIX UINT64_C(0x9e3779b97f4a7c15)

/* Each step is a bijection of h, so any one altered word alters the check. */
static uint64_t
mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * MIX;
	return h ^ h >> 32;
}

static uint64_t
check_of(uint64_t key, uint64_t offset, const uint8_t *data, uint64_t length)
{
	uint64_t h = mix(mix(key, offset), length);
	uint64_t word;

	for (; length >= sizeof(word); length -= sizeof(word)) {
		memcpy(&word, data, sizeof(word));
		h = mix(h, word);
		data += sizeof(word);
	}
	word = 0;
	memcpy(&word, data, (size_t)length);
	return mix(h, word);
}

void
spill_writer_init(struct spill_writer *writer, int fd, uint64_t offset,
    uint64_t key, size_t block_bytes)
{
	*writer = (struct spill_writer){
	    .fd = fd,
	    .key = key,
	    .block_bytes = block_bytes,
	    .run = {.begin = offset, .end = offset},
	};
}

static int
write_at(int fd, const uint8_t *data, size_t length, uint64_t offset,
    struct error *err)
{
	while (length > 0) {
		ssize_t n = pwrite(fd, data, length, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return error_set_errno(err, n < 0 ? errno : EIO,
			    _("cannot write temporary file"));
		data += n;
		length -= (size_t)n;
		offset += (uint64_t)n;
	}
	return 0;
}

/* Write the block, if there is one, behind the run. */
static int
flush_block(struct spill_writer *writer, struct error *err)
{
	struct bytes *block = &writer->block;
	struct block_header header;

	if (bytes_check(block, err) != 0)
		return -1;
	if (block->length == 0)
		return 0;
	header.payload_bytes = block->length - sizeof(header);
	header.check = check_of(writer->key, writer->run.end,
	    block->data + sizeof(header), header.payload_bytes);
	memcpy(block->data, &header, sizeof(header));
	if (write_at(writer->fd, block->data, block->length, writer->run.end,
		err) != 0)
		return -1;
	writer->run.end += block->length;
	bytes_clear(block);
	return 0;
}

int
spill_writer_add(struct spill_writer *writer, const void *data, size_t length,
    struct error *err)
{
	static const struct block_header no_header;
	struct bytes *block = &writer->block;

	if (block->length + SPILL_RECORD_OVERHEAD_BYTES + length >
		writer->block_bytes &&
	    flush_block(writer, err) != 0)
		return -1;
	if (block->length == 0)
		bytes_append(block, &no_header, sizeof(no_header));
	bytes_append_block(block, data, length);
	writer->run.records++;
	return bytes_check(block, err);
}

int
spill_writer_finish(
    struct spill_writer *writer, struct spill_run *ret_run, struct error *err)
{
	if (flush_block(writer, err) != 0)
		return -1;
	*ret_run = writer->run;
	return 0;
}

void
spill_writer_done(struct spill_writer *writer)
{
	bytes_done(&writer->block);
}

void
spill_reader_init(struct spill_reader *reader, int fd, uint64_t key,
    const struct spill_run *run)
{
	*reader = (struct spill_reader){
	    .fd = fd,
	    .key = key,
	    .offset = run->begin,
	    .end = run->end,
	    .records_left = run->records,
	};
}

static int
not_as_written(struct error *err)
{
	return error_set(
	    err, ERROR_IO, _("temporary file is not as it was written"));
}

static int
read_at(int fd, void *data, size_t length, uint64_t offset, struct error *err)
{
	uint8_t *to = data;

	while (length > 0) {
		ssize_t n = pread(fd, to, length, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_errno(
			    err, errno, _("cannot read temporary file"));
		if (n == 0)
			return not_as_written(err);
		to += n;
		length -= (size_t)n;
		offset += (uint64_t)n;
	}
	return 0;
}

/* Make the block's buffer at least this long. */
static int
size_block(struct bytes *block, size_t length, struct error *err)
{
	static const uint8_t zero[4096];

	while (block->length < length && !block->failed) {
		size_t more = length - block->length;

		bytes_append(
		    block, zero, more < sizeof(zero) ? more : sizeof(zero));
	}
	return bytes_check(block, err);
}

static int
read_block(struct spill_reader *reader, struct error *err)
{
	struct block_header header;
	uint64_t left = reader->end - reader->offset;

	if (left < sizeof(header))
		return not_as_written(err);
	if (read_at(reader->fd, &header, sizeof(header), reader->offset, err) !=
	    0)
		return -1;
	left -= sizeof(header);
	if (header.payload_bytes == 0 || header.payload_bytes > left)
		return not_as_written(err);
	if (size_block(&reader->block, (size_t)header.payload_bytes, err) !=
		0 ||
	    read_at(reader->fd, reader->block.data,
		(size_t)header.payload_bytes, reader->offset + sizeof(header),
		err) != 0)
		return -1;
	if (check_of(reader->key, reader->offset, reader->block.data,
		header.payload_bytes) != header.check)
		return not_as_written(err);
	reader->offset += sizeof(header) + header.payload_bytes;
	reader->rest = (struct bytes_reader){
	    reader->block.data, (size_t)header.payload_bytes, false};
	return 0;
}

int
spill_reader_next(struct spill_reader *reader, const uint8_t **ret_data,
    size_t *ret_length, struct error *err)
{
	if (reader->rest.length == 0) {
		if (reader->offset == reader->end)
			return reader->records_left == 0 ? 0
							 : not_as_written(err);
		if (read_block(reader, err) != 0)
			return -1;
	}
	*ret_data = bytes_take_block(&reader->rest, ret_length);
	if (reader->rest.failed || reader->records_left == 0)
		return not_as_written(err);
	reader->records_left--;
	return 1;
}

void
spill_reader_done(struct spill_reader *reader)
{
	bytes_done(&reader->block);
}
