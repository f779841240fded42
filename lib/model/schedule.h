/*
 * schedule: when to read what.  Pure functions of their arguments.
 *
 * Layer 3.  Uses: base (date: the facility's zone).
 *
 * Instants are milliseconds since the epoch.  Clocks are not trusted (DESIGN
 * law 8): what claims to have happened in the future never counts as fresh.
 */
#ifndef HIKAE_MODEL_SCHEDULE_H
#define HIKAE_MODEL_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"

/* Minutes of the local day; the end is exclusive.  end <= start: next day. */
struct schedule_window {
	int start_minute; /* 0 to 1439 */
	int end_minute;	  /* 1 to 1440 */
};

#define SCHEDULE_WINDOW_TEXT_BYTES 12

/*
 * "22:00-05:00", "22:00-00:00" (or -24:00, as it is formatted), "00:00-24:00".
 * -1 with ERROR_INPUT.
 */
int schedule_window_parse(const char *text, struct schedule_window *ret_window,
    struct error *err) ERROR_CHECKED;
const char *schedule_window_format(
    const struct schedule_window *window, char *text);

/*
 * The opening of the window that holds `now`, or else the next one: true when
 * now is inside.  from <= now < to then, otherwise now < from < to.  A day on
 * which clocks skip the whole window has none; where they show its end twice,
 * the first counts.
 */
bool schedule_window_find(const struct schedule_window *window, int64_t now,
    int64_t *ret_from, int64_t *ret_to);

/* What stands to be read on one medium. */
struct schedule_load {
	uint64_t total_bytes;	/* all slices */
	uint64_t pending_bytes; /* not yet confirmed in the present pass */
	uint64_t overdue_bytes; /* not confirmed within the period, or failed */
	int64_t period_ms;	/* every byte within; at least a day */
	uint64_t night_limit;	/* bytes a night; UINT64_MAX: none */
};

struct schedule_quota {
	uint64_t night_bytes; /* to read in this or the next window */
	int64_t pass_end_ms;  /* when pending_bytes are done at that rate */
	bool is_limited;      /* night_limit cut the quota */
	bool fits;	      /* a full pass fits into the period */
};

/*
 * A night's share: the total over nine tenths of the period's nights (a tenth
 * is reserve for nights that fall out), and everything overdue on top.
 */
void schedule_quota_compute(const struct schedule_load *load,
    const struct schedule_window *window, int64_t now,
    struct schedule_quota *ret_quota);

/* One slice, as far as its turn is concerned. */
struct schedule_slice {
	uint64_t id;
	int64_t confirmed_ms; /* SCHEDULE_NEVER, or when it was found good */
	bool has_failed;      /* the last reading was not good */
};
#define SCHEDULE_NEVER INT64_MIN

/*
 * For qsort-like sorting: failed first, then never confirmed, then the oldest;
 * equal ones by id.  <0, 0, >0.
 */
int schedule_slice_compare(
    const struct schedule_slice *a, const struct schedule_slice *b);

/*
 * An instant as it may be used: SCHEDULE_NEVER when it lies more than ahead_ms
 * after now, else itself but no later than now.
 */
int64_t schedule_trust(int64_t instant, int64_t now, int64_t ahead_ms);

/* Is something that was last done at `last` and repeats due? */
bool schedule_is_due(int64_t last, int64_t interval_ms, int64_t now);

enum schedule_lateness {
	SCHEDULE_ON_TIME,
	SCHEDULE_LATE_IN_GRACE,
	SCHEDULE_LATE,
};

/*
 * Is the next generation late?  last is the newest one's instant or
 * SCHEDULE_NEVER (late), as schedule_trust returned it; interval_ms < 0: none
 * is expected, on time.
 */
enum schedule_lateness schedule_lateness(
    int64_t last, int64_t interval_ms, int64_t grace_ms, int64_t now);

#endif
