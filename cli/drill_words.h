/*
 * drill_words: what a drill's record says in words, in the reader's language.
 *
 * Uses: print, i18n, inspect.
 *
 * Words that nobody knows here, such as those of the site's own programs, stay
 * as they are.
 */
#ifndef HIKAE_CLI_DRILL_WORDS_H
#define HIKAE_CLI_DRILL_WORDS_H

#include "cli/print.h"

/* A check's name, an outcome, or a count's name. */
const char *drill_words_name(const char *word);

/* Of a count, as drill_words_name; those of a table or database by its name. */
const char *drill_words_count(const char *word, char *text);

/* What a reason means and what to do, in a sentence; NULL: it is unknown. */
const char *drill_words_sentence(const char *reason);

/* Of an outcome that is a member of an object. */
enum print_mark drill_words_mark(const json_t *object, const char *key);

/* "12.5 %": a member in millionths; in text's VIEW_TEXT_BYTES. */
const char *drill_words_percent(
    const json_t *object, const char *key, char *text);

#endif
