/*
 * feed: bytes that come in pieces, taken in pieces of one's own.
 *
 * Layer 3, internal to inspect.  Uses: nothing.
 *
 *	feed_give(&feed, data, length);
 *	while ((bytes = feed_take(&feed, wanted)) != NULL)
 *		...
 */
#ifndef HIKAE_INSPECT_FEED_H
#define HIKAE_INSPECT_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FEED_TAKE_MAX 4096

/* All zero at the beginning. */
struct feed {
	const uint8_t *data;
	size_t left;
	uint64_t
	    offset; /* of the next byte that is neither taken nor skipped */
	uint64_t skip;
	size_t kept_length;
	uint8_t kept[FEED_TAKE_MAX];
};

/* The next piece; what was left of the one before is lost. */
void feed_give(struct feed *feed, const uint8_t *data, size_t length);

/*
 * The next count bytes (0 to FEED_TAKE_MAX), valid until the next call; NULL
 * while there are not so many: then the same count is asked for again.
 */
const uint8_t *feed_take(struct feed *feed, size_t count);

/* Pass over so many bytes before the next that are taken. */
void feed_skip(struct feed *feed, uint64_t count);

/*
 * What is there of the next count bytes, at most: for content that is looked at
 * in any pieces.  NULL where there is nothing.
 */
const uint8_t *feed_take_some(
    struct feed *feed, uint64_t count, size_t *ret_length);

/* Whether something was asked for, or is to be skipped, that did not come. */
bool feed_is_short(const struct feed *feed);

#endif
