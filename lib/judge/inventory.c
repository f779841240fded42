#include "lib/judge/inventory.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/i18n.h"
#include "lib/judge/inventory_internal.h"
#include "lib/model/finding.h"
#include "lib/model/schedule.h"
#include "lib/os/identity.h"
#include "lib/store/journal.h"
#include "lib/store/query_finding.h"
#include "lib/store/query_media.h"

/* Policy of a journal that was written before it had one, ms. */
#define DAY_MS INT64_C(86400000)
#define VERIFIED_MS (35 * DAY_MS)
#define ATTESTED_MS (100 * DAY_MS)
#define UNDETERMINED_MS (3 * DAY_MS)
#define AHEAD_MS INT64_C(7200000)

/* Clocks are not read at one instant; less is no step back, ms. */
#define TOLERANCE_MS 2000

static int
take_leaf(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	struct inventory *inventory = context;
	json_t *entry = json_parse((const char *)leaf, length, err);
	int rc = 0;

	(void)seq;
	if (entry == NULL)
		return -1;
	if (json_get_i64(entry, "at", &inventory->newest_at) != 0)
		rc = error_set(err, ERROR_INPUT, _("malformed journal entry"));
	json_decref(entry);
	return rc;
}

static int
gather_journal(struct inventory_gathering *gathering, struct error *err)
{
	struct inventory *inventory = gathering->inventory;

	if (journal_size(gathering->catalog, &inventory->size, err) != 0)
		return -1;
	if (inventory->at.seq < inventory->size)
		inventory->size = inventory->at.seq + 1;
	if (inventory->size == 0)
		return 0;
	return journal_each(gathering->catalog, inventory->size - 1,
	    inventory->size, take_leaf, inventory, err);
}

static int
take_facility(
    const struct query_facility *row, void *context, struct error *err)
{
	struct inventory *inventory = context;

	(void)err;
	inventory->facility_seq = row->from_seq;
	inventory->verified_ms = row->offline_verified_ms;
	inventory->attested_ms = row->offline_attested_ms;
	inventory->undetermined_ms = row->max_undetermined_ms;
	inventory->ahead_ms = row->clock_ahead_ms;
	return 0;
}

static int
add_step(struct inventory *inventory, uint64_t seq, int64_t at, int64_t by_ms,
    struct error *err)
{
	if (array_grow(&inventory->steps, inventory->step_count,
		sizeof(*inventory->steps), err) != 0)
		return -1;
	inventory->steps[inventory->step_count++] =
	    (struct inventory_step){seq, at, by_ms};
	return 0;
}

static int
take_clock(
    const struct query_clock_event *row, void *context, struct error *err)
{
	if (strcmp(row->event, "back") != 0)
		return 0;
	return add_step(context, row->seq, row->at, row->by_ms, err);
}

static int
gather_clock(struct inventory_gathering *gathering, struct error *err)
{
	struct inventory *inventory = gathering->inventory;

	if (query_clock_events(gathering->catalog, inventory->at, 0, take_clock,
		inventory, err) != 0)
		return -1;
	if (inventory->newest_at == QUERY_NEVER ||
	    inventory->newest_at - inventory->now <= TOLERANCE_MS)
		return 0;
	return add_step(inventory, 0, inventory->now,
	    inventory->newest_at - inventory->now, err);
}

static int
take_system(const struct query_system *row, void *context, struct error *err)
{
	struct inventory *inventory = context;
	struct inventory_system *system;

	if (array_grow(&inventory->systems, inventory->system_count,
		sizeof(*system), err) != 0)
		return -1;
	system = &inventory->systems[inventory->system_count++];
	*system = (struct inventory_system){
	    .from_seq = row->from_seq,
	    .generations_min = row->generations_min,
	    .recovery_order = row->recovery_order,
	    .recovery_target_ms = row->recovery_target_ms,
	    .interval_ms = row->interval_ms,
	    .grace_ms = row->grace_ms,
	};
	INVENTORY_TEXT(system->id, row->id);
	INVENTORY_TEXT(system->kind, row->kind);
	return 0;
}

static int
take_medium(const struct query_medium *row, void *context, struct error *err)
{
	struct inventory *inventory = context;
	struct inventory_medium *medium;

	if (array_grow(&inventory->media, inventory->medium_count,
		sizeof(*medium), err) != 0)
		return -1;
	medium = &inventory->media[inventory->medium_count++];
	*medium = (struct inventory_medium){
	    .from_seq = row->from_seq,
	    .is_offsite = row->is_offsite,
	    .coverage_ms = row->coverage_ms,
	    .max_attached_ms = row->max_attached_ms,
	    .configured_at = QUERY_NEVER,
	    .state_at = QUERY_NEVER,
	    .attached_at = QUERY_NEVER,
	    .seen_at = QUERY_NEVER,
	};
	INVENTORY_TEXT(medium->id, row->id);
	INVENTORY_TEXT(medium->kind, row->kind);
	INVENTORY_TEXT(medium->offline, row->offline);
	INVENTORY_TEXT(medium->location, row->location);
	return 0;
}

