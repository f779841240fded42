/*
 * json: JSON as hikae writes it (RFC 8785) and as it accepts it.
 *
 * Layer 2.  Uses: base.  Owns: <jansson.h>; other modules include this header
 * and build their objects with jansson's own functions.
 *
 * Integers beyond +-(2^53 - 1) are decimal strings, and bytes that are no
 * UTF-8 are {"b64": "..."}: every value has exactly one form, and the readers
 * below accept only that form.
 */
#ifndef HIKAE_FORMAT_JSON_H
#define HIKAE_FORMAT_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/bytes.h"
#include "lib/base/error.h"

/* The largest integer that every JSON reader keeps: RFC 8785 section 3.2.2.3,
 * RFC 7493 section 2.2. */
#define JSON_INTEGER_MAX ((int64_t)9007199254740991)

/* Levels of objects and arrays that json_append_canonical follows. */
#define JSON_DEPTH_MAX 64

/*
 * Append the RFC 8785 form of a value.  ERROR_INPUT: a key that is not ASCII
 * (for ASCII keys the order by UTF-16 code units is the order as bytes), an
 * integer beyond +-JSON_INTEGER_MAX, a real, a NUL in a text.  ERROR_LIMIT:
 * too deep.  On error, out is what it was.
 */
int json_append_canonical(
    const json_t *value, struct bytes *out, struct error *err) ERROR_CHECKED;

/*
 * Parse one object or array (RFC 8259) and nothing behind it but white space.
 * Refused with ERROR_INPUT: invalid UTF-8, duplicate keys, NUL in a text,
 * integers beyond int64_t, more than 2048 levels.  Returns a new reference,
 * NULL on error.
 */
json_t *json_parse(
    const char *text, size_t length, struct error *err) ERROR_CHECKED;

/*
 * Bytes as a text where they are UTF-8 without NUL, else {"b64": base64}.
 * Returns a new reference; NULL when memory ran out (jansson's ..._set_new
 * functions accept that and fail).
 */
json_t *json_of_bytes(const void *data, size_t length);

/* An integer, or a decimal string beyond JSON_INTEGER_MAX.  As above. */
json_t *json_of_u64(uint64_t value);

/*
 * Members of an object: 0, or -1 where object is no object, the member is
 * missing, or it has another form than the writers above give.
 */
int json_get_u64(
    const json_t *object, const char *key, uint64_t *ret) ERROR_CHECKED;
int json_get_i64(
    const json_t *object, const char *key, int64_t *ret) ERROR_CHECKED;
int json_get_bool(
    const json_t *object, const char *key, bool *ret) ERROR_CHECKED;

/* *ret_text belongs to the object. */
int json_get_text(
    const json_t *object, const char *key, const char **ret_text) ERROR_CHECKED;

/* Append what json_of_bytes was given.  Also -1 when memory ran out. */
int json_get_bytes(
    const json_t *object, const char *key, struct bytes *out) ERROR_CHECKED;

/* A text of exactly 2 * length hexadecimal digits. */
int json_get_hex(const json_t *object, const char *key, void *ret_data,
    size_t length) ERROR_CHECKED;

#endif
