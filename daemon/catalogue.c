#include "daemon/catalogue.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/absence.h"
#include "daemon/expiry.h"
#include "daemon/ledger.h"
#include "daemon/misnamed.h"
#include "daemon/naming.h"
#include "daemon/rotation.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/store/query.h"
#include "lib/store/query_finding.h"
#include "lib/store/vault.h"

void
catalogue_clear(struct catalogue *catalogue)
{
	for (size_t i = 0; i < catalogue->count; i++) {
		free(catalogue->items[i].generation);
		free(catalogue->items[i].name);
	}
	free(catalogue->items);
	*catalogue = (struct catalogue){0};
}

static int
add(struct catalogue *catalogue, const struct catalogued *copy,
    struct error *err)
{
	struct catalogued *items;

	if (copy->generation == NULL || copy->name == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	items = reallocarray(
	    catalogue->items, catalogue->count + 1, sizeof(*items));
	if (items == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	catalogue->items = items;
	items[catalogue->count++] = *copy;
	return 0;
}

struct catalogued *
catalogue_find(struct catalogue *catalogue, uint64_t copy)
{
	for (size_t i = 0; i < catalogue->count; i++)
		if (catalogue->items[i].id == copy)
			return &catalogue->items[i];
	return NULL;
}

struct loading {
	struct catalogue *new;
	struct catalogue *old;
	struct catalog *catalog;
	const struct config_source *source;
};

static int
load_row(const struct query_copy *row, void *context, struct error *err)
{
	struct loading *loading = context;
	const struct catalogued *old;
	struct bytes name = BYTES_EMPTY;
	struct catalogued copy;
	bool is_nameless = false;

	/* A source that was moved to another medium begins anew there. */
	if (strcmp(row->source, loading->source->id) != 0 ||
	    strcmp(row->medium, loading->source->medium_id) != 0)
		return 0;
	if (catalog_get_name(loading->catalog, row->subject, &name, err) != 0) {
		if (err->code != ERROR_NOT_FOUND)
			return -1;
		is_nameless = true;
	}
	bytes_append_u8(&name, 0);
	copy = (struct catalogued){
	    .id = row->id,
	    .generation = strdup(row->generation),
	    .name = (char *)name.data,
	    .is_nameless = is_nameless,
	    .version = row->version,
	    .taken_at = row->taken_at,
	    .is_folder = strcmp(row->layout, "directory") == 0,
	    .is_captured = row->manifest != 0,
	    .is_unconfirmed = row->unconfirmed_bytes > 0,
	    .is_damaged = row->damaged > 0 || row->findings_damaged > 0,
	    .is_incomplete = row->problems > 0,
	    .is_missing = strcmp(row->state, "missing") == 0,
	    .captured_at = row->captured_at,
	    .bytes = row->bytes,
	    .slices = row->slices,
	    .newest_file_at = row->newest_file_at,
	};
	(void)snprintf(copy.subject, sizeof(copy.subject), "%s", row->subject);
	old = catalogue_find(loading->old, row->id);
	if (old != NULL) {
		copy.is_ordered = old->is_ordered;
		copy.unchanged_ms = old->unchanged_ms;
		if (old->version == copy.version)
			copy.origin = old->origin;
		copy.reuse = old->reuse;
	}
	if (add(loading->new, &copy, err) == 0)
		return 0;
	free(copy.generation);
	bytes_done(&name);
	return -1;
}

int
catalogue_load(struct catalogue *catalogue, struct catalog *catalog,
    const struct config_source *source, struct error *err)
{
	struct catalogue new = {0};
	struct loading loading = {&new, catalogue, catalog, source};

	if (query_copies(catalog, CATALOG_NOW, NULL, load_row, &loading, err) !=
	    0) {
		catalogue_clear(&new);
		return -1;
	}
	catalogue_clear(catalogue);
	*catalogue = new;
	return 0;
}

static struct catalogued *
find_name(struct catalogue *catalogue, const char *name)
{
	for (size_t i = 0; i < catalogue->count; i++)
		if (strcmp(catalogue->items[i].name, name) == 0)
			return &catalogue->items[i];
	return NULL;
}

/* A copy that was not there before, and since when it is one. */
static int
write_seen(struct catalogue *catalogue, struct service *service,
    const struct sighting *sighting, const struct naming_request *unnamed,
    struct error *err)
{
	const struct config_source *source = unnamed->source;
	struct naming_request naming = *unnamed;
	bool is_from_name =
	    source->layout != CONFIG_LAYOUT_TREE &&
	    pattern_precision(source->pattern) != PATTERN_NO_TIME;
	char subject[CATALOG_SUBJECT_BYTES], generation[NAMING_BYTES];
	struct catalogued copy = {.taken_at = unnamed->taken_at,
	    .is_folder = sighting->is_folder,
	    .captured_at = QUERY_NEVER};

	naming.subject = subject;
	if (catalog_put_name(service->catalog, sighting->name,
		sighting->name_length, subject, err) != 0 ||
	    naming_choose(service, &naming, generation, err) != 0 ||
	    ledger_append(service,
		json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:s}",
		    "type", "seen", "generation", generation, "system",
		    source->system_id, "medium", source->medium_id, "source",
		    source->id, "layout", config_layout_name(source->layout),
		    "taken_at", (json_int_t)naming.taken_at, "time_from",
		    is_from_name ? "name" : "mtime", "subject", subject),
		&copy.id, err) != 0)
		return -1;
	copy.generation = strdup(generation);
	copy.name = strdup(sighting->name);
	if (add(catalogue, &copy, err) == 0)
		return 0;
	free(copy.generation);
	free(copy.name);
	return -1;
}

