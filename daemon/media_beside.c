/*
 * Disks that take turns: another medium of the configuration is mounted where
 * this one would be.  That is no wrong medium, and this one is where its own
 * device is.
 */
#include <string.h>

#include "daemon/media_parts.h"

bool
media_beside_is_displaced(
    const struct medium *medium, const struct identity *identity)
{
	const struct config *config = medium->media->service->config;

	for (size_t i = 0; i < config->medium_count; i++)
		if (strcmp(config->media[i].id, medium->id) != 0 &&
		    identity_is_uuid(config->media[i].uuid, identity->uuid))
			return true;
	return false;
}

static int
seen(struct media_seen *ret, enum media_event event, const char *reason)
{
	*ret = (struct media_seen){.event = event, .reason = reason};
	return 1;
}

/* Without udev's database a child reads the superblocks. */
static int
look_in_list(struct media *media, const char *uuid, struct media_seen *ret_seen)
{
	struct identity_blocks found;

	if (media_list_is_awaited(media))
		return 0;
	if (!media_list_find(media, uuid, &found))
		return 0;
	if (found.count > 0)
		return seen(ret_seen, MEDIA_SEEN_DEVICE, "device-only");
	if (media_list_is_sure(media))
		return seen(ret_seen, MEDIA_SEEN_NOTHING, NULL);
	return media_list_is_unsettled(media)
		   ? 0
		   : seen(ret_seen, MEDIA_SEEN_UNSURE, "devices-unreadable");
}

int
media_beside_look(struct medium *medium, struct media_seen *ret_seen)
{
	const char *uuid = media_config_of(medium)->uuid;
	struct identity_blocks found;
	struct error why = {0};

	medium->sight = JOB_SIGHT_DISPLACED;
	if (identity_find(&identity_running_kernel, uuid, "", &found, &why) !=
	    0)
		return look_in_list(medium->media, uuid, ret_seen);
	return found.count > 0
		   ? seen(ret_seen, MEDIA_SEEN_DEVICE, "device-only")
		   : seen(ret_seen, MEDIA_SEEN_NOTHING, NULL);
}
