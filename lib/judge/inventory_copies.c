/* Sources, and the copies with what they are beside their bytes. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/judge/inventory_internal.h"
#include "lib/model/schedule.h"
#include "lib/store/query_media.h"

static int
take_source(const struct query_source *row, void *context, struct error *err)
{
	struct inventory *inventory = context;
	struct inventory_source *source;

	if (array_grow(&inventory->sources, inventory->source_count,
		sizeof(*source), err) != 0)
		return -1;
	source = &inventory->sources[inventory->source_count++];
	*source = (struct inventory_source){
	    .system = inventory_find_system(inventory, row->system),
	    .medium = inventory_find_medium(inventory, row->medium),
	    .is_ok = row->result != NULL && strcmp(row->result, "ok") == 0,
	    .scan_seq = row->scan_seq,
	    .scanned_at = row->scanned_at,
	    .good_at = row->good_at,
	};
	INVENTORY_TEXT(source->id, row->id);
	INVENTORY_TEXT(source->layout, row->layout);
	if (source->system != INVENTORY_NOT)
		inventory->systems[source->system].source_count++;
	return 0;
}

/* The source that looks at a copy: its own, where that still lies there. */
static size_t
source_of(const struct inventory *inventory, const struct query_copy *row,
    size_t medium)
{
	for (size_t i = 0; i < inventory->source_count; i++)
		if (strcmp(inventory->sources[i].id, row->source) == 0)
			return medium != INVENTORY_NOT &&
				       inventory->sources[i].medium == medium
				   ? i
				   : INVENTORY_NOT;
	return INVENTORY_NOT;
}

int64_t
inventory_instant_of(const struct query_copy *row, int64_t ahead_ms)
{
	int64_t newest = row->newest_file_at;

	if (strcmp(row->layout, "tree") != 0)
		return row->taken_at;
	if (newest == QUERY_NEVER || row->captured_at == QUERY_NEVER)
		return row->captured_at;
	newest = schedule_trust(newest, row->captured_at, ahead_ms);
	return newest == SCHEDULE_NEVER ? QUERY_NEVER : newest;
}

bool
inventory_is_ahead(const struct query_copy *row, int64_t ahead_ms)
{
	return strcmp(row->layout, "tree") == 0 &&
	       row->captured_at != QUERY_NEVER &&
	       inventory_instant_of(row, ahead_ms) == QUERY_NEVER;
}

/* Copies come by system and generation: the one before, or a new one. */
static int
take_generation(struct inventory *inventory, const struct query_copy *row,
    size_t system, struct error *err)
{
	size_t count = inventory->generation_count;
	struct inventory_generation *generation;

	if (count > 0) {
		generation = &inventory->generations[count - 1];
		if (strcmp(generation->id, row->generation) == 0)
			return 0;
	}
	if (array_grow(
		&inventory->generations, count, sizeof(*generation), err) != 0)
		return -1;
	generation = &inventory->generations[inventory->generation_count++];
	*generation = (struct inventory_generation){
	    .system = system, .copy = inventory->copy_count};
	INVENTORY_TEXT(generation->id, row->generation);
	if (inventory->systems[system].generation_count++ == 0)
		inventory->systems[system].generation = count;
	return 0;
}

static enum verdict
verdict_of(const struct query_copy *row)
{
	enum verdict verdict;

	return verdict_parse(row->verdict, &verdict) == 0
		   ? verdict
		   : VERDICT_UNDETERMINED;
}

static bool
has_all_members(const struct query_copy *row)
{
	return row->members != NULL && strcmp(row->members, "complete") == 0;
}

static int
add_copy(struct inventory *inventory, const struct query_copy *row,
    struct error *err)
{
	struct inventory_generation *generation =
	    &inventory->generations[inventory->generation_count - 1];
	struct inventory_copy *copy;

