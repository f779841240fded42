/*
 * date: instants as a person in the facility reads and writes them.
 *
 * Layer 0.  Uses: error, i18n.  Owns: the process's time zone (TZ).
 *
 * Instants are int64_t milliseconds since 1970-01-01T00:00:00Z.  The calendar
 * is Gregorian (ISO 8601), years 1 to 9999.
 */
#ifndef HIKAE_BASE_DATE_H
#define HIKAE_BASE_DATE_H

#include <stdint.h>

#include "lib/base/error.h"

/* Room for what the functions below write, with the NUL. */
#define DATE_TEXT_BYTES 64

struct date {
	int year, month, day;	  /* 2026, 1 to 12, 1 to 31 */
	int hour, minute, second; /* 0 to 23, 0 to 59, 0 to 59 */
	int weekday;		  /* 0 = Sunday; ignored as input */
	int offset_seconds;	  /* east of UTC; ignored as input */
};

/* How many instants a local time has. */
enum date_fit {
	DATE_UNIQUE,
	DATE_AMBIGUOUS, /* clocks went back: the first one was chosen */
	DATE_SKIPPED,	/* clocks went forward: read as before the change */
};

/*
 * Is there such a time zone ("Asia/Tokyo") in the time zone database?  -1 with
 * ERROR_INPUT when not: the C library would silently take UTC.
 */
int date_zone_check(const char *name, struct error *err) ERROR_CHECKED;

/*
 * Make a zone of the time zone database the zone of the whole
 * process; every local time below is in it.  To be called once at start-up,
 * before a sandbox hides the database.  -1 as date_zone_check.
 */
int date_zone_open(const char *name, struct error *err) ERROR_CHECKED;

/* The local time at an instant.  Out of range: the nearest end. */
void date_local(int64_t ms, struct date *ret_date);

/*
 * The instant of a local time.  -1 when it is no date of the calendar (30
 * February) or no time of day; 60 seconds are refused too.
 */
int date_of_local(const struct date *date, int64_t *ret_ms,
    enum date_fit *ret_fit) ERROR_CHECKED;

/* The instant of a date and time that stand offset_seconds east of UTC. */
int date_of_offset(const struct date *date, int64_t *ret_ms) ERROR_CHECKED;

/* These write into text (DATE_TEXT_BYTES) and return it. */

/* ISO 8601 with offset, "2026-11-21T02:00:00+09:00". */
const char *date_format_iso(int64_t ms, char *text);

/* "2026-11-21 02:00" */
const char *date_format_plain(int64_t ms, char *text);

/* The time in a generation id, "20261121T020000+0900" (FORMATS section 1). */
const char *date_format_compact(int64_t ms, char *text);

/*
 * "令和8年11月21日(土) 2時", with minutes where there are any.  Eras: 令和 from
 * 2019-05-01, 平成 from 1989-01-08, 昭和 from 1926-12-25, before that 西暦.
 */
const char *date_format_japanese(int64_t ms, char *text);

/* As the reader's language writes it: plain, or date_format_japanese. */
const char *date_describe(int64_t ms, char *text);

/*
 * "2026-11-21", "2026-11-21 02:00", "…:30", with T for the space, with up to
 * nine digits of a second, and with Z, +09:00 or +0900 behind a time; and what
 * hikae writes else: date_format_compact, date_format_japanese (the weekday is
 * not compared), milliseconds since 1970 in 13 digits.  Without an offset in
 * the local zone, where an ambiguous time is its first instant and a skipped
 * one is refused.  -1 with ERROR_INPUT.
 */
int date_parse(
    const char *text, int64_t *ret_ms, struct error *err) ERROR_CHECKED;

/* The same: the first and the last millisecond of the day, minute or second. */
int date_parse_span(const char *text, int64_t *ret_first, int64_t *ret_last,
    struct error *err) ERROR_CHECKED;

/* What date_format_compact writes, exactly.  0 or -1. */
int date_parse_compact(const char *text, int64_t *ret_ms) ERROR_CHECKED;

#endif
