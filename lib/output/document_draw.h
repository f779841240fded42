/*
 * document_draw: a document by the name of the method that asks for it.
 *
 * Layer 7.  Uses: document and its parts.
 *
 * The one table of which method is which document, and the one place where the
 * context of a document is made.  hikaed uses it in its loop and in its
 * children (output/reporter), the CLI for a rescued catalog.
 */
#ifndef HIKAE_OUTPUT_DOCUMENT_DRAW_H
#define HIKAE_OUTPUT_DOCUMENT_DRAW_H

#include "lib/output/document.h"

struct document_request {
	const char *name;	  /* of the method: "Compliance" */
	const json_t *parameters; /* as the method's; NULL: none */
	struct catalog *catalog;
	const struct config *config; /* whose names are added, or NULL */
	/*
	 * The files of requirements of now; NULL: those of the program and
	 * below root_fd (-1: no such).
	 */
	const struct requirement_texts *today;
	int root_fd;
	/* No hikaed is there to add what it remembers: the journal tells. */
	bool is_rescued;
	uint64_t limit_max; /* of rows, whatever is asked; 0: no such limit */
	struct merkle_prefix *known; /* as judge/measure's, or NULL */
};

/* Whether a method is a document. */
bool document_draw_knows(const char *name);

/*
 * Whether drawing it may take longer than hikaed's loop may stand still: it
 * is drawn in a child then.
 */
bool document_draw_is_heavy(const char *name);

/*
 * Draw it.  Errors as the document's own; ERROR_USAGE: no such document, or a
 * parameter (its name is the text); ERROR_INPUT: "at" is to come; ERROR_CONFIG:
 * the requirements have a mistake.
 */
int document_draw(const struct document_request *request, json_t **ret,
    struct error *err) ERROR_CHECKED;

#endif
