#include <errno.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/examine/verify_internal.h"

static int
report(struct verify_run *run, const struct verify_pending *pending,
    enum finding code, uint64_t actual_size, int os_errno, struct error *err)
{
	const struct examine_events *events = run->options->events;
	struct examine_finding finding = {
	    .code = code,
	    .path = pending->entry.path,
	    .path_length = pending->entry.path_length,
	    .slice = run->result.slice,
	    .expected_size = pending->entry.size,
	    .actual_size = actual_size,
	    .offset = pending->item.problem_offset,
	    .os_errno = os_errno,
	};

	if (os_errno == EIO || os_errno == ENODATA)
		finding.is_isolated =
		    copy_is_isolated(&run->copy, pending->entry.path,
			pending->item.problem_offset, run->has_read);

	run->result.findings++;
	run->result.verdict =
	    verdict_worse(run->result.verdict, finding_verdict(code));
	return events->finding(events->context, &finding, err);
}

/* A copy that lives may change; a closed one may not. */
static int
report_difference(struct verify_run *run, const struct verify_pending *pending,
    enum finding code, uint64_t actual_size, struct error *err)
{
	if (run->options->is_living)
		code = FINDING_CHANGED_SINCE_CAPTURE;
	return report(run, pending, code, actual_size, 0, err);
}

/* Opening or reading failed: gone, replaced by a link, or not readable now. */
static int
report_problem(struct verify_run *run, const struct verify_pending *pending,
    int os_errno, struct error *err)
{
	enum finding code = examine_code_of_errno(os_errno);

	if (os_errno == ELOOP)
		code = FINDING_TYPE_CHANGED;
	if (code == FINDING_MISSING || code == FINDING_TYPE_CHANGED)
		return report_difference(run, pending, code, 0, err);
	return report(run, pending, code, 0, os_errno, err);
}

static bool
is_touched(const struct verify_pending *pending)
{
	return pending->identity.mtime_seconds != pending->entry.time_seconds ||
	       pending->identity.mtime_nanoseconds !=
		   pending->entry.time_nanoseconds;
}

/* Bytes that do not agree: size and time say what the cause may be. */
static int
report_mismatch(struct verify_run *run, const struct verify_pending *pending,
    struct error *err)
{
	uint64_t size = pending->entry.size;

	/* Perhaps it was being written when it was captured. */
	if (pending->entry.unread != NULL)
		return report(
		    run, pending, FINDING_UNREAD_AT_CAPTURE, size, 0, err);
	if (!is_touched(pending))
		return report(run, pending, FINDING_BIT_ROT, size, 0, err);
	return report_difference(run, pending, FINDING_OVERWRITTEN, size, err);
}

static int
tell_agreement(struct verify_run *run, const struct verify_pending *pending,
    bool agrees, struct error *err)
{
	if (!agrees)
		return report_mismatch(run, pending, err);
	run->bytes_agreed += pending->item.to - pending->item.from;
	return 0;
}

static void
count_reading(struct verify_run *run, const struct verify_pending *pending,
    int64_t read_at)
{
	uint64_t bytes = pending->item.to - pending->item.from;

	if (read_at < run->result.read_at)
		run->result.read_at = read_at;
	run->result.bytes += bytes;
	run->bytes_done += bytes;
}

/* What was read, whatever came of it; the worst way of reading is told. */
static void
count_effort(struct verify_run *run, const struct read_item *item)
{
	run->result.bytes_read += item->bytes_read;
	if (item->bytes_read > 0 && item->mode > run->result.mode)
		run->result.mode = item->mode;
}

static bool
is_same(const uint8_t *a, const uint8_t *b)
{
	return memcmp(a, b, DIGEST_SHA256_BYTES) == 0;
}

/* Bytes were read twice and are what they are: judge and remember them. */
static int
settle(
    struct verify_run *run, struct verify_pending *pending, struct error *err)
{
	bool is_good = is_same(pending->item.value, pending->expected);
	struct reading reading = {
	    .read_at = clock_wall_ms(),
	    .state = is_good ? READING_AGREED : READING_REFUTED,
	};

	run->has_read = true;
	count_reading(run, pending, reading.read_at);
	memcpy(reading.digest, pending->item.value, sizeof(reading.digest));
	if (run->options->readings != NULL &&
	    (is_good || !run->options->is_reused || !is_touched(pending)))
		readings_put(
		    run->options->readings, &pending->identity, &reading);
	return tell_agreement(run, pending, is_good, err);
}

