/*
 * document_reach: the members about 3-2-1 and about media out of reach.
 *
 * Layer 7, internal to document.  Uses: document_row, judge.
 */
#ifndef HIKAE_OUTPUT_DOCUMENT_REACH_H
#define HIKAE_OUTPUT_DOCUMENT_REACH_H

#include "lib/output/document_row.h"

/* The counts of 3-2-1, and what each variant makes of them. */
void document_reach_add_system(
    struct document_row *row, const struct health_system *system);

/* Whether it is in reach, for how long, and what speaks for it. */
void document_reach_add_medium(
    struct document_row *row, const struct health_medium *medium);

#endif
