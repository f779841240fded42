#include "cli/print.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/base/i18n.h"

#define SGR_RESET "\033[0m"
#define SGR_BOLD "\033[1m"

static const struct {
	const char *text;
	const char *sgr; /* ECMA-48 "select graphic rendition" */
} marks[PRINT_MARKS] = {
    [PRINT_PLAIN] = {"", ""},
    /* TRANSLATORS: these four are marks at the beginning of a line. */
    [PRINT_GOOD] = {N_("OK"), "\033[32m"},
    [PRINT_WARNING] = {N_("WARN"), "\033[33m"},
    [PRINT_BAD] = {N_("BAD"), "\033[1;31m"},
    [PRINT_UNKNOWN] = {N_("????"), "\033[35m"},
};

static bool
wants_colour(void)
{
	const char *none = getenv("NO_COLOR"), *term = getenv("TERM");

	return (none == NULL || none[0] == '\0') && term != NULL &&
	       strcmp(term, "dumb") != 0;
}

void
print_init(struct print *print, FILE *out)
{
	struct winsize size = {0};

	*print = (struct print){.out = out};
	if (!isatty(fileno(out)))
		return;
	print->has_colour = wants_colour();
	if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0)
		print->columns = size.ws_col;
}

const char *
print_mark_text(enum print_mark mark)
{
	/* gettext gives the catalogue's header for an empty text. */
	return mark == PRINT_PLAIN ? "" : _(marks[mark].text);
}

void
print_mark(struct print *print, enum print_mark mark, const char *text)
{
	if (print->has_colour && mark != PRINT_PLAIN)
		(void)fprintf(
		    print->out, "%s%s" SGR_RESET, marks[mark].sgr, text);
	else
		(void)fputs(text, print->out);
}

void
print_line(struct print *print, enum print_mark mark, const char *format, ...)
{
	va_list ap;

	if (mark != PRINT_PLAIN) {
		print_mark(print, mark, print_mark_text(mark));
		(void)fputc(' ', print->out);
	}
	va_start(ap, format);
	(void)vfprintf(print->out, format, ap);
	va_end(ap);
	(void)fputc('\n', print->out);
}

void
print_heading(struct print *print, const char *text)
{
	(void)fprintf(print->out, "%s%s%s\n", print->has_colour ? SGR_BOLD : "",
	    text, print->has_colour ? SGR_RESET : "");
}

int
print_json(struct print *print, const json_t *value, struct error *err)
{
	char *text = json_dumps(value, JSON_INDENT(2) | JSON_SORT_KEYS);

	if (text == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	(void)fprintf(print->out, "%s\n", text);
	free(text);
	return 0;
}