/* Of the journal itself, of a medium, or of a system's bytes. */
static int
take_finding(const struct query_finding *row, void *context, struct error *err)
{
	struct inventory *inventory = context;
	enum finding code;
	size_t at;

	(void)err;
	if (finding_parse(row->code, &code) == 0) {
		if (code == FINDING_JOURNAL_BROKEN ||
		    code == FINDING_JOURNAL_REWRITTEN ||
		    code == FINDING_JOURNAL_ROLLED_BACK ||
		    code == FINDING_JOURNAL_LOST ||
		    code == FINDING_WITNESS_UNKNOWN_KEY ||
		    code == FINDING_CATALOG_DIFFERS ||
		    code == FINDING_CATALOG_DAMAGED)
			inventory->journal_finding = row->id;
		at = row->medium == NULL
			 ? INVENTORY_NOT
			 : inventory_find_medium(inventory, row->medium);
		if (code == FINDING_ATTACHED_ELSEWHERE && at != INVENTORY_NOT)
			inventory->media[at].elsewhere = row->id;
	}
	at = row->system == NULL
		 ? INVENTORY_NOT
		 : inventory_find_system(inventory, row->system);
	if (at == INVENTORY_NOT || strcmp(row->verdict, "damaged") != 0)
		return 0;
	/* The newest come first. */
	if (inventory->systems[at].damage++ == 0)
		inventory->systems[at].damage_seq = row->id;
	return 0;
}

/* Suspicious content, or content that is broken. */
static int
take_content(const struct query_finding *row, void *context, struct error *err)
{
	struct inventory *inventory = context;
	bool is_broken =
	    strcmp(row->code, finding_name(FINDING_CONTENT_BROKEN)) == 0;

	(void)err;
	for (size_t i = 0;
	     row->generation != NULL && i < inventory->generation_count; i++) {
		struct inventory_generation *generation =
		    &inventory->generations[i];
		uint64_t *newest =
		    is_broken ? &generation->broken : &generation->suspicious;

		if (*newest == 0 &&
		    strcmp(generation->id, row->generation) == 0)
			*newest = row->id;
	}
	return 0;
}

/* Things before what happened to them. */
static int
gather(struct inventory_gathering *gathering, struct error *err)
{
	const struct query_finding_filter suspicious = {
	    .only_open = true,
	    .code = finding_name(FINDING_SUSPICIOUS_CONTENT),
	};
	const struct query_finding_filter broken = {
	    .only_open = true,
	    .code = finding_name(FINDING_CONTENT_BROKEN),
	};
	static const struct query_finding_filter open = {.only_open = true};
	struct catalog *catalog = gathering->catalog;
	struct inventory *inventory = gathering->inventory;
	struct catalog_at at = inventory->at;

	if (gather_journal(gathering, err) != 0 ||
	    query_facility(catalog, at, take_facility, inventory, err) != 0 ||
	    gather_clock(gathering, err) != 0 ||
	    query_systems(catalog, at, take_system, inventory, err) != 0 ||
	    query_media(catalog, at, take_medium, inventory, err) != 0 ||
	    query_findings(catalog, at, &open, take_finding, inventory, err) !=
		0)
		return -1;
	if (inventory_media_gather(gathering, err) != 0 ||
	    inventory_copies_gather(gathering, err) != 0)
		return -1;
	if (query_findings(
		catalog, at, &suspicious, take_content, inventory, err) != 0)
		return -1;
	return query_findings(
	    catalog, at, &broken, take_content, inventory, err);
}

int
inventory_read(struct catalog *catalog, const struct inventory_moment *moment,
    struct inventory **ret_inventory, struct error *err)
{
	struct inventory_gathering gathering = {
	    .catalog = catalog, .moment = moment};
	struct inventory *inventory = calloc(1, sizeof(*inventory));

