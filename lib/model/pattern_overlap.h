/*
 * pattern_overlap: whether two patterns may mean one name.
 *
 * Layer 3.  Uses: model/pattern.
 */
#ifndef HIKAE_MODEL_PATTERN_OVERLAP_H
#define HIKAE_MODEL_PATTERN_OVERLAP_H

#include <stdbool.h>

#include "lib/base/error.h"
#include "lib/model/pattern.h"

/*
 * Whether there is a name that fits both, where a conversion is so many digits
 * of whatever value.  -1 with ERROR_INTERNAL: out of memory.
 */
int pattern_overlaps(const struct pattern *one, const struct pattern *other,
    bool *ret_overlaps, struct error *err) ERROR_CHECKED;

#endif
