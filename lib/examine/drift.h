/*
 * drift: how far a manifest is from an earlier one.
 *
 * Layer 4.  Uses: examine/compare, format/magic (its names).
 */
#ifndef HIKAE_EXAMINE_DRIFT_H
#define HIKAE_EXAMINE_DRIFT_H

#include "lib/examine/examine.h"
#include "lib/model/survey.h"

/*
 * As compare_generations compares: by path, size and digest.  Of the events,
 * which may be NULL, progress is told.
 */
int drift_measure(int before_fd, int after_fd,
    const struct examine_events *events, struct drift *ret_drift,
    struct error *err) ERROR_CHECKED;

#endif
