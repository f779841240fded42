#include "lib/examine/loss.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/bytes.h"
#include "lib/base/clock.h"
#include "lib/model/manifest_reader.h"

/* What was written within this time of its recording may go again, ms. */
#define REST_MS CLOCK_DAY_MS
/* Pictures that are compressed again keep at least a fifth of their size. */
#define RECOMPRESSED 5
/* Contents that are looked for in other places, 24 bytes each. */
#define SOUGHT_MAX ((size_t)1 << 19)

/* A content that is not in its place; its key is the digest's beginning. */
struct sought {
	uint64_t key;
	uint64_t *count; /* of the loss */
	size_t found;	 /* of the first with its key: so many of them */
};

/* One of the two manifests. */
struct side {
	struct manifest_reader *reader;
	struct manifest_entry entry;
	int has_entry;
};

struct losing {
	const struct loss_options *options;
	struct side before, after;
	struct examine_pulse pulse;
	uint64_t entries;
	struct bytes closed; /* the last folder not looked into, with a slash */
	struct sought *sought;
	size_t sought_count;
	bool is_second; /* pass: contents are looked for */
	struct loss loss;
};

static uint64_t
key_of(const struct manifest_entry *entry)
{
	uint64_t key;

	memcpy(&key, entry->digest, sizeof(key));
	return key;
}

/* ---- what is lost ---- */

static int64_t
time_of(const struct manifest_entry *entry)
{
	/* Whoever says more is of the far future or past all the same. */
	const int64_t most = INT64_MAX / 4000;
	int64_t seconds = entry->time_seconds;

	if (seconds > most || seconds < -most)
		seconds = seconds > 0 ? most : -most;
	return seconds * 1000 + (int64_t)(entry->time_nanoseconds / 1000000);
}

/* A time that lies well ahead says nothing, and the file stood there. */
static bool
is_confirmed(const struct losing *losing, const struct manifest_entry *entry)
{
	int64_t recorded = losing->options->recorded_ms;
	int64_t time = time_of(entry);

	return entry->type == MANIFEST_FILE && entry->has_digest &&
	       entry->has_time && entry->size > 0 &&
	       (time <= recorded - REST_MS || time >= recorded + REST_MS);
}

static bool
is_below_closed(const struct losing *losing, const struct manifest_entry *entry)
{
	const struct bytes *closed = &losing->closed;

	return closed->length > 0 && entry->path_length > closed->length &&
	       memcmp(entry->path, closed->data, closed->length) == 0;
}

static int
count_lost(struct losing *losing, const struct manifest_entry *entry,
    uint64_t *count, struct error *err)
{
	(*count)++;
	if (losing->sought_count == SOUGHT_MAX)
		return 0;
	if (array_grow(&losing->sought, losing->sought_count,
		sizeof(*losing->sought), err) != 0)
		return -1;
	losing->sought[losing->sought_count++] =
	    (struct sought){key_of(entry), count, 0};
	return 0;
}

static int
take_gone(struct losing *losing, struct error *err)
{
	const struct manifest_entry *old = &losing->before.entry;

	if (!is_confirmed(losing, old) || is_below_closed(losing, old))
		return 0;
	if (time_of(old) >= losing->options->expires_ms)
		return count_lost(losing, old, &losing->loss.gone, err);
	losing->loss.expired++;
	return 0;
}

static bool
is_same_content(const struct manifest_entry *a, const struct manifest_entry *b)
{
	return a->size == b->size && a->has_digest && b->has_digest &&
	       memcmp(a->digest, b->digest, DIGEST_SHA256_BYTES) == 0;
}

/* A file that could not be read, and is as long as before, may be the same. */
static bool
is_other(const struct manifest_entry *old, const struct manifest_entry *new)
{
	return old->size != new->size ||
	       (new->has_digest && !is_same_content(old, new));
}

static bool
is_later(const struct manifest_entry *old, const struct manifest_entry *new)
{
	if (new->time_seconds != old->time_seconds)
		return new->time_seconds > old->time_seconds;
	return new->time_nanoseconds > old->time_nanoseconds;
}

