/*
 * health_drills: whether restoring was proved, and not too long ago.
 *
 * Layer 6, internal to health.
 */
#ifndef HIKAE_JUDGE_HEALTH_DRILLS_H
#define HIKAE_JUDGE_HEALTH_DRILLS_H

#include "lib/judge/health.h"

/* Note what is due, overdue, failed, not signed or not improved, by system. */
int health_drills_gather(struct catalog *catalog,
    const struct inventory *inventory, struct health *health,
    struct error *err) ERROR_CHECKED;

#endif
