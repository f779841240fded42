/*
 * control_media: the methods of io.hikae.Control about media.
 *
 * Part of control_methods.  Uses: control_call, media, output/document_media.
 */
#ifndef HIKAE_DAEMON_CONTROL_MEDIA_H
#define HIKAE_DAEMON_CONTROL_MEDIA_H

#include "daemon/control_call.h"

/* Put what only the running hikaed knows into the object of a medium. */
void control_media_add_live(const struct service *service, json_t *medium);

/* As control_method.run. */
int control_media_list(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_media_show(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_media_release(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_media_checkout(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_media_checkin(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;
int control_media_retire(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err) ERROR_CHECKED;

#endif
