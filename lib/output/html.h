/*
 * html: HTML that is being written, element by element.
 *
 * Layer 7.  Uses: base (bytes, text).
 *
 * The only way from text to HTML: whatever stands in a text or in a value is
 * escaped, characters that show nothing or reorder a line are made visible
 * (base/text), and names of elements and attributes are words of the program.
 * Attributes that could load or run something (src, href, on...) are refused.
 * The result is well-formed XML too.
 *
 * What goes wrong latches and is told by html_finish.
 */
#ifndef HIKAE_OUTPUT_HTML_H
#define HIKAE_OUTPUT_HTML_H

#include "lib/base/bytes.h"

#define HTML_DEPTH_MAX 32

struct html {
	struct bytes out;
	const char *open[HTML_DEPTH_MAX]; /* static names */
	size_t depth;
	bool in_tag; /* attributes may still follow */
	bool has_failed;
};

/* Begin a document: its type, and nothing else. */
void html_begin(struct html *html);

/* Append the document to *out, in which nothing is left open, and free it. */
int html_finish(
    struct html *html, struct bytes *out, struct error *err) ERROR_CHECKED;

/* name is static: letters and digits. */
void html_open(struct html *html, const char *name);
/* The innermost element. */
void html_close(struct html *html);

/* Of the element that was just opened; value NULL leaves it out. */
void html_attribute(struct html *html, const char *name, const char *value);
void html_attribute_format(struct html *html, const char *name,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

void html_text(struct html *html, const char *text);
void html_text_format(struct html *html, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* An element with a class (NULL: none) and a text in it. */
void html_element(
    struct html *html, const char *name, const char *class, const char *text);
/* The same, left open and without a text. */
void html_open_class(struct html *html, const char *name, const char *class);

/* The program's own style sheet, in pieces; NULL ends them. */
void html_style(struct html *html, const char *const *pieces);

#endif
