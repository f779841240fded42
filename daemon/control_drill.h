/*
 * control_drill: methods that run drills, show and sign them, and note
 * improvements.
 *
 * Uses: control_call.
 */
#ifndef HIKAE_DAEMON_CONTROL_DRILL_H
#define HIKAE_DAEMON_CONTROL_DRILL_H

#include "daemon/control_call.h"
#include "daemon/drill.h"

/* Those that run, and those that wait for a medium; NULL without memory. */
json_t *control_drill_describe_all(const struct service *service);

/* What is told of a drill while it goes on; NULL without memory. */
json_t *control_drill_describe(const struct drill_view *view);

/* As control_method.run. */
int control_drill_list(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_drill_start(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_drill_cancel(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_drill_sign(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_drill_improved(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;

#endif
