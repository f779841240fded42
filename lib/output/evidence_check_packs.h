/*
 * evidence_check_packs: is a bundle judged by what was in force?
 *
 * Layer 7, internal to evidence_verify.  Uses: format/json, evidence_check.
 *
 * compliance.json names the files of requirements; their texts lie in
 * data/requirements, by digest; and where the period has an entry `config`,
 * its newest one must name the same files.
 */
#ifndef HIKAE_OUTPUT_EVIDENCE_CHECK_PACKS_H
#define HIKAE_OUTPUT_EVIDENCE_CHECK_PACKS_H

#include "lib/output/evidence_check.h"

/* Take what compliance.json says. */
void evidence_check_packs_claim(
    struct evidence_check *check, const json_t *document);

/* Take a leaf of the journal, piece by piece. */
void evidence_check_packs_leaf(
    struct evidence_check *check, const void *data, size_t length);
void evidence_check_packs_end_leaf(struct evidence_check *check);

/* After the last file: tell what does not fit. */
void evidence_check_packs_proof(struct evidence_check *check);

void evidence_check_packs_done(struct evidence_check *check);

#endif