/* Whether a copy has what its manifest says, as far as a scan sees that. */
static bool
has_extent(const struct catalogued *copy, const struct sighting *sighting)
{
	return copy->bytes == sighting->bytes &&
	       (sighting->is_folder ||
		   copy->newest_file_at == sighting->newest_ms);
}

/*
 * The one copy without a name that this may be: of a living tree there is but
 * one, else its time says it, and where several are of that time, its size.
 * Those that are alike in everything stay without: a name that is given wrongly
 * would make a good copy look damaged.
 */
static struct catalogued *
find_nameless(struct catalogue *catalogue, const struct sighting *sighting,
    int64_t taken_at, bool is_tree)
{
	struct catalogued *found = NULL, *alike = NULL;
	size_t count = 0, alikes = 0;

	for (size_t i = 0; i < catalogue->count; i++) {
		struct catalogued *copy = &catalogue->items[i];

		if (!copy->is_nameless ||
		    (!is_tree && copy->taken_at != taken_at))
			continue;
		found = copy;
		count++;
		if (!has_extent(copy, sighting))
			continue;
		alike = copy;
		alikes++;
	}
	if (count == 1)
		return found;
	return alikes == 1 ? alike : NULL;
}

/*
 * A copy whose name was lost is known again; whether its bytes are those of its
 * manifest, the next verification tells.  1; 0: it is none; -1.
 */
static int
name_again(struct catalogue *catalogue, struct service *service,
    const struct sighting *sighting, int64_t taken_at, bool is_tree,
    struct error *err)
{
	struct catalogued *copy =
	    find_nameless(catalogue, sighting, taken_at, is_tree);
	char *name;

	if (copy == NULL)
		return 0;
	if (catalog_adopt_name(service->catalog, copy->subject, sighting->name,
		sighting->name_length, err) != 0)
		return err->code == ERROR_EXISTS ? 0 : -1;
	name = strdup(sighting->name);
	if (name == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	free(copy->name);
	copy->name = name;
	copy->is_nameless = false;
	return 1;
}

static int
take_sighting(struct catalogue *catalogue, struct service *service,
    const struct config_source *source, const struct sighting *sighting,
    struct catalogue_scan *scan, struct error *err)
{
	bool is_tree = source->layout == CONFIG_LAYOUT_TREE;
	bool has_time = pattern_precision(source->pattern) != PATTERN_NO_TIME;
	int64_t taken_at = sighting->newest_ms;
	struct naming_request naming;
	int fits = 1, named;

