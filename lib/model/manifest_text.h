/*
 * manifest_text: the comments of a manifest (FORMATS section 2), for the
 * sources of manifest alone.
 *
 * Layer 3.  Uses: base, model/manifest.  Owns: nothing.
 *
 * Each text has one form: the readers accept exactly what the writers write.
 */
#ifndef HIKAE_MODEL_MANIFEST_TEXT_H
#define HIKAE_MODEL_MANIFEST_TEXT_H

#include "lib/base/bytes.h"
#include "lib/model/manifest.h"

/* No header, no totals and no comment line is longer, bytes with a NUL. */
#define MANIFEST_TEXT_BYTES_MAX 1024

/* What a comment that gives an unread code begins with. */
#define MANIFEST_UNREAD_PREFIX "# hikae unread "

/* Whether a header can be written: see struct manifest_header. */
bool manifest_text_is_header(const struct manifest_header *header);

/* Whether a code may stand in a manifest: see MANIFEST_UNREAD_BYTES. */
bool manifest_text_is_code(const char *code, size_t length);

/* The header frame, from "#mtree" to the line of ".". */
void manifest_text_append_header(
    const struct manifest_header *header, struct bytes *out);
int manifest_text_parse_header(const char *text, size_t length,
    struct manifest_header *ret_header, struct error *err) ERROR_CHECKED;

/* The first line of a slice, with its newline. */
void manifest_text_append_slice(
    uint64_t slice, const struct manifest_start *start, struct bytes *out);
/* The same, given without its newline; it must be the slice's number. */
int manifest_text_parse_slice(const char *line, size_t length, uint64_t slice,
    struct manifest_start *ret_start, struct error *err) ERROR_CHECKED;

/* The last frame. */
void manifest_text_append_totals(
    const struct manifest_totals *totals, struct bytes *out);
int manifest_text_parse_totals(const char *text, size_t length,
    struct manifest_totals *ret_totals, struct error *err) ERROR_CHECKED;

#endif
