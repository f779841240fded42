/*
 * foreign_internal: a comparison under way, shared by foreign's files.
 *
 * Layer 4.  foreign.c gathers entries, foreign_check.c merges them with the
 * manifest, foreign_digest.c reads files a second time.
 */
#ifndef HIKAE_EXAMINE_FOREIGN_INTERNAL_H
#define HIKAE_EXAMINE_FOREIGN_INTERNAL_H

#include "lib/base/bytes.h"
#include "lib/examine/copy.h"
#include "lib/examine/foreign.h"
#include "lib/examine/read.h"
#include "lib/model/manifest_reader.h"
#include "lib/os/sorter.h"

/* What is kept of all that the lists say about one path. */
#define FOREIGN_CLAIMS_MAX 16

/* Files on their way through a second reading. */
#define FOREIGN_PENDING_MAX 16

/* What one list says about one path. */
struct foreign_claim {
	bool has_digest, has_size;
	enum digest_algorithm algorithm;
	uint64_t size;
	uint8_t digest[DIGEST_ANY_BYTES_MAX];
};

/* All claims about one path. */
struct foreign_group {
	struct bytes path; /* with a NUL behind it */
	struct foreign_claim claims[FOREIGN_CLAIMS_MAX];
	size_t count;
	uint64_t dropped; /* claims beyond */
};

/* A file that is read again. */
struct foreign_pending {
	struct read_item item;
	struct foreign_group group;
	uint8_t expected[DIGEST_SHA256_BYTES];	       /* the manifest's */
	struct digest_any *digests[DIGEST_ALGORITHMS]; /* made when needed */
	bool is_wanted[DIGEST_ALGORITHMS];
};

struct foreign {
	const struct foreign_options *options;
	struct sorter *sorter;
	struct foreign_list list;   /* that was begun last */
	int64_t list_time;	    /* of the oldest one, seconds */
	size_t lists;		    /* begun */
	enum foreign_origin origin; /* of all */
	bool is_unreadable, has_bag, has_database, is_opaque;
	uint64_t unclear, entries;
	bool has_oxum;
	uint64_t oxum_bytes, oxum_files;

	/* While checking. */
	struct manifest_reader *manifest;
	struct manifest_entry entry; /* the next one, if has_entry */
	bool has_entry;
	struct bytes link;	    /* path of the last link, with a slash */
	struct foreign_group group; /* being gathered */
	struct bytes record;	    /* the one read ahead, if has_record */
	bool has_record;
	uint64_t payload_bytes, payload_files; /* of a bag */
	struct foreign_outcome outcome;

	/* The second reading. */
	struct copy copy;
	struct read_queue *queue;
	struct foreign_pending pool[FOREIGN_PENDING_MAX];
	size_t pending_first, pending_count;
	uint64_t bytes_done, entries_done;
	struct examine_pulse pulse;
};

/* ---- foreign.c ---- */

/* Tell of a path; the copy as a whole has an empty one. */
int foreign_tell(struct foreign *foreign, struct examine_finding finding,
    struct error *err) ERROR_CHECKED;

/*
 * The next path with all its claims into foreign->group: 1, 0 after the last,
 * -1.
 */
int foreign_next_group(
    struct foreign *foreign, struct error *err) ERROR_CHECKED;

/* ---- foreign_digest.c ---- */

/*
 * Read the file of foreign->group, and later count it as one that agrees or
 * not.  Takes the group away.
 */
int foreign_digest_push(struct foreign *foreign,
    const struct manifest_entry *entry, bool has_agreed,
    struct error *err) ERROR_CHECKED;

/* Judge all that is under way. */
int foreign_digest_finish(
    struct foreign *foreign, struct error *err) ERROR_CHECKED;

void foreign_digest_done(struct foreign *foreign);

#endif
