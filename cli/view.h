/*
 * view: members of documents as a person reads them.
 *
 * Uses: cli/print, base/text, base/date.
 *
 * Everything that is shown passes through here, and is escaped: names of files
 * come from strangers.
 */
#ifndef HIKAE_CLI_VIEW_H
#define HIKAE_CLI_VIEW_H

#include "cli/print.h"

/* Room for what the functions below write, with the NUL; they return it. */
#define VIEW_TEXT_BYTES 512

/* A text member, or a name that is no UTF-8; "" where there is none. */
const char *view_text(const json_t *object, const char *key, char *text);

/* 0 where there is none. */
uint64_t view_number(const json_t *object, const char *key);

/* A cell with a number, or with two: "3/4". */
void view_add_number(
    struct print_table *table, const json_t *object, const char *key);
void view_add_ratio(struct print_table *table, const json_t *object,
    const char *part, const char *whole);

/* An instant; false where there is none. */
bool view_instant(const json_t *object, const char *key, int64_t *ret_instant);

/* "5 h ago", "in 2 days"; "-" for none.  One unit. */
const char *view_age(
    const json_t *object, const char *key, int64_t now, char *text);

/* "30 days": one unit, as above; "-" for none. */
const char *view_duration(const json_t *object, const char *key, char *text);

/* The instant in the reader's language; "-" for none. */
const char *view_date(const json_t *object, const char *key, char *text);

/* "1.2 GiB" */
const char *view_size(const json_t *object, const char *key, char *text);

/* The mark of a member that is a status or a verdict by name. */
enum print_mark view_mark(const json_t *object, const char *key);

/* A word of hikae ("captured", "intact") in the reader's language. */
const char *view_word(const json_t *object, const char *key, char *text);

/* The name of a system or medium in a list of the status, else its id. */
const char *view_name(const json_t *list, const char *id, char *text);

/* A line with its mark, cut where the terminal ends. */
void view_line(struct print *print, enum print_mark mark, const char *text);

#endif
