/*
 * read_item: one item of a queue on its way to its digest.
 *
 * Layer 4.  Internal to read: read.c keeps the queue and its lanes, read_item.c
 * digests what came of one item, tries again what failed, and sees what the
 * file did meanwhile.
 */
#ifndef HIKAE_EXAMINE_READ_ITEM_H
#define HIKAE_EXAMINE_READ_ITEM_H

#include "lib/examine/read.h"

/* What all items of a queue have in common. */
struct read_common {
	struct read_options options;
	struct stream *again; /* reads apart from the queue; NULL: none yet */
};

/* Where the digest of an item stands. */
struct read_progress {
	struct read_item *item;
	struct stat before; /* what the file was when it was queued */
	struct digest_sha256 digest;
	uint64_t offset; /* of the next byte */
	unsigned attempts;
};

/*
 * Clear the results and look at the file.  False where there is nothing to
 * read: no descriptor, or one that cannot be looked at, which is a result.
 */
bool read_item_begin(struct read_progress *progress, struct read_item *item);

/* Note that a chunk came; its bytes are digested afterwards. */
int read_item_count(struct read_common *common, struct read_progress *progress,
    const struct stream_chunk *chunk, struct error *err) ERROR_CHECKED;

/* Digest the next bytes, telling of them and of the boundaries in them. */
int read_item_take(struct read_common *common, struct read_progress *progress,
    const uint8_t *data, size_t length, struct error *err) ERROR_CHECKED;

/*
 * The read at the present offset failed with errno `problem`: go on through a
 * fresh handle to the end of the item, or make the problem its result.
 */
int read_item_retry(struct read_common *common, struct read_progress *progress,
    int problem, struct error *err) ERROR_CHECKED;

/* Read and digest all that is left of the item, apart from the queue. */
int read_item_rest(struct read_common *common, struct read_progress *progress,
    struct error *err) ERROR_CHECKED;

/* The results: digest or midstate, and whether the file stood still. */
void read_item_finish(struct read_progress *progress);

/* Close the item's descriptor, if it has one. */
void read_item_close(struct read_item *item);

#endif
