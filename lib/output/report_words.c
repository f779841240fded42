#include "lib/output/report_words.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/store/query.h"

bool
report_words_is_japanese(void)
{
	/* TRANSLATORS: the code of your language; "ja" shows the texts of the
	 * requirements as their sources have them. */
	return strcmp(_("en"), "ja") == 0;
}

const char *
report_words_choose(const char *japanese, const char *english)
{
	const char *first = report_words_is_japanese() ? japanese : english;
	const char *second = report_words_is_japanese() ? english : japanese;

	return first != NULL ? first : second != NULL ? second : "";
}

enum report_mark
report_words_of_exit(enum verdict_exit status)
{
	switch (status) {
	case VERDICT_EXIT_GOOD:
		return REPORT_GOOD;
	case VERDICT_EXIT_WARNING:
		return REPORT_WARNING;
	case VERDICT_EXIT_BAD:
		return REPORT_BAD;
	case VERDICT_EXIT_UNDETERMINED:
		break;
	}
	return REPORT_UNKNOWN;
}

const char *
report_words_symbol(enum report_mark mark)
{
	static const char *const symbols[REPORT_MARKS] = {
	    [REPORT_NOTHING] = "－",
	    [REPORT_GOOD] = "○",
	    [REPORT_WARNING] = "△",
	    [REPORT_BAD] = "×",
	    [REPORT_UNKNOWN] = "？",
	};

	return symbols[mark];
}

const char *
report_words_name(enum report_mark mark)
{
	switch (mark) {
	case REPORT_NOTHING:
		return _("nothing");
	case REPORT_GOOD:
		return _("good");
	case REPORT_WARNING:
		return _("needs attention");
	case REPORT_BAD:
		return _("bad");
	case REPORT_UNKNOWN:
		break;
	}
	return _("not determined");
}

const char *
report_words_class(enum report_mark mark)
{
	static const char *const classes[REPORT_MARKS] = {
	    [REPORT_NOTHING] = "nothing",
	    [REPORT_GOOD] = "good",
	    [REPORT_WARNING] = "warning",
	    [REPORT_BAD] = "bad",
	    [REPORT_UNKNOWN] = "unknown",
	};

	return classes[mark];
}

void
report_words_mark(struct html *html, enum report_mark mark)
{
	html_open(html, "span");
	html_attribute_format(
	    html, "class", "mark %s", report_words_class(mark));
	html_attribute(html, "role", "img");
	html_attribute(html, "aria-label", report_words_name(mark));
	html_text(html, report_words_symbol(mark));
	html_close(html);
}

static const char *
dash(char *text)
{
	(void)snprintf(text, REPORT_TEXT_BYTES, "-");
	return text;
}

const char *
report_words_day(int64_t instant, char *text)
{
	if (instant == QUERY_NEVER)
		return dash(text);
	(void)date_format_plain(instant, text);
	text[strlen("2026-11-21")] = '\0';
	return text;
}

const char *
report_words_time(int64_t instant, char *text)
{
	return instant == QUERY_NEVER ? dash(text)
				      : date_format_plain(instant, text);
}

#define FORMAT(text, ...) (void)snprintf(text, REPORT_TEXT_BYTES, __VA_ARGS__)

const char *
report_words_ago(int64_t instant, int64_t now, char *text)
{
	int64_t ms = now - instant;

	if (instant == QUERY_NEVER)
		return dash(text);
	if (ms >= 2 * CLOCK_DAY_MS)
		FORMAT(text, _("%d days ago"), (int)(ms / CLOCK_DAY_MS));
	else if (ms >= 2 * CLOCK_HOUR_MS)
		FORMAT(text, _("%d h ago"), (int)(ms / CLOCK_HOUR_MS));
	else
		FORMAT(text, _("%d min ago"),
		    ms < 0 ? 0 : (int)(ms / CLOCK_MINUTE_MS));
	return text;
}

const char *
report_words_span(int64_t ms, char *text)
{
	if (ms >= 2 * CLOCK_DAY_MS)
		FORMAT(text, _("%d days"), (int)(ms / CLOCK_DAY_MS));
	else if (ms >= 2 * CLOCK_HOUR_MS)
		FORMAT(text, _("%d h"), (int)(ms / CLOCK_HOUR_MS));
	else if (ms >= CLOCK_MINUTE_MS)
		FORMAT(text, _("%d min"), (int)(ms / CLOCK_MINUTE_MS));
	else
		FORMAT(text, _("%d s"), (int)(ms / CLOCK_SECOND_MS));
	return text;
}

void
report_words_section(
    struct html *html, const char *id, const char *heading, const char *about)
{
	html_open(html, "section");
	html_attribute(html, "id", id);
	html_element(html, "h2", NULL, heading);
	if (about != NULL)
		html_element(html, "p", "about", about);
}
