#include "lib/judge/health.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/i18n.h"
#include "lib/judge/health_drills.h"
#include "lib/judge/health_media.h"
#include "lib/judge/health_rules.h"
#include "lib/judge/health_statements.h"
#include "lib/judge/inventory.h"
#include "lib/model/schedule.h"
#include "lib/store/query_finding.h"
#include "lib/store/query_media.h"

/* Runs to look back for one that was not cancelled. */
#define RUNS_MAX 50

/* What is being gathered, and the copy before the present one. */
struct gathering {
	struct catalog *catalog;
	struct catalog_at at;
	struct health *health;
	char generation[HEALTH_GENERATION_BYTES];
	bool is_counted;       /* the generation, as a good one */
	const char *media[64]; /* of the system, with good copies */
	char system[HEALTH_ID_BYTES];
};

#define COPY_TEXT(to, from) \
	((void)snprintf(to, sizeof(to), "%s", (from) == NULL ? "" : (from)))

static int
take_origin(const struct query_origin *row, void *context, struct error *err)
{
	struct health *health = context;

	(void)err;
	COPY_TEXT(health->facility, row->facility);
	return 0;
}

static int
take_facility(
    const struct query_facility *row, void *context, struct error *err)
{
	struct health *health = context;

	(void)err;
	health->ahead_ms = row->clock_ahead_ms;
	return 0;
}

static int
take_system(const struct query_system *row, void *context, struct error *err)
{
	struct health *health = context;
	struct health_system *system;

	if (array_grow(&health->systems, health->system_count,
		sizeof(*health->systems), err) != 0)
		return -1;
	system = &health->systems[health->system_count++];
	*system = (struct health_system){
	    .generations_min = row->generations_min,
	    .interval_ms = row->interval_ms,
	    .grace_ms = row->grace_ms,
	    .newest_at = QUERY_NEVER,
	    .oldest_read_at = QUERY_NEVER,
	};
	COPY_TEXT(system->id, row->id);
	COPY_TEXT(system->kind, row->kind);
	return 0;
}

static int
take_medium(const struct query_medium *row, void *context, struct error *err)
{
	struct gathering *gathering = context;
	struct health *health = gathering->health;
	struct health_medium *medium;

	if (array_grow(&health->media, health->medium_count,
		sizeof(*health->media), err) != 0)
		return -1;
	medium = &health->media[health->medium_count++];
	*medium = (struct health_medium){
	    .seen_at = QUERY_NEVER,
	    .coverage_ms = row->coverage_ms,
	    .doubt = REASONS,
	};
	COPY_TEXT(medium->id, row->id);
	COPY_TEXT(medium->kind, row->kind);
	COPY_TEXT(medium->offline, row->offline);
	return inventory_media_is_retired(gathering->catalog, gathering->at,
	    medium->id, &medium->is_retired, err);
}

/*
 * A medium with one of these modes is not there most of the time.  Once it was
 * never seen, absence is no plan.
 */
static bool
may_be_away(const struct health_medium *medium, int64_t good_at)
{
	return medium != NULL && good_at != QUERY_NEVER &&
	       offline_is_away(medium->offline);
}

static const char *
state_of(const struct health *health, const struct query_source *row)
{
	static const char *const results[] = {
	    "ok", "absent", "wrong-medium", "empty"};

	if (row->scan_seq == 0 || row->result == NULL)
		return "never-scanned";
	if (strcmp(row->result, "absent") == 0 &&
	    may_be_away(health_rules_medium(health, row->medium), row->good_at))
		return "away";
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++)
		if (strcmp(row->result, results[i]) == 0)
			return results[i];
	return "unreadable";
}

static int
take_source(const struct query_source *row, void *context, struct error *err)
{
	struct health *health = context;
	struct health_source *source;

	if (array_grow(&health->sources, health->source_count,
		sizeof(*health->sources), err) != 0)
		return -1;
	source = &health->sources[health->source_count++];
	*source = (struct health_source){
	    .state = state_of(health, row),
	    .scanned_at = row->scanned_at,
	    .good_at = row->good_at,
	    .newest_at = QUERY_NEVER,
	};
	COPY_TEXT(source->id, row->id);
	COPY_TEXT(source->system, row->system);
	COPY_TEXT(source->medium, row->medium);
	return 0;
}

/* The source that looks at a copy: its own, where that still lies there. */
static struct health_source *
source_of(const struct health *health, const struct query_copy *copy)
{
	struct health_source *source =
	    health_rules_source(health, copy->source);

	return source != NULL && strcmp(source->medium, copy->medium) == 0
		   ? source
		   : NULL;
}

