#include "lib/examine/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/bytes.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/examine/capture_answers.h"
#include "lib/examine/capture_closed.h"
#include "lib/examine/capture_known.h"
#include "lib/examine/copy.h"
#include "lib/examine/read.h"
#include "lib/examine/tee.h"
#include "lib/model/manifest_reader.h"
#include "lib/os/file.h"
#include "lib/os/walk.h"

/* Memory for the names of one folder before they are spilled, bytes. */
#define WALK_MEMORY_BYTES (8 * 1024 * 1024)

static int
tell_progress(struct capture *capture, struct error *err)
{
	const struct examine_events *events = capture->options->events;

	if (!examine_is_due(&capture->pulse, capture->bytes, capture->entries))
		return 0;
	if (capture->options->samples != NULL)
		samples_tick(capture->options->samples);
	return events->progress(
	    events->context, capture->bytes, capture->entries, err);
}

/* read_queue's callback: one file alone may take hours. */
static int
on_progress(void *context, uint64_t bytes, struct error *err)
{
	struct capture *capture = context;

	capture->bytes += bytes;
	return tell_progress(capture, err);
}

/* read_queue's callback: where a large file's slices begin. */
static int
on_boundary(void *context, const struct read_item *item, uint64_t offset,
    const uint8_t state[DIGEST_SHA256_BYTES], struct error *err)
{
	struct capture *capture = context;
	struct capture_pending *pending = item->owner;

	if (!capture_is_large(capture, pending->entry.size))
		return 0;
	if (offset > 0)
		capture_known_keep(capture, pending, offset, state);
	if (pending->is_kept)
		return 0;
	return capture_known_add_boundary(capture, pending, offset, state, err);
}

/* read_queue's callback: a fresh handle after a failed read. */
static int
on_reopen(void *context, const struct read_item *item)
{
	struct capture *capture = context;
	struct capture_pending *pending = item->owner;
	int ignored;

	copy_refresh(&capture->copy);
	return copy_open_file(&capture->copy, pending->entry.path, &ignored);
}

/* The parser knows enough, or died: its end is its business. */
static void
close_tee(struct capture *capture)
{
	if (capture->tee_fd >= 0)
		(void)close(capture->tee_fd);
	capture->tee_fd = -1;
}

/*
 * The parser gets a descriptor of its own: reading past the page cache is set
 * on the open file, and the parser's reads may not be aligned.
 */
static void
begin_tee(struct capture *capture, const char *name)
{
	int problem, fd;

	if (capture->tee_fd < 0)
		return;
	fd = copy_open_file(&capture->copy, name, &problem);
	if (fd < 0 || tee_send_file(capture->tee_fd, fd) != 0)
		close_tee(capture);
	if (fd >= 0)
		(void)close(fd);
}

/* read_queue's callback: the same bytes for the parser, while it listens. */
static int
on_bytes(void *context, const struct read_item *item, const uint8_t *data,
    size_t length, struct error *err)
{
	struct capture *capture = context;
	struct capture_pending *pending = item->owner;

	(void)err;
	if (capture->tee_fd >= 0 &&
	    tee_send(capture->tee_fd, data, length) != 0)
		close_tee(capture);
	if (capture->options->samples != NULL)
		sample_take(&pending->sample, data, length);
	return 0;
}

/* A file was read whole: its sample is for the parser to look at. */
static void
give_sample(struct capture *capture, struct capture_pending *pending)
{
	const struct manifest_entry *entry = &pending->entry;
	const char *slash;
	size_t folders = 0;

	if (capture->options->samples == NULL)
		return;
	slash = memrchr(entry->path, '/', entry->path_length);
	if (slash != NULL)
		folders = (size_t)(slash - entry->path) + 1;
	pending->is_asked =
	    samples_put(capture->options->samples, entry->path + folders,
		entry->path_length - folders, entry->size, &pending->sample);
}

