#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/discovery.h"
#include "daemon/media_parts.h"
#include "daemon/media_release.h"
#include "daemon/runs.h"
#include "lib/base/i18n.h"

const char *
media_phase_name(enum media_phase phase)
{
	static const char *const names[MEDIA_PHASES] = {
	    [MEDIA_IDLE] = "idle",
	    [MEDIA_SCANNING] = "scanning",
	    [MEDIA_NEWEST] = "newest",
	    [MEDIA_OLDEST] = "oldest",
	    [MEDIA_WITNESS] = "witness",
	    [MEDIA_CHECKED] = "checked",
	};

	return names[phase];
}

const struct config_medium *
media_config_of(const struct medium *medium)
{
	return config_find_medium(medium->media->service->config, medium->id);
}

struct medium *
media_find(const struct media *media, const char *id)
{
	struct medium *medium = media == NULL ? NULL : media->list;

	while (medium != NULL && strcmp(medium->id, id) != 0)
		medium = medium->next;
	return medium;
}

/* How it stood when the journal was last written. */
static int
take_state(
    const struct query_medium_state *row, void *context, struct error *err)
{
	struct medium *medium = context;

	(void)err;
	medium->state = media_state_parse(row->state);
	medium->is_recorded = true;
	medium->in_reach = row->in_reach;
	(void)snprintf(medium->reason, sizeof(medium->reason), "%s",
	    row->reason == NULL ? "" : row->reason);
	media_facts_of_row(row, &medium->facts);
	medium->attached_at = row->in_reach ? row->attached_at : QUERY_NEVER;
	medium->was_seen = row->seen_at != QUERY_NEVER;
	/* Only what was away has a stamp to come back with. */
	medium->is_compared = row->in_reach;
	if (!row->in_reach)
		(void)snprintf(medium->departed_stamp,
		    sizeof(medium->departed_stamp), "%s", medium->facts.stamp);
	return 0;
}

static int
take_protection(
    const struct query_protection *row, void *context, struct error *err)
{
	struct medium *medium = context;

	(void)err;
	if (strcmp(row->method, "device-read-only") == 0)
		medium->write_switch =
		    strcmp(row->result, "refused") == 0 ? MEDIA_SWITCH_SHUT
		    : strcmp(row->result, "open") == 0	? MEDIA_SWITCH_OPEN
							: MEDIA_SWITCH_NONE;
	return 0;
}

static struct medium *
add(struct media *media, const char *id, struct error *err)
{
	struct medium *medium = calloc(1, sizeof(*medium));

	if (medium == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		return NULL;
	}
	medium->media = media;
	(void)snprintf(medium->id, sizeof(medium->id), "%s", id);
	medium->state = MEDIA_UNKNOWN;
	medium->attached_at = QUERY_NEVER;
	media_facts_init(&medium->facts);
	media_ask_init(medium);
	media_mount_init(medium);
	media_witness_init(medium);
	media_stamp_init(medium);
	if (query_medium_states(media->service->catalog, CATALOG_NOW, id,
		take_state, medium, err) != 0 ||
	    query_protections(media->service->catalog, CATALOG_NOW, id,
		take_protection, medium, err) != 0 ||
	    media_release_restore(medium, err) != 0 ||
	    media_try_init(medium, err) != 0) {
		free(medium);
		return NULL;
	}
	medium->next = media->list;
	media->list = medium;
	return medium;
}

static void
free_medium(struct medium *medium)
{
	medium->is_leaving = false;
	media_attach_end(medium);
	media_witness_end(medium);
	media_ask_done(medium);
	media_mount_done(medium);
	media_try_done(medium);
	media_stamp_done(medium);
	free(medium);
}

/* What is no longer configured is no longer looked at. */
static void
drop_others(struct media *media)
{
	struct medium **link = &media->list;

	while (*link != NULL) {
		struct medium *medium = *link;

		if (media_config_of(medium) != NULL) {
			link = &medium->next;
			continue;
		}
		*link = medium->next;
		free_medium(medium);
	}
}

int
media_configure(struct media *media, struct error *err)
{
	const struct config *config = media->service->config;

	drop_others(media);
	for (size_t i = 0; i < config->medium_count; i++) {
		struct medium *medium = media_find(media, config->media[i].id);

		if (medium != NULL)
			media_try_renew(medium);
		else
			medium = add(media, config->media[i].id, err);
		if (medium == NULL)
			return -1;
		/* Another path or address: everything is to be asked anew. */
		media_ask_forget(&medium->block);
		media_ask_forget(&medium->pulse);
		media_mount_retry(medium);
		medium->witness.is_other = false;
	}
	media_mark_renew(media);
	media_watch_wake(media);
	return 0;
}

