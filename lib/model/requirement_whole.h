/*
 * requirement_whole: is a requirement complete and at one with itself?
 *
 * Layer 3, internal to requirement.  Uses: model (measure, requirement_key,
 * requirement_faults).
 */
#ifndef HIKAE_MODEL_REQUIREMENT_WHOLE_H
#define HIKAE_MODEL_REQUIREMENT_WHOLE_H

#include "lib/model/requirement_faults.h"
#include "lib/model/requirement_types.h"

/* Where a requirement stands, and who is told of its faults. */
struct requirement_place {
	struct requirement_faults *faults;
	const char *file;
	unsigned int line;
};

/* Tell what it lacks by itself; lines has for each key where it stands, or 0.
 */
void requirement_whole_check(const struct requirement_place *place,
    const struct requirement *data, const unsigned int *lines);

#endif
