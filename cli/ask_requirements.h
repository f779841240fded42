/*
 * ask_requirements: requirements and statements from a rescued catalog.
 *
 * Internal to cli/ask.
 */
#ifndef HIKAE_CLI_ASK_REQUIREMENTS_H
#define HIKAE_CLI_ASK_REQUIREMENTS_H

#include "cli/cli.h"
#include "lib/output/document.h"

/*
 * The reply of Compliance or Attestations, with the parameters of that method.
 * The packs are those of the program and below --root; whoever asks about a
 * rescued catalog has them, or only the shipped ones.
 */
int ask_requirements(const struct cli *cli,
    const struct document_context *context, const char *method,
    const json_t *parameters, json_t **ret, struct error *err) ERROR_CHECKED;

#endif
