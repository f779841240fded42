#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/discovery_internal.h"
#include "daemon/media.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"

int
discovery_new(struct service *service, struct discovery **ret_discovery,
    struct error *err)
{
	struct discovery *discovery = calloc(1, sizeof(*discovery));

	if (discovery == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	discovery->service = service;
	*ret_discovery = discovery;
	return 0;
}

static void
free_watched(struct watched *watched)
{
	loop_unset_timer(watched->discovery->service->loop, &watched->timer);
	sightings_clear(&watched->before);
	catalogue_clear(&watched->known);
	free(watched);
}

void
discovery_free(struct discovery *discovery)
{
	if (discovery == NULL)
		return;
	while (discovery->sources != NULL) {
		struct watched *watched = discovery->sources;

		discovery->sources = watched->next;
		free_watched(watched);
	}
	free(discovery);
}

struct watched *
discovery_find(struct discovery *discovery, const char *id)
{
	struct watched *watched = discovery->sources;

	while (watched != NULL && strcmp(watched->id, id) != 0)
		watched = watched->next;
	return watched;
}

const struct config_source *
discovery_source_of(const struct watched *watched)
{
	return config_find_source(
	    watched->discovery->service->config, watched->id);
}

static bool
is_on(const struct watched *watched, const char *medium)
{
	const struct config_source *source = discovery_source_of(watched);

	return source != NULL && strcmp(source->medium_id, medium) == 0;
}

/* When the source is to be scanned next: soon, while something settles. */
void
discovery_set_timer(struct watched *watched, int64_t delay_ms)
{
	if (delay_ms < DISCOVERY_MIN_MS)
		delay_ms = DISCOVERY_MIN_MS;
	loop_set_timer(
	    watched->discovery->service->loop, &watched->timer, delay_ms);
}

/*
 * What hikae has unmounted is looked at when there is another reason to mount
 * it, and once a day.
 */
static void
on_timer(void *context)
{
	struct watched *watched = context;
	struct service *service = watched->discovery->service;
	const struct config_source *source = discovery_source_of(watched);
	const int64_t age = clock_monotonic_ms() - watched->written_ms;

	if (source != NULL && watched->has_written && age < CLOCK_DAY_MS &&
	    media_is_resting(service->media, source->medium_id))
		discovery_set_timer(
		    watched, service->config->policy.scan_interval_ms);
	else
		discovery_order_scan(watched);
}

int
discovery_configure(struct discovery *discovery, struct error *err)
{
	struct config *config = discovery->service->config;

	for (size_t i = 0; i < config->source_count; i++) {
		const char *id = config->sources[i].id;
		struct watched *watched = discovery_find(discovery, id);

		if (watched == NULL) {
			watched = calloc(1, sizeof(*watched));
			if (watched == NULL)
				return error_set(
				    err, ERROR_INTERNAL, _("out of memory"));
			watched->discovery = discovery;
			(void)snprintf(
			    watched->id, sizeof(watched->id), "%s", id);
			watched->timer = (struct loop_timer){
			    .ring = on_timer, .context = watched};
			watched->next = discovery->sources;
			discovery->sources = watched;
		}
		discovery_set_timer(watched, 0);
	}
	return 0;
}

bool
discovery_is_in_sight(const struct discovery *discovery, const char *medium)
{
	for (const struct watched *watched = discovery->sources;
	     watched != NULL; watched = watched->next)
		if (is_on(watched, medium) && watched->has_written &&
		    watched->place == REPLY_PLACE_OK)
			return true;
	return false;
}

bool
discovery_is_busy(const struct discovery *discovery, const char *medium)
{
	for (const struct watched *watched = discovery->sources;
	     watched != NULL; watched = watched->next)
		if (is_on(watched, medium) &&
		    (watched->captures > 0 || watched->is_scanning))
			return true;
	return false;
}

size_t
discovery_count_waiting(const struct discovery *discovery, const char *medium)
{
	size_t count = 0;

	for (const struct watched *watched = discovery->sources;
	     watched != NULL; watched = watched->next)
		if (is_on(watched, medium))
			count += watched->waiting;
	return count;
}

size_t
discovery_under_way(const struct discovery *discovery)
{
	size_t count = 0;

	for (const struct watched *watched = discovery->sources;
	     watched != NULL; watched = watched->next)
		count += watched->captures + (watched->is_scanning ? 1 : 0);
	return count;
}

/* Now, or when the one under way has ended. */
static void
scan_now(struct watched *watched)
{
	watched->is_asked = true;
	if (watched->is_scanning)
		watched->is_wanted = true;
	else
		discovery_order_scan(watched);
}

int
discovery_scan(struct discovery *discovery, const char *source_id,
    size_t *ret_count, struct error *err)
{
	size_t count = 0;

	for (struct watched *watched = discovery->sources; watched != NULL;
	     watched = watched->next) {
		if (source_id != NULL && strcmp(source_id, watched->id) != 0)
			continue;
		if (discovery_source_of(watched) == NULL)
			continue;
		scan_now(watched);
		count++;
	}
	if (count == 0)
		return error_set(err, ERROR_NOT_FOUND,
		    _("there is no such source in the configuration"));
	*ret_count = count;
	return 0;
}

void
discovery_scan_medium(struct discovery *discovery, const char *medium)
{
	for (struct watched *watched = discovery->sources; watched != NULL;
	     watched = watched->next)
		if (is_on(watched, medium))
			scan_now(watched);
}

void
discovery_scan_unseen(struct discovery *discovery, const char *medium)
{
	for (struct watched *watched = discovery->sources; watched != NULL;
	     watched = watched->next) {
		if (!is_on(watched, medium))
			continue;
		if (watched->is_scanning)
			watched->is_expected = true;
		else if (watched->has_written &&
			 watched->place != REPLY_PLACE_OK)
			scan_now(watched);
	}
}
