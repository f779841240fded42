#include "lib/examine/read.h"

#include <assert.h>
#include <stdlib.h>

#include "lib/base/i18n.h"
#include "lib/crypto/digest_pair.h"
#include "lib/examine/read_item.h"

#define LANES_MAX DIGEST_PAIR_STREAMS

/* Items are read one after the other in a lane. */
struct lane {
	struct stream *ahead;
	uint64_t at;		   /* place of the item that is being read */
	uint64_t bytes;		   /* of its items that are not done */
	struct stream_chunk chunk; /* of that item; what is left to digest */
	bool has_chunk;
};

/* An item between push and pop. */
struct place {
	struct read_progress progress;
	struct lane *lane; /* NULL: nothing to read */
	bool is_done;
};

/* Places are numbered without end; n lies at n modulo READ_ITEMS_MAX. */
struct read_queue {
	struct read_common common;
	struct digest_pair pair;
	struct lane lanes[LANES_MAX];
	size_t lane_count;
	struct place places[READ_ITEMS_MAX];
	uint64_t first, next;
};

/* Two lanes only where two digests at once are faster than two in turn. */
static void
choose_lanes(struct read_queue *queue)
{
	const struct read_options *options = &queue->common.options;

	queue->lane_count = 1;
	if (!options->in_pairs)
		return;
	assert(options->bytes == NULL && options->boundary == NULL);
	digest_pair_init(&queue->pair);
	if (digest_pair_is_faster(&queue->pair))
		queue->lane_count = LANES_MAX;
}

int
read_queue_new(const struct read_options *options,
    struct read_queue **ret_queue, struct error *err)
{
	struct read_queue *queue = calloc(1, sizeof(*queue));
	struct stream_options ahead = options->stream;

	if (queue == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	queue->common.options = *options;
	choose_lanes(queue);
	if (ahead.in_flight > queue->lane_count)
		ahead.in_flight /= (unsigned)queue->lane_count;
	for (size_t i = 0; i < queue->lane_count; i++) {
		queue->lanes[i].ahead = stream_new(&ahead, err);
		if (queue->lanes[i].ahead == NULL) {
			read_queue_free(queue);
			return -1;
		}
		ahead.beside = queue->lanes[0].ahead;
	}
	queue->common.options.stream.beside = ahead.beside;
	*ret_queue = queue;
	return 0;
}

static struct place *
place_at(struct read_queue *queue, uint64_t number)
{
	return &queue->places[number % READ_ITEMS_MAX];
}

void
read_queue_free(struct read_queue *queue)
{
	if (queue == NULL)
		return;
	for (size_t i = 0; i < queue->lane_count; i++)
		stream_free(queue->lanes[i].ahead);
	stream_free(queue->common.again);
	for (uint64_t n = queue->first; n < queue->next; n++)
		read_item_close(place_at(queue, n)->progress.item);
	free(queue);
}

bool
read_queue_has_room(const struct read_queue *queue)
{
	for (size_t i = 0; i < queue->lane_count; i++)
		if (!stream_has_room(queue->lanes[i].ahead))
			return false;
	return queue->next - queue->first < READ_ITEMS_MAX;
}

/* The lane that has least to do. */
static struct lane *
choose_lane(struct read_queue *queue)
{
	struct lane *least = &queue->lanes[0];

	for (size_t i = 1; i < queue->lane_count; i++)
		if (queue->lanes[i].bytes < least->bytes)
			least = &queue->lanes[i];
	return least;
}

int
read_queue_push(
    struct read_queue *queue, struct read_item *item, struct error *err)
{
	struct place *place = place_at(queue, queue->next);
	struct lane *lane = choose_lane(queue);

