#include <stdlib.h>
#include <string.h>

#include "daemon/gathering.h"
#include "daemon/ledger.h"
#include "daemon/readers.h"
#include "daemon/target_entry.h"
#include "daemon/trait.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/store/query.h"
#include "lib/store/query_finding.h"
#include "lib/worker/pace.h"

/* One order of a target, and what it has not answered yet. */
struct part {
	struct target *target;
	struct target_owner owner;
	uint64_t run;
	bool is_names;
	struct verify_range ranges[PACE_SLICES_MAX];
	size_t range_count, range; /* the one that is being read */
	uint64_t next;		   /* slice that is due */
	struct gathering findings;
	bool is_given_up; /* it ended without an answer */
};

/* What was not looked at tells nothing of its files. */
static int
write_names(const struct part *part, const struct examine_slice *slice,
    struct error *err)
{
	return part->is_given_up ? 0
				 : trait_write(part->target->service,
				       part->target->copy, slice, err);
}

/* Open findings of the same place that were not found again. */
struct closing {
	const struct part *part;
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

	if (gathering_has(&closing->part->findings, row->id) ||
	    finding_parse(row->code, &code) != 0 || is_of_producer(code))
		return false;
	/* What an archive contains, nobody looked at. */
	if (finding_is_of_members(code))
		return false;
	if (row->subject == NULL)
		return is_answer_for_copy(closing, row, code);
	/* About a file, by an older manifest of a living copy. */
	if (row->manifest != closing->part->target->manifest)
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

static int
close_findings(const struct part *part, const struct examine_slice *slice,
    struct error *err)
{
	struct catalog *catalog = part->target->service->catalog;
	struct query_finding_filter filter = {
	    .only_open = true, .copy = part->target->copy};
	struct query_copy_filter copy = {.copy = part->target->copy};
	struct closing *closing;
	int rc = -1;

	/* Where not every finding came, what did not come is not resolved. */
	if (slice->verdict == VERDICT_UNDETERMINED ||
	    slice->findings != part->findings.count)
		return 0;
	closing = calloc(1, sizeof(*closing));
	if (closing == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	closing->part = part;
	closing->slice = slice->slice;
	if (query_copies(
		catalog, CATALOG_NOW, &copy, look_at_copy, closing, err) != 0 ||
	    query_findings(
		catalog, CATALOG_NOW, &filter, look_at_open, closing, err) != 0)
		goto out;
	for (size_t i = 0; i < closing->count; i++)
		if (ledger_close_finding(part->target->service, closing->ids[i],
			"read-good", err) != 0)
			goto out;
	rc = 0;
out:
	free(closing);
	return rc;
}

static int
commit(struct part *part, struct examine_slice *slice, enum reply_mode mode,
    struct error *err)
{
	struct target *target = part->target;
	bool is_slice = slice->slice != EXAMINE_NO_SLICE;
	/* Why nothing was read is about the copy, not about one slice. */
	int64_t place =
	    is_slice && !part->is_given_up ? (int64_t)slice->slice : -1;
	bool has_lost = false;

	if (ledger_begin(target->service, err) != 0)
		return -1;
	if (gathering_settle(&part->findings, target->service, target->copy,
		&has_lost, err) != 0)
		goto failed;
	if (has_lost)
		slice->verdict = VERDICT_DAMAGED;
	if ((is_slice ? target_entry_slice(target, part->run, slice, mode, err)
		      : write_names(part, slice, err)) == 0 &&
	    gathering_commit(&part->findings, target->service, target->copy,
		target->manifest, place, err) == 0 &&
	    close_findings(part, slice, err) == 0 &&
	    ledger_commit(target->service, err) == 0) {
		gathering_clear(&part->findings);
		return 0;
	}
failed:
	ledger_rollback(target->service);
	return -1;
}

static int
on_finding(
    void *context, const struct examine_finding *finding, struct error *err)
{
	struct part *part = context;

	return gathering_add(&part->findings, finding, err);
}

/* The slice after the one that was answered; false after the last. */
static bool
advance(struct part *part)
{
	if (part->next < part->ranges[part->range].last) {
		part->next++;
		return true;
	}
	if (++part->range >= part->range_count)
		return false;
	part->next = part->ranges[part->range].first;
	return true;
}

static bool
is_answered(const struct part *part)
{
	return part->is_names ? part->range > 0
			      : part->range >= part->range_count;
}

static int
on_slice(void *context, const struct examine_slice *slice, enum reply_mode mode,
    struct error *err)
{
	struct part *part = context;
	uint64_t due = part->is_names ? EXAMINE_NO_SLICE : part->next;
	struct examine_slice result = *slice;

