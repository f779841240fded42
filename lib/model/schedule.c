#include "lib/model/schedule.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/text.h"

#define DAY_MINUTES 1440

/* A thousand years: a date that nobody will see, and no overflow. */
#define NIGHTS_MAX (1000 * 365)

/* Two digits, a colon, two digits; 24:00 is the end of the day. */
static bool
parse_minute(const char *text, int *ret_minute)
{
	for (int i = 0; i < 5; i++)
		if (i == 2 ? text[i] != ':' : text[i] < '0' || text[i] > '9')
			return false;
	if (text[3] > '5')
		return false;
	*ret_minute = ((text[0] - '0') * 10 + text[1] - '0') * 60 +
		      (text[3] - '0') * 10 + text[4] - '0';
	return *ret_minute <= DAY_MINUTES;
}

int
schedule_window_parse(
    const char *text, struct schedule_window *ret_window, struct error *err)
{
	struct schedule_window w = {0, 0};
	char shown[64];
	bool is_good = strlen(text) == 11 && text[5] == '-' &&
		       parse_minute(text, &w.start_minute) &&
		       parse_minute(text + 6, &w.end_minute);

	/* Midnight, as people write it too; a whole day says 24:00. */
	if (w.end_minute == 0 && w.start_minute != 0)
		w.end_minute = DAY_MINUTES;
	if (!is_good || w.start_minute == w.end_minute ||
	    w.start_minute == DAY_MINUTES)
		return error_set(err, ERROR_INPUT,
		    _("\"%s\" is not a window: write 22:00-05:00, or "
		      "00:00-24:00 for the whole day"),
		    text_escape(shown, sizeof(shown), text, strlen(text)));
	*ret_window = w;
	return 0;
}

const char *
schedule_window_format(const struct schedule_window *window, char *text)
{
	(void)snprintf(text, SCHEDULE_WINDOW_TEXT_BYTES, "%02u:%02u-%02u:%02u",
	    (unsigned)window->start_minute / 60 % 25,
	    (unsigned)window->start_minute % 60,
	    (unsigned)window->end_minute / 60 % 25,
	    (unsigned)window->end_minute % 60);
	return text;
}

/* A minute of the local day that lies `days` after the day of `base`. */
static int64_t
minute_of_day(const struct date *base, int days, int minute)
{
	struct date noon = *base, day;
	enum date_fit fit;
	int64_t ms = 0;

	/* From noon, 24 h steps always reach the next days. */
	noon.hour = 12;
	noon.minute = noon.second = 0;
	if (date_of_local(&noon, &ms, &fit) != 0)
		return 0;
	days += minute / DAY_MINUTES;
	minute %= DAY_MINUTES;
	date_local(ms + days * CLOCK_DAY_MS, &day);
	day.hour = minute / 60;
	day.minute = minute % 60;
	day.second = 0;
	return date_of_local(&day, &ms, &fit) == 0 ? ms : 0;
}

/* The window that opens on the local day `days` after the day of `base`. */
static void
window_on_day(const struct schedule_window *window, const struct date *base,
    int days, int64_t *ret_from, int64_t *ret_to)
{
	int end = window->end_minute > window->start_minute
		      ? window->end_minute
		      : window->end_minute + DAY_MINUTES;

	*ret_from = minute_of_day(base, days, window->start_minute);
	*ret_to = minute_of_day(base, days, end);
}

bool
schedule_window_find(const struct schedule_window *window, int64_t now,
    int64_t *ret_from, int64_t *ret_to)
{
	struct date today;

	date_local(now, &today);
	/* The window that opened yesterday may still be open. */
	for (int day = -1; day <= 3; day++) {
		window_on_day(window, &today, day, ret_from, ret_to);
		if (*ret_from < *ret_to && now < *ret_to)
			return now >= *ret_from;
	}
	/* No zone skips a window on four days running. */
	*ret_from = now + CLOCK_HOUR_MS;
	*ret_to = *ret_from + CLOCK_HOUR_MS;
	return false;
}

