/*
 * Day by day over a quarter.  Each mark has a shape of its own, so that it is
 * told apart in grey print: a full block, a half block, a cross, an empty box
 * with a stroke, a line on the ground.
 */
#include <stdio.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/output/report_parts.h"
#include "lib/output/report_words.h"

/* Of a cell, in units of the drawing. */
#define STEP 7
#define WIDTH 6
#define HEIGHT 20
/* Of the axis; a label every so many days, as wide as one is. */
#define AXIS 20
#define LABEL_DAYS 14

static void
draw(struct html *html, const char *class, int x, int y, int height)
{
	html_open_class(html, "rect", class);
	html_attribute_format(html, "x", "%d", x);
	html_attribute_format(html, "y", "%d", y);
	html_attribute_format(html, "width", "%d", WIDTH);
	html_attribute_format(html, "height", "%d", height);
	html_close(html);
}

static void
draw_path(struct html *html, const char *class, const char *format, int x)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "M%d %s", x, format);
	html_open_class(html, "path", class);
	html_attribute(html, "d", path);
	html_close(html);
}

/* One mark at x. */
static void
draw_mark(struct html *html, enum report_mark mark, int x)
{
	switch (mark) {
	case REPORT_NOTHING:
		draw(html, "ground", x, HEIGHT - 2, 2);
		break;
	case REPORT_GOOD:
		draw(html, "good", x, 0, HEIGHT);
		break;
	case REPORT_WARNING:
		draw(html, "frame", x, 0, HEIGHT);
		draw(html, "warning", x, HEIGHT / 2, HEIGHT / 2);
		break;
	case REPORT_BAD:
		draw(html, "bad", x, 0, HEIGHT);
		draw_path(html, "cross", "4l4 12m0-12l-4 12", x + 1);
		break;
	case REPORT_UNKNOWN:
		draw(html, "frame", x, 0, HEIGHT);
		draw_path(html, "stroke", "20l6-20", x);
		break;
	}
}

/* Nobody watched: neither a backup nor its absence is known. */
static void
draw_unwatched(struct html *html, int x)
{
	draw_path(html, "unwatched", "8v4", x + WIDTH / 2);
}

static void
draw_reach(struct html *html, const struct report_row *row, size_t day, int x)
{
	int64_t share = row->in_reach_ms[day] * HEIGHT / CLOCK_DAY_MS;
	int height = share > HEIGHT ? HEIGHT : (int)share;

	if (row->unknown_ms[day] > 0 && row->in_reach_ms[day] == 0) {
		draw_unwatched(html, x);
		return;
	}
	draw(html, "ground", x, HEIGHT - 2, 2);
	if (row->in_reach_ms[day] > 0)
		draw(html, "reach", x, HEIGHT - (height < 4 ? 4 : height),
		    height < 4 ? 4 : height);
}

/* What a pointer that rests on the day is told. */
static void
write_tip(struct html *html, const struct report_calendar *calendar,
    const struct report_row *row, size_t day)
{
	char text[REPORT_TEXT_BYTES];

	html_open(html, "title");
	html_text(html, report_words_day(calendar->begin[day], text));
	if (row->kind != REPORT_REACH && row->days[day].count > 0)
		html_text_format(html, ": %u %s", row->days[day].count,
		    report_words_name(row->days[day].mark));
	html_close(html);
}

static void
draw_row(struct html *html, const struct report_calendar *calendar,
    const struct report_row *row)
{
	html_open_class(html, "svg", "strip");
	html_attribute_format(
	    html, "viewBox", "0 0 %d %d", REPORT_DAYS * STEP, HEIGHT);
	html_attribute(html, "role", "img");
	html_attribute(html, "aria-label", _("one mark a day"));
	for (size_t day = 0; day < REPORT_DAYS; day++) {
		int x = (int)day * STEP;

		html_open(html, "g");
		write_tip(html, calendar, row, day);
		if (row->kind == REPORT_REACH)
			draw_reach(html, row, day, x);
		else if (row->days[day].count == 0 &&
			 !calendar->is_watched[day])
			draw_unwatched(html, x);
		else
			draw_mark(html, row->days[day].mark, x);
		html_close(html);
	}
	html_close(html);
}

