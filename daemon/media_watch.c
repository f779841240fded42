/* When to look at media: the kernel's events, and a slow look under them. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "daemon/media_parts.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/os/uevent.h"

/* From an event to the look, and the least between two looks, ms. */
#define SOON_MS 150
#define APART_MS 1000
/* From a child's answer to the look: others may answer with it, ms. */
#define ANSWER_MS 20
/*
 * udev writes its database some time after the kernel's event: look again so
 * often, so far apart, ms.
 */
#define ECHOES 3
#define ECHO_MS 1500
#define SLOW_MS CLOCK_MINUTE_MS
/* Events taken at once; the rest comes with the next round of the loop. */
#define EVENTS_MAX 256

static void
look_at_all(struct media *media)
{
	struct media_seen seen;
	struct error err = {0};

	media->looked_ms = clock_monotonic_ms();
	media->mounts = mountinfo_read(MOUNTINFO_PATH, &err);
	if (media->mounts == NULL) {
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
		return;
	}
	media_hand_gather(media);
	for (struct medium *medium = media->list; medium != NULL;
	     medium = medium->next)
		if (media_look(medium, &seen) == 1) {
			media_step_take(medium, &seen);
			media_mount_look(medium);
			media_try_look(medium);
		}
	media_leave_look(media);
	media_list_looked(media);
	mountinfo_free(media->mounts);
	media->mounts = NULL;
}

void
media_watch_wake(struct media *media)
{
	int64_t since = clock_monotonic_ms() - media->looked_ms;

	/* A timer that runs is not moved: a storm must not put a look off. */
	if (!media->look.is_set)
		loop_set_timer(media->service->loop, &media->look,
		    since >= APART_MS ? SOON_MS : APART_MS - since);
}

void
media_watch_answer(struct media *media)
{
	loop_set_timer(media->service->loop, &media->look, ANSWER_MS);
}

static void
on_look(void *context)
{
	look_at_all(context);
}

void
media_watch_now(struct media *media)
{
	look_at_all(media);
}

static void
wake_with_echoes(struct media *media)
{
	media_watch_wake(media);
	media->echoes = ECHOES;
	if (!media->echo.is_set)
		loop_set_timer(media->service->loop, &media->echo, ECHO_MS);
}

static void
on_echo(void *context)
{
	struct media *media = context;

	media_watch_wake(media);
	if (--media->echoes > 0)
		loop_set_timer(media->service->loop, &media->echo, ECHO_MS);
}

/* What changes without an event: servers, free space, what hangs. */
static void
on_slow(void *context)
{
	struct media *media = context;

	for (struct medium *medium = media->list; medium != NULL;
	     medium = medium->next) {
		if (medium->pulse.asked != MEDIA_ASKED)
			medium->pulse.asked = MEDIA_NOT_ASKED;
		media_due_look(medium);
		media_mount_retry_busy(medium);
	}
	if (media->uevent_fd < 0 || media->devices.is_doubted)
		media_list_forget(media);
	media_watch_wake(media);
	loop_set_timer(media->service->loop, &media->slow, SLOW_MS);
}

/*
 * POLLPRI: the mount list changed since it was last polled.  What was mounted
 * and unmounted between two looks has another stamp now.
 */
static void
on_mounts(void *context, short revents)
{
	struct media *media = context;

	(void)revents;
	for (struct medium *medium = media->list; medium != NULL;
	     medium = medium->next)
		if (medium->place.mount_id == 0) {
			medium->was_mounted = medium->place.major != 0;
			media_ask_forget(&medium->block);
		}
	wake_with_echoes(media);
}

/*
 * A device that went may be back before the next look: what lay on it was away
 * all the same.
 */
static void
note_device(struct media *media, const struct uevent *event)
{
	for (struct medium *medium = media->list; medium != NULL;
	     medium = medium->next) {
		if (!event->has_number || medium->place.major != event->major ||
		    medium->place.minor != event->minor)
			continue;
		medium->was_away = medium->was_away ||
				   event->action == UEVENT_REMOVE ||
				   event->is_disk_change;
		media_ask_forget(&medium->block);
	}
}

static void
on_uevent(void *context, short revents)
{
	struct media *media = context;
	struct uevent event;
	enum uevent_got got;
	struct error err = {0};
	bool is_about_blocks = false;

	(void)revents;
	for (int i = 0; i < EVENTS_MAX; i++) {
		if (uevent_next(media->uevent_fd, &got, &event, &err) != 0 ||
		    got == UEVENT_NOTHING)
			break;
		if (got == UEVENT_OVERFLOW) {
			is_about_blocks = true;
		} else if (strcmp(event.subsystem, "block") == 0) {
			is_about_blocks = true;
			note_device(media, &event);
		}
	}
	if (!is_about_blocks)
		return;
	media_list_disturb(media);
	wake_with_echoes(media);
}

/* Without device events the slow look finds what changed. */
static int
watch_devices(struct media *media)
{
	struct error err = {0};

	if (uevent_open(&media->uevent_fd, &err) != 0) {
		media->uevent_fd = -1;
		log_event(LOG_LEVEL_WARNING,
		    _("no events about devices: %s; media are looked at once "
		      "a minute"),
		    err.text);
		return 0;
	}
	return loop_watch(media->service->loop, media->uevent_fd, POLLIN,
	    on_uevent, media, &err);
}

int
media_watch_begin(struct media *media, struct error *err)
{
	struct loop *loop = media->service->loop;

	media->look = (struct loop_timer){.ring = on_look, .context = media};
	media->echo = (struct loop_timer){.ring = on_echo, .context = media};
	media->slow = (struct loop_timer){.ring = on_slow, .context = media};
	media->mountinfo_fd = open(MOUNTINFO_PATH, O_RDONLY | O_CLOEXEC);
	if (media->mountinfo_fd < 0)
		return error_set_errno(err, errno, MOUNTINFO_PATH);
	loop_set_timer(loop, &media->slow, SLOW_MS);
	if (watch_devices(media) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	/* Long ago: the first look is at once. */
	media->looked_ms = clock_monotonic_ms() - APART_MS;
	return loop_watch(
	    loop, media->mountinfo_fd, POLLPRI, on_mounts, media, err);
}

void
media_watch_end(struct media *media)
{
	struct loop *loop = media->service->loop;

	loop_unset_timer(loop, &media->look);
	loop_unset_timer(loop, &media->echo);
	loop_unset_timer(loop, &media->slow);
	if (media->list_question.probe.loop != NULL)
		media_probe_done(&media->list_question.probe);
	if (media->mountinfo_fd >= 0) {
		loop_unwatch(loop, media->mountinfo_fd);
		(void)close(media->mountinfo_fd);
	}
	if (media->uevent_fd >= 0) {
		loop_unwatch(loop, media->uevent_fd);
		(void)close(media->uevent_fd);
	}
}
