#include "lib/judge/drills.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/store/query_drill.h"
#include "lib/store/query_since.h"

#define COPY_TEXT(to, from) \
	((void)snprintf(to, sizeof(to), "%s", (from) == NULL ? "" : (from)))

/* An estimate is no longer than this, about 30,000 years. */
#define TIME_MAX_MS INT64_C(1000000000000000)
#define ALL_PPM 1000000

struct gathering {
	const struct inventory *inventory;
	struct drills *drills;
};

static struct drills_system *
find(const struct gathering *gathering, const char *id)
{
	size_t at = inventory_find_system(gathering->inventory, id);

	return at == INVENTORY_NOT ? NULL : &gathering->drills->systems[at];
}

uint64_t
drills_rate(uint64_t bytes, int64_t restore_ms)
{
	return restore_ms > 0
		   ? (uint64_t)((double)bytes * 1000 / (double)restore_ms)
		   : 0;
}

uint64_t
drills_share(const struct query_drill *row)
{
	if (row->of_bytes == 0)
		return row->share_ppm;
	if (row->bytes >= row->of_bytes)
		return ALL_PPM;
	return (uint64_t)((double)row->bytes / (double)row->of_bytes * ALL_PPM);
}

int64_t
drills_time(uint64_t bytes, uint64_t proved_bytes, int64_t work_ms)
{
	double ms;

	if (bytes == 0 || proved_bytes == 0 || work_ms <= 0)
		return 0;
	ms = (double)bytes / (double)proved_bytes * (double)work_ms;
	if (ms > (double)TIME_MAX_MS)
		return TIME_MAX_MS;
	return (double)(int64_t)ms < ms ? (int64_t)ms + 1 : (int64_t)ms;
}

/* How long a system's newest generation takes, as its last drill did. */
static int64_t
estimate(const struct inventory *inventory, const struct inventory_system *from,
    const struct drills_system *system)
{
	for (size_t i = 0; i < from->generation_count; i++) {
		const struct inventory_generation *generation =
		    &inventory->generations[from->generation + i];
		uint64_t bytes = 0;

		for (size_t c = 0; c < generation->copy_count; c++) {
			const struct inventory_copy *copy =
			    &inventory->copies[generation->copy + c];

			if (copy->restored_bytes > bytes)
				bytes = copy->restored_bytes;
		}
		if (bytes > 0)
			return drills_time(
			    bytes, system->proved_bytes, system->work_ms);
	}
	return 0;
}

