/*
 * records: are hikae's own records what the journal says?
 *
 * Layer 6.  Uses: store (audit, journal, vault), crypto, model/finding.
 *
 * Journal, catalog and stored manifests are looked at, nothing is written.
 * What is wrong is no error; it stands in the report, which goes from a child
 * to hikaed as JSON.
 */
#ifndef HIKAE_JUDGE_RECORDS_H
#define HIKAE_JUDGE_RECORDS_H

#include "lib/crypto/keyring.h"
#include "lib/format/json.h"
#include "lib/model/finding.h"
#include "lib/store/catalog_audit.h"
#include "lib/store/journal_since.h"

/* Copies whose manifests are named; the rest is counted. */
#define RECORDS_WRONG_MAX 256

/*
 * Of all manifests so many parts are read at each whole look, and at least so
 * many copies', where it is not asked for all of them.
 */
#define RECORDS_PARTS 30
#define RECORDS_PART_MIN 32

/* In the detail of a finding about a manifest that such a look opened. */
#define RECORDS_DETAIL "self-check"

struct records_request {
	struct catalog *catalog; /* within a transaction */
	struct catalog *scratch; /* NULL: only what came to the journal */
	int state_fd;		 /* where manifests/ is */
	struct journal_since since;
	bool is_all; /* every manifest is read */
	int64_t now;
	uint64_t catalog_bytes; /* of its file */
};

/* A copy whose manifest is gone, or not the one that was signed. */
struct records_wrong {
	uint64_t copy, manifest;
	enum finding code; /* MANIFEST_MISSING, SIGNATURE_INVALID */
};

struct records {
	bool is_whole; /* else only size and what follows it are known */
	uint64_t size; /* entries that were there */
	enum journal_fault fault;
	uint64_t fault_seq;
	/* The rest is of a whole look. */
	bool is_damaged;  /* the catalog's file; what is above is unknown */
	bool is_compared; /* rows, with those of a replay */
	char table[CATALOG_AUDIT_TABLE_BYTES]; /* "": all are the same */
	/* Of the newest entry of such a look; without one, of the first. */
	int64_t checked_at;
	uint64_t manifests, digested; /* of copies: looked at, read */
	uint64_t upto;		      /* the last copy of the part read */
	struct records_wrong wrong[RECORDS_WRONG_MAX]; /* by copy */
	size_t wrong_count;
	uint64_t omitted; /* of those that are wrong */
	/* Of the disk, by journal, catalog and manifests, in ROOM_PERIOD_MS. */
	uint64_t taken_bytes, taken_files;
};

/* ret_known as of journal_verify_since. */
int records_look(const struct records_request *request, struct records *ret,
    struct merkle_prefix *ret_known, struct error *err) ERROR_CHECKED;

/* The same as JSON; NULL without memory.  A new reference. */
json_t *records_format(const struct records *records);

/* ERROR_PROTOCOL for what records_format does not make. */
int records_parse(
    const json_t *value, struct records *ret, struct error *err) ERROR_CHECKED;

/*
 * Internal to records: the manifests of all copies.  Where the newest part
 * ended is in records->upto.
 */
int records_look_at_manifests(const struct records_request *request,
    struct records *records, struct error *err) ERROR_CHECKED;

/* Internal to records: taken_bytes and taken_files. */
int records_look_at_taken(const struct records_request *request,
    struct records *records, struct error *err) ERROR_CHECKED;

#endif
