#include "lib/judge/drills.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/store/query_drill.h"

#define COPY_TEXT(to, from) \
	((void)snprintf(to, sizeof(to), "%s", (from) == NULL ? "" : (from)))

struct gathering {
	struct drills *drills;
	int64_t now;
};

static struct drills_system *
find(const struct drills *drills, const char *id)
{
	for (size_t i = 0; i < drills->system_count; i++)
		if (strcmp(drills->systems[i].id, id) == 0)
			return &drills->systems[i];
	return NULL;
}

static int
take_system(const struct query_system *row, void *context, struct error *err)
{
	struct gathering *gathering = context;
	struct drills *drills = gathering->drills;
	struct drills_system *moved = reallocarray(
	    drills->systems, drills->system_count + 1, sizeof(*moved));

	if (moved == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	drills->systems = moved;
	moved += drills->system_count++;
	*moved = (struct drills_system){
	    .done_at = QUERY_NEVER,
	    .last_at = QUERY_NEVER,
	    .target_ms = row->recovery_target_ms,
	    .order = row->recovery_order,
	};
	COPY_TEXT(moved->id, row->id);
	return 0;
}

static int
take_since(
    const struct query_system_since *row, void *context, struct error *err)
{
	struct gathering *gathering = context;
	struct drills_system *system = find(gathering->drills, row->id);

	(void)err;
	if (system != NULL) {
		system->quarter_due_at = row->at + DRILLS_QUARTER_MS;
		system->year_due_at = row->at + DRILLS_YEAR_MS;
	}
	return 0;
}

static bool
is_passed(const struct query_drill *row)
{
	return strcmp(row->outcome, "passed") == 0 ||
	       strcmp(row->outcome, "warning") == 0;
}

static void
take_passed(struct drills_system *system, const struct query_drill *row)
{
	system->done = row->id;
	system->done_at = row->ended_at;
	system->done_ppm = row->share_ppm;
	if (row->restore_ms > 0)
		system->rate = (uint64_t)((double)row->bytes * 1000 /
					  (double)row->restore_ms);
}

static void
take_improvement(
    struct drills_system *system, const struct query_drill *row, int64_t now)
{
	if (row->improvement == NULL || row->improvement_seq != 0)
		return;
	system->improvements_open++;
	if (row->due != QUERY_NEVER && row->due < now)
		system->improvements_overdue++;
}

/* Newest first. */
static int
take_drill(const struct query_drill *row, void *context, struct error *err)
{
	struct gathering *gathering = context;
	struct drills_system *system = find(gathering->drills, row->system);
	bool is_signed = row->signature_seq != 0;

	(void)err;
	/* One that ended ahead of the clock makes nothing fresh (law 8). */
	if (system == NULL || !row->is_ended ||
	    row->ended_at > gathering->now + HEALTH_AHEAD_MS)
		return 0;
	system->attempts++;
	take_improvement(system, row, gathering->now);
	if (system->last == 0) {
		system->last = row->id;
		system->last_at = row->ended_at;
		system->is_last_signed = is_signed;
		COPY_TEXT(system->last_outcome, row->outcome);
	}
	if (!is_passed(row))
		return 0;
	if (!is_signed) {
		system->unsigned_count++;
		return 0;
	}
	if (gathering->now - row->ended_at <= DRILLS_YEAR_MS)
		system->in_a_year++;
	if (system->done == 0)
		take_passed(system, row);
	return 0;
}

/* The bytes of the newest generation, at the rate of the last drill. */
static int
take_generation(
    const struct query_generation *row, void *context, struct error *err)
{
	struct gathering *gathering = context;
	struct drills_system *system = find(gathering->drills, row->system);

	(void)err;
	if (system != NULL && system->estimate_ms == 0 && system->rate > 0 &&
	    row->bytes > 0)
		system->estimate_ms = (int64_t)((double)row->bytes * 1000 /
						(double)system->rate) +
				      1;
	return 0;
}

static int
compare_systems(const void *one, const void *other)
{
	const struct drills_system *a = one, *b = other;
	/* Without an order they come last. */
	uint64_t first = a->order - 1, second = b->order - 1;

	if (first != second)
		return first < second ? -1 : 1;
	return strcmp(a->id, b->id);
}

static void
conclude(struct drills *drills, int64_t now)
{
	bool is_known = drills->system_count > 0;

	for (size_t i = 0; i < drills->system_count; i++) {
		struct drills_system *system = &drills->systems[i];

		if (system->done != 0) {
			system->quarter_due_at =
			    system->done_at + DRILLS_QUARTER_MS;
			system->year_due_at = system->done_at + DRILLS_YEAR_MS;
		}
		system->is_quarter_overdue = system->quarter_due_at < now;
		system->is_year_overdue = system->year_due_at < now;
		is_known = is_known && system->estimate_ms > 0;
		drills->estimate_ms += system->estimate_ms;
	}
	if (!is_known)
		drills->estimate_ms = 0;
	if (drills->system_count > 0)
		qsort(drills->systems, drills->system_count,
		    sizeof(*drills->systems), compare_systems);
}

int
drills_judge(struct catalog *catalog, struct catalog_at at, int64_t now,
    struct drills **ret_drills, struct error *err)
{
	static const struct query_drill_filter all = {0};
	struct drills *drills = calloc(1, sizeof(*drills));
	struct gathering gathering = {drills, now};

	if (drills == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (query_systems(catalog, at, take_system, &gathering, err) != 0 ||
	    query_systems_since(catalog, at, take_since, &gathering, err) !=
		0 ||
	    query_drills(catalog, at, &all, take_drill, &gathering, err) != 0 ||
	    query_generations(
		catalog, at, NULL, take_generation, &gathering, err) != 0) {
		drills_free(drills);
		return -1;
	}
	conclude(drills, now);
	*ret_drills = drills;
	return 0;
}

void
drills_free(struct drills *drills)
{
	if (drills == NULL)
		return;
	free(drills->systems);
	free(drills);
}
