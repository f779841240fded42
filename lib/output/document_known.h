/*
 * document_known: whether a name in a question is one of something.
 *
 * Layer 7, internal to document; hikaed asks it too.  Uses: store's queries.
 *
 * A list of what nothing has is empty and looks good: a name that was
 * mistyped must not pass for one without problems (law 1).
 */
#ifndef HIKAE_OUTPUT_DOCUMENT_KNOWN_H
#define HIKAE_OUTPUT_DOCUMENT_KNOWN_H

#include "lib/output/document.h"

/* NULL: not asked. */
struct document_names {
	const char *system, *generation, *medium, *source, *code;
};

/*
 * ERROR_NOT_FOUND for the first of them that is not configured, a generation
 * that has no copy, a code that no finding can have.
 */
int document_known_check(struct catalog *catalog, struct catalog_at at,
    const struct document_names *names, struct error *err) ERROR_CHECKED;

#endif