	if (is_answered(part) || slice->slice != due)
		return error_set(err, ERROR_PROTOCOL,
		    _("a child answered what it was not asked"));
	if (commit(part, &result, mode, err) != 0)
		return -1;
	if (part->is_names)
		part->range = 1;
	else
		(void)advance(part);
	part->owner.slice(part->owner.context, &result);
	return 0;
}

/* What was not answered could not be determined, and the finding says why. */
static void
give_up(struct part *part, enum finding why)
{
	struct examine_slice slice = {.verdict = VERDICT_UNDETERMINED};
	struct examine_finding finding = {.code = why, .path = ""};
	struct error err = {0};
	bool is_first = true;

	gathering_clear(&part->findings);
	part->is_given_up = true;
	while (!is_answered(part)) {
		slice.slice = part->is_names ? EXAMINE_NO_SLICE : part->next;
		slice.findings = is_first ? 1 : 0;
		if (is_first &&
		    gathering_add(&part->findings, &finding, &err) != 0)
			break;
		if (commit(part, &slice, REPLY_MODE_CACHE_POSSIBLE, &err) != 0)
			break;
		is_first = false;
		part->owner.slice(part->owner.context, &slice);
		if (part->is_names)
			part->range = 1;
		else
			(void)advance(part);
	}
	if (err.code != ERROR_NONE)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
}

static void
on_end(void *context, const struct jobs_end *end, enum finding why)
{
	struct part *part = context;
	struct target_owner owner = part->owner;
	enum target_end result = TARGET_ANSWERED;

	if (!is_answered(part) && end->outcome != JOBS_CANCELLED) {
		log_event(LOG_LEVEL_WARNING,
		    _("verification of %s on %s: %s (%s)"),
		    part->target->generation, part->target->medium,
		    jobs_outcome_sentence(end->outcome), end->error.text);
		give_up(part, why);
	}
	if (!is_answered(part))
		result = end->outcome == JOBS_CANCELLED ? TARGET_CANCELLED
							: TARGET_FAILED;
	gathering_clear(&part->findings);
	free(part);
	owner.ended(owner.context, result);
}

static int
order_part(struct part *part, struct error *err)
{
	struct target *target = part->target;
	struct verification_owner owner = {
	    .context = part,
	    .finding = on_finding,
	    .slice = on_slice,
	    .ended = on_end,
	};
	struct verification_request request = {
	    .manifest = {.system = target->system,
		.generation = target->generation,
		.medium = target->medium,
		.version = target->version},
	    .source_id = target->source,
	    .locator = target->locator,
	    .is_names_only = part->is_names,
	    .ranges = part->ranges,
	    .range_count = part->range_count,
	    .not_before = target->not_before,
	    .run = part->run,
	    .priority = target->priority,
	};

	if (!part->is_names && target->slices > 0)
		request.bytes = target->bytes;
	return verification_order(target->service, &request, &owner, err);
}

static bool
is_same_source(const struct target *a, const struct target *b)
{
	return strcmp(a->source, b->source) == 0 &&
	       strcmp(a->medium, b->medium) == 0;
}

struct target *
target_successor(struct target *target)
{
	struct target *next = target->next;

	while (
	    next != NULL && !(next->is_sharing && is_same_source(target, next)))
		next = next->next;
	return next;
}

bool
target_is_waiting(const struct target *targets, const struct target *target)
{
	bool is_found = false;

	if (!target->is_sharing)
		return false;
	for (; targets != target && !is_found; targets = targets->next)
		is_found =
		    targets->is_sharing && is_same_source(targets, target);
	return is_found;
}

static struct part *
new_part(struct target *target, uint64_t run, const struct target_owner *owner)
{
	struct part *part = calloc(1, sizeof(*part));

	if (part == NULL)
		return NULL;
	part->target = target;
	part->run = run;
	part->owner = *owner;
	return part;
}

/* Slices of this target and of those after it on the same medium. */
static uint64_t
count_left(const struct target *target)
{
	uint64_t left = 0;

	for (const struct target *at = target; at != NULL; at = at->next)
		if (strcmp(at->medium, target->medium) == 0)
			left += at->slices;
	return left;
}

/*
 * Fill a part with up to `most` of the next slices, and return how many;
 * *range and *slice say where it goes on.
 */
static uint64_t
take_slices(struct part *part, unsigned most, size_t *range, uint64_t *slice)
{
	const struct target *target = part->target;
	uint64_t taken = 0;

	while (*range < target->range_count && taken < most) {
		uint64_t last = target->ranges[*range].last;
		uint64_t room = most - taken;
		uint64_t to = last - *slice < room ? last : *slice + room - 1;

		part->ranges[part->range_count++] =
		    (struct verify_range){*slice, to};
		taken += to - *slice + 1;
		if (to < last) {
			*slice = to + 1;
		} else if (++*range < target->range_count) {
			*slice = target->ranges[*range].first;
		}
	}
	part->next = part->ranges[0].first;
	return taken;
}

int
target_order(struct target *target, uint64_t run,
    const struct target_owner *owner, size_t *ret_orders, struct error *err)
{
	unsigned readers = readers_of_medium(target->service, target->medium);
	uint64_t left = count_left(target);
	size_t range = 0;
	uint64_t slice = target->range_count > 0 ? target->ranges[0].first : 0;
	bool has_names = target->has_names;

	*ret_orders = 0;
	if (target->is_members) {
		if (target_order_members(target, run, owner, err) != 0)
			return -1;
		++*ret_orders;
	}
	while (has_names || range < target->range_count) {
		struct part *part = new_part(target, run, owner);

		if (part == NULL)
			return error_set(
			    err, ERROR_INTERNAL, _("out of memory"));
		part->is_names = has_names;
		if (!has_names)
			left -= take_slices(
			    part, pace_slices(left, readers), &range, &slice);
		has_names = false;
		if (order_part(part, err) != 0) {
			free(part);
			return -1;
		}
		++*ret_orders;
	}
	return 0;
}
