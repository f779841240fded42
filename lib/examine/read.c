#include "lib/examine/read.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"

/* Attempts at a byte that cannot be read: the first and one fresh handle. */
#define ATTEMPTS_MAX 2

/* Where the digest of the item at the head stands. */
struct progress {
	struct digest_sha256 digest;
	uint64_t offset; /* of the next byte */
	unsigned attempts;
};

/* An item and what its file looked like when it was queued. */
struct place {
	struct read_item *item;
	struct stat before;
};

struct read_queue {
	struct read_options options;
	struct stream *ahead; /* the queue's reads */
	struct stream *again; /* reads apart from the queue */
	struct place places[READ_ITEMS_MAX];
	size_t head, count;
	struct progress progress;
};

int
read_queue_new(const struct read_options *options,
    struct read_queue **ret_queue, struct error *err)
{
	struct read_queue *queue = calloc(1, sizeof(*queue));
	struct stream_options again = options->stream;

	if (queue == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	queue->options = *options;
	again.in_flight = 2;
	queue->ahead = stream_new(&options->stream, err);
	if (queue->ahead != NULL)
		queue->again = stream_new(&again, err);
	if (queue->again == NULL) {
		read_queue_free(queue);
		return -1;
	}
	*ret_queue = queue;
	return 0;
}

static void
close_item(struct read_item *item)
{
	if (item->fd >= 0)
		(void)close(item->fd);
	item->fd = -1;
}

void
read_queue_free(struct read_queue *queue)
{
	if (queue == NULL)
		return;
	stream_free(queue->ahead);
	stream_free(queue->again);
	for (size_t i = 0; i < queue->count; i++)
		close_item(
		    queue->places[(queue->head + i) % READ_ITEMS_MAX].item);
	free(queue);
}

bool
read_queue_has_room(const struct read_queue *queue)
{
	return queue->count < READ_ITEMS_MAX && stream_has_room(queue->ahead);
}

static void
clear_results(struct read_item *item)
{
	item->bytes_read = 0;
	item->problem = 0;
	item->problem_offset = 0;
	item->is_short = false;
	item->is_changed = false;
}

static void
start(struct progress *progress, const struct read_item *item)
{
	if (item->has_state)
		digest_sha256_resume(
		    &progress->digest, item->state, item->from);
	else
		digest_sha256_init(&progress->digest);
	progress->offset = item->from;
	progress->attempts = 1;
}

static int
look(const struct read_item *item, struct stat *before)
{
	if (item->before == NULL)
		return fstat(item->fd, before);
	*before = *item->before;
	return 0;
}

int
read_queue_push(
    struct read_queue *queue, struct read_item *item, struct error *err)
{
	size_t at = (queue->head + queue->count) % READ_ITEMS_MAX;
	struct place *place = &queue->places[at];

	assert(queue->count < READ_ITEMS_MAX);
	clear_results(item);
	place->item = item;
	if (item->fd >= 0 && look(item, &place->before) != 0) {
		item->problem = errno;
		item->problem_offset = item->from;
		close_item(item);
	}
	if (item->fd >= 0 && stream_queue(queue->ahead, item->fd, item->from,
				 item->to - item->from, item, err) != 0)
		return -1;
	if (queue->count++ == 0)
		start(&queue->progress, item);
	return 0;
}

/* Digest bytes up to the next boundary, tell of it, and go on. */
static int
take_bytes(struct read_queue *queue, struct read_item *item,
    struct progress *progress, const uint8_t *data, size_t length,
    struct error *err)
{
	const struct read_options *options = &queue->options;
	uint64_t every = options->boundary_bytes;
	uint8_t state[DIGEST_SHA256_BYTES];

	while (length > 0) {
		size_t n = length;

		if (every > 0 && progress->offset % every == 0 &&
		    options->boundary != NULL) {
			digest_sha256_export(&progress->digest, state);
			if (options->boundary(options->context, item,
				progress->offset, state, err) != 0)
				return -1;
		}
		if (every > 0 && n > every - progress->offset % every)
			n = (size_t)(every - progress->offset % every);
		digest_sha256_update(&progress->digest, data, n);
		if (options->bytes != NULL &&
		    options->bytes(options->context, item, data, n, err) != 0)
			return -1;
		progress->offset += n;
		data += n;
		length -= n;
	}
	return 0;
}

/* The worse way of reading is the one that is told. */
static void
note_mode(struct read_item *item, enum stream_mode mode)
{
	if (item->bytes_read == 0 || mode > item->mode)
		item->mode = mode;
}

static int read_rest(struct read_queue *queue, struct read_item *item,
    struct progress *progress, struct error *err);

/* A read failed at progress->offset: try a fresh handle, or give up. */
static int
retry(struct read_queue *queue, struct read_item *item,
    struct progress *progress, int problem, struct error *err)
{
	int fd = -1;

