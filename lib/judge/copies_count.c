/* Copies by generation, and the rules that count them. */
#include <string.h>

#include "lib/judge/copies_internal.h"
#include "lib/model/schedule.h"

/* Copies of one generation that are looked at; more are not counted. */
#define TAKEN_MAX 64

/* Media whose copies have a trait, or perhaps have it. */
struct taking {
	size_t media[TAKEN_MAX];
	enum bounds_answer answers[TAKEN_MAX];
	size_t count;
};

static void
take(const struct copies *copies, size_t generation, enum copies_trait trait,
    const char *mode, struct taking *taking)
{
	const struct inventory *inventory = copies->inventory;
	const struct inventory_generation *g =
	    &inventory->generations[generation];

	taking->count = 0;
	for (size_t i = g->copy; i < g->copy + g->copy_count; i++) {
		size_t medium = inventory->copies[i].medium;
		enum bounds_answer answer = copies_is(copies, i, trait);

		if (answer == BOUNDS_NO || taking->count == TAKEN_MAX ||
		    (mode != NULL &&
			(medium == INVENTORY_NOT ||
			    strcmp(inventory->media[medium].offline, mode) !=
				0)))
			continue;
		taking->media[taking->count] = medium;
		taking->answers[taking->count++] = answer;
	}
}

static size_t
device_of(const struct copies *copies, const struct taking *taking, size_t i)
{
	return taking->media[i] == INVENTORY_NOT
		   ? INVENTORY_NOT
		   : copies->devices[taking->media[i]];
}

/* Whether one that stands before it, and is as sure, is on the same device. */
static bool
is_again(const struct copies *copies, const struct taking *taking, size_t i,
    enum bounds_answer least)
{
	size_t device = device_of(copies, taking, i);

	for (size_t j = 0; j < i; j++)
		if (taking->answers[j] >= least && device != INVENTORY_NOT &&
		    device_of(copies, taking, j) == device)
			return true;
	return false;
}

/* Known devices, and media of which nobody knows on what device they are. */
static void
count_devices(const struct copies *copies, const struct taking *taking,
    enum bounds_answer least, int64_t *ret_known, int64_t *ret_unknown)
{
	*ret_known = *ret_unknown = 0;
	for (size_t i = 0; i < taking->count; i++) {
		if (taking->answers[i] < least)
			continue;
		if (device_of(copies, taking, i) == INVENTORY_NOT)
			(*ret_unknown)++;
		else if (!is_again(copies, taking, i, least))
			(*ret_known)++;
	}
}

/* Those that are not known may be one of the others, or one by one. */
static struct bounds
devices_of(const struct copies *copies, const struct taking *taking)
{
	struct bounds bounds;
	int64_t known, unknown;

	count_devices(copies, taking, BOUNDS_YES, &known, &unknown);
	bounds.least = known > 0 ? known : unknown > 0;
	count_devices(copies, taking, BOUNDS_MAYBE, &known, &unknown);
	bounds.most = known + unknown;
	return bounds;
}

struct bounds
copies_count(const struct copies *copies, size_t generation,
    enum copies_trait trait, const char *mode)
{
	struct taking taking;

	take(copies, generation, trait, mode, &taking);
	return devices_of(copies, &taking);
}

bool
copies_share_device(const struct copies *copies, size_t generation)
{
	struct taking taking;

	take(copies, generation, COPIES_GOOD, NULL, &taking);
	for (size_t i = 0; i < taking.count; i++)
		if (is_again(copies, &taking, i, BOUNDS_MAYBE))
			return true;
	return false;
}

enum bounds_answer
copies_has(
    const struct copies *copies, size_t generation, enum copies_trait trait)
{
	const struct inventory_generation *g =
	    &copies->inventory->generations[generation];
	enum bounds_answer best = BOUNDS_NO;

	for (size_t i = g->copy; i < g->copy + g->copy_count; i++) {
		enum bounds_answer answer = copies_is(copies, i, trait);

		if (answer > best)
			best = answer;
	}
	return best;
}

