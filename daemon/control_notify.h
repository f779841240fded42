/*
 * control_notify: methods about notifications.
 *
 * Uses: control_call, notices.
 */
#ifndef HIKAE_DAEMON_CONTROL_NOTIFY_H
#define HIKAE_DAEMON_CONTROL_NOTIFY_H

#include "daemon/control_call.h"

/* As control_method.run. */
int control_notify_list(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_notify_test(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_notify_acknowledge(const struct control_call *call,
    json_t **ret_reply, uint64_t *ret_run, struct error *err) ERROR_CHECKED;

#endif
