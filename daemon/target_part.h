/*
 * target_part: one order of a target, from what it is to read to the verdicts.
 *
 * Part of target.  Uses: verification, gathering, ledger.
 */
#ifndef HIKAE_DAEMON_TARGET_PART_H
#define HIKAE_DAEMON_TARGET_PART_H

#include "daemon/target_internal.h"

/*
 * One order more, counted in *orders: a look at all names, or slices, those
 * first that a reader that died left.  Where none can be made, for want of
 * memory, what it was to read is undetermined; -1 where not even that could be
 * recorded.
 */
int target_part_order(struct target *target, uint64_t run,
    const struct target_owner *owner, bool is_names, size_t *orders,
    struct error *err) ERROR_CHECKED;

#endif
