/*
 * wrap: a text of any length, in lines that fit the terminal.
 *
 * Uses: cli/print, base/text.
 */
#ifndef HIKAE_CLI_WRAP_H
#define HIKAE_CLI_WRAP_H

#include "cli/print.h"

/*
 * Print a text with so many spaces before its first line, and `more` before
 * the others; one line where there is no terminal.  Lines break at spaces and
 * before wide characters, never before what must not begin a line in Japanese
 * (JIS X 4051, closing brackets and full stops).  The text is escaped.
 */
void wrap_print(
    struct print *print, size_t indent, size_t more, const char *text);

/* The same with a mark before the first line, if it is not PRINT_PLAIN. */
void wrap_print_marked(
    struct print *print, enum print_mark mark, size_t more, const char *text);

#endif
