/*
 * Bad blocks, and system calls that fail at the N-th call for every N.
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
#include <unistd.h>

#include "tests/unit/os/stream_files.h"

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

/* Read a file of BIG bytes with each of two, chunk by chunk in turn. */
static int
read_in_turn(struct stream *const streams[2], const int fds[2])
{
	struct stream_chunk chunks[2] = {0};
	uint64_t ends[2] = {0, 0};
	struct error err;

	for (size_t i = 0; i < 2; i++)
		assert_int_equal(
		    stream_queue(streams[i], fds[i], 0, BIG, NULL, &err), 0);
	for (size_t i = 0; !chunks[0].is_end || !chunks[1].is_end; i = !i) {
		if (chunks[i].is_end)
			continue;
		if (stream_next(streams[i], &chunks[i], &err) != 1)
			return -1;
		assert_true(chunks[i].offset == ends[i]);
		assert_memory_equal(
		    chunks[i].data, expected + ends[i], chunks[i].length);
		ends[i] += chunks[i].length;
	}
	assert_true(ends[0] == BIG && ends[1] == BIG);
	return 0;
}

/* One context for two: what one waits for may be the other's. */
static void
streams_beside_each_other(void **state)
{
	const int fds[2] = {make_file(folder, BIG), make_file(folder, BIG)};
	struct stream_options options = {BLOCK, 4, true, NULL};

	(void)state;
	for (unsigned n = 0; n < 24; n++) {
		struct stream *streams[2];

		memset(&fault, 0, sizeof(fault));
		streams[0] = stream_new(&options, NULL);
		options.beside = streams[0];
		streams[1] = stream_new(&options, NULL);
		options.beside = NULL;
		assert_true(streams[0] != NULL && streams[1] != NULL);
		/* In the end one alone goes on; it must not need the other. */
		fault.events_fail_at = n / 2;
		fault.events_errno = EFAULT;
		if (read_in_turn(streams, fds) != 0) {
			fault.events_fail_at = fault.events + 1;
			stream_cancel(streams[n % 2]);
			stream_cancel(streams[1 - n % 2]);
			assert_int_equal(read_in_turn(streams, fds), 0);
		}
		stream_free(streams[n % 2]);
		assert_true(
		    read_range(streams[1 - n % 2], fds[0], 0, BIG).end == BIG);
		stream_free(streams[1 - n % 2]);
	}
	memset(&fault, 0, sizeof(fault));
	(void)close(fds[0]);
	(void)close(fds[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bad_block_is_found),
	    cmocka_unit_test(passing_error_is_counted),
	    cmocka_unit_test(refused_direct_read_goes_through_the_cache),
	    cmocka_unit_test(kernel_shortages_lose_nothing),
	    cmocka_unit_test(own_failure_is_reported_and_cancelled),
	    cmocka_unit_test(streams_beside_each_other),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
