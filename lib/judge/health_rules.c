#include "lib/judge/health_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/i18n.h"

/* Clocks are not read at one instant; less is no step back, ms. */
#define CLOCK_TOLERANCE_MS 2000

/* Reasons of one status; beyond, those there count on. */
#define REASONS_MAX 4096

/*
 * What a source's state means, from good to worst: a medium's state is the
 * worst of its sources'.
 */
static const struct {
	const char *state;
	enum reason reason;
} states[] = {
    {"ok", REASONS},
    {"away", REASON_MEDIUM_AWAY},
    {"never-scanned", REASON_NEVER_SCANNED},
    {"absent", REASON_MEDIUM_ABSENT},
    {"unreadable", REASON_SOURCE_UNREADABLE},
    {"empty", REASON_NOTHING_FOUND},
    {"wrong-medium", REASON_WRONG_MEDIUM},
};
#define STATES (sizeof(states) / sizeof(states[0]))

struct health_system *
health_rules_system(const struct health *health, const char *id)
{
	for (size_t i = 0; i < health->system_count; i++)
		if (strcmp(health->systems[i].id, id) == 0)
			return &health->systems[i];
	return NULL;
}

struct health_medium *
health_rules_medium(const struct health *health, const char *id)
{
	for (size_t i = 0; i < health->medium_count; i++)
		if (strcmp(health->media[i].id, id) == 0)
			return &health->media[i];
	return NULL;
}

struct health_source *
health_rules_source(const struct health *health, const char *id)
{
	for (size_t i = 0; i < health->source_count; i++)
		if (strcmp(health->sources[i].id, id) == 0)
			return &health->sources[i];
	return NULL;
}

static bool
is_same(const struct health_reason *a, const char *code,
    const struct health_reason *b)
{
	return strcmp(a->code, code) == 0 &&
	       strcmp(a->system, b->system) == 0 &&
	       strcmp(a->medium, b->medium) == 0 &&
	       strcmp(a->source, b->source) == 0;
}

/* The newest finding and generation stand for all, the oldest since. */
static void
add_to(struct health_reason *reason, enum verdict_exit severity,
    const struct health_reason *about)
{
	reason->count++;
	reason->severity = verdict_exit_worse(reason->severity, severity);
	if (about->finding > reason->finding)
		reason->finding = about->finding;
	if (reason->since == QUERY_NEVER ||
	    (about->since != QUERY_NEVER && about->since < reason->since))
		reason->since = about->since;
}

int
health_rules_note(struct health *health, const char *code,
    enum verdict_exit severity, const struct health_reason *about,
    struct error *err)
{
	struct health_reason *reason;
	size_t count = health->reason_count;

	for (size_t i = 0; i < count; i++)
		if (is_same(&health->reasons[i], code, about)) {
			add_to(&health->reasons[i], severity, about);
			return 0;
		}
	if (count == REASONS_MAX)
		return error_set(err, ERROR_LIMIT,
		    _("more than %d different problems"), REASONS_MAX);
	if (array_grow(&health->reasons, count, sizeof(*reason), err) != 0)
		return -1;
	reason = &health->reasons[health->reason_count++];
	*reason = *about;
	(void)snprintf(reason->code, sizeof(reason->code), "%s", code);
	reason->severity = severity;
	if (reason->count == 0)
		reason->count = 1;
	return 0;
}

/* What a rule says, about a system, a medium or a source (or NULL). */
static int
conclude(struct health *health, enum reason reason, const char *system,
    const char *medium, const char *source, struct error *err)
{
	struct health_reason about = {.since = QUERY_NEVER};
	const char *code = reason_name(reason);

	(void)snprintf(about.system, sizeof(about.system), "%s",
	    system == NULL ? "" : system);
	(void)snprintf(about.medium, sizeof(about.medium), "%s",
	    medium == NULL ? "" : medium);
	(void)snprintf(about.source, sizeof(about.source), "%s",
	    source == NULL ? "" : source);
	/* A finding that says the same already counts once. */
	for (size_t i = 0; i < health->reason_count; i++)
		if (health->reasons[i].finding != 0 &&
		    is_same(&health->reasons[i], code, &about)) {
			health->reasons[i].severity =
			    verdict_exit_worse(health->reasons[i].severity,
				reason_severity(reason));
			return 0;
		}
	return health_rules_note(
	    health, code, reason_severity(reason), &about, err);
}

