/* date: reading and writing dates as text (date.c: the calendar). */
#include <stdbool.h>
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

/* Exactly count digits; advances *at. */
static bool
take_number(const char **at, int count, int *ret_number)
{
	int number = 0;

	for (int i = 0; i < count; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		number = number * 10 + (**at - '0');
	}
	*ret_number = number;
	return true;
}

static bool
take_char(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

/* Z, +hh:mm or +hhmm, and then the end. */
static bool
take_offset(const char **at, int *ret_seconds)
{
	int sign = **at == '-' ? -1 : 1, hours = 0, minutes = 0;

	if (take_char(at, 'Z')) {
		*ret_seconds = 0;
		return **at == '\0';
	}
	if (!take_char(at, '+') && !take_char(at, '-'))
		return false;
	if (!take_number(at, 2, &hours))
		return false;
	(void)take_char(at, ':');
	if (!take_number(at, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*ret_seconds = sign * (hours * 3600 + minutes * 60);
	return **at == '\0';
}

/* True when the text is a date and time; *ret_is_local without an offset. */
static bool
take_all(const char *at, struct date *d, bool *ret_is_local)
{
	*ret_is_local = true;
	if (!take_number(&at, 4, &d->year) || !take_char(&at, '-') ||
	    !take_number(&at, 2, &d->month) || !take_char(&at, '-') ||
	    !take_number(&at, 2, &d->day))
		return false;
	if (*at == '\0')
		return true;
	if (!take_char(&at, ' ') && !take_char(&at, 'T'))
		return false;
	if (!take_number(&at, 2, &d->hour) || !take_char(&at, ':') ||
	    !take_number(&at, 2, &d->minute))
		return false;
	if (take_char(&at, ':') && !take_number(&at, 2, &d->second))
		return false;
	if (*at == '\0')
		return true;
	*ret_is_local = false;
	return take_offset(&at, &d->offset_seconds);
}

int
date_parse(const char *text, int64_t *ret_ms, struct error *err)
{
	struct date d = {0};
	bool is_local;
	enum date_fit fit = DATE_UNIQUE;
	char shown[64];
	int64_t ms;

	(void)text_escape(shown, sizeof(shown), text, strlen(text));
	if (!take_all(text, &d, &is_local) ||
	    (is_local ? date_of_local(&d, &ms, &fit)
		      : date_of_offset(&d, &ms)) != 0)
		return error_set(err, ERROR_INPUT,
		    _("\"%s\" is not a date: write 2026-11-21, "
		      "\"2026-11-21 02:00\" or 2026-11-21T02:00:00+09:00"),
		    shown);
	if (fit == DATE_SKIPPED)
		return error_set(err, ERROR_INPUT,
		    _("\"%s\" does not exist: clocks went forward then"),
		    shown);
	*ret_ms = ms;
	return 0;
}

int
date_parse_compact(const char *text, int64_t *ret_ms)
{
	struct date d = {0};
	const char *at = text;

	if (!take_number(&at, 4, &d.year) || !take_number(&at, 2, &d.month) ||
	    !take_number(&at, 2, &d.day) || !take_char(&at, 'T') ||
	    !take_number(&at, 2, &d.hour) || !take_number(&at, 2, &d.minute) ||
	    !take_number(&at, 2, &d.second))
		return -1;
	if (strlen(at) != 5 || at[0] == 'Z' || strchr(at, ':') != NULL)
		return -1;
	if (!take_offset(&at, &d.offset_seconds))
		return -1;
	return date_of_offset(&d, ret_ms);
}
