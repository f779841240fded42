/*
 * document_drill: drills as JSON, part of document (FORMATS section 7.11).
 *
 * Layer 7.  Uses: judge, store's queries.
 */
#ifndef HIKAE_OUTPUT_DOCUMENT_DRILL_H
#define HIKAE_OUTPUT_DOCUMENT_DRILL_H

#include "lib/output/document.h"

/* Newest first; system may be NULL for all. */
int document_drills(const struct document_context *context, const char *system,
    json_t **ret, struct error *err) ERROR_CHECKED;

/* One with its checks.  ERROR_NOT_FOUND. */
int document_drill(const struct document_context *context, uint64_t id,
    json_t **ret, struct error *err) ERROR_CHECKED;

/* What is due, in the order of recovery. */
int document_drill_due(const struct document_context *context, json_t **ret,
    struct error *err) ERROR_CHECKED;

#endif