static size_t
rank_of(const char *state)
{
	size_t rank = 0;

	while (rank < STATES - 1 && strcmp(states[rank].state, state) != 0)
		rank++;
	return rank;
}

/* Of a medium in doubt that is all there is to say. */
static enum reason
reason_of(
    const struct health_source *source, const struct health_medium *medium)
{
	enum reason reason = states[rank_of(source->state)].reason;

	/* What was taken out of service need not be there. */
	if (medium != NULL && medium->is_retired &&
	    (reason == REASON_MEDIUM_AWAY || reason == REASON_MEDIUM_ABSENT))
		return REASONS;
	if (medium == NULL || medium->doubt == REASONS ||
	    (reason != REASONS && reason != REASON_SOURCE_UNREADABLE))
		return reason;
	return medium->doubt;
}

/* A source, and what it says about its system and its medium. */
static int
judge_source(struct health *health, const struct health_source *source,
    struct error *err)
{
	struct health_system *system =
	    health_rules_system(health, source->system);
	struct health_medium *medium =
	    health_rules_medium(health, source->medium);
	enum reason reason = reason_of(source, medium);
	int64_t scanned_at =
	    schedule_trust(source->scanned_at, health->now, health->ahead_ms);

	if (system != NULL)
		system->sources++;
	if (medium != NULL) {
		if (medium->state == NULL ||
		    rank_of(source->state) > rank_of(medium->state))
			medium->state = source->state;
		if (source->good_at > medium->seen_at)
			medium->seen_at = source->good_at;
		if (system != NULL && medium->coverage_ms > 0 &&
		    (system->coverage_ms == 0 ||
			medium->coverage_ms < system->coverage_ms))
			system->coverage_ms = medium->coverage_ms;
	}
	if (reason != REASONS && conclude(health, reason, source->system,
				     source->medium, source->id, err) != 0)
		return -1;
	if (reason != REASON_NEVER_SCANNED &&
	    (scanned_at == SCHEDULE_NEVER ||
		health->now - scanned_at > HEALTH_STALE_MS))
		return conclude(health, REASON_SCAN_STALE, source->system,
		    source->medium, source->id, err);
	return 0;
}

/* Generations that can be relied on, in sight or in a safe. */
static uint64_t
good_of(const struct health_system *system)
{
	return system->generations_good > system->generations_kept
		   ? system->generations_good
		   : system->generations_kept;
}

/* Whether there is something of the system to judge at all. */
static enum reason
nothing_of(const struct health_system *system)
{
	if (system->sources == 0 && system->copies == 0)
		return REASON_NO_SOURCE;
	if (system->generations == 0)
		return REASON_NO_GENERATION;
	if (system->intact + system->damaged + system->undetermined == 0)
		return REASON_NOTHING_CAPTURED;
	if (good_of(system) == 0)
		return REASON_NOT_DETERMINED;
	return REASONS;
}

static int
judge_system(
    struct health *health, struct health_system *system, struct error *err)
{
	enum reason reason = nothing_of(system);

