#include "lib/examine/contents.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/walk.h"

#define READ_BYTES ((size_t)256 * 1024)
#define WALK_MEMORY_BYTES (8 * 1024 * 1024)

struct looking {
	const struct examine_events *events;
	struct contents_result results[INSPECT_FORMATS + 1];
	struct examine_pulse pulse;
	uint64_t bytes, files;
	uint8_t block[READ_BYTES];
};

enum inspect_severity
contents_worst(const struct contents_result *result)
{
	enum inspect_severity worst = INSPECT_BROKEN;

	while (worst > INSPECT_SOUND && result->severities[worst] == 0)
		worst--;
	return worst;
}

static void
add_count(struct contents_result *result, const struct inspect_count *count)
{
	size_t i = 0;

	while (i < result->count_count &&
	       strcmp(result->counts[i].name, count->name) != 0)
		i++;
	if (i == INSPECT_COUNTS_MAX)
		return;
	if (i == result->count_count)
		result->counts[result->count_count++] =
		    (struct inspect_count){count->name, 0};
	result->counts[i].value += count->value;
}

static void
add_report(struct contents_result *result, const struct inspect_report *report)
{
	bool is_graver =
	    !result->has_code || report->severity > contents_worst(result);

	for (size_t i = 0; is_graver && i < report->finding_count; i++)
		if (report->findings[i].severity == report->severity) {
			result->has_code = true;
			result->code = report->findings[i].code;
			break;
		}
	result->files++;
	result->bytes += report->bytes;
	result->severities[report->severity]++;
	for (size_t i = 0; i < report->count_count; i++)
		add_count(result, &report->counts[i]);
}

static int
tell_progress(struct looking *looking, struct error *err)
{
	const struct examine_events *events = looking->events;

	if (!examine_is_due(&looking->pulse, looking->bytes, looking->files))
		return 0;
	return events->progress(
	    events->context, looking->bytes, looking->files, err);
}

/* The first bytes: as many as there are, up to a block. */
static ssize_t
read_block(struct looking *looking, int fd)
{
	size_t length = 0;
	ssize_t n = 1;

	while (n > 0 && length < READ_BYTES) {
		n = read(fd, looking->block + length, READ_BYTES - length);
		if (n > 0)
			length += (size_t)n;
	}
	return n < 0 ? -1 : (ssize_t)length;
}

/* Its bytes into the inspection, the first block apart: 0, or -1. */
static int
push_rest(
    struct looking *looking, int fd, struct inspect *inspect, struct error *err)
{
	ssize_t n;

	while ((n = read_block(looking, fd)) > 0) {
		inspect_push(inspect, looking->block, (size_t)n);
		looking->bytes += (uint64_t)n;
		if (tell_progress(looking, err) != 0)
			return -1;
	}
	return n < 0 ? error_set_errno(
			   err, errno, _("cannot read a restored file"))
		     : 0;
}

static int
inspect_file(
    struct looking *looking, int fd, const char *path, struct error *err)
{
	struct inspect_report report;
	struct inspect *inspect;
	enum inspect_format format;
	ssize_t n = read_block(looking, fd);

	if (n < 0)
		return error_set_errno(
		    err, errno, _("cannot read a restored file"));
	if (!inspect_recognise(path, looking->block, (size_t)n, &format)) {
		looking->results[INSPECT_FORMATS].files++;
		return 0;
	}
	inspect = inspect_begin(format, path);
	if (inspect == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	inspect_push(inspect, looking->block, (size_t)n);
	looking->bytes += (uint64_t)n;
	if (push_rest(looking, fd, inspect, err) != 0) {
		inspect_cancel(inspect);
		return -1;
	}
	inspect_end(inspect, &report);
	add_report(&looking->results[format], &report);
	return 0;
}

static int
look(struct looking *looking, int files_fd, int spill_fd, struct error *err)
{
	const struct walk_options options = {
	    .spill_fd = spill_fd, .memory_bytes = WALK_MEMORY_BYTES};
	struct walk *walk = walk_new(files_fd, &options, err);
	struct walk_entry entry;
	int more = -1, fd, rc;

	if (walk == NULL)
		return -1;
	while ((more = walk_next(walk, &entry, err)) == 1) {
		looking->files++;
		if (entry.type != WALK_FILE || entry.problem != 0)
			continue;
		rc = walk_open_file(walk, &fd, err);
		if (rc == 0) {
			rc = inspect_file(looking, fd, entry.path, err);
			(void)close(fd);
		}
		if (rc != 0 || tell_progress(looking, err) != 0) {
			more = -1;
			break;
		}
	}
	walk_free(walk);
	return more;
}

int
contents_inspect(int files_fd, int spill_fd,
    const struct examine_events *events,
    int (*each)(
	void *context, const struct contents_result *result, struct error *err),
    void *context, struct error *err)
{
	struct looking *looking = calloc(1, sizeof(*looking));
	int rc = -1;

	if (looking == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	looking->events = events;
	for (unsigned i = 0; i <= INSPECT_FORMATS; i++)
		looking->results[i].format = i;
	rc = look(looking, files_fd, spill_fd, err);
	for (unsigned i = 0; rc == 0 && i <= INSPECT_FORMATS; i++)
		if (looking->results[i].files > 0 || i == INSPECT_FORMATS)
			rc = each(context, &looking->results[i], err);
	free(looking);
	return rc;
}
