/*
 * compliance: requirements and their evidence as a person reads them.
 *
 * Uses: cli (view, wrap), judge (compliance, measure), model (measure,
 * requirement).
 *
 * The documents carry codes and numbers (FORMATS section 7); the sentences are
 * made here.
 */
#ifndef HIKAE_CLI_COMPLIANCE_H
#define HIKAE_CLI_COMPLIANCE_H

#include "cli/print.h"

/* All requirements, with what is missing of each. */
void compliance_print(struct print *print, const json_t *document);

/* The first requirement in full: wording, measures, evidence. */
void compliance_print_one(struct print *print, const json_t *document);

/* "title" or "title_en", as the reader's language asks; "" for none. */
const char *compliance_text(const json_t *object, const char *key);

#endif