	system->lateness = schedule_lateness(system->newest_at,
	    system->interval_ms > 0 ? system->interval_ms : -1,
	    system->grace_ms, health->now);
	if (reason != REASONS &&
	    conclude(health, reason, system->id, NULL, NULL, err) != 0)
		return -1;
	if (reason == REASON_NO_SOURCE || reason == REASON_NO_GENERATION)
		return 0;
	if (system->lateness != SCHEDULE_ON_TIME &&
	    conclude(health,
		system->lateness == SCHEDULE_LATE ? REASON_GENERATION_LATE
						  : REASON_LATE_IN_GRACE,
		system->id, NULL, NULL, err) != 0)
		return -1;
	if (good_of(system) > 0 && good_of(system) < system->generations_min)
		return conclude(health, REASON_FEW_GENERATIONS, system->id,
		    NULL, NULL, err);
	return 0;
}

/*
 * A source that no longer gets what others of its system get.  A medium that
 * is away most of the time has a schedule of its own, which nobody told us.
 */
static int
judge_newest(struct health *health, const struct health_source *source,
    struct error *err)
{
	const struct health_system *system =
	    health_rules_system(health, source->system);
	const struct health_medium *medium =
	    health_rules_medium(health, source->medium);

	if (system == NULL || medium == NULL || system->interval_ms <= 0 ||
	    system->lateness == SCHEDULE_LATE ||
	    strcmp(source->state, "ok") != 0 ||
	    offline_is_away(medium->offline) ||
	    schedule_lateness(source->newest_at, system->interval_ms,
		system->grace_ms, health->now) != SCHEDULE_LATE)
		return 0;
	return conclude(health, REASON_SOURCE_BEHIND, source->system,
	    source->medium, source->id, err);
}

static int
judge_medium(
    struct health *health, struct health_medium *medium, struct error *err)
{
	const struct query_coverage *coverage = &medium->coverage;
	int64_t read_at = schedule_trust(
	    coverage->oldest_read_at, health->now, health->ahead_ms);

	if (medium->state == NULL && coverage->copies == 0)
		return conclude(
		    health, REASON_UNUSED_MEDIUM, NULL, medium->id, NULL, err);
	if (coverage->slices == 0)
		return conclude(health, REASON_NOTHING_CAPTURED, NULL,
		    medium->id, NULL, err);
	medium->is_overdue = medium->coverage_ms > 0 &&
			     (read_at == SCHEDULE_NEVER ||
				 health->now - read_at > medium->coverage_ms);
	if (medium->is_overdue && conclude(health, REASON_COVERAGE_OVERDUE,
				      NULL, medium->id, NULL, err) != 0)
		return -1;
	if (coverage->unconfirmed_bytes >= coverage->bytes)
		return conclude(
		    health, REASON_NEVER_VERIFIED, NULL, medium->id, NULL, err);
	return 0;
}

static int
judge_itself(struct health *health, struct error *err)
{
	const struct health_run *run = &health->run;
	enum reason reason = REASONS;

	if (health->newest_entry_at != QUERY_NEVER &&
	    health->newest_entry_at - health->now > CLOCK_TOLERANCE_MS &&
	    conclude(health, REASON_CLOCK_BACK, NULL, NULL, NULL, err) != 0)
		return -1;
	if (run->id == 0)
		return 0;
	if (strcmp(run->canary, "missed") == 0)
		reason = REASON_CANARY_PASSED;
	else if (strcmp(run->outcome, "done") != 0)
		reason = REASON_RUN_FAILED;
	else if (strcmp(run->canary, "reported") != 0)
		reason = REASON_CANARY_NOT_RUN;
	if (reason == REASONS)
		return 0;
	return conclude(health, reason, NULL, NULL, NULL, err);
}

static int
judge_configuration(struct health *health, struct error *err)
{
	if (health->size == 0)
		return conclude(
		    health, REASON_NO_JOURNAL, NULL, NULL, NULL, err);
	if (health->system_count == 0 &&
	    conclude(health, REASON_NO_SYSTEMS, NULL, NULL, NULL, err) != 0)
		return -1;
	if (health->medium_count == 0)
		return conclude(health, REASON_NO_MEDIA, NULL, NULL, NULL, err);
	return 0;
}