/* The first of each month, and the two ends. */
static void
draw_axis(struct html *html, const struct report_calendar *calendar)
{
	struct date date;
	int last = -1000;

	html_open_class(html, "svg", "strip axis");
	html_attribute_format(
	    html, "viewBox", "0 0 %d %d", REPORT_DAYS * STEP, AXIS);
	html_attribute(html, "aria-hidden", "true");
	for (int day = 0; day < REPORT_DAYS; day++) {
		date_local(calendar->begin[day], &date);
		if (date.weekday == 1 || date.day == 1 || day == 0) {
			html_open_class(html, "rect", "tick");
			html_attribute_format(html, "x", "%d", day * STEP);
			html_attribute(html, "width", "1");
			html_attribute(
			    html, "height", date.day == 1 ? "6" : "3");
			html_close(html);
		}
		if ((day != 0 && date.weekday != 1) || day - last < LABEL_DAYS)
			continue;
		last = day;
		html_open(html, "text");
		html_attribute_format(html, "x", "%d", day * STEP + 1);
		html_attribute(html, "y", "18");
		html_text_format(html, "%d/%d", date.month, date.day);
		html_close(html);
	}
	html_close(html);
}

static void
write_label(struct html *html, const struct report_facts *facts,
    const struct report_row *row)
{
	if (row->kind == REPORT_RUNS)
		html_element(html, "p", "striplabel", _("all systems"));
	else if (row->kind == REPORT_GENERATIONS)
		html_element(html, "p", "striplabel",
		    report_facts_system(facts, row->id));
	else
		html_element(html, "p", "striplabel",
		    report_facts_medium(facts, row->id));
}

/* At the right end: how many, or which share of the time. */
static void
write_sum(struct html *html, const struct report_facts *facts,
    const struct report_row *row)
{
	int64_t in_reach = 0, unknown = 0, all;
	unsigned int count = 0;

	all = facts->now - facts->calendar.begin[0];
	for (size_t day = 0; day < REPORT_DAYS; day++) {
		count += row->days[day].count;
		in_reach += row->in_reach_ms[day];
		unknown += row->unknown_ms[day];
	}
	html_open_class(html, "p", "stripsum");
	if (row->kind != REPORT_REACH)
		html_text_format(html, "%u", count);
	else if (unknown >= all)
		html_text(html, "？");
	else
		html_text_format(html, "%d%%",
		    (int)((in_reach * 100 + (all - unknown) - 1) /
			  (all - unknown)));
	html_close(html);
}

static void
write_rows(struct html *html, const struct report_facts *facts,
    enum report_row_kind kind, const char *heading, const char *sum)
{
	const struct report_calendar *calendar = &facts->calendar;

	html_open_class(html, "div", "strips");
	html_element(html, "h3", NULL, heading);
	html_element(html, "p", "stripsum head", sum);
	for (size_t i = 0; i < calendar->row_count; i++) {
		if (calendar->rows[i].kind != kind)
			continue;
		write_label(html, facts, &calendar->rows[i]);
		draw_row(html, calendar, &calendar->rows[i]);
		write_sum(html, facts, &calendar->rows[i]);
	}
	html_element(html, "p", "striplabel", "");
	draw_axis(html, calendar);
	html_element(html, "p", "stripsum", "");
	html_close(html);
}

static void
write_key(struct html *html, enum report_mark mark, const char *text)
{
	html_open(html, "span");
	html_open_class(html, "svg", "key");
	html_attribute_format(html, "viewBox", "0 0 %d %d", WIDTH, HEIGHT);
	html_attribute(html, "aria-hidden", "true");
	draw_mark(html, mark, 0);
	html_close(html);
	html_text(html, text);
	html_close(html);
}

static void
write_legend(struct html *html)
{
	html_open_class(html, "p", "legend");
	write_key(html, REPORT_GOOD, _("all intact"));
	write_key(html, REPORT_WARNING, _("one copy of several is not"));
	write_key(html, REPORT_BAD, _("damaged or gone"));
	write_key(html, REPORT_UNKNOWN, _("not determined"));
	write_key(html, REPORT_NOTHING, _("none on that day"));
	html_open(html, "span");
	html_open_class(html, "svg", "key");
	html_attribute_format(html, "viewBox", "0 0 %d %d", WIDTH, HEIGHT);
	html_attribute(html, "aria-hidden", "true");
	draw_unwatched(html, 0);
	html_close(html);
	html_text(html, _("not watched by hikae"));
	html_close(html);
	html_close(html);
}

void
report_strips_write(struct html *html, const struct report_facts *facts)
{
	report_words_section(
	    html, "days", _("Day by day, the last 92 days"), NULL);
	write_legend(html);
	write_rows(html, facts, REPORT_GENERATIONS,
	    _("Generations, by the day of their content"), _("in all"));
	write_rows(html, facts, REPORT_RUNS,
	    _("Verifications (reading again and comparing)"), _("in all"));
	write_rows(html, facts, REPORT_REACH,
	    _("Media in reach: the higher, the longer on that day"),
	    _("of the time"));
	html_close(html);
}
