#include "lib/os/stream.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "lib/base/i18n.h"
#include "lib/os/block.h"
#include "lib/os/direct.h"
#include "lib/os/stream_aio.h"

#define LARGE_PAGE_BYTES ((size_t)2 * 1024 * 1024) /* of most processors */

/*
 * Items and slots are rings; their members are numbered without end, and number
 * n lies at n modulo the ring's size.  Slots hold blocks in the order in which
 * they are handed out: by item, then by offset.
 */
struct item {
	int fd;
	enum stream_mode mode;
	bool open_ended;   /* reads to the end of the file, wherever it is */
	uint64_t position; /* of the next byte to hand out */
	uint64_t end;
	uint64_t cursor;   /* offset of the next block to get a slot */
	size_t unit_bytes; /* blocks begin and end at multiples of it */
	int problem;	   /* errno at position, to be reported */
	void *tag;
};

struct slot {
	struct stream_read read;
	bool is_deferred; /* is read when its turn comes */
	uint64_t item;
	uint64_t offset;
	size_t wanted;
	uint8_t *buffer;
};

struct stream {
	struct stream_options options;
	struct stream_totals totals;
	struct stream_aio *aio; /* NULL: every slot is deferred */
	unsigned underway;
	struct item items[STREAM_ITEMS_MAX];
	uint64_t item_first, item_fill, item_next; /* fill: wants slots */
	struct slot slots[STREAM_IN_FLIGHT_MAX + 1];
	uint64_t slot_first, slot_next;
	bool is_held;	  /* the first slot's data is with the caller */
	uint8_t *memory;  /* the slots' buffers, then: */
	uint8_t *scratch; /* one for reads that AIO has no part in */
};

static struct item *
item_at(struct stream *stream, uint64_t number)
{
	return &stream->items[number % STREAM_ITEMS_MAX];
}

/* One more slot than reads in flight: the caller looks at the first. */
static struct slot *
slot_at(struct stream *stream, uint64_t number)
{
	return &stream->slots[number % (stream->options.in_flight + 1)];
}

static int
check_options(const struct stream_options *options, struct error *err)
{
	const size_t block = options->block_bytes;

	if (block < STREAM_BLOCK_BYTES_MIN || block > STREAM_BLOCK_BYTES_MAX ||
	    (block & (block - 1)) != 0 || options->in_flight < 1 ||
	    options->in_flight > STREAM_IN_FLIGHT_MAX)
		return error_set(err, ERROR_USAGE,
		    _("cannot have %u reads of %zu bytes in flight"),
		    options->in_flight, block);
	return 0;
}

/*
 * Direct reads into one large page are one piece for the disk; 256 scattered
 * small ones are split into several requests, at half the speed.
 */
static int
allocate_blocks(struct stream *stream)
{
	const size_t slots = stream->options.in_flight + (size_t)1;
	const size_t block = stream->options.block_bytes;
	const size_t unit = block > LARGE_PAGE_BYTES ? block : LARGE_PAGE_BYTES;
	const size_t total = (block * (slots + 1) + unit - 1) & ~(unit - 1);

	stream->memory = aligned_alloc(unit, total);
	if (stream->memory == NULL)
		return -1;
	if (stream->options.direct)
		(void)madvise(stream->memory, total, MADV_HUGEPAGE);
	for (size_t i = 0; i < slots; i++)
		stream->slots[i].buffer = stream->memory + i * block;
	stream->scratch = stream->memory + slots * block;
	return 0;
}

struct stream *
stream_new(const struct stream_options *options, struct error *err)
{
	struct stream *stream = NULL;
	bool good = false;

	if (check_options(options, err) < 0)
		goto out;
	stream = calloc(1, sizeof(*stream));
	if (stream != NULL)
		stream->options = *options;
	if (stream == NULL || allocate_blocks(stream) < 0) {
		(void)error_set_errno(err, ENOMEM, _("cannot read files"));
		goto out;
	}
	good = !options->direct ||
	       stream_aio_begin(
		   options->beside != NULL ? options->beside->aio : NULL,
		   &stream->aio, err) == 0;
out:
	if (!good) {
		stream_free(stream);
		stream = NULL;
	}
	return stream;
}

static int
wait_for(struct stream *stream, const struct slot *slot, struct error *err)
{
	while (slot->read.is_underway) {
		const int rc = stream_aio_reap(stream->aio);

		if (rc < 0)
			return error_set_errno(
			    err, -rc, _("cannot wait for asynchronous reads"));
	}
	return 0;
}

void
stream_cancel(struct stream *stream)
{
	while (stream->underway > 0 && stream_aio_reap(stream->aio) == 0)
		;
	if (stream->underway > 0) {
		stream_aio_abandon(stream->aio);
		stream->underway = 0;
	}
	stream->item_first = stream->item_fill = stream->item_next;
	stream->slot_first = stream->slot_next;
	stream->is_held = false;
}

