/*
 * health_media: how the media stand, and what copies there are for 3-2-1.
 *
 * Layer 6, internal to health.  Uses: health_rules, generations.
 */
#ifndef HIKAE_JUDGE_HEALTH_MEDIA_H
#define HIKAE_JUDGE_HEALTH_MEDIA_H

#include "lib/judge/health.h"

/* The systems and media stand there already. */
int health_media_judge(struct health *health, const struct inventory *inventory,
    struct error *err) ERROR_CHECKED;

#endif