static int
take_instant(struct health *health, struct health_system *system,
    const struct query_copy *copy, struct error *err)
{
	int64_t instant = inventory_instant_of(copy, health->ahead_ms);
	struct health_reason about = {.since = instant};
	struct health_source *source = source_of(health, copy);

	if (strcmp(copy->state, "missing") == 0 ||
	    (instant == QUERY_NEVER &&
		!inventory_is_ahead(copy, health->ahead_ms)))
		return 0;
	instant = schedule_trust(instant, health->now, health->ahead_ms);
	if (instant == SCHEDULE_NEVER) {
		COPY_TEXT(about.system, copy->system);
		return health_rules_note(health,
		    reason_name(REASON_CLOCK_AHEAD),
		    reason_severity(REASON_CLOCK_AHEAD), &about, err);
	}
	if (system->newest_at == QUERY_NEVER || instant > system->newest_at) {
		system->newest_at = instant;
		COPY_TEXT(system->newest, copy->generation);
	}
	if (source != NULL &&
	    (source->newest_at == QUERY_NEVER || instant > source->newest_at))
		source->newest_at = instant;
	return 0;
}

static void
take_good(struct gathering *gathering, struct health_system *system,
    const struct query_copy *copy)
{
	const struct health_medium *medium =
	    health_rules_medium(gathering->health, copy->medium);

	/* It is intact, and may be gone tomorrow. */
	if (medium != NULL && medium->is_retired)
		return;
	system->copies_good++;
	if (!gathering->is_counted)
		system->generations_good++;
	gathering->is_counted = true;
	if (medium == NULL)
		return;
	for (uint64_t i = 0; i < system->media; i++)
		if (gathering->media[i] == medium->id)
			return;
	if (system->media < sizeof(gathering->media) / sizeof(char *))
		gathering->media[system->media++] = medium->id;
}

/* Counts a reason for copies of the system on the medium. */
static int
note_copy(struct health *health, enum reason reason,
    const struct query_copy *copy, struct error *err)
{
	struct health_reason about = {.since = QUERY_NEVER};

	COPY_TEXT(about.system, copy->system);
	COPY_TEXT(about.medium, copy->medium);
	COPY_TEXT(about.generation, copy->generation);
	return health_rules_note(
	    health, reason_name(reason), reason_severity(reason), &about, err);
}

static int
take_captured(struct gathering *gathering, struct health_system *system,
    const struct query_copy *copy, struct error *err)
{
	const struct health_source *source = source_of(gathering->health, copy);
	bool is_seen = source != NULL && strcmp(source->state, "ok") == 0;

	system->bytes += copy->bytes;
	system->unconfirmed_bytes += copy->unconfirmed_bytes;
	if (copy->oldest_read_at != QUERY_NEVER &&
	    (system->oldest_read_at == QUERY_NEVER ||
		copy->oldest_read_at < system->oldest_read_at))
		system->oldest_read_at = copy->oldest_read_at;
	if (!is_seen)
		system->unseen++;
	if (source == NULL && note_copy(gathering->health,
				  REASON_COPIES_UNWATCHED, copy, err) != 0)
		return -1;
	if (strcmp(copy->verdict, "damaged") == 0) {
		system->damaged++;
		return note_copy(
		    gathering->health, REASON_COPIES_DAMAGED, copy, err);
	}
	if (strcmp(copy->verdict, "intact") != 0) {
		system->undetermined++;
		/* Nobody reads it again before it is configured. */
		return source == NULL
			   ? 0
			   : note_copy(gathering->health,
				 REASON_COPIES_UNDETERMINED, copy, err);
	}
	system->intact++;
	if (is_seen)
		take_good(gathering, system, copy);
	return 0;
}

/* Copies come by system and generation. */
static int
take_copy(const struct query_copy *row, void *context, struct error *err)
{
	struct gathering *gathering = context;
	struct health *health = gathering->health;
	struct health_system *system = health_rules_system(health, row->system);

	if (system == NULL)
		return 0;
	if (strcmp(gathering->generation, row->generation) != 0) {
		COPY_TEXT(gathering->generation, row->generation);
		gathering->is_counted = false;
		system->generations++;
	}
	system->copies++;
	if (take_instant(health, system, row, err) != 0)
		return -1;
	if (strcmp(row->state, "captured") == 0)
		return take_captured(gathering, system, row, err);
	if (strcmp(row->state, "missing") == 0) {
		system->missing++;
		return note_copy(health, REASON_COPIES_MISSING, row, err);
	}
	system->settling++;
	return note_copy(health, REASON_CAPTURE_AWAITED, row, err);
}

