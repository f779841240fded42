/*
 * words: what a person says of themselves and of what they did.
 *
 * Uses: base/text.
 *
 * It goes into the journal for good, and somebody answers for it: spaces name
 * nobody and say nothing.  The interface's parameter is named as the option of
 * the command line (`holder` is --to).
 */
#ifndef HIKAE_DAEMON_WORDS_H
#define HIKAE_DAEMON_WORDS_H

#include <stdbool.h>

#include "lib/base/error.h"

/* Bytes of one line in the journal (a name of FORMATS section 4.1). */
#define WORDS_BYTES_MAX 256

/* Whether this parameter says who. */
bool words_is_name(const char *parameter);

/* ERROR_USAGE where a text is NULL, or shows nothing; in words. */
int words_check_said(
    const char *text, const char *parameter, struct error *err) ERROR_CHECKED;

/* The same, and ERROR_USAGE where it is not one line, or too long. */
int words_check(
    const char *text, const char *parameter, struct error *err) ERROR_CHECKED;

/* The same for what may be left out (NULL). */
int words_check_optional(
    const char *text, const char *parameter, struct error *err) ERROR_CHECKED;

#endif
