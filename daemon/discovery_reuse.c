/*
 * Names that the backup software uses again: is what a scan or a reading found
 * there a new backup, or a change of the old one?  Its content says (remains);
 * this file asks when the name has rested, and sees to what follows.
 *
 * KEPT: all of it is read again, and every difference is damage.  REPLACED: the
 * next scan, at once, lets the old copy expire and sees the new one (rotation).
 * UNCLEAR: a finding, which stays until the name shows something else.
 *
 * A reading that comes before the scan waits for the answer in the same way: it
 * is *undetermined*, which is told, until then (discovery_doubt).  Answers are
 * kept in memory alone: after a start it is asked anew.
 */
#include <string.h>

#include "daemon/discovery_internal.h"
#include "daemon/ledger.h"
#include "daemon/remains.h"
#include "daemon/rotation.h"
#include "daemon/runs.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

static int
write_unclear(
    struct watched *watched, uint64_t copy, bool is_open, struct error *err)
{
	struct service *service = watched->discovery->service;
	struct ledger_finding finding = {
	    .code = FINDING_NAME_UNCLEAR, .copy = copy, .slice = -1};
	uint64_t id;

	if (ledger_begin(service, err) != 0)
		return -1;
	if ((is_open ? ledger_finding(service, &finding, &id, err)
		     : ledger_close_code(service, &finding, "resolved", err)) ==
		0 &&
	    ledger_commit(service, err) == 0)
		return 0;
	ledger_rollback(service);
	return -1;
}

/* It is the old copy: each of its bytes counts, as read since then. */
static void
read_as_old(struct watched *watched, struct catalogued *copy, int64_t since)
{
	struct runs_request request = {
	    .trigger = RUNS_ATTACH,
	    .level = RUNS_FULL,
	    .copy = copy->id,
	    .not_before = since,
	    .is_decided = true,
	};

	copy->reuse.is_doubted = false;
	discovery_start_run(watched, &request);
}

/* Now, or when the one under way has ended. */
static void
scan_again(struct watched *watched)
{
	if (watched->is_scanning)
		watched->is_wanted = true;
	else
		discovery_order_scan(watched);
}

static void
settle(struct watched *watched, struct catalogued *copy, int64_t since)
{
	struct catalogued_reuse *reuse = &copy->reuse;
	struct error err = {0};

	if (reuse->answer != REUSE_REPLACED &&
	    write_unclear(
		watched, copy->id, reuse->answer == REUSE_UNCLEAR, &err) != 0) {
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
		reuse->answer = REUSE_UNKNOWN;
		return;
	}
	if (reuse->answer == REUSE_KEPT)
		read_as_old(watched, copy, since);
	reuse->is_doubted = false;
	if (reuse->answer != REUSE_REPLACED)
		return;
	scan_again(watched);
}

/* Callback of the order. */
static void
on_told(void *context, uint64_t id, const struct remains_reading *reading)
{
	struct watched *watched = context;
	struct catalogued *copy = catalogue_find(&watched->known, id);
	const struct sighting *sighting;
	struct reuse_evidence evidence;

	watched->captures--;
	if (copy == NULL)
		return;
	copy->reuse.is_ordered = false;
	sighting = sightings_find(&watched->before, copy->name);
	/* What was written meanwhile is asked about anew. */
	if (!reading->is_told || sighting == NULL ||
	    !sightings_is_of(sighting, &copy->reuse.extent))
		return;
	evidence = (struct reuse_evidence){
	    .old_bytes = copy->bytes,
	    .now_bytes = copy->reuse.extent.bytes,
	    .same_bytes = reading->same_bytes,
	    .is_later = copy->reuse.is_later,
	    .is_partial = reading->is_partial,
	};
	copy->reuse.is_partial = reading->is_partial;
	copy->reuse.answer = reuse_judge(&evidence);
	settle(watched, copy, reading->began_at);
}

static int
ask(struct watched *watched, const struct config_source *source,
    struct catalogued *copy, const struct sighting *sighting, struct error *err)
{
	struct catalogued_reuse *reuse = &copy->reuse;
	struct remains_request request = {
	    .copy = copy->id,
	    .version = copy->version,
	    .slices = copy->slices,
	    .bytes = copy->bytes,
	    .source = source,
	    .generation = copy->generation,
	    .locator = copy->name,
	};

