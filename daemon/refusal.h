/*
 * refusal: a configuration on disk that a reload could not put in force.
 *
 * Uses: service, ledger.
 *
 * The one of before goes on, which nobody would notice: that it does is an open
 * finding (config-refused) until a valid one is in force.  The mistakes name
 * files and may quote values, so they stand in hikaed's memory alone; a start
 * needs a valid configuration and settles what was open.
 */
#ifndef HIKAE_DAEMON_REFUSAL_H
#define HIKAE_DAEMON_REFUSAL_H

#include "daemon/service.h"

/* A reload failed, with at least one problem; they stay the caller's. */
void refusal_note(
    struct service *service, const struct config_problems *problems);

/* Within a transaction: what is read now is in force. */
int refusal_settle(struct service *service, struct error *err) ERROR_CHECKED;

/* It is in force, and that was committed. */
void refusal_forget(struct service *service);

static inline bool
refusal_stands(const struct service *service)
{
	return service->refusal.since != 0;
}

/*
 * Say to the reasons or findings of a document that are about it what the
 * mistake is: `said` (the first), `mistakes` (how many), `refused_at`.
 */
void refusal_describe(const struct service *service, json_t *items);

#endif