	if (array_grow(&inventory->copies, inventory->copy_count, sizeof(*copy),
		err) != 0)
		return -1;
	copy = &inventory->copies[inventory->copy_count++];
	*copy = (struct inventory_copy){
	    .id = row->id,
	    .state_seq = row->state_seq,
	    .generation = inventory->generation_count - 1,
	    .medium = inventory_find_medium(inventory, row->medium),
	    .is_captured = strcmp(row->state, "captured") == 0,
	    .is_missing = strcmp(row->state, "missing") == 0,
	    .verdict = verdict_of(row),
	    .instant = inventory_instant_of(row, inventory->ahead_ms),
	    .taken_at = row->taken_at,
	    .captured_at = row->captured_at,
	    .oldest_read_at = row->oldest_read_at,
	    .files = row->files,
	    .bytes = row->bytes,
	    .unconfirmed_bytes = row->unconfirmed_bytes,
	    .restored_bytes =
		has_all_members(row) ? row->members_bytes : row->bytes,
	    .manifest = row->manifest,
	    .has_sealing = row->has_sealing,
	    .sealing = row->sealing,
	};
	copy->source = source_of(inventory, row, copy->medium);
	INVENTORY_TEXT(copy->medium_id, row->medium);
	INVENTORY_TEXT(copy->source_id, row->source);
	INVENTORY_TEXT(copy->layout, row->layout);
	generation->copy_count++;
	return 0;
}

static int
take_copy(const struct query_copy *row, void *context, struct error *err)
{
	struct inventory_gathering *gathering = context;
	const struct inventory_moment *moment = gathering->moment;
	struct inventory *inventory = gathering->inventory;
	size_t system = inventory_find_system(inventory, row->system);

	if (moment->each_copy != NULL) {
		int rc = moment->each_copy(row, moment->context, err);

		if (rc != 0)
			return rc;
	}
	if (system == INVENTORY_NOT)
		return 0;
	if (take_generation(inventory, row, system, err) != 0)
		return -1;
	return add_copy(inventory, row, err);
}

struct by_id {
	uint64_t id;
	size_t place;
};

static int
compare_ids(const void *a, const void *b)
{
	const struct by_id *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* Copies by number; traits come so, and one look goes over both. */
struct traits {
	struct inventory *inventory;
	struct by_id *ids;
	size_t next;
};

static int
take_trait(const struct query_trait *row, void *context, struct error *err)
{
	struct traits *traits = context;
	size_t count = traits->inventory->copy_count;
	struct inventory_copy *copy;

	(void)err;
	while (traits->next < count && traits->ids[traits->next].id < row->copy)
		traits->next++;
	if (traits->next == count || traits->ids[traits->next].id != row->copy)
		return 0;
	copy = &traits->inventory->copies[traits->ids[traits->next].place];
	copy->trait =
	    (struct inventory_event){row->from_seq, row->at, QUERY_NEVER};
	copy->is_immutable = row->files > 0 && row->immutable == row->files;
	INVENTORY_TEXT(copy->encrypted, row->encrypted);
	return 0;
}

static int
gather_traits(struct inventory_gathering *gathering, struct error *err)
{
	struct inventory *inventory = gathering->inventory;
	struct traits traits = {.inventory = inventory};
	int rc = -1;

	for (size_t i = 0; i < inventory->copy_count; i++) {
		if (array_grow(&traits.ids, i, sizeof(*traits.ids), err) != 0)
			goto out;
		traits.ids[i] = (struct by_id){inventory->copies[i].id, i};
	}
	if (inventory->copy_count > 0)
		qsort(traits.ids, inventory->copy_count, sizeof(*traits.ids),
		    compare_ids);
	rc = query_traits(
	    gathering->catalog, inventory->at, 0, take_trait, &traits, err);
out:
	free(traits.ids);
	return rc;
}

int
inventory_copies_gather(
    struct inventory_gathering *gathering, struct error *err)
{
	struct inventory *inventory = gathering->inventory;

	if (query_sources(gathering->catalog, inventory->at, take_source,
		inventory, err) != 0 ||
	    query_copies(gathering->catalog, inventory->at, NULL, take_copy,
		gathering, err) != 0)
		return -1;
	return gather_traits(gathering, err);
}
