#include "lib/judge/copies.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/judge/copies_internal.h"

static void
stand(struct copies_standing *standing, enum bounds_answer good,
    const char *reason)
{
	standing->good = good;
	standing->reason = reason;
}

/* Not good, and after so long not even perhaps (law 2). */
static void
stand_unknown(const struct copies *copies, struct copies_standing *standing,
    int64_t age, int64_t promise, const char *reason)
{
	stand(standing,
	    age != INVENTORY_AGELESS &&
		    age - promise > copies->inventory->undetermined_ms
		? BOUNDS_NO
		: BOUNDS_MAYBE,
	    reason);
}

/*
 * How long ago it was recorded at least: where its own instant lies ahead,
 * since the clock was put right after it.
 */
static int64_t
recorded_for(
    const struct inventory *inventory, const struct inventory_copy *copy)
{
	int64_t age = inventory_age(inventory, copy->captured_at, 0);

	/* The newest step comes first. */
	for (size_t i = 0;
	     i < inventory->step_count && age == INVENTORY_AGELESS; i++) {
		const struct inventory_step *step =
		    &inventory->steps[inventory->step_count - 1 - i];

		if (step->seq > copy->id)
			age = inventory_age(inventory, step->at, step->seq);
	}
	return age;
}

/* How long ago it was read, or recorded where nobody can say when. */
static int64_t
read_for(const struct inventory *inventory, const struct inventory_copy *copy)
{
	int64_t age = inventory_age(inventory, copy->oldest_read_at, 0);

	return age != INVENTORY_AGELESS ? age : recorded_for(inventory, copy);
}

/* How long ago it was in sight; since it was recorded where it never was. */
static int64_t
unseen_for(const struct inventory *inventory, const struct inventory_copy *copy)
{
	int64_t age = copy->source == INVENTORY_NOT
			  ? INVENTORY_AGELESS
			  : inventory_age(inventory,
				inventory->sources[copy->source].good_at, 0);

	return age != INVENTORY_AGELESS ? age : recorded_for(inventory, copy);
}

/* Whether it was read within the promise, of what is in sight until then. */
static void
stand_fresh(const struct copies *copies, struct copies_standing *standing,
    const struct inventory_copy *copy, int64_t unseen_ms)
{
	const struct inventory_medium *medium =
	    &copies->inventory->media[copy->medium];
	int64_t age = inventory_age(copies->inventory, copy->oldest_read_at, 0);

	if (age == INVENTORY_AGELESS)
		stand(standing, BOUNDS_MAYBE, "clock");
	else if (medium->coverage_ms == 0 ||
		 age - unseen_ms <= medium->coverage_ms)
		stand(standing, BOUNDS_YES, "");
	else
		stand_unknown(copies, standing, age - unseen_ms,
		    medium->coverage_ms, "coverage-overdue");
}

static bool
is_in_sight(
    const struct inventory *inventory, const struct inventory_copy *copy)
{
	const struct inventory_medium *medium = &inventory->media[copy->medium];
	const struct inventory_source *source =
	    &inventory->sources[copy->source];

	return source->is_ok && strcmp(medium->state, "hung") != 0 &&
	       strcmp(medium->state, "yanked") != 0 &&
	       strcmp(medium->state, "absent") != 0 &&
	       inventory_age(inventory, source->scanned_at, source->scan_seq) <=
		   INVENTORY_STALE_MS;
}

/*
 * Nobody sees it: where absence is the plan, the evidence for its medium speaks
 * for it; otherwise nothing does.
 */
static void
stand_unseen(const struct copies *copies, struct copies_standing *standing,
    const struct inventory_copy *copy)
{
	const struct inventory *inventory = copies->inventory;
	const struct inventory_medium *medium = &inventory->media[copy->medium];
	const struct offline_claim *claim = &copies->claims[copy->medium];
	int64_t unseen = inventory_age(inventory, medium->seen_at, 0);

	if (claim->evidence == OFFLINE_STALE)
		stand(standing, BOUNDS_NO, claim->reason);
	else if (claim->evidence >= OFFLINE_ATTESTED && !medium->in_reach &&
		 offline_is_away(medium->offline))
		stand_fresh(copies, standing, copy,
		    unseen == INVENTORY_AGELESS ? 0 : unseen);
	else
		stand_unknown(copies, standing, unseen_for(inventory, copy), 0,
		    "not-in-sight");
}

bool
copies_is_retired(
    const struct inventory *inventory, const struct inventory_copy *copy)
{
	return copy->medium != INVENTORY_NOT &&
	       inventory_is_retired(&inventory->media[copy->medium]);
}

