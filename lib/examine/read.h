/*
 * read: many byte ranges of many files, read ahead and digested in order.
 *
 * Layer 4.  Uses: os/stream, crypto/digest, crypto/digest_pair.
 *
 * A queue: ranges go in at one end, their digests come out at the other in
 * the same order, and the reads of the next ranges are in flight while the
 * present one is digested; in pairs, two ranges are digested at once, which
 * takes two thirds of the time.  A read error is tried again through a fresh
 * descriptor, from the byte where it happened, before it is a result.
 */
#ifndef HIKAE_EXAMINE_READ_H
#define HIKAE_EXAMINE_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "lib/base/error.h"
#include "lib/crypto/digest.h"
#include "lib/os/stream.h"

/* Ranges that can be under way at once. */
#define READ_ITEMS_MAX 64

struct read_queue;

/*
 * One range of one file.  The caller sets the first part and keeps the item
 * until it comes out again.
 */
struct read_item {
	void *owner;	  /* the caller's, for the callbacks */
	int fd;		  /* closed by the queue; -1: only keeps its place */
	uint64_t from;	  /* a multiple of 64 */
	uint64_t to;	  /* exclusive; a multiple of 64 when inside the file */
	bool has_state;	  /* start from state, not from the beginning */
	bool ends_inside; /* the value is the midstate at to, not a digest */
	uint8_t state[DIGEST_SHA256_BYTES];
	/* What the file was before (NULL: that is asked when it is pushed). */
	const struct stat *before;

	/* Results. */
	uint8_t value[DIGEST_SHA256_BYTES];
	uint64_t bytes_read; /* from the medium, retries included */
	enum stream_mode mode;
	int problem;		 /* errno of a read that failed twice, or 0 */
	uint64_t problem_offset; /* bytes, where */
	bool is_short;		 /* the file ended before to */
	bool is_changed;	 /* size or times moved while it was read */
};

struct read_options {
	struct stream_options stream;
	/*
	 * Read and digest two items at once, half of the reads in flight for
	 * each.  Not with `bytes` or `boundary`, which tell of one at a time;
	 * no more than a wish where the processor gains nothing by it.
	 */
	bool in_pairs;
	void *context;
	/* A fresh descriptor of the item's file, or -1 (may be NULL). */
	int (*reopen)(void *context, const struct read_item *item);
	/*
	 * Bytes of the item's file as they pass (may be NULL).  A retry does
	 * not repeat bytes.
	 */
	int (*bytes)(void *context, const struct read_item *item,
	    const uint8_t *data, size_t length, struct error *err);
	/* Called after each read with its bytes, for progress (may be NULL). */
	int (*progress)(void *context, uint64_t bytes, struct error *err);
	/* Called at each multiple of boundary_bytes inside an item. */
	uint64_t boundary_bytes; /* 0: never; a multiple of 64 */
	int (*boundary)(void *context, const struct read_item *item,
	    uint64_t offset, const uint8_t state[DIGEST_SHA256_BYTES],
	    struct error *err);
};

int read_queue_new(const struct read_options *options,
    struct read_queue **ret_queue, struct error *err) ERROR_CHECKED;

/* Closes the descriptors of what is still queued; the items stay. */
void read_queue_free(struct read_queue *queue);

bool read_queue_has_room(const struct read_queue *queue);

/* Queue an item; the caller looked for room before. */
int read_queue_push(struct read_queue *queue, struct read_item *item,
    struct error *err) ERROR_CHECKED;

/*
 * The next finished item, in the order of pushing.  Returns 1, 0 when nothing
 * is queued, or -1 when a callback or the queue itself failed (a file that
 * cannot be read is a result, not a failure).
 */
int read_queue_pop(struct read_queue *queue, struct read_item **ret_item,
    struct error *err) ERROR_CHECKED;

/*
 * Read one item at once, apart from the queue, with no read-ahead from it: for
 * a second look at bytes that did not agree.
 */
int read_queue_read_now(struct read_queue *queue, struct read_item *item,
    struct error *err) ERROR_CHECKED;

#endif
