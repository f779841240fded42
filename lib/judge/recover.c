#include "lib/judge/recover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/model/schedule.h"

#define COPY_TEXT(to, from) ((void)snprintf(to, sizeof(to), "%s", from))

/* A plan, and what it is made of. */
struct planning {
	const struct recover_question *question;
	const struct inventory *inventory;
	const struct copies *copies;
	struct recover *plan;
};

/* When it had been taken and, where it was, recorded. */
static int64_t
known_at(const struct inventory_copy *copy)
{
	return copy->captured_at > copy->taken_at ? copy->captured_at
						  : copy->taken_at;
}

static bool
is_later(const struct inventory_copy *copy, int64_t before)
{
	return known_at(copy) >= before;
}

/* On a medium out of service, that is not there: what is there can be used. */
static bool
is_gone(const struct inventory *inventory, const struct inventory_copy *copy)
{
	const struct inventory_medium *medium;

	if (copy->medium == INVENTORY_NOT)
		return false;
	medium = &inventory->media[copy->medium];
	return inventory_is_retired(medium) && !medium->in_reach;
}

/*
 * What a generation offers: copies that are as good, by what is against it.  A
 * copy that came to another medium later is not used, and takes nothing from
 * those that were there before.
 */
struct offer {
	uint64_t later, good, undetermined, retired;
};

static struct offer
look_at(const struct planning *planning,
    const struct inventory_generation *generation)
{
	const struct inventory *inventory = planning->inventory;
	struct offer offer = {0, 0, 0, 0};

	for (size_t i = 0; i < generation->copy_count; i++) {
		size_t at = generation->copy + i;
		const struct inventory_copy *copy = &inventory->copies[at];

		if (is_later(copy, planning->question->before))
			offer.later++;
		else if (is_gone(inventory, copy))
			offer.retired += copies_is_intact(planning->copies, at);
		else if (copies_is_intact(planning->copies, at))
			offer.good++;
		else if (copy->verdict != VERDICT_DAMAGED && !copy->is_missing)
			offer.undetermined++;
	}
	return offer;
}

/* Whether its date lies ahead of the clock by more than clocks differ. */
static bool
is_misdated(const struct planning *planning,
    const struct inventory_generation *generation)
{
	const struct inventory *inventory = planning->inventory;

	for (size_t i = 0; i < generation->copy_count; i++) {
		int64_t at = inventory->copies[generation->copy + i].taken_at;

		if (at != QUERY_NEVER &&
		    schedule_trust(at, inventory->now, inventory->ahead_ms) ==
			SCHEDULE_NEVER)
			return true;
	}
	return false;
}

/* A generation cannot be used: count why not. */
static void
pass_over(struct recover_system *system, const struct offer *offer)
{
	if (offer->later > 0)
		system->later++;
	else if (offer->good > 0)
		system->suspicious++;
	else if (offer->undetermined > 0)
		system->undetermined++;
	else if (offer->retired > 0)
		system->retired++;
	else
		system->damaged++;
}

/* Where its medium is, and whether an attacker may have reached it. */
static void
describe_medium(
    struct recover_copy *copy, const struct inventory_medium *medium)
{
	COPY_TEXT(copy->medium, medium->id);
	COPY_TEXT(copy->offline, medium->offline);
	COPY_TEXT(copy->location, medium->location);
	COPY_TEXT(copy->state, medium->state);
	copy->is_in_reach =
	    medium->elsewhere != 0 || inventory_reach_of(medium->state,
					  medium->in_reach) != INVENTORY_OUT;
	copy->medium_seen_at = medium->seen_at;
	COPY_TEXT(copy->holder, medium->holder);
	COPY_TEXT(copy->place, medium->place);
	if (medium->custody.seq != 0)
		copy->until = medium->custody.until;
}

