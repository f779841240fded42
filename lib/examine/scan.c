#include "lib/examine/scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/os/walk.h"

/* Memory for the names of one folder before they are spilled, bytes. */
#define WALK_MEMORY_BYTES (8 * 1024 * 1024)

/* A scan under way: one walk, and the candidate that it is in. */
struct scan {
	const struct scan_options *options;
	struct walk *walk;
	const char **known; /* sorted as bytes */
	size_t known_count;
	struct examine_candidate candidate;
	struct bytes name; /* of the candidate, with a NUL */
	bool is_open;	   /* there is one */
	uint64_t others;
	struct examine_pulse pulse;
	uint64_t entries; /* looked at */
};

/* Some file systems hold any time at all: what milliseconds cannot is cut. */
static int64_t
modified_ms(int64_t seconds, uint32_t nanoseconds)
{
	int64_t limit = INT64_MAX / 1000 - 1;

	if (seconds > limit)
		seconds = limit;
	if (seconds < -limit)
		seconds = -limit;
	return seconds * 1000 + nanoseconds / 1000000;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* List the names that the caller knows, so that they can be searched. */
static int
list_known(struct scan *scan, struct error *err)
{
	const char *at = scan->options->known;
	const char *end = at + scan->options->known_length;
	size_t count = 0;

	for (const char *p = at; p < end; p += strlen(p) + 1)
		count++;
	scan->known = calloc(count + 1, sizeof(*scan->known));
	if (scan->known == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	for (; at < end; at += strlen(at) + 1)
		scan->known[scan->known_count++] = at;
	qsort(scan->known, scan->known_count, sizeof(*scan->known),
	    compare_names);
	return 0;
}

static bool
is_known(const struct scan *scan, const char *name)
{
	return scan->known_count > 0 &&
	       bsearch(&name, scan->known, scan->known_count,
		   sizeof(*scan->known), compare_names) != NULL;
}

/*
 * A copy from a time when the layout was another one is known by its name and a
 * slash.
 */
static bool
is_known_other(struct scan *scan, const struct walk_entry *entry)
{
	enum walk_type kind =
	    scan->options->layout == SCAN_FOLDERS ? WALK_FILE : WALK_FOLDER;

	if (entry->type != kind || scan->known_count == 0)
		return false;
	bytes_clear(&scan->name);
	bytes_append(&scan->name, entry->path, entry->path_length);
	bytes_append(&scan->name, "/", 2);
	return !scan->name.failed &&
	       is_known(scan, (const char *)scan->name.data);
}

/* A known name of which not even the type can be learned is still there. */
static bool
is_hidden(const struct scan *scan, const struct walk_entry *entry)
{
	return !entry->is_known && entry->problem != ENOENT &&
	       is_known(scan, entry->path);
}

static int
tell_progress(struct scan *scan, struct error *err)
{
	const struct examine_events *events = scan->options->events;

	if (!examine_is_due(&scan->pulse, 0, ++scan->entries))
		return 0;
	return events->progress(events->context, 0, scan->entries, err);
}

/* Tell of the candidate, when all that is in it was seen. */
static int
end_candidate(struct scan *scan, struct error *err)
{
	const struct examine_events *events = scan->options->events;

	if (!scan->is_open)
		return 0;
	scan->is_open = false;
	return events->candidate(events->context, &scan->candidate, err);
}

/* A candidate is what the entry is; what lies in it is added to it. */
static int
begin_candidate(
    struct scan *scan, const struct walk_entry *entry, struct error *err)
{
	bool is_folder = entry->type == WALK_FOLDER;
	bool is_opened = is_folder && scan->options->layout == SCAN_FOLDERS &&
			 !is_known(scan, entry->path);
	int64_t modified =
	    modified_ms(entry->mtime_seconds, entry->mtime_nanoseconds);

	bytes_clear(&scan->name);
	bytes_append(&scan->name, entry->path, entry->path_length + 1);
	if (bytes_check(&scan->name, err) != 0)
		return -1;
	scan->candidate = (struct examine_candidate){
	    .name = (const char *)scan->name.data,
	    .name_length = entry->path_length,
	    .is_folder = is_folder,
	    .entries = is_opened ? 0 : 1,
	    .bytes = entry->type == WALK_FILE ? entry->size : 0,
	    .newest_ms = modified,
	    .own_ms = modified,
	    .oldest_ms = entry->type == WALK_FILE && entry->is_known
			     ? modified
			     : EXAMINE_NO_FILE,
	    .problem = entry->problem,
	};
	scan->is_open = true;
	if (!is_opened)
		walk_skip(scan->walk);
	return 0;
}

/* The living tree: one candidate without a name. */
static int
begin_root(struct scan *scan, struct error *err)
{
	struct examine_candidate *candidate = &scan->candidate;
	struct stat st;

	if (fstat(scan->options->root_fd, &st) != 0)
		return error_set_errno(
		    err, errno, _("cannot look at the source"));
	*candidate = (struct examine_candidate){
	    .name = "", .is_folder = true, .oldest_ms = EXAMINE_NO_FILE};
	candidate->own_ms =
	    modified_ms(st.st_mtim.tv_sec, (uint32_t)st.st_mtim.tv_nsec);
	candidate->newest_ms = candidate->own_ms;
	scan->is_open = true;
	return 0;
}

/* Add what lies in the candidate, by its path there. */
static void
add_entry(
    struct scan *scan, const struct walk_entry *entry, const char *inner_path)
{
	const char *marker = scan->options->marker;
	struct examine_candidate *candidate = &scan->candidate;
	int64_t modified =
	    modified_ms(entry->mtime_seconds, entry->mtime_nanoseconds);

	candidate->entries++;
	if (entry->problem != 0 && candidate->problem == 0)
		candidate->problem = entry->problem;
	if (!entry->is_known)
		return;
	if (entry->type == WALK_FILE) {
		candidate->bytes += entry->size;
		if (modified < candidate->oldest_ms)
			candidate->oldest_ms = modified;
	}
	if (modified > candidate->newest_ms)
		candidate->newest_ms = modified;
	if (marker != NULL && entry->type == WALK_FILE &&
	    strcmp(inner_path, marker) == 0)
		candidate->has_marker = true;
}

/* Its name may be that of a generation; what it holds is none of ours. */
static int
tell_other(struct scan *scan, const struct walk_entry *entry, struct error *err)
{
	const struct examine_events *events = scan->options->events;
	struct examine_candidate other = {
	    .name = entry->path,
	    .name_length = entry->path_length,
	    .is_folder = entry->type == WALK_FOLDER,
	    .is_other_kind = true,
	    .own_ms =
		modified_ms(entry->mtime_seconds, entry->mtime_nanoseconds),
	    .oldest_ms = EXAMINE_NO_FILE,
	    .problem = entry->problem,
	};

	walk_skip(scan->walk);
	other.newest_ms = other.own_ms;
	return events->candidate(events->context, &other, err);
}

/* Something at the root of a source of generations. */
static int
take_top(struct scan *scan, const struct walk_entry *entry, struct error *err)
{
	enum walk_type wanted =
	    scan->options->layout == SCAN_FOLDERS ? WALK_FOLDER : WALK_FILE;

	if (end_candidate(scan, err) != 0)
		return -1;
	if (entry->type == wanted || is_hidden(scan, entry) ||
	    is_known_other(scan, entry))
		return begin_candidate(scan, entry, err);
	scan->others++;
	return tell_other(scan, entry, err);
}

/* Something of the living tree, which is not looked into where it is known. */
static int
take_tree(struct scan *scan, const struct walk_entry *entry, bool is_top,
    struct error *err)
{
	if (is_top && scan->others++ == 0 && begin_root(scan, err) != 0)
		return -1;
	if (scan->known_count > 0)
		walk_skip(scan->walk);
	else
		add_entry(scan, entry, entry->path);
	return 0;
}

static int
take_entry(struct scan *scan, const struct walk_entry *entry, struct error *err)
{
	const char *slash = strchr(entry->path, '/');

	if (tell_progress(scan, err) != 0)
		return -1;
	if (examine_is_ignored(&scan->options->ignore, entry->path)) {
		walk_skip(scan->walk);
		return 0;
	}
	if (scan->options->layout == SCAN_TREE)
		return take_tree(scan, entry, slash == NULL, err);
	if (slash == NULL)
		return take_top(scan, entry, err);
	add_entry(scan, entry, slash + 1);
	return 0;
}

int
scan_run(
    const struct scan_options *options, uint64_t *ret_others, struct error *err)
{
	struct walk_options walk_options = {
	    .spill_fd = options->spill_fd, .memory_bytes = WALK_MEMORY_BYTES};
	struct scan scan = {.options = options};
	struct walk_entry entry;
	int more = 1, rc = -1;

	if (list_known(&scan, err) != 0)
		goto out;
	scan.walk = walk_new(options->root_fd, &walk_options, err);
	if (scan.walk == NULL)
		goto out;
	while ((more = walk_next(scan.walk, &entry, err)) == 1)
		if (take_entry(&scan, &entry, err) != 0)
			goto out;
	if (more != 0 || end_candidate(&scan, err) != 0)
		goto out;
	*ret_others = scan.others;
	rc = 0;
out:
	walk_free(scan.walk);
	bytes_done(&scan.name);
	free(scan.known);
	return rc;
}
