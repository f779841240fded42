/*
 * expiry: a copy that is gone, and that may be gone.
 *
 * Uses: ledger, store.
 *
 * By the source's retention (catalogue), or because a person says so.
 */
#ifndef HIKAE_DAEMON_EXPIRY_H
#define HIKAE_DAEMON_EXPIRY_H

#include "daemon/service.h"

/*
 * Record that a copy expired, and end what was found about it.  The reason is a
 * word of the journal.  Within a transaction.
 */
int expiry_write(struct service *service, uint64_t copy, const char *reason,
    struct error *err) ERROR_CHECKED;

/*
 * The same because a person says so, in a transaction of its own.  Only for a
 * copy that is missing, or whose source is no longer configured: ERROR_EXISTS
 * for another, ERROR_NOT_FOUND where there is none of that number.
 */
int expiry_declare(
    struct service *service, uint64_t copy, struct error *err) ERROR_CHECKED;

#endif
