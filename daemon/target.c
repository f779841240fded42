#include "daemon/target.h"

#include <string.h>

#include "daemon/readers.h"
#include "daemon/target_part.h"
#include "lib/worker/pace.h"

bool
target_has_fresh(const struct target *target)
{
	return !target->is_cut && target->range < target->range_count;
}

bool
target_has_left(const struct target *target)
{
	return target_has_fresh(target) ||
	       (!target->is_cut && target->again != NULL);
}

static unsigned
count_readers(const struct target *target)
{
	return readers_of_medium(
	    target->service, target->medium, target->file_bytes);
}

/* Slices that no part has, of this target and those after it on its medium. */
static uint64_t
count_left(const struct target *target)
{
	uint64_t left = 0;

	for (const struct target *at = target; at != NULL; at = at->next)
		if (strcmp(at->medium, target->medium) == 0)
			left += at->slices - at->taken;
	return left;
}

size_t
target_take_slices(
    struct target *target, struct verify_range ranges[PACE_SLICES_MAX])
{
	unsigned room = pace_slices(count_left(target), count_readers(target));
	size_t taken = 0;

	while (target->range < target->range_count && room > 0) {
		const struct verify_range *whole =
		    &target->ranges[target->range];
		uint64_t from = whole->first + target->range_taken;
		uint64_t count = whole->last - from + 1;

		if (count > room)
			count = room;
		ranges[taken++] = (struct verify_range){from, from + count - 1};
		room -= (unsigned)count;
		target->taken += count;
		target->range_taken += count;
		if (from + count - 1 == whole->last) {
			target->range++;
			target->range_taken = 0;
		}
	}
	return taken;
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

int
target_order(struct target *target, uint64_t run,
    const struct target_owner *owner, size_t *ret_orders, struct error *err)
{
	unsigned readers = count_readers(target);
	int rc = 0;

	*ret_orders = 0;
	if (target->is_cut)
		return 0;
	if (target->is_members) {
		target->is_members = false;
		rc = target_order_members(target, run, owner, err);
		*ret_orders += rc == 0 ? 1 : 0;
	}
	if (target->has_names) {
		target->has_names = false;
		if (target_part_order(
			target, run, owner, true, ret_orders, err) != 0)
			rc = -1;
	}
	while (target_has_left(target) && target->parts < readers)
		if (target_part_order(
			target, run, owner, false, ret_orders, err) != 0)
			rc = -1;
	return rc;
}
