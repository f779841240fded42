#include "lib/examine/restore_stream.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/examine/copy.h"
#include "lib/examine/read.h"
#include "lib/examine/tee.h"
#include "lib/model/manifest_reader.h"

/* Files whose reading is under way. */
#define PENDING_MAX 16

struct pending {
	struct read_item item;
	struct bytes path; /* with a NUL */
	enum manifest_type type;
	bool has_digest, is_begun; /* its record was sent */
	uint8_t digest[DIGEST_SHA256_BYTES];
	uint64_t size;
	int problem; /* errno of opening */
};

struct sender {
	const struct restore_stream_options *options;
	struct restore_stream_result result;
	struct copy copy;
	struct read_queue *queue;
	struct pending pool[PENDING_MAX];
	size_t next, queued; /* a ring */
	struct examine_pulse pulse;
	uint64_t bytes, entries;
};

static int
put(struct sender *sender, char type, const void *data, size_t length,
    struct error *err)
{
	uint8_t head[5] = {(uint8_t)type, (uint8_t)(length >> 24),
	    (uint8_t)(length >> 16), (uint8_t)(length >> 8), (uint8_t)length};

	if (tee_send(sender->options->socket, head, sizeof(head)) == 0 &&
	    tee_send(sender->options->socket, data, length) == 0)
		return 0;
	sender->result.is_cut = true;
	return error_set(
	    err, ERROR_UNAVAILABLE, _("nobody takes what is restored"));
}

static int
tell_progress(struct sender *sender, struct error *err)
{
	const struct examine_events *events = sender->options->events;

	if (!examine_is_due(&sender->pulse, sender->bytes, sender->entries))
		return 0;
	return events->progress(
	    events->context, sender->bytes, sender->entries, err);
}

static int
begin_file(struct sender *sender, struct pending *pending, struct error *err)
{
	if (pending->is_begun)
		return 0;
	pending->is_begun = true;
	return put(
	    sender, 'F', pending->path.data, pending->path.length - 1, err);
}

/* read_queue's callbacks. */
static int
on_bytes(void *context, const struct read_item *item, const uint8_t *data,
    size_t length, struct error *err)
{
	struct sender *sender = context;

	if (begin_file(sender, item->owner, err) != 0)
		return -1;
	return put(sender, 'B', data, length, err);
}

static int
on_progress(void *context, uint64_t bytes, struct error *err)
{
	struct sender *sender = context;

	sender->bytes += bytes;
	return tell_progress(sender, err);
}

static int
on_reopen(void *context, const struct read_item *item)
{
	struct sender *sender = context;
	const struct pending *pending = item->owner;
	int ignored;

	copy_refresh(&sender->copy);
	return copy_open_file(
	    &sender->copy, (const char *)pending->path.data, &ignored);
}

/* ---- one entry of the manifest ---- */

static int
report(struct sender *sender, const struct pending *pending, enum finding code,
    struct error *err)
{
	const struct examine_events *events = sender->options->events;
	const struct read_item *item = &pending->item;
	struct examine_finding finding = {
	    .code = code,
	    .path = (const char *)pending->path.data,
	    .path_length = pending->path.length - 1,
	    .slice = EXAMINE_NO_SLICE,
	    .expected_size = pending->size,
	    .actual_size = item->is_short ? item->bytes_read : pending->size,
	    .offset = item->problem_offset,
	    .os_errno =
		pending->problem != 0 ? pending->problem : item->problem,
	};

	return events->finding(events->context, &finding, err);
}

/* What became of a file's bytes; whether they are the manifest's. */
static int
judge_file(struct sender *sender, struct pending *pending, bool *ret_is_good,
    struct error *err)
{
	const struct read_item *item = &pending->item;

	*ret_is_good = false;
	if (item->mode > sender->result.mode)
		sender->result.mode = item->mode;
	if (pending->problem != 0 || item->problem != 0) {
		sender->result.unread++;
		return report(sender, pending,
		    examine_code_of_errno(pending->problem != 0
					      ? pending->problem
					      : item->problem),
		    err);
	}
	if (item->is_changed) {
		sender->result.unread++;
		return report(sender, pending, FINDING_CHANGED_WHILE_READ, err);
	}
	if (item->is_short) {
		sender->result.differing++;
		return report(sender, pending, FINDING_TRUNCATED, err);
	}
	if (pending->has_digest &&
	    memcmp(item->value, pending->digest, DIGEST_SHA256_BYTES) != 0) {
		sender->result.differing++;
		return report(sender, pending, FINDING_BIT_ROT, err);
	}
	*ret_is_good = true;
	sender->result.files++;
	sender->result.bytes += pending->size;
	return 0;
}

static int
finish_file(struct sender *sender, struct pending *pending, struct error *err)
{
	uint8_t mark;
	bool is_good;

	if (judge_file(sender, pending, &is_good, err) != 0 ||
	    begin_file(sender, pending, err) != 0)
		return -1;
	mark = is_good;
	return put(sender, 'E', &mark, 1, err);
}

