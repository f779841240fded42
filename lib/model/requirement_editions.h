/*
 * requirement_editions: may two requirements be in force on the same day?
 *
 * Layer 3, internal to requirement.  Uses: model (requirement_types).
 */
#ifndef HIKAE_MODEL_REQUIREMENT_EDITIONS_H
#define HIKAE_MODEL_REQUIREMENT_EDITIONS_H

#include "lib/model/requirement_types.h"

/*
 * Whether a and b are editions of one rule, and a day has both: one names the
 * other in superseded_by and does not end before that begins, or both cite one
 * source in different editions and are valid at the same time.  Which of them
 * is in force on that day, nobody said.  *ret_older is the one to end earlier.
 */
bool requirement_editions_clash(const struct requirement *a,
    const struct requirement *b, const struct requirement **ret_older);

#endif
