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
#include "lib/examine/copy.h"
#include "lib/examine/read.h"
#include "lib/model/manifest_reader.h"
#include "lib/os/file.h"
#include "lib/os/walk.h"

/* Memory for the names of one folder before they are spilled, bytes. */
#define WALK_MEMORY_BYTES (8 * 1024 * 1024)
/* An entry on its way from the walk to the manifest. */
struct pending {
	struct read_item item;
	struct manifest_entry entry;
	struct bytes path; /* with a NUL behind it */
	struct bytes link;
	struct readings_identity identity;
	int64_t read_at;
	bool is_carried; /* the digest comes from the readings */
	bool is_waiting; /* for another name of the file that is being read */
	bool is_queued;
	bool is_refuted;   /* a manifest said already that it was otherwise */
	bool has_previous; /* the last manifest's digest stands */
	bool has_states;   /* and so do its states, from this slice on */
	uint64_t previous_slice;
	uint8_t previous[DIGEST_SHA256_BYTES];
	struct pending *next_free;
};

struct capture {
	const struct capture_options *options;
	struct capture_result result;
	struct manifest_writer *writer;
	struct read_queue *queue;
	struct walk *walk;
	struct manifest_reader *previous; /* or NULL */
	struct manifest_reader *states;	  /* the same, for its slices' states */
	struct manifest_entry previous_entry;
	int has_previous;
	struct copy copy;
	struct pending *free_list;
	struct pending pool[READ_ITEMS_MAX];
	struct examine_pulse pulse;
	uint64_t bytes, entries; /* so far */
	int tee_fd;
};

static int
report(struct capture *capture, const struct manifest_entry *entry,
    enum finding code, int os_errno, uint64_t offset, struct error *err)
{
	const struct examine_events *events = capture->options->events;
	struct examine_finding finding = {
	    .code = code,
	    .path = entry->path,
	    .path_length = entry->path_length,
	    .slice = EXAMINE_NO_SLICE,
	    .expected_size = entry->size,
	    .actual_size = entry->size,
	    .offset = offset,
	    .os_errno = os_errno,
	};

	return events->finding(events->context, &finding, err);
}