/* Whether another name of the same file is being read already. */
static bool
is_under_way(
    const struct capture *capture, const struct capture_pending *pending)
{
	if (!pending->identity.is_shared || capture->options->readings == NULL)
		return false;
	for (size_t i = 0; i < READ_ITEMS_MAX; i++) {
		const struct capture_pending *other = &capture->pool[i];

		if (other != pending && other->is_queued &&
		    other->item.fd >= 0 &&
		    other->identity.inode == pending->identity.inode)
			return true;
	}
	return false;
}

/* Find the digest of a regular file in the readings, or open it to read. */
static int
open_pending(
    struct capture *capture, struct capture_pending *pending, struct error *err)
{
	struct error why = {0};
	int fd;

	if (capture_known_carry(capture, pending))
		return 0;
	if (is_under_way(capture, pending)) {
		pending->is_waiting = true;
		return 0;
	}
	if (walk_open_file(capture->walk, &fd, &why) != 0)
		return capture_entry_mark_unread(capture, pending,
		    capture_entry_code_of(why.os_errno), why.os_errno, 0, err);
	return capture_entry_use_file(capture, pending, fd, err) < 0 ? -1 : 0;
}

int
capture_push_seen(struct capture *capture, struct capture_pending *pending,
    const struct walk_entry *seen, struct error *err)
{
	if (!pending->is_kept)
		capture_entry_note_newest(capture, &pending->entry);
	if (seen->problem != 0 && capture_entry_mark_unread(capture, pending,
				      capture_entry_code_of(seen->problem),
				      seen->problem, 0, err) != 0)
		return -1;
	if (seen->problem == 0 && seen->type == WALK_FILE &&
	    open_pending(capture, pending, err) != 0)
		return -1;
	return read_queue_push(capture->queue, &pending->item, err);
}

/* Take the next entry of the walk into the queue.  1, 0 at the end, -1. */
static int
push_next(struct capture *capture, struct error *err)
{
	struct walk_entry seen;
	struct capture_pending *pending;
	int more = walk_next(capture->walk, &seen, err);

	if (more <= 0)
		return more;
	if (examine_is_ignored(&capture->options->ignore, seen.path)) {
		walk_skip(capture->walk);
		return 1;
	}
	pending = capture_entry_take(capture);
	if (capture_entry_fill(pending, &seen, err) != 0 ||
	    capture_known_find_previous(capture, pending, err) != 0 ||
	    capture_push_seen(capture, pending, &seen, err) != 0)
		return -1;
	return 1;
}

/* What came of reading a file. */
static int
take_result(
    struct capture *capture, struct capture_pending *pending, struct error *err)
{
	const struct read_item *item = &pending->item;

	if (item->bytes_read > 0 && item->mode > capture->result.mode)
		capture->result.mode = item->mode;
	capture->result.bytes_read += item->bytes_read;
	if (item->problem != 0)
		return capture_entry_mark_unread(capture, pending,
		    capture_entry_code_of(item->problem), item->problem,
		    item->problem_offset, err);
	if (item->is_changed || item->is_short)
		return capture_entry_mark_unread(
		    capture, pending, FINDING_CHANGED_WHILE_READ, 0, 0, err);
	give_sample(capture, pending);
	capture_known_keep(capture, pending, pending->entry.size, item->value);
	/* Bytes that a manifest refuted are no baseline for another. */
	if (pending->is_refuted && !pending->has_previous)
		return capture_entry_mark_unread(
		    capture, pending, FINDING_BIT_ROT, 0, 0, err);
	pending->read_at = clock_wall_ms();
	memcpy(pending->entry.digest, item->value, DIGEST_SHA256_BYTES);
	pending->entry.has_digest = true;
	return 0;
}

/* The other name was read by now; if that failed, read this one. */
static int
end_waiting(
    struct capture *capture, struct capture_pending *pending, struct error *err)
{
	int problem = 0, fd, rc;