/* The first reading did not agree: is it the medium, or the way to it? */
static int
look_again(
    struct verify_run *run, struct verify_pending *pending, struct error *err)
{
	struct read_item *item = &pending->item;
	uint8_t first[DIGEST_SHA256_BYTES];
	int problem = EIO;

	memcpy(first, item->value, sizeof(first));
	copy_refresh(&run->copy);
	item->fd = copy_open_file(&run->copy, pending->entry.path, &problem);
	if (item->fd < 0)
		return report_problem(run, pending, problem, err);
	if (read_queue_read_now(run->queue, item, err) != 0)
		return -1;
	count_effort(run, item);
	if (item->problem != 0)
		return report_problem(run, pending, item->problem, err);
	if (item->is_changed || item->is_short)
		return report(run, pending, FINDING_CHANGED_WHILE_READ,
		    pending->entry.size, 0, err);
	if (!is_same(item->value, first))
		return report(run, pending, FINDING_UNSTABLE_READ,
		    pending->entry.size, 0, err);
	return settle(run, pending, err);
}

static int
judge_bytes(
    struct verify_run *run, struct verify_pending *pending, struct error *err)
{
	const struct read_item *item = &pending->item;

	count_effort(run, item);
	if (item->problem != 0)
		return report_problem(run, pending, item->problem, err);
	if (item->is_changed || item->is_short)
		return report(run, pending, FINDING_CHANGED_WHILE_READ,
		    pending->entry.size, 0, err);
	if (!is_same(item->value, pending->expected))
		return look_again(run, pending, err);
	return settle(run, pending, err);
}

static int
judge_file(
    struct verify_run *run, struct verify_pending *pending, struct error *err)
{
	uint64_t actual = pending->identity.size;
	uint64_t size = pending->entry.size;

	run->bytes_due += pending->item.to - pending->item.from;
	if (pending->problem != 0)
		return report_problem(run, pending, pending->problem, err);
	if (!pending->is_regular)
		return report_difference(
		    run, pending, FINDING_TYPE_CHANGED, 0, err);
	/* Of a file that became unreadable, the parts before are known. */
	if (pending->entry.unread != NULL &&
	    (!pending->item.ends_inside || actual != size))
		return report(
		    run, pending, FINDING_UNREAD_AT_CAPTURE, actual, 0, err);
	if (actual != size)
		return report_difference(run, pending,
		    actual < size ? FINDING_TRUNCATED : FINDING_GROWN, actual,
		    err);
	if (!pending->is_carried)
		return judge_bytes(run, pending, err);
	count_reading(run, pending, pending->reading.read_at);
	return tell_agreement(run, pending,
	    is_same(pending->reading.digest, pending->expected), err);
}

/* Anything but a regular file: its type, and a link's target. */
static int
judge_other(
    struct verify_run *run, struct verify_pending *pending, struct error *err)
{
	const struct manifest_entry *entry = &pending->entry;
	struct bytes target = BYTES_EMPTY;
	struct stat st;
	int problem = 0;
	bool is_equal = true;

	if (!pending->is_folder &&
	    copy_stat(&run->copy, entry->path, &st, &problem) != 0)
		return report_problem(run, pending, problem, err);
	if (!pending->is_folder &&
	    examine_type_of_mode(st.st_mode) != entry->type)
		return report_difference(
		    run, pending, FINDING_TYPE_CHANGED, 0, err);
	if (entry->unread != NULL)
		return report(
		    run, pending, FINDING_UNREAD_AT_CAPTURE, 0, 0, err);
	if (entry->type != MANIFEST_LINK)
		return 0;
	if (copy_read_link(&run->copy, entry->path, &target, &problem) != 0) {
		bytes_done(&target);
		return report_problem(run, pending, problem, err);
	}
	is_equal = target.length == entry->link_length &&
		   memcmp(target.data, entry->link, target.length) == 0;
	bytes_done(&target);
	if (is_equal)
		return 0;
	return report_difference(run, pending, FINDING_OVERWRITTEN, 0, err);
}

int
verify_judge_entry(
    struct verify_run *run, struct verify_pending *pending, struct error *err)
{
	run->result.entries++;
	run->entries_done++;
	if (pending->entry.type == MANIFEST_FILE)
		return judge_file(run, pending, err);
	return judge_other(run, pending, err);
}