static const char *
kind_of(const struct copies *copies, const struct taking *taking, size_t i)
{
	return taking->media[i] == INVENTORY_NOT
		   ? ""
		   : copies->inventory->media[taking->media[i]].kind;
}

/* The kinds of those that are as sure; is_known: whose device is known. */
static int64_t
count_kinds(const struct copies *copies, const struct taking *taking,
    enum bounds_answer least, bool is_known)
{
	int64_t kinds = 0;

	for (size_t i = 0; i < taking->count; i++) {
		size_t j = 0;

		if (taking->answers[i] < least ||
		    (is_known && device_of(copies, taking, i) == INVENTORY_NOT))
			continue;
		while (j < i && (taking->answers[j] < least ||
				    (is_known && device_of(copies, taking, j) ==
						     INVENTORY_NOT) ||
				    strcmp(kind_of(copies, taking, i),
					kind_of(copies, taking, j)) != 0))
			j++;
		kinds += j == i;
	}
	return kinds;
}

/* Two kinds on one device are one: there are no more kinds than devices. */
struct bounds
copies_kinds(const struct copies *copies, size_t generation)
{
	struct taking taking;
	struct bounds kinds, devices;
	int64_t known;

	take(copies, generation, COPIES_GOOD, NULL, &taking);
	devices = devices_of(copies, &taking);
	known = count_kinds(copies, &taking, BOUNDS_YES, true);
	kinds.least = known > 0 ? known : devices.least > 0;
	kinds.most = count_kinds(copies, &taking, BOUNDS_MAYBE, false);
	if (kinds.least > devices.least)
		kinds.least = devices.least;
	if (kinds.most > devices.most)
		kinds.most = devices.most;
	return kinds;
}

size_t
copies_newest(const struct copies *copies, size_t at, enum copies_trait trait)
{
	const struct inventory *inventory = copies->inventory;
	const struct inventory_system *system = &inventory->systems[at];
	size_t newest = INVENTORY_NOT;
	int64_t newest_at = INT64_MIN;

	for (size_t i = 0; i < system->generation_count; i++) {
		const struct inventory_generation *g =
		    &inventory->generations[system->generation + i];

		for (size_t c = g->copy; c < g->copy + g->copy_count; c++) {
			int64_t instant =
			    schedule_trust(inventory->copies[c].instant,
				inventory->now, inventory->ahead_ms);

			if (instant == SCHEDULE_NEVER || instant <= newest_at ||
			    copies_is(copies, c, trait) != BOUNDS_YES)
				continue;
			newest = system->generation + i;
			newest_at = instant;
		}
	}
	return newest;
}

/*
 * Whether no error is found in a copy only because it was not read again, as
 * it was to be by now: all of it within its medium's promise.
 */
static bool
is_unproved(
    const struct inventory *inventory, const struct inventory_copy *copy)
{
	int64_t promise = copy->medium == INVENTORY_NOT
			      ? 0
			      : inventory->media[copy->medium].coverage_ms;

	return copy->unconfirmed_bytes > 0 &&
	       (promise == 0 ||
		   inventory_age(inventory, copy->captured_at, 0) > promise);
}

/* Settling copies were not read yet: they are no errors. */
static struct bounds
count_errors(const struct copies *copies, size_t at)
{
	const struct inventory *inventory = copies->inventory;
	const struct inventory_system *system = &inventory->systems[at];
	struct bounds errors = {0, 0};
	bool is_confirmed = false;

	for (size_t i = 0; i < system->generation_count; i++) {
		const struct inventory_generation *g =
		    &inventory->generations[system->generation + i];

		for (size_t c = g->copy; c < g->copy + g->copy_count; c++) {
			const struct inventory_copy *copy =
			    &inventory->copies[c];

			if ((!copy->is_captured && !copy->is_missing) ||
			    copies_is_retired(inventory, copy))
				continue;
			if (!copies_is_intact(copies, c)) {
				errors.least++;
				errors.most++;
				continue;
			}
			errors.most += is_unproved(inventory, copy);
			is_confirmed =
			    is_confirmed ||
			    (copy->bytes > 0 && copy->unconfirmed_bytes == 0);
		}
	}
	/* None was ever read again as a whole: no errors prove nothing. */
	if (errors.least == 0 && !is_confirmed)
		errors.most = INT64_MAX;
	return errors;
}

