#include "lib/output/report_history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/model/verdict.h"
#include "lib/store/query_media.h"
#include "lib/store/query_slice.h"

/* A generation as it stood at the end of one day. */
struct sight {
	char id[80], system[REPORT_CALENDAR_ID_BYTES];
	int64_t taken_at;
	size_t day; /* later ones are newer */
	enum report_mark mark;
};

struct sights {
	const struct report_calendar *calendar;
	struct sight *items;
	size_t count, day;
};

/* What is looked at on all days together. */
#define SIGHTS_MAX 200000

size_t
report_history_day(const struct report_calendar *calendar, int64_t instant)
{
	size_t day = 0;

	if (instant < calendar->begin[0] ||
	    instant >= calendar->begin[REPORT_DAYS])
		return REPORT_DAYS;
	while (instant >= calendar->begin[day + 1])
		day++;
	return day;
}

static enum report_mark
mark_of(const char *word)
{
	enum verdict verdict = VERDICT_UNDETERMINED;

	if (verdict_parse(word, &verdict) != 0)
		return REPORT_UNKNOWN;
	return verdict == VERDICT_INTACT    ? REPORT_GOOD
	       : verdict == VERDICT_DAMAGED ? REPORT_BAD
					    : REPORT_UNKNOWN;
}

/* One copy lost or damaged of several: something is left. */
static enum report_mark
mark_of_generation(const struct query_generation *generation)
{
	if (generation->intact == generation->copies)
		return REPORT_GOOD;
	return generation->intact > 0 ? REPORT_WARNING
				      : mark_of(generation->verdict);
}

static int
take_generation(
    const struct query_generation *row, void *context, struct error *err)
{
	struct sights *sights = context;
	struct sight *sight;

	if (row->taken_at < sights->calendar->begin[0])
		return 0;
	if (sights->count == SIGHTS_MAX)
		return 1;
	if (array_grow(&sights->items, sights->count, sizeof(*sight), err) != 0)
		return -1;
	sight = &sights->items[sights->count++];
	(void)snprintf(sight->id, sizeof(sight->id), "%s", row->id);
	(void)snprintf(sight->system, sizeof(sight->system), "%s", row->system);
	sight->taken_at = row->taken_at;
	sight->day = sights->day;
	sight->mark = mark_of_generation(row);
	return 0;
}

/* By generation, the newest sight first. */
static int
compare(const void *a, const void *b)
{
	const struct sight *one = a, *other = b;
	int order = strcmp(one->id, other->id);

	if (order != 0)
		return order;
	return one->day > other->day ? -1 : one->day < other->day;
}

static struct report_row *
find_row(
    struct report_calendar *calendar, enum report_row_kind kind, const char *id)
{
	for (size_t i = 0; i < calendar->row_count; i++)
		if (calendar->rows[i].kind == kind &&
		    strcmp(calendar->rows[i].id, id) == 0)
			return &calendar->rows[i];
	return NULL;
}

static void
count(struct report_calendar *calendar, const char *system, int64_t at,
    enum report_mark mark)
{
	struct report_row *row = find_row(calendar, REPORT_GENERATIONS, system);
	size_t day = report_history_day(calendar, at);

	if (row == NULL || day == REPORT_DAYS)
		return;
	row->days[day].count++;
	row->days[day].mark = report_calendar_worse(row->days[day].mark, mark);
}

struct tree {
	struct report_calendar *calendar;
	const struct report_request *request;
	char system[REPORT_CALENDAR_ID_BYTES];
	enum report_mark mark;
};

static int
take_capture(
    const struct query_manifest *manifest, void *context, struct error *err)
{
	const struct tree *tree = context;

	(void)err;
	count(tree->calendar, tree->system, manifest->captured_at,
	    manifest->superseded_seq == 0 ? tree->mark : REPORT_GOOD);
	return 0;
}

/* A living tree is one generation; its captures are what happened. */
static int
take_tree(const struct query_copy *copy, void *context, struct error *err)
{
	struct tree *tree = context;

	if (strcmp(copy->layout, "tree") != 0)
		return 0;
	(void)snprintf(tree->system, sizeof(tree->system), "%s", copy->system);
	tree->mark = mark_of(copy->verdict);
	return query_manifests(tree->request->catalog, tree->request->at,
	    copy->id, take_capture, tree, err);
}