static void
describe_copy(
    const struct planning *planning, size_t at, struct recover_copy *ret_copy)
{
	const struct inventory *inventory = planning->inventory;
	const struct inventory_copy *from = &inventory->copies[at];

	*ret_copy = (struct recover_copy){
	    .id = from->id,
	    .is_in_reach = true,
	    .is_confirmed = from->unconfirmed_bytes == 0,
	    .counts = copies_is(planning->copies, at, COPIES_GOOD),
	    .reason = copies_reason(planning->copies, at),
	    .oldest_read_at = from->oldest_read_at,
	    .medium_seen_at = QUERY_NEVER,
	    .files = from->files,
	    .bytes = from->bytes,
	    .until = QUERY_NEVER,
	};
	COPY_TEXT(ret_copy->medium, from->medium_id);
	COPY_TEXT(ret_copy->source, from->source_id);
	if (from->medium != INVENTORY_NOT)
		describe_medium(ret_copy, &inventory->media[from->medium]);
}

/*
 * Out of an attacker's reach first, then what counts by its reading and its
 * place, what was read again, and what was read latest.
 */
static int
compare_copies(const void *one, const void *other)
{
	const struct recover_copy *a = one, *b = other;

	if (a->is_in_reach != b->is_in_reach)
		return a->is_in_reach ? 1 : -1;
	if (a->counts != b->counts)
		return a->counts > b->counts ? -1 : 1;
	if (a->is_confirmed != b->is_confirmed)
		return a->is_confirmed ? -1 : 1;
	if (a->oldest_read_at != b->oldest_read_at)
		return a->oldest_read_at > b->oldest_read_at ? -1 : 1;
	return strcmp(a->medium, b->medium);
}

