#include <string.h>

#include "daemon/capture.h"
#include "daemon/discovery_internal.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

void
discovery_start_run(struct watched *watched, const struct runs_request *request)
{
	struct error err = {0};
	uint64_t run;

	if (runs_start(
		watched->discovery->service->runs, request, &run, &err) == 0)
		return;
	/* The next scan orders it again. */
	watched->is_resumed = false;
	log_event(LOG_LEVEL_ERROR, "%s", err.text);
}

/* A new copy is read a second time. */
static void
read_again(struct watched *watched, uint64_t copy)
{
	struct runs_request request = {
	    .trigger = RUNS_CAPTURE,
	    .level = RUNS_FULL,
	    .copy = copy,
	    .not_before = 0,
	};

	if (watched->discovery->service->config->policy.full_after_capture)
		discovery_start_run(watched, &request);
}

/* A copy that was gone counts again when all of it was read. */
static void
read_returned(struct watched *watched, uint64_t copy)
{
	struct runs_request request = {
	    .trigger = RUNS_ATTACH,
	    .level = RUNS_FULL,
	    .copy = copy,
	    .not_before = clock_wall_ms(),
	};

	discovery_start_run(watched, &request);
}

/* Callback of a capture. */
static void
on_captured(void *context, uint64_t copy, enum capture_end end)
{
	struct watched *watched = context;
	struct catalogued *known = catalogue_find(&watched->known, copy);

	watched->captures--;
	if (known != NULL) {
		known->is_ordered = false;
		if (end == CAPTURE_UNCHANGED)
			known->unchanged_ms = clock_monotonic_ms();
	}
	if (end == CAPTURE_RECORDED)
		read_again(watched, copy);
}

static int
order_capture(struct watched *watched, const struct config_source *source,
    const struct catalogued *copy, struct error *err)
{
	struct capture_request request = {
	    .copy = copy->id,
	    .source = source,
	    .generation = copy->generation,
	    .locator = copy->name,
	    .version = copy->version + 1,
	    .is_first = copy->version == 0,
	};

	if (capture_order(watched->discovery->service, &request, on_captured,
		watched, err) != 0)
		return -1;
	watched->captures++;
	return 0;
}

/* Whether a capture within a day found all as it was. */
static bool
was_unchanged(const struct catalogued *copy)
{
	return copy->unchanged_ms != 0 &&
	       clock_monotonic_ms() - copy->unchanged_ms < CLOCK_DAY_MS;
}

/* Whether a copy that was seen is to be captured now. */
static bool
is_due(const struct watched *watched, const struct config_source *source,
    const struct sighting *sighting, const struct catalogued *copy)
{
	int64_t rested = clock_monotonic_ms() - sighting->unchanged_since_ms;
	int64_t age =
	    copy->is_captured ? clock_wall_ms() - copy->captured_at : 0;
	int64_t interval = source->system->interval_ms > 0
			       ? source->system->interval_ms
			       : CLOCK_DAY_MS;

	if (source->layout == CONFIG_LAYOUT_TREE)
		return !copy->is_captured || age < 0 || age >= interval;
	/* What could not be read may have been mended since. */
	if (copy->is_captured)
		return copy->is_incomplete &&
		       (watched->is_asked ||
			   ((age < 0 || age >= CLOCK_DAY_MS) &&
			       !was_unchanged(copy)));
	if (source->marker[0] != '\0')
		return sighting->has_marker;
	return rested >= source->settle_time_ms;
}

/* The second reading of a copy did not come to its end. */
static bool
is_unfinished(const struct service *service, const struct catalogued *copy)
{
	for (size_t i = 0; i < service->unfinished_count; i++)
		if (service->unfinished[i] == copy->id)
			return true;
	return copy->is_unconfirmed;
}

int
discovery_settle(struct watched *watched, const struct config_source *source,
    struct error *err)
{
	const struct service *service = watched->discovery->service;
	bool is_settling = false, was_resumed = watched->is_resumed;
	bool is_waiting;
	int reused;

	watched->is_resumed = true;
	watched->waiting = 0;
	for (size_t i = 0; i < watched->known.count; i++) {
		const struct catalogued *copy = &watched->known.items[i];
		const struct sighting *sighting =
		    sightings_find(&watched->before, copy->name);

		if (sighting == NULL || copy->is_ordered)
			continue;
		reused = discovery_settle_reuse(watched, source,
		    &watched->known.items[i], &is_waiting, err);
		if (reused < 0)
			return -1;
		watched->waiting += is_waiting ? 1 : 0;
		if (reused == 1)
			continue;
		if (is_due(watched, source, sighting, copy)) {
			watched->known.items[i].is_ordered = true;
			if (order_capture(watched, source, copy, err) != 0)
				return -1;
		} else if (!copy->is_captured) {
			is_settling = true;
		} else if (copy->has_returned) {
			watched->known.items[i].has_returned = false;
			read_returned(watched, copy->id);
		} else if (!was_resumed && is_unfinished(service, copy)) {
			read_again(watched, copy->id);
		}
	}
	watched->is_asked = false;
	if ((is_settling || watched->waiting > 0) &&
	    source->settle_time_ms < service->config->policy.scan_interval_ms)
		discovery_set_timer(
		    watched, source->settle_time_ms + DISCOVERY_MIN_MS);
	return 0;
}
