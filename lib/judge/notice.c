#include "lib/judge/notice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"

static struct outbox_problem *
find_problem(const struct outbox_channel *channel, const struct outbox_key *key)
{
	for (size_t i = 0; i < channel->problem_count; i++)
		if (outbox_key_is_same(&channel->problems[i].key, key))
			return &channel->problems[i];
	return NULL;
}

static struct outbox_problem *
add_problem(struct outbox_channel *channel, const struct notice_fact *fact,
    int64_t now, struct error *err)
{
	struct outbox_problem *moved;

	moved = reallocarray(
	    channel->problems, channel->problem_count + 1, sizeof(*moved));
	if (moved == NULL) {
		(void)!error_set(err, ERROR_INTERNAL, _("out of memory"));
		return NULL;
	}
	channel->problems = moved;
	moved += channel->problem_count++;
	*moved = (struct outbox_problem){
	    .key = fact->key,
	    .severity = fact->severity,
	    .count = fact->count,
	    .newest = fact->newest,
	    .seen_at = now,
	};
	return moved;
}

/* Since an instant; a clock that went back makes it long ago. */
static bool
has_lasted(int64_t since, int64_t ms, int64_t now)
{
	return now < since || now - since >= ms;
}

static bool
is_wanted(const struct config_notify *rules, enum verdict_exit severity)
{
	static const unsigned int events[] = {
	    [VERDICT_EXIT_GOOD] = 0,
	    [VERDICT_EXIT_WARNING] = CONFIG_EVENT_WARNING,
	    [VERDICT_EXIT_BAD] = CONFIG_EVENT_BAD,
	    [VERDICT_EXIT_UNDETERMINED] = CONFIG_EVENT_UNDETERMINED,
	};

	return (rules->events & events[severity]) != 0;
}

static bool
is_worse(const struct outbox_problem *told, const struct notice_fact *fact,
    int64_t now)
{
	if (fact->severity != told->severity &&
	    verdict_exit_worse(fact->severity, told->severity) ==
		fact->severity)
		return true;
	return fact->severity == VERDICT_EXIT_BAD &&
	       (fact->count > told->count || fact->newest > told->newest) &&
	       has_lasted(told->told_at, NOTICE_GROWTH_MS, now);
}

static enum notice_part
part_of(const struct outbox_problem *problem, const struct config_notify *rules,
    const struct notice_fact *fact, bool is_acknowledged, int64_t now)
{
	const bool may_tell =
	    is_wanted(rules, fact->severity) && !is_acknowledged;

	/* It was due once: that it became milder does not hide it. */
	if (problem->held_at != 0 && !is_acknowledged)
		return NOTICE_NEW;
	if (!may_tell)
		return NOTICE_STANDING;
	if (problem->told_at == 0)
		return fact->severity == VERDICT_EXIT_BAD ||
			       has_lasted(
				   problem->seen_at, rules->delay_ms, now)
			   ? NOTICE_NEW
			   : NOTICE_STANDING;
	if (is_worse(problem, fact, now))
		return NOTICE_NEW;
	return rules->repeat_ms > 0 &&
		       has_lasted(problem->told_at, rules->repeat_ms, now)
		   ? NOTICE_AGAIN
		   : NOTICE_STANDING;
}

static bool
is_escalating(const struct outbox_problem *problem,
    const struct config_notify *rules, const struct notice_item *item,
    int64_t now)
{
	return rules->escalate_ms > 0 && problem->first_told_at != 0 &&
	       !problem->is_escalated && item->by[0] == '\0' &&
	       item->severity != VERDICT_EXIT_WARNING &&
	       has_lasted(problem->first_told_at, rules->escalate_ms, now);
}