/* All of its copies that can be used. */
static int
take(const struct planning *planning, struct recover_system *system,
    const struct inventory_generation *generation, struct error *err)
{
	const struct inventory *inventory = planning->inventory;

	COPY_TEXT(system->generation, generation->id);
	system->broken = generation->broken;
	system->copies =
	    calloc(generation->copy_count, sizeof(*system->copies));
	if (system->copies == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	for (size_t i = 0; i < generation->copy_count; i++) {
		size_t at = generation->copy + i;
		const struct inventory_copy *copy = &inventory->copies[at];

		if (!copies_is_intact(planning->copies, at) ||
		    is_later(copy, planning->question->before) ||
		    is_gone(inventory, copy))
			continue;
		describe_copy(
		    planning, at, &system->copies[system->copy_count++]);
		system->taken_at = copy->taken_at;
		if (system->captured_at == QUERY_NEVER ||
		    copy->captured_at < system->captured_at)
			system->captured_at = copy->captured_at;
	}
	qsort(system->copies, system->copy_count, sizeof(*system->copies),
	    compare_copies);
	return 0;
}

/* The first of all that was recorded of a system, usable or not. */
static int64_t
first_of(const struct inventory *inventory, const struct inventory_system *from)
{
	int64_t first = QUERY_NEVER;

	for (size_t i = 0; i < from->generation_count; i++) {
		const struct inventory_generation *generation =
		    &inventory->generations[from->generation + i];

		for (size_t c = 0; c < generation->copy_count; c++) {
			const struct inventory_copy *copy =
			    &inventory->copies[generation->copy + c];

			if (copy->captured_at != QUERY_NEVER &&
			    (first == QUERY_NEVER || known_at(copy) < first))
				first = known_at(copy);
		}
	}
	return first;
}

static void
conclude(struct recover_system *system, bool is_dated)
{
	bool is_sure = false;

	for (size_t i = 0; i < system->copy_count; i++)
		is_sure =
		    is_sure || (system->copies[i].is_confirmed &&
				   system->copies[i].counts == BOUNDS_YES);
	if (system->copy_count > 0)
		system->status = is_sure && is_dated && system->broken == 0
				     ? VERDICT_EXIT_GOOD
				     : VERDICT_EXIT_WARNING;
	else if (system->undetermined > 0)
		system->status = VERDICT_EXIT_UNDETERMINED;
	else
		system->status = VERDICT_EXIT_BAD;
}

/* The newest that can be used of those whose date may be true, or may not. */
static int
take_newest(const struct planning *planning,
    const struct inventory_system *from, bool is_dated,
    struct recover_system *system, struct error *err)
{
	for (size_t i = 0; i < from->generation_count; i++) {
		const struct inventory_generation *generation =
		    &planning->inventory->generations[from->generation + i];
		struct offer offer = look_at(planning, generation);
		bool is_usable = offer.good > 0 && generation->suspicious == 0;

		if (is_misdated(planning, generation) == is_dated) {
			system->misdated += is_dated && is_usable;
			continue;
		}
		if (is_usable)
			return take(planning, system, generation, err);
		pass_over(system, &offer);
	}
	return 0;
}

static int
plan_system(const struct planning *planning,
    const struct inventory_system *from, struct error *err)
{
	struct recover *plan = planning->plan;
	struct recover_system *system = &plan->systems[plan->system_count++];
	bool is_dated = true;

	*system = (struct recover_system){
	    .order = from->recovery_order,
	    .target_ms = from->recovery_target_ms,
	    .taken_at = QUERY_NEVER,
	    .captured_at = QUERY_NEVER,
	    .first_at = first_of(planning->inventory, from),
	};
	COPY_TEXT(system->id, from->id);
	COPY_TEXT(system->kind, from->kind);
	if (take_newest(planning, from, true, system, err) != 0)
		return -1;
	if (system->copy_count == 0 && system->misdated > 0) {
		is_dated = false;
		system->misdated = 0;
		if (take_newest(planning, from, false, system, err) != 0)
			return -1;
	}
	conclude(system, is_dated);
	plan->status = verdict_exit_worse(plan->status, system->status);
	return 0;
}

static int
compare_systems(const void *one, const void *other)
{
	const struct recover_system *a = one, *b = other;
	/* Without an order they come last. */
	uint64_t first = a->order - 1, second = b->order - 1;

	if (first != second)
		return first < second ? -1 : 1;
	return strcmp(a->id, b->id);
}

static int
plan_systems(const struct planning *planning, struct error *err)
{
	const struct inventory *inventory = planning->inventory;
	const char *only = planning->question->system;
	struct recover *plan = planning->plan;

	if (only != NULL &&
	    inventory_find_system(inventory, only) == INVENTORY_NOT)
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such system"));
	plan->systems =
	    calloc(inventory->system_count + 1, sizeof(*plan->systems));
	if (plan->systems == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	for (size_t i = 0; i < inventory->system_count; i++)
		if ((only == NULL ||
			strcmp(only, inventory->systems[i].id) == 0) &&
		    plan_system(planning, &inventory->systems[i], err) != 0)
			return -1;
	if (plan->system_count == 0)
		plan->status = VERDICT_EXIT_UNDETERMINED;
	qsort(plan->systems, plan->system_count, sizeof(*plan->systems),
	    compare_systems);
	return 0;
}

int
recover_plan(struct catalog *catalog, const struct recover_question *question,
    struct recover **ret_plan, struct error *err)
{
	const struct inventory_moment moment = {
	    .at = question->at, .now = question->now};
	struct planning planning = {.question = question};
	struct inventory *inventory = NULL;
	struct copies *copies = NULL;
	int rc = -1;

	planning.plan = calloc(1, sizeof(*planning.plan));
	if (planning.plan == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	planning.plan->before = question->before;
	if (inventory_read(catalog, &moment, &inventory, err) != 0 ||
	    copies_judge(inventory, &copies, err) != 0)
		goto out;
	planning.inventory = inventory;
	planning.copies = copies;
	if (plan_systems(&planning, err) != 0)
		goto out;
	*ret_plan = planning.plan;
	planning.plan = NULL;
	rc = 0;
out:
	recover_free(planning.plan);
	copies_free(copies);
	inventory_free(inventory);
	return rc;
}

void
recover_free(struct recover *plan)
{
	if (plan == NULL)
		return;
	for (size_t i = 0; i < plan->system_count; i++)
		free(plan->systems[i].copies);
	free(plan->systems);
	free(plan);
}
