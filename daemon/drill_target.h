/*
 * drill_target: where a drill may not write: on the media (law 6).
 *
 * Part of drill.  hikaed looks at the texts of paths and at the kernel's list
 * of mounts; the child that makes the folder looks where links lead.
 */
#ifndef HIKAE_DAEMON_DRILL_TARGET_H
#define HIKAE_DAEMON_DRILL_TARGET_H

#include "daemon/drill_internal.h"

/* Tell a job that makes a scratch folder where the media lie. */
int drill_target_fill(const struct service *service, struct job *job,
    struct error *err) ERROR_CHECKED;

/* A place that was asked for, or NULL; ERROR_DENIED: it is on a medium. */
int drill_target_check(const struct service *service, const char *target,
    struct error *err) ERROR_CHECKED;

#endif
