/*
 * decoding: the order that decodes an archive again, compares its members with
 * those of the capture, and looks into them.
 *
 * Uses: capture_members, gathering, inspection, jobs, ledger, place, target.
 *
 * The reader reads the file and a parser decodes the same bytes, as in the
 * capture; nothing of it is kept but findings.  What a parser says is an
 * opinion: it can raise a finding about an archive, and close one that an
 * earlier decoding raised, but never touches a verdict about bytes.
 */
#ifndef HIKAE_DAEMON_DECODING_H
#define HIKAE_DAEMON_DECODING_H

#include "daemon/target.h"

struct decoding_request {
	uint64_t copy, manifest, version, run;
	const char *system, *generation, *medium, *source_id, *locator;
	const char *state;   /* of the members at the capture: a word */
	const char *content; /* their content digest, HEX64, or NULL */
	int priority;
};

/*
 * Order it.  The owner gets one result, about no slice, what was found in the
 * contents, and then the end.
 */
int decoding_order(struct service *service,
    const struct decoding_request *request, const struct target_owner *owner,
    struct error *err) ERROR_CHECKED;

#endif
