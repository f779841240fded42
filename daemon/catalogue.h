/*
 * catalogue: the copies of one source as the catalog has them, and what a scan
 * changes about them.
 *
 * Uses: ledger, sighting, store.
 */
#ifndef HIKAE_DAEMON_CATALOGUE_H
#define HIKAE_DAEMON_CATALOGUE_H

#include "daemon/misnamed.h"
#include "daemon/service.h"
#include "daemon/sightings.h"
#include "lib/model/reuse.h"
#include "lib/worker/volume.h"

/* Whether what has a copy's name is another backup (discovery_reuse). */
struct catalogued_reuse {
	bool is_watched; /* the scan looks into it, to know */
	bool is_ordered; /* it is being read to find out */
	bool is_doubted; /* a reading found it changed, and waits to know */
	enum reuse_answer answer;
	/* What the answer or the order is about. */
	struct sighting_extent extent;
	bool is_later, is_partial; /* as in reuse_evidence */
	int64_t asked_ms;	   /* monotonic */
};

/* The volume that the copy's manifest was made from, once it was asked for. */
struct catalogued_origin {
	bool is_known;
	char volume[VOLUME_BYTES]; /* "": the journal does not say */
};

struct catalogued {
	uint64_t id;
	char *generation, *name; /* name: below the source; bytes */
	/* The catalog lost its name (a rebuild from a journal); name is "". */
	bool is_nameless;
	char subject[CATALOG_SUBJECT_BYTES];
	uint64_t version; /* of its manifest; 0: none */
	int64_t taken_at; /* ms since the epoch */
	bool is_folder;	  /* as it was found, whatever the layout is now */
	bool is_captured, is_missing;
	bool is_unconfirmed; /* not all of it was read again since */
	bool is_damaged;     /* something of it, by its last verdicts */
	bool is_incomplete;  /* something could not be read for its capture */
	bool has_returned;   /* by this scan; it must be read */
	int64_t captured_at; /* ms since the epoch, or QUERY_NEVER */
	/* As its manifest has them; modification in ms, or QUERY_NEVER. */
	uint64_t bytes, slices;
	int64_t newest_file_at;
	bool is_ordered; /* its capture is under way */
	/* When a capture found that nothing became other, monotonic; or 0. */
	int64_t unchanged_ms;
	struct catalogued_reuse reuse;
	struct catalogued_origin origin;
};

struct catalogue {
	struct catalogued *items;
	size_t count;
};

void catalogue_clear(struct catalogue *catalogue);

/*
 * Load the copies of a source on the medium where it lies now.  What was noted
 * of captures under way, and of names that are used again, stays.
 */
int catalogue_load(struct catalogue *catalogue, struct catalog *catalog,
    const struct config_source *source, struct error *err) ERROR_CHECKED;

/* NULL where there is none of that number. */
struct catalogued *catalogue_find(struct catalogue *catalogue, uint64_t copy);

struct catalogue_scan {
	const struct sightings *found;
	const struct sightings *others; /* of another kind than the layout's */
	/*
	 * The volume that was scanned; "": not known, or the configuration's
	 * UUID decides.  What was captured from another one is not judged.
	 */
	const char *volume;
	/* Nothing is there: that says something of that volume's copies alone.
	 */
	bool is_bare;
	uint64_t fitting; /* result: names that are generations */
	struct misnamed misnamed, other_kind; /* of catalogue_compare alone */
};

/*
 * Write what the scan found: new copies, missing ones, returned ones, names
 * that are no date, and that newer backups are of another kind.  Within a
 * transaction.
 */
int catalogue_compare(struct catalogue *catalogue, struct service *service,
    const struct config_source *source, struct catalogue_scan *scan,
    struct error *err) ERROR_CHECKED;

#endif
