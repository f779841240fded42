#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/examine/verify_internal.h"

static struct verify_pending *
take_pending(struct verify_run *run)
{
	struct verify_pending *pending = run->free_list;

	run->free_list = pending->next_free;
	pending->item = (struct read_item){.owner = pending, .fd = -1};
	pending->entry = (struct manifest_entry){0};
	pending->identity = (struct readings_identity){0};
	pending->problem = 0;
	pending->is_regular = false;
	pending->is_folder = false;
	pending->is_carried = false;
	pending->is_end = false;
	pending->slice = run->next_slice;
	return pending;
}

static void
give_pending(struct verify_run *run, struct verify_pending *pending)
{
	pending->next_free = run->free_list;
	run->free_list = pending;
}

/* Keep an entry beyond the manifest reader's next step. */
static int
copy_entry(struct verify_pending *pending, const struct manifest_entry *entry,
    struct error *err)
{
	bytes_clear(&pending->path);
	bytes_append(&pending->path, entry->path, entry->path_length);
	bytes_append_u8(&pending->path, 0);
	bytes_clear(&pending->link);
	bytes_append(&pending->link, entry->link, entry->link_length);
	if (bytes_check(&pending->path, err) != 0 ||
	    bytes_check(&pending->link, err) != 0)
		return -1;
	pending->entry = *entry;
	pending->entry.path = (const char *)pending->path.data;
	if (entry->link != NULL)
		pending->entry.link = (const char *)pending->link.data;
	memcpy(pending->expected, entry->digest, sizeof(pending->expected));
	return 0;
}

/*
 * Whether a reading that does not agree counts all the same.  The value of a
 * part rests on the state where it began, which another manifest may tell
 * otherwise; and after any change of the file it is to be read again.
 */
static bool
is_lasting(struct verify_run *run, const struct verify_pending *pending)
{
	struct readings_identity identity = pending->identity;
	struct reading ignored;

	identity.is_shared = false;
	return pending->item.from == 0 &&
	       readings_find(run->options->readings, &identity, &ignored);
}

/*
 * A confirmed reading that counts instead of another one.  One from the future
 * is of a clock that was wrong (law 8).
 */
static bool
find_reading(struct verify_run *run, struct verify_pending *pending)
{
	const struct verify_options *options = run->options;
	struct reading *reading = &pending->reading;

	if (options->readings == NULL ||
	    !readings_find(options->readings, &pending->identity, reading) ||
	    reading->state == READING_ONCE ||
	    reading->read_at < options->not_before ||
	    reading->read_at > clock_wall_ms())
		return false;
	return memcmp(reading->digest, pending->expected,
		   DIGEST_SHA256_BYTES) == 0 ||
	       is_lasting(run, pending);
}

/*
 * Open a file before it is looked at, which saves a walk to its name.  Of what
 * went wrong nothing is told: to look first says what it is.  A FIFO does not
 * block, a link is not followed, and a device cannot be opened there.
 */
static bool
open_first(struct verify_run *run, struct verify_pending *pending)
{
	int ignored;
	int fd =
	    copy_open_seen(&run->copy, pending->entry.path, NULL, &ignored);

	if (fd < 0)
		return false;
	if (fstat(fd, &pending->seen) != 0) {
		(void)close(fd);
		return false;
	}
	pending->item.fd = fd;
	return true;
}

/* Whether there is anything to read of what was seen. */
static bool
must_read(struct verify_run *run, struct verify_pending *pending)
{
	if (!pending->is_regular ||
	    pending->identity.size != pending->entry.size ||
	    (pending->entry.unread != NULL && !pending->item.ends_inside))
		return false;
	pending->is_carried = find_reading(run, pending);
	run->was_carried = pending->is_carried;
	return !pending->is_carried;
}

/*
 * Whether to open a file before it is looked at.  Where files are carried, one
 * after the other, none is opened in vain; and where O_NOATIME is refused, to
 * know a file's owner saves a second try.
 */
static bool
opens_first(const struct verify_run *run)
{
	return run->options->has_no_devices && !run->was_carried &&
	       !run->copy.is_refused;
}

