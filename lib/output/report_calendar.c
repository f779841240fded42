#include "lib/output/report_calendar.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/output/report_history.h"
#include "lib/store/journal.h"
#include "lib/store/query_finding.h"
#include "lib/store/query_media.h"

/* Systems and media that a calendar has rows for. */
#define ROWS_MAX 200

enum report_mark
report_calendar_worse(enum report_mark a, enum report_mark b)
{
	static const int rank[REPORT_MARKS] = {
	    [REPORT_NOTHING] = 0,
	    [REPORT_GOOD] = 1,
	    [REPORT_WARNING] = 2,
	    [REPORT_UNKNOWN] = 3,
	    [REPORT_BAD] = 4,
	};

	return rank[a] > rank[b] ? a : b;
}

/* Midnight before an instant. */
static int64_t
midnight(int64_t at)
{
	enum date_fit fit;
	struct date date;
	int64_t begin;

	date_local(at, &date);
	date.hour = date.minute = date.second = 0;
	return date_of_local(&date, &begin, &fit) == 0 ? begin : at;
}

static void
divide(struct report_calendar *calendar, int64_t now)
{
	int64_t begin = midnight(now);

	calendar->begin[REPORT_DAYS] =
	    midnight(begin + CLOCK_DAY_MS + 12 * CLOCK_HOUR_MS);
	for (size_t i = REPORT_DAYS; i-- > 0;) {
		calendar->begin[i] = begin;
		begin = midnight(begin - 12 * CLOCK_HOUR_MS);
	}
}

/* A day on which no entry was written was watched by nobody. */
static int
look_at_days(const struct report_request *request,
    struct report_calendar *calendar, struct catalog_at *ends,
    struct error *err)
{
	uint64_t before = UINT64_MAX; /* nothing yet */
	struct error none = {0};

	for (size_t i = 0; i <= REPORT_DAYS; i++) {
		struct catalog_at at = {UINT64_MAX};
		int64_t end = calendar->begin[i];

		if (end > request->now)
			end = request->now;
		if (journal_seq_at(request->catalog, end, &at, &none) != 0 &&
		    none.code != ERROR_NOT_FOUND) {
			*err = none;
			return -1;
		}
		if (i > 0) {
			calendar->is_watched[i - 1] = at.seq != before;
			ends[i - 1] = at;
		}
		before = at.seq;
	}
	return 0;
}

static struct report_row *
add_row(
    struct report_calendar *calendar, enum report_row_kind kind, const char *id)
{
	struct report_row *row;

	if (calendar->row_count == ROWS_MAX)
		return NULL;
	row = &calendar->rows[calendar->row_count++];
	row->kind = kind;
	(void)snprintf(row->id, sizeof(row->id), "%s", id);
	return row;
}

static int
add_system(const struct query_system *system, void *context, struct error *err)
{
	(void)err;
	(void)add_row(context, REPORT_GENERATIONS, system->id);
	return 0;
}

static int
add_medium(const struct query_medium *medium, void *context, struct error *err)
{
	(void)err;
	(void)add_row(context, REPORT_REACH, medium->id);
	return 0;
}

static int
take_run(const struct query_run *run, void *context, struct error *err)
{
	struct report_calendar *calendar = context;
	enum report_mark mark = REPORT_GOOD;
	struct report_row *row = NULL;
	size_t day;

	(void)err;
	if (!run->is_ended)
		return 0;
	if (run->ended_at < calendar->begin[0])
		return 1;
	for (size_t i = 0; i < calendar->row_count; i++)
		if (calendar->rows[i].kind == REPORT_RUNS)
			row = &calendar->rows[i];
	day = report_history_day(calendar, run->ended_at);
	if (row == NULL || day == REPORT_DAYS)
		return 0;
	if (run->damaged > 0)
		mark = REPORT_BAD;
	else if (run->undetermined > 0 || run->intact == 0 ||
		 strcmp(run->outcome, "done") != 0 ||
		 strcmp(run->canary, "reported") != 0)
		mark = REPORT_UNKNOWN;
	row->days[day].count++;
	row->days[day].mark = report_calendar_worse(row->days[day].mark, mark);
	return 0;
}

static int
fill(const struct report_request *request, struct report_calendar *calendar,
    struct error *err)
{
	struct catalog_at ends[REPORT_DAYS];
	struct query_run_filter all = {0};

	if (look_at_days(request, calendar, ends, err) != 0 ||
	    query_systems(
		request->catalog, request->at, add_system, calendar, err) != 0)
		return -1;
	(void)add_row(calendar, REPORT_RUNS, "");
	if (query_media(request->catalog, request->at, add_medium, calendar,
		err) != 0 ||
	    query_runs(request->catalog, request->at, &all, take_run, calendar,
		err) != 0 ||
	    report_history_generations(request, calendar, ends, err) != 0)
		return -1;
	return report_history_reach(request, calendar, err);
}

int
report_calendar_read(const struct report_request *request,
    struct report_calendar *ret_calendar, struct error *err)
{
	*ret_calendar = (struct report_calendar){
	    .rows = calloc(ROWS_MAX, sizeof(*ret_calendar->rows)),
	};
	if (ret_calendar->rows == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	divide(ret_calendar, request->now);
	return fill(request, ret_calendar, err);
}

void
report_calendar_done(struct report_calendar *calendar)
{
	free(calendar->rows);
	calendar->rows = NULL;
	calendar->row_count = 0;
}
