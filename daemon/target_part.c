#include "daemon/target_part.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/discovery.h"
#include "daemon/gathering.h"
#include "daemon/ledger.h"
#include "daemon/target_entry.h"
#include "daemon/trait.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/worker/pace.h"

/* So often what killed two readers is halved: seven find one slice of 64. */
#define HALVINGS_MAX 16

/* One order of a target, and what it has not answered yet. */
struct target_part {
	struct target *target;
	struct target_owner owner;
	uint64_t run;
	bool is_names;
	struct verify_range ranges[PACE_SLICES_MAX];
	size_t range_count, range; /* the one that is being read */
	uint64_t next;		   /* slice that is due */
	struct gathering findings;
	uint64_t warnings; /* of the last commit: see target_owner */
	bool is_given_up;  /* it ended without an answer */
	bool is_worried;   /* not all that it read was good */
	bool has_rot;	   /* findings that no new backup explains */
	bool is_second;	   /* a reader died over it already */
	struct target_part *next_again;
};

/* What another backup under the name of this one would look like. */
static bool
is_of_writing(enum finding code)
{
	return code == FINDING_OVERWRITTEN || code == FINDING_TRUNCATED ||
	       code == FINDING_GROWN || code == FINDING_MISSING ||
	       code == FINDING_EXTRA || code == FINDING_TYPE_CHANGED;
}

/*
 * Where the name may have been used again, what was written there says nothing
 * of the old copy yet: undetermined, until discovery knows.
 */
static int
hold(struct target_part *part, struct examine_slice *slice, bool *ret_is_held,
    struct error *err)
{
	const struct target *target = part->target;
	struct examine_finding finding = {
	    .code = FINDING_NAME_UNCLEAR, .path = ""};

	*ret_is_held = part->findings.count > 0 && !part->has_rot &&
		       !part->is_given_up && !target->is_decided &&
		       discovery_doubt(target->service->discovery,
			   target->source, target->copy);
	if (!*ret_is_held)
		return 0;
	gathering_clear(&part->findings);
	slice->verdict = VERDICT_UNDETERMINED;
	slice->findings = 1;
	return gathering_add(&part->findings, &finding, err);
}

/* What was not looked at tells nothing of its files. */
static int
write_names(const struct target_part *part, const struct examine_slice *slice,
    struct error *err)
{
	return part->is_given_up ? 0
				 : trait_write(part->target->service,
				       part->target->copy, slice, err);
}

static int
commit(struct target_part *part, struct examine_slice *slice,
    enum reply_mode mode, struct error *err)
{
	struct target *target = part->target;
	bool is_slice = slice->slice != EXAMINE_NO_SLICE;
	bool has_lost = false, is_held;
	int64_t place;

	if (hold(part, slice, &is_held, err) != 0)
		return -1;
	/* Why nothing was read is about the copy, not about one slice. */
	place = is_slice && !part->is_given_up && !is_held
		    ? (int64_t)slice->slice
		    : -1;
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
	    target_close_findings(target, &part->findings, slice, err) == 0 &&
	    ledger_commit(target->service, err) == 0) {
		part->warnings = part->findings.warnings;
		gathering_clear(&part->findings);
		part->has_rot = false;
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
	struct target_part *part = context;

	part->has_rot = part->has_rot || !is_of_writing(finding->code);
	return gathering_add(&part->findings, finding, err);
}

/* The slice after the one that was answered; false after the last. */
static bool
advance(struct target_part *part)
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
is_answered(const struct target_part *part)
{
	return part->is_names ? part->range > 0
			      : part->range >= part->range_count;
}

static int
on_slice(void *context, const struct examine_slice *slice, enum reply_mode mode,
    struct error *err)
{
	struct target_part *part = context;
	uint64_t due = part->is_names ? EXAMINE_NO_SLICE : part->next;
	struct examine_slice result = *slice;

	if (is_answered(part) || slice->slice != due)
		return error_set(err, ERROR_PROTOCOL,
		    _("a child answered what it was not asked"));
	if (commit(part, &result, mode, err) != 0)
		return -1;
	if (result.verdict != VERDICT_INTACT)
		part->is_worried = true;
	if (part->is_names)
		part->range = 1;
	else
		(void)advance(part);
	part->owner.slice(part->owner.context, &result, part->warnings);
	return 0;
}

/* Give the part its share of the slices that none has. */
static void
take_slices(struct target_part *part)
{
	part->range = 0;
	part->range_count = target_take_slices(part->target, part->ranges);
	part->next = part->ranges[0].first;
}

/*
 * The child is through with what it has: further slices, for as long as all is
 * good.  After that another one goes on, which opens everything anew.
 */
static int
on_more(void *context, struct verify_range *ranges, size_t *ret_count,
    struct error *err)
{
	struct target_part *part = context;

	if (!is_answered(part))
		return error_set(err, ERROR_PROTOCOL,
		    _("a child answered what it was not asked"));
	if (part->is_names || part->is_worried ||
	    !target_has_fresh(part->target))
		return 0;
	take_slices(part);
	part->is_second = false;
	memcpy(ranges, part->ranges, part->range_count * sizeof(ranges[0]));
	*ret_count = part->range_count;
	return 0;
}

/*
 * What was not answered could not be determined, and the finding says why.
 * False where not even that could be recorded.
 */
static bool
give_up(struct target_part *part, enum finding why)
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
		part->owner.slice(part->owner.context, &slice, part->warnings);
		if (part->is_names)
			part->range = 1;
		else
			(void)advance(part);
	}
	if (err.code != ERROR_NONE)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	return is_answered(part);
}

