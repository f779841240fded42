/*
 * match: are the copies of one generation the same?
 *
 * Uses: ledger, store.
 */
#ifndef HIKAE_DAEMON_MATCH_H
#define HIKAE_DAEMON_MATCH_H

#include "daemon/service.h"

/*
 * Compare the content digests of a generation's copies; where there are two or
 * more that are known, write the result, and a finding for each copy that is
 * not as the first one.  Within a transaction.
 */
int match_generation(struct service *service, const char *generation,
    struct error *err) ERROR_CHECKED;

#endif
