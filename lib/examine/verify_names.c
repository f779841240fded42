#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/bytes.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/examine/copy.h"
#include "lib/examine/verify.h"
#include "lib/model/manifest_reader.h"
#include "lib/os/walk.h"

/* Memory for the names of one folder before they are spilled, bytes. */
#define WALK_MEMORY_BYTES (8 * 1024 * 1024)
#define PROGRESS_ENTRIES 4096

/* Two sorted lists, merged: what the manifest says and what is there. */
struct names {
	const struct verify_options *options;
	struct manifest_reader *manifest;
	struct walk *walk;
	struct manifest_entry said;
	struct walk_entry seen;
	int has_said, has_seen;
	struct examine_slice result;
};

static int
report(struct names *names, enum finding code, const char *path,
    size_t path_length, int os_errno, struct error *err)
{
	const struct examine_events *events = names->options->events;
	struct examine_finding finding = {
	    .code = code,
	    .path = path,
	    .path_length = path_length,
	    .slice = EXAMINE_NO_SLICE,
	    .expected_size = names->said.size,
	    .actual_size = names->seen.size,
	    .os_errno = os_errno,
	};

	names->result.findings++;
	names->result.verdict =
	    verdict_worse(names->result.verdict, finding_verdict(code));
	return events->finding(events->context, &finding, err);
}

static int
report_difference(struct names *names, enum finding code, const char *path,
    size_t path_length, struct error *err)
{
	if (names->options->is_living)
		code = FINDING_CHANGED_SINCE_CAPTURE;
	return report(names, code, path, path_length, 0, err);
}

static int
next_said(struct names *names, struct error *err)
{
	names->has_said =
	    manifest_reader_next(names->manifest, &names->said, err);
	return names->has_said < 0 ? -1 : 0;
}

/* The next name that is there and not ignored. */
static int
next_seen(struct names *names, struct error *err)
{
	for (;;) {
		names->has_seen = walk_next(names->walk, &names->seen, err);
		if (names->has_seen <= 0)
			return names->has_seen;
		if (!examine_is_ignored(
			&names->options->ignore, names->seen.path))
			return 0;
		walk_skip(names->walk);
	}
}

/* Both lists have the name. */
static int
compare_entry(struct names *names, struct error *err)
{
	const struct manifest_entry *said = &names->said;
	const struct walk_entry *seen = &names->seen;
	static const enum manifest_type types[WALK_TYPES] = {
	    [WALK_FILE] = MANIFEST_FILE,
	    [WALK_FOLDER] = MANIFEST_FOLDER,
	    [WALK_LINK] = MANIFEST_LINK,
	    [WALK_FIFO] = MANIFEST_FIFO,
	    [WALK_SOCKET] = MANIFEST_SOCKET,
	    [WALK_CHAR] = MANIFEST_CHAR,
	    [WALK_BLOCK] = MANIFEST_BLOCK,
	};

	names->result.bytes += said->size;
	if (seen->problem != 0)
		return report(names, examine_code_of_errno(seen->problem),
		    seen->path, seen->path_length, seen->problem, err);
	if (types[seen->type] != said->type)
		return report_difference(names, FINDING_TYPE_CHANGED,
		    seen->path, seen->path_length, err);
	if (said->type != MANIFEST_FILE || seen->size == said->size)
		return 0;
	return report_difference(names,
	    seen->size < said->size ? FINDING_TRUNCATED : FINDING_GROWN,
	    seen->path, seen->path_length, err);
}

/* One step of the merge; which list stands lower decides. */
static int
step(struct names *names, struct error *err)
{
	int order;

	if (names->has_said == 0)
		order = 1;
	else if (names->has_seen == 0)
		order = -1;
	else
		order = manifest_compare_paths(names->said.path,
		    names->said.path_length, names->seen.path,
		    names->seen.path_length);
	names->result.entries++;
	if (order < 0) {
		if (report_difference(names, FINDING_MISSING, names->said.path,
			names->said.path_length, err) != 0)
			return -1;
		return next_said(names, err);
	}
	if (order > 0) {
		if (report_difference(names, FINDING_EXTRA, names->seen.path,
			names->seen.path_length, err) != 0)
			return -1;
		return next_seen(names, err);
	}
	if (compare_entry(names, err) != 0 || next_said(names, err) != 0)
		return -1;
	return next_seen(names, err);
}

static int
run(struct names *names, struct error *err)
{
	const struct examine_events *events = names->options->events;

	if (next_said(names, err) != 0 || next_seen(names, err) != 0)
		return -1;
	while (names->has_said == 1 || names->has_seen == 1) {
		if (step(names, err) != 0)
			return -1;
		if (names->result.entries % PROGRESS_ENTRIES == 0 &&
		    events->progress(
			events->context, 0, names->result.entries, err) != 0)
			return -1;
	}
	return 0;
}

/* A copy that is one file has one name, beside which others may lie. */
static int
run_file(struct names *names, struct copy *copy, struct error *err)
{
	struct stat st;
	int problem = 0;

	if (next_said(names, err) != 0)
		return -1;
	names->result.entries = 1;
	names->result.bytes = names->said.size;
	if (copy_stat(copy, copy->name, &st, &problem) != 0)
		return report(names, examine_code_of_errno(problem), copy->name,
		    strlen(copy->name), problem, err);
	names->seen.size = (uint64_t)st.st_size;
	if (!S_ISREG(st.st_mode))
		return report(names, FINDING_TYPE_CHANGED, copy->name,
		    strlen(copy->name), 0, err);
	if (names->seen.size == names->said.size)
		return 0;
	return report(names,
	    names->seen.size < names->said.size ? FINDING_TRUNCATED
						: FINDING_GROWN,
	    copy->name, strlen(copy->name), 0, err);
}

int
verify_names(const struct verify_options *options, struct error *err)
{
	struct walk_options walk = {
	    .spill_fd = options->spill_fd,
	    .memory_bytes = WALK_MEMORY_BYTES,
	};
	struct names names = {
	    .options = options,
	    .result = {.slice = EXAMINE_NO_SLICE,
		.verdict = VERDICT_INTACT,
		.read_at = clock_wall_ms()},
	};
	struct copy copy = COPY_CLOSED;
	int rc = -1;

	names.manifest = manifest_reader_new(options->manifest_fd, err);
	if (names.manifest == NULL ||
	    copy_open(&copy, options->root_fd, options->locator,
		options->is_file, err) != 0)
		goto out;
	if (options->is_file) {
		rc = run_file(&names, &copy, err);
	} else {
		names.walk = walk_new(copy.fd, &walk, err);
		if (names.walk != NULL)
			rc = run(&names, err);
	}
	if (rc == 0)
		rc = options->events->slice(
		    options->events->context, &names.result, err);
out:
	walk_free(names.walk);
	manifest_reader_free(names.manifest);
	copy_close(&copy);
	return rc;
}
