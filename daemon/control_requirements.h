/*
 * control_requirements: the methods about requirements and statements.
 *
 * Uses: control_call, attestation.
 */
#ifndef HIKAE_DAEMON_CONTROL_REQUIREMENTS_H
#define HIKAE_DAEMON_CONTROL_REQUIREMENTS_H

#include "daemon/control_call.h"

/* As control_method's run. */
int control_requirements_document(const struct control_call *call,
    json_t **ret_reply, uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_requirements_attest(const struct control_call *call,
    json_t **ret_reply, uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_requirements_withdraw(const struct control_call *call,
    json_t **ret_reply, uint64_t *ret_run, struct error *err) ERROR_CHECKED;

#endif
