/*
 * witness_text: what people find in a witness's folder.
 *
 * Layer 7.  Uses: judge/recover, model/config.
 */
#ifndef HIKAE_OUTPUT_WITNESS_TEXT_H
#define HIKAE_OUTPUT_WITNESS_TEXT_H

#include "lib/judge/recover.h"
#include "lib/model/config.h"

/* Append what the folder is, in Japanese and English. */
void witness_text_readme(struct bytes *out);

struct witness_text_plan {
	const struct recover *plan;
	const struct config *config; /* whose names are added; or NULL */
	const char *origin;
	int64_t at;
};

/* Append the recovery plan, in Japanese and then in English. */
void witness_text_plan(const struct witness_text_plan *what, struct bytes *out);

#endif