static void
judge_standing(const struct copies *copies, struct copies_standing *standing,
    const struct inventory_copy *copy)
{
	const struct inventory *inventory = copies->inventory;
	const char *doubt;
	int64_t promise;

	/* Also while it is connected still. */
	if (copies_is_retired(inventory, copy)) {
		stand(standing, BOUNDS_NO, "medium-retired");
		return;
	}
	if (copy->is_missing) {
		stand(standing, BOUNDS_NO, "copies-missing");
		return;
	}
	if (copy->verdict == VERDICT_DAMAGED) {
		stand(standing, BOUNDS_NO, "copies-damaged");
		return;
	}
	if (!copy->is_captured) {
		stand(standing, BOUNDS_NO, "capture-awaited");
		return;
	}
	if (copy->medium == INVENTORY_NOT) {
		/* What was promised of its medium is not known any more. */
		stand_unknown(copies, standing, read_for(inventory, copy), 0,
		    "copies-unwatched");
		return;
	}
	promise = inventory->media[copy->medium].coverage_ms;
	doubt = inventory_doubt_of(&inventory->media[copy->medium]);
	if (copy->verdict == VERDICT_UNDETERMINED) {
		stand_unknown(copies, standing, read_for(inventory, copy),
		    promise, "copies-undetermined");
		return;
	}
	/* It may be a clone's, whatever was read of it. */
	if (doubt != NULL) {
		stand_unknown(
		    copies, standing, unseen_for(inventory, copy), 0, doubt);
		return;
	}
	standing->is_seen =
	    copy->source != INVENTORY_NOT && is_in_sight(inventory, copy);
	if (standing->is_seen)
		stand_fresh(copies, standing, copy, 0);
	else
		stand_unseen(copies, standing, copy);
}

/* The file system's own flag, as it was when it was last looked at. */
static bool
is_immutable(
    const struct inventory *inventory, const struct inventory_copy *copy)
{
	return copy->is_immutable &&
	       inventory_age(inventory, copy->trait.at, copy->trait.seq) <=
		   inventory->verified_ms;
}

static enum bounds_answer
least_of(enum bounds_answer a, enum bounds_answer b)
{
	return a < b ? a : b;
}

static enum bounds_answer
protected_of(const struct copies *copies, const struct inventory_copy *copy)
{
	if (copy->medium == INVENTORY_NOT)
		return BOUNDS_MAYBE;
	if (is_immutable(copies->inventory, copy))
		return BOUNDS_YES;
	return copies->claims[copy->medium].is_protected;
}

static enum bounds_answer
offline_of(const struct copies *copies, const struct inventory_copy *copy)
{
	const struct offline_claim *claim;
	const struct inventory_medium *medium;

	if (copy->medium == INVENTORY_NOT)
		return BOUNDS_NO;
	claim = &copies->claims[copy->medium];
	medium = &copies->inventory->media[copy->medium];
	if (claim->evidence >= OFFLINE_ATTESTED)
		return BOUNDS_YES;
	if (strcmp(medium->offline, "append-only") == 0 &&
	    medium->elsewhere == 0 && is_immutable(copies->inventory, copy))
		return BOUNDS_YES;
	return claim->evidence == OFFLINE_PARTIAL ||
		       claim->evidence == OFFLINE_UNDETERMINED
		   ? BOUNDS_MAYBE
		   : BOUNDS_NO;
}

static bool
is_told(const struct inventory_copy *copy, const char *word)
{
	return strcmp(copy->encrypted, word) == 0;
}

/* The word is about the content that the copy has now. */
static bool
is_content(const struct inventory_copy *copy, const char *word)
{
	return is_told(copy, word) && copy->trait.seq > copy->manifest;
}

/*
 * By what the capture saw of its files; in captures from before that was
 * counted, by what was written down of the copy as a whole.
 */
static enum bounds_answer
content_of(const struct inventory_copy *copy)
{
	enum sealing_state state = SEALING_UNKNOWN;

	if (copy->has_sealing)
		state = sealing_state(&copy->sealing);
	switch (state) {
	case SEALING_WHOLE:
		return BOUNDS_YES;
	case SEALING_PLAIN:
	case SEALING_PARTLY:
		return BOUNDS_NO;
	case SEALING_UNKNOWN:
		break;
	}
	if (is_content(copy, "archive") ||
	    (is_content(copy, "file") && !copy->has_sealing))
		return BOUNDS_YES;
	return is_content(copy, "none") && !copy->has_sealing ? BOUNDS_NO
							      : BOUNDS_MAYBE;
}

/* By its content, or else by the device that it lies on. */
static enum bounds_answer
encrypted_of(const struct copies *copies, const struct inventory_copy *copy)
{
	enum bounds_answer content = content_of(copy);
	const char *medium = "";

	if (content == BOUNDS_YES || is_told(copy, "medium"))
		return BOUNDS_YES;
	if (copy->medium != INVENTORY_NOT)
		medium = copies->inventory->media[copy->medium].encrypted;
	if (medium[0] == '\0' || strcmp(medium, "unknown") == 0)
		return BOUNDS_MAYBE;
	if (strcmp(medium, "none") != 0 && strcmp(medium, "no") != 0)
		return BOUNDS_YES;
	return content;
}

