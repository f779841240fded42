/* One scan of a source: what lies there, and what that says of its place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/absence.h"
#include "daemon/discovery_internal.h"
#include "daemon/ledger.h"
#include "daemon/media.h"
#include "daemon/place.h"
#include "daemon/rotation.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/os/file.h"

#define SCAN_PRIORITY 0
/* Names that are kept of those that are no generation by their kind. */
#define OTHERS_MAX 10000
/* A scan that found the same is written again after this long, ms. */
#define SCAN_ENTRY_MS (6 * CLOCK_HOUR_MS)

/* A scan under way. */
struct scan {
	struct watched *watched; /* NULL: the source was taken away */
	enum reply_place place;
	bool is_identified;	   /* a medium that is there is the right one */
	char volume[VOLUME_BYTES]; /* as in struct catalogue_scan */
	struct sightings found;
	struct sightings others; /* of another kind than the layout's */
};

/*
 * The names of captured copies: they need not be looked into.  What came as
 * another kind than the layout now says has a slash behind it, which is in no
 * name; else it would be missed.
 */
static int
pass_known(struct watched *watched, const struct config_source *source,
    struct job *job, struct error *err)
{
	const bool has_folders = source->layout == CONFIG_LAYOUT_DIRECTORY;
	struct bytes names = BYTES_EMPTY;
	int rc = -1;

	for (size_t i = 0; i < watched->known.count; i++) {
		struct catalogued *copy = &watched->known.items[i];

		copy->reuse.is_watched = copy->is_folder == has_folders &&
					 rotation_is_watched(source, copy);
		if (!copy->is_captured || copy->reuse.is_watched)
			continue;
		bytes_append(&names, copy->name, strlen(copy->name));
		if (copy->is_folder != has_folders)
			bytes_append_u8(&names, '/');
		bytes_append_u8(&names, 0);
	}
	if (bytes_check(&names, err) == 0 &&
	    file_temporary(watched->discovery->service->state_fd,
		&job->fds[JOB_FD_KNOWN], err) == 0 &&
	    file_write_all(
		job->fds[JOB_FD_KNOWN], names.data, names.length, err) == 0) {
		rc = lseek(job->fds[JOB_FD_KNOWN], 0, SEEK_SET) == 0 ? 0 : -1;
	}
	bytes_done(&names);
	return rc;
}

static int
prepare(void *context, struct job *job, struct error *err)
{
	struct scan *scan = context;
	struct watched *watched = scan->watched;
	struct service *service = watched->discovery->service;
	const struct config_source *source = discovery_source_of(watched);

	if (source == NULL)
		return error_set(err, ERROR_NOT_FOUND,
		    _("the source is no longer configured"));
	if (catalogue_load(&watched->known, service->catalog, source, err) != 0)
		return -1;
	job->kind = JOB_SCAN;
	if (place_fill_job(service, source, job, err) != 0)
		return -1;
	scan->is_identified = place_is_identified(job);
	return pass_known(watched, source, job, err);
}

static int
take_begun(void *context, const struct reply *reply, struct error *err)
{
	struct scan *scan = context;

	(void)err;
	scan->place = reply->begun.place;
	if (!scan->is_identified)
		memcpy(scan->volume, reply->begun.volume, sizeof(scan->volume));
	return 0;
}

static int
take_candidate(void *context, const struct reply *reply, struct error *err)
{
	struct scan *scan = context;
	const struct examine_candidate *candidate = &reply->candidate;
	const bool is_other = candidate->is_other_kind;

	/* Of what is no generation anyway, some are enough. */
	if (is_other && scan->others.count == OTHERS_MAX)
		return 0;
	return sightings_add(is_other ? &scan->others : &scan->found, candidate,
	    clock_monotonic_ms(), err);
}

static const struct reply_handlers replies = {
    .take = {[REPLY_BEGUN] = take_begun, [REPLY_CANDIDATE] = take_candidate}};

/* A medium of this kind is away most of the time: that is no finding. */
static bool
is_planned(const struct config_source *source, unsigned place)
{
	return place == REPLY_PLACE_ABSENT &&
	       config_offline_is_away(source->medium->offline);
}

/*
 * Whether the finding of one result ends with another.  That nothing is there
 * stays true of a medium that was then taken away.
 */
static bool
is_over(enum reply_place was, enum reply_place now)
{
	return was != REPLY_PLACE_EMPTY || now == REPLY_PLACE_OK;
}

