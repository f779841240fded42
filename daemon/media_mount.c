/*
 * Media that hikae mounts itself: a mounter does it (worker/mounter), this says
 * when.  One is mounted when it was connected and when a job waits for it, and
 * unmounted when nothing is left to be done there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/discovery.h"
#include "daemon/media_parts.h"
#include "daemon/runs.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"

/* A disk that sleeps needs some seconds to spin up, ms. */
#define MOUNT_DEADLINE_MS 60000
/* How often it is looked whether all is done there, ms. */
#define TICK_MS 1000
/* When what could not be unmounted is tried again, ms. */
#define RETRY_MS 15000
/* Looks in a row that find nothing to do. */
#define TICKS_IDLE 2
#define BUSY "mount-busy"
#define TWICE "uuid-twice"

static void on_tick(void *context);

static bool
is_hikaes(const struct medium *medium)
{
	const struct config_medium *config = media_config_of(medium);

	return config != NULL && config->mount == CONFIG_MOUNT_HIKAE;
}

void
media_mount_refresh(struct medium *medium)
{
	struct media_mounting *mounting = &medium->mounting;
	const struct media_hand *hand =
	    media_hand_find(medium->media, medium->id);

	mounting->is_ours = hand != NULL;
	mounting->is_kept = mounting->is_kept && mounting->is_ours;
}

void
media_mount_correct(const struct medium *medium,
    const struct identity *identity, struct media_facts *facts)
{
	/* Our own hand on the switch protects nothing. */
	if (facts->device_read_only && media_hand_is_on(medium, identity))
		facts->device_read_only = false;
}

const char *
media_mount_reason(const struct medium *medium)
{
	if (medium->mounting.is_failed)
		return medium->mounting.reason;
	return medium->mounting.is_kept ? "not-given-back" : NULL;
}

bool
media_mount_is_ours(const struct medium *medium)
{
	return medium->mounting.is_ours || medium->mounting.is_unseen ||
	       (medium->mounting.probe.loop != NULL &&
		   media_probe_is_running(&medium->mounting.probe));
}

bool
media_mount_is_resting(const struct medium *medium)
{
	return is_hikaes(medium) && medium->is_looked &&
	       medium->state == MEDIA_ATTACHED && medium->place.major != 0 &&
	       !medium->mounting.is_failed;
}

bool
media_mount_is_pending(const struct medium *medium)
{
	const struct media_mounting *mounting = &medium->mounting;

	if (!is_hikaes(medium))
		return false;
	/* What was not looked at is perhaps about to be mounted. */
	if (!medium->is_looked || mounting->is_unseen)
		return true;
	return media_mount_is_resting(medium) && !mounting->is_used &&
	       (mounting->is_wanted || media_mount_is_ours(medium));
}

void
media_mount_want(struct medium *medium)
{
	struct media_mounting *mounting = &medium->mounting;

	if (!is_hikaes(medium) || mounting->is_wanted ||
	    medium->state == MEDIA_MOUNTED)
		return;
	mounting->is_wanted = true;
	media_watch_wake(medium->media);
}

void
media_mount_retry(struct medium *medium)
{
	medium->mounting.is_failed = false;
	media_mount_want(medium);
}

void
media_mount_retry_busy(struct medium *medium)
{
	if (medium->mounting.is_failed &&
	    (strcmp(medium->mounting.reason, BUSY) == 0 ||
		strcmp(medium->mounting.reason, TWICE) == 0))
		media_mount_retry(medium);
}

void
media_mount_note(struct service *service, const char *id, const char *result,
    const char *reason)
{
	json_t *entry = json_pack("{s:s, s:s, s:s, s:s}", "type", "medium",
	    "event", "mount", "medium", id, "result", result);
	struct error err = {0};

	if (reason != NULL)
		(void)json_object_set_new(entry, "reason", json_string(reason));
	if (ledger_append_alone(service, entry, NULL, &err) != 0)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
}

const char *
media_mount_word(const struct error *error)
{
	if (error->code == ERROR_DENIED)
		return "mount-denied";
	if (error->code == ERROR_EXISTS)
		return TWICE;
	return error->code == ERROR_UNAVAILABLE ? BUSY : "mount-failed";
}

