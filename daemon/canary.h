/*
 * canary: files that are known to be bad, verified in every run.
 *
 * Uses: vault, service.
 *
 * In canary/ of the state lie three files and a signed manifest that is wrong
 * about two of them.  They are read by the same child, in the same way, as
 * backups are; a verification that does not report exactly these two is worth
 * nothing.
 */
#ifndef HIKAE_DAEMON_CANARY_H
#define HIKAE_DAEMON_CANARY_H

#include "daemon/verification.h"

/* Make the files and the manifest anew. */
int canary_make(struct service *service, struct error *err) ERROR_CHECKED;

/* What was reported about the files so far. */
struct canary_result {
	unsigned flipped, cut, other; /* findings */
	bool has_verdict, is_damaged; /* the slice's verdict */
};

/* Order its verification; the owner is the caller's. */
int canary_order(struct service *service, uint64_t run,
    const struct verification_owner *owner, struct error *err) ERROR_CHECKED;

/* Take what the owner's callbacks get. */
void canary_take_finding(
    struct canary_result *result, const struct examine_finding *finding);
void canary_take_slice(
    struct canary_result *result, const struct examine_slice *slice);

/* Whether exactly what is wrong was reported. */
bool canary_is_reported(const struct canary_result *result);

#endif
