/*
 * query_slice: manifests, slices, and what is to be read next.
 *
 * Layer 5.  Uses: catalog.  For callbacks and texts see query.h.
 */
#ifndef HIKAE_STORE_QUERY_SLICE_H
#define HIKAE_STORE_QUERY_SLICE_H

#include "lib/crypto/digest.h"
#include "lib/store/query.h"

struct query_manifest {
	uint64_t id, copy, version, run;
	uint64_t superseded_seq; /* 0: the current one */
	const char *sha256, *content, *mode;
	uint64_t slices, entries, files, bytes, bytes_read, problems;
	int64_t captured_at, oldest_reading;
	/* The archive's members; members_state is NULL where it has none. */
	const char *members_state, *members_sha256, *members_content;
	uint64_t members_files, members_bytes;
	/* Checksums that the producer left; foreign_kind is NULL for none. */
	const char *foreign_kind, *foreign_result;
	uint64_t foreign_listed, foreign_mismatched;
};
typedef int query_manifest_fn(
    const struct query_manifest *row, void *context, struct error *err);

/* All versions of a copy's manifest, newest first. */
int query_manifests(struct catalog *catalog, struct catalog_at at,
    uint64_t copy, query_manifest_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

/* Which manifest; as in vault_name, without the system. */
struct query_manifest_name {
	const char *generation, *medium;
	uint64_t version;
	bool is_members;
};

/*
 * The digest of a stored manifest, as the journal has it.  ERROR_NOT_FOUND: no
 * entry names such a manifest.
 */
int query_manifest_digest(struct catalog *catalog,
    const struct query_manifest_name *name,
    uint8_t ret_sha256[DIGEST_SHA256_BYTES], struct error *err) ERROR_CHECKED;

/*
 * The volume that a manifest's copy was captured from then, into room for size
 * bytes; "" where the journal does not say, or no entry names the manifest.
 */
int query_manifest_volume(struct catalog *catalog,
    const struct query_manifest_name *name, char *ret_volume, size_t size,
    struct error *err) ERROR_CHECKED;

/*
 * Where the last slice of a stored manifest ends in its file, which is longer;
 * 0 for one that has none.
 */
int query_manifest_end(struct catalog *catalog, uint64_t manifest,
    uint64_t *ret_end, struct error *err) ERROR_CHECKED;

struct query_slice {
	uint64_t manifest, slice;
	uint64_t frame_offset, frame_length; /* in the stored manifest */
	uint64_t entries, bytes;
	const char *verdict; /* stays damaged until read again and found good */
	const char *outcome; /* what the last attempt said */
	const char *basis;   /* capture, or verification */
	const char *level, *mode; /* of the last attempt */
	uint64_t seq, run;	  /* of the last attempt */
	int64_t tried_at;	  /* instant of the last attempt's entry */
	int64_t read_at;	  /* oldest reading that the verdict rests on */
	uint64_t bytes_read, findings;
};
typedef int query_slice_fn(
    const struct query_slice *row, void *context, struct error *err);

/* A manifest's slices in order, with their verdicts. */
int query_slices(struct catalog *catalog, struct catalog_at at,
    uint64_t manifest, query_slice_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

/* Why a slice's turn comes. */
enum query_turn {
	QUERY_TURN_FAILED, /* damaged or undetermined */
	QUERY_TURN_FIRST,  /* never read again since the capture */
	QUERY_TURN_OLDEST,
};

struct query_next {
	uint64_t copy, manifest, slice;
	const char *generation, *source;
	enum query_turn turn;
	uint64_t frame_offset, frame_length, entries, bytes;
	int64_t read_at, tried_at;
};
typedef int query_next_fn(
    const struct query_next *row, void *context, struct error *err);

struct query_next_filter {
	const char *medium;
	int64_t tried_before; /* so that one pass meets no slice twice */
	uint64_t limit;	      /* at most so many; 0: none */
};

/*
 * The slices to be read next on a medium: failed ones, then those never read
 * again, then the oldest reading.  Only current manifests of copies that are
 * captured and present; only slices that were last tried before the instant.
 */
int query_next_slices(struct catalog *catalog,
    const struct query_next_filter *filter, query_next_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

/* What there is to read on a medium, and how much of it was. */
struct query_coverage {
	uint64_t copies; /* not expired */
	uint64_t missing, settling;
	uint64_t slices, damaged, undetermined;
	uint64_t bytes;		    /* of the current manifests */
	uint64_t unconfirmed_bytes; /* never read again since the capture */
	int64_t oldest_read_at;	    /* or QUERY_NEVER */
	/* Recorded with less than their bytes read: files that are shared. */
	uint64_t copies_linked;
	/* Archives that were read again for their members (zip, 7z, ISO). */
	uint64_t copies_read_twice;
};

int query_coverage(struct catalog *catalog, struct catalog_at at,
    const char *medium, struct query_coverage *ret_coverage,
    struct error *err) ERROR_CHECKED;

/*
 * Bytes and slices on a medium, now, whose turn has come: failed, never read
 * again, or read before read_before.
 */
int query_due(struct catalog *catalog, const char *medium, int64_t read_before,
    uint64_t *ret_slices, uint64_t *ret_bytes, struct error *err) ERROR_CHECKED;

#endif