/* Whether a system's generations are the captures of a tree. */
static int
note_tree(const struct query_source *source, void *context, struct error *err)
{
	struct sights *sights = context;

	(void)err;
	if (strcmp(source->layout, "tree") != 0)
		return 0;
	for (size_t i = 0; i < sights->count; i++)
		if (strcmp(sights->items[i].system, source->system) == 0)
			sights->items[i].system[0] = '\0';
	return 0;
}

static int
collect(const struct report_request *request, struct sights *sights,
    const struct catalog_at *ends, struct error *err)
{
	for (size_t i = 0; i < REPORT_DAYS; i++) {
		sights->day = i;
		if (!sights->calendar->is_watched[i] && i + 1 < REPORT_DAYS)
			continue;
		if (query_generations(request->catalog,
			i + 1 < REPORT_DAYS ? ends[i] : request->at, NULL,
			take_generation, sights, err) != 0)
			return -1;
	}
	return query_sources(
	    request->catalog, request->at, note_tree, sights, err);
}

int
report_history_generations(const struct report_request *request,
    struct report_calendar *calendar, const struct catalog_at ends[REPORT_DAYS],
    struct error *err)
{
	struct sights sights = {.calendar = calendar};
	struct tree tree = {.calendar = calendar, .request = request};
	struct query_copy_filter all = {0};
	int rc = collect(request, &sights, ends, err);

	if (rc == 0 && sights.count > 0)
		qsort(
		    sights.items, sights.count, sizeof(*sights.items), compare);
	for (size_t i = 0; rc == 0 && i < sights.count; i++)
		if (i == 0 ||
		    strcmp(sights.items[i].id, sights.items[i - 1].id) != 0)
			count(calendar, sights.items[i].system,
			    sights.items[i].taken_at, sights.items[i].mark);
	free(sights.items);
	return rc == 0 ? query_copies(request->catalog, request->at, &all,
			     take_tree, &tree, err)
		       : -1;
}

/* A medium's state from one instant on, until the next. */
struct span {
	struct report_row *row;
	const struct report_calendar *calendar;
	int64_t at;
	bool is_known, in_reach, has_begun;
};

/* Put the time until an instant where it belongs, day by day. */
static void
spend(struct span *span, int64_t until)
{
	for (size_t day = 0; day < REPORT_DAYS; day++) {
		int64_t from = span->calendar->begin[day];
		int64_t to = span->calendar->begin[day + 1];

		if (from < span->at)
			from = span->at;
		if (to > until)
			to = until;
		if (from >= to)
			continue;
		if (!span->has_begun || !span->is_known)
			span->row->unknown_ms[day] += to - from;
		else if (span->in_reach)
			span->row->in_reach_ms[day] += to - from;
	}
	span->at = until;
}

static int
take_state(
    const struct query_medium_state *state, void *context, struct error *err)
{
	struct span *span = context;

	(void)err;
	if (state->at > span->at)
		spend(span, state->at);
	span->has_begun = true;
	span->is_known = strcmp(state->state, "unknown") != 0 &&
			 strcmp(state->state, "hung") != 0 &&
			 strcmp(state->state, "yanked") != 0;
	span->in_reach = state->in_reach;
	return 0;
}

/* What the hours of a day say. */
static void
mark_days(struct report_row *row)
{
	for (size_t day = 0; day < REPORT_DAYS; day++) {
		if (row->in_reach_ms[day] > 0)
			row->days[day].count = 1;
		if (row->unknown_ms[day] > 0)
			row->days[day].mark = REPORT_UNKNOWN;
		else
			row->days[day].mark = REPORT_GOOD;
	}
}

int
report_history_reach(const struct report_request *request,
    struct report_calendar *calendar, struct error *err)
{
	for (size_t i = 0; i < calendar->row_count; i++) {
		struct report_row *row = &calendar->rows[i];
		struct span span = {
		    .row = row,
		    .calendar = calendar,
		    .at = calendar->begin[0],
		};
		struct query_medium_history filter = {
		    row->id, calendar->begin[0]};

		if (row->kind != REPORT_REACH)
			continue;
		if (query_medium_history(request->catalog, request->at, &filter,
			take_state, &span, err) != 0)
			return -1;
		spend(&span, request->now);
		mark_days(row);
	}
	return 0;
}
