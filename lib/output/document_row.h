/*
 * document_row: an object under construction, and a list of such.
 *
 * Layer 7, internal to document.
 *
 * A failure (memory, text that is no UTF-8) latches and is told at the end.
 */
#ifndef HIKAE_OUTPUT_DOCUMENT_ROW_H
#define HIKAE_OUTPUT_DOCUMENT_ROW_H

#include "lib/output/document.h"
#include "lib/store/query_record.h"

struct document_row {
	json_t *object;
	bool has_failed;
};

void document_row_begin(struct document_row *row);

/* NULL, "" and QUERY_NEVER leave the member out. */
void document_row_text(
    struct document_row *row, const char *key, const char *text);
void document_row_instant(
    struct document_row *row, const char *key, int64_t instant);
void document_row_number(
    struct document_row *row, const char *key, uint64_t number);
void document_row_flag(struct document_row *row, const char *key, bool flag);

/* The reference is taken over; NULL is a failure. */
void document_row_value(
    struct document_row *row, const char *key, json_t *value);

/* The file name behind a subject, where the reader may see it. */
void document_row_name(struct document_row *row,
    const struct document_context *context, const char *subject);

/* Give the object away.  -1 where something failed. */
int document_row_end(
    struct document_row *row, json_t **ret, struct error *err) ERROR_CHECKED;

/* A list that stops at a limit. */
struct document_list {
	const struct document_context *context;
	json_t *array;
	uint64_t limit;
	bool is_cut;
};

int document_list_begin(struct document_list *list,
    const struct document_context *context, struct error *err) ERROR_CHECKED;

/*
 * End the row and add it: 0, 1 where the list was full before, -1 (as query
 * callbacks return).
 */
int document_list_add(struct document_list *list, struct document_row *row,
    struct error *err) ERROR_CHECKED;

/* {"KEY": [...], "is_cut": ...}; also after a failure (rc), which it returns.
 */
int document_list_end(struct document_list *list, const char *key, int rc,
    json_t **ret, struct error *err) ERROR_CHECKED;

/* Rows of the lists, also parts of other documents. */
int document_row_copy(const struct document_context *context,
    const struct query_copy *copy, json_t **ret,
    struct error *err) ERROR_CHECKED;
int document_row_finding(const struct document_context *context,
    const struct query_finding *finding, json_t **ret,
    struct error *err) ERROR_CHECKED;
/* These begin the row. */
void document_row_generation(
    struct document_row *row, const struct query_generation *generation);
/* By the clock of an inventory (law 8). */
void document_row_attestation(struct document_row *item,
    const struct inventory *inventory, const struct query_attestation *row);

#endif