/* What a scan's result means as a finding about its source. */
static int
write_place(struct watched *watched, const struct config_source *source,
    struct error *err)
{
	static const enum finding codes[REPLY_PLACES] = {
	    [REPLY_PLACE_WRONG_MEDIUM] = FINDING_WRONG_MEDIUM,
	    [REPLY_PLACE_ABSENT] = FINDING_MEDIUM_ABSENT,
	    [REPLY_PLACE_UNREADABLE] = FINDING_UNREADABLE_NOW,
	    [REPLY_PLACE_EMPTY] = FINDING_NOTHING_FOUND,
	};
	struct service *service = watched->discovery->service;
	struct ledger_finding finding = {.slice = -1,
	    .system = source->system_id,
	    .medium = source->medium_id,
	    .source = source->id};
	uint64_t id;

	for (unsigned place = REPLY_PLACE_WRONG_MEDIUM; place < REPLY_PLACES;
	     place++) {
		finding.code = codes[place];
		if (place == (unsigned)watched->place &&
		    !is_planned(source, place)) {
			if (ledger_finding(service, &finding, &id, err) != 0)
				return -1;
		} else if ((place == (unsigned)watched->place ||
			       is_over(
				   (enum reply_place)place, watched->place)) &&
			   ledger_close_code(
			       service, &finding, "resolved", err) != 0) {
			return -1;
		}
	}
	return 0;
}

/*
 * By either clock: where the wall clock moved, the last entry lies in the
 * future or too long ago to say anything of today.
 */
static bool
is_recent(const struct watched *watched)
{
	const int64_t waited = clock_monotonic_ms() - watched->written_ms;
	const int64_t shown = clock_wall_ms() - watched->written_at;

	return waited < SCAN_ENTRY_MS && shown >= 0 && shown < SCAN_ENTRY_MS;
}

/* One entry a change, and now and then one that nothing changed. */
static int
write_scan(struct watched *watched, const struct config_source *source,
    enum reply_place place, uint64_t candidates, struct error *err)
{
	bool is_changed = !watched->has_written || place != watched->place;

	if (!is_changed && candidates == watched->candidates &&
	    is_recent(watched))
		return 0;
	watched->place = place;
	watched->candidates = candidates;
	watched->written_ms = clock_monotonic_ms();
	watched->written_at = clock_wall_ms();
	if (ledger_append(watched->discovery->service,
		json_pack("{s:s, s:s, s:s, s:I}", "type", "scan", "source",
		    source->id, "result", reply_place_name(place), "candidates",
		    (json_int_t)candidates),
		NULL, err) != 0)
		return -1;
	return is_changed ? write_place(watched, source, err) : 0;
}

/*
 * What the scan says of the copies: compare them, where it says anything.  An
 * empty place where nothing is known to be the medium says that something of
 * that volume is gone, and where all is from others, that it is another.
 */
static int
judge_copies(struct scan *scan, const struct config_source *source,
    struct catalogue_scan *result, struct error *err)
{
	struct catalogue *known = &scan->watched->known;
	struct service *service = scan->watched->discovery->service;
	struct absence_origins origins;

	if (scan->place != REPLY_PLACE_OK && scan->place != REPLY_PLACE_EMPTY)
		return 0;
	if (absence_count_origins(
		known, service, source, scan->volume, &origins, err) != 0)
		return -1;
	result->is_bare =
	    scan->place == REPLY_PLACE_EMPTY && !scan->is_identified;
	if ((!result->is_bare || origins.same > 0) &&
	    catalogue_compare(known, service, source, result, err) != 0)
		return -1;
	/* Names that are no generations are nothing (law 1). */
	if (result->fitting == 0)
		scan->place = origins.same == 0 && origins.others > 0
				  ? REPLY_PLACE_WRONG_MEDIUM
				  : REPLY_PLACE_EMPTY;
	return 0;
}

/* Journal and catalogue, in one transaction. */
static int
write_found(
    struct scan *scan, const struct config_source *source, struct error *err)
{
	struct watched *watched = scan->watched;
	struct service *service = watched->discovery->service;
	struct catalogue_scan result = {.found = &scan->found,
	    .others = &scan->others,
	    .volume = scan->volume};

