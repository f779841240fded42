/* frame: a file of frames whose table and contents anybody may have written. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/format/frame.h"

#define FRAME_BYTES_MAX 65536

/* Frame numbers only grow, and what lies in the file is below its size. */
static void
read_frames(struct frame_reader *reader, size_t size)
{
	size_t count = frame_reader_count(reader), length, frame, last = 0;
	uint8_t buffer[4096];

	for (size_t i = 0; i < count; i++)
		if (frame_reader_offset(reader, i) > size ||
		    frame_reader_length(reader, i) >
			size - frame_reader_offset(reader, i))
			abort();
	while (frame_reader_read(reader, buffer, sizeof(buffer), &length,
		   &frame, NULL) == 0 &&
	       length > 0) {
		if (length > sizeof(buffer) || frame < last || frame >= count)
			abort();
		last = frame;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct frame_reader *reader = NULL;
	int fd = memfd_create("frames", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, length) != (ssize_t)length)
		abort();
	reader = frame_reader_new(fd, FRAME_BYTES_MAX, NULL);
	if (reader != NULL)
		read_frames(reader, length);
	frame_reader_free(reader);
	(void)close(fd);
	return 0;
}
