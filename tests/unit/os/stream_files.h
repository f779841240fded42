/*
 * What the tests of stream share: files of known bytes, and items that are read
 * and compared with them.  Include after cmocka.h.
 */
#ifndef HIKAE_TESTS_STREAM_FILES_H
#define HIKAE_TESTS_STREAM_FILES_H

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "lib/os/stream.h"

#define KIB ((size_t)1024)
#define BLOCK (64 * KIB)
#define BIG (4 * 1024 * KIB + 321)

/* A folder beside the program: on the build's file system, not in memory. */
static char folder[PATH_MAX];
static uint8_t *expected; /* BIG bytes, every file's beginning */

static inline int
make_file(const char *where, size_t size)
{
	char path[PATH_MAX + 32];
	int fd, fresh;

	(void)snprintf(path, sizeof(path), "%s/file", where);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, expected, size), size);
	assert_int_equal(fsync(fd), 0);
	fresh = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fresh >= 0);
	(void)close(fd);
	assert_int_equal(unlink(path), 0);
	return fresh;
}

static inline struct stream *
make_stream(size_t block, unsigned in_flight, bool direct)
{
	struct stream_options options = {
	    .block_bytes = block, .in_flight = in_flight, .direct = direct};
	struct error err = {0};
	struct stream *stream = stream_new(&options, &err);

	assert_non_null(stream);
	return stream;
}

/* What one item gave, after its chunks were compared with `expected`. */
struct outcome {
	uint64_t start, end;
	int problem;
	bool is_short;
	enum stream_mode mode;
};

static inline struct outcome
take_item(struct stream *stream, uint64_t offset, void *tag)
{
	struct outcome outcome = {.start = offset, .end = offset};
	struct stream_chunk chunk;
	struct error err;

	do {
		assert_int_equal(stream_next(stream, &chunk, &err), 1);
		assert_ptr_equal(chunk.tag, tag);
		assert_true(chunk.offset == outcome.end);
		assert_true(chunk.length > 0 || chunk.is_end);
		if (chunk.length > 0)
			assert_memory_equal(
			    chunk.data, expected + chunk.offset, chunk.length);
		outcome.end += chunk.length;
		outcome.mode = chunk.mode;
		assert_true(
		    chunk.problem == 0 || (chunk.is_end && chunk.length == 0));
		assert_true(!chunk.is_short || chunk.is_end);
	} while (!chunk.is_end);
	outcome.problem = chunk.problem;
	outcome.is_short = chunk.is_short;
	return outcome;
}

static inline void
expect_empty(struct stream *stream)
{
	struct stream_chunk chunk;

	assert_int_equal(stream_next(stream, &chunk, NULL), 0);
}

static inline struct outcome
read_range(struct stream *stream, int fd, uint64_t offset, uint64_t length)
{
	struct outcome outcome;

	assert_int_equal(
	    stream_queue(stream, fd, offset, length, &outcome, NULL), 0);
	outcome = take_item(stream, offset, &outcome);
	expect_empty(stream);
	return outcome;
}

static inline int
start(void **state)
{
	const char *place = getenv("TMPDIR");
	char program[PATH_MAX / 2] = "";
	uint32_t random = 1;

	(void)state;
	if (place == NULL) {
		if (readlink("/proc/self/exe", program, sizeof(program) - 1) <
		    0)
			return -1;
		*strrchr(program, '/') = '\0';
		place = program;
	}
	(void)snprintf(folder, sizeof(folder), "%.2000s/stream-XXXXXX", place);
	expected = malloc(BIG);
	if (mkdtemp(folder) == NULL || expected == NULL)
		return -1;
	for (size_t i = 0; i < BIG; i++) {
		random = random * 1664525 + 1013904223;
		expected[i] = (uint8_t)(random >> 24);
	}
	return 0;
}

static inline int
stop(void **state)
{
	(void)state;
	free(expected);
	return rmdir(folder);
}

#endif
