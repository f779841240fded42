/*
 * verify_internal: a verification under way, shared by verify's files.
 *
 * Layer 4.  verify_slices.c feeds entries into the queue, verify_judge.c judges
 * what comes out.
 */
#ifndef HIKAE_EXAMINE_VERIFY_INTERNAL_H
#define HIKAE_EXAMINE_VERIFY_INTERNAL_H

#include "lib/examine/copy.h"
#include "lib/examine/read.h"
#include "lib/examine/verify.h"
#include "lib/model/manifest_reader.h"

/*
 * An entry, or a part of a large file, on its way to a verdict.  What can be
 * seen of it is noted when it goes into the queue; it is judged when it comes
 * out, because only then its slice is the one being judged.
 */
struct verify_pending {
	struct read_item item;
	struct manifest_entry entry; /* path and link point into the copies */
	struct bytes path;	     /* with a NUL behind it */
	struct bytes link;
	struct readings_identity identity;
	struct reading reading;
	uint8_t expected[DIGEST_SHA256_BYTES];
	struct stat seen;
	int problem; /* errno of looking at it or opening it, or 0 */
	bool is_regular, is_folder;
	bool is_carried; /* `reading` counts, nothing is read */
	bool is_end;	 /* no entry: the end of its slice */
	uint64_t slice;
	struct verify_pending *next_free;
};

struct verify_run {
	const struct verify_options *options;
	struct manifest_reader *manifest;
	struct read_queue *queue;
	struct copy copy;
	struct verify_pending *free_list;
	struct verify_pending pool[READ_ITEMS_MAX];
	const struct verify_range *range, *range_end;
	uint64_t next_slice; /* being pushed */
	enum {
		AT_BEGINNING,
		AT_ENTRIES,
		AT_END
	} at;
	struct examine_slice result; /* of the slice being judged */
	bool is_judging;
	uint64_t bytes_due, bytes_agreed; /* of the slice being judged */
	struct examine_pulse pulse;
	uint64_t bytes_done, entries_done; /* judged */
	uint64_t bytes_read;
	bool has_read;	  /* something, so that the medium is there */
	bool was_carried; /* the last file that could be */
};

/*
 * Judge an entry, or a part of a large file, that came out of the queue: fold
 * it into run->result and tell of what is wrong.
 */
int verify_judge_entry(struct verify_run *run, struct verify_pending *pending,
    struct error *err) ERROR_CHECKED;

#endif
