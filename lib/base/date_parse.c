/* date: reading dates, in each form in which hikae writes them (date_text.c).
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"

/* What a text says. */
struct reading {
	struct date date;
	int ms;
	bool is_local;	 /* without an offset */
	int64_t span_ms; /* how long what it names lasts; 0: a day */
};

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

/* One to four digits, which end where others would go on. */
static bool
take_short(const char **at, int *ret_number)
{
	int count = (int)strspn(*at, "0123456789");

	return count >= 1 && count <= 4 && take_number(at, count, ret_number);
}

static bool
take_char(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

static bool
take_word(const char **at, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*at, word, length) != 0)
		return false;
	*at += length;
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

/* The digits behind ".", of which three count (RFC 3339). */
static bool
take_fraction(const char **at, struct reading *r)
{
	size_t count = strspn(*at, "0123456789");

	if (count < 1 || count > 9)
		return false;
	for (size_t i = 0; i < 3; i++)
		r->ms = r->ms * 10 + (i < count ? (*at)[i] - '0' : 0);
	*at += count;
	r->span_ms = 1;
	return true;
}

/* "2026-11-21", "2026-11-21 02:00", "2026-11-21T02:00:00.000+09:00" */
static bool
take_iso(const char *at, struct reading *r)
{
	struct date *d = &r->date;

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
	r->span_ms = CLOCK_MINUTE_MS;
	if (take_char(&at, ':')) {
		if (!take_number(&at, 2, &d->second))
			return false;
		r->span_ms = CLOCK_SECOND_MS;
		if (take_char(&at, '.') && !take_fraction(&at, r))
			return false;
	}
	if (*at == '\0')
		return true;
	r->is_local = false;
	return take_offset(&at, &d->offset_seconds);
}

/* "20261121T020000+0900", the time in the id of a generation */
static bool
take_compact(const char *at, struct reading *r)
{
	struct date *d = &r->date;

	if (!take_number(&at, 4, &d->year) || !take_number(&at, 2, &d->month) ||
	    !take_number(&at, 2, &d->day) || !take_char(&at, 'T') ||
	    !take_number(&at, 2, &d->hour) ||
	    !take_number(&at, 2, &d->minute) ||
	    !take_number(&at, 2, &d->second))
		return false;
	r->span_ms = CLOCK_SECOND_MS;
	r->is_local = false;
	return strlen(at) == 5 && strchr(at, ':') == NULL &&
	       take_offset(&at, &d->offset_seconds);
}

/* "令和8年", "令和元年", "西暦2026年" */
static bool
take_era(const char **at, int *ret_year)
{
	static const struct {
		const char *name;
		int before; /* the year before its first */
	} eras[] = {
	    {"令和", 2018}, {"平成", 1988}, {"昭和", 1925}, {"西暦", 0}};

	for (size_t i = 0; i < sizeof(eras) / sizeof(eras[0]); i++) {
		int year = 1;

		if (!take_word(at, eras[i].name))
			continue;
		if (!take_word(at, "元") && !take_short(at, &year))
			return false;
		*ret_year = eras[i].before + year;
		return take_word(at, "年");
	}
	return false;
}

/* "令和8年11月21日(土) 2時30分", weekday, time and minutes as one likes */
static bool
take_japanese(const char *at, struct reading *r)
{
	static const char *const weekdays[] = {
	    "(日)", "(月)", "(火)", "(水)", "(木)", "(金)", "(土)"};
	struct date *d = &r->date;

	if (!take_era(&at, &d->year) || !take_short(&at, &d->month) ||
	    !take_word(&at, "月") || !take_short(&at, &d->day) ||
	    !take_word(&at, "日"))
		return false;
	for (size_t i = 0; i < 7 && !take_word(&at, weekdays[i]); i++)
		;
	if (*at == '\0')
		return true;
	(void)take_char(&at, ' ');
	if (!take_short(&at, &d->hour) || !take_word(&at, "時"))
		return false;
	r->span_ms = CLOCK_MINUTE_MS;
	return *at == '\0' || (take_short(&at, &d->minute) &&
				  take_word(&at, "分") && *at == '\0');
}

/* Milliseconds since 1970 as JSON has them: 13 digits, from 2001 to 2286. */
static bool
take_milliseconds(const char *at, int64_t *ret_ms)
{
	if (strlen(at) != 13 || strspn(at, "0123456789") != 13)
		return false;
	*ret_ms = strtoll(at, NULL, 10);
	return true;
}

/* -1: no date of the calendar. */
static int
instant_of(const struct reading *r, int64_t *ret_ms, enum date_fit *fit)
{
	int rc = r->is_local ? date_of_local(&r->date, ret_ms, fit)
			     : date_of_offset(&r->date, ret_ms);

	*ret_ms += rc == 0 ? r->ms : 0;
	return rc;
}

/* The last millisecond of it: of a day by the clock, which may change. */
static int64_t
last_of(const struct reading *r, int64_t first)
{
	struct date end = r->date;
	enum date_fit fit;
	int64_t last;

	if (r->span_ms > 0)
		return first + r->span_ms - 1;
	end.hour = 23;
	end.minute = 59;
	end.second = 59;
	return date_of_local(&end, &last, &fit) == 0
		   ? last + CLOCK_SECOND_MS - 1
		   : first + CLOCK_DAY_MS - 1;
}

int
date_parse_span(
    const char *text, int64_t *ret_first, int64_t *ret_last, struct error *err)
{
	static bool (*const forms[])(const char *, struct reading *) = {
	    take_iso, take_compact, take_japanese};
	enum date_fit fit = DATE_UNIQUE;
	char shown[64];
	int64_t first;

	if (take_milliseconds(text, &first)) {
		*ret_first = *ret_last = first;
		return 0;
	}
	(void)text_escape(shown, sizeof(shown), text, strlen(text));
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct reading r = {.is_local = true};

		if (!forms[i](text, &r) || instant_of(&r, &first, &fit) != 0)
			continue;
		if (fit == DATE_SKIPPED)
			return error_set(err, ERROR_INPUT,
			    _("\"%s\" does not exist: clocks went forward "
			      "then"),
			    shown);
		*ret_first = first;
		*ret_last = last_of(&r, first);
		return 0;
	}
	return error_set(err, ERROR_INPUT,
	    _("\"%s\" is not a date: write 2026-11-21, \"2026-11-21 02:00\" or "
	      "2026-11-21T02:00:00+09:00"),
	    shown);
}

int
date_parse(const char *text, int64_t *ret_ms, struct error *err)
{
	int64_t last;

	return date_parse_span(text, ret_ms, &last, err);
}

int
date_parse_compact(const char *text, int64_t *ret_ms)
{
	struct reading r = {.is_local = true};

	return take_compact(text, &r) ? date_of_offset(&r.date, ret_ms) : -1;
}
