/* zstd's own program reads what is written; hostile tables and frames. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/bytes.h"
#include "lib/format/frame.h"

#define LIMIT 1000000

static int
collect(void *context, const void *data, size_t length, struct error *err)
{
	(void)err;
	bytes_append(context, data, length);
	return 0;
}

/* The plain bytes of frame n: sizes from 0 to more than all buffers. */
static void
append_plain(struct bytes *out, size_t n)
{
	static const size_t sizes[] = {17, 0, 1, 300000, 65536, 131072};
	uint32_t x = (uint32_t)n + 1;

	for (size_t i = 0; i < sizes[n]; i++) {
		x = x * 1664525 + 1013904223;
		bytes_append_u8(out, (uint8_t)(0x30 + (x >> 24) % 17));
	}
}
#define FRAMES 6

static void
write_sample(struct bytes *stored)
{
	struct error err = {0};
	struct frame_writer *writer =
	    frame_writer_new(collect, stored, FRAME_LEVEL_DEFAULT, &err);
	uint64_t end = 0;

	assert_non_null(writer);
	for (size_t n = 0; n < FRAMES; n++) {
		struct bytes plain = BYTES_EMPTY;
		uint64_t offset, length;

		append_plain(&plain, n);
		assert_int_equal(frame_writer_write(writer, plain.data,
				     plain.length / 2, &err),
		    0);
		if (plain.length > 0)
			assert_int_equal(
			    frame_writer_write(writer,
				plain.data + plain.length / 2,
				plain.length - plain.length / 2, &err),
			    0);
		assert_int_equal(
		    frame_writer_end(writer, &offset, &length, &err), 0);
		assert_int_equal(offset, end);
		end += length;
		bytes_done(&plain);
	}
	assert_int_equal(frame_writer_finish(writer, &err), 0);
	frame_writer_free(writer);
}

static int
file_of(const void *data, size_t length)
{
	int fd = memfd_create("frame", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, length), (ssize_t)length);
	return fd;
}

/* Everything from a frame on, in pieces of `step` bytes.  -1 on error. */
static int
read_from(struct frame_reader *reader, size_t frame, size_t step,
    struct bytes *out, struct error *err)
{
	uint8_t *buffer = malloc(step);
	size_t length = 1, seen = frame, last = frame;
	int rc = 0;

	frame_reader_seek(reader, frame);
	while (rc == 0 && length > 0) {
		rc = frame_reader_read(
		    reader, buffer, step, &length, &seen, err);
		if (rc == 0) {
			assert_true(seen >= last);
			assert_true(length <= step);
			last = seen;
			bytes_append(out, buffer, length);
		}
	}
	free(buffer);
	return rc;
}

static void
frames_come_back_from_any_start(void **state)
{
	static const size_t steps[] = {1000003, 65536, 4096, 613};
	struct error err = {0};
	struct bytes stored = BYTES_EMPTY;
	struct frame_reader *reader;
	int fd;

	(void)state;
	write_sample(&stored);
	fd = file_of(stored.data, stored.length);
	reader = frame_reader_new(fd, LIMIT, &err);
	assert_non_null(reader);
	assert_int_equal(frame_reader_count(reader), FRAMES);
	for (size_t start = 0; start <= FRAMES; start++) {
		struct bytes plain = BYTES_EMPTY;

		for (size_t n = start; n < FRAMES; n++)
			append_plain(&plain, n);
		for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
			struct bytes back = BYTES_EMPTY;

			assert_int_equal(
			    read_from(reader, start, steps[i], &back, &err), 0);
			assert_int_equal(back.length, plain.length);
			if (plain.length > 0)
				assert_memory_equal(
				    back.data, plain.data, plain.length);
			bytes_done(&back);
		}
		bytes_done(&plain);
	}
	frame_reader_free(reader);
	close(fd);
	bytes_done(&stored);
}

/* One read never mixes frames, and says which one it gave. */
static void
reads_end_with_their_frame(void **state)
{
	static const size_t expected[][2] = {
	    {0, 17}, {2, 1}, {3, 300000}, {4, 65536}, {5, 131072}, {5, 0}};
	struct error err = {0};
	struct bytes stored = BYTES_EMPTY;
	struct frame_reader *reader;
	uint8_t *buffer = malloc(LIMIT);
	size_t length, frame;
	int fd;

	(void)state;
	write_sample(&stored);
	fd = file_of(stored.data, stored.length);
	reader = frame_reader_new(fd, LIMIT, &err);
	assert_non_null(reader);
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		assert_int_equal(frame_reader_read(reader, buffer, LIMIT,
				     &length, &frame, &err),
		    0);
		assert_int_equal(length, expected[i][1]);
		if (length > 0)
			assert_int_equal(frame, expected[i][0]);
	}
	frame_reader_free(reader);
	free(buffer);
	close(fd);
	bytes_done(&stored);
}

