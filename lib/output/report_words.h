/*
 * report_words: marks, dates and texts as all sections of a report write them.
 *
 * Layer 7, internal to report.  Uses: html, report_calendar, model.
 */
#ifndef HIKAE_OUTPUT_REPORT_WORDS_H
#define HIKAE_OUTPUT_REPORT_WORDS_H

#include "lib/model/verdict.h"
#include "lib/output/html.h"
#include "lib/output/report_calendar.h"

/* Room for what the functions below write, with the NUL; they return it. */
#define REPORT_TEXT_BYTES 256

/* Whether the reader's language is Japanese. */
bool report_words_is_japanese(void);

/* The text in the reader's language, else in the other; "" for none. */
const char *report_words_choose(const char *japanese, const char *english);

enum report_mark report_words_of_exit(enum verdict_exit status);

/* "○", "△", "×", "？", "－", and a word for each. */
const char *report_words_symbol(enum report_mark mark);
const char *report_words_name(enum report_mark mark);
/* The class of the style sheet: "good", ... */
const char *report_words_class(enum report_mark mark);

/* The symbol in its colour, with its word for those who hear the page. */
void report_words_mark(struct html *html, enum report_mark mark);

/* "2026-11-21"; "-" for QUERY_NEVER. */
const char *report_words_day(int64_t instant, char *text);
/* "2026-11-21 02:00" */
const char *report_words_time(int64_t instant, char *text);
/* "3 days ago"; one unit. */
const char *report_words_ago(int64_t instant, int64_t now, char *text);
/* "40 min"; one unit. */
const char *report_words_span(int64_t ms, char *text);

/* A section with its heading and what it is about, left open. */
void report_words_section(
    struct html *html, const char *id, const char *heading, const char *about);

#endif
