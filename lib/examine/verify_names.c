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

/* Two sorted lists, merged: what the manifest says and what is there. */
struct names {
	const struct verify_options *options;
	struct manifest_reader *manifest;
	struct walk *walk;
	struct manifest_entry said;
	struct walk_entry seen;
	int has_said, has_seen;
	struct bytes closed; /* a folder that could not be looked into, with
				the slash behind it; empty: none */
	struct examine_slice result;
};

static int
report(struct names *names, const struct examine_finding *finding,
    struct error *err)
{
	const struct examine_events *events = names->options->events;

	names->result.findings++;
	names->result.verdict = verdict_worse(
	    names->result.verdict, finding_verdict(finding->code));
	return events->finding(events->context, finding, err);
}

/* About a name of the manifest that is there, or should be. */
static int
report_said(struct names *names, enum finding code, int os_errno,
    uint64_t actual_size, struct error *err)
{
	const struct manifest_entry *said = &names->said;
	struct examine_finding finding = {
	    .code = code,
	    .path = said->path,
	    .path_length = said->path_length,
	    .slice = EXAMINE_NO_SLICE,
	    .expected_size = said->size,
	    .actual_size = actual_size,
	    .os_errno = os_errno,
	};

	return report(names, &finding, err);
}

/* A copy that lives may change; a closed one may not. */
static int
report_difference(struct names *names, enum finding code, uint64_t actual_size,
    struct error *err)
{
	if (names->options->is_living)
		code = FINDING_CHANGED_SINCE_CAPTURE;
	return report_said(names, code, 0, actual_size, err);
}

/* A name that the manifest does not have. */
static int
report_extra(struct names *names, struct error *err)
{
	struct examine_finding finding = {
	    .code = names->options->is_living ? FINDING_CHANGED_SINCE_CAPTURE
					      : FINDING_EXTRA,
	    .path = names->seen.path,
	    .path_length = names->seen.path_length,
	    .slice = EXAMINE_NO_SLICE,
	    .actual_size = names->seen.size,
	};

	return report(names, &finding, err);
}

static int
next_said(struct names *names, struct error *err)
{
	names->has_said =
	    manifest_reader_next(names->manifest, &names->said, err);
	if (names->has_said == 1 && names->said.type == MANIFEST_FILE)
		names->result.files++;
	return names->has_said < 0 ? -1 : 0;
}

static int
next_seen(struct names *names, struct error *err)
{
	names->has_seen = walk_next(names->walk, &names->seen, err);
	return names->has_seen < 0 ? -1 : 0;
}

/* What could not be looked into has lost nothing as far as anybody knows. */
static bool
is_closed(const struct names *names)
{
	const struct bytes *closed = &names->closed;

	return closed->length > 0 && names->said.path_length > closed->length &&
	       memcmp(names->said.path, closed->data, closed->length) == 0;
}

/* The entry could not be looked at, or not into it. */
static int
take_problem(struct names *names, struct error *err)
{
	const struct walk_entry *seen = &names->seen;

	bytes_clear(&names->closed);
	bytes_append(&names->closed, seen->path, seen->path_length);
	bytes_append_u8(&names->closed, '/');
	if (bytes_check(&names->closed, err) != 0)
		return -1;
	if (seen->problem == ENOENT)
		return report_difference(names, FINDING_MISSING, 0, err);
	return report_said(names, examine_code_of_errno(seen->problem),
	    seen->problem, seen->size, err);
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
	if (said->type == MANIFEST_FILE && seen->type == WALK_FILE &&
	    seen->is_known && seen->is_immutable)
		names->result.immutable++;
	if (seen->problem != 0)
		return take_problem(names, err);
	if (types[seen->type] != said->type)
		return report_difference(
		    names, FINDING_TYPE_CHANGED, seen->size, err);
	if (said->unread != NULL)
		return report_said(
		    names, FINDING_UNREAD_AT_CAPTURE, 0, seen->size, err);
	if (said->type != MANIFEST_FILE || seen->size == said->size)
		return 0;
	return report_difference(names,
	    seen->size < said->size ? FINDING_TRUNCATED : FINDING_GROWN,
	    seen->size, err);
}

/* Only what the manifest does not have may be ignored. */
static int
take_extra(struct names *names, struct error *err)
{
	if (examine_is_ignored(&names->options->ignore, names->seen.path))
		walk_skip(names->walk);
	else if (report_extra(names, err) != 0)
		return -1;
	return next_seen(names, err);
}

static int
take_missing(struct names *names, struct error *err)
{
	if (!is_closed(names) &&
	    report_difference(names, FINDING_MISSING, 0, err) != 0)
		return -1;
	return next_said(names, err);
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
	if (order < 0)
		return take_missing(names, err);
	if (order > 0)
		return take_extra(names, err);
	if (compare_entry(names, err) != 0 || next_said(names, err) != 0)
		return -1;
	return next_seen(names, err);
}

static int
run(struct names *names, struct error *err)
{
	const struct examine_events *events = names->options->events;
	struct examine_pulse pulse = {0};

	if (next_said(names, err) != 0 || next_seen(names, err) != 0)
		return -1;
	while (names->has_said == 1 || names->has_seen == 1) {
		if (step(names, err) != 0)
			return -1;
		if (examine_is_due(&pulse, 0, names->result.entries) &&
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
	uint64_t size;
	struct stat st;
	int problem = 0;

	if (next_said(names, err) != 0)
		return -1;
	if (names->has_said == 0)
		return 0;
	names->result.entries = 1;
	names->result.bytes = names->said.size;
	if (copy_stat(copy, copy->name, &st, &problem) != 0)
		return report_said(
		    names, examine_code_of_errno(problem), problem, 0, err);
	size = (uint64_t)st.st_size;
	if (S_ISREG(st.st_mode) && copy_is_immutable(copy, copy->name))
		names->result.immutable = 1;
	if (!S_ISREG(st.st_mode))
		return report_said(names, FINDING_TYPE_CHANGED, 0, size, err);
	if (names->said.unread != NULL)
		return report_said(
		    names, FINDING_UNREAD_AT_CAPTURE, 0, size, err);
	if (size == names->said.size)
		return 0;
	return report_said(names,
	    size < names->said.size ? FINDING_TRUNCATED : FINDING_GROWN, 0,
	    size, err);
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
	/* Where nothing was compared, nothing is known (law 1). */
	if (manifest_reader_totals(names.manifest)->entries == 0)
		names.result.verdict = VERDICT_UNDETERMINED;
	if (rc == 0)
		rc = options->events->slice(
		    options->events->context, &names.result, err);
out:
	walk_free(names.walk);
	manifest_reader_free(names.manifest);
	copy_close(&copy);
	bytes_done(&names.closed);
	return rc;
}
