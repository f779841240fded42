/*
 * print: text, marks, tables and JSON on standard output.
 *
 * Uses: base/text, format/json.
 *
 * Colours appear on a terminal only, never where NO_COLOR is set
 * (no-color.org) or TERM is dumb, and never carry meaning alone.
 */
#ifndef HIKAE_CLI_PRINT_H
#define HIKAE_CLI_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "lib/base/bytes.h"
#include "lib/format/json.h"

struct print {
	FILE *out;
	bool has_colour;
	size_t columns; /* of the terminal; 0: none, lines may be long */
};

enum print_mark {
	PRINT_PLAIN, /* no mark */
	PRINT_GOOD,
	PRINT_WARNING,
	PRINT_BAD,
	PRINT_UNKNOWN,
};
#define PRINT_MARKS (PRINT_UNKNOWN + 1)

/* What the stream is decides about colours and columns. */
void print_init(struct print *print, FILE *out);

/* "OK", "WARN", "BAD", "????", in Japanese ○ △ × ？. */
const char *print_mark_text(enum print_mark mark);

/* A text in the colour of a mark. */
void print_mark(struct print *print, enum print_mark mark, const char *text);

/* A line with its mark before it, coloured where that is possible. */
void print_line(struct print *print, enum print_mark mark, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

/* A line of its own, bold on a terminal. */
void print_heading(struct print *print, const char *text);

/* The value, indented by two, with sorted keys and a line feed. */
int print_json(
    struct print *print, const json_t *value, struct error *err) ERROR_CHECKED;

struct print_table;

struct print_column {
	const char *heading; /* translated; "" for none */
	bool is_right;	     /* numbers */
	bool is_cut;	     /* may be cut to fit the terminal */
};

/*
 * A table of so many columns, whose widths follow from its cells.  The columns
 * are copied, their headings are not.  NULL without memory, which every
 * function below accepts.  A cell's text is copied; it must be free of control
 * characters (text_escape).
 */
struct print_table *print_table_new(
    const struct print_column *columns, size_t count);
void print_table_add(struct print_table *table, const char *text);
void print_table_add_mark(struct print_table *table, enum print_mark mark);
void print_table_add_format(struct print_table *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Drop a table that is not to be printed. */
void print_table_free(struct print_table *table);

/* Print the rows that are whole, and free the table. */
int print_table_finish(struct print *print, struct print_table *table,
    struct error *err) ERROR_CHECKED;

#endif
