/*
 * stream_aio: the kernel's asynchronous reads, for one stream or several.
 *
 * Layer 1.  Internal to stream.  Source: io_setup(2), io_submit(2),
 * io_getevents(2).
 *
 * To give a context back to the kernel takes tens of milliseconds each time, so
 * streams beside each other have one.
 */
#ifndef HIKAE_OS_STREAM_AIO_H
#define HIKAE_OS_STREAM_AIO_H

#include <libaio.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

struct stream_aio;

struct stream_read {
	struct iocb iocb;
	bool is_underway;
	long result;	    /* when done: bytes read, or -errno */
	unsigned *underway; /* how many of its stream are */
};

/*
 * A context, or one more user of `other` (may be NULL).  *ret_aio is NULL where
 * the kernel has no room (fs.aio-max-nr) or none at all: that is only slower.
 */
int stream_aio_begin(struct stream_aio *other, struct stream_aio **ret_aio,
    struct error *err) ERROR_CHECKED;

/* The last user gives it back.  None of its reads is under way.  NULL-safe. */
void stream_aio_end(struct stream_aio *aio);

/* Make a read ready, and count it as under way. */
void stream_aio_prepare(struct stream_read *read, int fd, void *buffer,
    size_t length, uint64_t offset, unsigned *underway);

/*
 * Start so many reads, up to STREAM_IN_FLIGHT_MAX.  What the kernel does not
 * take has the result -EAGAIN.
 */
void stream_aio_submit(
    struct stream_aio *aio, struct stream_read *const *reads, size_t count);

/* Wait until a read at least is done, of any user's.  0 or -errno. */
int stream_aio_reap(struct stream_aio *aio);

/* Waiting failed: make sure that none is under way, for all users. */
void stream_aio_abandon(struct stream_aio *aio);

#endif
