/*
 * manifest_reader: read a manifest whole or slice by slice.
 *
 * Layer 3.  Uses: base, crypto, format, model/manifest.  Owns: nothing.
 *
 * A reader trusts nothing: whatever the bytes, it ends with an error or with
 * entries in order, in under 2 MiB and about 16 bytes for each slice.  What
 * they are worth rests on the signature, which the caller verifies first
 * (manifest_verify_signature).
 */
#ifndef HIKAE_MODEL_MANIFEST_READER_H
#define HIKAE_MODEL_MANIFEST_READER_H

#include "lib/model/manifest.h"

struct manifest_reader;

/*
 * Reads header and totals; fd is read by pread, stays the caller's and must
 * outlive the reader.  The reader stands before the first entry.  ERROR_INPUT
 * for what is no manifest, ERROR_VERSION for one of a newer hikae.
 */
struct manifest_reader *manifest_reader_new(
    int fd, struct error *err) ERROR_CHECKED;

/* Both belong to the reader. */
const struct manifest_header *manifest_reader_header(
    const struct manifest_reader *reader);
const struct manifest_totals *manifest_reader_totals(
    const struct manifest_reader *reader);

/*
 * The next entry of the manifest; its pointers are good until the next call.
 * 1 with an entry; 0 at the end; -1 on error.  A run from the first entry to
 * the end checks the totals as well (except the content digest).
 */
int manifest_reader_next(struct manifest_reader *reader,
    struct manifest_entry *ret_entry, struct error *err) ERROR_CHECKED;

/* The slice in which the line of the last entry stands. */
uint64_t manifest_reader_slice(const struct manifest_reader *reader);

/* Go to the beginning of a slice (below totals.slices). */
int manifest_reader_seek(struct manifest_reader *reader, uint64_t slice,
    struct manifest_start *ret_start, struct error *err) ERROR_CHECKED;

/* As manifest_reader_next, but 0 at the end of the slice sought. */
int manifest_reader_next_in_slice(struct manifest_reader *reader,
    struct manifest_entry *ret_entry, struct error *err) ERROR_CHECKED;

/* What it takes to verify a slice inside a file alone. */
struct manifest_partial {
	struct manifest_entry file; /* good until the next call */
	uint64_t from, to;	    /* bytes of the file; to is exclusive */
	uint8_t from_state[DIGEST_SHA256_BYTES];
	bool has_to_state; /* else to == size, and file.digest decides */
	uint8_t to_state[DIGEST_SHA256_BYTES];
};

/*
 * For a slice with inside_file.  A file with `unread` has no digest: its last
 * slice cannot be compared (from == to there).  Moves the reader; seek before
 * next.  ERROR_NOT_FOUND for a slice that is not inside a file.
 */
int manifest_reader_partial(struct manifest_reader *reader, uint64_t slice,
    struct manifest_partial *ret_partial, struct error *err) ERROR_CHECKED;

void manifest_reader_free(struct manifest_reader *reader);

#endif
