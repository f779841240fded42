/*
 * query: what the catalog knows, at any point of the journal.
 *
 * Layer 5.  Uses: catalog.  See query_slice.h and query_finding.h, too.
 *
 * Rows are passed to a callback one by one.  Texts in a row are the words of
 * FORMATS section 4.1, NULL where there is none, valid during the call.  The
 * callback returns 0 to go on, 1 to stop, -1 (with err) to fail; it may ask
 * other queries, but not its own.  Whether later rows show what it writes is
 * open: collect first, where that matters.
 *
 * Copies, manifests, runs and findings are identified by sequence numbers; 0,
 * the origin's, stands for "none" or "any".
 */
#ifndef HIKAE_STORE_QUERY_H
#define HIKAE_STORE_QUERY_H

#include "lib/model/sealing.h"
#include "lib/store/catalog.h"

/* An instant that is not known. */
#define QUERY_NEVER INT64_MIN

/* Who wrote the journal, by the newest origin and key entries; bare keys. */
struct query_origin {
	uint64_t from_seq;
	const char *facility, *origin, *daemon_key, *facility_key;
};
typedef int query_origin_fn(
    const struct query_origin *row, void *context, struct error *err);
int query_origin(struct catalog *catalog, struct catalog_at at,
    query_origin_fn *each, void *context, struct error *err) ERROR_CHECKED;

/*
 * Whether the configuration in force has that digest (HEX64); whether a
 * statement about a key has it that is in the journal.
 */
int query_is_config(struct catalog *catalog, const char *sha256, bool *ret_is,
    struct error *err) ERROR_CHECKED;
int query_is_statement(struct catalog *catalog, const char *sha256,
    bool *ret_is, struct error *err) ERROR_CHECKED;

struct query_system {
	const char *id, *kind;
	uint64_t from_seq; /* so configured since */
	int64_t interval_ms, grace_ms;
	/* The order: 1 comes first; 0: not said. */
	uint64_t generations_min, recovery_order;
	int64_t recovery_target_ms; /* 0: none */
};
typedef int query_system_fn(
    const struct query_system *row, void *context, struct error *err);

/* By id. */
int query_systems(struct catalog *catalog, struct catalog_at at,
    query_system_fn *each, void *context, struct error *err) ERROR_CHECKED;

struct query_medium {
	const char *id, *kind;
	const char *offline; /* the offline mode, NULL for an online medium */
	uint64_t from_seq;
	int64_t coverage_ms; /* every byte is read within this; 0: no promise */
	bool is_offsite;
	const char *location;	 /* in words, or NULL */
	int64_t max_attached_ms; /* 0: no limit */
};
typedef int query_medium_fn(
    const struct query_medium *row, void *context, struct error *err);

/* By id. */
int query_media(struct catalog *catalog, struct catalog_at at,
    query_medium_fn *each, void *context, struct error *err) ERROR_CHECKED;

struct query_source {
	const char *id, *system, *medium, *layout;
	uint64_t from_seq;
	uint64_t scan_seq;   /* 0: never scanned */
	int64_t scanned_at;  /* or QUERY_NEVER */
	const char *result;  /* of the last scan, or NULL */
	uint64_t candidates; /* of the last scan */
	int64_t good_at;     /* last scan with result ok, or QUERY_NEVER */
};
typedef int query_source_fn(
    const struct query_source *row, void *context, struct error *err);

/* By id. */
int query_sources(struct catalog *catalog, struct catalog_at at,
    query_source_fn *each, void *context, struct error *err) ERROR_CHECKED;

/*
 * A copy that has not expired.  Its verdict is the worst of what is known:
 * "damaged" while a slice or an open finding says so; "undetermined" while it
 * is not captured, missing, has a slice, a finding or an entry that could not
 * be read, or nothing to read; else "intact".  Age is not part of it.
 */
struct query_copy {
	uint64_t id;
	const char *generation, *system, *medium, *source, *layout, *subject;
	const char *time_from; /* name, mtime */
	int64_t taken_at;
	const char *state, *reason; /* settling, captured, missing; why */
	uint64_t state_seq; /* the entry that last changed anything below */
	const char *verdict;
	uint64_t manifest; /* the current one; 0: none, and so zero below */
	uint64_t version, entries, files, bytes, problems;
	const char *content, *members, *foreign; /* HEX64, states; or NULL */
	uint64_t members_files, members_bytes;	 /* of an archive's members */
	uint64_t slices, intact, damaged, undetermined;
	uint64_t unconfirmed_bytes; /* never read again since the capture */
	/* Or QUERY_NEVER. */
	int64_t captured_at, oldest_read_at, newest_file_at;
	uint64_t findings_damaged, findings_undetermined; /* open ones */
	bool has_sealing; /* at the capture somebody counted */
	struct sealing sealing;
};
typedef int query_copy_fn(
    const struct query_copy *row, void *context, struct error *err);

/* At most one of these is set; none means all copies. */
struct query_copy_filter {
	uint64_t copy;
	const char *system, *generation, *medium;
};

/* By system, generations from the newest, medium. */
int query_copies(struct catalog *catalog, struct catalog_at at,
    const struct query_copy_filter *filter, query_copy_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

/* A generation with a copy that has not expired. */
struct query_generation {
	const char *id, *system, *time_from;
	uint64_t from_seq;
	int64_t taken_at;
	uint64_t copies;			/* missing ones included */
	uint64_t intact, damaged, undetermined; /* copies by verdict */
	uint64_t missing, bytes;		/* of the largest copy */
	int64_t oldest_read_at;
	/* The worst of its copies; same, names-differ, differ. */
	const char *verdict, *match;
};
typedef int query_generation_fn(
    const struct query_generation *row, void *context, struct error *err);

/* By system, newest first; system may be NULL for all. */
int query_generations(struct catalog *catalog, struct catalog_at at,
    const char *system, query_generation_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

#endif
