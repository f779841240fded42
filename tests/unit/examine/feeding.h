/*
 * A reader's side of a tee, for a parser under test.
 *
 * Include it after cmocka.h and tests/unit/os/tree.h.
 */
#ifndef HIKAE_TESTS_UNIT_EXAMINE_FEEDING_H
#define HIKAE_TESTS_UNIT_EXAMINE_FEEDING_H

#include <sys/types.h>
#include <unistd.h>

#include "lib/examine/tee.h"
#include "lib/os/file.h"

/* A process of its own sends the file; 0: all of it. */
static inline pid_t
feed(const int ends[2], int file_fd, uint64_t sent_max)
{
	static uint8_t buffer[64 * 1024];
	uint64_t at = 0;
	ssize_t length;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid != 0)
		return pid;
	(void)close(ends[1]);
	if (tee_send_file(ends[0], file_fd) != 0)
		_exit(0);
	while (
	    (length = pread(file_fd, buffer, sizeof(buffer), (off_t)at)) > 0) {
		if (sent_max > 0 && (uint64_t)length > sent_max - at)
			length = (ssize_t)(sent_max - at);
		if (length == 0 ||
		    tee_send(ends[0], buffer, (size_t)length) != 0)
			break;
		at += (uint64_t)length;
	}
	_exit(0);
}

/* The whole of a file of the test's folder. */
static inline void
read_file(const char *name, struct bytes *out)
{
	struct error err = {0};
	int fd = openat(root_fd, name, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(file_read_whole(fd, 64 << 20, out, &err), 0);
	(void)close(fd);
}

#endif