void
stream_free(struct stream *stream)
{
	if (stream == NULL)
		return;
	stream_cancel(stream);
	stream_aio_end(stream->aio);
	free(stream->memory);
	free(stream);
}

bool
stream_has_room(const struct stream *stream)
{
	return stream->item_next - stream->item_first < STREAM_ITEMS_MAX;
}

void
stream_get_totals(const struct stream *stream, struct stream_totals *ret_totals)
{
	*ret_totals = stream->totals;
}

/* The best mode that the options and the file allow. */
static enum stream_mode
choose_mode(const struct stream *stream, int fd, size_t *unit_bytes)
{
	if (!stream->options.direct)
		return STREAM_CACHED;
	switch (direct_enable(fd, stream->options.block_bytes, unit_bytes)) {
	case DIRECT_ON:
		return STREAM_DIRECT;
	case DIRECT_MEMORY:
		return STREAM_CACHED;
	case DIRECT_REFUSED:
		break;
	}
	return STREAM_DROPPED;
}

/* Ask the kernel about cached pages; a refusal changes speed only. */
static void
advise(const struct item *item, uint64_t offset, uint64_t length, int advice)
{
	(void)posix_fadvise(item->fd, (off_t)offset, (off_t)length, advice);
}

/* Give the item's next block a slot; true when its read is to be submitted. */
static bool
start_block(struct stream *stream, struct item *item, struct slot *slot)
{
	const uint64_t mask = item->unit_bytes - 1;
	const uint64_t left = (item->end - item->cursor + mask) & ~mask;
	const size_t block = stream->options.block_bytes;
	const bool is_first = item->cursor <= item->position;

	slot->item = stream->item_fill;
	slot->offset = item->cursor;
	slot->wanted = left < block ? (size_t)left : block;
	slot->is_deferred = true;
	slot->read.is_underway = false;
	item->cursor += slot->wanted;
	if (item->mode == STREAM_DIRECT) {
		if (stream->aio == NULL)
			return false;
		stream_aio_prepare(&slot->read, item->fd, slot->buffer,
		    slot->wanted, slot->offset, &stream->underway);
		slot->is_deferred = false;
		return true;
	}
	/* A small cached file is read at once; the advice would cost more. */
	if (item->mode == STREAM_DROPPED || !is_first)
		advise(item, slot->offset, slot->wanted, POSIX_FADV_WILLNEED);
	return false;
}

static void
fill(struct stream *stream)
{
	const uint64_t room = stream->options.in_flight + stream->is_held;
	struct stream_read *batch[STREAM_IN_FLIGHT_MAX];
	size_t count = 0;

	while (stream->slot_next - stream->slot_first < room &&
	       stream->item_fill < stream->item_next) {
		struct item *item = item_at(stream, stream->item_fill);
		struct slot *slot = slot_at(stream, stream->slot_next);

		if (item->cursor >= item->end) {
			stream->item_fill++;
			continue;
		}
		stream->slot_next++;
		if (start_block(stream, item, slot))
			batch[count++] = &slot->read;
	}
	if (count > 0)
		stream_aio_submit(stream->aio, batch, count);
}

int
stream_queue(struct stream *stream, int fd, uint64_t offset, uint64_t length,
    void *tag, struct error *err)
{
	struct item *item = item_at(stream, stream->item_next);
	size_t unit = DIRECT_UNIT_BYTES;

	if (!stream_has_room(stream))
		return error_set(err, ERROR_LIMIT,
		    _("more than %d files wait to be read"), STREAM_ITEMS_MAX);
	if (offset > INT64_MAX)
		return error_set(err, ERROR_USAGE,
		    _("no file has an offset of %llu"),
		    (unsigned long long)offset);
	*item = (struct item){.fd = fd, .position = offset, .tag = tag};
	item->mode = choose_mode(stream, fd, &unit);
	item->unit_bytes = unit;
	item->open_ended = length == UINT64_MAX;
	/* One block short of the last offset, so that rounding is safe. */
	item->end = INT64_MAX - STREAM_BLOCK_BYTES_MAX;
	if (offset > item->end)
		item->end = offset;
	if (length < item->end - offset)
		item->end = offset + length;
	item->cursor = offset & ~(uint64_t)(unit - 1);
	if (offset == item->end)
		item->cursor = item->end;
	else if (item->mode == STREAM_DROPPED)
		advise(item, item->cursor, item->end - item->cursor,
		    POSIX_FADV_DONTNEED);
	stream->item_next++;
	fill(stream);
	return 0;
}

