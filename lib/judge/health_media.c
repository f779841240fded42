#include "lib/judge/health_media.h"

#include <stdio.h>
#include <string.h>

#include "lib/judge/generations.h"
#include "lib/judge/health_rules.h"

static int
note(struct health *health, enum reason reason,
    const struct health_medium *medium, int64_t since, struct error *err)
{
	struct health_reason about = {.since = since};

	(void)snprintf(about.medium, sizeof(about.medium), "%s", medium->id);
	return health_rules_note(
	    health, reason_name(reason), reason_severity(reason), &about, err);
}

/* Whether it may be a clone. */
static enum reason
doubt_of(const struct inventory_medium *medium)
{
	static const enum reason doubts[] = {
	    REASON_UUID_TWICE, REASON_UUID_UNSURE, REASON_IDENTITY_UNREADABLE};
	const char *doubt = inventory_doubt_of(medium);

	for (size_t i = 0; doubt != NULL && i < 3; i++)
		if (strcmp(doubt, reason_name(doubts[i])) == 0)
			return doubts[i];
	return REASONS;
}

/* Of a medium that should be out of reach. */
static int
judge_offline(struct health *health, const struct health_medium *medium,
    struct error *err)
{
	const struct offline_claim *claim = &medium->claim;

	if (medium->offline[0] == '\0')
		return 0;
	if (claim->evidence == OFFLINE_STALE)
		return note(
		    health, REASON_OFFLINE_STALE, medium, claim->since, err);
	if (strcmp(claim->reason, "not-observed") == 0 ||
	    strcmp(claim->reason, "state-unknown") == 0)
		return note(
		    health, REASON_OFFLINE_UNKNOWN, medium, QUERY_NEVER, err);
	return 0;
}

static int
judge_medium(struct health *health, const struct inventory *inventory,
    const struct copies *copies, size_t at, struct error *err)
{
	const struct inventory_medium *from = &inventory->media[at];
	struct health_medium *medium = health_rules_medium(health, from->id);

	if (medium == NULL)
		return 0;
	(void)snprintf(
	    medium->presence, sizeof(medium->presence), "%s", from->state);
	medium->in_reach = from->in_reach;
	medium->max_attached_ms = from->max_attached_ms;
	medium->claim = *copies_claim(copies, at);
	offline_expose(inventory, from, &medium->exposure);
	if (from->custody.seq != 0 && !from->in_reach &&
	    !inventory_holds(inventory, &from->custody) &&
	    note(health, REASON_CUSTODY_OVERDUE, medium, from->custody.until,
		err) != 0)
		return -1;
	medium->doubt = doubt_of(from);
	if (medium->doubt != REASONS)
		return note(health, medium->doubt, medium, from->state_at, err);
	return judge_offline(health, medium, err);
}

int
health_media_judge(
    struct health *health, const struct inventory *inventory, struct error *err)
{
	struct copies *copies = NULL;
	int rc = copies_judge(inventory, &copies, err);

	for (size_t i = 0; rc == 0 && i < inventory->system_count; i++) {
		struct health_system *system =
		    health_rules_system(health, inventory->systems[i].id);
		struct generations generations;

		if (system == NULL)
			continue;
		copies_summarize(copies, i, &system->summary);
		generations_count(copies, i, &generations);
		system->generations_kept = (uint64_t)generations.good.least;
	}
	for (size_t i = 0; rc == 0 && i < inventory->medium_count; i++)
		rc = judge_medium(health, inventory, copies, i, err);
	copies_free(copies);
	return rc;
}
