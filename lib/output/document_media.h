/*
 * document_media: how media stand, who has them, and what happened to them.
 *
 * Layer 7.  Uses: document, store/query_media.  FORMATS section 7.8.
 */
#ifndef HIKAE_OUTPUT_DOCUMENT_MEDIA_H
#define HIKAE_OUTPUT_DOCUMENT_MEDIA_H

#include "lib/output/document.h"

/* How far back exposure is added up, ms. */
#define DOCUMENT_MEDIA_EXPOSURE_MS (30 * INT64_C(86400000))

/* {"media": [...]}, by id. */
int document_media(const struct document_context *context, json_t **ret,
    struct error *err) ERROR_CHECKED;

/* One of them as "medium", with "history" and "events", newest first. */
int document_medium(const struct document_context *context, const char *id,
    json_t **ret, struct error *err) ERROR_CHECKED;

#endif
