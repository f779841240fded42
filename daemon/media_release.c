/*
 * A person wants to unmount a medium, or take it away: nothing begins there
 * until that was done.  The journal's newest record of a medium says whether it
 * is released, so that no restart of hikaed forgets it.
 */
#include "daemon/media_release.h"

#include <string.h>

#include "daemon/runs.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"

static bool
is_mounted_by_hikae(const struct medium *medium)
{
	const struct config_medium *config = media_config_of(medium);

	return config != NULL && config->mount == CONFIG_MOUNT_HIKAE;
}

/* Mounted anew, by somebody: what is there is to be read again. */
static bool
is_mounted_anew(const struct medium *medium)
{
	if (media_mount_is_ours(medium))
		return false;
	switch (medium->state) {
	case MEDIA_ATTACHED:
	case MEDIA_ABSENT:
	case MEDIA_YANKED:
	case MEDIA_WRONG_MEDIUM:
		return true;
	case MEDIA_MOUNTED:
	case MEDIA_HUNG:
	case MEDIA_UNKNOWN:
		break;
	}
	return medium->released_mount != 0 &&
	       medium->place.mount_id != medium->released_mount;
}

bool
media_release_is_over(const struct medium *medium, enum media_state next)
{
	if (!medium->is_released && !medium->is_leaving)
		return false;
	switch (next) {
	case MEDIA_ABSENT:
	case MEDIA_YANKED:
	case MEDIA_WRONG_MEDIUM:
		return true;
	case MEDIA_MOUNTED:
		return is_mounted_anew(medium);
	case MEDIA_ATTACHED:
	case MEDIA_HUNG:
	case MEDIA_UNKNOWN:
		break;
	}
	/* Unmounted; what hikae mounts it must not mount again. */
	return !is_mounted_by_hikae(medium) && medium->place.mount_id == 0;
}

void
media_release_take(struct medium *medium, enum media_event event)
{
	/* After a start: for all that is known, it is mounted still. */
	if (medium->is_released && medium->released_mount == 0 &&
	    !medium->is_looked && event == MEDIA_SEEN_MOUNT &&
	    medium->state == MEDIA_MOUNTED)
		medium->released_mount = medium->place.mount_id;
}

static int
take_record(
    const struct query_medium_event *row, void *context, struct error *err)
{
	struct medium *medium = context;

	(void)err;
	medium->is_released =
	    row->result != NULL && strcmp(row->result, "released") == 0;
	return 1;
}

int
media_release_restore(struct medium *medium, struct error *err)
{
	const struct query_medium_event_filter newest = {
	    .medium = medium->id, .event = "record", .limit = 1};

	if (query_medium_events(medium->media->service->catalog, CATALOG_NOW,
		&newest, take_record, medium, err) != 0)
		return -1;
	/* What was not mounted then has nothing to be kept from. */
	if (medium->state == MEDIA_ABSENT || medium->state == MEDIA_YANKED ||
	    medium->state == MEDIA_WRONG_MEDIUM ||
	    (medium->state == MEDIA_ATTACHED && !is_mounted_by_hikae(medium)))
		medium->is_released = false;
	return 0;
}

/* Nothing reads there any more, nor waits to. */
static void
cancel_all(const struct medium *medium)
{
	struct service *service = medium->media->service;

	runs_cancel_medium(service->runs, medium->id);
	(void)jobs_cancel_medium(service->jobs, medium->id);
}

void
media_let_go(struct medium *medium)
{
	if (!medium->is_leaving)
		return;
	medium->is_leaving = false;
	medium->is_released = true;
	/* What began meanwhile. */
	cancel_all(medium);
	/* What hikae mounted it unmounts. */
	media_watch_wake(medium->media);
}

/* Whether a witness can be written there now. */
static bool
may_have_witness(const struct medium *medium)
{
	const struct config_medium *config = media_config_of(medium);

	return config != NULL && config->has_witness &&
	       medium->state == MEDIA_MOUNTED && !medium->facts.read_only;
}

static int
write_record(struct medium *medium, const char *result, struct error *err)
{
	struct service *service = medium->media->service;

	if (ledger_begin(service, err) != 0)
		return -1;
	if (media_record_write(medium, result, err) == 0 &&
	    ledger_commit(service, err) == 0)
		return 0;
	ledger_rollback(service);
	return -1;
}

int
media_release(struct media *media, const char *id, struct error *err)
{
	struct medium *medium = media_find(media, id);
	const struct config_medium *config;
	bool is_current;

	if (medium == NULL)
		return error_set(err, ERROR_NOT_FOUND,
		    _("there is no such medium in the configuration"));
	config = media_config_of(medium);
	if (config != NULL && !config->is_mount_point)
		return error_set(err, ERROR_USAGE,
		    _("%s is a plain folder (mountpoint = no): nothing is "
		      "mounted there that could be released"),
		    id);
	if (medium->is_leaving || medium->is_released)
		return 0;
	if (medium->state == MEDIA_ABSENT)
		return error_set(err, ERROR_UNAVAILABLE,
		    _("%s is not connected: there is nothing to release"), id);
	/* It is as it should be: nobody has mounted it, nor will hikae. */
	if (medium->state == MEDIA_ATTACHED && !is_mounted_by_hikae(medium)) {
		cancel_all(medium);
		return 0;
	}
	if (write_record(medium, "released", err) != 0)
		return -1;
	medium->released_mount = medium->place.mount_id;
	is_current =
	    !may_have_witness(medium) || media_witness_is_current(medium);
	media_attach_end(medium);
	media_witness_end(medium);
	cancel_all(medium);
	medium->is_leaving = true;
	if (!is_current)
		media_witness_begin(medium, true);
	if (!media_witness_is_busy(medium))
		media_let_go(medium);
	return 0;
}

/* Where the entry fails, the next start keeps it released. */
static void
end_release(struct medium *medium)
{
	struct error err = {0};

	if (!medium->is_released && !medium->is_leaving)
		return;
	if (write_record(medium, MEDIA_RELEASE_ENDED, &err) != 0)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	medium->is_released = medium->is_leaving = false;
}

void
media_unrelease(struct media *media, const char *id)
{
	if (media == NULL)
		return;
	for (struct medium *medium = media->list; medium != NULL;
	     medium = medium->next)
		if (id == NULL || strcmp(medium->id, id) == 0) {
			end_release(medium);
			media_mount_retry(medium);
			medium->trying.is_asked = true;
		}
	jobs_wake(media->service->jobs);
	media_watch_wake(media);
}
