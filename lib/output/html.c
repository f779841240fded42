#include "lib/output/html.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"

/* Texts made by a format are shorter; what is longer is cut. */
#define FORMAT_BYTES 1024

void
html_begin(struct html *html)
{
	*html = (struct html){.out = BYTES_EMPTY};
	bytes_append_text(&html->out, "<!DOCTYPE html>\n");
}

int
html_finish(struct html *html, struct bytes *out, struct error *err)
{
	int rc = -1;

	if (html->has_failed || html->depth > 0 || html->in_tag)
		(void)error_set(err, ERROR_INTERNAL, "html");
	else if (bytes_check(&html->out, err) == 0) {
		bytes_append(out, html->out.data, html->out.length);
		rc = bytes_check(out, err);
	}
	bytes_done(&html->out);
	return rc;
}

static bool
is_name(const char *name)
{
	if (name[0] < 'A' || (name[0] > 'Z' && name[0] < 'a') || name[0] > 'z')
		return false;
	return strspn(name,
		   "abcdefghijklmnopqrstuvwxyz"
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == strlen(name);
}

/* Attributes that make a browser load, run or restyle something. */
static bool
is_refused(const char *name)
{
	static const char *const names[] = {"src", "srcset", "href", "action",
	    "formaction", "data", "poster", "style", "background"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(name, names[i]) == 0)
			return true;
	return strncasecmp(name, "on", 2) == 0;
}

/* Elements that have no end tag, and SVG's, which may do without. */
static bool
is_empty_element(const char *name)
{
	static const char *const names[] = {
	    "meta", "br", "hr", "col", "rect", "path", "line", "circle", "use"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* After these a new line changes nothing but the source. */
static bool
ends_line(const char *name)
{
	static const char *const names[] = {"html", "head", "meta", "title",
	    "style", "body", "header", "section", "footer", "main", "table",
	    "thead", "tbody", "tr", "p", "h1", "h2", "h3", "ul", "ol", "li",
	    "div", "svg", "g", "dl"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static void
end_tag(struct html *html)
{
	if (html->in_tag)
		bytes_append_u8(&html->out, '>');
	html->in_tag = false;
}

/* What is markup becomes a reference. */
static void
append_escaped(struct html *html, const char *text)
{
	struct bytes visible = BYTES_EMPTY;

	text_append_escaped(&visible, text, strlen(text));
	for (size_t i = 0; i < visible.length; i++) {
		uint8_t byte = visible.data[i];

		if (byte == '&')
			bytes_append_text(&html->out, "&amp;");
		else if (byte == '<')
			bytes_append_text(&html->out, "&lt;");
		else if (byte == '>')
			bytes_append_text(&html->out, "&gt;");
		else if (byte == '"')
			bytes_append_text(&html->out, "&quot;");
		else if (byte == '\'')
			bytes_append_text(&html->out, "&#39;");
		else
			bytes_append_u8(&html->out, byte);
	}
	if (visible.failed)
		html->has_failed = true;
	bytes_done(&visible);
}

void
html_open(struct html *html, const char *name)
{
	if (html->depth == HTML_DEPTH_MAX || !is_name(name) ||
	    strcasecmp(name, "script") == 0) {
		html->has_failed = true;
		return;
	}
	end_tag(html);
	html->open[html->depth++] = name;
	bytes_append_u8(&html->out, '<');
	bytes_append_text(&html->out, name);
	html->in_tag = true;
}

void
html_close(struct html *html)
{
	const char *name;

	if (html->depth == 0) {
		html->has_failed = true;
		return;
	}
	name = html->open[--html->depth];
	if (html->in_tag && is_empty_element(name)) {
		bytes_append_text(&html->out, "/>");
		html->in_tag = false;
	} else {
		end_tag(html);
		bytes_append_text(&html->out, "</");
		bytes_append_text(&html->out, name);
		bytes_append_u8(&html->out, '>');
	}
	if (ends_line(name))
		bytes_append_u8(&html->out, '\n');
}

void
html_attribute(struct html *html, const char *name, const char *value)
{
	if (value == NULL)
		return;
	if (!html->in_tag || !is_name(name) || is_refused(name)) {
		html->has_failed = true;
		return;
	}
	bytes_append_u8(&html->out, ' ');
	bytes_append_text(&html->out, name);
	bytes_append_text(&html->out, "=\"");
	append_escaped(html, value);
	bytes_append_u8(&html->out, '"');
}

void
html_attribute_format(
    struct html *html, const char *name, const char *format, ...)
{
	char value[FORMAT_BYTES];
	va_list list;

	va_start(list, format);
	(void)vsnprintf(value, sizeof(value), format, list);
	va_end(list);
	html_attribute(html, name, value);
}

void
html_text(struct html *html, const char *text)
{
	end_tag(html);
	append_escaped(html, text);
}

void
html_text_format(struct html *html, const char *format, ...)
{
	char text[FORMAT_BYTES];
	va_list list;

	va_start(list, format);
	(void)vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	html_text(html, text);
}

void
html_element(
    struct html *html, const char *name, const char *class, const char *text)
{
	html_open_class(html, name, class);
	html_text(html, text);
	html_close(html);
}

void
html_open_class(struct html *html, const char *name, const char *class)
{
	html_open(html, name);
	html_attribute(html, "class", class);
}

/*
 * Raw text in HTML: nothing in it may end the element, be markup to a reader
 * of XML, or fetch anything.
 */
static bool
is_plain_css(const char *css)
{
	return strpbrk(css, "<&") == NULL && strstr(css, "url(") == NULL &&
	       strstr(css, "@import") == NULL;
}

void
html_style(struct html *html, const char *const *pieces)
{
	html_open(html, "style");
	end_tag(html);
	for (; *pieces != NULL; pieces++) {
		if (is_plain_css(*pieces))
			bytes_append_text(&html->out, *pieces);
		else
			html->has_failed = true;
	}
	html_close(html);
}
