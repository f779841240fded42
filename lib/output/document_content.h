/*
 * document_content: what the files of a copy say of themselves.
 *
 * Layer 7, part of document.  Uses: store.
 */
#ifndef HIKAE_OUTPUT_DOCUMENT_CONTENT_H
#define HIKAE_OUTPUT_DOCUMENT_CONTENT_H

#include "lib/output/document_row.h"

/* Set `contents` of a manifest that was looked into: FORMATS section 7.5. */
int document_content_add(struct document_row *row,
    const struct document_context *context, uint64_t manifest,
    struct error *err) ERROR_CHECKED;

#endif
