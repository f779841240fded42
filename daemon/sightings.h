/*
 * sightings: the names that one scan of a source found, and when each came to
 * rest.
 *
 * Uses: worker/job.  Pure bookkeeping: no clock, no store.
 */
#ifndef HIKAE_DAEMON_SIGHTINGS_H
#define HIKAE_DAEMON_SIGHTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/examine/examine.h"

/* Names of one source that are looked at. */
#define SIGHTINGS_MAX 100000

struct sighting {
	char *name; /* ends in NUL; bytes, not text */
	size_t name_length;
	bool is_folder, has_marker;
	uint64_t entries, bytes;
	int64_t newest_ms, own_ms, oldest_ms; /* as examine_candidate */
	int problem;
	int64_t unchanged_since_ms; /* monotonic */
};

struct sightings {
	struct sighting *items; /* sorted by name as bytes */
	size_t count;
};

/* What tells that a name holds something else than before. */
struct sighting_extent {
	uint64_t entries, bytes;
	int64_t newest_ms, oldest_ms;
};

struct sighting_extent sightings_extent(const struct sighting *sighting);
bool sightings_is_of(
    const struct sighting *sighting, const struct sighting_extent *extent);

void sightings_clear(struct sightings *sightings);

/* Add what a scan found, in its order. */
int sightings_add(struct sightings *sightings,
    const struct examine_candidate *candidate, int64_t now_ms,
    struct error *err) ERROR_CHECKED;

/* Carry over since when each name rests from the scan before. */
void sightings_compare(struct sightings *now, const struct sightings *before);

/* NULL when there is none of that name. */
const struct sighting *sightings_find(
    const struct sightings *sightings, const char *name);

#endif