/* The file system refused a direct read: all items of fd go another way. */
static void
leave_direct(struct stream *stream, int fd)
{
	direct_disable(fd);
	for (uint64_t n = stream->item_first; n < stream->item_next; n++) {
		struct item *item = item_at(stream, n);

		if (item->fd != fd || item->mode != STREAM_DIRECT)
			continue;
		item->mode = STREAM_DROPPED;
		advise(item, item->position, item->end - item->position,
		    POSIX_FADV_DONTNEED);
	}
}

/* Make of a slot that is not under way the bytes of its block. */
static void
settle(struct stream *stream, struct item *item, struct slot *slot,
    struct block *block, struct block_result *ret)
{
	const long result = slot->read.result;
	const uint64_t left = item->end - slot->offset;

	*block = (struct block){.fd = item->fd,
	    .buffer = slot->buffer,
	    .offset = slot->offset,
	    .wanted = slot->wanted,
	    .needed = left < slot->wanted ? (size_t)left : slot->wanted,
	    .piece_bytes = item->unit_bytes};
	*ret = (struct block_result){0};
	if (!slot->is_deferred && result >= 0)
		ret->got = (size_t)result;
	else if (!slot->is_deferred && result != -EAGAIN && result != -EINTR &&
		 result != -ECANCELED)
		ret->problem = (int)-result;
	else if (item->mode != STREAM_DIRECT)
		block->buffer = stream->scratch; /* stays in the cache */
	block_read(block, ret);
	if (direct_is_refusal(ret->problem) && item->mode == STREAM_DIRECT)
		leave_direct(stream, item->fd);
	if (direct_is_refusal(ret->problem) && item->mode != STREAM_DIRECT) {
		ret->problem = 0;
		block_read(block, ret);
	}
	if (item->mode == STREAM_DROPPED)
		advise(item, block->offset, block->wanted, POSIX_FADV_DONTNEED);
	stream->totals.rereads += ret->was_reread;
}

static void
pop_slot(struct stream *stream)
{
	stream->slot_first++;
	stream->is_held = false;
}

/* End the first item; the slots it still has are passed over later. */
static void
pop_item(struct stream *stream)
{
	stream->item_first++;
	if (stream->item_fill < stream->item_first)
		stream->item_fill = stream->item_first;
}

/* Fill slots, and wait for the first item's first block. */
static int
advance(struct stream *stream, struct error *err)
{
	while (stream->slot_first < stream->slot_next) {
		struct slot *slot = slot_at(stream, stream->slot_first);

		if (slot->item >= stream->item_first)
			break;
		if (wait_for(stream, slot, err) < 0)
			return -1;
		pop_slot(stream);
	}
	fill(stream);
	return wait_for(stream, slot_at(stream, stream->slot_first), err);
}

/* Read the first item's first block and hand out what the item wants of it. */
static void
take_block(struct stream *stream, struct item *item, struct stream_chunk *ret)
{
	struct slot *slot = slot_at(stream, stream->slot_first);
	const size_t skip = (size_t)(item->position - slot->offset);
	struct block_result result;
	struct block block;

	assert(slot->item == stream->item_first);
	settle(stream, item, slot, &block, &result);
	stream->is_held = true;
	if (result.got > skip) {
		ret->length = result.got - skip;
		if (ret->length > item->end - item->position)
			ret->length = (size_t)(item->end - item->position);
		ret->data = block.buffer + skip;
	}
	ret->mode = item->mode;
	item->position += ret->length;
	item->problem = result.problem;
	ret->is_short =
	    result.at_end && item->position < item->end && !item->open_ended;
	ret->is_end = result.at_end || item->position == item->end;
	if (ret->is_end || item->problem != 0)
		item->cursor = item->end; /* wants no more blocks */
	stream->totals.bytes += ret->length;
	stream->totals.bytes_by_mode[item->mode] += ret->length;
}

int
stream_next(struct stream *stream, struct stream_chunk *ret, struct error *err)
{
	struct stream_chunk chunk = {0};
	struct item *item = item_at(stream, stream->item_first);

	if (stream->is_held)
		pop_slot(stream);
	if (stream->item_first == stream->item_next)
		return 0;
	chunk.tag = item->tag;
	chunk.offset = item->position;
	chunk.mode = item->mode;
	if (item->position < item->end && item->problem == 0) {
		if (advance(stream, err) < 0)
			return -1;
		take_block(stream, item, &chunk);
	}
	if (item->position == item->end)
		chunk.is_end = true;
	if (item->problem != 0 && chunk.length == 0) {
		chunk.problem = item->problem;
		chunk.is_end = true;
	}
	if (chunk.is_end)
		pop_item(stream);
	fill(stream);
	*ret = chunk;
	return 1;
}
