/*
 * Files of awkward sizes, read in every mode and compared with what was
 * written; order, bounds and ends of items.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "tests/unit/os/stream_files.h"

static const size_t sizes[] = {0, 1, 63, 64, 4095, 4096, 4097, BLOCK - 1, BLOCK,
    BLOCK + 1, 1024 * KIB - 1, 1024 * KIB, 1024 * KIB + 1};
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

/* Every size, with ranges that begin, end and lie beyond awkward places. */
static void
check_ranges(const char *where, bool direct, unsigned in_flight)
{
	static const uint64_t offsets[] = {0, 1, 64, 4032, 4096, 4160, 65536,
	    65600, 1024 * KIB - 64, 2048 * KIB};
	static const uint64_t lengths[] = {
	    0, 1, 64, 4096, 4097, BLOCK, 500001, UINT64_MAX};
	struct stream *stream = make_stream(BLOCK, in_flight, direct);

	for (size_t s = 0; s < SIZES; s++) {
		const int fd = make_file(where, sizes[s]);

		for (size_t o = 0; o < sizeof(offsets) / 8; o++)
			for (size_t l = 0; l < sizeof(lengths) / 8; l++) {
				const uint64_t left =
				    sizes[s] > offsets[o]
					? sizes[s] - offsets[o]
					: 0;
				const uint64_t asked = lengths[l];
				const uint64_t due =
				    asked < left ? asked : left;
				struct outcome got =
				    read_range(stream, fd, offsets[o], asked);

				assert_true(got.end - got.start == due);
				assert_int_equal(got.problem, 0);
				assert_int_equal(got.is_short,
				    due < asked && asked != UINT64_MAX);
			}
		(void)close(fd);
	}
	stream_free(stream);
}

static void
every_range_of_every_size(void **state)
{
	(void)state;
	check_ranges(folder, true, 1);
	check_ranges(folder, true, 4);
	check_ranges(folder, false, 4);
}

static void
every_range_in_memory(void **state)
{
	struct statfs fs;

	(void)state;
	if (statfs("/dev/shm", &fs) < 0 || fs.f_type != TMPFS_MAGIC ||
	    access("/dev/shm", W_OK) < 0)
		skip();
	check_ranges("/dev/shm", true, 4);
}

static enum stream_mode
mode_on(const char *where)
{
	struct stream *stream = make_stream(BLOCK, 4, true);
	const int fd = make_file(where, BIG);
	struct outcome got = read_range(stream, fd, 0, BIG);
	struct stream_totals totals;

	assert_true(got.end == BIG);
	stream_get_totals(stream, &totals);
	assert_true(totals.bytes == BIG);
	assert_true(totals.bytes_by_mode[got.mode] == BIG);
	(void)close(fd);
	stream_free(stream);
	return got.mode;
}

static void
mode_is_what_the_file_system_grants(void **state)
{
	struct stream *stream = make_stream(BLOCK, 4, true);
	const int fd = open("/proc/version", O_RDONLY | O_CLOEXEC);
	struct stream_chunk chunk = {0};
	struct statfs fs;
	char text[4096];
	ssize_t length;

	(void)state;
	assert_int_equal(statfs(folder, &fs), 0);
	if (fs.f_type == EXT4_SUPER_MAGIC || fs.f_type == XFS_SUPER_MAGIC)
		assert_int_equal(mode_on(folder), STREAM_DIRECT);
	if (statfs("/dev/shm", &fs) == 0 && fs.f_type == TMPFS_MAGIC)
		assert_int_equal(mode_on("/dev/shm"), STREAM_CACHED);
	/* procfs refuses O_DIRECT. */
	length = pread(fd, text, sizeof(text), 0);
	assert_true(length > 0);
	assert_int_equal(
	    stream_queue(stream, fd, 0, UINT64_MAX, NULL, NULL), 0);
	assert_int_equal(stream_next(stream, &chunk, NULL), 1);
	assert_int_equal(chunk.mode, STREAM_DROPPED);
	assert_int_equal(chunk.length, length);
	assert_memory_equal(chunk.data, text, chunk.length);
	(void)close(fd);
	stream_free(stream);
}

/* Runs mkfs.ext4 and mounts the image at path; false where that cannot be. */
static bool
mount_ext4(const char *path, const char *options)
{
	char command[5 * PATH_MAX];

	if (geteuid() != 0 || mkdir(path, 0700) < 0)
		return false;
	(void)snprintf(command, sizeof(command),
	    "truncate -s 32M '%s.img' && mkfs.ext4 -q '%s.img' && "
	    "mount -o loop,%s '%s.img' '%s'",
	    path, path, options, path, path);
	return system(command) == 0; /* NOLINT: no outside text in it */
}