	reuse->extent = sightings_extent(sighting);
	reuse->is_later = rotation_is_later(copy, sighting);
	if (remains_order(watched->discovery->service, &request, on_told,
		watched, err) != 0)
		return -1;
	reuse->is_ordered = true;
	reuse->asked_ms = clock_monotonic_ms();
	watched->captures++;
	return 0;
}

/* Nothing was written there, or its time has not come: it is the old copy. */
static void
drop_question(struct watched *watched, struct catalogued *copy)
{
	struct catalogued_reuse *reuse = &copy->reuse;

	if (reuse->is_doubted || reuse->answer == REUSE_UNCLEAR) {
		reuse->answer = REUSE_KEPT;
		settle(watched, copy, clock_wall_ms());
	}
	reuse->answer = REUSE_UNKNOWN;
}

/* What kept it from being told may have been mended since. */
static bool
is_stale(const struct watched *watched, const struct catalogued_reuse *reuse)
{
	int64_t age = clock_monotonic_ms() - reuse->asked_ms;

	return reuse->answer == REUSE_UNCLEAR && reuse->is_partial &&
	       (watched->is_asked || age >= CLOCK_DAY_MS);
}

int
discovery_settle_reuse(struct watched *watched,
    const struct config_source *source, struct catalogued *copy,
    bool *ret_is_waiting, struct error *err)
{
	const struct sighting *sighting =
	    sightings_find(&watched->before, copy->name);
	struct catalogued_reuse *reuse = &copy->reuse;
	int64_t rested;

	*ret_is_waiting = false;
	if (reuse->is_ordered)
		return 1;
	if (!rotation_is_in_question(
		&watched->known, source, &watched->before, copy)) {
		drop_question(watched, copy);
		return 0;
	}
	if (reuse->answer != REUSE_UNKNOWN && !is_stale(watched, reuse) &&
	    sightings_is_of(sighting, &reuse->extent)) {
		if (reuse->is_doubted && reuse->answer == REUSE_KEPT)
			read_as_old(watched, copy, clock_wall_ms());
		reuse->is_doubted = false;
		return 1;
	}
	reuse->answer = REUSE_UNKNOWN;
	rested = clock_monotonic_ms() - sighting->unchanged_since_ms;
	*ret_is_waiting = rested < source->settle_time_ms;
	if (!*ret_is_waiting && ask(watched, source, copy, sighting, err) != 0)
		return -1;
	return 1;
}

/* Whether the last scan's sight of the name has its answer. */
static bool
is_answered(const struct watched *watched, const struct catalogued *copy)
{
	const struct sighting *sighting =
	    sightings_find(&watched->before, copy->name);

	return copy->reuse.answer != REUSE_UNKNOWN && sighting != NULL &&
	       sightings_is_of(sighting, &copy->reuse.extent);
}

/* A copy as it is recorded now: its capture may be younger than the scan. */
static struct catalogued *
load(struct watched *watched, const struct config_source *source, uint64_t copy)
{
	struct error err = {0};

	if (catalogue_load(&watched->known,
		watched->discovery->service->catalog, source, &err) == 0)
		return catalogue_find(&watched->known, copy);
	log_event(LOG_LEVEL_ERROR, "%s", err.text);
	return NULL;
}

bool
discovery_doubt(
    struct discovery *discovery, const char *source_id, uint64_t copy_id)
{
	struct watched *watched = discovery_find(discovery, source_id);
	const struct config_source *source;
	struct catalogued *copy;

	if (watched == NULL)
		return false;
	source = discovery_source_of(watched);
	if (source == NULL || !source->reuses_names)
		return false;
	copy = catalogue_find(&watched->known, copy_id);
	if (copy != NULL && copy->reuse.is_doubted)
		return true;
	copy = load(watched, source, copy_id);
	/* What is damaged already stays so until it is read and good (law 3).
	 */
	if (copy == NULL || copy->is_damaged ||
	    !rotation_is_free(&watched->known, source, &watched->before, copy))
		return false;
	if (is_answered(watched, copy))
		return copy->reuse.answer != REUSE_KEPT;
	copy->reuse.is_doubted = true;
	scan_again(watched);
	return true;
}
