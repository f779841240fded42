/*
 * The work of an attach: scan, verify the newest copies, then the slices that
 * were not read for the longest time, until the time box ends.
 */
#include <stdio.h>
#include <string.h>

#include "daemon/discovery.h"
#include "daemon/media_parts.h"
#include "daemon/notify.h"
#include "daemon/runs.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"

#define TICK_MS 500
/* How much is read between two looks at the clock: by time, at first by size.
 */
#define BATCH_SECONDS 300
#define FIRST_BATCH_BYTES ((uint64_t)4 << 30)
#define BATCH_BYTES_MIN ((uint64_t)64 << 20)

static void on_tick(void *context);

bool
media_attach_is_wanted(const struct config_medium *config)
{
	bool comes_and_goes =
	    config->kind == CONFIG_MEDIUM_REMOVABLE ||
	    config->kind == CONFIG_MEDIUM_TAPE ||
	    config->kind == CONFIG_MEDIUM_OPTICAL ||
	    (config->offline != CONFIG_OFFLINE_NONE &&
		config->offline != CONFIG_OFFLINE_APPEND_ONLY);

	return config->is_mount_point && comes_and_goes;
}

/* Whether it may be pulled out; what hikae mounted it unmounts first. */
static bool
is_safe(const struct medium *medium)
{
	return media_mount_is_resting(medium) ||
	       (medium->attach.phase == MEDIA_CHECKED &&
		   !media_mount_is_ours(medium));
}

void
media_attach_tell(const struct media *media)
{
	char text[256] = "";
	size_t used = 0;

	for (const struct medium *medium = media->list; medium != NULL;
	     medium = medium->next) {
		int length;

		if (medium->attach.phase == MEDIA_IDLE &&
		    !media_mount_is_resting(medium))
			continue;
		length = snprintf(text + used, sizeof(text) - used, "%s%s: %s",
		    used > 0 ? "; " : "", medium->id,
		    is_safe(medium) ? _("safe to remove")
				    : _("being read, do not remove"));
		if (length < 0 || (size_t)length >= sizeof(text) - used)
			break;
		used += (size_t)length;
	}
	notify_status(text);
}

static void
enter(struct medium *medium, enum media_phase phase)
{
	medium->attach.phase = phase;
	medium->attach.is_checked =
	    medium->attach.is_checked ||
	    (phase == MEDIA_CHECKED && !medium->attach.is_cut);
	media_attach_tell(medium->media);
	if (phase == MEDIA_CHECKED && !media_mount_is_ours(medium))
		log_event(LOG_LEVEL_NOTICE,
		    medium->attach.is_cut
			? _("medium %s: safe to remove, but not all of it was "
			    "read")
			: _("medium %s: safe to remove"),
		    medium->id);
}

void
media_attach_begin(struct medium *medium)
{
	struct media_attach *attach = &medium->attach;
	const struct config_medium *config = media_config_of(medium);

	media_attach_end(medium);
	*attach = (struct media_attach){
	    .since = medium->attached_at,
	    .until_ms = clock_monotonic_ms() + config->attach_time_ms,
	    .timer = {.ring = on_tick, .context = medium},
	};
	enter(medium, MEDIA_SCANNING);
	/* Before anything new is written, there or about it. */
	media_witness_begin(medium, false);
	loop_set_timer(medium->media->service->loop, &attach->timer, TICK_MS);
}

static void
cancel_run(struct medium *medium)
{
	struct error err = {0};

	/* One that ended meanwhile is no longer known, or says so. */
	if (medium->attach.run != 0)
		(void)!runs_cancel(
		    medium->media->service->runs, medium->attach.run, &err);
	medium->attach.run = 0;
}

void
media_attach_end(struct medium *medium)
{
	struct media_attach *attach = &medium->attach;

	if (attach->phase == MEDIA_IDLE)
		return;
	loop_unset_timer(medium->media->service->loop, &attach->timer);
	cancel_run(medium);
	media_witness_end(medium);
	enter(medium, MEDIA_IDLE);
}

static int
count_settling(const struct query_copy *row, void *context, struct error *err)
{
	uint64_t *count = context;

	(void)err;
	*count += strcmp(row->state, "settling") == 0;
	return 0;
}

int
media_attach_count_settling(
    const struct medium *medium, uint64_t *ret_count, struct error *err)
{
	struct query_copy_filter filter = {.medium = medium->id};
	const struct service *service = medium->media->service;

	*ret_count = discovery_count_waiting(service->discovery, medium->id);
	return query_copies(medium->media->service->catalog, CATALOG_NOW,
	    &filter, count_settling, ret_count, err);
}

/* The newest captured copy of each system; copies come newest first. */
struct newest {
	struct media_attach *attach;
	char system[CONFIG_ID_BYTES];
};

static int
take_newest(const struct query_copy *row, void *context, struct error *err)
{
	struct newest *newest = context;
	struct media_attach *attach = newest->attach;

	(void)err;
	if (strcmp(row->state, "captured") != 0 ||
	    strcmp(row->system, newest->system) == 0 ||
	    attach->newest_count == MEDIA_NEWEST_MAX)
		return 0;
	(void)snprintf(
	    newest->system, sizeof(newest->system), "%s", row->system);
	attach->newest[attach->newest_count++] = row->id;
	return 0;
}

