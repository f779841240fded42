/*
 * compliance_part: parts of a requirement's evidence, in sentences.
 *
 * Internal to cli/compliance.
 */
#ifndef HIKAE_CLI_COMPLIANCE_PART_H
#define HIKAE_CLI_COMPLIANCE_PART_H

#include "cli/print.h"

/* "○ ", "△ ", "× ", "？": two columns each. */
const char *compliance_part_symbol(enum print_mark mark);

/* Words of a requirement; the name itself where it is not known here. */
const char *compliance_part_kind(const json_t *requirement);
const char *compliance_part_text_status(const json_t *requirement);

/* Whether all is there, but the statement ends soon. */
bool compliance_part_ends_soon(const json_t *requirement);

/*
 * A system, or the facility: its state with the measures that miss; with
 * is_whole all of them, and the journal's entries that they rest on.
 */
void compliance_part_row(
    struct print *print, size_t indent, const json_t *row, bool is_whole);

/* Who stated it, until when, with which document. */
void compliance_part_statement(
    struct print *print, size_t indent, const json_t *requirement);

/*
 * What would make the evidence complete, beside the measures; has_command: with
 * the whole command line.
 */
void compliance_part_steps(struct print *print, size_t indent,
    const json_t *requirement, bool has_command);

#endif
