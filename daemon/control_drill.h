/*
 * control_drill: methods that show drills, sign them, and note improvements.
 *
 * Uses: control_call.
 */
#ifndef HIKAE_DAEMON_CONTROL_DRILL_H
#define HIKAE_DAEMON_CONTROL_DRILL_H

#include "daemon/control_call.h"

/* As control_method.run. */
int control_drill_list(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_drill_show(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_drill_due(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_drill_sign(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_drill_improved(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;

#endif
