/*
 * Files of awkward sizes read in every mode and compared with what was written;
 * then the same with failing system calls and bad blocks.
 *
 * io_setup, io_submit, io_getevents and pread are wrapped: a medium that fails
 * on demand, and a kernel that lacks resources, cannot be had otherwise.
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
#include <libaio.h>
#include <limits.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "lib/os/stream.h"

#define KIB ((size_t)1024)
#define BLOCK (64 * KIB)
#define BIG (4 * 1024 * KIB + 321)

/* What is to go wrong.  Calls are counted from 1; 0 is never. */
static struct {
	uint64_t bad_from, bad_to; /* bytes of the file that cannot be read */
	int bad_errno;
	unsigned bad_reads_left; /* so many reads fail; then all is well */
	unsigned setup_errno;
	unsigned submit_fails_at, submit_takes_one;
	int submit_errno;
	unsigned events_fail_at;
	int events_errno;
	unsigned pread_interrupted_at, pread_halved_at;
	unsigned submits, events, preads; /* calls so far */
} fault;

int __real_io_setup(int count, io_context_t *context);
int __real_io_submit(io_context_t context, long count, struct iocb **batch);
int __real_io_getevents(io_context_t context, long minimum, long count,
    struct io_event *events, struct timespec *timeout);
ssize_t __real_pread64(int fd, void *buffer, size_t length, off_t offset);
int __wrap_io_setup(int count, io_context_t *context);
int __wrap_io_submit(io_context_t context, long count, struct iocb **batch);
int __wrap_io_getevents(io_context_t context, long minimum, long count,
    struct io_event *events, struct timespec *timeout);
ssize_t __wrap_pread64(int fd, void *buffer, size_t length, off_t offset);

static bool
hits_bad_block(uint64_t offset, size_t length)
{
	if (fault.bad_reads_left == 0 || offset >= fault.bad_to ||
	    offset + length <= fault.bad_from)
		return false;
	fault.bad_reads_left--;
	return true;
}

int
__wrap_io_setup(int count, io_context_t *context)
{
	if (fault.setup_errno != 0)
		return -(int)fault.setup_errno;
	return __real_io_setup(count, context);
}

int
__wrap_io_submit(io_context_t context, long count, struct iocb **batch)
{
	if (++fault.submits == fault.submit_fails_at)
		return -fault.submit_errno;
	if (fault.submit_takes_one && count > 1)
		count = 1;
	return __real_io_submit(context, count, batch);
}

int
__wrap_io_getevents(io_context_t context, long minimum, long count,
    struct io_event *events, struct timespec *timeout)
{
	int got;

	if (++fault.events == fault.events_fail_at)
		return -fault.events_errno;
	got = __real_io_getevents(context, minimum, count, events, timeout);
	for (int i = 0; i < got; i++)
		if (hits_bad_block((uint64_t)events[i].obj->u.c.offset,
			events[i].obj->u.c.nbytes))
			events[i].res = (unsigned long)-(long)fault.bad_errno;
	return got;
}

ssize_t
__wrap_pread64(int fd, void *buffer, size_t length, off_t offset)
{
	fault.preads++;
	if (fault.preads == fault.pread_interrupted_at) {
		errno = EINTR;
		return -1;
	}
	if (hits_bad_block((uint64_t)offset, length)) {
		errno = fault.bad_errno;
		return -1;
	}
	if (fault.preads == fault.pread_halved_at && length > 4096)
		length = length / 2;
	return __real_pread64(fd, buffer, length, offset);
}

/* A folder beside the program: on the build's file system, not in memory. */
static char folder[PATH_MAX];
static uint8_t *expected; /* BIG bytes, every file's beginning */

static int
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

static struct stream *
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

static struct outcome
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

static void
expect_empty(struct stream *stream)
{
	struct stream_chunk chunk;

	assert_int_equal(stream_next(stream, &chunk, NULL), 0);
}

static struct outcome
read_range(struct stream *stream, int fd, uint64_t offset, uint64_t length)
{
	struct outcome outcome;

	assert_int_equal(
	    stream_queue(stream, fd, offset, length, &outcome, NULL), 0);
	outcome = take_item(stream, offset, &outcome);
	expect_empty(stream);
	return outcome;
}

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
	struct stream_options options = {BLOCK, 4, true};
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
	options = (struct stream_options){BLOCK + 4096, 4, true};
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

/* Three items on a file of which 4096 bytes are bad; the middle one meets it */
static void
check_bad_block(bool direct, int bad_errno, uint64_t due)
{
	struct stream *stream = make_stream(BLOCK, 4, direct);
	const int fd = make_file(folder, BIG);
	struct outcome got;
	char tags[3];

	memset(&fault, 0, sizeof(fault));
	fault.bad_from = 10 * BLOCK + 8192;
	fault.bad_to = fault.bad_from + 4096;
	fault.bad_errno = bad_errno;
	fault.bad_reads_left = UINT_MAX;
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(stream_queue(stream, fd, i == 1 ? 64 : 0,
				     i == 1 ? BIG : 9 * BLOCK, &tags[i], NULL),
		    0);
	got = take_item(stream, 0, &tags[0]);
	assert_true(got.end == 9 * BLOCK && got.problem == 0);
	got = take_item(stream, 64, &tags[1]);
	assert_int_equal(got.problem, bad_errno);
	assert_true(got.end == due);
	got = take_item(stream, 0, &tags[2]);
	assert_true(got.end == 9 * BLOCK && got.problem == 0);
	/* A range that begins within the bad block, and one just behind. */
	got = read_range(stream, fd, fault.bad_from + 64, 100000);
	assert_true(got.problem == bad_errno && got.end == got.start);
	got = read_range(stream, fd, fault.bad_to, 100000);
	assert_true(got.problem == 0 && got.end == got.start + 100000);
	memset(&fault, 0, sizeof(fault));
	(void)close(fd);
	stream_free(stream);
}