static int
tell_progress(struct capture *capture, struct error *err)
{
	const struct examine_events *events = capture->options->events;

	if (!examine_is_due(&capture->pulse, capture->bytes, capture->entries))
		return 0;
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

static bool
is_large(const struct capture *capture, uint64_t size)
{
	return size > capture->options->header.slice_bytes;
}

/*
 * Find readings of the whole file: of each of its slices where it is large.
 * The oldest is the file's.  Refuted ones do not count, nor do those from the
 * future: the clock was wrong then (law 8).
 */
static bool
find_readings(struct capture *capture, struct pending *pending)
{
	uint64_t step = capture->options->header.slice_bytes;
	uint64_t size = pending->entry.size;
	struct readings_identity identity = pending->identity;
	int64_t now = clock_wall_ms();
	struct reading reading;

	if (capture->options->readings == NULL)
		return false;
	pending->read_at = INT64_MAX;
	do {
		identity.from = identity.end;
		identity.end =
		    size - identity.from < step ? size : identity.from + step;
		if (!readings_find(
			capture->options->readings, &identity, &reading) ||
		    reading.state == READING_REFUTED || reading.read_at > now)
			return false;
		if (reading.read_at < pending->read_at)
			pending->read_at = reading.read_at;
	} while (identity.end < size);
	memcpy(pending->entry.digest, reading.digest, DIGEST_SHA256_BYTES);
	return true;
}

/*
 * Remember what was read of a file up to `end`.  What a manifest refuted, and
 * reads the same again, stays refuted.
 */
static void
keep_reading(struct capture *capture, struct pending *pending, uint64_t end,
    const uint8_t value[DIGEST_SHA256_BYTES])
{
	uint64_t step = capture->options->header.slice_bytes;
	struct readings_identity identity = pending->identity;
	struct reading reading = {.read_at = clock_wall_ms()}, old;

	if (capture->options->readings == NULL)
		return;
	identity.from = end > 0 ? (end - 1) / step * step : 0;
	identity.end = end;
	if (readings_find(capture->options->readings, &identity, &old) &&
	    old.state == READING_REFUTED &&
	    memcmp(old.digest, value, DIGEST_SHA256_BYTES) == 0) {
		reading.state = READING_REFUTED;
		pending->is_refuted = true;
	}
	memcpy(reading.digest, value, DIGEST_SHA256_BYTES);
	readings_put(capture->options->readings, &identity, &reading);
}

/*
 * Tell the manifest where a slice of a large file begins.  What the last one
 * says of it stands, as its digest does.
 */
static int
add_boundary(struct capture *capture, const struct pending *pending,
    uint64_t offset, const uint8_t state[DIGEST_SHA256_BYTES],
    struct error *err)
{
	uint64_t step = capture->options->header.slice_bytes;
	struct manifest_start start;

	if (!pending->has_states)
		return manifest_writer_add_boundary(
		    capture->writer, offset, state, err);
	if (manifest_reader_seek(capture->states,
		pending->previous_slice + offset / step, &start, err) != 0)
		return -1;
	if (!start.inside_file || start.offset != offset)
		return error_set(err, ERROR_INPUT,
		    _("the last manifest's slices do not fit"));
	return manifest_writer_add_boundary(
	    capture->writer, offset, start.state, err);
}

/* read_queue's callback: where a large file's slices begin. */
static int
on_boundary(void *context, const struct read_item *item, uint64_t offset,
    const uint8_t state[DIGEST_SHA256_BYTES], struct error *err)
{
	struct capture *capture = context;
	struct pending *pending = item->owner;

	if (!is_large(capture, pending->entry.size))
		return 0;
	if (offset > 0)
		keep_reading(capture, pending, offset, state);
	return add_boundary(capture, pending, offset, state, err);
}

/* The boundaries of a large file whose readings are carried. */
static int
carry_boundaries(
    struct capture *capture, struct pending *pending, struct error *err)
{
	uint64_t step = capture->options->header.slice_bytes;
	struct readings_identity identity = pending->identity;
	struct reading reading;

	if (add_boundary(capture, pending, 0, digest_sha256_initial, err) != 0)
		return -1;
	for (uint64_t at = step; at < pending->entry.size; at += step) {
		identity.from = at - step;
		identity.end = at;
		if (!readings_find(
			capture->options->readings, &identity, &reading))
			return error_set(err, ERROR_UNAVAILABLE,
			    _("a reading vanished during the capture"));
		if (add_boundary(capture, pending, at, reading.digest, err) !=
		    0)
			return -1;
	}
	return 0;
}

/* read_queue's callback: a fresh handle after a failed read. */
static int
on_reopen(void *context, const struct read_item *item)
{
	struct capture *capture = context;
	struct pending *pending = item->owner;
	int ignored;

	copy_refresh(&capture->copy);
	return copy_open_file(&capture->copy, pending->entry.path, &ignored);
}

/* read_queue's callback: the same bytes for the parser, while it listens. */
static int
on_bytes(void *context, const struct read_item *item, const uint8_t *data,
    size_t length, struct error *err)
{
	struct capture *capture = context;

	(void)item;
	if (capture->tee_fd >= 0 &&
	    file_write_all(capture->tee_fd, data, length, err) != 0) {
		/* The parser knows enough, or died: its end is its business. */
		(void)close(capture->tee_fd);
		capture->tee_fd = -1;
	}
	return 0;
}

static struct pending *
take_pending(struct capture *capture)
{
	struct pending *pending = capture->free_list;

	capture->free_list = pending->next_free;
	pending->item = (struct read_item){.owner = pending, .fd = -1};
	pending->entry = (struct manifest_entry){0};
	pending->is_carried = false;
	pending->is_waiting = false;
	pending->is_refuted = false;
	pending->has_previous = false;
	pending->has_states = false;
	pending->is_queued = true;
	pending->read_at = INT64_MAX;
	return pending;
}

static void
give_pending(struct capture *capture, struct pending *pending)
{
	pending->is_queued = false;
	pending->next_free = capture->free_list;
	capture->free_list = pending;
}

static int
copy_text(struct bytes *to, const char *text, size_t length, struct error *err)
{
	bytes_clear(to);
	bytes_append(to, text, length);
	bytes_append_u8(to, 0);
	return bytes_check(to, err);
}

static enum manifest_type
type_of(enum walk_type type)
{
	static const enum manifest_type types[WALK_TYPES] = {
	    [WALK_FILE] = MANIFEST_FILE,
	    [WALK_FOLDER] = MANIFEST_FOLDER,
	    [WALK_LINK] = MANIFEST_LINK,
	    [WALK_FIFO] = MANIFEST_FIFO,
	    [WALK_SOCKET] = MANIFEST_SOCKET,
	    [WALK_CHAR] = MANIFEST_CHAR,
	    [WALK_BLOCK] = MANIFEST_BLOCK,
	};

	return types[type];
}

/* Fill a pending entry from what the walk saw. */
static int
fill_pending(
    struct pending *pending, const struct walk_entry *seen, struct error *err)
{
	if (copy_text(&pending->path, seen->path, seen->path_length, err) != 0)
		return -1;
	pending->entry = (struct manifest_entry){
	    .path = (const char *)pending->path.data,
	    .path_length = seen->path_length,
	    .type = type_of(seen->type),
	    .has_size = seen->is_known && seen->type == WALK_FILE,
	    .has_time = seen->is_known,
	    .has_mode = seen->is_known,
	    .size = seen->type == WALK_FILE ? seen->size : 0,
	    .time_seconds = seen->mtime_seconds,
	    .time_nanoseconds = seen->mtime_nanoseconds,
	    .mode = seen->mode,
	};
	pending->identity = (struct readings_identity){
	    .inode = seen->inode,
	    .size = seen->size,
	    .mtime_seconds = seen->mtime_seconds,
	    .mtime_nanoseconds = seen->mtime_nanoseconds,
	    .ctime_seconds = seen->ctime_seconds,
	    .ctime_nanoseconds = seen->ctime_nanoseconds,
	    .is_shared = seen->links > 1,
	};
	if (seen->type != WALK_LINK || seen->link_target == NULL)
		return 0;
	if (copy_text(
		&pending->link, seen->link_target, seen->link_length, err) != 0)
		return -1;
	pending->entry.link = (const char *)pending->link.data;
	pending->entry.link_length = seen->link_length;
	return 0;
}

/* The entry stands in the manifest without a digest, and a finding tells. */
static int
mark_unread(struct capture *capture, struct pending *pending, enum finding code,
    int os_errno, uint64_t offset, struct error *err)
{
	capture->result.problems++;
	pending->entry.has_digest = false;
	pending->entry.unread = finding_name(code);
	return report(capture, &pending->entry, code, os_errno, offset, err);
}

/* Whether another name of the same file is being read already. */
static bool
is_under_way(const struct capture *capture, const struct pending *pending)
{
	if (!pending->identity.is_shared || capture->options->readings == NULL)
		return false;
	for (size_t i = 0; i < READ_ITEMS_MAX; i++) {
		const struct pending *other = &capture->pool[i];

		if (other != pending && other->is_queued &&
		    other->item.fd >= 0 &&
		    other->identity.inode == pending->identity.inode)
			return true;
	}
	return false;
}

/*
 * Take the digest from the readings.  What does not agree with the last
 * manifest is read again before anything is said against it.
 */
static bool
carry(struct capture *capture, struct pending *pending)
{
	if (!find_readings(capture, pending))
		return false;
	pending->is_carried = !pending->has_previous ||
			      memcmp(pending->entry.digest, pending->previous,
				  DIGEST_SHA256_BYTES) == 0;
	return pending->is_carried;
}

/* What an errno means here: a name that went meanwhile is no loss. */
static enum finding
code_of(int os_errno)
{
	if (os_errno == ENOENT || os_errno == ENOTDIR)
		return FINDING_CHANGED_WHILE_READ;
	return examine_code_of_errno(os_errno);
}

/*
 * Queue the file's bytes, if it still is what the walk saw: its size and time
 * go into the manifest.  Takes fd.  1 when it is to be read, 0, or -1.
 */
static int
use_file(
    struct capture *capture, struct pending *pending, int fd, struct error *err)
{
	const struct readings_identity *identity = &pending->identity;
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_ino == identity->inode &&
	    (uint64_t)st.st_size == identity->size &&
	    st.st_mtim.tv_sec == identity->mtime_seconds &&
	    (uint32_t)st.st_mtim.tv_nsec == identity->mtime_nanoseconds) {
		pending->item.fd = fd;
		pending->item.to = pending->entry.size;
		return 1;
	}
	(void)close(fd);
	return mark_unread(
	    capture, pending, FINDING_CHANGED_WHILE_READ, 0, 0, err);
}

