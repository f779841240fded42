#include "lib/judge/generations.h"

#include "lib/base/clock.h"
#include "lib/base/date.h"

/* Local midnight of the Monday of the week before now's. */
static int64_t
last_monday(int64_t now)
{
	struct date date;
	enum date_fit fit;
	int64_t monday, since;

	date_local(now, &date);
	since = (date.weekday + 6) % 7 + 7;
	date.hour = 12;
	date.minute = date.second = 0;
	if (date_of_local(&date, &monday, &fit) != 0)
		monday = now;
	/* From noon to noon, so that a change of clocks is no other day. */
	date_local(monday - since * CLOCK_DAY_MS, &date);
	date.hour = 0;
	if (date_of_local(&date, &monday, &fit) != 0)
		return now - since * CLOCK_DAY_MS;
	return monday;
}

static bool
is_lost(const struct inventory *inventory,
    const struct inventory_generation *generation)
{
	for (size_t i = 0; i < generation->copy_count; i++)
		if (!inventory->copies[generation->copy + i].is_missing)
			return false;
	return true;
}

/* What was seen of a living tree was seen when it was captured. */
static int64_t
age_of(const struct inventory *inventory, const struct inventory_copy *copy)
{
	bool is_tree = copy->layout[0] == 't';

	return inventory_age(inventory, copy->instant, is_tree ? 0 : copy->id);
}

static void
keep_least(int64_t *age, int64_t other)
{
	if (other < *age)
		*age = other;
}

static void
take_ages(
    const struct copies *copies, size_t at, struct generations *generations)
{
	const struct inventory *inventory = copies_inventory(copies);
	const struct inventory_copy *copy = &inventory->copies[at];
	enum bounds_answer good = copies_is(copies, at, COPIES_GOOD);
	int64_t age = age_of(inventory, copy);

	if (good != BOUNDS_NO)
		keep_least(&generations->newest_possible_age_ms, age);
	if (good != BOUNDS_YES || age == INVENTORY_AGELESS)
		return;
	keep_least(&generations->newest_age_ms, age);
	if (generations->oldest_age_ms == INVENTORY_AGELESS ||
	    age > generations->oldest_age_ms)
		generations->oldest_age_ms = age;
	if (copies_is(copies, at, COPIES_IN_SIGHT) == BOUNDS_YES &&
	    copies_is(copies, at, COPIES_OFFSITE) == BOUNDS_NO)
		keep_least(&generations->newest_on_site_age_ms, age);
}

/*
 * The newest come first.  At the least, only what surely is a good generation
 * counts, and is protected where nothing speaks against it.
 */
static void
take_protection(
    const struct copies *copies, size_t at, struct generations *generations)
{
	enum bounds_answer good = copies_has(copies, at, COPIES_GOOD);
	enum bounds_answer protected = copies_has(copies, at, COPIES_PROTECTED);

	if (good == BOUNDS_YES && protected == BOUNDS_NO)
		generations->protected_from.least = generations->good.least + 1;
	if (good != BOUNDS_NO && protected != BOUNDS_YES)
		generations->protected_from.most = generations->good.most + 1;
}

static void
take_old(const struct copies *copies, size_t at, int64_t monday,
    struct generations *generations)
{
	const struct inventory *inventory = copies_inventory(copies);
	const struct inventory_generation *generation =
	    &inventory->generations[at];
	enum bounds_answer protected = copies_has(copies, at, COPIES_PROTECTED);

	if (inventory->copies[generation->copy].instant >= monday)
		return;
	generations->old++;
	generations->old_protected.least += protected == BOUNDS_YES;
	generations->old_protected.most += protected != BOUNDS_NO;
}

void
generations_count(
    const struct copies *copies, size_t at, struct generations *ret_generations)
{
	const struct inventory *inventory = copies_inventory(copies);
	const struct inventory_system *system = &inventory->systems[at];
	int64_t monday = last_monday(inventory->now);
	struct generations generations = {
	    .newest_age_ms = INVENTORY_AGELESS,
	    .newest_on_site_age_ms = INVENTORY_AGELESS,
	    .oldest_age_ms = INVENTORY_AGELESS,
	    .newest_possible_age_ms = INVENTORY_AGELESS,
	};

	for (size_t i = 0; i < system->generation_count; i++) {
		size_t g = system->generation + i;
		const struct inventory_generation *generation =
		    &inventory->generations[g];
		enum bounds_answer good = copies_has(copies, g, COPIES_GOOD);

		generations.all++;
		generations.lost += is_lost(inventory, generation);
		generations.good.least += good == BOUNDS_YES;
		generations.good.most += good != BOUNDS_NO;
		for (size_t c = 0; c < generation->copy_count; c++)
			take_ages(copies, generation->copy + c, &generations);
		take_protection(copies, g, &generations);
		if (good == BOUNDS_YES)
			take_old(copies, g, monday, &generations);
	}
	/* All are protected: from the first on. */
	if (generations.protected_from.least == 0)
		generations.protected_from.least = 1;
	if (generations.protected_from.most == 0)
		generations.protected_from.most = 1;
	*ret_generations = generations;
}

/* Where nobody said how often, nobody knows (law 1). */
static enum bounds_answer
is_in_time(const struct inventory_system *system, int64_t age)
{
	if (system->interval_ms <= 0)
		return BOUNDS_MAYBE;
	return age != INVENTORY_AGELESS &&
		       age <= system->interval_ms + system->grace_ms
		   ? BOUNDS_YES
		   : BOUNDS_NO;
}

enum bounds_answer
generations_is_scheduled(const struct copies *copies, size_t at,
    const struct generations *generations)
{
	const struct inventory_system *system =
	    &copies_inventory(copies)->systems[at];
	int64_t least = (int64_t)system->generations_min;

	if (generations->good.least > 0 && generations->good.least >= least &&
	    is_in_time(system, generations->newest_age_ms) == BOUNDS_YES)
		return BOUNDS_YES;
	if (generations->good.most > 0 && generations->good.most >= least &&
	    is_in_time(system, generations->newest_possible_age_ms) !=
		BOUNDS_NO)
		return BOUNDS_MAYBE;
	return BOUNDS_NO;
}