static void
bad_block_is_found(void **state)
{
	const uint64_t block = 10 * BLOCK, bad = block + 8192;

	(void)state;
	check_bad_block(true, EIO, bad);
	check_bad_block(true, ENODATA, bad);
	check_bad_block(false, EIO, bad);
	/* No error of the medium: not tried piece by piece. */
	check_bad_block(true, ESTALE, block);
	check_bad_block(true, ETIMEDOUT, block);
	check_bad_block(false, ESTALE, block);
}

static void
passing_error_is_counted(void **state)
{
	struct stream *stream = make_stream(BLOCK, 4, true);
	const int fd = make_file(folder, BIG);
	struct stream_totals totals;

	(void)state;
	memset(&fault, 0, sizeof(fault));
	fault.bad_to = 1;
	fault.bad_errno = EIO;
	fault.bad_reads_left = 1;
	assert_true(read_range(stream, fd, 0, BIG).end == BIG);
	stream_get_totals(stream, &totals);
	assert_true(totals.rereads == 1);
	(void)close(fd);
	stream_free(stream);
}

static void
refused_direct_read_goes_through_the_cache(void **state)
{
	struct stream *stream = make_stream(BLOCK, 4, true);
	const int fd = make_file(folder, BIG);

	(void)state;
	memset(&fault, 0, sizeof(fault));
	fault.bad_to = BIG;
	fault.bad_errno = EINVAL;
	fault.bad_reads_left = 1;
	for (int i = 0; i < 2; i++)
		assert_int_equal(stream_queue(stream, fd, 64, BIG - 64,
				     &fault.bad_reads_left, NULL),
		    0);
	for (int i = 0; i < 2; i++) {
		struct outcome got =
		    take_item(stream, 64, &fault.bad_reads_left);

		assert_true(got.end == BIG);
		assert_int_equal(got.mode, STREAM_DROPPED);
	}
	assert_int_equal(fcntl(fd, F_GETFL) & O_DIRECT, 0);
	/* One that is refused for good is a problem, not an endless loop. */
	fault.bad_reads_left = UINT_MAX;
	assert_int_equal(read_range(stream, fd, 0, BIG).problem, EINVAL);
	memset(&fault, 0, sizeof(fault));
	(void)close(fd);
	stream_free(stream);
}

static void
read_everything(struct stream *stream, int fd)
{
	for (int i = 0; i < 2; i++)
		assert_int_equal(
		    stream_queue(stream, fd, 0, 160 * KIB + 5, NULL, NULL), 0);
	for (int i = 0; i < 2; i++)
		assert_true(take_item(stream, 0, NULL).end == 160 * KIB + 5);
}

/* The kernel is short of something at the N-th call, for every N. */
static void
kernel_shortages_lose_nothing(void **state)
{
	struct stream *stream = make_stream(8 * KIB, 4, true);
	const int fd = make_file(folder, BIG);

	(void)state;
	for (unsigned n = 1; n <= 50; n++) {
		memset(&fault, 0, sizeof(fault));
		fault.submit_fails_at = n;
		fault.submit_errno = n % 2 ? EAGAIN : EINTR;
		fault.submit_takes_one = n % 3 == 0;
		fault.events_fail_at = n;
		fault.events_errno = EINTR;
		fault.pread_interrupted_at = n;
		read_everything(stream, fd);
		assert_true(n > 35 || fault.submits >= n);
	}
	stream_free(stream);
	fault.setup_errno = EAGAIN;
	stream = make_stream(8 * KIB, 4, true);
	for (unsigned n = 0; n <= 45; n++) {
		memset(&fault, 0, sizeof(fault));
		fault.pread_halved_at = n;
		read_everything(stream, fd);
		assert_true(fault.submits == 0 && fault.preads >= 42);
	}
	stream_free(stream);
	memset(&fault, 0, sizeof(fault));
	(void)close(fd);
}

static void
own_failure_is_reported_and_cancelled(void **state)
{
	const int fd = make_file(folder, BIG);
	struct stream_chunk chunk;
	struct error err = {0};

	(void)state;
	for (unsigned n = 1; n <= 10; n++) {
		struct stream *stream = make_stream(BLOCK, 4, true);
		int rc;

		memset(&fault, 0, sizeof(fault));
		fault.events_fail_at = n;
		fault.events_errno = EFAULT;
		assert_int_equal(
		    stream_queue(stream, fd, 0, BIG, NULL, &err), 0);
		while ((rc = stream_next(stream, &chunk, &err)) == 1 &&
		       !chunk.is_end)
			;
		assert_true(rc == -1 || fault.events < n);
		assert_true(rc != -1 || err.os_errno == EFAULT);
		/* The reads under way are waited for; fail that, too. */
		fault.events_fail_at = n % 2 ? fault.events + 1 : 0;
		stream_cancel(stream);
		expect_empty(stream);
		assert_true(read_range(stream, fd, 0, BIG).end == BIG);
		stream_free(stream);
	}
	memset(&fault, 0, sizeof(fault));
	(void)close(fd);
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

static int
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

static int
stop(void **state)
{
	(void)state;
	free(expected);
	return rmdir(folder);
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
	    cmocka_unit_test(bad_block_is_found),
	    cmocka_unit_test(passing_error_is_counted),
	    cmocka_unit_test(refused_direct_read_goes_through_the_cache),
	    cmocka_unit_test(kernel_shortages_lose_nothing),
	    cmocka_unit_test(own_failure_is_reported_and_cancelled),
	    cmocka_unit_test(descriptor_that_is_none_is_a_problem),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