/* Told once, however often it is tried. */
static void
take_failure(struct medium *medium, const struct error *error)
{
	struct media_mounting *mounting = &medium->mounting;
	const char *reason = media_mount_word(error);
	bool is_told = strcmp(mounting->reason, reason) == 0;

	(void)snprintf(
	    mounting->reason, sizeof(mounting->reason), "%s", reason);
	mounting->is_failed = mounting->asked == PROBE_MOUNT;
	mounting->is_kept = mounting->asked == PROBE_UNMOUNT;
	if (mounting->asked == PROBE_UNMOUNT)
		mounting->not_before_ms = clock_monotonic_ms() + RETRY_MS;
	if (is_told)
		return;
	log_event(LOG_LEVEL_WARNING, _("medium %s: %s: %s"), medium->id,
	    mounting->asked == PROBE_MOUNT ? _("not mounted")
					   : _("not unmounted"),
	    error->text);
	media_mount_note(medium->media->service, medium->id, "failed", reason);
}

static void
take_success(struct medium *medium)
{
	struct media_mounting *mounting = &medium->mounting;
	bool is_mount = mounting->asked == PROBE_MOUNT;

	mounting->reason[0] = '\0';
	mounting->is_unseen = true;
	mounting->is_kept = false;
	media_mount_note(medium->media->service, medium->id,
	    is_mount ? "mounted" : "unmounted", NULL);
	media_hand_gather(medium->media);
	media_mount_refresh(medium);
	if (!is_mount)
		media_attach_tell(medium->media);
	if (!is_mount && medium->in_reach)
		log_event(LOG_LEVEL_NOTICE,
		    medium->attach.is_cut
			? _("medium %s: safe to remove, but not all of it was "
			    "read")
			: _("medium %s: safe to remove"),
		    medium->id);
}

static void
on_end(
    void *context, enum media_probe_outcome outcome, const struct error *error)
{
	struct medium *medium = context;

	if (outcome == MEDIA_PROBE_DONE)
		take_success(medium);
	else
		take_failure(medium, error);
	/* Whatever waits for it is told, one way or the other. */
	jobs_wake(medium->media->service->jobs);
	media_watch_wake(medium->media);
}

const char *
media_mount_socket(const struct service *service)
{
	return strcmp(service->root, "/") == 0 ? PROBE_HANDLE_MOUNT_SOCKET
					       : NULL;
}

void
media_mount_init(struct medium *medium)
{
	struct service *service = medium->media->service;
	struct media_mounting *mounting = &medium->mounting;

	mounting->before = MEDIA_UNKNOWN;
	mounting->timer =
	    (struct loop_timer){.ring = on_tick, .context = medium};
	mounting->probe = (struct media_probe){.loop = service->loop,
	    .place = {.root = service->root,
		.socket_path = media_mount_socket(service)},
	    .context = medium,
	    .ended = on_end};
}

void
media_mount_done(struct medium *medium)
{
	loop_unset_timer(medium->media->service->loop, &medium->mounting.timer);
	media_probe_done(&medium->mounting.probe);
}

static void
ask(struct medium *medium, enum probe_kind kind)
{
	struct media_mounting *mounting = &medium->mounting;
	struct probe_order *order = calloc(1, sizeof(*order));
	struct error err = {0};

	mounting->asked = kind;
	if (order != NULL) {
		order->kind = kind;
		order->deadline_ms = MOUNT_DEADLINE_MS;
		order->major = medium->place.major;
		order->minor = medium->place.minor;
		memcpy(order->id, medium->id, sizeof(medium->id));
	}
	if (order == NULL)
		(void)!error_set(&err, ERROR_INTERNAL, _("out of memory"));
	if (order == NULL ||
	    media_probe_start(&mounting->probe, order, &err) != 0)
		take_failure(medium, &err);
	free(order);
}