	assert(queue->next - queue->first < READ_ITEMS_MAX);
	place->lane = NULL;
	place->is_done = !read_item_begin(&place->progress, item);
	if (!place->is_done) {
		if (stream_queue(lane->ahead, item->fd, item->from,
			item->to - item->from, item, err) != 0)
			return -1;
		place->lane = lane;
		lane->bytes += item->to - item->from;
	}
	queue->next++;
	return 0;
}

/* Go to the lane's next item; false when none is queued. */
static bool
find_item(struct read_queue *queue, struct lane *lane)
{
	if (lane->at < queue->first)
		lane->at = queue->first;
	while (lane->at < queue->next) {
		const struct place *place = place_at(queue, lane->at);

		if (place->lane == lane && !place->is_done)
			return true;
		lane->at++;
	}
	return false;
}

/* Give the lane a chunk of its item, where it has an item and no chunk. */
static int
load(struct read_queue *queue, struct lane *lane, struct error *err)
{
	struct read_progress *progress;

	if (lane->has_chunk || !find_item(queue, lane))
		return 0;
	progress = &place_at(queue, lane->at)->progress;
	if (stream_next(lane->ahead, &lane->chunk, err) != 1)
		return -1;
	assert(lane->chunk.tag == progress->item);
	lane->has_chunk = true;
	return read_item_count(&queue->common, progress, &lane->chunk, err);
}

/* Whether the lane's next bytes are whole blocks. */
static bool
has_blocks(struct read_queue *queue, const struct lane *lane)
{
	return lane->has_chunk &&
	       lane->chunk.length >= DIGEST_SHA256_BLOCK_BYTES &&
	       place_at(queue, lane->at)->progress.offset %
		       DIGEST_SHA256_BLOCK_BYTES ==
		   0;
}

/* Digest as many blocks as both lanes have. */
static void
digest_both(struct read_queue *queue)
{
	struct digest_sha256 *digests[LANES_MAX];
	const uint8_t *data[LANES_MAX];
	size_t length = SIZE_MAX;

	for (size_t i = 0; i < LANES_MAX; i++) {
		const struct lane *lane = &queue->lanes[i];

		digests[i] = &place_at(queue, lane->at)->progress.digest;
		data[i] = lane->chunk.data;
		if (lane->chunk.length < length)
			length = lane->chunk.length;
	}
	length -= length % DIGEST_SHA256_BLOCK_BYTES;
	digest_pair_update(
	    &queue->pair, digests, data, length / DIGEST_SHA256_BLOCK_BYTES);
	for (size_t i = 0; i < LANES_MAX; i++) {
		struct lane *lane = &queue->lanes[i];

		place_at(queue, lane->at)->progress.offset += length;
		lane->chunk.data += length;
		lane->chunk.length -= length;
	}
}

/*
 * Digest what the lanes have: both together as long as both have whole blocks,
 * else alone the one that has none, so that it can go on to its next chunk.
 */
static int
digest_lanes(struct read_queue *queue, struct error *err)
{
	struct lane *lane = &queue->lanes[0], *other = &queue->lanes[1];
	struct stream_chunk *chunk;

	if (has_blocks(queue, lane) && has_blocks(queue, other)) {
		digest_both(queue);
		return 0;
	}
	if (!lane->has_chunk || (other->has_chunk && !has_blocks(queue, other)))
		lane = other;
	chunk = &lane->chunk;
	if (read_item_take(&queue->common, &place_at(queue, lane->at)->progress,
		chunk->data, chunk->length, err) != 0)
		return -1;
	chunk->length = 0;
	return 0;
}

/* The lane's chunk was digested: with the last one its item ends. */
static int
unload(struct read_queue *queue, struct lane *lane, struct error *err)
{
	struct place *place = place_at(queue, lane->at);
	const struct stream_chunk *chunk = &lane->chunk;

	lane->has_chunk = false;
	if (!chunk->is_end)
		return 0;
	if (chunk->problem != 0 &&
	    read_item_retry(
		&queue->common, &place->progress, chunk->problem, err) != 0)
		return -1;
	read_item_finish(&place->progress);
	place->is_done = true;
	lane->bytes -= place->progress.item->to - place->progress.item->from;
	return 0;
}

/* Go on a little in every lane. */
static int
advance(struct read_queue *queue, struct error *err)
{
	for (size_t i = 0; i < queue->lane_count; i++)
		if (load(queue, &queue->lanes[i], err) != 0)
			return -1;
	if (digest_lanes(queue, err) != 0)
		return -1;
	for (size_t i = 0; i < queue->lane_count; i++) {
		struct lane *lane = &queue->lanes[i];

		if (lane->has_chunk && lane->chunk.length == 0 &&
		    unload(queue, lane, err) != 0)
			return -1;
	}
	return 0;
}

int
read_queue_pop(
    struct read_queue *queue, struct read_item **ret_item, struct error *err)
{
	const struct place *place = place_at(queue, queue->first);

	if (queue->first == queue->next)
		return 0;
	while (!place->is_done)
		if (advance(queue, err) != 0)
			return -1;
	queue->first++;
	*ret_item = place->progress.item;
	return 1;
}

int
read_queue_read_now(
    struct read_queue *queue, struct read_item *item, struct error *err)
{
	struct read_progress progress;

	if (!read_item_begin(&progress, item))
		return 0;
	if (read_item_rest(&queue->common, &progress, err) != 0) {
		read_item_close(item);
		return -1;
	}
	read_item_finish(&progress);
	return 0;
}