static void
zstd_reads_it(void **state)
{
	struct bytes stored = BYTES_EMPTY, plain = BYTES_EMPTY;
	struct bytes back = BYTES_EMPTY;
	char command[80];
	int c, fd;
	FILE *pipe;

	(void)state;
	write_sample(&stored);
	for (size_t n = 0; n < FRAMES; n++)
		append_plain(&plain, n);
	fd = file_of(stored.data, stored.length);
	snprintf(command, sizeof(command), "zstd -qdc </proc/%d/fd/%d",
	    (int)getpid(), fd);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	while ((c = getc(pipe)) != EOF)
		bytes_append_u8(&back, (uint8_t)c);
	assert_int_equal(pclose(pipe), 0);
	assert_int_equal(back.length, plain.length);
	assert_memory_equal(back.data, plain.data, plain.length);
	close(fd);
	bytes_done(&stored);
	bytes_done(&plain);
	bytes_done(&back);
}

/* Try a file whole; -1 when the table or any frame is refused. */
static int
try_file(const void *data, size_t length, struct error *err)
{
	struct bytes back = BYTES_EMPTY;
	int fd = file_of(data, length), rc = -1;
	struct frame_reader *reader = frame_reader_new(fd, LIMIT, err);

	if (reader != NULL)
		rc = read_from(reader, 0, 65536, &back, err);
	assert_true(back.length <= FRAMES * (size_t)LIMIT);
	frame_reader_free(reader);
	bytes_done(&back);
	close(fd);
	return rc;
}

/* Every bit matters: nothing of the stored form is there without effect, but
 * for a few bits of zstd's frame headers. */
static void
damage_is_refused(void **state)
{
	struct error err = {0};
	struct bytes stored = BYTES_EMPTY;
	struct frame_writer *writer =
	    frame_writer_new(collect, &stored, 1, &err);
	size_t unseen = 0;

	(void)state;
	for (int n = 0; n < 3; n++) {
		assert_int_equal(
		    frame_writer_write(writer, "# hikae\n", 8, &err), 0);
		assert_int_equal(frame_writer_end(writer, NULL, NULL, &err), 0);
	}
	assert_int_equal(frame_writer_finish(writer, &err), 0);
	frame_writer_free(writer);
	assert_int_equal(try_file(stored.data, stored.length, &err), 0);
	for (size_t i = 0; i < stored.length; i++) {
		for (unsigned int bit = 0; bit < 8; bit++) {
			stored.data[i] ^= (uint8_t)(1u << bit);
			if (try_file(stored.data, stored.length, &err) == 0)
				unseen++;
			else
				assert_int_equal(err.code, ERROR_INPUT);
			stored.data[i] ^= (uint8_t)(1u << bit);
		}
	}
	assert_true(unseen <= 3 * 16);
	for (size_t length = 0; length < stored.length; length++)
		assert_int_equal(try_file(stored.data, length, &err), -1);
	bytes_append_u8(&stored, 0);
	assert_int_equal(try_file(stored.data, stored.length, &err), -1);
	bytes_done(&stored);
}

static void
limit_of_a_frame_holds(void **state)
{
	struct error err = {0};
	struct bytes stored = BYTES_EMPTY;
	struct frame_reader *reader;
	int fd;

	(void)state;
	write_sample(&stored);
	fd = file_of(stored.data, stored.length);
	assert_null(frame_reader_new(fd, 299999, &err));
	assert_int_equal(err.code, ERROR_INPUT);
	reader = frame_reader_new(fd, 300000, &err);
	assert_non_null(reader);
	frame_reader_free(reader);
	close(fd);
	bytes_done(&stored);
}

static int
refuse(void *context, const void *data, size_t length, struct error *err)
{
	(void)context;
	(void)data;
	(void)length;
	return error_set(err, ERROR_NO_SPACE, "full");
}

static void
sink_error_is_passed_on(void **state)
{
	struct error err = {0};
	struct frame_writer *writer = frame_writer_new(refuse, NULL, 1, &err);

	(void)state;
	assert_int_equal(frame_writer_write(writer, "x", 1, &err), 0);
	assert_int_equal(frame_writer_end(writer, NULL, NULL, &err), -1);
	assert_int_equal(err.code, ERROR_NO_SPACE);
	frame_writer_free(writer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(frames_come_back_from_any_start),
	    cmocka_unit_test(reads_end_with_their_frame),
	    cmocka_unit_test(zstd_reads_it),
	    cmocka_unit_test(damage_is_refused),
	    cmocka_unit_test(limit_of_a_frame_holds),
	    cmocka_unit_test(sink_error_is_passed_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
