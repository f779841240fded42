/*
 * requirement_shipped: the packs that are part of the program.
 *
 * Layer 3, internal to requirement.
 *
 * mk/packs.mk makes the table of conf/requirements.d when the program is
 * built, so that a build tree and a facility below --root need nothing
 * installed, and no edit of a file changes what hikae calls the official text.
 */
#ifndef HIKAE_MODEL_REQUIREMENT_SHIPPED_H
#define HIKAE_MODEL_REQUIREMENT_SHIPPED_H

#include <stddef.h>

struct requirement_shipped {
	const char *file; /* its name; NULL behind the last */
	const unsigned char *text;
	size_t length;
};

extern const struct requirement_shipped requirement_shipped_packs[];

#endif