int
media_new(struct service *service, struct media **ret_media, struct error *err)
{
	struct media *media = calloc(1, sizeof(*media));

	if (media == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	media->service = service;
	media->mountinfo_fd = media->uevent_fd = -1;
	media_leave_init(media);
	media_mark_init(media);
	if (media_watch_begin(media, err) != 0 ||
	    media_configure(media, err) != 0) {
		media_free(media);
		return -1;
	}
	*ret_media = media;
	return 0;
}

void
media_free(struct media *media)
{
	if (media == NULL)
		return;
	media_watch_end(media);
	media_witness_plan_end(media);
	media_leave_done(media);
	media_mark_done(media);
	while (media->list != NULL) {
		struct medium *medium = media->list;

		media->list = medium->next;
		free_medium(medium);
	}
	free(media);
}

void
media_doubt(struct media *media, const char *id)
{
	struct medium *medium = media_find(media, id);

	if (medium == NULL)
		return;
	media_ask_forget(&medium->block);
	media_ask_forget(&medium->pulse);
	media_watch_wake(media);
}

void
media_hurry(struct media *media)
{
	if (media != NULL)
		media_watch_now(media);
}

static bool
is_removable_now(const struct medium *medium, const struct media_view *view)
{
	const struct config_medium *config = media_config_of(medium);
	struct error err = {0};
	uint64_t settling = 0;

	if (view->jobs > 0 || media_witness_is_busy(medium) ||
	    media_probe_is_stuck(&medium->pulse.probe) ||
	    medium->state == MEDIA_HUNG || config == NULL ||
	    !config->is_mount_point || media_mount_is_ours(medium) ||
	    media_try_is_running(medium))
		return false;
	if (medium->is_released && medium->state != MEDIA_ATTACHED)
		return true;
	/* Unmounted: when its stamp was read. */
	if (medium->state == MEDIA_ATTACHED)
		return medium->place.major != 0 &&
		       (medium->is_settled ||
			   medium->block.asked == MEDIA_NOT_TOLD) &&
		       !media_probe_is_running(&medium->block.probe);
	return view->phase == MEDIA_CHECKED &&
	       media_attach_count_settling(medium, &settling, &err) == 0 &&
	       settling == 0;
}

int
media_look_up(const struct media *media, const char *id,
    struct media_view *ret_view, struct error *err)
{
	const struct medium *medium = media_find(media, id);
	const struct service *service;

	if (medium == NULL)
		return error_set(err, ERROR_NOT_FOUND,
		    _("there is no such medium in the configuration"));
	service = media->service;
	*ret_view = (struct media_view){
	    .state = medium->state,
	    .is_looked = medium->is_looked,
	    .is_mounted = !medium->is_bare,
	    .sight = medium->state == MEDIA_WRONG_MEDIUM ? JOB_SIGHT_OTHER
							 : medium->sight,
	    .phase = medium->attach.phase,
	    .is_cut = medium->attach.is_cut,
	    .is_released = medium->is_released,
	    .jobs = jobs_count_running(service->jobs, id),
	};
	if (!medium->is_released)
		ret_view->jobs = jobs_count(service->jobs, id) +
				 runs_under_way(service->runs, id);
	ret_view->is_removable_now = is_removable_now(medium, ret_view);
	return 0;
}

/* It was looked at, and is to be away most of the time. */
static bool
is_offline(const struct medium *medium)
{
	const struct config_medium *config =
	    medium == NULL ? NULL : media_config_of(medium);

	return config != NULL && medium->is_looked && medium->was_seen &&
	       config_offline_is_away(config->offline);
}

bool
media_is_away(const struct media *media, const char *id)
{
	const struct medium *medium = media_find(media, id);

	return is_offline(medium) && (medium->state == MEDIA_ABSENT ||
					 medium->state == MEDIA_WRONG_MEDIUM);
}

bool
media_is_unmounted(const struct media *media, const char *id)
{
	const struct medium *medium = media_find(media, id);

	/* Its device is there; what it is a child is asked, perhaps. */
	return is_offline(medium) &&
	       (medium->state == MEDIA_ATTACHED ||
		   (medium->state == MEDIA_MOUNTED && medium->is_bare)) &&
	       media_config_of(medium)->mount != CONFIG_MOUNT_HIKAE;
}

void
media_accepted(struct media *media)
{
	if (media == NULL)
		return;
	for (struct medium *medium = media->list; medium != NULL;
	     medium = medium->next)
		medium->witness.last.outcome = WITNESS_NEVER;
	media_watch_wake(media);
}

/* Whether it may be a clone is not known yet; what reads it waits. */
static bool
is_unidentified(const struct medium *medium)
{
	const struct config_medium *config = media_config_of(medium);

	return medium->is_awaited ||
	       (!medium->is_looked && config != NULL &&
		   config->uuid[0] != '\0' && config->serial[0] == '\0');
}

bool
media_is_closed(const struct media *media, const char *id)
{
	const struct medium *medium = media_find(media, id);

	return medium != NULL &&
	       (medium->is_released || medium->state == MEDIA_HUNG ||
		   is_unidentified(medium) || media_mount_is_pending(medium) ||
		   media_try_is_running(medium));
}

bool
media_is_resting(const struct media *media, const char *id)
{
	const struct medium *medium = media_find(media, id);

	return medium != NULL && media_mount_is_resting(medium);
}

void
media_want(struct media *media, const char *id)
{
	struct medium *medium = media_find(media, id);

	if (medium != NULL && media_mount_is_resting(medium))
		media_mount_want(medium);
}
