/*
 * query_media: the facility, how its media stood, who had them, what protects
 * them.
 *
 * Layer 5.  Uses: catalog.  For callbacks and texts see query.h; texts are
 * NULL and instants QUERY_NEVER where there is none.
 */
#ifndef HIKAE_STORE_QUERY_MEDIA_H
#define HIKAE_STORE_QUERY_MEDIA_H

#include "lib/store/query.h"

struct query_facility {
	uint64_t from_seq;
	const char *kind; /* hospital, clinic */
	int64_t beds;	  /* -1: not said */
	const char *fees; /* words with one space between them, or "" */
	/* How long an unseen offline copy counts (DESIGN law 5). */
	int64_t offline_verified_ms, offline_attested_ms;
	int64_t max_undetermined_ms, clock_ahead_ms;
};
typedef int query_facility_fn(
    const struct query_facility *row, void *context, struct error *err);

/* One row; none for a journal written before it had them. */
int query_facility(struct catalog *catalog, struct catalog_at at,
    query_facility_fn *each, void *context, struct error *err) ERROR_CHECKED;

/* How a medium stood from an entry on until the next one. */
struct query_medium_state {
	const char *medium;
	uint64_t from_seq;
	bool is_current; /* no later row holds at the asked point */
	int64_t at;
	const char *state; /* mounted attached absent yanked hung
			      wrong-medium unknown */
	const char *reason;
	bool in_reach;	     /* an attacker on this host or its network could
				write to it, write protection apart */
	int64_t attached_at; /* in reach without a break since */
	int64_t seen_at;     /* last known in reach; now, while it is */
	/* As observed, or as it was when it went out of reach. */
	const char *filesystem, *uuid, *serial;
	const char *disks; /* which physical disks: equal texts, equal disks */
	const char *transport, *reach, *encrypted, *stamp;
	bool read_only, device_read_only, removable, rotational;
	int64_t capacity, free; /* bytes; -1: not known */
};
typedef int query_medium_state_fn(
    const struct query_medium_state *row, void *context, struct error *err);

/* The current state of each medium that has one, by id; medium: of one. */
int query_medium_states(struct catalog *catalog, struct catalog_at at,
    const char *medium, query_medium_state_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

struct query_medium_history {
	const char *medium;
	int64_t since;
};

/* All states that held at an instant after since, oldest first. */
int query_medium_history(struct catalog *catalog, struct catalog_at at,
    const struct query_medium_history *filter, query_medium_state_fn *each,
    void *context, struct error *err) ERROR_CHECKED;

struct query_medium_event {
	uint64_t seq;
	int64_t at;
	const char *medium;
	const char *event; /* checkout checkin retired record witness */
	const char *by, *holder, *place, *note, *result;
	const char *detail; /* a JSON object */
	int64_t until;
};
typedef int query_medium_event_fn(
    const struct query_medium_event *row, void *context, struct error *err);

/* NULL: all; limit 0: all. */
struct query_medium_event_filter {
	const char *medium, *event;
	uint64_t limit;
};

/* Newest first. */
int query_medium_events(struct catalog *catalog, struct catalog_at at,
    const struct query_medium_event_filter *filter, query_medium_event_fn *each,
    void *context, struct error *err) ERROR_CHECKED;

/* Who has a medium that was checked out and not checked in. */
struct query_custody {
	const char *medium;
	uint64_t from_seq;
	const char *by, *holder, *place, *note;
	int64_t at, until;
};
typedef int query_custody_fn(
    const struct query_custody *row, void *context, struct error *err);

/* By medium, which may be NULL for all. */
int query_custody(struct catalog *catalog, struct catalog_at at,
    const char *medium, query_custody_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

/* What writing to a medium met when it was last tried. */
struct query_protection {
	const char *medium;
	const char *method; /* device-read-only, probe */
	uint64_t from_seq;
	int64_t at;
	const char *result; /* refused, accepted, undetermined */
	const char *reason;
};
typedef int query_protection_fn(
    const struct query_protection *row, void *context, struct error *err);

/* By medium, which may be NULL for all, and method. */
int query_protections(struct catalog *catalog, struct catalog_at at,
    const char *medium, query_protection_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

/* What a copy is beside its bytes. */
struct query_trait {
	uint64_t copy, from_seq;
	int64_t at;
	uint64_t files, immutable; /* files with the immutable flag, of all */
	/* none file files archive medium unknown */
	const char *encrypted;
};
typedef int query_trait_fn(
    const struct query_trait *row, void *context, struct error *err);

/* Of one copy (at most one row), or of all (0). */
int query_traits(struct catalog *catalog, struct catalog_at at, uint64_t copy,
    query_trait_fn *each, void *context, struct error *err) ERROR_CHECKED;

#endif
