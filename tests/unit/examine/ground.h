/*
 * Files for the tests of examine: a folder on the build's file system or in
 * memory, known contents, and damage to them.
 *
 * Include it after cmocka.h.  Every test program uses a part of it.
 */
#ifndef HIKAE_TESTS_EXAMINE_GROUND_H
#define HIKAE_TESTS_EXAMINE_GROUND_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char ground[PATH_MAX];
static int ground_fd = -1;

static inline int
ground_set_up_in(const char *place)
{
	(void)snprintf(ground, sizeof(ground), "%.2000s/ground-XXXXXX", place);
	if (mkdtemp(ground) == NULL || chmod(ground, 0755) != 0)
		return -1;
	ground_fd = open(ground, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return ground_fd < 0 ? -1 : 0;
}

/* Beside the program: a file system that can be read past its cache. */
static inline int
ground_set_up(void **state)
{
	char program[PATH_MAX / 2] = "";

	(void)state;
	if (getenv("TMPDIR") != NULL)
		return ground_set_up_in(getenv("TMPDIR"));
	if (readlink("/proc/self/exe", program, sizeof(program) - 1) < 0)
		return -1;
	*strrchr(program, '/') = '\0';
	return ground_set_up_in(program);
}

static inline int
ground_set_up_in_memory(void **state)
{
	(void)state;
	return ground_set_up_in(
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
}

static inline int
ground_tear_down(void **state)
{
	char command[PATH_MAX + 32];

	(void)state;
	(void)close(ground_fd);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", ground);
	return system(command);
}

/* Byte i of a file with this seed. */
static inline uint8_t
content_byte(unsigned seed, uint64_t i)
{
	return (uint8_t)((i * 2654435761u + seed * 40503u) >> 13 ^ i >> 7);
}

static inline void
put_bytes(const char *path, const void *data, size_t length)
{
	int fd = openat(
	    ground_fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, length), length);
	(void)close(fd);
}

static inline void
put_file(const char *path, size_t length, unsigned seed)
{
	uint8_t *data = malloc(length + 1);

	assert_non_null(data);
	for (size_t i = 0; i < length; i++)
		data[i] = content_byte(seed, i);
	put_bytes(path, data, length);
	free(data);
}

static inline void
put_folder(const char *path)
{
	assert_int_equal(mkdirat(ground_fd, path, 0755), 0);
}

static inline void
set_time(const char *path, const struct timespec *modified)
{
	struct timespec times[2] = {{0, UTIME_OMIT}, *modified};

	assert_int_equal(
	    utimensat(ground_fd, path, times, AT_SYMLINK_NOFOLLOW), 0);
}

static inline struct stat
stat_of(const char *path)
{
	struct stat st;

	assert_int_equal(fstatat(ground_fd, path, &st, AT_SYMLINK_NOFOLLOW), 0);
	return st;
}

/* Turn over bits of one byte; with its old time, or a new one. */
static inline void
flip(const char *path, uint64_t offset, uint8_t bits, bool keeps_time)
{
	struct stat before = stat_of(path);
	struct timespec later = {before.st_mtim.tv_sec + 5, 0};
	int fd = openat(ground_fd, path, O_RDWR | O_CLOEXEC);
	uint8_t byte;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, (off_t)offset), 1);
	byte ^= bits;
	assert_int_equal(pwrite(fd, &byte, 1, (off_t)offset), 1);
	(void)close(fd);
	set_time(path, keeps_time ? &before.st_mtim : &later);
}

static inline int
temporary(void)
{
	int fd = openat(ground_fd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	return fd;
}

#endif