/* Where nothing was measured, nothing begins as good. */
static void
fold(struct health *health)
{
	for (size_t i = 0; i < health->system_count; i++)
		health->systems[i].status = good_of(&health->systems[i]) > 0
						? VERDICT_EXIT_GOOD
						: VERDICT_EXIT_UNDETERMINED;
	for (size_t i = 0; i < health->medium_count; i++)
		health->media[i].status = health->media[i].coverage.slices > 0
					      ? VERDICT_EXIT_GOOD
					      : VERDICT_EXIT_UNDETERMINED;
	health->status = health->system_count > 0 ? VERDICT_EXIT_GOOD
						  : VERDICT_EXIT_UNDETERMINED;
	for (size_t i = 0; i < health->reason_count; i++) {
		const struct health_reason *reason = &health->reasons[i];
		struct health_system *system =
		    health_rules_system(health, reason->system);
		struct health_medium *medium =
		    health_rules_medium(health, reason->medium);

		health->status =
		    verdict_exit_worse(health->status, reason->severity);
		if (system != NULL)
			system->status = verdict_exit_worse(
			    system->status, reason->severity);
		if (medium != NULL)
			medium->status = verdict_exit_worse(
			    medium->status, reason->severity);
	}
	for (size_t i = 0; i < health->system_count; i++)
		health->status = verdict_exit_worse(
		    health->status, health->systems[i].status);
	for (size_t i = 0; i < health->medium_count; i++)
		health->status =
		    verdict_exit_worse(health->status, health->media[i].status);
}

/* Worst first; judged before found, since it says more; then the oldest. */
static int
compare(const void *a, const void *b)
{
	const struct health_reason *x = a, *y = b;

	if (x->severity != y->severity)
		return verdict_exit_worse(x->severity, y->severity) ==
			       x->severity
			   ? -1
			   : 1;
	if ((x->finding == 0) != (y->finding == 0))
		return x->finding == 0 ? -1 : 1;
	if (x->since != y->since)
		return x->since < y->since ? -1 : 1;
	if (strcmp(x->code, y->code) != 0)
		return strcmp(x->code, y->code);
	if (strcmp(x->system, y->system) != 0)
		return strcmp(x->system, y->system);
	return strcmp(x->medium, y->medium);
}

/* By what a reason is told from the same reason of yesterday: as many copies
 * are damaged, yet not the same ones. */
static void
find_newest(struct health *health)
{
	for (size_t i = 0; i < health->reason_count; i++) {
		struct health_reason *reason = &health->reasons[i];

		reason->newest = reason->finding;
		for (size_t k = 0;
		     reason->finding == 0 && k < health->reason_count; k++) {
			const struct health_reason *other = &health->reasons[k];

			if (other->finding > reason->newest &&
			    other->severity == reason->severity &&
			    strcmp(other->system, reason->system) == 0 &&
			    strcmp(other->medium, reason->medium) == 0)
				reason->newest = other->finding;
		}
	}
}

int
health_rules_apply(struct health *health, struct error *err)
{
	if (judge_configuration(health, err) != 0)
		return -1;
	for (size_t i = 0; i < health->source_count; i++)
		if (judge_source(health, &health->sources[i], err) != 0)
			return -1;
	for (size_t i = 0; i < health->system_count; i++)
		if (judge_system(health, &health->systems[i], err) != 0)
			return -1;
	for (size_t i = 0; i < health->source_count; i++)
		if (judge_newest(health, &health->sources[i], err) != 0)
			return -1;
	for (size_t i = 0; i < health->medium_count; i++)
		if (judge_medium(health, &health->media[i], err) != 0)
			return -1;
	if (judge_itself(health, err) != 0)
		return -1;
	fold(health);
	find_newest(health);
	if (health->reason_count > 0)
		qsort(health->reasons, health->reason_count,
		    sizeof(*health->reasons), compare);
	return 0;
}