/* a / b rounded up, for b > 0. */
static uint64_t
divide_up(uint64_t a, uint64_t b)
{
	return a / b + (a % b != 0 ? 1 : 0);
}

/*
 * The end of the night in which the last pending byte is read: the first night
 * takes the quota, those after it their share.
 */
static int64_t
find_pass_end(const struct schedule_load *load,
    const struct schedule_window *window, int64_t now, uint64_t quota,
    uint64_t share)
{
	uint64_t nights = 1;
	int64_t from, to;
	struct date first;

	if (share > load->night_limit)
		share = load->night_limit;
	if (load->pending_bytes > quota)
		nights += share > 0
			      ? divide_up(load->pending_bytes - quota, share)
			      : NIGHTS_MAX;
	if (nights > NIGHTS_MAX)
		nights = NIGHTS_MAX;
	(void)schedule_window_find(window, now, &from, &to);
	if (nights > 1) {
		date_local(from, &first);
		window_on_day(window, &first, (int)nights - 1, &from, &to);
	}
	return to;
}

void
schedule_quota_compute(const struct schedule_load *load,
    const struct schedule_window *window, int64_t now,
    struct schedule_quota *ret_quota)
{
	uint64_t period_nights =
	    load->period_ms > CLOCK_DAY_MS
		? (uint64_t)(load->period_ms / CLOCK_DAY_MS)
		: 1;
	uint64_t nights = period_nights > 2
			      ? period_nights - divide_up(period_nights, 10)
			      : period_nights;
	uint64_t share = divide_up(load->total_bytes, nights);
	uint64_t quota;

	if (__builtin_add_overflow(share, load->overdue_bytes, &quota))
		quota = UINT64_MAX;
	ret_quota->is_limited = quota > load->night_limit;
	if (ret_quota->is_limited)
		quota = load->night_limit;
	ret_quota->night_bytes = quota;
	ret_quota->fits =
	    load->total_bytes == 0 ||
	    (load->night_limit > 0 && divide_up(load->total_bytes,
					  load->night_limit) <= period_nights);
	ret_quota->pass_end_ms =
	    load->pending_bytes > 0
		? find_pass_end(load, window, now, quota, share)
		: now;
}

int
schedule_slice_compare(
    const struct schedule_slice *a, const struct schedule_slice *b)
{
	if (a->has_failed != b->has_failed)
		return a->has_failed ? -1 : 1;
	/* SCHEDULE_NEVER is before every instant. */
	if (a->confirmed_ms != b->confirmed_ms)
		return a->confirmed_ms < b->confirmed_ms ? -1 : 1;
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return 0;
}

/* now - then, at most INT64_MAX; then <= now. */
static int64_t
age(int64_t then, int64_t now)
{
	int64_t ms;

	return __builtin_sub_overflow(now, then, &ms) ? INT64_MAX : ms;
}

int64_t
schedule_trust(int64_t instant, int64_t now, int64_t ahead_ms)
{
	if (instant <= now)
		return instant;
	return age(now, instant) > ahead_ms ? SCHEDULE_NEVER : now;
}

bool
schedule_is_due(int64_t last, int64_t interval_ms, int64_t now)
{
	return last > now || age(last, now) >= interval_ms;
}

enum schedule_lateness
schedule_lateness(
    int64_t last, int64_t interval_ms, int64_t grace_ms, int64_t now)
{
	int64_t since;

	if (interval_ms < 0)
		return SCHEDULE_ON_TIME;
	if (last == SCHEDULE_NEVER)
		return SCHEDULE_LATE;
	since = last <= now ? age(last, now) : 0;
	if (since <= interval_ms)
		return SCHEDULE_ON_TIME;
	return since - interval_ms <= grace_ms ? SCHEDULE_LATE_IN_GRACE
					       : SCHEDULE_LATE;
}
