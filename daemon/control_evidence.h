/*
 * control_evidence: what hikaed adds to a bundle that somebody else wrote.
 *
 * Uses: control_call, output/evidence.
 *
 * The daemon's key never leaves hikaed, and hikaed reads no bundle: it signs a
 * list of digests, bound to a checkpoint of its own journal.
 */
#ifndef HIKAE_DAEMON_CONTROL_EVIDENCE_H
#define HIKAE_DAEMON_CONTROL_EVIDENCE_H

#include "daemon/control_call.h"

/* As control_method's run. */
int control_evidence_keys(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_evidence_sign(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;

#endif
