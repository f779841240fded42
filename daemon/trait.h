/*
 * trait: what a copy is beside its bytes: immutable, encrypted.
 *
 * Uses: ledger, store/query_media.
 */
#ifndef HIKAE_DAEMON_TRAIT_H
#define HIKAE_DAEMON_TRAIT_H

#include "daemon/service.h"
#include "lib/examine/examine.h"

/*
 * Write the entry, within a transaction, where it says something new; names
 * is the result of comparing the copy's names.
 */
int trait_write(struct service *service, uint64_t copy,
    const struct examine_slice *names, struct error *err) ERROR_CHECKED;

#endif
