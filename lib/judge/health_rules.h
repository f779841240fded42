/*
 * health_rules: what follows from what was counted.
 *
 * Layer 6, internal to health.
 */
#ifndef HIKAE_JUDGE_HEALTH_RULES_H
#define HIKAE_JUDGE_HEALTH_RULES_H

#include "lib/judge/health.h"

/*
 * Note a reason: one that is there already (the same code about the same
 * system, medium and source) counts more.  `about` may leave code, severity
 * and count empty; count 0 is 1.
 */
int health_rules_note(struct health *health, const char *code,
    enum verdict_exit severity, const struct health_reason *about,
    struct error *err) ERROR_CHECKED;

/* Draw all conclusions, fold the statuses and sort the reasons. */
int health_rules_apply(struct health *health, struct error *err) ERROR_CHECKED;

/* NULL where it is not configured. */
struct health_system *health_rules_system(
    const struct health *health, const char *id);
struct health_medium *health_rules_medium(
    const struct health *health, const char *id);
struct health_source *health_rules_source(
    const struct health *health, const char *id);

#endif
