/*
 * udev is told which media hikae mounts itself, so that nothing else does: by a
 * mounter, which reads the configuration and has the right.
 */
#include <stdlib.h>

#include "daemon/media_parts.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/worker/mount_mark.h"

#define DEADLINE_MS 60000

static void
take_failure(const struct error *error)
{
	log_event(LOG_LEVEL_WARNING,
	    _("udev is not told which media hikae mounts itself, so that a "
	      "desktop may mount them: %s"),
	    error->text);
}

static void
on_end(
    void *context, enum media_probe_outcome outcome, const struct error *error)
{
	struct media *media = context;

	if (outcome == MEDIA_PROBE_STUCK)
		return;
	if (outcome != MEDIA_PROBE_DONE)
		take_failure(error);
	/* It may have read the configuration of before. */
	if (media->marking.is_wanted)
		media_mark_renew(media);
}

void
media_mark_init(struct media *media)
{
	struct service *service = media->service;

	media->marking.probe = (struct media_probe){.loop = service->loop,
	    .place = {.root = service->root,
		.socket_path = media_mount_socket(service)},
	    .context = media,
	    .ended = on_end};
}

void
media_mark_done(struct media *media)
{
	if (media->marking.probe.loop != NULL)
		media_probe_done(&media->marking.probe);
}

static bool
is_needed(const struct service *service)
{
	const struct config *config = service->config;

	/* udev knows one root only. */
	if (media_mount_socket(service) == NULL)
		return false;
	for (size_t i = 0; i < config->medium_count; i++)
		if (config->media[i].mount == CONFIG_MOUNT_HIKAE)
			return true;
	return mount_mark_is_any(service->root_fd);
}

void
media_mark_renew(struct media *media)
{
	struct media_marking *marking = &media->marking;
	struct probe_order *order;
	struct error err = {0};

	marking->is_wanted = media_probe_is_running(&marking->probe);
	if (marking->is_wanted || !is_needed(media->service))
		return;
	order = calloc(1, sizeof(*order));
	if (order == NULL) {
		(void)!error_set(&err, ERROR_INTERNAL, _("out of memory"));
		take_failure(&err);
		return;
	}
	order->kind = PROBE_MARK;
	order->deadline_ms = DEADLINE_MS;
	if (media_probe_start(&marking->probe, order, &err) != 0)
		take_failure(&err);
	free(order);
}
