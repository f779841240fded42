#include "daemon/sightings.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"

struct sighting_extent
sightings_extent(const struct sighting *sighting)
{
	return (struct sighting_extent){sighting->entries, sighting->bytes,
	    sighting->newest_ms, sighting->oldest_ms};
}

bool
sightings_is_of(
    const struct sighting *sighting, const struct sighting_extent *extent)
{
	return sighting->entries == extent->entries &&
	       sighting->bytes == extent->bytes &&
	       sighting->newest_ms == extent->newest_ms &&
	       sighting->oldest_ms == extent->oldest_ms;
}

void
sightings_clear(struct sightings *sightings)
{
	for (size_t i = 0; i < sightings->count; i++)
		free(sightings->items[i].name);
	free(sightings->items);
	*sightings = (struct sightings){0};
}

int
sightings_add(struct sightings *sightings,
    const struct examine_candidate *candidate, int64_t now_ms,
    struct error *err)
{
	struct sighting *items, *new;

	if (sightings->count >= SIGHTINGS_MAX)
		return error_set(err, ERROR_LIMIT,
		    _("there are more than %d names in this source"),
		    SIGHTINGS_MAX);
	items = reallocarray(
	    sightings->items, sightings->count + 1, sizeof(*items));
	if (items == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	sightings->items = items;
	new = &items[sightings->count];
	*new = (struct sighting){
	    .name = malloc(candidate->name_length + 1),
	    .name_length = candidate->name_length,
	    .is_folder = candidate->is_folder,
	    .has_marker = candidate->has_marker,
	    .entries = candidate->entries,
	    .bytes = candidate->bytes,
	    .newest_ms = candidate->newest_ms,
	    .own_ms = candidate->own_ms,
	    .oldest_ms = candidate->oldest_ms,
	    .problem = candidate->problem,
	    .unchanged_since_ms = now_ms,
	};
	if (new->name == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	memcpy(new->name, candidate->name, candidate->name_length);
	new->name[candidate->name_length] = '\0';
	sightings->count++;
	return 0;
}

const struct sighting *
sightings_find(const struct sightings *sightings, const char *name)
{
	size_t low = 0, high = sightings->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(sightings->items[middle].name, name);

		if (order == 0)
			return &sightings->items[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

void
sightings_compare(struct sightings *now, const struct sightings *before)
{
	for (size_t i = 0; i < now->count; i++) {
		struct sighting *new = &now->items[i];
		const struct sighting *old = sightings_find(before, new->name);
		struct sighting_extent extent;

		if (old == NULL)
			continue;
		extent = sightings_extent(old);
		if (sightings_is_of(new, &extent))
			new->unchanged_since_ms = old->unchanged_since_ms;
	}
}
