/*
 * What mounters have in hand, by the records that they keep: media that hikae
 * has mounted, and switches that it shut.  Such a switch protects nothing.
 */
#include <string.h>

#include "daemon/media_parts.h"
#include "lib/model/config_value.h"
#include "lib/worker/mount_record.h"

static int
take_record(void *context, const char *id, struct error *err)
{
	struct media *media = context;
	struct media_hand *hand;
	struct mount_record record;
	struct error why = {0};

	(void)err;
	if (!config_value_is_id(id) || media->hands.count == MEDIA_HANDS_MAX) {
		media->hands.is_doubted = true;
		return 0;
	}
	hand = &media->hands.list[media->hands.count];
	*hand = (struct media_hand){.is_unreadable = true};
	memcpy(hand->id, id, strlen(id) + 1);
	if (mount_record_read(media->service->root_fd, id, &record, &why) ==
	    0) {
		hand->is_unreadable = false;
		hand->major = record.device.major;
		hand->minor = record.device.minor;
		hand->was_shut = record.was_read_only;
	} else if (why.code == ERROR_NOT_FOUND) {
		/* Given back since its name was read. */
		return 0;
	}
	media->hands.count++;
	return 0;
}

void
media_hand_gather(struct media *media)
{
	struct error why = {0};

	media->hands.count = 0;
	media->hands.is_doubted = false;
	if (mount_record_each(
		media->service->root_fd, take_record, media, &why) != 0)
		media->hands.is_doubted = true;
}

const struct media_hand *
media_hand_find(const struct media *media, const char *id)
{
	for (size_t i = 0; i < media->hands.count; i++)
		if (strcmp(media->hands.list[i].id, id) == 0)
			return &media->hands.list[i];
	return NULL;
}

static bool
is_device_of(const struct media_hand *hand, const struct identity *identity)
{
	const struct device *device = &identity->device;

	if (identity->has_block && identity->major == hand->major &&
	    identity->minor == hand->minor)
		return true;
	for (size_t i = 0; i < device->disk_count; i++)
		if (device->disks[i].major == hand->major &&
		    device->disks[i].minor == hand->minor)
			return true;
	return false;
}

static bool
has_hand_on(const struct medium *medium, const struct identity *identity)
{
	const struct media *media = medium->media;

	if (media->hands.is_doubted)
		return true;
	for (size_t i = 0; i < media->hands.count; i++) {
		const struct media_hand *hand = &media->hands.list[i];

		if (hand->is_unreadable ||
		    (!hand->was_shut && (strcmp(hand->id, medium->id) == 0 ||
					    is_device_of(hand, identity))))
			return true;
	}
	return false;
}

bool
media_hand_is_on(const struct medium *medium, const struct identity *identity)
{
	struct media *media = medium->media;

	/*
	 * A record comes before the switch is shut, and goes after it was
	 * opened: whoever saw it shut by us finds one before or after.
	 */
	if (has_hand_on(medium, identity))
		return true;
	media_hand_gather(media);
	return has_hand_on(medium, identity);
}
