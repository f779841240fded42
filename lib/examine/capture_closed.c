#include "lib/examine/capture_closed.h"

#include <errno.h>
#include <string.h>

#include "lib/examine/capture_known.h"

/* Tell what the walk saw in its place; seen NULL: nothing. */
static int
report(struct capture *capture, const struct manifest_entry *entry,
    enum finding code, const struct walk_entry *seen, struct error *err)
{
	const struct examine_finding what = {.code = code,
	    .actual_size = seen != NULL ? seen->size : 0,
	    .os_errno = seen != NULL ? seen->problem : 0};

	return capture_entry_tell(capture, entry, &what, err);
}

static int
next_previous(struct capture *capture, struct error *err)
{
	capture->has_previous = manifest_reader_next(
	    capture->previous, &capture->previous_entry, err);
	return capture->has_previous < 0 ? -1 : 0;
}

static int
next_seen(struct capture *capture, struct error *err)
{
	capture->has_seen = walk_next(capture->walk, &capture->seen, err);
	return capture->has_seen < 0 ? -1 : 0;
}

/* Whether the path lies in the folder, which may be none. */
static bool
is_below(const struct bytes *folder, const char *path, size_t length)
{
	return folder->length > 0 && length > folder->length &&
	       memcmp(path, folder->data, folder->length) == 0;
}

static int
note_folder(
    struct bytes *folder, const struct walk_entry *seen, struct error *err)
{
	bytes_clear(folder);
	bytes_append(folder, seen->path, seen->path_length);
	bytes_append_u8(folder, '/');
	return bytes_check(folder, err);
}

/* ---- an entry that stands ---- */

/* Make it the last manifest's; it is not to be read, until somebody says so. */
static int
keep(
    struct capture *capture, struct capture_pending *pending, struct error *err)
{
	const struct manifest_entry *old = &capture->previous_entry;

	if (capture_entry_copy(pending, old, err) != 0)
		return -1;
	pending->is_kept = true;
	pending->is_unmet = true;
	capture_entry_note_newest(capture, &pending->entry);
	pending->has_previous = old->has_digest;
	if (!old->has_digest)
		return 0;
	memcpy(pending->previous, old->digest, DIGEST_SHA256_BYTES);
	capture_known_find_states(capture, pending);
	return 0;
}

static bool
is_same_link(const struct manifest_entry *old, const struct walk_entry *seen)
{
	return seen->link_target != NULL &&
	       old->link_length == seen->link_length &&
	       memcmp(old->link, seen->link_target, old->link_length) == 0;
}

/* Whether a look alone, without reading, tells that it is something else. */
static bool
is_other(const struct manifest_entry *old, const struct walk_entry *seen,
    enum finding *ret_code)
{
	if (seen->problem != 0)
		*ret_code = seen->problem == ENOENT
				? FINDING_MISSING
				: examine_code_of_errno(seen->problem);
	else if (capture_entry_type(seen->type) != old->type)
		*ret_code = FINDING_TYPE_CHANGED;
	else if (old->type == MANIFEST_FILE && seen->size != old->size)
		*ret_code =
		    seen->size < old->size ? FINDING_TRUNCATED : FINDING_GROWN;
	else if (old->type == MANIFEST_LINK && !is_same_link(old, seen))
		*ret_code = FINDING_OVERWRITTEN;
	else
		return false;
	return true;
}

/* The entry stands and something of its name is there: is it that? */
static int
push_kept(
    struct capture *capture, struct capture_pending *pending, struct error *err)
{
	const struct walk_entry *seen = &capture->seen;
	enum finding code;

	if (keep(capture, pending, err) != 0)
		return -1;
	if (!is_other(&capture->previous_entry, seen, &code)) {
		pending->is_unmet = false;
		return capture_push_seen(capture, pending, seen, err);
	}
	if (report(capture, &pending->entry, code, seen, err) != 0)
		return -1;
	return read_queue_push(capture->queue, &pending->item, err);
}

/* ---- the three cases ---- */

/*
 * Nothing of that name is there.  What could not be looked into has lost
 * nothing as far as anybody knows.
 */