/* Nothing is under way there, and nothing that should be done is left. */
static bool
is_idle(const struct medium *medium)
{
	struct service *service = medium->media->service;
	const enum media_phase phase = medium->attach.phase;
	struct error err = {0};
	uint64_t settling = 0;

	if (medium->is_released)
		return jobs_count_running(service->jobs, medium->id) == 0;
	if ((phase != MEDIA_IDLE && phase != MEDIA_CHECKED) ||
	    jobs_count(service->jobs, medium->id) > 0 ||
	    runs_under_way(service->runs, medium->id) > 0 ||
	    discovery_is_busy(service->discovery, medium->id))
		return false;
	/* What never comes to rest must not keep it for ever. */
	return clock_monotonic_ms() >= medium->mounting.until_ms ||
	       (media_attach_count_settling(medium, &settling, &err) == 0 &&
		   settling == 0);
}

/* The timer's callback, while it is mounted, or not given back. */
static void
on_tick(void *context)
{
	struct medium *medium = context;
	struct media_mounting *mounting = &medium->mounting;

	if (medium->state != MEDIA_MOUNTED && medium->state != MEDIA_UNKNOWN) {
		media_watch_wake(medium->media);
		return;
	}
	mounting->idle_ticks = is_idle(medium) ? mounting->idle_ticks + 1 : 0;
	if (mounting->idle_ticks >= TICKS_IDLE)
		media_watch_wake(medium->media);
	loop_set_timer(medium->media->service->loop, &mounting->timer, TICK_MS);
}

static void
unmount(struct medium *medium)
{
	if (clock_monotonic_ms() < medium->mounting.not_before_ms)
		return;
	medium->mounting.idle_ticks = 0;
	ask(medium, PROBE_UNMOUNT);
}

static void
look_while_mounted(struct medium *medium)
{
	struct media_mounting *mounting = &medium->mounting;
	const struct config_medium *config = media_config_of(medium);

	mounting->is_wanted = mounting->is_failed = false;
	if (mounting->before != medium->state) {
		mounting->idle_ticks = 0;
		mounting->until_ms =
		    clock_monotonic_ms() + config->attach_time_ms;
	}
	if (!mounting->is_ours)
		return;
	if (!mounting->timer.is_set)
		loop_set_timer(
		    medium->media->service->loop, &mounting->timer, TICK_MS);
	if (mounting->idle_ticks >= TICKS_IDLE && is_idle(medium))
		unmount(medium);
}

static void
look_while_connected(struct medium *medium)
{
	struct media_mounting *mounting = &medium->mounting;

	/* Just connected, or just given back by somebody who used it. */
	if ((mounting->before != MEDIA_ATTACHED &&
		mounting->before != MEDIA_MOUNTED) ||
	    (mounting->was_used && !mounting->is_used)) {
		mounting->is_wanted = true;
		mounting->is_failed = false;
	}
	mounting->was_used = mounting->is_used;
	if (mounting->is_ours)
		unmount(medium);
	else if (mounting->is_wanted && !mounting->is_used &&
		 !medium->is_released && medium->place.major != 0) {
		mounting->is_wanted = false;
		ask(medium, PROBE_MOUNT);
	}
}

void
media_mount_look(struct medium *medium)
{
	struct media_mounting *mounting = &medium->mounting;

	if (!is_hikaes(medium) && !mounting->is_ours)
		return;
	if (media_probe_is_running(&mounting->probe))
		return;
	mounting->is_unseen = false;
	if (medium->state == MEDIA_MOUNTED || medium->state == MEDIA_UNKNOWN)
		look_while_mounted(medium);
	else if (!mounting->is_ours)
		loop_unset_timer(
		    medium->media->service->loop, &mounting->timer);
	else
		loop_set_timer(
		    medium->media->service->loop, &mounting->timer, RETRY_MS);
	if (medium->state == MEDIA_ATTACHED && is_hikaes(medium))
		look_while_connected(medium);
	else if (medium->state != MEDIA_MOUNTED &&
		 medium->state != MEDIA_UNKNOWN &&
		 medium->state != MEDIA_HUNG && mounting->is_ours)
		unmount(medium);
	mounting->before = medium->state;
	/* Whatever waited for this look. */
	jobs_wake(medium->media->service->jobs);
}
