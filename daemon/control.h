/*
 * control: the socket on which hikaed is asked and told.
 *
 * Uses: service, output.  Speaks Varlink (FORMATS section 6).
 *
 * Who may do what comes from the peer's credentials; every peer has limits, and
 * none can make another wait.
 */
#ifndef HIKAE_DAEMON_CONTROL_H
#define HIKAE_DAEMON_CONTROL_H

#include "daemon/service.h"

/* Listen on run/hikae/control.sock below the root. */
int control_new(struct service *service, struct control **ret_control,
    struct error *err) ERROR_CHECKED;

/* Close the socket and all conversations, and remove its name. */
void control_free(struct control *control);

#endif