static int
push_gone(struct capture *capture, struct error *err)
{
	const struct manifest_entry *old = &capture->previous_entry;
	struct capture_pending *pending = capture_entry_take(capture);

	if (keep(capture, pending, err) != 0)
		return -1;
	if (old->unread != NULL)
		capture->result.problems++;
	if (!is_below(&capture->closed, old->path, old->path_length) &&
	    report(capture, &pending->entry, FINDING_MISSING, NULL, err) != 0)
		return -1;
	if (read_queue_push(capture->queue, &pending->item, err) != 0)
		return -1;
	return next_previous(capture, err);
}

static int
push_new(struct capture *capture, struct error *err)
{
	const struct walk_entry *seen = &capture->seen;
	const struct manifest_entry extra = {
	    .path = seen->path, .path_length = seen->path_length};
	struct capture_pending *pending;

	if (examine_is_ignored(&capture->options->ignore, seen->path)) {
		walk_skip(capture->walk);
	} else if (is_below(
		       &capture->unlisted, seen->path, seen->path_length)) {
		pending = capture_entry_take(capture);
		if (capture_entry_fill(pending, seen, err) != 0 ||
		    capture_push_seen(capture, pending, seen, err) != 0)
			return -1;
	} else if (report(capture, &extra, FINDING_EXTRA, seen, err) != 0) {
		return -1;
	}
	return next_seen(capture, err);
}

static int
push_both(struct capture *capture, struct error *err)
{
	const struct manifest_entry *old = &capture->previous_entry;
	const struct walk_entry *seen = &capture->seen;
	struct capture_pending *pending = capture_entry_take(capture);
	/* Of what could not be looked at, not even the type is known. */
	bool is_unread =
	    old->unread != NULL &&
	    (!old->has_time || capture_entry_type(seen->type) == old->type);

	if (capture_entry_fill(pending, seen, err) != 0 ||
	    (seen->problem != 0 &&
		note_folder(&capture->closed, seen, err) != 0) ||
	    (is_unread && seen->type == WALK_FOLDER &&
		note_folder(&capture->unlisted, seen, err) != 0))
		return -1;
	if ((is_unread ? capture_push_seen(capture, pending, seen, err)
		       : push_kept(capture, pending, err)) != 0)
		return -1;
	if (next_previous(capture, err) != 0)
		return -1;
	return next_seen(capture, err);
}

int
capture_closed_push(struct capture *capture, struct error *err)
{
	const struct manifest_entry *old = &capture->previous_entry;
	const struct walk_entry *seen = &capture->seen;
	int order, rc;

	if (!capture->is_walking) {
		capture->is_walking = true;
		if (next_seen(capture, err) != 0)
			return -1;
	}
	if (capture->has_previous == 0 && capture->has_seen == 0)
		return 0;
	if (capture->has_previous == 0)
		order = 1;
	else if (capture->has_seen == 0)
		order = -1;
	else
		order = manifest_compare_paths(
		    old->path, old->path_length, seen->path, seen->path_length);
	if (order < 0)
		rc = push_gone(capture, err);
	else if (order > 0)
		rc = push_new(capture, err);
	else
		rc = push_both(capture, err);
	return rc == 0 ? 1 : -1;
}

/* ---- its end ---- */

static bool
is_touched(const struct capture_pending *pending)
{
	return pending->identity.mtime_seconds != pending->entry.time_seconds ||
	       pending->identity.mtime_nanoseconds !=
		   pending->entry.time_nanoseconds;
}

int
capture_closed_settle(
    struct capture *capture, struct capture_pending *pending, struct error *err)
{
	uint64_t step = capture->options->header.slice_bytes;
	uint64_t size = pending->entry.size;
	bool is_other;

	if (!pending->has_previous)
		return 0;
	is_other = !pending->is_unmet &&
		   memcmp(pending->entry.digest, pending->previous,
		       DIGEST_SHA256_BYTES) != 0;
	memcpy(pending->entry.digest, pending->previous, DIGEST_SHA256_BYTES);
	if (is_other &&
	    capture_entry_report(capture, &pending->entry,
		is_touched(pending) ? FINDING_OVERWRITTEN : FINDING_BIT_ROT, 0,
		0, err) != 0)
		return -1;
	for (uint64_t at = 0; pending->has_states && at < size; at += step)
		if (capture_known_add_boundary(
			capture, pending, at, digest_sha256_initial, err) != 0)
			return -1;
	return 0;
}
