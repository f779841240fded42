/*
 * stream: the bytes of many files from the medium, in order, read ahead.
 *
 * Layer 1.  Uses: error, block, direct.  Owns: libaio (io_setup(2) and its
 * relatives, in stream_aio.c).
 *
 * The caller queues ranges of open files and takes their bytes out chunk by
 * chunk, in the order queued, while the next reads, also those of the next
 * files, are under way.  One thread; the kernel's asynchronous I/O on direct
 * descriptors.  Where the kernel has no room for it (fs.aio-max-nr) or a file
 * is not read directly, the reads are made when the chunk is asked for.
 */
#ifndef HIKAE_OS_STREAM_H
#define HIKAE_OS_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

/* Items that may be queued at once. */
#define STREAM_ITEMS_MAX 64
#define STREAM_IN_FLIGHT_MAX 32
#define STREAM_BLOCK_BYTES_MIN 4096
#define STREAM_BLOCK_BYTES_MAX (16 * 1024 * 1024)

/*
 * How bytes were asked for.  All three are requests and no proof: FUSE, NFS
 * and SMB servers and the disks have caches of their own (os/device tells).
 */
enum stream_mode {
	STREAM_DIRECT,	/* O_DIRECT: past the page cache */
	STREAM_DROPPED, /* page cache; its pages dropped before and after */
	STREAM_CACHED,	/* page cache as it is, or a file system in memory */
};
#define STREAM_MODES (STREAM_CACHED + 1)

struct stream_options {
	size_t block_bytes; /* bytes of one read; a power of two in MIN..MAX */
	unsigned in_flight; /* reads under way at once, 1..IN_FLIGHT_MAX */
	bool direct;	    /* try DIRECT, then DROPPED; else CACHED */
	/* Share what another stream, or NULL, has of the kernel. */
	const struct stream *beside;
};

struct stream_chunk {
	void *tag;	     /* of the item */
	const uint8_t *data; /* valid until the next stream_next or _cancel */
	size_t length;	     /* 0 is possible with is_end only */
	uint64_t offset;     /* of data in the file */
	bool is_end;	     /* the item's last chunk: its fd may be closed */
	bool is_short;	     /* with is_end: the file ended before the item */
	enum stream_mode mode;
	int problem; /* errno of the failed read at offset (then is_end), or 0
		      */
};

struct stream_totals {
	uint64_t bytes; /* handed out */
	uint64_t bytes_by_mode[STREAM_MODES];
	uint64_t rereads; /* blocks that failed as a whole, and then were read
			     in small pieces without any failure */
};

struct stream;

/*
 * A stream that holds in_flight + 2 blocks of memory (rounded up to 2 MiB) and
 * is used for any number of items.  To free one that is direct takes tens of
 * milliseconds, in which the kernel waits for its processors; the last of
 * those that are beside each other does.  NULL with ERROR_USAGE for options out
 * of range, ERROR_INTERNAL without memory.
 */
struct stream *stream_new(
    const struct stream_options *options, struct error *err);

/* Waits for the reads under way (a hanging medium hangs it).  NULL-safe. */
void stream_free(struct stream *stream);

bool stream_has_room(const struct stream *stream);

/*
 * Queue `length` bytes from `offset` of a regular file (UINT64_MAX: to its
 * end).  fd stays the caller's and must stay open until the item's end was
 * returned or the stream was cancelled.  The reads may start here.
 *
 * With `direct`, O_DIRECT is set on fd's open file description and stays set
 * (cleared again where the file system then refuses the reads), so pread with
 * an unaligned buffer may fail afterwards, and a duplicate of fd must not be
 * queued beside it; fd itself may be queued several times.
 * ERROR_LIMIT when there is no room, ERROR_USAGE for an offset past 2^63 - 1.
 */
int stream_queue(struct stream *stream, int fd, uint64_t offset,
    uint64_t length, void *tag, struct error *err) ERROR_CHECKED;

/*
 * The next chunk: 1; 0 when nothing is queued; -1 when the stream itself
 * failed (cancel it).  A failed read is no failure of the stream: the good
 * bytes before it come as chunks, then one without data that holds `problem`
 * and, for errors of the medium, the offset of the first unreadable piece of
 * 4096 bytes (or of the file system's larger direct I/O unit).  It ends its
 * item; to try again or to go on behind it is the caller's business.
 */
int stream_next(struct stream *stream, struct stream_chunk *ret,
    struct error *err) ERROR_CHECKED;

/* Forget all items; waits for the reads under way.  The totals stay. */
void stream_cancel(struct stream *stream);

void stream_get_totals(
    const struct stream *stream, struct stream_totals *ret_totals);

#endif
