/*
 * acceptance: a person says why a hint is no reason to worry.
 *
 * Uses: service, ledger.
 */
#ifndef HIKAE_DAEMON_ACCEPTANCE_H
#define HIKAE_DAEMON_ACCEPTANCE_H

#include "daemon/service.h"

/*
 * Close an open finding as accepted, with the name of who did and the reason;
 * both stand in the journal for good.  ERROR_NOT_FOUND: there is no such
 * finding; ERROR_EXISTS: it is closed; ERROR_DENIED: it is no hint, and words
 * do not settle it; ERROR_USAGE: name or reason is empty or too long.
 */
int acceptance_declare(struct service *service, uint64_t finding,
    const char *by, const char *note, struct error *err) ERROR_CHECKED;

#endif
