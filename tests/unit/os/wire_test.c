/* Frames and descriptors over the wire, and what a hostile peer may send. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/os/wire.h"

static struct wire_buffer buffer;
static uint8_t payload[WIRE_PAYLOAD_MAX + 1];
static int ends[2];

static int
setup(void **state)
{
	struct error err;

	(void)state;
	buffer.fds_max = 0;
	return wire_pair(ends, &err);
}

static int
teardown(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			(void)close(ends[i]);
	return 0;
}

static void
close_end(int i)
{
	assert_int_equal(close(ends[i]), 0);
	ends[i] = -1;
}

static int
send_to(
    int fd, uint16_t type, const void *data, size_t length, struct error *err)
{
	const struct wire_frame frame = {
	    .type = type, .payload = data, .length = length};

	return wire_send(fd, &frame, err);
}

/* How many descriptors this process has open, up to a number that is ample. */
static int
count_open(void)
{
	int count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* Send bytes as they are, with fd_count copies of descriptor 0. */
static void
send_raw(const void *data, size_t length, size_t fd_count)
{
	union {
		struct cmsghdr header;
		uint8_t bytes[CMSG_SPACE(sizeof(int) * 64)];
	} control = {0};
	struct iovec part = {(void *)(uintptr_t)data, length};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	if (fd_count > 0) {
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int) * fd_count);
		memset(CMSG_DATA(&control.header), 0, sizeof(int) * fd_count);
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(sizeof(int) * fd_count);
	}
	assert_int_equal(sendmsg(ends[0], &message, 0), length);
}

static void
a_frame_arrives_as_sent(void **state)
{
	static const size_t lengths[] = {0, 1, 1000, WIRE_PAYLOAD_MAX};
	uint8_t raw[16];
	struct wire_frame frame;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(payload); i++)
		payload[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		assert_int_equal(
		    send_to(ends[0], 0xABCD, payload, lengths[i], &err), 0);
		assert_int_equal(
		    wire_receive(ends[1], &buffer, &frame, &err), 1);
		assert_int_equal(frame.type, 0xABCD);
		assert_int_equal(frame.length, lengths[i]);
		assert_int_equal(frame.fd_count, 0);
		assert_memory_equal(frame.payload, payload, lengths[i]);
	}
	/* The bytes themselves, as wire.h promises them. */
	assert_int_equal(send_to(ends[0], 0x0102, "hi", 2, &err), 0);
	assert_int_equal(read(ends[1], raw, sizeof(raw)), 6);
	assert_memory_equal(raw, "\1\0\1\2hi", 6);
}

static void
descriptors_arrive_close_on_exec(void **state)
{
	struct stat sent, got;
	struct wire_frame frame;
	struct error err;
	struct wire_frame out = {.type = 1, .fd_count = WIRE_FDS_MAX};
	int before = count_open(), taken;

	(void)state;
	for (size_t i = 0; i < WIRE_FDS_MAX; i++)
		out.fds[i] = i == 3 ? ends[0] : 0;
	buffer.fds_max = WIRE_FDS_MAX;
	assert_int_equal(wire_send(ends[0], &out, &err), 0);
	assert_int_equal(wire_receive(ends[1], &buffer, &frame, &err), 1);
	assert_int_equal(frame.fd_count, WIRE_FDS_MAX);
	assert_int_equal(count_open(), before + WIRE_FDS_MAX);
	taken = wire_frame_take(&frame, 3);
	assert_int_equal(wire_frame_take(&frame, 3), -1);
	assert_int_equal(wire_frame_take(&frame, WIRE_FDS_MAX), -1);
	assert_int_equal(fcntl(taken, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fstat(taken, &got), 0);
	assert_int_equal(fstat(ends[0], &sent), 0);
	assert_true(got.st_ino == sent.st_ino && got.st_dev == sent.st_dev);
	wire_frame_close(&frame);
	wire_frame_close(&frame);
	assert_int_equal(count_open(), before + 1);
	assert_int_equal(close(taken), 0);
}

static void
hostile_frames_are_refused_and_closed(void **state)
{
	static const struct {
		const char *name, *data;
		size_t length, fd_count, fds_max;
	} cases[] = {
	    {"a header cut short", "\1\0\0", 3, 0, 8},
	    {"cut short, with a descriptor", "\1\0\0", 3, 1, 8},
	    {"an older version", "\0\0\0\1", 4, 0, 8},
	    {"a newer version, with a descriptor", "\2\0\0\1", 4, 1, 8},
	    {"reserved byte in use", "\1\1\0\1", 4, 2, 8},
	    {"a descriptor for who accepts none", "\1\0\0\1", 4, 1, 0},
	    {"many descriptors for who accepts none", "\1\0\0\1", 4, 64, 0},
	    {"one more than accepted", "\1\0\0\1", 4, 4, 3},
	    {"one more than a frame may have", "\1\0\0\1", 4, 9, 8},
	    {"one more, and the receiver asks too much", "\1\0\0\1", 4, 9, 99},
	    {"too long", NULL, WIRE_HEADER_BYTES + WIRE_PAYLOAD_MAX + 1, 1, 8},
	};
	static uint8_t large[WIRE_HEADER_BYTES + WIRE_PAYLOAD_MAX + 1] = {1};
	int before = count_open();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wire_frame frame;
		struct error err = {0};

		print_message("%s\n", cases[i].name);
		buffer.fds_max = cases[i].fds_max;
		send_raw(cases[i].data != NULL ? (const void *)cases[i].data
					       : (const void *)large,
		    cases[i].length, cases[i].fd_count);
		assert_int_equal(
		    wire_receive(ends[1], &buffer, &frame, &err), -1);
		assert_int_equal(err.code, ERROR_PROTOCOL);
		assert_int_equal(count_open(), before);
	}
}

