/*
 * plain: read files as fast as can be, and do nothing with the bytes.
 *
 *   plain direct|cached READERS <LIST     past the page cache, or through it
 *
 * The measure of what a medium gives: READERS processes take the files of the
 * list (one path a line) in turn, each with one read of up to 1 MiB under way
 * and one buffer.
 * Prints seconds, bytes and files.
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BUFFER_BYTES ((size_t)2 << 20) /* one large page */
#define READ_BYTES ((size_t)1 << 20)

/* What the processes share. */
struct tally {
	atomic_size_t next;
	atomic_ullong bytes;
	atomic_uint failures;
};

static char **paths;
static size_t path_count;

static void
list_files(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	while ((length = getline(&line, &room, stdin)) > 0) {
		line[length - 1] = '\0';
		if ((path_count & (path_count + 1)) == 0)
			paths = reallocarray(
			    paths, 2 * (path_count + 1), sizeof(paths[0]));
		if (paths == NULL)
			exit(1);
		paths[path_count++] = strdup(line);
	}
	free(line);
}

static int
read_file(const char *path, int flags, uint8_t *buffer, struct tally *tally)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
	off_t at = 0;
	ssize_t got;

	if (fd < 0)
		return -1;
	while ((got = pread(fd, buffer, READ_BYTES, at)) > 0) {
		at += got;
		if ((size_t)got < READ_BYTES)
			break;
	}
	atomic_fetch_add(&tally->bytes, (unsigned long long)at);
	(void)close(fd);
	return got < 0 ? -1 : 0;
}

static void
read_in_turn(int flags, struct tally *tally)
{
	uint8_t *buffer = aligned_alloc(BUFFER_BYTES, BUFFER_BYTES);
	size_t at;

	if (buffer == NULL)
		_exit(1);
	(void)madvise(buffer, BUFFER_BYTES, MADV_HUGEPAGE);
	while ((at = atomic_fetch_add(&tally->next, 1)) < path_count)
		if (read_file(paths[at], flags, buffer, tally) != 0)
			atomic_fetch_add(&tally->failures, 1);
	_exit(0);
}

static double
now(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
	struct tally *tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned long readers;
	double begin;
	int flags;

	if (argc != 3 || tally == MAP_FAILED) {
		(void)fprintf(
		    stderr, "usage: plain direct|cached READERS <LIST\n");
		return 64;
	}
	flags = strcmp(argv[1], "direct") == 0 ? O_DIRECT : 0;
	readers = strtoul(argv[2], NULL, 10);
	list_files();
	begin = now();
	for (unsigned long i = 0; i < readers; i++)
		if (fork() == 0)
			read_in_turn(flags, tally);
	while (wait(NULL) > 0)
		;
	(void)printf("%.4f %llu %zu\n", now() - begin,
	    (unsigned long long)tally->bytes, path_count);
	return tally->failures > 0 || path_count == 0;
}