	if (ledger_begin(service, err) != 0)
		return -1;
	if (judge_copies(scan, source, &result, err) == 0 &&
	    write_scan(watched, source, scan->place, result.fitting, err) ==
		0 &&
	    ledger_commit(service, err) == 0) {
		watched->has_written = true;
		return 0;
	}
	ledger_rollback(service);
	watched->has_written = false;
	return -1;
}

/* What could not be read may have been pulled out. */
static void
doubt_medium(const struct watched *watched)
{
	const struct config_source *source = discovery_source_of(watched);

	if (source != NULL)
		media_doubt(
		    watched->discovery->service->media, source->medium_id);
}

/* A scan that succeeded: what it found, and captures. */
static int
take_scan(struct scan *scan, struct error *err)
{
	struct watched *watched = scan->watched;
	const struct config_source *source = discovery_source_of(watched);

	if (source == NULL)
		return 0;
	if (scan->place == REPLY_PLACE_OK && scan->found.count == 0)
		scan->place = REPLY_PLACE_EMPTY;
	/* Captures ended while names were looked at. */
	if (catalogue_load(&watched->known,
		watched->discovery->service->catalog, source, err) != 0)
		return -1;
	sightings_compare(&scan->found, &watched->before);
	if (write_found(scan, source, err) != 0)
		return -1;
	if (scan->place != REPLY_PLACE_OK)
		return 0;
	sightings_clear(&watched->before);
	watched->before = scan->found;
	scan->found = (struct sightings){0};
	return discovery_settle(watched, source, err);
}

/* What was found could not be recorded: the last good scan is over. */
static void
note_unusable(struct scan *scan)
{
	const struct config_source *source = discovery_source_of(scan->watched);
	struct error err = {0};

	scan->place = REPLY_PLACE_UNREADABLE;
	if (source != NULL && write_found(scan, source, &err) != 0)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
}

static void
on_end(void *context, const struct jobs_end *end)
{
	struct scan *scan = context;
	struct watched *watched = scan->watched;
	struct service *service = watched->discovery->service;
	const bool is_wanted = watched->is_wanted;
	const bool is_expected = watched->is_expected;
	struct error err = {0};

	watched->is_scanning = false;
	watched->is_wanted = watched->is_expected = false;
	discovery_set_timer(watched, service->config->policy.scan_interval_ms);
	if (end->outcome != JOBS_DONE && end->outcome != JOBS_CANCELLED) {
		log_event(LOG_LEVEL_WARNING, _("scan of %s: %s (%s)"),
		    watched->id, jobs_outcome_sentence(end->outcome),
		    end->error.text);
		scan->place = REPLY_PLACE_UNREADABLE;
	}
	if (scan->place == REPLY_PLACE_UNREADABLE)
		doubt_medium(watched);
	if (end->outcome != JOBS_CANCELLED && take_scan(scan, &err) != 0) {
		log_event(LOG_LEVEL_ERROR, _("scan of %s: %s"), watched->id,
		    err.text);
		note_unusable(scan);
	}
	/* At once: who asked sees a job until it was looked. */
	if (is_wanted || (is_expected && scan->place != REPLY_PLACE_OK))
		discovery_order_scan(watched);
	sightings_clear(&scan->found);
	sightings_clear(&scan->others);
	free(scan);
}

static const struct jobs_kind kind = {
    .name = "scan",
    .prepare = prepare,
    .replies = &replies,
    .end = on_end,
};

void
discovery_order_scan(struct watched *watched)
{
	struct service *service = watched->discovery->service;
	const struct config_source *source = discovery_source_of(watched);
	struct scan *scan = NULL;
	struct jobs_order order = {.kind = &kind, .priority = SCAN_PRIORITY};
	struct error err = {0};
	uint64_t id;

	if (source == NULL || watched->is_scanning)
		return;
	scan = calloc(1, sizeof(*scan));
	order.context = scan;
	(void)snprintf(
	    order.medium, sizeof(order.medium), "%s", source->medium_id);
	(void)snprintf(order.label, sizeof(order.label), "%s", source->id);
	if (scan != NULL) {
		scan->watched = watched;
		watched->is_scanning = true;
		if (jobs_add(service->jobs, &order, &id, &err) == 0)
			return;
	}
	watched->is_scanning = false;
	free(scan);
	log_event(LOG_LEVEL_ERROR, _("cannot scan %s"), watched->id);
	discovery_set_timer(watched, service->config->policy.scan_interval_ms);
}
