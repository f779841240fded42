/*
 * health_statements: whether what people stated ends soon, or has ended.
 *
 * Layer 6, internal to health.
 */
#ifndef HIKAE_JUDGE_HEALTH_STATEMENTS_H
#define HIKAE_JUDGE_HEALTH_STATEMENTS_H

#include "lib/judge/health.h"

/*
 * Note one reason for all requirements whose last statement ends soon, and one
 * for those where it has ended.  What was withdrawn counts no more.
 */
int health_statements_gather(struct catalog *catalog,
    const struct inventory *inventory, struct health *health,
    struct error *err) ERROR_CHECKED;

#endif
