/*
 * query_drill: drills, what was checked in them, and who signed.
 *
 * Layer 5.  Uses: catalog.  For callbacks and texts see query.h; texts are
 * NULL and instants QUERY_NEVER where there is none.
 */
#ifndef HIKAE_STORE_QUERY_DRILL_H
#define HIKAE_STORE_QUERY_DRILL_H

#include "lib/store/query.h"

struct query_drill {
	uint64_t id;
	int64_t began_at;
	uint64_t copy, manifest;
	const char *generation, *system, *medium, *operator;
	uint64_t share_ppm; /* of the bytes that were to be restored */
	uint64_t files_total, bytes_total;
	/* From its end on. */
	bool is_ended;
	uint64_t end_seq;
	int64_t ended_at;
	const char *outcome; /* passed warning failed undetermined aborted lost
			      */
	const char *reason;
	uint64_t files, bytes; /* restored, and equal to the manifest */
	int64_t medium_ms, restore_ms, check_ms;
	/* Of so many that a drill of all of it restores, as its comparison
	 * with the manifest found it: of an archive its members.  0: it did
	 * not come so far. */
	uint64_t of_files, of_bytes;
	/* From its signature on. */
	uint64_t signature_seq; /* 0: not signed */
	int64_t signed_at;
	const char *signed_by, *witness, *observation, *improvement;
	int64_t due;
	/* From then on what was to be improved is done. */
	uint64_t improvement_seq; /* 0: open, or there is none */
	int64_t improved_at;
	const char *improved_by, *improvement_note;
};
typedef int query_drill_fn(
    const struct query_drill *row, void *context, struct error *err);

struct query_drill_filter {
	uint64_t drill;	    /* 0: all */
	const char *system; /* NULL: all */
	uint64_t limit;	    /* 0: all */
};

/* Newest first. */
int query_drills(struct catalog *catalog, struct catalog_at at,
    const struct query_drill_filter *filter, query_drill_fn *each,
    void *context, struct error *err) ERROR_CHECKED;

struct query_drill_check {
	uint64_t seq, drill;
	const char *kind;    /* restore inspect program */
	const char *name;    /* of the format or the program */
	const char *outcome; /* passed warning failed undetermined */
	const char *detail;  /* a JSON object of integers and words */
};
typedef int query_drill_check_fn(
    const struct query_drill_check *row, void *context, struct error *err);

/* Of one drill, in order. */
int query_drill_checks(struct catalog *catalog, struct catalog_at at,
    uint64_t drill, query_drill_check_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

#endif
