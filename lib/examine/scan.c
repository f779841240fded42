#include "lib/examine/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/os/walk.h"

/* Memory for the names of one folder before they are spilled, bytes. */
#define WALK_MEMORY_BYTES (8 * 1024 * 1024)

static int64_t
modified_ms(const struct walk_entry *entry)
{
	return entry->mtime_seconds * 1000 + entry->mtime_nanoseconds / 1000000;
}

/* Whether the name is one of those that the caller knows. */
static bool
is_known(const struct scan_options *options, const char *name)
{
	const char *at = options->known;
	const char *end = at + options->known_length;

	while (at < end) {
		if (strcmp(at, name) == 0)
			return true;
		at += strlen(at) + 1;
	}
	return false;
}

/* A known name of which not even the type can be learned is still there. */
static bool
is_hidden(const struct scan_options *options, const struct walk_entry *entry)
{
	return !entry->is_known && entry->problem != ENOENT &&
	       is_known(options, entry->path);
}

/* Count what is in a folder, and find its newest modification. */
static int
sum_folder(const struct scan_options *options, int folder_fd,
    struct examine_candidate *candidate, struct error *err)
{
	struct walk_options walk_options = {
	    .spill_fd = -1, .memory_bytes = WALK_MEMORY_BYTES};
	struct walk *walk = walk_new(folder_fd, &walk_options, err);
	struct walk_entry entry;
	int more = 1;

	if (walk == NULL)
		return -1;
	while ((more = walk_next(walk, &entry, err)) == 1) {
		if (examine_is_ignored(&options->ignore, entry.path)) {
			walk_skip(walk);
			continue;
		}
		candidate->entries++;
		if (entry.problem != 0 && candidate->problem == 0)
			candidate->problem = entry.problem;
		if (!entry.is_known)
			continue;
		if (entry.type == WALK_FILE)
			candidate->bytes += entry.size;
		if (modified_ms(&entry) > candidate->newest_ms)
			candidate->newest_ms = modified_ms(&entry);
		if (options->marker != NULL &&
		    strcmp(entry.path, options->marker) == 0)
			candidate->has_marker = true;
	}
	walk_free(walk);
	return more;
}

static int
tell(const struct scan_options *options, const struct walk_entry *entry,
    struct error *err)
{
	const struct examine_events *events = options->events;
	struct examine_candidate candidate = {
	    .name = entry->path,
	    .name_length = entry->path_length,
	    .is_folder = entry->type == WALK_FOLDER,
	    .entries = 1,
	    .bytes = entry->type == WALK_FILE ? entry->size : 0,
	    .newest_ms = modified_ms(entry),
	    .own_ms = modified_ms(entry),
	    .problem = entry->problem,
	};
	struct error why = {0};
	int fd;

	if (candidate.is_folder && !is_known(options, entry->path)) {
		candidate.entries = 0;
		if (file_open_below(options->root_fd, entry->path,
			O_RDONLY | O_DIRECTORY, &fd, &why) != 0) {
			candidate.problem = why.os_errno;
		} else {
			if (sum_folder(options, fd, &candidate, &why) != 0 &&
			    candidate.problem == 0)
				candidate.problem =
				    why.os_errno != 0 ? why.os_errno : EIO;
			(void)close(fd);
		}
	}
	return events->candidate(events->context, &candidate, err);
}

/* The living tree: one candidate without a name. */
static int
tell_root(const struct scan_options *options, struct error *err)
{
	const struct examine_events *events = options->events;
	struct examine_candidate candidate = {.name = "", .is_folder = true};
	struct stat st;

	if (fstat(options->root_fd, &st) != 0)
		return error_set_errno(
		    err, errno, _("cannot look at the source"));
	candidate.own_ms = (int64_t)st.st_mtim.tv_sec * 1000;
	if (options->known_length == 0 &&
	    sum_folder(options, options->root_fd, &candidate, err) != 0)
		return -1;
	return events->candidate(events->context, &candidate, err);
}

int
scan_run(
    const struct scan_options *options, uint64_t *ret_others, struct error *err)
{
	struct walk_options walk_options = {
	    .spill_fd = options->spill_fd, .memory_bytes = WALK_MEMORY_BYTES};
	enum walk_type wanted =
	    options->layout == SCAN_FOLDERS ? WALK_FOLDER : WALK_FILE;
	struct walk *walk = NULL;
	struct walk_entry entry;
	uint64_t others = 0;
	int more;

	walk = walk_new(options->root_fd, &walk_options, err);
	if (walk == NULL)
		return -1;
	while ((more = walk_next(walk, &entry, err)) == 1) {
		if (entry.type == WALK_FOLDER)
			walk_skip(walk);
		if (examine_is_ignored(&options->ignore, entry.path))
			continue;
		if (options->layout == SCAN_TREE ||
		    (entry.type != wanted && !is_hidden(options, &entry))) {
			others++;
			continue;
		}
		if (tell(options, &entry, err) != 0) {
			more = -1;
			break;
		}
	}
	walk_free(walk);
	if (more != 0)
		return -1;
	*ret_others = others;
	return options->layout == SCAN_TREE && others > 0
		   ? tell_root(options, err)
		   : 0;
}
