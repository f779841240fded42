#include "daemon/rotation.h"

#include "daemon/drill.h"
#include "daemon/runs.h"
#include "lib/base/clock.h"
#include "lib/store/query.h"

/* No clock or time zone is ahead by more. */
#define AHEAD_MS ((int64_t)24 * 3600 * 1000)

/* By the clock of the moment, which alone proves nothing. */
static bool
is_old(const struct config_source *source, const struct catalogued *copy)
{
	return source->retention_ms != CONFIG_NONE &&
	       clock_wall_ms() - copy->taken_at >= source->retention_ms;
}

/*
 * A folder's own time may be that of its making, which is later than that of
 * all that was put there: only what came after the recording tells.
 */
static bool
is_rewritten(const struct catalogued *copy, const struct sighting *sighting)
{
	if (sighting->is_folder)
		return sighting->newest_ms > copy->captured_at &&
		       sighting->newest_ms > copy->taken_at;
	return sighting->newest_ms > copy->newest_file_at;
}

/*
 * Whether a copy can stand for an older one that goes: not where all were
 * written over at once, nor where it is damaged, or of a time to come.
 */
static bool
is_sound(const struct config_source *source, const struct sightings *found,
    const struct catalogued *copy)
{
	const struct sighting *sighting = sightings_find(found, copy->name);

	return copy->is_captured && !copy->is_damaged && sighting != NULL &&
	       copy->taken_at <= clock_wall_ms() + AHEAD_MS &&
	       (!source->reuses_names || !is_rewritten(copy, sighting));
}

/*
 * How far the newest one must lie behind a copy that goes: what deletes at the
 * end of the retention does so before the next one is there.
 */
static int64_t
distance_of(const struct config_source *source)
{
	int64_t interval = source->system->interval_ms;
	int64_t slack = interval > 0 ? interval : CLOCK_DAY_MS;

	if (slack > source->retention_ms / 2)
		slack = source->retention_ms / 2;
	return source->retention_ms - slack;
}

bool
rotation_has_expired(const struct catalogue *catalogue,
    const struct config_source *source, const struct sightings *found,
    const struct catalogued *copy)
{
	int64_t newer = 0, least = source->system->generations_min;
	int64_t newest_at = copy->taken_at;

	if (!is_old(source, copy))
		return false;
	for (size_t i = 0; i < catalogue->count; i++) {
		const struct catalogued *other = &catalogue->items[i];

		if (other->taken_at <= copy->taken_at ||
		    !is_sound(source, found, other))
			continue;
		newer++;
		if (other->taken_at > newest_at)
			newest_at = other->taken_at;
	}
	return newer >= (least > 1 ? least : 1) &&
	       newest_at - copy->taken_at >= distance_of(source);
}

/* A time in the name says which generation it is, whatever it holds. */
static bool
may_be_replaced(
    const struct config_source *source, const struct catalogued *copy)
{
	return source->reuses_names && source->layout != CONFIG_LAYOUT_TREE &&
	       pattern_precision(source->pattern) == PATTERN_NO_TIME &&
	       copy->is_captured && !copy->is_ordered && !copy->is_nameless &&
	       copy->newest_file_at != QUERY_NEVER && is_old(source, copy);
}

bool
rotation_is_free(const struct catalogue *catalogue,
    const struct config_source *source, const struct sightings *found,
    const struct catalogued *copy)
{
	return may_be_replaced(source, copy) &&
	       sightings_find(found, copy->name) != NULL &&
	       rotation_has_expired(catalogue, source, found, copy);
}

/* A folder that was not looked into shows nothing of what lies in it. */
static bool
is_seen(const struct catalogued *copy, const struct sighting *sighting)
{
	return !sighting->is_folder || copy->reuse.is_watched;
}

bool
rotation_is_in_question(const struct catalogue *catalogue,
    const struct config_source *source, const struct sightings *found,
    const struct catalogued *copy)
{
	const struct sighting *sighting = sightings_find(found, copy->name);

	return rotation_is_free(catalogue, source, found, copy) &&
	       is_seen(copy, sighting) && is_rewritten(copy, sighting);
}

bool
rotation_is_later(
    const struct catalogued *copy, const struct sighting *sighting)
{
	return sighting->problem == 0 &&
	       sighting->oldest_ms != EXAMINE_NO_FILE &&
	       sighting->oldest_ms > copy->taken_at &&
	       sighting->oldest_ms > copy->newest_file_at;
}

bool
rotation_is_replaced(const struct catalogue *catalogue,
    const struct service *service, const struct config_source *source,
    const struct sightings *found, const struct catalogued *copy)
{
	return copy->reuse.answer == REUSE_REPLACED &&
	       rotation_is_in_question(catalogue, source, found, copy) &&
	       sightings_is_of(
		   sightings_find(found, copy->name), &copy->reuse.extent) &&
	       !runs_is_reading(service->runs, copy->id) &&
	       !drill_is_reading(service->drills, copy->id);
}

bool
rotation_is_watched(
    const struct config_source *source, const struct catalogued *copy)
{
	return source->layout == CONFIG_LAYOUT_DIRECTORY &&
	       may_be_replaced(source, copy);
}