static void
list_newest(struct medium *medium)
{
	struct query_copy_filter filter = {.medium = medium->id};
	struct newest newest = {.attach = &medium->attach};
	struct error err = {0};

	if (query_copies(medium->media->service->catalog, CATALOG_NOW, &filter,
		take_newest, &newest, &err) != 0) {
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
		medium->attach.is_cut = true;
	}
}

/* Begin a run; false where there is nothing to read, or it cannot begin. */
static bool
start_run(struct medium *medium, struct runs_request *request)
{
	struct error err = {0};

	request->trigger = RUNS_ATTACH;
	request->level = RUNS_FULL;
	/* What was read since it came need not be read once more. */
	request->not_before = medium->attach.since;
	medium->attach.batch_began_ms = clock_monotonic_ms();
	if (runs_start(medium->media->service->runs, request,
		&medium->attach.run, &err) == 0)
		return true;
	medium->attach.run = 0;
	if (err.code != ERROR_NOT_FOUND) {
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
		medium->attach.is_cut = true;
	}
	return false;
}

static uint64_t
batch_bytes(const struct media_attach *attach)
{
	int64_t left =
	    (attach->until_ms - clock_monotonic_ms()) / CLOCK_SECOND_MS;
	uint64_t seconds = BATCH_SECONDS, bytes;

	if (attach->bytes_per_second == 0)
		return FIRST_BATCH_BYTES;
	if (left < BATCH_SECONDS)
		seconds = left > 0 ? (uint64_t)left : 1;
	bytes = seconds * attach->bytes_per_second;
	return bytes > BATCH_BYTES_MIN ? bytes : BATCH_BYTES_MIN;
}

/* The next run of the phase; false: the phase is done. */
static bool
start_next(struct medium *medium)
{
	struct media_attach *attach = &medium->attach;

	while (attach->phase == MEDIA_NEWEST && attach->newest_count > 0) {
		struct runs_request copy = {
		    .copy = attach->newest[--attach->newest_count]};

		if (start_run(medium, &copy))
			return true;
	}
	if (attach->phase == MEDIA_OLDEST) {
		struct runs_request oldest = {
		    .is_oldest_first = true,
		    .medium = medium->id,
		    .tried_before = attach->since,
		    .limit_bytes = batch_bytes(attach),
		};

		return start_run(medium, &oldest);
	}
	return false;
}

/* True where the run goes on; one that ended tells how fast it was. */
static bool
is_run_on(struct medium *medium)
{
	struct media_attach *attach = &medium->attach;
	struct runs_view view = {.outcome = "lost"};
	struct error err = {0};
	int64_t took_ms = clock_monotonic_ms() - attach->batch_began_ms;

	if (attach->run == 0)
		return false;
	if (runs_look(medium->media->service->runs, attach->run, &view, &err) ==
		0 &&
	    !view.is_ended)
		return true;
	if (took_ms > CLOCK_SECOND_MS && view.bytes_read > 0)
		attach->bytes_per_second =
		    view.bytes_read / ((uint64_t)took_ms / 1000);
	if (view.outcome == NULL || strcmp(view.outcome, "done") != 0) {
		attach->is_cut = true;
		/* It would fail again at once. */
		if (attach->phase == MEDIA_OLDEST)
			attach->until_ms = clock_monotonic_ms();
	}
	attach->run = 0;
	return false;
}

static bool
is_busy(const struct medium *medium)
{
	struct service *service = medium->media->service;

	return jobs_count(service->jobs, medium->id) > 0 ||
	       discovery_is_busy(service->discovery, medium->id) ||
	       runs_under_way(service->runs, medium->id) > 0;
}

/* New copies that do not rest yet are to be captured first. */
static bool
is_settling(const struct medium *medium)
{
	uint64_t count;
	struct error err = {0};

	return media_attach_count_settling(medium, &count, &err) == 0 &&
	       count > 0;
}

/* All is read, or the time is up; true: the witness is being written. */
static bool
conclude(struct medium *medium)
{
	if (medium->attach.phase != MEDIA_WITNESS) {
		medium->attach.phase = MEDIA_WITNESS;
		media_witness_begin(medium, true);
	}
	if (media_witness_is_busy(medium))
		return true;
	enter(medium, MEDIA_CHECKED);
	return false;
}

/* One step; true: there is more to come. */
static bool
go_on(struct medium *medium)
{
	struct media_attach *attach = &medium->attach;

	if (attach->phase == MEDIA_WITNESS)
		return conclude(medium);
	if (clock_monotonic_ms() >= attach->until_ms) {
		attach->is_cut = true;
		cancel_run(medium);
		return conclude(medium);
	}
	if (is_run_on(medium) || is_busy(medium))
		return true;
	if (attach->phase == MEDIA_SCANNING && is_settling(medium))
		return true;
	if (attach->phase == MEDIA_SCANNING) {
		list_newest(medium);
		attach->phase = MEDIA_NEWEST;
	}
	if (start_next(medium))
		return true;
	if (attach->phase == MEDIA_NEWEST) {
		attach->phase = MEDIA_OLDEST;
		return true;
	}
	return conclude(medium);
}

/* The timer's callback. */
static void
on_tick(void *context)
{
	struct medium *medium = context;

	if (go_on(medium))
		loop_set_timer(medium->media->service->loop,
		    &medium->attach.timer, TICK_MS);
}
