/*
 * closing: open findings that what was just found out answers.
 *
 * Uses: ledger, store.
 */
#ifndef HIKAE_DAEMON_CLOSING_H
#define HIKAE_DAEMON_CLOSING_H

#include "daemon/service.h"
#include "lib/store/query_finding.h"

/* Closed at once; more are left open, for the next time. */
#define CLOSING_MAX 1000

struct closing {
	struct query_finding_filter among; /* of those that are open */
	bool (*is_answered)(
	    const void *context, const struct query_finding *row);
	const void *context;
	const char *reason; /* a word of FORMATS section 4.1 */
};

/* Within a transaction.  ret_count, how many were closed, may be NULL. */
int closing_run(struct service *service, const struct closing *closing,
    size_t *ret_count, struct error *err) ERROR_CHECKED;

#endif