/* Find the digest of a regular file in the readings, or open it to read. */
static int
open_pending(
    struct capture *capture, struct pending *pending, struct error *err)
{
	struct error why = {0};
	int fd;

	if (carry(capture, pending))
		return 0;
	if (is_under_way(capture, pending)) {
		pending->is_waiting = true;
		return 0;
	}
	if (walk_open_file(capture->walk, &fd, &why) != 0)
		return mark_unread(capture, pending, code_of(why.os_errno),
		    why.os_errno, 0, err);
	return use_file(capture, pending, fd, err) < 0 ? -1 : 0;
}

/* The states of a large file stand in slices of the last manifest. */
static void
find_states(const struct capture *capture, struct pending *pending)
{
	uint64_t step = capture->options->header.slice_bytes;

	if (!is_large(capture, pending->entry.size) ||
	    manifest_reader_header(capture->previous)->slice_bytes != step)
		return;
	pending->has_states = true;
	pending->previous_slice = manifest_reader_slice(capture->previous) -
				  (pending->entry.size - 1) / step;
}

/*
 * What the last manifest says of the same name, where its size and time are
 * the same.  Both lists are in manifest order.
 */
static int
find_previous(
    struct capture *capture, struct pending *pending, struct error *err)
{
	const struct manifest_entry *old = &capture->previous_entry;
	const struct manifest_entry *new = &pending->entry;
	int order = -1;

