#include "lib/base/date.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"

#define ZONES "/usr/share/zoneinfo"

/* 0001-01-02 and 9999-12-30, so that every offset stays within the years. */
#define FIRST_MS (INT64_C(-62135510400) * 1000)
#define LAST_MS (INT64_C(253402214399) * 1000)

int
date_zone_check(const char *name, struct error *err)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_+-/";
	char path[256], shown[128];
	struct stat st;
	bool is_name = name[0] != '\0' && name[0] != '/' &&
		       strspn(name, letters) == strlen(name) &&
		       strlen(name) < 100;

	(void)snprintf(path, sizeof(path), ZONES "/%s", name);
	if (!is_name || (strcmp(name, "UTC") != 0 &&
			    (stat(path, &st) != 0 || !S_ISREG(st.st_mode))))
		return error_set(err, ERROR_INPUT,
		    _("there is no time zone \"%s\" on this machine; write a "
		      "name such as Asia/Tokyo (package tzdata)"),
		    text_escape(shown, sizeof(shown), name, strlen(name)));
	return 0;
}

int
date_zone_open(const char *name, struct error *err)
{
	if (date_zone_check(name, err) != 0)
		return -1;
	if (setenv("TZ", name, 1) != 0)
		return error_set_errno(err, errno, _("time zone"));
	tzset();
	return 0;
}

void
date_local(int64_t ms, struct date *ret_date)
{
	int64_t clamped = ms < FIRST_MS	 ? FIRST_MS
			  : ms > LAST_MS ? LAST_MS
					 : ms;
	/* Rounds towards the past, also before 1970. */
	time_t seconds = (clamped - (clamped % 1000 + 1000) % 1000) / 1000;
	struct tm tm = {0};

	(void)localtime_r(&seconds, &tm);
	*ret_date = (struct date){
	    .year = tm.tm_year + 1900,
	    .month = tm.tm_mon + 1,
	    .day = tm.tm_mday,
	    .hour = tm.tm_hour,
	    .minute = tm.tm_min,
	    .second = tm.tm_sec,
	    .weekday = tm.tm_wday,
	    .offset_seconds = (int)tm.tm_gmtoff,
	};
}

static bool
is_valid(const struct date *date)
{
	static const int lengths[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = date->year % 4 == 0 &&
		       (date->year % 100 != 0 || date->year % 400 == 0);

	if (date->year < 1 || date->year > 9999 || date->month < 1 ||
	    date->month > 12 || date->day < 1)
		return false;
	if (date->day >
	    lengths[date->month - 1] + (date->month == 2 && is_leap ? 1 : 0))
		return false;
	return date->hour >= 0 && date->hour < 24 && date->minute >= 0 &&
	       date->minute < 60 && date->second >= 0 && date->second < 60;
}

/*
 * Days from 1970-01-01 in the Gregorian calendar.  Years begin in March here,
 * so that the leap day is the last day of a year.
 */
static int64_t
days_of(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t m = month <= 2 ? month + 9 : month - 3;
	int64_t leaps = y / 4 - y / 100 + y / 400;

	/* 719469 makes 1970-01-01 day 0; (153m + 2) / 5 counts the months. */
	return 365 * y + leaps + (153 * m + 2) / 5 + day - 719469;
}

/* Milliseconds as if the local time were UTC. */
static int64_t
as_utc(const struct date *date)
{
	int64_t days = days_of(date->year, date->month, date->day);

	return days * CLOCK_DAY_MS + date->hour * CLOCK_HOUR_MS +
	       date->minute * CLOCK_MINUTE_MS + date->second * CLOCK_SECOND_MS;
}

static int64_t
offset_at(int64_t ms)
{
	struct date date;

	date_local(ms, &date);
	return date.offset_seconds * CLOCK_SECOND_MS;
}

int
date_of_local(const struct date *date, int64_t *ret_ms, enum date_fit *ret_fit)
{
	int64_t utc, before, after;
	bool before_fits, after_fits;

	if (!is_valid(date))
		return -1;
	/* No zone changes its offset twice within two days. */
	utc = as_utc(date);
	before = utc - offset_at(utc - CLOCK_DAY_MS);
	after = utc - offset_at(utc + CLOCK_DAY_MS);
	before_fits = before + offset_at(before) == utc;
	after_fits = after + offset_at(after) == utc;
	*ret_ms = before_fits || !after_fits ? before : after;
	if (!before_fits && !after_fits)
		*ret_fit = DATE_SKIPPED;
	else if (before_fits && after_fits && before != after)
		*ret_fit = DATE_AMBIGUOUS;
	else
		*ret_fit = DATE_UNIQUE;
	return 0;
}

int
date_of_offset(const struct date *date, int64_t *ret_ms)
{
	if (!is_valid(date) || abs(date->offset_seconds) >= 86400)
		return -1;
	*ret_ms = as_utc(date) - date->offset_seconds * CLOCK_SECOND_MS;
	return 0;
}
