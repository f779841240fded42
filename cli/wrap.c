#include "cli/wrap.h"

#include <stdint.h>
#include <string.h>

#include "lib/base/text.h"
#include "lib/base/text_width.h"

/* A terminal narrower than this is not wrapped for. */
#define COLUMNS_MIN 40

/* What must not begin a line. */
static bool
is_closing(uint32_t c)
{
	switch (c) {
	case 0x3001: /* 、 */
	case 0x3002: /* 。 */
	case 0x300D: /* 」 */
	case 0x300F: /* 』 */
	case 0x3011: /* 】 */
	case 0xFF09: /* ） */
	case 0xFF0C: /* ， */
	case 0xFF0E: /* ． */
	case 0x30FC: /* ー */
	case 0x30FB: /* ・ */
		return true;
	default:
		return false;
	}
}

/* What must not end one. */
static bool
is_opening(uint32_t c)
{
	return c == 0x300C || c == 0x300E || c == 0x3010 || c == 0xFF08;
}

struct line {
	const char *begin, *end; /* end: where the text of the line ends */
	const char *next;	 /* where the next one begins */
};

/* As much of a text as fits so many columns. */
static struct line
take_line(const char *text, size_t columns)
{
	struct line line = {text, NULL, NULL};
	const char *at = text;
	uint32_t c = 0, before = 0;
	size_t width = 0, step;

	while ((step = text_decode(at, strlen(at), &c)) > 0) {
		bool may_break =
		    at > text &&
		    (text_width_of(c) == 2 || text_width_of(before) == 2) &&
		    !is_closing(c) && !is_opening(before);

		if (c == ' ' && width <= columns) {
			line.end = at;
			line.next = at + 1;
		} else if (may_break && width <= columns) {
			line.end = line.next = at;
		}
		width += text_width_of(c);
		if (width > columns && line.end != NULL)
			return line;
		before = c;
		at += step;
	}
	line.end = line.next = at;
	return line;
}

/* What begins the text is printed, and so many columns wide. */
static void
print_rest(struct print *print, size_t used, size_t more, const char *text)
{
	struct bytes shown = BYTES_EMPTY;
	size_t before = used, spaces = 0;
	struct line line;
	const char *at;

	text_append_escaped(&shown, text, strlen(text));
	bytes_append_u8(&shown, 0);
	if (shown.failed) {
		bytes_done(&shown);
		return;
	}
	at = (const char *)shown.data;
	do {
		size_t columns = print->columns < COLUMNS_MIN + before
				     ? SIZE_MAX
				     : print->columns - before;

		line = take_line(at, columns);
		(void)fprintf(print->out, "%*s%.*s\n", (int)spaces, "",
		    (int)(line.end - line.begin), line.begin);
		at = line.next;
		before = spaces = more;
	} while (*at != '\0');
	bytes_done(&shown);
}

void
wrap_print(struct print *print, size_t indent, size_t more, const char *text)
{
	(void)fprintf(print->out, "%*s", (int)indent, "");
	print_rest(print, indent, more, text);
}

void
wrap_print_marked(
    struct print *print, enum print_mark mark, size_t more, const char *text)
{
	const char *sign = print_mark_text(mark);

	if (mark == PRINT_PLAIN) {
		print_rest(print, 0, more, text);
		return;
	}
	print_mark(print, mark, sign);
	(void)fputc(' ', print->out);
	print_rest(print, text_display_width(sign) + 1, more, text);
}
