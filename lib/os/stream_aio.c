#include "lib/os/stream_aio.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/base/i18n.h"
#include "lib/os/stream.h"

/* Reads that a context has room for: of two streams with all they may have. */
#define ROOM (2 * STREAM_IN_FLIGHT_MAX)

struct stream_aio {
	io_context_t context; /* NULL: abandoned */
	unsigned users;
};

int
stream_aio_begin(
    struct stream_aio *other, struct stream_aio **ret_aio, struct error *err)
{
	struct stream_aio *aio;
	int got;

	*ret_aio = other;
	if (other != NULL) {
		other->users++;
		return 0;
	}
	aio = calloc(1, sizeof(*aio));
	if (aio == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	got = io_setup(ROOM, &aio->context);
	if (got == 0) {
		aio->users = 1;
		*ret_aio = aio;
		return 0;
	}
	free(aio);
	if (got == -EAGAIN || got == -ENOSYS)
		return 0;
	return error_set_errno(
	    err, -got, _("cannot set up asynchronous reading"));
}

void
stream_aio_abandon(struct stream_aio *aio)
{
	/* io_destroy(2) returns when no read is left. */
	if (aio->context != NULL)
		(void)io_destroy(aio->context);
	aio->context = NULL;
}

void
stream_aio_end(struct stream_aio *aio)
{
	if (aio == NULL || --aio->users > 0)
		return;
	stream_aio_abandon(aio);
	free(aio);
}

void
stream_aio_prepare(struct stream_read *read, int fd, void *buffer,
    size_t length, uint64_t offset, unsigned *underway)
{
	io_prep_pread(&read->iocb, fd, buffer, length, (long long)offset);
	read->iocb.data = read;
	read->is_underway = true;
	read->underway = underway;
	++*underway;
}

static void
end_read(struct stream_read *read, long result)
{
	read->result = result;
	read->is_underway = false;
	--*read->underway;
}

void
stream_aio_submit(
    struct stream_aio *aio, struct stream_read *const *reads, size_t count)
{
	struct iocb *batch[STREAM_IN_FLIGHT_MAX];
	size_t done = 0;

	for (size_t i = 0; i < count; i++)
		batch[i] = &reads[i]->iocb;
	while (done < count) {
		int got = -EINVAL;

		if (aio->context != NULL)
			got = io_submit(
			    aio->context, (long)(count - done), batch + done);
		if (got == -EINTR)
			continue;
		/* What the first one lacks shows when it is read in turn. */
		if (got <= 0) {
			end_read(reads[done], -EAGAIN);
			got = 1;
		}
		done += (size_t)got;
	}
}

int
stream_aio_reap(struct stream_aio *aio)
{
	struct io_event events[ROOM];
	int got;

	if (aio->context == NULL)
		return -EIO;
	do
		got = io_getevents(aio->context, 1, ROOM, events, NULL);
	while (got == -EINTR);
	for (int i = 0; i < got; i++)
		end_read(events[i].data, (long)events[i].res);
	return got < 0 ? got : 0;
}
