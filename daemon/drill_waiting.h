/*
 * drill_waiting: drills that wait for a medium, and outlive hikaed.
 *
 * Part of drill.
 */
#ifndef HIKAE_DAEMON_DRILL_WAITING_H
#define HIKAE_DAEMON_DRILL_WAITING_H

#include "daemon/drill_internal.h"

/* How often a medium is looked for, and who waits hears of it, ms. */
#define DRILL_WATCH_MS 1000

void drill_waiting_load(struct drills *drills);
int drill_waiting_keep(
    const struct drill *drill, struct error *err) ERROR_CHECKED;
void drill_waiting_forget(const struct drill *drill);
void drill_waiting_drop(struct drills *drills, const char *system);
void drill_waiting_watch(void *context); /* the timer's */

#endif
