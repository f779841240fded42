#include "lib/examine/read_item.h"

#include <errno.h>
#include <unistd.h>

/* Attempts at a byte that cannot be read: the first and one fresh handle. */
#define ATTEMPTS_MAX 2
/* Reads in flight of what is read apart. */
#define IN_FLIGHT_APART 2

void
read_item_close(struct read_item *item)
{
	if (item->fd >= 0)
		(void)close(item->fd);
	item->fd = -1;
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

static int
look(const struct read_item *item, struct stat *before)
{
	if (item->before == NULL)
		return fstat(item->fd, before);
	*before = *item->before;
	return 0;
}

bool
read_item_begin(struct read_progress *progress, struct read_item *item)
{
	clear_results(item);
	progress->item = item;
	if (item->fd < 0)
		return false;
	if (look(item, &progress->before) != 0) {
		item->problem = errno;
		item->problem_offset = item->from;
		read_item_close(item);
		return false;
	}
	if (item->has_state)
		digest_sha256_resume(
		    &progress->digest, item->state, item->from);
	else
		digest_sha256_init(&progress->digest);
	progress->offset = item->from;
	progress->attempts = 1;
	return true;
}

/* The worse way of reading is the one that is told. */
static void
note_mode(struct read_item *item, enum stream_mode mode)
{
	if (item->bytes_read == 0 || mode > item->mode)
		item->mode = mode;
}

int
read_item_count(struct read_common *common, struct read_progress *progress,
    const struct stream_chunk *chunk, struct error *err)
{
	const struct read_options *options = &common->options;

	note_mode(progress->item, chunk->mode);
	progress->item->bytes_read += chunk->length;
	if (options->progress == NULL)
		return 0;
	return options->progress(options->context, chunk->length, err);
}

/* Digest bytes up to the next boundary, tell of it, and go on. */
int
read_item_take(struct read_common *common, struct read_progress *progress,
    const uint8_t *data, size_t length, struct error *err)
{
	const struct read_options *options = &common->options;
	const struct read_item *item = progress->item;
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

int
read_item_retry(struct read_common *common, struct read_progress *progress,
    int problem, struct error *err)
{
	const struct read_options *options = &common->options;
	struct read_item *item = progress->item;
	int fd = -1;

	if (progress->attempts < ATTEMPTS_MAX && options->reopen != NULL)
		fd = options->reopen(options->context, item);
	if (fd < 0) {
		item->problem = problem;
		item->problem_offset = progress->offset;
		return 0;
	}
	progress->attempts++;
	read_item_close(item);
	item->fd = fd;
	return read_item_rest(common, progress, err);
}

/* Few items are read apart, and a stream is not cheap. */
static int
make_again(struct read_common *common, struct error *err)
{
	struct stream_options options = common->options.stream;

	if (common->again != NULL)
		return 0;
	options.in_flight = IN_FLIGHT_APART;
	common->again = stream_new(&options, err);
	return common->again != NULL ? 0 : -1;
}

int
read_item_rest(struct read_common *common, struct read_progress *progress,
    struct error *err)
{
	struct read_item *item = progress->item;
	struct stream_chunk chunk = {0};

	if (make_again(common, err) != 0 ||
	    stream_queue(common->again, item->fd, progress->offset,
		item->to - progress->offset, item, err) != 0)
		return -1;
	while (!chunk.is_end)
		if (stream_next(common->again, &chunk, err) != 1 ||
		    read_item_count(common, progress, &chunk, err) != 0 ||
		    read_item_take(
			common, progress, chunk.data, chunk.length, err) != 0)
			return -1;
	if (chunk.problem == 0)
		return 0;
	return read_item_retry(common, progress, chunk.problem, err);
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

void
read_item_finish(struct read_progress *progress)
{
	struct read_item *item = progress->item;
	struct stat after;

	item->is_short = item->problem == 0 && progress->offset < item->to;
	if (item->problem == 0 && (fstat(item->fd, &after) != 0 ||
				      is_changed(&progress->before, &after)))
		item->is_changed = true;
	read_item_close(item);
	if (item->problem != 0 || item->is_short)
		return;
	if (item->ends_inside)
		digest_sha256_export(&progress->digest, item->value);
	else
		digest_sha256_final(&progress->digest, item->value);
}
