/*
 * report_calendar: what happened on which day, over a quarter.
 *
 * Layer 7, internal to report.  Uses: store's queries, base/date.
 *
 * A day is one of the facility's zone.  A day on which nothing was recorded is
 * not watched, which is not the same as a day without a backup (law 1).
 */
#ifndef HIKAE_OUTPUT_REPORT_CALENDAR_H
#define HIKAE_OUTPUT_REPORT_CALENDAR_H

#include "lib/output/report.h"

#define REPORT_CALENDAR_ID_BYTES 33

enum report_mark {
	REPORT_NOTHING,
	REPORT_GOOD,
	REPORT_WARNING,
	REPORT_BAD,
	REPORT_UNKNOWN,
};
#define REPORT_MARKS (REPORT_UNKNOWN + 1)

struct report_day {
	unsigned int count;
	enum report_mark mark; /* the worst */
};

enum report_row_kind {
	REPORT_GENERATIONS, /* of a system: taken on that day */
	REPORT_RUNS,	    /* verifications that ended on that day */
	REPORT_REACH,	    /* of a medium: whether it was in reach */
};

struct report_row {
	enum report_row_kind kind;
	char id[REPORT_CALENDAR_ID_BYTES]; /* system or medium, or "" */
	struct report_day days[REPORT_DAYS];
	/* REPORT_REACH: of each day, ms. */
	int64_t in_reach_ms[REPORT_DAYS], unknown_ms[REPORT_DAYS];
};

struct report_calendar {
	/* Where each day begins, and where the last one ends. */
	int64_t begin[REPORT_DAYS + 1];
	bool is_watched[REPORT_DAYS];
	struct report_row *rows;
	size_t row_count;
};

/* Room for so many systems and media; the rows are filled below. */
int report_calendar_read(const struct report_request *request,
    struct report_calendar *ret_calendar, struct error *err) ERROR_CHECKED;

/* Safe on one that is all zero. */
void report_calendar_done(struct report_calendar *calendar);

/* The worse of two marks, as verdicts are. */
enum report_mark report_calendar_worse(enum report_mark a, enum report_mark b);

#endif
