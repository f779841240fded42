/*
 * closing: open findings that what was just found out answers.
 *
 * Uses: ledger, store.
 */
#ifndef HIKAE_DAEMON_CLOSING_H
#define HIKAE_DAEMON_CLOSING_H

#include "daemon/service.h"
#include "lib/store/query_finding.h"

struct closing {
	struct query_finding_filter among; /* of those that are open */
	/* NULL: all of them are. */
	bool (*is_answered)(
	    const void *context, const struct query_finding *row);
	const void *context;
	const char *reason; /* a word of FORMATS section 4.1 */
};

/*
 * Within a transaction.  One query, however many there are: each query would
 * step over what the one before it closed.  ret_count, how many were closed,
 * may be NULL.
 */
int closing_run(struct service *service, const struct closing *closing,
    size_t *ret_count, struct error *err) ERROR_CHECKED;

#endif
