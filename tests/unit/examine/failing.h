/*
 * A medium that fails, lies and changes on demand: pread64 and io_getevents are
 * wrapped (`WRAP_… = pread64 io_getevents`), since no real one does so on cue.
 * Include it once in a program, after ground.h, or what includes it.
 */
#ifndef HIKAE_TESTS_EXAMINE_FAILING_H
#define HIKAE_TESTS_EXAMINE_FAILING_H

#include <libaio.h>

/* What is wrong with one file.  All zero: nothing. */
static struct {
	ino_t inode;
	uint64_t from, to;   /* bytes that cannot be read, or read wrong */
	int problem;	     /* errno; 0: bytes are altered instead */
	unsigned times_left; /* so many reads meet it */
	unsigned hits;	     /* so many did */
	bool is_drifting;    /* altered to something else each time */
	void (*before_read)(void); /* called once, when a read is met */
	int events_problem;	   /* errno of the next io_getevents */
} failing;

int __real_io_getevents(io_context_t context, long minimum, long count,
    struct io_event *events, struct timespec *timeout);
ssize_t __real_pread64(int fd, void *buffer, size_t length, off_t offset);
int __wrap_io_getevents(io_context_t context, long minimum, long count,
    struct io_event *events, struct timespec *timeout);
ssize_t __wrap_pread64(int fd, void *buffer, size_t length, off_t offset);

/* Whether a read meets the bad place; -errno, else `got` with altered bytes. */
static long
meet(int fd, uint8_t *buffer, uint64_t offset, long got)
{
	void (*before)(void) = failing.before_read;
	struct stat st;

	if (failing.inode == 0 || got <= 0 || fstat(fd, &st) != 0 ||
	    st.st_ino != failing.inode || offset >= failing.to ||
	    offset + (uint64_t)got <= failing.from || failing.times_left == 0)
		return got;
	failing.times_left--;
	failing.hits++;
	if (before != NULL) {
		failing.before_read = NULL;
		before();
		return got;
	}
	if (failing.problem != 0)
		return -failing.problem;
	buffer[failing.from > offset ? failing.from - offset : 0] ^=
	    failing.is_drifting ? (uint8_t)failing.hits : 1;
	return got;
}

int
__wrap_io_getevents(io_context_t context, long minimum, long count,
    struct io_event *events, struct timespec *timeout)
{
	int problem = failing.events_problem;
	int got;

	failing.events_problem = 0;
	if (problem != 0)
		return -problem;
	got = __real_io_getevents(context, minimum, count, events, timeout);
	for (int i = 0; i < got; i++)
		events[i].res = (unsigned long)meet(
		    (int)events[i].obj->aio_fildes, events[i].obj->u.c.buf,
		    (uint64_t)events[i].obj->u.c.offset, (long)events[i].res);
	return got;
}

ssize_t
__wrap_pread64(int fd, void *buffer, size_t length, off_t offset)
{
	long got = meet(fd, buffer, (uint64_t)offset,
	    __real_pread64(fd, buffer, length, offset));

	if (got >= 0)
		return got;
	errno = (int)-got;
	return -1;
}

/* Bytes of a file that cannot be read, or for problem 0 are read wrong. */
static void
fail_at(const char *path, uint64_t offset, int problem, unsigned times)
{
	memset(&failing, 0, sizeof(failing));
	failing.inode = stat_of(path).st_ino;
	failing.from = offset;
	failing.to = offset + 1;
	failing.problem = problem;
	failing.times_left = times;
}

static void
fail_no_more(void)
{
	memset(&failing, 0, sizeof(failing));
}

#endif