	if (!is_tree)
		fits = pattern_match(source->pattern, sighting->name,
		    sighting->name_length, &taken_at, NULL);
	if (fits < 0)
		return misnamed_take(
		    &scan->misnamed, service, source, sighting, err);
	if (fits == 0)
		return 0;
	scan->fitting++;
	if (find_name(catalogue, sighting->name) != NULL)
		return 0;
	if (is_tree || !has_time)
		taken_at = sighting->newest_ms;
	named =
	    name_again(catalogue, service, sighting, taken_at, is_tree, err);
	if (named != 0)
		return named < 0 ? -1 : 0;
	naming = (struct naming_request){
	    .source = source, .taken_at = taken_at, .found = scan->found};
	return write_seen(catalogue, service, sighting, &naming, err);
}

/*
 * The first of the names that are newer than every copy, and of another kind
 * than the layout's; NULL where there is none.  A day must have passed: a log
 * may be written before its backup.
 */
static const struct sighting *
first_other(const struct catalogue *catalogue,
    const struct config_source *source, const struct sightings *others)
{
	const int64_t rested = clock_wall_ms() - CLOCK_DAY_MS;
	const struct sighting *first = NULL;
	int64_t newest = INT64_MIN, at, first_at = INT64_MAX;

	for (size_t i = 0; i < catalogue->count; i++)
		if (catalogue->items[i].taken_at > newest)
			newest = catalogue->items[i].taken_at;
	for (size_t i = 0; i < others->count; i++) {
		const struct sighting *other = &others->items[i];

		if (pattern_match(source->pattern, other->name,
			other->name_length, &at, NULL) != 1 ||
		    at <= newest || at >= first_at || other->own_ms > rested)
			continue;
		first = other;
		first_at = at;
	}
	return first;
}

/*
 * Backups that became something else are told, not passed over.  One name
 * stands for all: it stays the same while they go on.
 */
static int
take_others(struct catalogue *catalogue, struct service *service,
    const struct config_source *source, struct catalogue_scan *scan,
    struct error *err)
{
	const bool has_time =
	    source->layout != CONFIG_LAYOUT_TREE &&
	    pattern_precision(source->pattern) != PATTERN_NO_TIME;
	const struct sighting *first = NULL;

	/* Where there is no copy at all, that is told. */
	if (has_time && catalogue->count > 0)
		first = first_other(catalogue, source, scan->others);
	if (misnamed_load(&scan->other_kind, FINDING_NAME_OTHER_KIND,
		service->catalog, source, err) != 0 ||
	    (first != NULL && misnamed_take(&scan->other_kind, service, source,
				  first, err) != 0))
		return -1;
	return misnamed_close(&scan->other_kind, service, err);
}

/* The last takes its place. */
static void
drop(struct catalogue *catalogue, size_t place)
{
	struct catalogued gone = catalogue->items[place];

	catalogue->items[place] = catalogue->items[--catalogue->count];
	catalogue->items[catalogue->count] = (struct catalogued){.id = 0};
	free(gone.generation);
	free(gone.name);
}

/* Copies whose names the backup software has used again have expired. */
static int
drop_replaced(struct catalogue *catalogue, struct service *service,
    const struct config_source *source, const struct sightings *found,
    struct error *err)
{
	size_t i = 0;

	while (i < catalogue->count) {
		struct catalogued *copy = &catalogue->items[i];

		if (!rotation_is_replaced(
			catalogue, service, source, found, copy)) {
			i++;
			continue;
		}
		if (expiry_write(service, copy->id, "retention", err) != 0)
			return -1;
		drop(catalogue, i);
	}
	return 0;
}

int
catalogue_compare(struct catalogue *catalogue, struct service *service,
    const struct config_source *source, struct catalogue_scan *scan,
    struct error *err)
{
	const struct sightings *found = scan->found;

	scan->fitting = 0;
	if (misnamed_load(&scan->misnamed, FINDING_NAME_NO_DATE,
		service->catalog, source, err) != 0 ||
	    drop_replaced(catalogue, service, source, found, err) != 0)
		return -1;
	for (size_t i = 0; i < found->count; i++)
		if (take_sighting(catalogue, service, source, &found->items[i],
			scan, err) != 0)
			return -1;
	if (misnamed_close(&scan->misnamed, service, err) != 0 ||
	    take_others(catalogue, service, source, scan, err) != 0)
		return -1;
	for (size_t i = 0; i < catalogue->count; i++) {
		if (absence_take(catalogue, service, source, scan,
			&catalogue->items[i], err) != 0)
			return -1;
	}
	return 0;
}