	while (capture->has_previous == 1) {
		order = manifest_compare_paths(
		    old->path, old->path_length, new->path, new->path_length);
		if (order >= 0)
			break;
		capture->has_previous = manifest_reader_next(
		    capture->previous, &capture->previous_entry, err);
	}
	if (capture->has_previous < 0)
		return -1;
	if (capture->has_previous == 0 || order != 0 ||
	    old->type != MANIFEST_FILE || !old->has_digest ||
	    old->size != new->size || old->time_seconds != new->time_seconds ||
	    old->time_nanoseconds != new->time_nanoseconds)
		return 0;
	pending->has_previous = true;
	memcpy(pending->previous, old->digest, DIGEST_SHA256_BYTES);
	find_states(capture, pending);
	return 0;
}

/* How new the content is: a store that nobody writes any more looks old. */
static void
note_newest(struct capture *capture, const struct walk_entry *seen)
{
	int64_t ms =
	    seen->mtime_seconds * 1000 + seen->mtime_nanoseconds / 1000000;

	if (seen->is_known && seen->type == WALK_FILE &&
	    ms > capture->result.newest_file_ms)
		capture->result.newest_file_ms = ms;
}

/* Take the next entry of the walk into the queue.  1, 0 at the end, -1. */
static int
push_next(struct capture *capture, struct error *err)
{
	struct walk_entry seen;
	struct pending *pending;
	int more = walk_next(capture->walk, &seen, err);

	if (more <= 0)
		return more;
	if (examine_is_ignored(&capture->options->ignore, seen.path)) {
		walk_skip(capture->walk);
		return 1;
	}
	pending = take_pending(capture);
	if (fill_pending(pending, &seen, err) != 0 ||
	    find_previous(capture, pending, err) != 0)
		return -1;
	note_newest(capture, &seen);
	if (seen.problem != 0 &&
	    mark_unread(capture, pending, code_of(seen.problem), seen.problem,
		0, err) != 0)
		return -1;
	if (seen.problem == 0 && seen.type == WALK_FILE &&
	    open_pending(capture, pending, err) != 0)
		return -1;
	if (read_queue_push(capture->queue, &pending->item, err) != 0)
		return -1;
	return 1;
}

/* What came of reading a file. */
static int
take_result(struct capture *capture, struct pending *pending, struct error *err)
{
	const struct read_item *item = &pending->item;

	if (item->bytes_read > 0 && item->mode > capture->result.mode)
		capture->result.mode = item->mode;
	capture->result.bytes_read += item->bytes_read;
	if (item->problem != 0)
		return mark_unread(capture, pending, code_of(item->problem),
		    item->problem, item->problem_offset, err);
	if (item->is_changed || item->is_short)
		return mark_unread(
		    capture, pending, FINDING_CHANGED_WHILE_READ, 0, 0, err);
	keep_reading(capture, pending, pending->entry.size, item->value);
	/* Bytes that a manifest refuted are no baseline for another. */
	if (pending->is_refuted && !pending->has_previous)
		return mark_unread(
		    capture, pending, FINDING_BIT_ROT, 0, 0, err);
	pending->read_at = clock_wall_ms();
	memcpy(pending->entry.digest, item->value, DIGEST_SHA256_BYTES);
	pending->entry.has_digest = true;
	return 0;
}

