#include "daemon/media_list.h"

#include <errno.h>
#include <string.h>

#include "daemon/media_parts.h"
#include "lib/os/sysfs.h"
#include "lib/worker/twin.h"

/* Lists in a row that are waited for where devices come and go. */
#define DISTURBED_MAX 5u

static struct media_listed *
find(struct media_listed *devices, size_t count, uint32_t major, uint32_t minor)
{
	for (size_t i = 0; i < count; i++)
		if (devices[i].device.major == major &&
		    devices[i].device.minor == minor)
			return &devices[i];
	return NULL;
}

/* A place in the list; NULL: it is full. */
static struct media_listed *
add(struct media_list *list, uint32_t major, uint32_t minor)
{
	struct media_listed *listed;
	struct error why = {0};

	if (list->count == IDENTITY_BLOCKS_MAX) {
		list->has_missed = true;
		return NULL;
	}
	listed = &list->now[list->count++];
	*listed = (struct media_listed){.has_presence = false};
	listed->has_presence = presence_take(&presence_running_kernel, major,
				   minor, &listed->device, &why) == 0;
	listed->device.major = major;
	listed->device.minor = minor;
	return listed;
}

static void
on_list(void *context, const struct probe_answer *answer)
{
	struct media *media = context;
	struct media_list *list = &media->devices;
	struct media_listed *listed;

	if (answer->kind != PROBE_ANSWER_BLOCK ||
	    find(list->now, list->count, answer->block.major,
		answer->block.minor) != NULL)
		return;
	listed = add(list, answer->block.major, answer->block.minor);
	if (listed == NULL)
		return;
	listed->os_errno = answer->block.os_errno;
	listed->is_known = listed->os_errno == 0;
	memcpy(
	    listed->uuid, answer->block.superblock.uuid, sizeof(listed->uuid));
	memcpy(listed->uuid_sub, answer->block.superblock.uuid_sub,
	    sizeof(listed->uuid_sub));
}

/* What is not known of it now may be known of before. */
static void
remember(struct media_list *list, struct media_listed *listed)
{
	const struct media_listed *before = find(list->before,
	    list->before_count, listed->device.major, listed->device.minor);

	if (listed->is_known || before == NULL || !before->is_known ||
	    !before->has_presence || !listed->has_presence ||
	    presence_compare(&presence_running_kernel, &before->device) !=
		PRESENCE_SAME)
		return;
	listed->is_known = true;
	memcpy(listed->uuid, before->uuid, sizeof(listed->uuid));
	memcpy(listed->uuid_sub, before->uuid_sub, sizeof(listed->uuid_sub));
}

/* A device that no child told of, yet, could not be looked at. */
static void
add_untold(struct media_list *list)
{
	struct identity_blocks all;

	identity_list(&identity_running_kernel, &all);
	list->has_missed = list->has_missed || all.count > IDENTITY_BLOCKS_MAX;
	for (size_t i = 0; i < all.count && i < IDENTITY_BLOCKS_MAX; i++) {
		struct media_listed *listed;

		if (find(list->now, list->count, all.blocks[i].major,
			all.blocks[i].minor) != NULL)
			continue;
		listed = add(list, all.blocks[i].major, all.blocks[i].minor);
		if (listed != NULL)
			listed->os_errno = ETIMEDOUT;
	}
}

/* No more answers come. */
static void
complete(struct media_list *list)
{
	add_untold(list);
	for (size_t i = 0; i < list->count; i++)
		remember(list, &list->now[i]);
}

static void
on_list_end(
    void *context, enum media_probe_outcome outcome, const struct error *error)
{
	struct media *media = context;

	complete(&media->devices);
	media->devices.disturbed =
	    media->devices.is_disturbed ? media->devices.disturbed + 1 : 0;
	media_ask_ended(media, &media->list_question, outcome, error);
}

static void
ask(struct media *media)
{
	struct media_list *list = &media->devices;
	struct media_probe *probe = &media->list_question.probe;

	list->is_doubted = false;
	if (!media_probe_is_running(probe)) {
		*probe = (struct media_probe){
		    .loop = media->service->loop,
		    .place = {.socket_path = media_ask_socket(media->service)},
		    .context = media,
		    .answered = on_list,
		    .ended = on_list_end,
		};
		memcpy(list->before, list->now, sizeof(list->before));
		list->before_count = list->count;
		list->count = 0;
		list->has_missed = list->is_disturbed = false;
	}
	media_ask_put(&media->list_question,
	    media_ask_new_order(media, PROBE_LIST, MEDIA_ASK_BLOCK_MS));
	/* No child came about. */
	if (media->list_question.asked == MEDIA_NOT_TOLD)
		complete(list);
}

void
media_list_forget(struct media *media)
{
	media_ask_forget(&media->list_question);
	media->devices.is_second = false;
}

void
media_list_disturb(struct media *media)
{
	const struct media_question *question = &media->list_question;

	if (media_ask_is_open(question) && !question->is_outdated &&
	    media_probe_is_running(&question->probe))
		media->devices.is_disturbed = true;
	else
		media_list_forget(media);
}

void
media_list_looked(struct media *media)
{
	if (!media->devices.is_disturbed ||
	    media_ask_is_open(&media->list_question))
		return;
	media->devices.is_disturbed = false;
	media_list_forget(media);
	media_watch_wake(media);
}