	if (capture_known_carry(capture, pending))
		return 0;
	copy_refresh(&capture->copy);
	fd = copy_open_file(&capture->copy, pending->entry.path, &problem);
	if (fd < 0)
		return capture_entry_mark_unread(capture, pending,
		    capture_entry_code_of(problem), problem, 0, err);
	rc = capture_entry_use_file(capture, pending, fd, err);
	if (rc <= 0)
		return rc;
	return read_queue_read_now(capture->queue, &pending->item, err);
}

/* Write the oldest queued entry into the manifest.  1, 0 when none, -1. */
static int
pop_next(struct capture *capture, struct error *err)
{
	struct read_item *item;
	struct capture_pending *pending;
	int more = read_queue_pop(capture->queue, &item, err);

	if (more <= 0)
		return more;
	pending = item->owner;
	if (pending->is_waiting && end_waiting(capture, pending, err) != 0)
		return -1;
	if (pending->is_carried) {
		capture->result.carried++;
		capture_answers_count(capture, pending);
		pending->entry.has_digest = true;
		if (!pending->is_kept &&
		    capture_is_large(capture, pending->entry.size) &&
		    capture_known_carry_boundaries(capture, pending, err) != 0)
			return -1;
	} else if (pending->entry.type == MANIFEST_FILE &&
		   pending->entry.unread == NULL && !pending->is_unmet &&
		   take_result(capture, pending, err) != 0) {
		return -1;
	}
	if ((pending->is_kept
		    ? capture_closed_settle(capture, pending, err)
		    : capture_known_settle(capture, pending, err)) != 0)
		return -1;
	if (pending->entry.has_digest &&
	    pending->read_at < capture->result.oldest_reading)
		capture->result.oldest_reading = pending->read_at;
	if (manifest_writer_add(capture->writer, &pending->entry, err) != 0)
		return -1;
	capture->entries++;
	capture_entry_give(capture, pending);
	return tell_progress(capture, err) == 0 ? 1 : -1;
}

/* Queue the one file that the copy is. */
static int
push_file(struct capture *capture, const char *name, struct error *err)
{
	struct capture_pending *pending = capture_entry_take(capture);
	struct walk_entry seen = {
	    .path = name,
	    .path_length = strlen(name),
	    .type = WALK_FILE,
	    .is_known = true,
	};
	int problem = 0;
	int fd = copy_open_file(&capture->copy, name, &problem);
	struct stat st;

	if (fd < 0 && problem == ELOOP)
		return error_set(err, ERROR_INPUT, _("not a regular file"));
	if (fd < 0)
		return error_set_errno(
		    err, problem, _("cannot open the backup file"));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		(void)close(fd);
		return error_set(err, ERROR_INPUT, _("not a regular file"));
	}
	seen.size = (uint64_t)st.st_size;
	seen.inode = st.st_ino;
	seen.links = st.st_nlink;
	seen.mtime_seconds = st.st_mtim.tv_sec;
	seen.mtime_nanoseconds = (uint32_t)st.st_mtim.tv_nsec;
	seen.ctime_seconds = st.st_ctim.tv_sec;
	seen.ctime_nanoseconds = (uint32_t)st.st_ctim.tv_nsec;
	seen.mode = st.st_mode & 07777;
	if (capture_entry_fill(pending, &seen, err) != 0) {
		(void)close(fd);
		return -1;
	}
	capture_entry_note_newest(capture, &pending->entry);
	begin_tee(capture, name);
	sample_begin(&pending->sample, seen.size);
	pending->item.to = seen.size;
	pending->item.fd = fd;
	return read_queue_push(capture->queue, &pending->item, err);
}

