/*
 * inventory: what the journal says is there, at a point of it, read once.
 *
 * Layer 6.  Uses: store's queries, model (schedule, verdict).
 *
 * The ground for offline, copies, generations and measure: rows without
 * conclusions.  What it points at belongs to it, and nothing in it changes.
 */
#ifndef HIKAE_JUDGE_INVENTORY_H
#define HIKAE_JUDGE_INVENTORY_H

#include "lib/judge/inventory_rows.h"

struct inventory {
	struct catalog_at at;
	int64_t now;
	uint64_t size;	   /* journal entries up to that point */
	int64_t newest_at; /* the last one's instant, or QUERY_NEVER */
	int64_t verified_ms, attested_ms, undetermined_ms, ahead_ms;
	uint64_t facility_seq;
	struct inventory_system *systems; /* by id, as media and sources */
	struct inventory_medium *media;
	struct inventory_source *sources;
	struct inventory_generation *generations; /* by system, newest first */
	struct inventory_copy *copies;
	size_t system_count, medium_count, source_count;
	size_t generation_count, copy_count;
	uint64_t journal_finding; /* open: the journal does not hold; or 0 */
	/* Steps that the clock made back; seq 0: not recorded yet. */
	struct inventory_step {
		uint64_t seq;
		int64_t at, by_ms;
	} * steps;
	size_t step_count;
};

/* A moment: a point of the journal, and what the clock shows. */
struct inventory_moment {
	struct catalog_at at;
	int64_t now;
	/* Is shown the rows of the copies as they pass; may be NULL. */
	query_copy_fn *each_copy;
	void *context;
};

int inventory_read(struct catalog *catalog,
    const struct inventory_moment *moment, struct inventory **ret_inventory,
    struct error *err) ERROR_CHECKED;

/* NULL is allowed. */
void inventory_free(struct inventory *inventory);

/* Their places, or INVENTORY_NOT. */
size_t inventory_find_system(const struct inventory *inventory, const char *id);
size_t inventory_find_medium(const struct inventory *inventory, const char *id);

/*
 * How long ago an instant was, which the entry seq recorded (0: not known
 * which), in ms: never less than it was, however often the clock went back
 * (law 8).  INVENTORY_AGELESS where it is QUERY_NEVER or lies ahead.
 */
int64_t inventory_age(
    const struct inventory *inventory, int64_t instant, uint64_t seq);

/*
 * The instant that a copy is as new as, or QUERY_NEVER.  A living tree is as
 * new as its newest file: one that is recorded every night and that nobody
 * writes any more is old.  Where that file lay ahead of the recording by more
 * than ahead_ms, nobody knows how new the others are (inventory_is_ahead), and
 * that it was recorded makes it no fresher (law 8).
 */
int64_t inventory_instant_of(const struct query_copy *row, int64_t ahead_ms);
bool inventory_is_ahead(const struct query_copy *row, int64_t ahead_ms);

/* Whether an event is there and has not ended (until). */
bool inventory_holds(
    const struct inventory *inventory, const struct inventory_event *event);

/*
 * How long it holds from now on, in ms: 0 where it is not there, has ended, or
 * nobody knows how long ago it was; INT64_MAX without an end.
 */
int64_t inventory_left(
    const struct inventory *inventory, const struct inventory_event *event);

/*
 * Whether it was taken out of service, and did not come back since; one that is
 * connected still has not.
 */
bool inventory_is_retired(const struct inventory_medium *medium);

/* The same of one medium, without an inventory; false is written on errors. */
int inventory_media_is_retired(struct catalog *catalog, struct catalog_at at,
    const char *id, bool *ret_is, struct error *err) ERROR_CHECKED;

/* What a state of a medium says of it; "": it was never observed. */
enum inventory_reach inventory_reach_of(const char *state, bool in_reach);

/*
 * Why nobody can say that what is there is the medium, and no clone of it: the
 * name of a reason (judge/reason), or NULL where nothing speaks against it.
 */
const char *inventory_doubt_of(const struct inventory_medium *medium);

/*
 * Whether this machine itself serves the medium, or a tunnel that begins here
 * leads to it: on which disks it lies, and where, is not known.
 */
bool inventory_is_served_here(const struct inventory_medium *medium);

/* Whether hikaed was at work not longer than INVENTORY_STALE_MS ago. */
bool inventory_is_watched(const struct inventory *inventory);

#endif