int
copies_judge(const struct inventory *inventory, struct copies **ret_copies,
    struct error *err)
{
	struct copies *copies = calloc(1, sizeof(*copies));

	if (copies == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	copies->inventory = inventory;
	copies->claims =
	    calloc(inventory->medium_count + 1, sizeof(*copies->claims));
	copies->devices =
	    calloc(inventory->medium_count + 1, sizeof(*copies->devices));
	copies->standings =
	    calloc(inventory->copy_count + 1, sizeof(*copies->standings));
	if (copies->claims == NULL || copies->devices == NULL ||
	    copies->standings == NULL) {
		copies_free(copies);
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	}
	for (size_t i = 0; i < inventory->medium_count; i++)
		offline_judge(
		    inventory, &inventory->media[i], &copies->claims[i]);
	copies_devices_find(copies);
	for (size_t i = 0; i < inventory->copy_count; i++)
		judge_standing(
		    copies, &copies->standings[i], &inventory->copies[i]);
	*ret_copies = copies;
	return 0;
}

void
copies_free(struct copies *copies)
{
	if (copies == NULL)
		return;
	free(copies->claims);
	free(copies->devices);
	free(copies->standings);
	free(copies);
}

const struct inventory *
copies_inventory(const struct copies *copies)
{
	return copies->inventory;
}

const struct offline_claim *
copies_claim(const struct copies *copies, size_t medium)
{
	return &copies->claims[medium];
}

const char *
copies_reason(const struct copies *copies, size_t copy)
{
	return copies->standings[copy].reason;
}

bool
copies_is_intact(const struct copies *copies, size_t copy)
{
	const struct inventory_copy *of = &copies->inventory->copies[copy];

	return of->is_captured && !of->is_missing &&
	       of->verdict == VERDICT_INTACT;
}

bool
copies_is_brought_here(const struct inventory_medium *medium)
{
	return medium->is_offsite && medium->is_local &&
	       inventory_reach_of(medium->state, medium->in_reach) ==
		   INVENTORY_IN;
}

/*
 * Kept elsewhere, as somebody said, and nobody sees that it is here.  What this
 * host serves to itself may be what a tunnel leads to.
 */
static enum bounds_answer
offsite_of(const struct copies *copies, const struct inventory_copy *copy)
{
	const struct inventory_medium *medium;

	if (copy->medium == INVENTORY_NOT)
		return BOUNDS_NO;
	medium = &copies->inventory->media[copy->medium];
	if (!medium->is_offsite || copies_is_brought_here(medium))
		return BOUNDS_NO;
	return inventory_is_served_here(medium) ? BOUNDS_MAYBE : BOUNDS_YES;
}

enum bounds_answer
copies_is(const struct copies *copies, size_t at, enum copies_trait trait)
{
	const struct inventory_copy *copy = &copies->inventory->copies[at];
	const struct copies_standing *standing = &copies->standings[at];
	enum bounds_answer answer = BOUNDS_YES, offline, offsite;
	enum bounds_answer protected, encrypted;

	/* What can be read by anybody can be so in whatever state it is. */
	if (trait == COPIES_UNENCRYPTED)
		return copy->is_missing
			   ? BOUNDS_NO
			   : (enum bounds_answer)(
				 BOUNDS_YES - (int)encrypted_of(copies, copy));
	if (standing->good == BOUNDS_NO)
		return BOUNDS_NO;
	offline = offline_of(copies, copy);
	protected = protected_of(copies, copy);
	encrypted = encrypted_of(copies, copy);
	offsite = offsite_of(copies, copy);
	switch (trait) {
	case COPIES_GOOD:
		break;
	case COPIES_IN_SIGHT:
		answer = standing->is_seen		  ? BOUNDS_YES
			 : standing->good == BOUNDS_MAYBE ? BOUNDS_MAYBE
							  : BOUNDS_NO;
		break;
	case COPIES_OFFSITE:
		answer = offsite;
		break;
	case COPIES_OFFLINE:
		answer = offline;
		break;
	case COPIES_OFFLINE_OR_OFFSITE:
		answer = offline > offsite ? offline : offsite;
		break;
	case COPIES_IMMUTABLE:
		answer = protected;
		break;
	case COPIES_PROTECTED:
		answer = protected > offline ? protected : offline;
		break;
	case COPIES_ENCRYPTED:
		answer = encrypted;
		break;
	case COPIES_UNENCRYPTED:
		break;
	}
	return least_of(standing->good, answer);
}