/* Whether another reader is to get what this one left without an answer. */
static bool
is_for_another(const struct target_part *part, enum jobs_outcome outcome)
{
	return (outcome == JOBS_CRASHED || outcome == JOBS_LIMIT) &&
	       !part->target->is_cut;
}

/* What was not answered is all that the part has. */
static void
drop_answered(struct target_part *part)
{
	if (part->is_names)
		return;
	part->ranges[part->range].first = part->next;
	part->range_count -= part->range;
	memmove(part->ranges, part->ranges + part->range,
	    part->range_count * sizeof(part->ranges[0]));
	part->range = 0;
}

static void
keep_for_another(struct target_part *part)
{
	struct target *target = part->target;

	part->is_second = true;
	part->is_worried = part->has_rot = false;
	part->next = part->ranges[0].first;
	part->next_again = target->again;
	target->again = part;
}

/* Leave the first `count` slices to the part, and the others to the rest. */
static void
share_slices(struct target_part *part, struct target_part *rest, uint64_t count)
{
	size_t i = 0;
	uint64_t here;

	while ((here = part->ranges[i].last - part->ranges[i].first + 1) <=
	       count) {
		count -= here;
		i++;
	}
	part->range_count = i + (count > 0 ? 1 : 0);
	if (count > 0)
		part->ranges[i].last = part->ranges[i].first + count - 1;
	rest->range_count -= i;
	memmove(rest->ranges, rest->ranges + i,
	    rest->range_count * sizeof(rest->ranges[0]));
	rest->ranges[0].first += count;
}

/*
 * A reader that died, as one does that the kernel kills for want of memory,
 * says nothing of what it read: another one gets that.  What that one dies over
 * is halved, until the slice that kills readers is alone.  False where nobody
 * else is to have it.
 */
static bool
pass_on(struct target_part *part)
{
	struct target *target = part->target;
	struct target_part *rest;
	uint64_t count = 0;

	gathering_clear(&part->findings);
	drop_answered(part);
	if (!part->is_second) {
		keep_for_another(part);
		return true;
	}
	for (size_t i = 0; i < part->range_count; i++)
		count += part->ranges[i].last - part->ranges[i].first + 1;
	if (part->is_names || count < 2 || target->halvings >= HALVINGS_MAX)
		return false;
	rest = malloc(sizeof(*rest));
	if (rest == NULL)
		return false;
	target->halvings++;
	*rest = *part;
	share_slices(part, rest, count / 2);
	keep_for_another(rest);
	keep_for_another(part);
	return true;
}

void
target_part_drop(struct target *target)
{
	while (target->again != NULL) {
		struct target_part *part = target->again;

		target->again = part->next_again;
		free(part);
	}
}

static void
log_unanswered(const struct target_part *part, const char *how, const char *why)
{
	log_event(LOG_LEVEL_WARNING, _("verification of %s on %s: %s (%s)"),
	    part->target->generation, part->target->medium, how, why);
}

static void
on_end(void *context, const struct jobs_end *end, enum finding why)
{
	struct target_part *part = context;
	struct target *target = part->target;
	struct target_owner owner = part->owner;
	enum target_end result = TARGET_ANSWERED;
	bool is_kept = false;

	if (!part->is_names)
		target->parts--;
	if (end->outcome == JOBS_CANCELLED) {
		if (!is_answered(part) || target_has_left(target))
			result = TARGET_CANCELLED;
		target->is_cut = true;
	} else if (!is_answered(part)) {
		log_unanswered(
		    part, jobs_outcome_sentence(end->outcome), end->error.text);
		is_kept = is_for_another(part, end->outcome) && pass_on(part);
		if (!is_kept && !give_up(part, why))
			result = TARGET_FAILED;
	}
	if (!is_kept) {
		gathering_clear(&part->findings);
		free(part);
	}
	owner.ended(owner.context, result);
}

static int
order_part(struct target_part *part, struct error *err)
{
	struct target *target = part->target;
	struct verification_owner owner = {
	    .context = part,
	    .finding = on_finding,
	    .slice = on_slice,
	    .more = on_more,
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
	    .file_bytes = target->file_bytes,
	};

	if (!part->is_names && target->slices > 0)
		request.bytes = target->bytes;
	return verification_order(target->service, &request, &owner, err);
}

/*
 * One order more, counted in *orders.  Where none can be made, for want of
 * memory, what the part has is undetermined; -1 where not even that could be
 * recorded.
 */
static int
add_part(const struct target_part *part, size_t *orders, struct error *err)
{
	struct target_part *own = malloc(sizeof(*own));
	struct target_part lost = *part;
	bool is_told;

	if (own == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
	} else {
		*own = *part;
		if (order_part(own, err) == 0) {
			if (!own->is_names)
				own->target->parts++;
			++*orders;
			return 0;
		}
	}
	free(own);
	log_unanswered(&lost, jobs_outcome_sentence(JOBS_FAILED), err->text);
	is_told = give_up(&lost, FINDING_WORKER_LIMIT);
	gathering_clear(&lost.findings);
	return is_told ? 0 : -1;
}

/* What a reader that died left, or else slices that no part has. */
static struct target_part
take_part(struct target *target, const struct target_part *fresh)
{
	struct target_part part = *fresh, *left = target->again;

	if (left == NULL) {
		take_slices(&part);
		return part;
	}
	target->again = left->next_again;
	part = *left;
	free(left);
	return part;
}

int
target_part_order(struct target *target, uint64_t run,
    const struct target_owner *owner, bool is_names, size_t *orders,
    struct error *err)
{
	struct target_part part = {.target = target,
	    .run = run,
	    .owner = *owner,
	    .is_names = is_names};

	if (!is_names)
		part = take_part(target, &part);
	return add_part(&part, orders, err);
}