bool
media_list_is_unsettled(const struct media *media)
{
	return media->devices.is_disturbed &&
	       media->devices.disturbed < DISTURBED_MAX;
}

bool
media_list_is_awaited(struct media *media)
{
	const struct media_question *question = &media->list_question;

	if (question->asked == MEDIA_NOT_ASKED)
		ask(media);
	return media_ask_is_open(question) &&
	       !media_probe_is_stuck(&question->probe);
}

/* Nothing is left of it, or of what was in it. */
static bool
is_gone(const struct media_listed *listed)
{
	return sysfs_read_size(identity_running_kernel.kernel.sysfs,
		   (struct sysfs_number){
		       listed->device.major, listed->device.minor}) == 0;
}

/* The list may be of a while ago. */
static bool
is_same(const struct media_listed *listed)
{
	return !is_gone(listed) &&
	       (!listed->has_presence ||
		   presence_compare(&presence_running_kernel,
		       &listed->device) == PRESENCE_SAME);
}

bool
media_list_find(
    struct media *media, const char *uuid, struct identity_blocks *ret)
{
	const struct media_list *list = &media->devices;

	*ret = (struct identity_blocks){.count = 0};
	for (size_t i = 0; i < list->count; i++) {
		const struct media_listed *listed = &list->now[i];

		if (listed->os_errno != 0 ||
		    !identity_is_uuid(listed->uuid, uuid))
			continue;
		if (!is_same(listed)) {
			media_list_forget(media);
			ret->count = 0;
			return !media_list_is_awaited(media);
		}
		ret->blocks[ret->count].major = listed->device.major;
		ret->blocks[ret->count++].minor = listed->device.minor;
	}
	return true;
}

/* What the system itself lies on is no medium. */
static bool
is_root_device(const struct media *media, const struct media_listed *listed)
{
	const struct mountinfo_mount *root =
	    mountinfo_find_path(media->mounts, "/");

	return root != NULL && root->major == listed->device.major &&
	       root->minor == listed->device.minor;
}

/*
 * That a medium is nowhere is evidence, so nothing is assumed here of a device
 * that was not read now, unless it went meanwhile.
 */
bool
media_list_is_sure(struct media *media)
{
	struct media_list *list = &media->devices;
	bool is_sure =
	    !list->has_missed && media->list_question.asked == MEDIA_TOLD;

	for (size_t i = 0; i < list->count; i++)
		is_sure = is_sure && (list->now[i].os_errno == 0 ||
					 is_root_device(media, &list->now[i]) ||
					 is_gone(&list->now[i]));
	list->is_doubted = list->is_doubted || !is_sure;
	return is_sure;
}

/* The list may be of a while ago. */
static bool
is_known(const struct media_listed *listed)
{
	return listed->is_known && listed->has_presence &&
	       presence_compare(&presence_running_kernel, &listed->device) ==
		   PRESENCE_SAME;
}

/* Is the device a clone?  Parts of the medium's own file system are none. */
static enum twin
judge(const struct media_listed *listed, const struct identity *identity,
    const char *uuid, struct twin_parts *parts)
{
	const struct twin_device device = {
	    .major = listed->device.major,
	    .minor = listed->device.minor,
	    .os_errno = is_known(listed)	? 0
			: listed->os_errno != 0 ? listed->os_errno
						: ESTALE,
	    .uuid = listed->uuid,
	};
	enum twin twin;

	if (device.major == identity->major && device.minor == identity->minor)
		return TWIN_NO;
	twin = twin_judge(&identity_running_kernel.kernel, &device, uuid);
	return twin == TWIN_YES && twin_has_parts(identity->filesystem)
		   ? twin_add_part(parts, listed->uuid_sub)
		   : twin;
}

static enum media_twins
count_twins(
    struct media_list *list, const struct identity *identity, const char *uuid)
{
	enum media_twins twins = MEDIA_TWINS_NONE;
	struct twin_parts parts = {0};

	add_untold(list);
	(void)twin_add_part(&parts, identity->uuid_sub);
	for (size_t i = 0; i < list->count; i++)
		switch (judge(&list->now[i], identity, uuid, &parts)) {
		case TWIN_NO:
			break;
		case TWIN_YES:
			return MEDIA_TWINS_SOME;
		case TWIN_UNSURE:
			twins = MEDIA_TWINS_UNSURE;
			break;
		}
	return list->has_missed ? MEDIA_TWINS_UNSURE : twins;
}

enum media_twins
media_list_find_twins(
    struct media *media, const struct identity *identity, const char *uuid)
{
	struct media_list *list = &media->devices;
	enum media_twins twins;

	if (media_list_is_awaited(media))
		return MEDIA_TWINS_AWAITED;
	twins = count_twins(list, identity, uuid);
	if (twins == MEDIA_TWINS_UNSURE && media_list_is_unsettled(media))
		return MEDIA_TWINS_AWAITED;
	if (twins == MEDIA_TWINS_UNSURE && !list->is_second) {
		media_ask_forget(&media->list_question);
		list->is_second = true;
		if (media_list_is_awaited(media))
			return MEDIA_TWINS_AWAITED;
		twins = count_twins(list, identity, uuid);
	}
	list->is_doubted = list->is_doubted || twins == MEDIA_TWINS_UNSURE;
	return twins;
}
