/*
 * signature_text: the lines that minisign's files are made of.
 *
 * Layer 2.  Uses: base.  For signature.c and signature_key.c only.
 *
 * A file is lines that end in a line feed: comments with a fixed beginning,
 * and base64 of a known number of bytes.
 */
#ifndef HIKAE_CRYPTO_SIGNATURE_TEXT_H
#define HIKAE_CRYPTO_SIGNATURE_TEXT_H

#include "lib/base/bytes.h"

/* First bytes of every file, and of the third line of a signature. */
#define SIGNATURE_TEXT_UNTRUSTED "untrusted comment: "
#define SIGNATURE_TEXT_TRUSTED "trusted comment: "

/*
 * minisign reads the untrusted comment into 1,024 bytes with its beginning,
 * line feed and NUL, and trusts nothing longer.
 */
#define SIGNATURE_TEXT_UNTRUSTED_MAX 999

/* What has not been read of a file. */
struct signature_text {
	const char *text;
	size_t length;
};

/*
 * Read a comment line: *ret_comment points at what follows the beginning,
 * without the line feed.  0, or -1 when it is no such line, is longer than max
 * bytes, or is not clean.
 */
int signature_text_take_comment(struct signature_text *text,
    const char *beginning, size_t max, const char **ret_comment,
    size_t *ret_length) ERROR_CHECKED;

/*
 * Read a line that is the base64 of exactly `length` bytes, into ret_data; no
 * copy of it stays in memory.  0 or -1.
 */
int signature_text_take_base64(
    struct signature_text *text, void *ret_data, size_t length) ERROR_CHECKED;

/* Append base64 and a line feed; out's memory is not moved on the way. */
void signature_text_append_base64(
    struct bytes *out, const void *data, size_t length);

/* UTF-8 (RFC 3629) without control characters, the tab excepted. */
bool signature_text_is_clean(const char *text, size_t length);

#endif