static int
take_both(struct losing *losing, struct error *err)
{
	const struct manifest_entry *old = &losing->before.entry;
	const struct manifest_entry *new = &losing->after.entry;

	if (!is_confirmed(losing, old))
		return 0;
	if (new->type != MANIFEST_FILE)
		return new->unread != NULL
			   ? 0
			   : count_lost(losing, old, &losing->loss.gone, err);
	if (!new->has_size || !is_other(old, new))
		return 0;
	if (new->size == 0 || new->size < old->size / RECOMPRESSED)
		return count_lost(losing, old, &losing->loss.emptied, err);
	if (new->has_time && !is_later(old, new))
		return count_lost(losing, old, &losing->loss.older, err);
	return 0;
}

/* ---- what was moved ---- */

static int
compare_sought(const void *a, const void *b)
{
	const struct sought *one = a, *other = b;

	if (one->key != other->key)
		return one->key < other->key ? -1 : 1;
	return 0;
}

/* The content stands in a new place: one file that lost it did not. */
static void
find_content(struct losing *losing, const struct manifest_entry *entry)
{
	uint64_t key = key_of(entry);
	size_t low = 0, high = losing->sought_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (losing->sought[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == losing->sought_count || losing->sought[low].key != key)
		return;
	/* Each is found once, though others have the same content. */
	high = low + losing->sought[low].found;
	if (high == losing->sought_count || losing->sought[high].key != key)
		return;
	(*losing->sought[high].count)--;
	losing->sought[low].found++;
}

/* ---- two passes over two sorted lists ---- */

static int
next(struct losing *losing, struct side *side, struct error *err)
{
	const struct examine_events *events = losing->options->events;

	side->has_entry = manifest_reader_next(side->reader, &side->entry, err);
	losing->entries++;
	if (side->has_entry < 0)
		return -1;
	if (events != NULL &&
	    examine_is_due(&losing->pulse, 0, losing->entries))
		return events->progress(
		    events->context, 0, losing->entries, err);
	return 0;
}

static int
pass_after(struct losing *losing, struct error *err)
{
	const struct manifest_entry *entry = &losing->after.entry;

	if (entry->type == MANIFEST_FOLDER && entry->unread != NULL) {
		bytes_clear(&losing->closed);
		bytes_append(&losing->closed, entry->path, entry->path_length);
		bytes_append_u8(&losing->closed, '/');
		if (bytes_check(&losing->closed, err) != 0)
			return -1;
	}
	return next(losing, &losing->after, err);
}

static int
step(struct losing *losing, struct error *err)
{
	struct side *before = &losing->before, *after = &losing->after;
	int order = after->has_entry == 0 ? -1 : 1;

	if (before->has_entry == 1 && after->has_entry == 1)
		order = manifest_compare_paths(before->entry.path,
		    before->entry.path_length, after->entry.path,
		    after->entry.path_length);
	if (losing->is_second) {
		if (order >= 0 && after->entry.has_digest &&
		    (order > 0 ||
			!is_same_content(&before->entry, &after->entry)))
			find_content(losing, &after->entry);
	} else if (order <= 0 && (order < 0 ? take_gone(losing, err)
					    : take_both(losing, err)) != 0) {
		return -1;
	}
	if (order <= 0 && next(losing, before, err) != 0)
		return -1;
	return order >= 0 ? pass_after(losing, err) : 0;
}

static int
run_pass(struct losing *losing, struct error *err)
{
	struct side *before = &losing->before, *after = &losing->after;
	int rc = -1;

	bytes_clear(&losing->closed);
	before->reader = manifest_reader_new(losing->options->before_fd, err);
	if (before->reader == NULL)
		return -1;
	after->reader = manifest_reader_new(losing->options->after_fd, err);
	if (after->reader == NULL || next(losing, before, err) != 0 ||
	    next(losing, after, err) != 0)
		goto out;
	while (before->has_entry == 1 || after->has_entry == 1)
		if (step(losing, err) != 0)
			goto out;
	rc = 0;
out:
	manifest_reader_free(before->reader);
	manifest_reader_free(after->reader);
	*before = *after = (struct side){.reader = NULL};
	return rc;
}

int
loss_measure(const struct loss_options *options, struct loss *ret_loss,
    struct error *err)
{
	struct losing losing = {.options = options};
	int rc = run_pass(&losing, err);

	if (rc == 0 && losing.sought_count > 0) {
		qsort(losing.sought, losing.sought_count,
		    sizeof(*losing.sought), compare_sought);
		losing.is_second = true;
		rc = run_pass(&losing, err);
	}
	if (rc == 0)
		*ret_loss = losing.loss;
	bytes_done(&losing.closed);
	free(losing.sought);
	return rc;
}