static void
too_much_is_not_sent(void **state)
{
	const struct wire_frame many = {.fd_count = WIRE_FDS_MAX + 1};
	struct wire_frame frame;
	struct error err;

	(void)state;
	assert_int_equal(
	    send_to(ends[0], 1, payload, WIRE_PAYLOAD_MAX + 1, &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_int_equal(wire_send(ends[0], &many, &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_int_equal(wire_set_nonblocking(ends[1], &err), 0);
	assert_int_equal(wire_receive(ends[1], &buffer, &frame, &err), -1);
	assert_int_equal(err.code, ERROR_UNAVAILABLE);
	assert_int_equal(err.os_errno, EAGAIN);
}

static void
a_full_socket_says_later(void **state)
{
	struct wire_frame frame;
	struct error err;
	int sent = 0, received = 0;

	(void)state;
	assert_int_equal(wire_set_nonblocking(ends[0], &err), 0);
	while (send_to(ends[0], 1, payload, 10000, &err) == 0)
		assert_in_range(++sent, 1, 10000);
	assert_int_equal(err.code, ERROR_UNAVAILABLE);
	assert_int_equal(err.os_errno, EAGAIN);
	close_end(0);
	while (wire_receive(ends[1], &buffer, &frame, &err) == 1)
		received++;
	assert_int_equal(received, sent);
}

static void
a_closed_peer_is_told(void **state)
{
	struct wire_frame frame;
	struct error err;

	(void)state;
	close_end(0);
	assert_int_equal(wire_receive(ends[1], &buffer, &frame, &err), 0);
	assert_int_equal(wire_receive(ends[1], &buffer, &frame, &err), 0);
	assert_int_equal(send_to(ends[1], 1, "x", 1, &err), -1);
	assert_int_equal(err.code, ERROR_UNAVAILABLE);
	assert_int_equal(err.os_errno, EPIPE);
}

/* The peer left our message unread, which the kernel reports first. */
static void
last_words_are_heard(void **state)
{
	struct wire_frame frame;
	struct error err;

	(void)state;
	assert_int_equal(send_to(ends[1], 1, "stop", 4, &err), 0);
	assert_int_equal(send_to(ends[0], 7, "done", 4, &err), 0);
	close_end(0);
	assert_int_equal(wire_receive(ends[1], &buffer, &frame, &err), 1);
	assert_int_equal(frame.type, 7);
	assert_int_equal(wire_receive(ends[1], &buffer, &frame, &err), 0);
}

static void
sending_to_a_peer_that_left_unread_words(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(send_to(ends[1], 1, "stop", 4, &err), 0);
	close_end(0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(send_to(ends[1], 1, "x", 1, &err), -1);
		assert_int_equal(err.code, ERROR_UNAVAILABLE);
		assert_int_equal(err.os_errno, EPIPE);
	}
}

/* A child cannot be told from one that closed, but smuggles nothing in. */
static void
an_empty_packet_is_the_end(void **state)
{
	struct wire_frame frame;
	struct error err;
	int before = count_open();

	(void)state;
	buffer.fds_max = 8;
	send_raw("", 0, 0);
	assert_int_equal(wire_receive(ends[1], &buffer, &frame, &err), 0);
	send_raw("", 0, 2);
	assert_int_equal(wire_receive(ends[1], &buffer, &frame, &err), -1);
	assert_int_equal(err.code, ERROR_PROTOCOL);
	assert_int_equal(count_open(), before);
}

static void
both_ends_close_on_exec(void **state)
{
	(void)state;
	assert_int_equal(fcntl(ends[0], F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(ends[1], F_GETFD), FD_CLOEXEC);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_frame_arrives_as_sent),
	    TEST(descriptors_arrive_close_on_exec),
	    TEST(hostile_frames_are_refused_and_closed),
	    TEST(too_much_is_not_sent),
	    TEST(a_full_socket_says_later),
	    TEST(a_closed_peer_is_told),
	    TEST(last_words_are_heard),
	    TEST(sending_to_a_peer_that_left_unread_words),
	    TEST(an_empty_packet_is_the_end),
	    TEST(both_ends_close_on_exec),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