static int
finish_link(struct sender *sender, struct pending *pending, struct error *err)
{
	struct bytes both = BYTES_EMPTY;
	int problem, rc = 0;

	bytes_append(&both, pending->path.data, pending->path.length);
	if (copy_read_link(&sender->copy, (const char *)pending->path.data,
		&both, &problem) != 0)
		sender->result.unread++;
	else if (bytes_check(&both, err) != 0)
		rc = -1;
	else
		rc = put(sender, 'L', both.data, both.length, err);
	bytes_done(&both);
	return rc;
}

static int
finish(struct sender *sender, struct pending *pending, struct error *err)
{
	sender->entries++;
	if (tell_progress(sender, err) != 0)
		return -1;
	if (pending->type == MANIFEST_FILE)
		return finish_file(sender, pending, err);
	if (pending->type == MANIFEST_LINK)
		return finish_link(sender, pending, err);
	if (pending->type == MANIFEST_FOLDER)
		return put(sender, 'D', pending->path.data,
		    pending->path.length - 1, err);
	/* Of a pipe or a device there is nothing to bring back. */
	return put(sender, 'S', "", 0, err);
}

static int
take_entry(struct sender *sender, const struct manifest_entry *entry,
    struct error *err)
{
	struct pending *pending = &sender->pool[sender->next];
	struct stat st;

	pending->item = (struct read_item){.owner = pending, .fd = -1};
	pending->type = entry->type;
	pending->has_digest = entry->has_digest;
	pending->size = entry->size;
	pending->is_begun = false;
	pending->problem = 0;
	memcpy(pending->digest, entry->digest, DIGEST_SHA256_BYTES);
	bytes_clear(&pending->path);
	bytes_append(&pending->path, entry->path, entry->path_length);
	bytes_append_u8(&pending->path, 0);
	if (bytes_check(&pending->path, err) != 0)
		return -1;
	if (entry->type == MANIFEST_FILE) {
		int fd = copy_open_file(&sender->copy,
		    (const char *)pending->path.data, &pending->problem);

		/* One that grew is not what was signed: read all of it. */
		if (fd >= 0 && fstat(fd, &st) == 0)
			pending->item.to = (uint64_t)st.st_size;
		pending->item.fd = fd;
	}
	sender->next = (sender->next + 1) % PENDING_MAX;
	sender->queued++;
	return read_queue_push(sender->queue, &pending->item, err);
}

static int
pop(struct sender *sender, struct error *err)
{
	struct read_item *item;
	int more = read_queue_pop(sender->queue, &item, err);

	if (more <= 0)
		return more;
	sender->queued--;
	return finish(sender, item->owner, err) == 0 ? 1 : -1;
}

static int
send_all(
    struct sender *sender, struct manifest_reader *reader, struct error *err)
{
	struct manifest_entry entry;
	int more;

	while ((more = manifest_reader_next(reader, &entry, err)) == 1) {
		if (entry.type == MANIFEST_FILE &&
		    !portion_has(&sender->options->portion, entry.path,
			entry.path_length))
			continue;
		while (sender->queued == PENDING_MAX ||
		       !read_queue_has_room(sender->queue))
			if (pop(sender, err) < 0)
				return -1;
		if (take_entry(sender, &entry, err) != 0)
			return -1;
	}
	while (more == 0 && sender->queued > 0)
		if (pop(sender, err) < 0)
			return -1;
	return more == 0 ? put(sender, 'X', "", 0, err) : -1;
}

int
restore_stream_send(const struct restore_stream_options *options,
    struct restore_stream_result *ret_result, struct error *err)
{
	struct sender *sender = calloc(1, sizeof(*sender));
	struct read_options read = {
	    .stream = options->stream,
	    .context = sender,
	    .reopen = on_reopen,
	    .bytes = on_bytes,
	    .progress = on_progress,
	};
	struct manifest_reader *reader = NULL;
	int rc = -1;

	if (sender == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	sender->options = options;
	sender->copy = (struct copy)COPY_CLOSED;
	if (copy_open(&sender->copy, options->root_fd, options->locator,
		options->is_file, err) != 0 ||
	    read_queue_new(&read, &sender->queue, err) != 0)
		goto out;
	reader = manifest_reader_new(options->manifest_fd, err);
	if (reader == NULL ||
	    (send_all(sender, reader, err) != 0 && !sender->result.is_cut))
		goto out;
	*ret_result = sender->result;
	rc = 0;
out:
	manifest_reader_free(reader);
	read_queue_free(sender->queue);
	copy_close(&sender->copy);
	for (size_t i = 0; i < PENDING_MAX; i++)
		bytes_done(&sender->pool[i].path);
	free(sender);
	return rc;
}
