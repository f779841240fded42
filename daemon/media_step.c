/* What follows from a look: the journal's entry, and work that begins or ends.
 */
#include <stdio.h>
#include <string.h>

#include "daemon/discovery.h"
#include "daemon/media_parts.h"
#include "daemon/media_release.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/output/media_words.h"

/* What only a person can bring within reach. */
static bool
is_shelved(const struct config_medium *config)
{
	return config->kind == CONFIG_MEDIUM_TAPE ||
	       config->kind == CONFIG_MEDIUM_OPTICAL;
}

static int
write_state(struct medium *medium, enum media_state state, const char *reason,
    const struct media_facts *facts, struct error *err)
{
	const struct config_medium *config = media_config_of(medium);
	bool in_reach = media_state_is_in_reach(state, is_shelved(config));
	json_t *entry = json_pack("{s:s, s:s, s:s, s:s, s:b}", "type", "medium",
	    "event", "state", "medium", medium->id, "state",
	    media_state_name(state), "in_reach", (int)in_reach);

	if (reason[0] != '\0')
		(void)json_object_set_new(entry, "reason", json_string(reason));
	/* Out of reach, the store keeps what was seen last. */
	if (in_reach)
		(void)json_object_set_new(
		    entry, "observed", media_facts_describe(facts));
	return ledger_append(medium->media->service, entry, NULL, err);
}

/* The names of what was compared stand where nothing else is to be said. */
static void
find_reason(const struct medium *medium, const struct media_seen *seen,
    char reason[MEDIA_REASON_BYTES])
{
	const char *word = seen->reason;
	bool is_here =
	    seen->event == MEDIA_SEEN_MOUNT || seen->event == MEDIA_SEEN_DEVICE;

	if (word == NULL && is_here && medium->departed_stamp[0] != '\0' &&
	    medium->is_compared)
		word = media_stamp_name(medium->stamp);
	(void)snprintf(
	    reason, MEDIA_REASON_BYTES, "%s", word == NULL ? "" : word);
}

static enum media_switch
switch_of(enum media_state state, const struct media_facts *facts)
{
	if ((state != MEDIA_MOUNTED && state != MEDIA_ATTACHED) ||
	    strcmp(facts->reach, "local-block") != 0)
		return MEDIA_SWITCH_NONE;
	return facts->device_read_only ? MEDIA_SWITCH_SHUT : MEDIA_SWITCH_OPEN;
}

static int
write_switch(struct medium *medium, enum media_switch seen, struct error *err)
{
	if (seen == MEDIA_SWITCH_NONE || seen == medium->write_switch)
		return 0;
	return ledger_append(medium->media->service,
	    json_pack("{s:s, s:s, s:s, s:s, s:s}", "type", "medium", "event",
		"protection", "medium", medium->id, "method",
		"device-read-only", "result",
		seen == MEDIA_SWITCH_SHUT ? "refused" : "open"),
	    NULL, err);
}

struct change {
	struct media_step step;
	const struct media_facts *facts;
	bool is_compared; /* its stamp, just now */
	bool ends_release;
	char reason[MEDIA_REASON_BYTES];
};

static int
write_change(
    struct medium *medium, const struct change *change, struct error *err)
{
	enum media_action action = change->step.action;
	bool is_coming = action == MEDIA_APPEAR || action == MEDIA_ARRIVE;

	if (write_state(medium, change->step.next, change->reason,
		change->facts, err) != 0 ||
	    write_switch(
		medium, switch_of(change->step.next, change->facts), err) != 0)
		return -1;
	if (action == MEDIA_DEPART &&
	    (media_record_write(medium, "detached", err) != 0 ||
		media_due_close(medium, err) != 0))
		return -1;
	if (action != MEDIA_DEPART && change->ends_release &&
	    media_record_write(medium, MEDIA_RELEASE_ENDED, err) != 0)
		return -1;
	/* A device may be there before udev knows what is on it. */
	return is_coming || action == MEDIA_OPEN || change->is_compared
		   ? media_stamp_write(medium, err)
		   : 0;
}

static void
log_change(const struct medium *medium, const struct change *change)
{
	log_event(LOG_LEVEL_NOTICE, _("medium %s: %s%s%s%s"), medium->id,
	    media_words_state(media_state_name(change->step.next)),
	    change->reason[0] != '\0' ? " (" : "",
	    media_words_reason(change->reason),
	    change->reason[0] != '\0' ? ")" : "");
}

/* The change was committed: it is how the medium stands. */
static void
adopt(struct medium *medium, const struct change *change)
{
	bool was_in_reach = medium->is_recorded && medium->in_reach;
	enum media_switch seen = switch_of(change->step.next, change->facts);

	if (!medium->is_recorded || medium->state != change->step.next)
		log_change(medium, change);
	if (change->ends_release)
		medium->is_released = medium->is_leaving = false;
	medium->state = change->step.next;
	medium->in_reach = media_state_is_in_reach(
	    medium->state, is_shelved(media_config_of(medium)));
	(void)snprintf(
	    medium->reason, sizeof(medium->reason), "%s", change->reason);
	if (!medium->in_reach)
		medium->attached_at = QUERY_NEVER;
	else if (!was_in_reach)
		medium->attached_at = clock_wall_ms();
	medium->was_seen = medium->was_seen || medium->in_reach;
	if (change->facts != &medium->facts)
		medium->facts = *change->facts;
	medium->is_recorded = true;
	if (seen != MEDIA_SWITCH_NONE)
		medium->write_switch = seen;
}