	if (inventory == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	*inventory = (struct inventory){
	    .at = moment->at,
	    .now = moment->now,
	    .newest_at = QUERY_NEVER,
	    .verified_ms = VERIFIED_MS,
	    .attested_ms = ATTESTED_MS,
	    .undetermined_ms = UNDETERMINED_MS,
	    .ahead_ms = AHEAD_MS,
	};
	gathering.inventory = inventory;
	if (gather(&gathering, err) != 0) {
		inventory_free(inventory);
		return -1;
	}
	*ret_inventory = inventory;
	return 0;
}

void
inventory_free(struct inventory *inventory)
{
	if (inventory == NULL)
		return;
	for (size_t i = 0; i < inventory->medium_count; i++)
		free(inventory->media[i].spans);
	free(inventory->systems);
	free(inventory->media);
	free(inventory->sources);
	free(inventory->generations);
	free(inventory->copies);
	free(inventory->steps);
	free(inventory);
}

size_t
inventory_find_system(const struct inventory *inventory, const char *id)
{
	for (size_t i = 0; i < inventory->system_count; i++)
		if (strcmp(inventory->systems[i].id, id) == 0)
			return i;
	return INVENTORY_NOT;
}

size_t
inventory_find_medium(const struct inventory *inventory, const char *id)
{
	for (size_t i = 0; i < inventory->medium_count; i++)
		if (strcmp(inventory->media[i].id, id) == 0)
			return i;
	return INVENTORY_NOT;
}

/*
 * Each step back after the instant makes it older by as much.  Where the entry
 * is not known, a step that ended at a later instant came after.
 */
int64_t
inventory_age(const struct inventory *inventory, int64_t instant, uint64_t seq)
{
	int64_t trusted, age;

	if (instant == QUERY_NEVER)
		return INVENTORY_AGELESS;
	trusted = schedule_trust(instant, inventory->now, inventory->ahead_ms);
	if (trusted == SCHEDULE_NEVER)
		return INVENTORY_AGELESS;
	age = inventory->now - trusted;
	for (size_t i = 0; i < inventory->step_count; i++) {
		const struct inventory_step *step = &inventory->steps[i];

		if (step->seq == 0
			? instant <= inventory->now
			: (seq != 0 ? step->seq > seq : step->at > instant))
			age += step->by_ms;
	}
	return age;
}

/* Of an event, or AGELESS where it is not there. */
static int64_t
age_of(const struct inventory *inventory, const struct inventory_event *event)
{
	return event->seq == 0
		   ? INVENTORY_AGELESS
		   : inventory_age(inventory, event->at, event->seq);
}

bool
inventory_holds(
    const struct inventory *inventory, const struct inventory_event *event)
{
	int64_t age = age_of(inventory, event);

	return age != INVENTORY_AGELESS &&
	       (event->until == QUERY_NEVER || age <= event->until - event->at);
}

int64_t
inventory_left(
    const struct inventory *inventory, const struct inventory_event *event)
{
	int64_t age = age_of(inventory, event);

	if (age == INVENTORY_AGELESS)
		return 0;
	if (event->until == QUERY_NEVER)
		return INT64_MAX;
	return age < event->until - event->at ? event->until - event->at - age
					      : 0;
}

bool
inventory_is_retired(const struct inventory_medium *medium)
{
	bool was_away = true;

	if (medium->retired.seq == 0)
		return false;
	for (size_t i = 0; i < medium->span_count; i++) {
		const struct inventory_span *span = &medium->spans[i];

		if (span->reach == INVENTORY_IN && was_away &&
		    span->seq > medium->retired.seq)
			return false;
		/* What was not known for a while did not go. */
		if (span->reach != INVENTORY_UNKNOWN)
			was_away = span->reach == INVENTORY_OUT;
	}
	return true;
}

/* What is not known is so, whatever was to be assumed of it. */
enum inventory_reach
inventory_reach_of(const char *state, bool in_reach)
{
	if (strcmp(state, "unknown") == 0)
		return INVENTORY_UNKNOWN;
	if (in_reach)
		return INVENTORY_IN;
	return strcmp(state, "absent") == 0 ? INVENTORY_OUT : INVENTORY_UNKNOWN;
}

bool
inventory_is_served_here(const struct inventory_medium *medium)
{
	return strcmp(medium->disks, IDENTITY_THIS_HOST) == 0;
}

const char *
inventory_doubt_of(const struct inventory_medium *medium)
{
	static const struct {
		const char *why, *name;
	} doubts[] = {
	    {"uuid-twice", "uuid-twice"},
	    {"uuid-unsure", "uuid-unsure"},
	    {"uuid-unreadable", "identity-unreadable"},
	    {"serial-unreadable", "identity-unreadable"},
	};

	if (strcmp(medium->state, "unknown") != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(doubts) / sizeof(doubts[0]); i++)
		if (strcmp(medium->state_reason, doubts[i].why) == 0)
			return doubts[i].name;
	return NULL;
}

bool
inventory_is_watched(const struct inventory *inventory)
{
	return inventory_age(inventory, inventory->newest_at,
		   inventory->size == 0 ? 0 : inventory->size - 1) <=
	       INVENTORY_STALE_MS;
}