static enum verdict_exit
severity_of(const char *name)
{
	static const enum verdict_exit severities[] = {
	    VERDICT_EXIT_GOOD, VERDICT_EXIT_WARNING, VERDICT_EXIT_BAD};

	for (size_t i = 0; name != NULL && i < 3; i++)
		if (strcmp(name, verdict_exit_name(severities[i])) == 0)
			return severities[i];
	return VERDICT_EXIT_UNDETERMINED;
}

static int
take_finding(const struct query_finding *row, void *context, struct error *err)
{
	struct health *health = context;
	enum verdict_exit severity = severity_of(row->severity);
	struct health_reason about = {
	    .finding = row->id, .since = row->opened_at};

	health->findings[severity]++;
	COPY_TEXT(about.system, row->system);
	COPY_TEXT(about.medium, row->medium);
	COPY_TEXT(about.source, row->source);
	COPY_TEXT(about.generation, row->generation);
	return health_rules_note(health, row->code, severity, &about, err);
}

static int
take_run(const struct query_run *row, void *context, struct error *err)
{
	struct health_run *run = context;

	(void)err;
	if (!row->is_ended || strcmp(row->outcome, "cancelled") == 0)
		return 0;
	*run = (struct health_run){
	    .id = row->id,
	    .began_at = row->began_at,
	    .ended_at = row->ended_at,
	    .bytes = row->bytes,
	    .bytes_read = row->bytes_read,
	    .intact = row->intact,
	    .damaged = row->damaged,
	    .undetermined = row->undetermined,
	};
	COPY_TEXT(run->outcome, row->outcome);
	COPY_TEXT(run->canary, row->canary);
	return 1;
}

/* The copies as they pass, and what follows from all that is there. */
static int
gather_inventory(struct gathering *gathering, struct error *err)
{
	const struct inventory_moment moment = {
	    .at = gathering->at,
	    .now = gathering->health->now,
	    .each_copy = take_copy,
	    .context = gathering,
	};
	struct inventory *inventory = NULL;
	struct health *health = gathering->health;
	int rc = -1;

	if (inventory_read(gathering->catalog, &moment, &inventory, err) != 0)
		return -1;
	health->size = inventory->size;
	health->newest_entry_at = inventory->newest_at;
	if (health_media_judge(health, inventory, err) == 0 &&
	    health_statements_gather(
		gathering->catalog, inventory, health, err) == 0)
		rc = health_drills_gather(
		    gathering->catalog, inventory, health, err);
	inventory_free(inventory);
	return rc;
}

/* Everything that the catalog says; configured things before copies. */
static int
gather(struct gathering *gathering, struct error *err)
{
	static const struct query_finding_filter open = {.only_open = true};
	static const struct query_run_filter runs = {.limit = RUNS_MAX};
	struct catalog *catalog = gathering->catalog;
	struct catalog_at at = gathering->at;
	struct health *health = gathering->health;

	if (query_origin(catalog, at, take_origin, health, err) != 0 ||
	    query_facility(catalog, at, take_facility, health, err) != 0 ||
	    query_systems(catalog, at, take_system, health, err) != 0 ||
	    query_media(catalog, at, take_medium, gathering, err) != 0 ||
	    query_sources(catalog, at, take_source, health, err) != 0 ||
	    gather_inventory(gathering, err) != 0 ||
	    query_findings(catalog, at, &open, take_finding, health, err) !=
		0 ||
	    query_runs(catalog, at, &runs, take_run, &health->run, err) != 0)
		return -1;
	for (size_t i = 0; i < health->medium_count; i++)
		if (query_coverage(catalog, at, health->media[i].id,
			&health->media[i].coverage, err) != 0)
			return -1;
	return 0;
}

int
health_judge(struct catalog *catalog, struct catalog_at at, int64_t now,
    struct health **ret_health, struct error *err)
{
	struct gathering gathering = {.catalog = catalog, .at = at};
	struct health *health = calloc(1, sizeof(*health));

	if (health == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	health->now = now;
	health->ahead_ms = HEALTH_AHEAD_MS;
	gathering.health = health;
	if (gather(&gathering, err) != 0 ||
	    health_rules_apply(health, err) != 0) {
		health_free(health);
		return -1;
	}
	*ret_health = health;
	return 0;
}

void
health_free(struct health *health)
{
	if (health == NULL)
		return;
	free(health->systems);
	free(health->media);
	free(health->sources);
	free(health->reasons);
	free(health);
}
