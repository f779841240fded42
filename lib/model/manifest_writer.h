/*
 * manifest_writer: write a manifest in a single pass.
 *
 * Layer 3.  Uses: base, os/file, crypto, format, model/manifest,
 * model/content.  Owns: nothing.
 *
 * Memory does not grow with the number of files: under 2 MiB, and about 50
 * bytes for each slice.
 */
#ifndef HIKAE_MODEL_MANIFEST_WRITER_H
#define HIKAE_MODEL_MANIFEST_WRITER_H

#include "lib/model/manifest.h"

struct manifest_writer;

/*
 * Writes the header at fd's position at once.  fd stays the caller's, who
 * makes the file durable.  NULL on error: ERROR_INPUT for a header that is
 * none.  Free with manifest_writer_free.
 */
struct manifest_writer *manifest_writer_new(int fd,
    const struct manifest_header *header, struct error *err) ERROR_CHECKED;

/*
 * The next entry, in the order of manifest_compare_paths, after its parent
 * folder; a member file gets lines for missing parents here (type=dir alone).
 * ERROR_INPUT for one that does not follow the last, lacks its parent, lies
 * below something that is no folder, or is not whole (see manifest_entry): the
 * writer is then as before and goes on with the next entry.  After any other
 * error only manifest_writer_free may follow.
 */
int manifest_writer_add(struct manifest_writer *writer,
    const struct manifest_entry *entry, struct error *err) ERROR_CHECKED;

/*
 * While a file larger than slice_bytes is read (not in a member file): tell
 * the state at offset 0 (digest_sha256_initial) and at every further multiple
 * of slice_bytes below its size, then add its entry.  A file that became
 * unreadable on the way is added with `unread`; without any boundary too.
 */
int manifest_writer_add_boundary(struct manifest_writer *writer,
    uint64_t offset, const uint8_t state[DIGEST_SHA256_BYTES],
    struct error *err) ERROR_CHECKED;

/* Write the totals and the table; nothing may be added after. */
int manifest_writer_finish(struct manifest_writer *writer,
    struct manifest_summary *ret_summary, struct error *err) ERROR_CHECKED;

/*
 * A slice that is complete: every one of totals.slices after finish, before
 * it those below manifest_writer_slices.
 */
uint64_t manifest_writer_slices(const struct manifest_writer *writer);
const struct manifest_slice *manifest_writer_slice(
    const struct manifest_writer *writer, uint64_t slice);

void manifest_writer_free(struct manifest_writer *writer);

#endif
