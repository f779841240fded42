/*
 * control_evidence: the methods about what is handed out: pages and bundles.
 *
 * Uses: control_call, documents.
 *
 * They are drawn in a child; hikaed signs a bundle's list of files for that
 * child alone, so that its signature says who drew it.
 */
#ifndef HIKAE_DAEMON_CONTROL_EVIDENCE_H
#define HIKAE_DAEMON_CONTROL_EVIDENCE_H

#include "daemon/control_call.h"

/* As control_method's run. */
int control_evidence_keys(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_evidence_export(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_evidence_report(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;

#endif