void
copies_summarize(const struct copies *copies, size_t system,
    struct copies_summary *ret_summary)
{
	struct copies_summary s = {
	    .generation = copies_newest(copies, system, COPIES_GOOD)};
	size_t g = s.generation;

	s.errors = count_errors(copies, system);
	if (g != INVENTORY_NOT) {
		s.copies = copies_count(copies, g, COPIES_GOOD, NULL);
		s.kinds = copies_kinds(copies, g);
		s.offsite = copies_count(copies, g, COPIES_OFFSITE, NULL);
		s.offline = copies_count(copies, g, COPIES_OFFLINE, NULL);
		s.offline_or_offsite =
		    copies_count(copies, g, COPIES_OFFLINE_OR_OFFSITE, NULL);
		s.immutable = copies_count(copies, g, COPIES_IMMUTABLE, NULL);
		s.protected = copies_count(copies, g, COPIES_PROTECTED, NULL);
	}
	*ret_summary = s;
}

static const char *const rules[COPIES_RULES] = {
    [COPIES_321_OFFSITE] = "3-2-1-offsite",
    [COPIES_321_OFFLINE] = "3-2-1-offline",
    [COPIES_321_EITHER] = "3-2-1-either",
    [COPIES_321_BOTH] = "3-2-1-both",
    [COPIES_32110] = "3-2-1-1-0",
};

const char *
copies_rule_name(enum copies_rule rule)
{
	return rules[rule];
}

static void
want(struct copies_result *result, unsigned int what, struct bounds bounds,
    int64_t least)
{
	if (bounds.most < least)
		result->missing |= what;
	else if (bounds.least < least)
		result->unknown |= what;
}

static void
want_last(struct copies_result *result, enum copies_rule rule,
    const struct copies_summary *s)
{
	switch (rule) {
	case COPIES_321_OFFSITE:
		want(result, COPIES_MISSING_OFFSITE, s->offsite, 1);
		break;
	case COPIES_321_OFFLINE:
		want(result, COPIES_MISSING_OFFLINE, s->offline, 1);
		break;
	case COPIES_321_EITHER:
		want(result, COPIES_MISSING_OFFSITE | COPIES_MISSING_OFFLINE,
		    s->offline_or_offsite, 1);
		break;
	case COPIES_321_BOTH:
		want(result, COPIES_MISSING_OFFSITE, s->offsite, 1);
		want(result, COPIES_MISSING_OFFLINE, s->offline, 1);
		break;
	case COPIES_32110:
		want(result, COPIES_MISSING_OFFSITE, s->offsite, 1);
		want(result, COPIES_MISSING_OFFLINE, s->protected, 1);
		if (s->errors.least > 0)
			result->missing |= COPIES_MISSING_ERRORS;
		else if (s->errors.most > 0)
			result->unknown |= COPIES_MISSING_ERRORS;
		break;
	}
}

struct copies_result
copies_rule_judge(enum copies_rule rule, bool counts_production,
    const struct copies_summary *summary)
{
	struct copies_result result = {.is_kept = BOUNDS_YES};

	want(&result, COPIES_MISSING_COPIES, summary->copies,
	    counts_production ? 2 : 3);
	want(&result, COPIES_MISSING_KINDS, summary->kinds, 2);
	want_last(&result, rule, summary);
	if (result.missing != 0)
		result.is_kept = BOUNDS_NO;
	else if (result.unknown != 0)
		result.is_kept = BOUNDS_MAYBE;
	return result;
}