static void
end_work(struct medium *medium)
{
	media_attach_end(medium);
	medium->witness.last.outcome = WITNESS_NEVER;
	(void)jobs_cancel_medium(medium->media->service->jobs, medium->id);
	jobs_wake(medium->media->service->jobs);
	/* The sources say so too. */
	discovery_scan_medium(medium->media->service->discovery, medium->id);
}

static void
rest(struct medium *medium)
{
	media_attach_end(medium);
	jobs_wake(medium->media->service->jobs);
}

static void
begin_work(struct medium *medium)
{
	struct discovery *discovery = medium->media->service->discovery;

	if (medium->is_released || medium->is_leaving)
		return;
	if (medium->is_looked)
		discovery_scan_medium(discovery, medium->id);
	else
		discovery_scan_unseen(discovery, medium->id);
	if (media_attach_is_wanted(media_config_of(medium)))
		media_attach_begin(medium);
}

/* Another one is there, or is not any more: the sources say so at once. */
static void
note_other(struct medium *medium, enum media_state before)
{
	if ((medium->state == MEDIA_WRONG_MEDIUM) !=
	    (before == MEDIA_WRONG_MEDIUM))
		discovery_scan_medium(
		    medium->media->service->discovery, medium->id);
}

static void
act(struct medium *medium, enum media_state before, enum media_action action)
{
	switch (action) {
	case MEDIA_NOTHING:
	case MEDIA_APPEAR:
		note_other(medium, before);
		break;
	case MEDIA_ARRIVE:
	case MEDIA_OPEN:
		begin_work(medium);
		break;
	case MEDIA_RESUME:
		jobs_wake(medium->media->service->jobs);
		discovery_scan_medium(
		    medium->media->service->discovery, medium->id);
		break;
	case MEDIA_CLOSE:
		/* What hikae has unmounted it mounts again for those who wait;
		 * what only does not answer now, or is in doubt, may go on. */
		if (media_mount_is_resting(medium))
			rest(medium);
		else if (medium->place.mount_id == 0 &&
			 medium->state != MEDIA_UNKNOWN)
			end_work(medium);
		break;
	case MEDIA_DEPART:
		medium->is_compared = false;
		medium->attach.is_checked = false;
		(void)snprintf(medium->departed_stamp,
		    sizeof(medium->departed_stamp), "%s", medium->facts.stamp);
		end_work(medium);
		break;
	}
}

/* One change: entry, then what follows.  -1: it was not written. */
static int
change_to(struct medium *medium, struct change *change)
{
	struct service *service = medium->media->service;
	const enum media_state before = medium->state;
	struct error err = {0};

	change->ends_release = media_release_is_over(medium, change->step.next);

	if (ledger_begin(service, &err) != 0)
		goto failed;
	if (write_change(medium, change, &err) != 0 ||
	    ledger_commit(service, &err) != 0) {
		ledger_rollback(service);
		goto failed;
	}
	adopt(medium, change);
	act(medium, before, change->step.action);
	return 0;
failed:
	/* The next look finds it again. */
	log_event(LOG_LEVEL_ERROR, "%s", err.text);
	return -1;
}

/* It went and came back between two looks. */
static int
take_absence(struct medium *medium, enum media_event event)
{
	struct change change = {
	    .step = media_state_step(medium->state, MEDIA_SEEN_NOTHING),
	    .facts = &medium->facts,
	    .reason = "briefly",
	};

	medium->was_away = false;
	if (change.step.action != MEDIA_DEPART ||
	    (event != MEDIA_SEEN_MOUNT && event != MEDIA_SEEN_DEVICE))
		return 0;
	return change_to(medium, &change);
}

/* Work that the last end of hikaed cut off is taken up again. */
static void
take_first(struct medium *medium, enum media_action action)
{
	if (medium->is_looked)
		return;
	medium->is_looked = true;
	jobs_wake(medium->media->service->jobs);
	if (action == MEDIA_NOTHING && medium->state == MEDIA_MOUNTED &&
	    !medium->is_released &&
	    media_attach_is_wanted(media_config_of(medium)))
		media_attach_begin(medium);
}

void
media_step_take(struct medium *medium, const struct media_seen *seen)
{
	/* What is no longer seen protects nothing any more. */
	struct media_facts last = medium->facts;
	struct change change = {
	    .facts = seen->has_facts ? &seen->facts : &last};
	bool is_new, was_compared;

	last.device_read_only = false;
	media_release_take(medium, seen->event);
	if (medium->was_away && take_absence(medium, seen->event) != 0)
		return;
	change.step = media_state_step(medium->state, seen->event);
	was_compared = medium->is_compared;
	if (change.step.next == MEDIA_MOUNTED ||
	    change.step.next == MEDIA_ATTACHED)
		media_stamp_compare(medium, seen->is_writable);
	change.is_compared = medium->is_compared && !was_compared;
	find_reason(medium, seen, change.reason);
	is_new = !medium->is_recorded || change.is_compared ||
		 change.step.next != medium->state ||
		 strcmp(change.reason, medium->reason) != 0 ||
		 (seen->has_facts &&
		     !media_facts_is_same(&seen->facts, &medium->facts));
	if (is_new && change_to(medium, &change) != 0) {
		medium->is_compared = was_compared;
		return;
	}
	take_first(medium, change.step.action);
	media_due_look(medium);
	media_witness_look_due(medium);
}
