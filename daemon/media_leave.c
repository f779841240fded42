/*
 * What hikae has mounted of media that are configured no more, and all that it
 * has mounted when it ends, is not left behind.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/media_parts.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/worker/release.h"

#define LEAVE_DEADLINE_MS 60000
/* When what is in use is tried again, ms. */
#define RETRY_MS 15000
/* At the end of hikaed, for all of them, ms. */
#define END_MS 10000

static void
on_timer(void *context)
{
	struct media *media = context;

	media_watch_wake(media);
}

static void
take_failure(struct media *media, const struct error *error)
{
	struct media_leaving *leaving = &media->leaving;

	leaving->is_failed = true;
	leaving->not_before_ms = clock_monotonic_ms() + RETRY_MS;
	loop_set_timer(media->service->loop, &leaving->timer, RETRY_MS);
	/* Told once, however often it is tried. */
	if (strcmp(leaving->told, leaving->id) == 0)
		return;
	memcpy(leaving->told, leaving->id, sizeof(leaving->told));
	log_event(LOG_LEVEL_WARNING,
	    _("medium %s is no longer configured, and hikae cannot unmount it "
	      "yet: %s"),
	    leaving->id, error->text);
}

static void
on_end(
    void *context, enum media_probe_outcome outcome, const struct error *error)
{
	struct media *media = context;
	struct media_leaving *leaving = &media->leaving;

	if (outcome != MEDIA_PROBE_DONE) {
		take_failure(media, error);
		return;
	}
	leaving->is_failed = false;
	leaving->told[0] = '\0';
	log_event(LOG_LEVEL_NOTICE,
	    _("medium %s is no longer configured: unmounted"), leaving->id);
	media_mount_note(media->service, leaving->id, "unmounted", NULL);
	media_watch_wake(media);
}

void
media_leave_init(struct media *media)
{
	struct service *service = media->service;

	media->leaving = (struct media_leaving){
	    .timer = {.ring = on_timer, .context = media},
	    .probe = {.loop = service->loop,
		.place = {.root = service->root,
		    .socket_path = media_mount_socket(service)},
		.context = media,
		.ended = on_end}};
}

void
media_leave_done(struct media *media)
{
	if (media->leaving.probe.loop == NULL)
		return;
	loop_unset_timer(media->service->loop, &media->leaving.timer);
	media_probe_done(&media->leaving.probe);
}

/* One in turn: what is stuck must not hold up another. */
static const struct media_hand *
find_left(struct media *media)
{
	for (size_t i = 0; i < media->hands.count; i++) {
		const struct media_hand *hand =
		    &media->hands
			 .list[(media->leaving.turn + i) % media->hands.count];

		if (config_find_medium(media->service->config, hand->id) ==
		    NULL) {
			media->leaving.turn += i + 1;
			return hand;
		}
	}
	return NULL;
}

void
media_leave_look(struct media *media)
{
	struct media_leaving *leaving = &media->leaving;
	struct probe_order *order;
	const struct media_hand *hand;
	struct error err = {0};

	if (media_probe_is_running(&leaving->probe) ||
	    clock_monotonic_ms() < leaving->not_before_ms)
		return;
	hand = find_left(media);
	if (hand == NULL) {
		leaving->is_failed = false;
		return;
	}
	memcpy(leaving->id, hand->id, sizeof(leaving->id));
	order = calloc(1, sizeof(*order));
	if (order == NULL) {
		(void)!error_set(&err, ERROR_INTERNAL, _("out of memory"));
		take_failure(media, &err);
		return;
	}
	order->kind = PROBE_UNMOUNT;
	order->deadline_ms = LEAVE_DEADLINE_MS;
	memcpy(order->id, hand->id, sizeof(hand->id));
	if (media_probe_start(&leaving->probe, order, &err) != 0)
		take_failure(media, &err);
	free(order);
}

bool
media_has_left(const struct media *media)
{
	return media != NULL && media->leaving.is_failed;
}

static void
take_end(void *context, const char *id, const struct error *error)
{
	struct service *service = context;

	if (error == NULL) {
		log_event(LOG_LEVEL_NOTICE,
		    _("medium %s: unmounted, because hikaed ended"), id);
		media_mount_note(service, id, "unmounted", NULL);
		return;
	}
	log_event(LOG_LEVEL_WARNING,
	    _("medium %s: hikaed ended, and it is still mounted, or its switch "
	      "shut: %s"),
	    id, error->text);
	media_mount_note(service, id, "failed", media_mount_word(error));
}

void
media_leave_all(struct service *service)
{
	const struct probe_place place = {
	    .root = service->root, .socket_path = media_mount_socket(service)};
	struct error err = {0};

	if (release_all(&place, END_MS, take_end, service, &err) != 0)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
}
