/*
 * target_entry: what the journal says of a slice that was verified.
 *
 * Part of target.  Uses: ledger.
 */
#ifndef HIKAE_DAEMON_TARGET_ENTRY_H
#define HIKAE_DAEMON_TARGET_ENTRY_H

#include "daemon/target_internal.h"

/* Within a transaction. */
int target_entry_slice(const struct target *target, uint64_t run,
    const struct examine_slice *slice, enum reply_mode mode,
    struct error *err) ERROR_CHECKED;

#endif
