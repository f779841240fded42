/*
 * ask_document: hikaed's documents, made here from a rescued catalog.
 *
 * Uses: cli, output/document, model/requirement.
 *
 * The methods and their parameters are those of the control socket (FORMATS
 * section 7); what is judged by requirement packs takes those of --root.
 */
#ifndef HIKAE_CLI_ASK_DOCUMENT_H
#define HIKAE_CLI_ASK_DOCUMENT_H

#include "cli/cli.h"
#include "lib/output/document.h"

struct ask_document {
	const struct cli *cli;
	const json_t *parameters; /* an object, or NULL */
	struct document_context context;
};

/* A new document.  ERROR_USAGE for a method that only hikaed can answer. */
int ask_document(const struct ask_document *question, const char *method,
    json_t **ret, struct error *err) ERROR_CHECKED;

/* A number among the parameters; 0 where there is none. */
uint64_t ask_document_number(const json_t *parameters, const char *name);

#endif
