#include "lib/inspect/feed.h"

#include <assert.h>
#include <string.h>

void
feed_give(struct feed *feed, const uint8_t *data, size_t length)
{
	feed->data = data;
	feed->left = length;
}

static void
advance(struct feed *feed, size_t count)
{
	feed->data += count;
	feed->left -= count;
	feed->offset += count;
}

/* True when nothing is to be skipped any more. */
static bool
has_skipped(struct feed *feed)
{
	size_t count =
	    feed->skip < feed->left ? (size_t)feed->skip : feed->left;

	advance(feed, count);
	feed->skip -= count;
	return feed->skip == 0;
}

const uint8_t *
feed_take(struct feed *feed, size_t count)
{
	const uint8_t *taken;
	size_t missing;

	assert(count <= FEED_TAKE_MAX);
	if (!has_skipped(feed))
		return NULL;
	taken = feed->data;
	if (feed->kept_length == 0 && feed->left >= count) {
		advance(feed, count);
		return count == 0 ? feed->kept : taken;
	}
	missing = count - feed->kept_length;
	if (missing > feed->left)
		missing = feed->left;
	if (missing > 0)
		memcpy(feed->kept + feed->kept_length, feed->data, missing);
	feed->kept_length += missing;
	advance(feed, missing);
	if (feed->kept_length < count)
		return NULL;
	feed->kept_length = 0;
	return feed->kept;
}

const uint8_t *
feed_take_some(struct feed *feed, uint64_t count, size_t *ret_length)
{
	const uint8_t *taken;

	if (!has_skipped(feed) || feed->left == 0 || count == 0)
		return NULL;
	taken = feed->data;
	*ret_length = count < feed->left ? (size_t)count : feed->left;
	advance(feed, *ret_length);
	return taken;
}

void
feed_skip(struct feed *feed, uint64_t count)
{
	assert(feed->kept_length == 0);
	feed->skip =
	    count > UINT64_MAX - feed->skip ? UINT64_MAX : feed->skip + count;
}

bool
feed_is_short(const struct feed *feed)
{
	return feed->kept_length > 0 || feed->skip > 0;
}
