/*
 * plain: read files as fast as can be, and do nothing with the bytes.
 *
 *   plain direct|cached READERS [MIB] <LIST   past the page cache, or through
 *
 * The measure of what a medium gives: READERS processes take the files of the
 * list (one path a line) in turn, each with one read of up to 1 MiB under way
 * and one buffer.  Where there are fewer files than readers, they take
 * stretches of these instead.  With MIB each read goes to the next place of a
 * buffer of that size: where a processor copies what a disk gives, a virtual
 * one's, that takes longer than to where its cache still has the last bytes.
 * Prints seconds, bytes and files.
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE_BYTES ((size_t)2 << 20) /* a large one */
#define READ_BYTES ((size_t)1 << 20)
#define MIB_MAX 1024
#define STRETCH_BYTES ((off_t)64 << 20)

/* What the processes share. */
struct tally {
	atomic_size_t next;
	atomic_ullong bytes;
	atomic_uint failures;
};

/* Where one process reads to: sizes are multiples of READ_BYTES. */
struct buffer {
	uint8_t *data;
	size_t bytes, at;
};

/* What one process reads in one go. */
struct part {
	const char *path;
	off_t from, to; /* to: 0 for the file's end */
};

static struct part *parts;
static size_t part_count;

static void
add_part(struct part part)
{
	if ((part_count & (part_count + 1)) == 0)
		parts =
		    reallocarray(parts, 2 * (part_count + 1), sizeof(parts[0]));
	if (parts == NULL || part.path == NULL)
		exit(1);
	parts[part_count++] = part;
}

static void
list_files(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	while ((length = getline(&line, &room, stdin)) > 0) {
		line[length - 1] = '\0';
		add_part((struct part){.path = strdup(line)});
	}
	free(line);
}

/* Few files, into stretches.  Not of many: asking for sizes would warm them. */
static void
cut_into_stretches(void)
{
	size_t files = part_count;

	for (size_t i = 0; i < files; i++) {
		struct stat status;
		off_t at = STRETCH_BYTES;

		if (stat(parts[i].path, &status) != 0)
			exit(1);
		for (; at < status.st_size; at += STRETCH_BYTES)
			add_part((struct part){.path = parts[i].path,
			    .from = at,
			    .to = at + STRETCH_BYTES});
		parts[i].to = STRETCH_BYTES;
	}
}

static ssize_t
read_some(int fd, struct buffer *buffer, off_t from)
{
	uint8_t *data = buffer->data + buffer->at;

	buffer->at = (buffer->at + READ_BYTES) % buffer->bytes;
	return pread(fd, data, READ_BYTES, from);
}

static int
read_part(const struct part *part, int flags, struct buffer *buffer,
    struct tally *tally)
{
	int fd = open(part->path, O_RDONLY | O_CLOEXEC | flags);
	off_t at = part->from;
	ssize_t got = 0;

	if (fd < 0)
		return -1;
	while ((part->to == 0 || at < part->to) &&
	       (got = read_some(fd, buffer, at)) > 0) {
		at += got;
		if ((size_t)got < READ_BYTES)
			break;
	}
	atomic_fetch_add(&tally->bytes, (unsigned long long)(at - part->from));
	(void)close(fd);
	return got < 0 ? -1 : 0;
}

static void
read_in_turn(int flags, size_t buffer_bytes, struct tally *tally)
{
	const size_t room = (buffer_bytes + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
	struct buffer buffer = {
	    .data = aligned_alloc(PAGE_BYTES, room), .bytes = buffer_bytes};
	size_t at;

	if (buffer.data == NULL)
		_exit(1);
	(void)madvise(buffer.data, room, MADV_HUGEPAGE);
	while ((at = atomic_fetch_add(&tally->next, 1)) < part_count)
		if (read_part(&parts[at], flags, &buffer, tally) != 0)
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
	unsigned long readers, mib;
	size_t files;
	double begin;
	int flags;

	mib = argc == 4 ? strtoul(argv[3], NULL, 10) : 1;
	if (argc < 3 || argc > 4 || mib < 1 || mib > MIB_MAX ||
	    tally == MAP_FAILED) {
		(void)fprintf(
		    stderr, "usage: plain direct|cached READERS [MIB] <LIST\n");
		return 64;
	}
	flags = strcmp(argv[1], "direct") == 0 ? O_DIRECT : 0;
	readers = strtoul(argv[2], NULL, 10);
	list_files();
	files = part_count;
	if (files < readers)
		cut_into_stretches();
	begin = now();
	for (unsigned long i = 0; i < readers; i++)
		if (fork() == 0)
			read_in_turn(flags, mib << 20, tally);
	while (wait(NULL) > 0)
		;
	(void)printf("%.4f %llu %zu\n", now() - begin,
	    (unsigned long long)tally->bytes, files);
	return tally->failures > 0 || files == 0;
}