static void
take_fact(struct notice_plan *plan, const struct notice_question *question,
    const struct notice_fact *fact, const struct outbox_problem *problem)
{
	const struct config_notify *rules = question->rules;
	const struct outbox_ack *ack =
	    outbox_ack_of(question->outbox, &fact->key, fact->severity,
		fact->count, fact->newest, question->now);
	struct notice_item *item = &plan->items[plan->count++];

	*item = (struct notice_item){
	    .key = fact->key,
	    .part = part_of(problem, rules, fact, ack != NULL, question->now),
	    .severity = fact->severity,
	    .count = fact->count,
	    .newest = fact->newest,
	    .seen_at = problem->seen_at,
	    .is_told = problem->told_at != 0,
	};
	/* What waits to be told is not told again yet. */
	if (item->part == NOTICE_AGAIN && question->is_waiting)
		item->part = NOTICE_STANDING;
	if (ack != NULL) {
		(void)snprintf(item->by, sizeof(item->by), "%s", ack->by);
		item->until = ack->until;
	}
	item->is_escalating =
	    is_escalating(problem, rules, item, question->now);
	plan->has_new |= item->part == NOTICE_NEW;
	plan->has_again |= item->part == NOTICE_AGAIN;
	plan->has_escalating |= item->is_escalating;
}

static bool
is_there(
    const struct notice_fact *facts, size_t count, const struct outbox_key *key)
{
	for (size_t i = 0; i < count; i++)
		if (outbox_key_is_same(&facts[i].key, key))
			return true;
	return false;
}

/* What was never to be told ends without a word. */
static void
take_ended(struct notice_plan *plan, const struct outbox_problem *problem,
    const struct config_notify *rules)
{
	const bool is_told = problem->told_at != 0;
	const bool is_passed = problem->held_at != 0 && !is_told;

	plan->items[plan->count++] = (struct notice_item){
	    .key = problem->key,
	    .part = NOTICE_ENDED,
	    .severity = problem->severity,
	    .count = problem->count,
	    .newest = problem->newest,
	    .seen_at = problem->seen_at,
	    .is_told = is_told || is_passed,
	    .is_passed = is_passed,
	};
	plan->has_passed |= is_passed;
	plan->has_ended |=
	    is_told && (rules->events & CONFIG_EVENT_RECOVERED) != 0;
}

static bool
has_bad_news(const struct notice_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->items[i].part == NOTICE_NEW &&
		    plan->items[i].severity == VERDICT_EXIT_BAD)
			return true;
	return false;
}

/* Whether all that is due waits for what may yet come. */
static bool
is_to_wait(const struct notice_plan *plan, const struct outbox_channel *channel,
    const struct notice_question *question)
{
	const int64_t group_ms = question->rules->group_ms;

	if (!notice_plan_is_due(plan) || group_ms == 0 ||
	    channel->told_at == 0 ||
	    has_lasted(channel->told_at, group_ms, question->now))
		return false;
	return channel->told_severity == VERDICT_EXIT_BAD ||
	       !has_bad_news(plan);
}

static void
hold(struct notice_plan *plan, const struct config_notify *rules)
{
	const bool tells_ends = (rules->events & CONFIG_EVENT_RECOVERED) != 0;

	for (size_t i = 0; i < plan->count; i++) {
		struct notice_item *item = &plan->items[i];

		if (item->part == NOTICE_ENDED) {
			item->is_held =
			    item->is_passed || (item->is_told && tells_ends);
			continue;
		}
		item->is_held = item->part == NOTICE_NEW;
		item->part = NOTICE_STANDING;
	}
	plan->has_new = plan->has_again = false;
	plan->has_ended = plan->has_passed = false;
	plan->is_held = true;
}

int
notice_observe(struct outbox_channel *channel,
    const struct notice_question *question, struct notice_plan *ret_plan,
    struct error *err)
{
	const struct notice_fact *facts = question->facts;
	struct notice_plan plan = {.items = NULL};