static int
begin(struct gathering *gathering, struct error *err)
{
	const struct inventory *inventory = gathering->inventory;
	struct drills *drills = gathering->drills;

	drills->systems =
	    calloc(inventory->system_count + 1, sizeof(*drills->systems));
	if (drills->systems == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	drills->system_count = inventory->system_count;
	for (size_t i = 0; i < drills->system_count; i++) {
		const struct inventory_system *from = &inventory->systems[i];

		drills->systems[i] = (struct drills_system){
		    .done_at = QUERY_NEVER,
		    .sample_at = QUERY_NEVER,
		    .last_at = QUERY_NEVER,
		    .failed_at = QUERY_NEVER,
		    .target_ms = from->recovery_target_ms,
		    .order = from->recovery_order,
		};
		COPY_TEXT(drills->systems[i].id, from->id);
	}
	return 0;
}

/* The next is due so long after what is as old as this. */
static void
set_due(struct drills_system *system, int64_t now, int64_t age)
{
	system->quarter_due_at = now - age + DRILLS_QUARTER_MS;
	system->year_due_at = now - age + DRILLS_YEAR_MS;
	system->is_quarter_overdue = age > DRILLS_QUARTER_MS;
	system->is_year_overdue = age > DRILLS_YEAR_MS;
}

/* Configured ahead of the clock: that day is not known, and may be today. */
static int
take_since(const struct query_since *row, void *context, struct error *err)
{
	const struct gathering *gathering = context;
	const struct inventory *inventory = gathering->inventory;
	struct drills_system *system = find(gathering, row->id);
	int64_t age = inventory_age(inventory, row->at, 0);

	(void)err;
	if (system != NULL)
		set_due(
		    system, inventory->now, age == INVENTORY_AGELESS ? 0 : age);
	return 0;
}

static bool
is_passed(const struct query_drill *row)
{
	return strcmp(row->outcome, "passed") == 0 ||
	       strcmp(row->outcome, "warning") == 0;
}

/* One that proved too little to count; the newest. */
static void
take_sample(struct drills_system *system, const struct query_drill *row)
{
	if (system->done != 0 || system->sample != 0)
		return;
	system->sample = row->id;
	system->sample_at = row->ended_at;
	system->sample_ppm = drills_share(row);
}

/* The newest that counts. */
static void
take_passed(struct drills_system *system, const struct query_drill *row,
    int64_t now, int64_t age)
{
	system->done = row->id;
	system->done_at = row->ended_at;
	system->done_ppm = drills_share(row);
	system->rate = drills_rate(row->bytes, row->restore_ms);
	system->proved_bytes = row->bytes;
	system->work_ms = row->restore_ms + row->check_ms;
	set_due(system, now, age);
}

static void
take_improvement(const struct inventory *inventory,
    struct drills_system *system, const struct query_drill *row)
{
	const struct inventory_event promise = {
	    row->signature_seq, row->signed_at, row->due};

	if (row->improvement == NULL || row->improvement_seq != 0)
		return;
	system->improvements_open++;
	if (row->due != QUERY_NEVER && !inventory_holds(inventory, &promise))
		system->improvements_overdue++;
}

/* Order comes from the journal, so no clock makes it good (laws 3 and 8). */
static void
take_failure(
    struct drills_system *system, const struct query_drill *row, int64_t age)
{
	if (strcmp(row->outcome, "failed") != 0 || system->done != 0 ||
	    system->failed != 0)
		return;
	system->failed = row->id;
	if (age != INVENTORY_AGELESS)
		system->failed_at = row->ended_at;
}

/* Newest first. */
static int
take_drill(const struct query_drill *row, void *context, struct error *err)
{
	const struct gathering *gathering = context;
	const struct inventory *inventory = gathering->inventory;
	struct drills_system *system = find(gathering, row->system);
	bool is_signed = row->signature_seq != 0;
	int64_t age;

	(void)err;
	if (system == NULL || !row->is_ended)
		return 0;
	age = inventory_age(inventory, row->ended_at, row->end_seq);
	take_failure(system, row, age);
	/* One that ended ahead of the clock makes nothing fresh (law 8). */
	if (age == INVENTORY_AGELESS)
		return 0;
	system->attempts++;
	take_improvement(inventory, system, row);
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
	if (drills_share(row) < DRILLS_SHARE_PPM) {
		take_sample(system, row);
		return 0;
	}
	if (age <= DRILLS_YEAR_MS) {
		system->in_a_year++;
		if (drills_share(row) > system->year_ppm)
			system->year_ppm = drills_share(row);
	}
	if (system->done == 0)
		take_passed(system, row, inventory->now, age);
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

/* A person restores one after the other, and waits for those before. */
static void
add_up(struct drills *drills)
{
	bool is_known = true;
	int64_t after_ms = 0;

	for (size_t i = 0; i < drills->system_count; i++) {
		struct drills_system *system = &drills->systems[i];

		is_known = is_known && system->estimate_ms > 0;
		after_ms += system->estimate_ms;
		if (is_known)
			system->back_after_ms = after_ms;
		system->least_after_ms = after_ms;
		system->is_over_target =
		    system->target_ms > 0 && after_ms > system->target_ms;
	}
	drills->estimate_ms = is_known ? after_ms : 0;
}

static void
conclude(struct gathering *gathering)
{
	const struct inventory *inventory = gathering->inventory;
	struct drills *drills = gathering->drills;

	for (size_t i = 0; i < drills->system_count; i++) {
		struct drills_system *system = &drills->systems[i];

		system->estimate_ms =
		    estimate(inventory, &inventory->systems[i], system);
	}
	qsort(drills->systems, drills->system_count, sizeof(*drills->systems),
	    compare_systems);
	add_up(drills);
}

int
drills_judge(struct catalog *catalog, const struct inventory *inventory,
    struct drills **ret_drills, struct error *err)
{
	static const struct query_drill_filter all = {0};
	struct drills *drills = calloc(1, sizeof(*drills));
	struct gathering gathering = {inventory, drills};

	if (drills == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (begin(&gathering, err) != 0 ||
	    query_systems_since(
		catalog, inventory->at, take_since, &gathering, err) != 0 ||
	    query_drills(catalog, inventory->at, &all, take_drill, &gathering,
		err) != 0) {
		drills_free(drills);
		return -1;
	}
	conclude(&gathering);
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
