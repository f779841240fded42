/*
 * target_close: which open findings a slice that was verified answers.
 *
 * Part of target.
 */
#include <stdlib.h>

#include "daemon/gathering.h"
#include "daemon/ledger.h"
#include "daemon/target_internal.h"
#include "lib/base/i18n.h"
#include "lib/store/query.h"
#include "lib/store/query_finding.h"

/* Open findings of the same place that were not found again. */
struct closing {
	const struct target *target;
	const struct gathering *findings; /* of the slice itself */
	uint64_t slice;
	bool is_answered; /* no slice of the copy is undetermined */
	bool is_whole;	  /* every byte was read again and is intact */
	int64_t since;	  /* ... since then, ms since the epoch */
	uint64_t ids[GATHERING_MAX];
	size_t count;
};

static int
look_at_copy(const struct query_copy *row, void *context, struct error *err)
{
	struct closing *closing = context;

	(void)err;
	closing->is_answered = row->undetermined == 0;
	closing->is_whole = closing->is_answered && row->damaged == 0 &&
			    row->unconfirmed_bytes == 0 &&
			    closing->slice != EXAMINE_NO_SLICE;
	closing->since = row->oldest_read_at;
	return 0;
}

/* What comparing names and sizes alone can take back. */
static const enum finding of_names[] = {FINDING_MISSING, FINDING_EXTRA,
    FINDING_TRUNCATED, FINDING_GROWN, FINDING_TYPE_CHANGED,
    FINDING_UNREADABLE_NOW, FINDING_PERMISSION_DENIED,
    FINDING_UNREAD_AT_CAPTURE, FINDING_CHANGED_SINCE_CAPTURE,
    FINDING_MOUNT_INSIDE};

/* What a capture found wrong, and reading every byte good takes back. */
static const enum finding of_bytes[] = {FINDING_BIT_ROT, FINDING_OVERWRITTEN,
    FINDING_UNREADABLE, FINDING_UNSTABLE_READ, FINDING_CHANGED_WHILE_READ};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool
is_among(enum finding code, const enum finding *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i] == code)
			return true;
	return false;
}

/* A finding about the copy as a whole. */
static bool
is_answer_for_copy(const struct closing *closing,
    const struct query_finding *row, enum finding code)
{
	/* What was gone is as good as what was read since it came back. */
	if (code == FINDING_GENERATION_MISSING)
		return closing->is_whole && closing->since >= row->last_at;
	/* Why it could not be read. */
	return closing->is_answered && row->slice < 0 &&
	       (finding_verdict(code) == VERDICT_UNDETERMINED ||
		   code == FINDING_MEDIUM_ABSENT ||
		   code == FINDING_SOURCE_MISSING) &&
	       code != FINDING_COPIES_DIFFER;
}

/*
 * What the producer's checksums disagree with: reading the same bytes again
 * changes nothing about that.
 */
static bool
is_of_producer(enum finding code)
{
	return code == FINDING_FOREIGN_MANIFEST_MISMATCH ||
	       code == FINDING_FOREIGN_MANIFEST_UNREADABLE;
}

/* Whether what was just committed answers the finding. */
static bool
is_answer_to(const struct closing *closing, const struct query_finding *row)
{
	bool is_names = closing->slice == EXAMINE_NO_SLICE;
	enum finding code;

	if (gathering_has(closing->findings, row->id) ||
	    finding_parse(row->code, &code) != 0 || is_of_producer(code))
		return false;
	/* What an archive contains, nobody looked at. */
	if (finding_is_of_members(code))
		return false;
	if (row->subject == NULL)
		return is_answer_for_copy(closing, row, code);
	/* About a file, by an older manifest of a living copy. */
	if (row->manifest != closing->target->manifest)
		return closing->is_whole;
	if (row->slice >= 0)
		return !is_names && row->slice == (int64_t)closing->slice;
	/* Found by comparing names, or by the capture itself. */
	if (is_names)
		return is_among(code, of_names, COUNT(of_names));
	return closing->is_whole && is_among(code, of_bytes, COUNT(of_bytes));
}

static int
look_at_open(const struct query_finding *row, void *context, struct error *err)
{
	struct closing *closing = context;

	(void)err;
	if (closing->count < GATHERING_MAX && is_answer_to(closing, row))
		closing->ids[closing->count++] = row->id;
	return 0;
}

int
target_close_findings(const struct target *target,
    const struct gathering *findings, const struct examine_slice *slice,
    struct error *err)
{
	struct catalog *catalog = target->service->catalog;
	struct query_finding_filter filter = {
	    .only_open = true, .copy = target->copy};
	struct query_copy_filter copy = {.copy = target->copy};
	struct closing *closing;
	int rc = -1;

	/* Where not every finding came, what did not come is not resolved. */
	if (slice->verdict == VERDICT_UNDETERMINED ||
	    slice->findings != findings->count)
		return 0;
	closing = calloc(1, sizeof(*closing));
	if (closing == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	closing->target = target;
	closing->findings = findings;
	closing->slice = slice->slice;
	if (query_copies(
		catalog, CATALOG_NOW, &copy, look_at_copy, closing, err) != 0 ||
	    query_findings(
		catalog, CATALOG_NOW, &filter, look_at_open, closing, err) != 0)
		goto out;
	for (size_t i = 0; i < closing->count; i++)
		if (ledger_close_finding(target->service, closing->ids[i],
			"read-good", err) != 0)
			goto out;
	rc = 0;
out:
	free(closing);
	return rc;
}
