/*
 * control_records: methods that leave a record of a question, or look at
 * hikae's own records.
 *
 * Uses: control_call.
 */
#ifndef HIKAE_DAEMON_CONTROL_RECORDS_H
#define HIKAE_DAEMON_CONTROL_RECORDS_H

#include "daemon/control_call.h"

/* As control_method.run. */
int control_records_accept(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_records_preflight(const struct control_call *call,
    json_t **ret_reply, uint64_t *ret_run, struct error *err) ERROR_CHECKED;

int control_records_selfcheck(const struct control_call *call,
    json_t **ret_reply, uint64_t *ret_run, struct error *err) ERROR_CHECKED;

#endif
