/*
 * manifest: whatever its text, reading it ends, and its entries are in order.
 *
 * The input is the text of the frames, with a form feed between two of them
 * (no manifest contains one); what is around them is fuzz_frame's.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/format/frame.h"
#include "lib/model/manifest_reader.h"

#define SLICES_TRIED 16

static int
put(void *context, const void *data, size_t length, struct error *err)
{
	(void)err;
	return write(*(int *)context, data, length) == (ssize_t)length ? 0 : -1;
}

static void
store(int fd, const uint8_t *data, size_t length)
{
	struct frame_writer *writer =
	    frame_writer_new(put, &fd, FRAME_LEVEL_DEFAULT, NULL);
	const uint8_t *end = data + length, *next;

	if (writer == NULL)
		abort();
	for (; data <= end; data = next + 1) {
		next = memchr(data, '\f', (size_t)(end - data));
		if (next == NULL)
			next = end;
		if (frame_writer_write(
			writer, data, (size_t)(next - data), NULL) != 0 ||
		    frame_writer_end(writer, NULL, NULL, NULL) != 0)
			abort();
	}
	if (frame_writer_finish(writer, NULL) != 0)
		abort();
	frame_writer_free(writer);
}

static void
read_in_order(struct manifest_reader *reader)
{
	struct bytes last = BYTES_EMPTY;
	struct manifest_entry entry;

	while (manifest_reader_next(reader, &entry, NULL) == 1) {
		if (last.length > 0 &&
		    manifest_compare_paths((const char *)last.data, last.length,
			entry.path, entry.path_length) >= 0)
			abort();
		bytes_clear(&last);
		bytes_append(&last, entry.path, entry.path_length);
	}
	bytes_done(&last);
}

static void
read_slices(struct manifest_reader *reader)
{
	uint64_t slices = manifest_reader_totals(reader)->slices;
	struct manifest_partial partial;
	struct manifest_entry entry;
	struct manifest_start start;

	for (uint64_t i = 0; i < slices && i < SLICES_TRIED; i++) {
		if (manifest_reader_seek(reader, i, &start, NULL) != 0)
			continue;
		while (manifest_reader_next_in_slice(reader, &entry, NULL) == 1)
			continue;
		if (start.inside_file &&
		    manifest_reader_partial(reader, i, &partial, NULL) == 0 &&
		    partial.from > partial.to)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct manifest_reader *reader;
	int fd = memfd_create("manifest", MFD_CLOEXEC);

	if (fd < 0)
		abort();
	store(fd, data, length);
	reader = manifest_reader_new(fd, NULL);
	if (reader != NULL) {
		read_in_order(reader);
		read_slices(reader);
	}
	manifest_reader_free(reader);
	(void)close(fd);
	return 0;
}
