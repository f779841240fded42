/*
 * drill_secret: what the operator gives to a drill's decrypting programs.
 *
 * Part of drill.  Each lies in an unlinked piece of memory of its own that only
 * this process and such a program have open: in no file, no argument, no
 * environment, and in no entry.
 */
#ifndef HIKAE_DAEMON_DRILL_SECRET_H
#define HIKAE_DAEMON_DRILL_SECRET_H

#include "daemon/drill_internal.h"

/* The passphrase and the key of a request, each where there is one. */
int drill_secret_take(struct drill *drill, const struct drill_request *request,
    struct error *err) ERROR_CHECKED;

/* Whether such a program gets what there is: it is named "…-decrypt". */
bool drill_secret_is_for(const struct drill_program *program);

/* For such a program; nothing for others. */
int drill_secret_pass(const struct drill *drill, struct job *job,
    struct error *err) ERROR_CHECKED;

void drill_secret_drop(struct drill *drill);

#endif