static int
run_walk(struct capture *capture, struct error *err)
{
	struct walk_options options = {
	    .spill_fd = capture->options->spill_fd,
	    .memory_bytes = WALK_MEMORY_BYTES,
	};
	int more = 1;

	capture->walk = walk_new(capture->copy.fd, &options, err);
	if (capture->walk == NULL)
		return -1;
	while (more == 1) {
		while (more == 1 && read_queue_has_room(capture->queue) &&
		       capture->free_list != NULL)
			more = capture->is_again
				   ? capture_closed_push(capture, err)
				   : push_next(capture, err);
		if (more == 0)
			break;
		if (more == 1 && pop_next(capture, err) < 0)
			return -1;
	}
	return more;
}

static int
run_all(struct capture *capture, struct error *err)
{
	int more = 1;

	if (capture->options->is_file) {
		if (push_file(capture, capture->copy.name, err) != 0)
			return -1;
	} else if (run_walk(capture, err) != 0) {
		return -1;
	}
	while (more == 1)
		more = pop_next(capture, err);
	return more == 0 ? capture_answers_finish(capture, err) : more;
}

static int
start_capture(struct capture *capture, struct error *err)
{
	const struct capture_options *options = capture->options;
	struct read_options read = {
	    .stream = options->stream,
	    .context = capture,
	    .reopen = on_reopen,
	    .progress = on_progress,
	    .bytes = options->tee_fd >= 0 || options->samples != NULL ? on_bytes
								      : NULL,
	    .boundary_bytes = options->header.slice_bytes,
	    .boundary = on_boundary,
	};

	for (size_t i = 0; i < READ_ITEMS_MAX; i++)
		capture_entry_give(capture, &capture->pool[i]);
	if (capture_known_open(capture, err) != 0)
		return -1;
	if (options->samples != NULL &&
	    capture_answers_new(&capture->answers, err) != 0)
		return -1;
	capture->writer =
	    manifest_writer_new(options->manifest_fd, &options->header, err);
	if (capture->writer == NULL)
		return -1;
	return read_queue_new(&read, &capture->queue, err);
}

int
capture_run(const struct capture_options *options,
    struct capture_result *ret_result, struct manifest_writer **ret_writer,
    struct error *err)
{
	struct capture *capture = calloc(1, sizeof(*capture));
	int rc = -1;

	if (capture == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	capture->own = *options;
	capture->options = &capture->own;
	/* One file that could not be read is filled in as a whole. */
	capture->is_again = options->is_closed && options->previous_fd >= 0 &&
			    !options->is_file;
	capture->copy = (struct copy)COPY_CLOSED;
	capture->tee_fd = options->tee_fd;
	capture->result.oldest_reading = INT64_MAX;
	capture->result.newest_file_ms = INT64_MIN;
	capture->future_ms = INT64_MAX;
	if (copy_open(&capture->copy, options->root_fd, options->locator,
		options->is_file, err) != 0 ||
	    start_capture(capture, err) != 0 || run_all(capture, err) != 0 ||
	    manifest_writer_finish(
		capture->writer, &capture->result.manifest, err) != 0)
		goto out;
	if (capture->result.oldest_reading == INT64_MAX)
		capture->result.oldest_reading = clock_wall_ms();
	if (capture->result.newest_file_ms == INT64_MIN &&
	    capture->result.future_files > 0)
		capture->result.newest_file_ms = capture->future_ms;
	*ret_result = capture->result;
	*ret_writer = capture->writer;
	capture->writer = NULL;
	rc = 0;
out:
	read_queue_free(capture->queue);
	walk_free(capture->walk);
	manifest_reader_free(capture->previous);
	manifest_reader_free(capture->states);
	manifest_writer_free(capture->writer);
	capture_answers_done(capture);
	bytes_done(&capture->closed);
	bytes_done(&capture->unlisted);
	for (size_t i = 0; i < READ_ITEMS_MAX; i++) {
		bytes_done(&capture->pool[i].path);
		bytes_done(&capture->pool[i].link);
	}
	copy_close(&capture->copy);
	close_tee(capture);
	free(capture);
	return rc;
}
