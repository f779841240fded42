/*
 * report_history: the rows of a calendar that must be put together from
 * several points of the journal.
 *
 * Layer 7, internal to report_calendar.
 */
#ifndef HIKAE_OUTPUT_REPORT_HISTORY_H
#define HIKAE_OUTPUT_REPORT_HISTORY_H

#include "lib/output/report_calendar.h"

/* The day of an instant, or REPORT_DAYS. */
size_t report_history_day(
    const struct report_calendar *calendar, int64_t instant);

/*
 * Generations by the day they were taken, those that have expired since too,
 * each with the last verdict it had; of a living tree, its captures.  ends: the
 * journal at each day's end.
 */
int report_history_generations(const struct report_request *request,
    struct report_calendar *calendar, const struct catalog_at ends[REPORT_DAYS],
    struct error *err) ERROR_CHECKED;

/* For how long of each day each medium was in reach. */
int report_history_reach(const struct report_request *request,
    struct report_calendar *calendar, struct error *err) ERROR_CHECKED;

#endif