/* The other name was read by now; if that failed, read this one. */
static int
end_waiting(struct capture *capture, struct pending *pending, struct error *err)
{
	int problem = 0, fd, rc;

	if (carry(capture, pending))
		return 0;
	copy_refresh(&capture->copy);
	fd = copy_open_file(&capture->copy, pending->entry.path, &problem);
	if (fd < 0)
		return mark_unread(
		    capture, pending, code_of(problem), problem, 0, err);
	rc = use_file(capture, pending, fd, err);
	if (rc <= 0)
		return rc;
	return read_queue_read_now(capture->queue, &pending->item, err);
}

/* Other bytes under the same size and time: the last manifest stands. */
static int
keep_previous(
    struct capture *capture, struct pending *pending, struct error *err)
{
	if (!pending->has_previous || !pending->entry.has_digest ||
	    memcmp(pending->entry.digest, pending->previous,
		DIGEST_SHA256_BYTES) == 0)
		return 0;
	memcpy(pending->entry.digest, pending->previous, DIGEST_SHA256_BYTES);
	capture->result.problems++;
	return report(capture, &pending->entry, FINDING_BIT_ROT, 0, 0, err);
}

/* Write the oldest queued entry into the manifest.  1, 0 when none, -1. */
static int
pop_next(struct capture *capture, struct error *err)
{
	struct read_item *item;
	struct pending *pending;
	int more = read_queue_pop(capture->queue, &item, err);

	if (more <= 0)
		return more;
	pending = item->owner;
	if (pending->is_waiting && end_waiting(capture, pending, err) != 0)
		return -1;
	if (pending->is_carried) {
		pending->entry.has_digest = true;
		if (is_large(capture, pending->entry.size) &&
		    carry_boundaries(capture, pending, err) != 0)
			return -1;
	} else if (pending->entry.type == MANIFEST_FILE &&
		   pending->entry.unread == NULL &&
		   take_result(capture, pending, err) != 0) {
		return -1;
	}
	if (keep_previous(capture, pending, err) != 0)
		return -1;
	if (pending->entry.has_digest &&
	    pending->read_at < capture->result.oldest_reading)
		capture->result.oldest_reading = pending->read_at;
	if (manifest_writer_add(capture->writer, &pending->entry, err) != 0)
		return -1;
	capture->entries++;
	give_pending(capture, pending);
	return tell_progress(capture, err) == 0 ? 1 : -1;
}

/* Queue the one file that the copy is. */
static int
push_file(struct capture *capture, const char *name, struct error *err)
{
	struct pending *pending = take_pending(capture);
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
	if (fill_pending(pending, &seen, err) != 0) {
		(void)close(fd);
		return -1;
	}
	note_newest(capture, &seen);
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
			more = push_next(capture, err);
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
	return more;
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
	    .bytes = options->tee_fd >= 0 ? on_bytes : NULL,
	    .boundary_bytes = options->header.slice_bytes,
	    .boundary = on_boundary,
	};

	for (size_t i = 0; i < READ_ITEMS_MAX; i++)
		give_pending(capture, &capture->pool[i]);
	capture->writer =
	    manifest_writer_new(options->manifest_fd, &options->header, err);
	if (capture->writer == NULL)
		return -1;
	if (options->previous_fd >= 0) {
		capture->previous =
		    manifest_reader_new(options->previous_fd, err);
		if (capture->previous == NULL)
			return -1;
		capture->has_previous = manifest_reader_next(
		    capture->previous, &capture->previous_entry, err);
		if (capture->has_previous < 0)
			return -1;
		capture->states =
		    manifest_reader_new(options->previous_fd, err);
		if (capture->states == NULL)
			return -1;
	}
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
	capture->options = options;
	capture->copy = (struct copy)COPY_CLOSED;
	capture->tee_fd = options->tee_fd;
	capture->result.oldest_reading = INT64_MAX;
	capture->result.newest_file_ms = INT64_MIN;
	if (copy_open(&capture->copy, options->root_fd, options->locator,
		options->is_file, err) != 0 ||
	    start_capture(capture, err) != 0 || run_all(capture, err) != 0 ||
	    manifest_writer_finish(
		capture->writer, &capture->result.manifest, err) != 0)
		goto out;
	if (capture->result.oldest_reading == INT64_MAX)
		capture->result.oldest_reading = clock_wall_ms();
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
	for (size_t i = 0; i < READ_ITEMS_MAX; i++) {
		bytes_done(&capture->pool[i].path);
		bytes_done(&capture->pool[i].link);
	}
	copy_close(&capture->copy);
	if (capture->tee_fd >= 0)
		(void)close(capture->tee_fd);
	free(capture);
	return rc;
}