/* Note what the file is, and queue its bytes if they must be read. */
static void
look_at_file(struct verify_run *run, struct verify_pending *pending)
{
	const char *path = pending->entry.path;
	const struct stat *seen = &pending->seen;

	if (!(opens_first(run) && open_first(run, pending)) &&
	    copy_stat(&run->copy, path, &pending->seen, &pending->problem) != 0)
		return;
	pending->is_regular = S_ISREG(seen->st_mode);
	examine_identity_of(seen, &pending->identity);
	pending->identity.from = pending->item.from;
	pending->identity.end = pending->item.to;
	pending->item.before = seen;
	if (must_read(run, pending)) {
		if (pending->item.fd < 0)
			pending->item.fd = copy_open_seen(
			    &run->copy, path, seen, &pending->problem);
	} else if (pending->item.fd >= 0) {
		(void)close(pending->item.fd);
		pending->item.fd = -1;
	}
}

static int
push(struct verify_run *run, struct verify_pending *pending, struct error *err)
{
	if (pending->is_end)
		return read_queue_push(run->queue, &pending->item, err);
	if (pending->entry.type == MANIFEST_FILE)
		look_at_file(run, pending);
	else if (pending->entry.type == MANIFEST_FOLDER)
		pending->is_folder =
		    copy_enter(&run->copy, pending->entry.path);
	return read_queue_push(run->queue, &pending->item, err);
}

static int
push_entry(struct verify_run *run, const struct manifest_entry *entry,
    struct error *err)
{
	struct verify_pending *pending = take_pending(run);

	if (copy_entry(pending, entry, err) != 0)
		return -1;
	pending->item.to = entry->size;
	return push(run, pending, err);
}

/* A slice inside a large file: from one midstate to the next. */
static int
push_part(struct verify_run *run, struct error *err)
{
	struct verify_pending *pending = take_pending(run);
	struct manifest_partial part;

	if (manifest_reader_partial(
		run->manifest, run->next_slice, &part, err) != 0 ||
	    copy_entry(pending, &part.file, err) != 0)
		return -1;
	pending->item.from = part.from;
	pending->item.to = part.to;
	pending->item.has_state = part.from > 0;
	memcpy(pending->item.state, part.from_state, DIGEST_SHA256_BYTES);
	pending->item.ends_inside = part.has_to_state;
	if (part.has_to_state)
		memcpy(pending->expected, part.to_state, DIGEST_SHA256_BYTES);
	return push(run, pending, err);
}

static int
push_end(struct verify_run *run, struct error *err)
{
	struct verify_pending *pending = take_pending(run);

	pending->is_end = true;
	run->at = AT_BEGINNING;
	run->next_slice++;
	if (run->next_slice > run->range->last && ++run->range < run->range_end)
		run->next_slice = run->range->first;
	return push(run, pending, err);
}

/* Go to the next slice; one inside a file is a single part. */
static int
push_beginning(struct verify_run *run, struct error *err)
{
	struct manifest_start start;

	if (manifest_reader_seek(run->manifest, run->next_slice, &start, err) !=
	    0)
		return -1;
	run->at = start.inside_file ? AT_END : AT_ENTRIES;
	return start.inside_file ? push_part(run, err) : 0;
}

/* Queue one more entry, part or end of slice.  1, 0 after the last, -1. */
static int
push_next(struct verify_run *run, struct error *err)
{
	struct manifest_entry entry;
	int more = 0;

	if (run->at == AT_BEGINNING) {
		if (run->range == run->range_end)
			return 0;
		if (push_beginning(run, err) != 0)
			return -1;
		if (run->at == AT_END)
			return 1;
	}
	if (run->at == AT_ENTRIES)
		more =
		    manifest_reader_next_in_slice(run->manifest, &entry, err);
	if (more < 0)
		return -1;
	if (more == 0)
		return push_end(run, err) == 0 ? 1 : -1;
	return push_entry(run, &entry, err) == 0 ? 1 : -1;
}

static void
begin_slice(struct verify_run *run, uint64_t slice)
{
	run->is_judging = true;
	run->bytes_due = run->bytes_agreed = 0;
	run->result = (struct examine_slice){
	    .slice = slice,
	    .verdict = VERDICT_INTACT,
	    .read_at = INT64_MAX,
	};
}

static int
end_slice(struct verify_run *run, struct error *err)
{
	const struct examine_events *events = run->options->events;

	run->is_judging = false;
	/* Where nothing agreed, nothing is intact (law 1). */
	if (run->result.entries == 0 ||
	    (run->bytes_due > 0 && run->bytes_agreed == 0))
		run->result.verdict =
		    verdict_worse(run->result.verdict, VERDICT_UNDETERMINED);
	if (run->result.read_at == INT64_MAX)
		run->result.read_at = clock_wall_ms();
	if (events->slice(events->context, &run->result, err) != 0)
		return -1;
	return events->progress(
	    events->context, run->bytes_done, run->entries_done, err);
}

