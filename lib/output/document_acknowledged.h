/*
 * document_acknowledged: who said that he takes care of what a status tells,
 * as the journal has it.
 *
 * Layer 7.  Uses: document, store's journal.  hikaed remembers it and adds it
 * itself (daemon/notices_ack.c); this is for a rescued catalog.
 */
#ifndef HIKAE_OUTPUT_DOCUMENT_ACKNOWLEDGED_H
#define HIKAE_OUTPUT_DOCUMENT_ACKNOWLEDGED_H

#include "lib/output/document.h"

/* An acknowledgement holds no longer than this, ms. */
#define DOCUMENT_ACKNOWLEDGED_MAX_MS (INT64_C(90) * 86400000)

/*
 * Add `acknowledged` to the reasons of a status that somebody acknowledged
 * since they stand, until a time that is yet to come.
 */
int document_acknowledged_add(const struct document_context *context,
    json_t *status, struct error *err) ERROR_CHECKED;

#endif
