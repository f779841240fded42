/*
 * target_close: which open findings a slice that was verified answers.
 *
 * Part of target.
 */
#include "daemon/closing.h"
#include "daemon/gathering.h"
#include "daemon/target_internal.h"
#include "lib/store/query.h"

/* What was committed, by which an open finding is judged. */
struct answer {
	const struct target *target;
	const struct gathering *findings; /* of the slice itself */
	uint64_t slice;
	bool is_answered; /* no slice of the copy is undetermined */
	bool is_whole;	  /* every byte was read again and is intact */
	int64_t since;	  /* ... since then, ms since the epoch */
	bool is_again;	  /* a closed copy that was captured once more */
};

static int
look_at_copy(const struct query_copy *row, void *context, struct error *err)
{
	struct answer *answer = context;

	(void)err;
	answer->is_answered = row->undetermined == 0;
	answer->is_whole = answer->is_answered && row->damaged == 0 &&
			   row->unconfirmed_bytes == 0 &&
			   answer->slice != EXAMINE_NO_SLICE;
	answer->since = row->oldest_read_at;
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
is_answer_for_copy(const struct answer *answer, const struct query_finding *row,
    enum finding code)
{
	/* What was gone is as good as what was read since it came back. */
	if (code == FINDING_GENERATION_MISSING)
		return answer->is_whole && answer->since >= row->last_at;
	/* Some slices alone do not say what it is. */
	if (code == FINDING_NAME_UNCLEAR)
		return answer->is_whole;
	/* Why it could not be read. */
	return answer->is_answered && row->slice < 0 &&
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

/*
 * About a name of a closed copy whose last manifest stands in the present one,
 * while its slices counted as intact from that capture on: a name alone takes
 * back no damage.  What was added is in no slice.
 */
static bool
is_answer_to_again(const struct answer *answer, enum finding code)
{
	if (code == FINDING_EXTRA)
		return answer->slice == EXAMINE_NO_SLICE;
	if (answer->slice != EXAMINE_NO_SLICE)
		return answer->is_whole;
	return finding_verdict(code) == VERDICT_UNDETERMINED &&
	       is_among(code, of_names, COUNT(of_names));
}

/* A closing's callback: whether what was just committed answers the finding. */
static bool
is_answer_to(const void *context, const struct query_finding *row)
{
	const struct answer *answer = context;
	bool is_names = answer->slice == EXAMINE_NO_SLICE;
	enum finding code;

	if (gathering_has(answer->findings, row->id) ||
	    finding_parse(row->code, &code) != 0 || is_of_producer(code))
		return false;
	/* What an archive contains, nobody looked at. */
	if (finding_is_of_members(code))
		return false;
	if (row->subject == NULL)
		return is_answer_for_copy(answer, row, code);
	if (answer->is_again && row->slice < 0)
		return is_answer_to_again(answer, code);
	/* About a file, by an older manifest. */
	if (row->manifest != answer->target->manifest)
		return answer->is_whole;
	if (row->slice >= 0)
		return !is_names && row->slice == (int64_t)answer->slice;
	/* Found by comparing names, or by the capture itself. */
	if (is_names)
		return is_among(code, of_names, COUNT(of_names));
	return answer->is_whole && is_among(code, of_bytes, COUNT(of_bytes));
}

/* Nobody writes to it; where its source is configured no more, who knows. */
static bool
is_again(const struct target *target)
{
	const struct config_source *source =
	    config_find_source(target->service->config, target->source);

	return source != NULL && source->layout != CONFIG_LAYOUT_TREE &&
	       target->version > 1;
}

int
target_close_findings(const struct target *target,
    const struct gathering *findings, const struct examine_slice *slice,
    struct error *err)
{
	const struct query_copy_filter copy = {.copy = target->copy};
	struct answer answer = {.target = target,
	    .findings = findings,
	    .slice = slice->slice,
	    .is_again = is_again(target)};
	const struct closing closing = {
	    .among = {.copy = target->copy},
	    .is_answered = is_answer_to,
	    .context = &answer,
	    .reason = "read-good",
	};

	/* Where not every finding came, what did not come is not resolved. */
	if (slice->verdict == VERDICT_UNDETERMINED ||
	    slice->findings != findings->count)
		return 0;
	if (query_copies(target->service->catalog, CATALOG_NOW, &copy,
		look_at_copy, &answer, err) != 0)
		return -1;
	return closing_run(target->service, &closing, NULL, err);
}
