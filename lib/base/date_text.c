/* date: writing dates as text (date_parse.c reads them again). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"

static void
format_offset(const struct date *date, const char *colon, char *text)
{
	int minutes = abs(date->offset_seconds) / 60;

	(void)snprintf(text, 16, "%c%02d%s%02d",
	    date->offset_seconds < 0 ? '-' : '+', minutes / 60, colon,
	    minutes % 60);
}

const char *
date_format_iso(int64_t ms, char *text)
{
	struct date d;
	char offset[16];

	date_local(ms, &d);
	format_offset(&d, ":", offset);
	(void)snprintf(text, DATE_TEXT_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d%s",
	    d.year, d.month, d.day, d.hour, d.minute, d.second, offset);
	return text;
}

const char *
date_format_plain(int64_t ms, char *text)
{
	struct date d;

	date_local(ms, &d);
	(void)snprintf(text, DATE_TEXT_BYTES, "%04d-%02d-%02d %02d:%02d",
	    d.year, d.month, d.day, d.hour, d.minute);
	return text;
}

const char *
date_format_compact(int64_t ms, char *text)
{
	struct date d;
	char offset[16];

	date_local(ms, &d);
	format_offset(&d, "", offset);
	(void)snprintf(text, DATE_TEXT_BYTES, "%04d%02d%02dT%02d%02d%02d%s",
	    d.year, d.month, d.day, d.hour, d.minute, d.second, offset);
	return text;
}

/* Era name and year; the first year of an era is 元. */
static void
format_era(const struct date *d, char *text, size_t size)
{
	static const struct {
		int year, month, day;
		const char *name;
	} eras[] = {
	    {2019, 5, 1, "令和"},
	    {1989, 1, 8, "平成"},
	    {1926, 12, 25, "昭和"},
	};
	int day = d->year * 10000 + d->month * 100 + d->day;

	for (size_t i = 0; i < sizeof(eras) / sizeof(eras[0]); i++) {
		int first =
		    eras[i].year * 10000 + eras[i].month * 100 + eras[i].day;
		int year = d->year - eras[i].year + 1;

		if (day < first)
			continue;
		if (year == 1)
			(void)snprintf(text, size, "%s元年", eras[i].name);
		else
			(void)snprintf(
			    text, size, "%s%d年", eras[i].name, year);
		return;
	}
	(void)snprintf(text, size, "西暦%d年", d->year);
}

const char *
date_format_japanese(int64_t ms, char *text)
{
	static const char *const weekdays[] = {
	    "日", "月", "火", "水", "木", "金", "土"};
	struct date d;
	char year[32], minute[16] = "";

	date_local(ms, &d);
	format_era(&d, year, sizeof(year));
	if (d.minute != 0)
		(void)snprintf(minute, sizeof(minute), "%d分", d.minute);
	(void)snprintf(text, DATE_TEXT_BYTES, "%s%d月%d日(%s) %d時%s", year,
	    d.month, d.day, weekdays[d.weekday], d.hour, minute);
	return text;
}

const char *
date_describe(int64_t ms, char *text)
{
	/* TRANSLATORS: "calendar=japanese" gives years of the era (令和). */
	const char *calendar = _("calendar=gregorian");

	if (strcmp(calendar, "calendar=japanese") == 0)
		return date_format_japanese(ms, text);
	return date_format_plain(ms, text);
}
