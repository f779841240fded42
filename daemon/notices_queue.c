/* What follows from a status for those who are to be told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/media.h"
#include "daemon/notices_internal.h"
#include "daemon/refusal.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/judge/reason.h"
#include "lib/output/notice_text.h"

uint64_t
notices_undelivered(const struct notices *notices)
{
	uint64_t count = 0;

	for (size_t i = 0; i < notices->outbox.channel_count; i++)
		count += outbox_undeliverable(&notices->outbox.channels[i]);
	for (size_t i = 0; i < notices->sender_count; i++)
		count +=
		    notices->senders[i].beats_failing >= OUTBOX_ATTEMPTS_TOLD;
	return count;
}

/* What the journal does not know: at most LIVE_MAX of it. */
#define LIVE_MAX 5
static void
add_live(struct notices_view *view, enum reason reason, uint64_t count)
{
	struct notice_fact *fact = &view->facts[view->count++];

	*fact = (struct notice_fact){
	    .severity = reason_severity(reason), .count = count};
	(void)snprintf(
	    fact->key.code, sizeof(fact->key.code), "%s", reason_name(reason));
	view->state = verdict_exit_worse(view->state, fact->severity);
}

/* The reasons that are not good, with room for what only hikaed knows. */
static int
take_facts(struct notices_view *view, struct error *err)
{
	const struct health *health = view->health;

	view->facts =
	    calloc(health->reason_count + LIVE_MAX, sizeof(*view->facts));
	if (view->facts == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	for (size_t i = 0; i < health->reason_count; i++) {
		const struct health_reason *reason = &health->reasons[i];
		struct notice_fact *fact = &view->facts[view->count];

		if (reason->severity == VERDICT_EXIT_GOOD)
			continue;
		*fact = (struct notice_fact){.severity = reason->severity,
		    .count = reason->count,
		    .newest = reason->newest};
		(void)snprintf(
		    fact->key.code, sizeof(fact->key.code), "%s", reason->code);
		(void)snprintf(fact->key.system, sizeof(fact->key.system), "%s",
		    reason->system);
		(void)snprintf(fact->key.medium, sizeof(fact->key.medium), "%s",
		    reason->medium);
		(void)snprintf(fact->key.source, sizeof(fact->key.source), "%s",
		    reason->source);
		view->count++;
	}
	return 0;
}

int
notices_look(const struct notices *notices, struct notices_view *ret_view,
    struct error *err)
{
	const struct service *service = notices->service;
	uint64_t undelivered = notices_undelivered(notices);

	*ret_view = (struct notices_view){.state = VERDICT_EXIT_UNDETERMINED};
	if (health_judge(service->catalog, CATALOG_NOW, clock_wall_ms(),
		&ret_view->health, err) != 0 ||
	    take_facts(ret_view, err) != 0)
		return -1;
	ret_view->state = ret_view->health->status;
	if (service->has_faulty_packs)
		add_live(ret_view, REASON_PACK_FAULTY, 1);
	if (media_has_left(service->media))
		add_live(ret_view, REASON_MEDIUM_LEFT, 1);
	if (service->is_unwritten)
		add_live(ret_view, REASON_NOT_RECORDED, 1);
	if (refusal_stands(service) && !service->refusal.is_recorded)
		add_live(ret_view, REASON_CONFIG_REFUSED, 1);
	if (undelivered > 0)
		add_live(ret_view, REASON_NOTICE_UNDELIVERED, undelivered);
	return 0;
}

static bool
has_fact(const struct notices_view *view, const struct outbox_key *key)
{
	for (size_t i = 0; i < view->count; i++)
		if (outbox_key_is_same(&view->facts[i].key, key))
			return true;
	return false;
}

int
notices_look_unjudged(const struct notices *notices,
    struct notices_view *ret_view, struct error *err)
{
	const struct outbox *outbox = &notices->outbox;
	size_t most = 1;

	*ret_view = (struct notices_view){.state = VERDICT_EXIT_UNDETERMINED};
	for (size_t i = 0; i < outbox->channel_count; i++)
		most += outbox->channels[i].problem_count;
	ret_view->health = calloc(1, sizeof(*ret_view->health));
	ret_view->facts = calloc(most, sizeof(*ret_view->facts));
	if (ret_view->health == NULL || ret_view->facts == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	ret_view->health->now = clock_wall_ms();
	add_live(ret_view, REASON_NOT_JUDGED, 1);
	for (size_t i = 0; i < outbox->channel_count; i++)
		for (size_t k = 0; k < outbox->channels[i].problem_count; k++) {
			const struct outbox_problem *problem =
			    &outbox->channels[i].problems[k];

			if (!has_fact(ret_view, &problem->key))
				ret_view->facts[ret_view->count++] =
				    (struct notice_fact){.key = problem->key,
					.severity = problem->severity,
					.count = problem->count,
					.newest = problem->newest};
		}
	return 0;
}

void
notices_view_done(struct notices_view *view)
{
	health_free(view->health);
	free(view->facts);
	*view = (struct notices_view){.health = NULL};
}

static int
make_texts(const struct notices *notices, struct notice_page *page,
    struct outbox_notice *notice, struct error *err)
{
	static const char *const languages[] = {[CONFIG_LANGUAGE_AUTO] = NULL,
	    [CONFIG_LANGUAGE_JA] = "ja",
	    [CONFIG_LANGUAGE_EN] = "en"};
	const struct config *config = notices->service->config;
	const char *language = languages[config->facility.language];
	struct i18n_reader reader;
	char host[256] = "";
	int rc;

	(void)gethostname(host, sizeof(host) - 1);
	page->config = config;
	page->host = host;
	page->event = notice->event;
	page->state = notice->state;
	/* Not in that of who asks for a test. */
	if (language != NULL)
		i18n_speak(language, &reader);
	else
		i18n_speak_as(&notices->own, &reader);
	rc = notice_text_make(page, &notice->subject, &notice->text, err);
	i18n_return(&reader);
	page->host = NULL;
	return rc;
}

/* Make a notice of a plan and queue it. */
static int
queue(struct notices *notices, struct outbox_channel *channel,
    const struct notices_view *view, const struct notice_plan *plan,
    const char *event, struct error *err)
{
	struct notice_page page = {
	    .health = view->health,
	    .plan = plan,
	    .dropped = channel->dropped,
	};
	struct outbox_notice notice = {
	    .state = view->state, .made_at = clock_wall_ms()};

	(void)snprintf(notice.event, sizeof(notice.event), "%s", event);
	if (make_texts(notices, &page, &notice, err) != 0) {
		free(notice.subject);
		free(notice.text);
		return -1;
	}
	notices->is_dirty = true;
	channel->dropped = 0;
	return outbox_add(&notices->outbox, channel, &notice, err);
}

/* What nobody acknowledged, to whom is to know then. */
static int
escalate(struct notices *notices, struct outbox_channel *channel,
    const struct config_notify *rules, const struct notices_view *view,
    const struct notice_plan *plan, struct error *err)
{
	struct outbox_channel *target =
	    outbox_find(&notices->outbox, rules->escalate_to);

	if (!plan->has_escalating || target == NULL)
		return 0;
	if (queue(notices, target, view, plan, "escalated", err) != 0)
		return -1;
	notice_commit_escalation(channel, plan);
	return 0;
}

/* Notices that do not get through here go another way, once. */
static int
pass_on(struct notices *notices, struct outbox_channel *channel,
    const struct config_notify *rules, struct error *err)
{
	struct outbox_channel *target =
	    outbox_find(&notices->outbox, rules->escalate_to);
	const int64_t now = clock_wall_ms();

	for (size_t i = 0; target != NULL && i < channel->notice_count; i++) {
		struct outbox_notice *notice = &channel->notices[i];
		struct outbox_notice copy = {.event = "passed-on",
		    .state = notice->state,
		    .made_at = now};

		if (notice->is_escalated || notice->attempts == 0 ||
		    strcmp(notice->event, "digest") == 0 ||
		    strcmp(notice->event, "passed-on") == 0 ||
		    now - notice->made_at < rules->escalate_ms)
			continue;
		if (notice_text_pass_on(channel->id, channel->last.said, notice,
			&copy.subject, &copy.text, err) != 0) {
			free(copy.subject);
			free(copy.text);
			return -1;
		}
		notice->is_escalated = notices->is_dirty = true;
		if (outbox_add(&notices->outbox, target, &copy, err) != 0)
			return -1;
	}
	return 0;
}

static const char *
event_of(const struct notice_plan *plan)
{
	if (plan->has_new)
		return "problem";
	return plan->has_again ? "repeat" : "recovered";
}

/* One section: a digest, or what changed; nothing where nothing did. */
static int
tell(struct notices *notices, struct outbox_channel *channel,
    const struct config_notify *rules, const struct notices_view *view,
    struct error *err)
{
	const int64_t now = clock_wall_ms();
	const size_t known = channel->problem_count;
	const struct notice_question question = {
	    .rules = rules,
	    .outbox = &notices->outbox,
	    .facts = view->facts,
	    .fact_count = view->count,
	    .now = now,
	    .is_waiting = channel->notice_count > 0,
	};
	struct notice_plan plan;
	int64_t digest_at;
	int rc = -1;

	if (notice_observe(channel, &question, &plan, err) != 0)
		return -1;
	/* News comes as news; the digest comes with a look after it. */
	digest_at = plan.has_new || plan.is_held
			? 0
			: notice_digest_due(channel, rules, now);
	if (digest_at != 0 &&
	    queue(notices, channel, view, &plan, "digest", err) != 0)
		goto out;
	if (digest_at != 0)
		channel->digest_at = digest_at;
	else if (notice_plan_is_due(&plan) &&
		 queue(notices, channel, view, &plan, event_of(&plan), err) !=
		     0)
		goto out;
	notices->is_dirty |= channel->problem_count != known || plan.is_held;
	notice_commit(channel, &plan, digest_at != 0, now);
	notices->is_dirty |= channel->problem_count != known;
	if (escalate(notices, channel, rules, view, &plan, err) == 0)
		rc = pass_on(notices, channel, rules, err);
out:
	notice_plan_done(&plan);
	return rc;
}

void
notices_queue_all(struct notices *notices, const struct notices_view *view)
{
	for (size_t i = 0; i < notices->sender_count; i++) {
		const struct config_notify *rules = notices->senders[i].rules;
		struct outbox_channel *channel =
		    outbox_find(&notices->outbox, rules->id);
		struct error err = {0};

		if (channel != NULL &&
		    tell(notices, channel, rules, view, &err) != 0)
			log_event(LOG_LEVEL_ERROR, "[notify %s]: %s", rules->id,
			    err.text);
	}
}

int
notices_test(struct notices *notices, const char *section, uint64_t *ret_id,
    struct error *err)
{
	const struct config *config = notices->service->config;
	const struct config_notify *rules = config_find_notify(config, section);
	struct outbox_channel *channel = outbox_find(&notices->outbox, section);
	struct notice_plan plan = {.items = NULL};
	struct notices_view view;
	int rc = -1;

	if (rules == NULL)
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such section"));
	if (channel == NULL)
		return error_set(err, ERROR_USAGE,
		    _("a heartbeat is no message: look at its files"));
	if (notices_look(notices, &view, err) == 0 &&
	    queue(notices, channel, &view, &plan, "test", err) == 0) {
		*ret_id = notices->outbox.next_id - 1;
		rc = 0;
	}
	notices_view_done(&view);
	loop_set_timer(notices->service->loop, &notices->tick, 0);
	return rc;
}