static void
loop_mounted_ext4(void **state)
{
	static const struct {
		const char *options;
		enum stream_mode mode;
	} cases[] = {{"data=ordered", STREAM_DIRECT},
	    /* Accepts O_DIRECT and reads through the cache; statx(2) tells. */
	    {"data=journal", STREAM_DROPPED}};
	char path[PATH_MAX + 16], image[PATH_MAX + 32];
	bool mounted = true;

	(void)state;
	for (size_t i = 0; i < 2 && mounted; i++) {
		enum stream_mode mode = STREAM_CACHED;

		(void)snprintf(path, sizeof(path), "%s/ext4", folder);
		(void)snprintf(image, sizeof(image), "%s.img", path);
		mounted = mount_ext4(path, cases[i].options);
		if (mounted) {
			mode = mode_on(path);
			assert_int_equal(umount(path), 0);
		}
		(void)rmdir(path);
		(void)unlink(image);
		if (mounted)
			assert_int_equal(mode, cases[i].mode);
	}
	if (!mounted)
		skip();
}

static void
many_items_keep_their_order(void **state)
{
	int fds[SIZES];
	struct stream *streams[] = {make_stream(4096, 32, true),
	    make_stream(BLOCK, 3, true), make_stream(BLOCK, 8, false)};
	size_t tags[1000];

	(void)state;
	for (size_t s = 0; s < SIZES; s++)
		fds[s] = make_file(folder, sizes[s]);
	for (size_t i = 0; i < 3; i++) {
		size_t queued = 0, taken = 0;

		while (taken < 1000) {
			while (queued < 1000 && stream_has_room(streams[i])) {
				tags[queued] = queued;
				assert_int_equal(
				    stream_queue(streams[i],
					fds[queued % SIZES], queued % 7 * 64,
					200000, &tags[queued], NULL),
				    0);
				queued++;
			}
			(void)take_item(
			    streams[i], taken % 7 * 64, &tags[taken]);
			taken++;
		}
		expect_empty(streams[i]);
		stream_free(streams[i]);
	}
	for (size_t s = 0; s < SIZES; s++)
		(void)close(fds[s]);
}

static void
queue_is_bounded(void **state)
{
	struct stream *stream = make_stream(BLOCK, 4, true);
	const int fd = make_file(folder, 4096);
	struct stream_options options = {BLOCK, 4, true, NULL};
	struct error err;

	(void)state;
	for (int i = 0; i < STREAM_ITEMS_MAX; i++) {
		assert_true(stream_has_room(stream));
		assert_int_equal(stream_queue(stream, fd, 0, 1, NULL, &err), 0);
	}
	assert_false(stream_has_room(stream));
	assert_int_equal(stream_queue(stream, fd, 0, 1, NULL, &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
	stream_cancel(stream);
	expect_empty(stream);
	assert_int_equal(
	    stream_queue(stream, fd, UINT64_MAX, 1, NULL, &err), -1);
	assert_int_equal(err.code, ERROR_USAGE);
	/* The last offset there is. */
	assert_true(read_range(stream, fd, INT64_MAX, 9).end == INT64_MAX);
	assert_true(read_range(stream, fd, 1, UINT64_MAX - 1).is_short);
	stream_free(stream);
	options.in_flight = STREAM_IN_FLIGHT_MAX + 1;
	assert_null(stream_new(&options, &err));
	assert_int_equal(err.code, ERROR_USAGE);
	options = (struct stream_options){BLOCK + 4096, 4, true, NULL};
	assert_null(stream_new(&options, &err));
	stream_free(NULL);
	(void)close(fd);
}

static void
file_truncated_while_queued_is_short(void **state)
{
	struct stream *stream = make_stream(4096, 1, true);
	const int first = make_file(folder, 64 * KIB);
	char path[64];
	int last = make_file(folder, 64 * KIB), writable;

	(void)state;
	assert_int_equal(
	    stream_queue(stream, first, 0, 64 * KIB, NULL, NULL), 0);
	assert_int_equal(
	    stream_queue(stream, last, 0, 64 * KIB, NULL, NULL), 0);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", last);
	writable = open(path, O_RDWR | O_CLOEXEC);
	assert_int_equal(ftruncate(writable, 10000), 0);
	assert_false(take_item(stream, 0, NULL).is_short);
	struct outcome got = take_item(stream, 0, NULL);
	assert_true(got.is_short && got.end == 10000 && got.problem == 0);
	(void)close(writable);
	(void)close(first);
	(void)close(last);
	stream_free(stream);
}

static void
descriptor_that_is_none_is_a_problem(void **state)
{
	struct stream *stream = make_stream(BLOCK, 4, true);
	struct outcome got = read_range(stream, -1, 0, 100);

	(void)state;
	assert_int_equal(got.problem, EBADF);
	stream_free(stream);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_range_of_every_size),
	    cmocka_unit_test(every_range_in_memory),
	    cmocka_unit_test(mode_is_what_the_file_system_grants),
	    cmocka_unit_test(loop_mounted_ext4),
	    cmocka_unit_test(many_items_keep_their_order),
	    cmocka_unit_test(queue_is_bounded),
	    cmocka_unit_test(file_truncated_while_queued_is_short),
	    cmocka_unit_test(descriptor_that_is_none_is_a_problem),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