static int
judge(struct verify_run *run, struct verify_pending *pending, struct error *err)
{
	if (!run->is_judging)
		begin_slice(run, pending->slice);
	if (pending->is_end)
		return end_slice(run, err);
	return verify_judge_entry(run, pending, err);
}

/* Judge what comes out of the queue.  1, 0 when it is empty, -1. */
static int
pop_next(struct verify_run *run, struct error *err)
{
	struct read_item *item;
	struct verify_pending *pending;
	int more = read_queue_pop(run->queue, &item, err);

	if (more <= 0)
		return more;
	pending = item->owner;
	if (judge(run, pending, err) != 0)
		return -1;
	give_pending(run, pending);
	return 1;
}

static int
read_all(struct verify_run *run, struct error *err)
{
	int pushed = 1, popped = 1;

	while (popped == 1) {
		while (pushed == 1 && run->free_list != NULL &&
		       read_queue_has_room(run->queue))
			pushed = push_next(run, err);
		if (pushed < 0)
			return -1;
		popped = pop_next(run, err);
	}
	return popped;
}

/* read_queue's callback: one slice alone may take long. */
static int
on_progress(void *context, uint64_t bytes, struct error *err)
{
	struct verify_run *run = context;
	const struct examine_events *events = run->options->events;

	run->bytes_read += bytes;
	if (!examine_is_due(&run->pulse, run->bytes_read, run->entries_done))
		return 0;
	return events->progress(
	    events->context, run->bytes_done, run->entries_done, err);
}

/* read_queue's callback: a fresh handle after a failed read. */
static int
on_reopen(void *context, const struct read_item *item)
{
	struct verify_run *run = context;
	const struct verify_pending *pending = item->owner;
	int ignored;

	copy_refresh(&run->copy);
	return copy_open_file(&run->copy, pending->entry.path, &ignored);
}

/* What is to be read next. */
static int
take_ranges(struct verify_run *run, const struct verify_range *ranges,
    size_t count, struct error *err)
{
	uint64_t slices = manifest_reader_totals(run->manifest)->slices;

	for (size_t i = 0; i < count; i++)
		if (ranges[i].first > ranges[i].last ||
		    ranges[i].last >= slices)
			return error_set(err, ERROR_USAGE,
			    _("the manifest has no such slice"));
	if (count == 0)
		return error_set(
		    err, ERROR_USAGE, _("no slices were asked for"));
	run->range = ranges;
	run->range_end = ranges + count;
	run->next_slice = ranges->first;
	return 0;
}

/* What was given, and then whatever more there is. */
static int
read_on(struct verify_run *run, struct error *err)
{
	const struct verify_options *options = run->options;
	const struct verify_range *ranges;
	size_t count;
	int more;

	do {
		if (read_all(run, err) != 0)
			return -1;
		if (options->more == NULL)
			return 0;
		more =
		    options->more(options->more_context, &ranges, &count, err);
		if (more == 1 && take_ranges(run, ranges, count, err) != 0)
			return -1;
	} while (more == 1);
	return more;
}

int
verify_slices(const struct verify_options *options,
    const struct verify_range *ranges, size_t range_count, struct error *err)
{
	struct verify_run *run = calloc(1, sizeof(*run));
	struct read_options read = {
	    .stream = options->stream,
	    .in_pairs = options->in_pairs,
	    .context = run,
	    .reopen = on_reopen,
	    .progress = on_progress,
	};
	int rc = -1;

	if (run == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	run->options = options;
	run->copy = (struct copy)COPY_CLOSED;
	for (size_t i = 0; i < READ_ITEMS_MAX; i++)
		give_pending(run, &run->pool[i]);
	run->manifest = manifest_reader_new(options->manifest_fd, err);
	if (run->manifest == NULL ||
	    take_ranges(run, ranges, range_count, err) != 0 ||
	    copy_open(&run->copy, options->root_fd, options->locator,
		options->is_file, err) != 0 ||
	    read_queue_new(&read, &run->queue, err) != 0)
		goto out;
	rc = read_on(run, err);
out:
	read_queue_free(run->queue);
	manifest_reader_free(run->manifest);
	copy_close(&run->copy);
	for (size_t i = 0; i < READ_ITEMS_MAX; i++) {
		bytes_done(&run->pool[i].path);
		bytes_done(&run->pool[i].link);
	}
	free(run);
	return rc;
}