	plan.items = calloc(question->fact_count + channel->problem_count + 1,
	    sizeof(*plan.items));
	if (plan.items == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	for (size_t i = 0; i < channel->problem_count; i++)
		if (!is_there(
			facts, question->fact_count, &channel->problems[i].key))
			take_ended(
			    &plan, &channel->problems[i], question->rules);
	for (size_t i = 0; i < question->fact_count; i++) {
		const struct outbox_problem *problem =
		    find_problem(channel, &facts[i].key);

		/* Beyond the limit only the status tells. */
		if (problem == NULL &&
		    channel->problem_count == OUTBOX_PROBLEMS_MAX)
			continue;
		if (problem == NULL)
			problem =
			    add_problem(channel, &facts[i], question->now, err);
		if (problem == NULL) {
			notice_plan_done(&plan);
			return -1;
		}
		take_fact(&plan, question, &facts[i], problem);
	}
	if (is_to_wait(&plan, channel, question))
		hold(&plan, question->rules);
	*ret_plan = plan;
	return 0;
}

void
notice_plan_done(struct notice_plan *plan)
{
	free(plan->items);
	*plan = (struct notice_plan){.items = NULL};
}

bool
notice_plan_is_due(const struct notice_plan *plan)
{
	return plan->has_new || plan->has_again || plan->has_ended ||
	       plan->has_passed;
}

static void
forget(struct outbox_channel *channel, const struct outbox_key *key)
{
	struct outbox_problem *problem = find_problem(channel, key);

	if (problem == NULL)
		return;
	memmove(problem, problem + 1,
	    (size_t)(channel->problems + channel->problem_count - problem - 1) *
		sizeof(*problem));
	channel->problem_count--;
}

/* Since when it waits; if it ends before it is told, it is what it was at its
 * worst. */
static void
remember_held(
    struct outbox_problem *problem, const struct notice_item *item, int64_t now)
{
	if (!item->is_held) {
		problem->held_at = 0;
		return;
	}
	if (problem->held_at == 0)
		problem->held_at = now;
	if (problem->told_at == 0) {
		problem->severity =
		    verdict_exit_worse(problem->severity, item->severity);
		problem->count = item->count;
		problem->newest = item->newest;
	}
}

static void
remember(struct outbox_problem *problem, const struct notice_item *item,
    bool is_digest, int64_t now)
{
	const bool is_told =
	    item->part == NOTICE_NEW || item->part == NOTICE_AGAIN;

	if (problem == NULL)
		return;
	remember_held(problem, item, now);
	if (!is_told && !(is_digest && problem->told_at != 0))
		return;
	problem->told_at = now;
	if (problem->first_told_at == 0)
		problem->first_told_at = now;
	problem->severity = item->severity;
	problem->count = item->count;
	problem->newest = item->newest;
}

/* When, and how bad: what comes soon after may wait. */
static void
remember_telling(
    struct outbox_channel *channel, const struct notice_plan *plan, int64_t now)
{
	enum verdict_exit worst = VERDICT_EXIT_GOOD;

	for (size_t i = 0; i < plan->count; i++)
		if (plan->items[i].part == NOTICE_NEW ||
		    plan->items[i].part == NOTICE_AGAIN)
			worst =
			    verdict_exit_worse(worst, plan->items[i].severity);
	channel->told_at = now;
	channel->told_severity = worst;
}

void
notice_commit(struct outbox_channel *channel, const struct notice_plan *plan,
    bool is_digest, int64_t now)
{
	if (!is_digest && notice_plan_is_due(plan))
		remember_telling(channel, plan, now);
	for (size_t i = 0; i < plan->count; i++) {
		const struct notice_item *item = &plan->items[i];

		/* An end that is yet to be told stays known until then. */
		if (item->part == NOTICE_ENDED && item->is_held)
			continue;
		if (item->part == NOTICE_ENDED)
			forget(channel, &item->key);
		else
			remember(find_problem(channel, &item->key), item,
			    is_digest, now);
	}
}

void
notice_commit_escalation(
    struct outbox_channel *channel, const struct notice_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		struct outbox_problem *problem =
		    find_problem(channel, &plan->items[i].key);

		if (plan->items[i].is_escalating && problem != NULL)
			problem->is_escalated = true;
	}
}

int64_t
notice_digest_due(const struct outbox_channel *channel,
    const struct config_notify *rules, int64_t now)
{
	enum date_fit fit;
	struct date date;
	int64_t due;

	if (rules->digest_minute == CONFIG_NONE)
		return 0;
	date_local(now, &date);
	date.hour = (int)rules->digest_minute / 60;
	date.minute = (int)rules->digest_minute % 60;
	date.second = 0;
	if (date_of_local(&date, &due, &fit) != 0)
		return 0;
	/* One that was for a later time than now: the clock went back. */
	if (now < due || (due <= channel->digest_at &&
			     channel->digest_at <= now + CLOCK_DAY_MS))
		return 0;
	return due;
}