	if (progress->attempts < ATTEMPTS_MAX && queue->options.reopen != NULL)
		fd = queue->options.reopen(queue->options.context, item);
	if (fd < 0) {
		item->problem = problem;
		item->problem_offset = progress->offset;
		return 0;
	}
	progress->attempts++;
	close_item(item);
	item->fd = fd;
	return read_rest(queue, item, progress, err);
}

/*
 * One chunk of the item.  Returns 1 when the item is done, 0 when more comes,
 * -1 on failure.
 */
static int
take_chunk(struct read_queue *queue, struct read_item *item,
    struct progress *progress, const struct stream_chunk *chunk,
    struct error *err)
{
	const struct read_options *options = &queue->options;

	note_mode(item, chunk->mode);
	item->bytes_read += chunk->length;
	if (options->progress != NULL &&
	    options->progress(options->context, chunk->length, err) != 0)
		return -1;
	if (take_bytes(
		queue, item, progress, chunk->data, chunk->length, err) != 0)
		return -1;
	if (chunk->problem != 0) {
		if (retry(queue, item, progress, chunk->problem, err) != 0)
			return -1;
		return 1;
	}
	return chunk->is_end ? 1 : 0;
}

/* Read from progress->offset to the end of the item, apart from the queue. */
static int
read_rest(struct read_queue *queue, struct read_item *item,
    struct progress *progress, struct error *err)
{
	struct stream_chunk chunk;
	int done = 0;

	if (stream_queue(queue->again, item->fd, progress->offset,
		item->to - progress->offset, item, err) != 0)
		return -1;
	while (done == 0) {
		if (stream_next(queue->again, &chunk, err) != 1)
			return -1;
		done = take_chunk(queue, item, progress, &chunk, err);
	}
	return done == 1 ? 0 : -1;
}

static bool
is_changed(const struct stat *a, const struct stat *b)
{
	return a->st_ino != b->st_ino || a->st_size != b->st_size ||
	       a->st_mtim.tv_sec != b->st_mtim.tv_sec ||
	       a->st_mtim.tv_nsec != b->st_mtim.tv_nsec ||
	       a->st_ctim.tv_sec != b->st_ctim.tv_sec ||
	       a->st_ctim.tv_nsec != b->st_ctim.tv_nsec;
}

/* The digest or midstate, and whether the file stood still meanwhile. */
static void
finish(struct read_item *item, struct progress *progress,
    const struct stat *before)
{
	struct stat after;

	item->is_short = item->problem == 0 && progress->offset < item->to;
	if (item->problem == 0 &&
	    (fstat(item->fd, &after) != 0 || is_changed(before, &after)))
		item->is_changed = true;
	close_item(item);
	if (item->problem != 0 || item->is_short)
		return;
	if (item->ends_inside)
		digest_sha256_export(&progress->digest, item->value);
	else
		digest_sha256_final(&progress->digest, item->value);
}

int
read_queue_pop(
    struct read_queue *queue, struct read_item **ret_item, struct error *err)
{
	struct place *place = &queue->places[queue->head];
	struct read_item *item = place->item;
	int done = 0;

	if (queue->count == 0)
		return 0;
	while (item->fd >= 0 && done == 0) {
		struct stream_chunk chunk;

		if (stream_next(queue->ahead, &chunk, err) != 1)
			return -1;
		assert(chunk.tag == item);
		done = take_chunk(queue, item, &queue->progress, &chunk, err);
		if (done < 0)
			return -1;
	}
	if (item->fd >= 0)
		finish(item, &queue->progress, &place->before);
	queue->head = (queue->head + 1) % READ_ITEMS_MAX;
	queue->count--;
	if (queue->count > 0)
		start(&queue->progress, queue->places[queue->head].item);
	*ret_item = item;
	return 1;
}

int
read_queue_read_now(
    struct read_queue *queue, struct read_item *item, struct error *err)
{
	struct progress progress;
	struct stat before;

	clear_results(item);
	start(&progress, item);
	if (look(item, &before) != 0) {
		item->problem = errno;
		item->problem_offset = item->from;
		close_item(item);
		return 0;
	}
	if (read_rest(queue, item, &progress, err) != 0) {
		close_item(item);
		return -1;
	}
	finish(item, &progress, &before);
	return 0;
}
