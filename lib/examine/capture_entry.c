#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/examine/capture_internal.h"
#include "lib/model/schedule.h"

int
capture_entry_tell(struct capture *capture, const struct manifest_entry *entry,
    const struct examine_finding *what, struct error *err)
{
	const struct examine_events *events = capture->options->events;
	struct examine_finding finding = *what;

	finding.path = entry->path;
	finding.path_length = entry->path_length;
	finding.slice = EXAMINE_NO_SLICE;
	finding.expected_size = entry->size;
	return events->finding(events->context, &finding, err);
}

int
capture_entry_report(struct capture *capture,
    const struct manifest_entry *entry, enum finding code, int os_errno,
    uint64_t offset, struct error *err)
{
	const struct examine_finding what = {.code = code,
	    .actual_size = entry->size,
	    .offset = offset,
	    .os_errno = os_errno};

	return capture_entry_tell(capture, entry, &what, err);
}

struct capture_pending *
capture_entry_take(struct capture *capture)
{
	struct capture_pending *pending = capture->free_list;

	capture->free_list = pending->next_free;
	pending->item = (struct read_item){.owner = pending, .fd = -1};
	pending->entry = (struct manifest_entry){0};
	pending->is_carried = false;
	pending->is_waiting = false;
	pending->is_refuted = false;
	pending->has_previous = false;
	pending->has_states = false;
	pending->is_asked = false;
	pending->is_kept = false;
	pending->is_unmet = false;
	pending->kind = SEALING_UNSEEN;
	pending->is_queued = true;
	pending->read_at = INT64_MAX;
	return pending;
}

void
capture_entry_give(struct capture *capture, struct capture_pending *pending)
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

enum manifest_type
capture_entry_type(enum walk_type type)
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

int
capture_entry_fill(struct capture_pending *pending,
    const struct walk_entry *seen, struct error *err)
{
	if (copy_text(&pending->path, seen->path, seen->path_length, err) != 0)
		return -1;
	pending->entry = (struct manifest_entry){
	    .path = (const char *)pending->path.data,
	    .path_length = seen->path_length,
	    .type = capture_entry_type(seen->type),
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

int
capture_entry_copy(struct capture_pending *pending,
    const struct manifest_entry *old, struct error *err)
{
	enum finding code;

	if (copy_text(&pending->path, old->path, old->path_length, err) != 0)
		return -1;
	pending->entry = *old;
	pending->entry.path = (const char *)pending->path.data;
	if (old->unread != NULL) {
		if (finding_parse(old->unread, &code) != 0)
			code = FINDING_UNREAD_AT_CAPTURE;
		pending->entry.unread = finding_name(code);
	}
	if (old->link == NULL)
		return 0;
	if (copy_text(&pending->link, old->link, old->link_length, err) != 0)
		return -1;
	pending->entry.link = (const char *)pending->link.data;
	return 0;
}

/* Beyond this a time is no date, and its milliseconds might not fit. */
#define SECONDS_MAX (INT64_MAX / 4000)

static int64_t
modified_ms(const struct manifest_entry *entry)
{
	if (entry->time_seconds > SECONDS_MAX)
		return SECONDS_MAX * 1000;
	if (entry->time_seconds < -SECONDS_MAX)
		return -SECONDS_MAX * 1000;
	return entry->time_seconds * 1000 +
	       (int64_t)(entry->time_nanoseconds / 1000000);
}

void
capture_entry_note_newest(
    struct capture *capture, const struct manifest_entry *entry)
{
	struct capture_result *result = &capture->result;
	int64_t ms = modified_ms(entry);

	if (!entry->has_time || entry->type != MANIFEST_FILE)
		return;
	if (schedule_trust(ms, clock_wall_ms(), capture->options->ahead_ms) ==
	    SCHEDULE_NEVER) {
		result->future_files++;
		if (ms < capture->future_ms)
			capture->future_ms = ms;
	} else if (ms > result->newest_file_ms) {
		result->newest_file_ms = ms;
	}
}

int
capture_entry_mark_unread(struct capture *capture,
    struct capture_pending *pending, enum finding code, int os_errno,
    uint64_t offset, struct error *err)
{
	if (pending->is_kept) {
		pending->is_unmet = true;
	} else {
		capture->result.problems++;
		pending->entry.has_digest = false;
		pending->entry.unread = finding_name(code);
	}
	return capture_entry_report(
	    capture, &pending->entry, code, os_errno, offset, err);
}

enum finding
capture_entry_code_of(int os_errno)
{
	if (os_errno == ENOENT || os_errno == ENOTDIR)
		return FINDING_CHANGED_WHILE_READ;
	return examine_code_of_errno(os_errno);
}

int
capture_entry_use_file(struct capture *capture, struct capture_pending *pending,
    int fd, struct error *err)
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
		sample_begin(&pending->sample, pending->entry.size);
		return 1;
	}
	(void)close(fd);
	return capture_entry_mark_unread(
	    capture, pending, FINDING_CHANGED_WHILE_READ, 0, 0, err);
}
