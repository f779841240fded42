#include "daemon/absence.h"

#include <string.h>

#include "daemon/expiry.h"
#include "daemon/ledger.h"
#include "daemon/rotation.h"
#include "lib/store/query_slice.h"

enum origin {
	ORIGIN_UNKNOWN,
	ORIGIN_SAME,
	ORIGIN_OTHER,
};

/* Was it captured from the volume that is here now? */
static int
find_origin(struct service *service, const struct config_source *source,
    const char *volume, struct catalogued *copy, enum origin *ret_origin,
    struct error *err)
{
	struct catalogued_origin *origin = &copy->origin;
	const struct query_manifest_name name = {
	    .generation = copy->generation,
	    .medium = source->medium_id,
	    .version = copy->version,
	};

	*ret_origin = ORIGIN_UNKNOWN;
	if (volume[0] == '\0' || !copy->is_captured)
		return 0;
	if (!origin->is_known &&
	    query_manifest_volume(service->catalog, &name, origin->volume,
		sizeof(origin->volume), err) != 0)
		return -1;
	origin->is_known = true;
	if (origin->volume[0] != '\0')
		*ret_origin = strcmp(origin->volume, volume) == 0
				  ? ORIGIN_SAME
				  : ORIGIN_OTHER;
	return 0;
}

/*
 * Whether the name of a copy is there, and not something else under it.  Of
 * what nobody could look at nothing else is known.
 */
static bool
is_found(const struct config_source *source, const struct sightings *found,
    const struct catalogued *copy)
{
	const struct sighting *sighting = sightings_find(found, copy->name);

	return sighting != NULL && (source->layout == CONFIG_LAYOUT_TREE ||
				       sighting->problem != 0 ||
				       sighting->is_folder == copy->is_folder);
}

/* A copy that is gone, or is there again. */
static int
write_change(struct service *service, struct catalogued *copy, bool is_there,
    struct error *err)
{
	struct ledger_finding finding = {
	    .code = FINDING_GENERATION_MISSING,
	    .copy = copy->id,
	    .slice = -1,
	};
	uint64_t id;

	copy->is_missing = !is_there;
	if (ledger_append(service,
		json_pack("{s:s, s:s, s:I}", "type", "copy", "event",
		    is_there ? "returned" : "missing", "copy",
		    (json_int_t)copy->id),
		NULL, err) != 0)
		return -1;
	if (!is_there)
		return ledger_finding(service, &finding, &id, err);
	/* A name that is there again says nothing of its bytes (law 3). */
	copy->has_returned = copy->is_captured;
	if (copy->is_captured)
		return 0;
	return ledger_close_code(service, &finding, "returned", err);
}

int
absence_take(const struct catalogue *catalogue, struct service *service,
    const struct config_source *source, const struct catalogue_scan *scan,
    struct catalogued *copy, struct error *err)
{
	const bool is_there = is_found(source, scan->found, copy);
	enum origin origin;

	/* It is where it was. */
	if (is_there && !copy->is_missing)
		return 0;
	if (find_origin(service, source, scan->volume, copy, &origin, err) != 0)
		return -1;
	if (origin == ORIGIN_OTHER || (scan->is_bare && origin != ORIGIN_SAME))
		return 0;
	if (!is_there && !copy->is_ordered &&
	    rotation_has_expired(catalogue, source, scan->found, copy))
		return expiry_write(service, copy->id, "retention", err);
	return is_there == copy->is_missing
		   ? write_change(service, copy, is_there, err)
		   : 0;
}

int
absence_count_origins(struct catalogue *catalogue, struct service *service,
    const struct config_source *source, const char *volume,
    struct absence_origins *ret, struct error *err)
{
	enum origin origin;

	*ret = (struct absence_origins){0};
	for (size_t i = 0; i < catalogue->count; i++) {
		struct catalogued *copy = &catalogue->items[i];

		if (find_origin(service, source, volume, copy, &origin, err) !=
		    0)
			return -1;
		ret->same += origin == ORIGIN_SAME;
		ret->others += origin == ORIGIN_OTHER && !copy->is_missing;
	}
	return 0;
}
