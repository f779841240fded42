/*
 * manifest: the signed list of a copy's files (FORMATS section 2).
 *
 * Layer 3.  Uses: base, os/file, crypto, format/frame, format/mtree,
 * model/content.  Owns: nothing.
 *
 * manifest_writer.c writes one in a single pass, manifest_reader.c reads it
 * whole or slice by slice, manifest_signature.c verifies its signature,
 * manifest_text.c holds what writer and reader share.  Neither's memory grows
 * with the number of files (under 2 MiB, and about 50 bytes for each slice).
 *
 * A reader trusts nothing: whatever the bytes, it ends with an error or with
 * entries in order.  What they are worth rests on the signature, which the
 * caller verifies first (manifest_verify_signature).
 */
#ifndef HIKAE_MODEL_MANIFEST_H
#define HIKAE_MODEL_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/crypto/digest.h"
#include "lib/crypto/signature.h"
#include "lib/format/mtree.h"

/* A slice ends with this many entries, or bytes of lines, at the latest. */
#define MANIFEST_SLICE_ENTRIES_MAX 4096
#define MANIFEST_SLICE_TEXT_BYTES_MAX ((uint64_t)16 << 20)

/* Bytes of `# hikae unread CODE`'s code, with NUL: [a-z][a-z0-9-]*. */
#define MANIFEST_UNREAD_BYTES 32

enum manifest_type {
	MANIFEST_FILE = MTREE_FILE,
	MANIFEST_FOLDER = MTREE_FOLDER,
	MANIFEST_LINK = MTREE_LINK,
	MANIFEST_FIFO = MTREE_FIFO,
	MANIFEST_SOCKET = MTREE_SOCKET,
	MANIFEST_CHAR = MTREE_CHAR,
	MANIFEST_BLOCK = MTREE_BLOCK,
};

/*
 * One thing of a copy.  A file has a digest and a link has a target, or else
 * `unread` says why not; a folder whose names could not be listed has `unread`
 * too.
 */
struct manifest_entry {
	const char *path; /* raw bytes without "./"; no NUL at its end */
	size_t path_length;
	enum manifest_type type;
	bool has_size; /* has_digest implies it */
	bool has_time, has_mode, has_digest;
	uint64_t size; /* bytes; of files only */
	int64_t time_seconds;
	uint32_t time_nanoseconds; /* always forward: -0.5 s is -1 + 0.5 s */
	uint32_t mode;		   /* permission bits, 07777 */
	uint8_t digest[DIGEST_SHA256_BYTES];
	const char *link; /* target of a link, or NULL; no NUL at its end */
	size_t link_length;
	const char *unread; /* code, or NULL */
};

/* Texts are 1 or more graphic ASCII characters. */
struct manifest_header {
	char system[33], generation[64], medium[33], source[33];
	uint64_t slice_bytes; /* a multiple of 64 */
	bool is_members; /* of an archive's members, not of its container */
	bool has_strip;	 /* content digest: strip exactly `strip` leading */
	unsigned int
	    strip; /* components (<= 1,000); else the folders common to all */
};

struct manifest_slice {
	uint64_t frame_offset, frame_length; /* in the stored bytes */
	uint64_t entries;		     /* lines in it */
	uint64_t bytes;	  /* of backup that it lets one compare */
	bool inside_file; /* a part of one large file (the first included) */
	uint64_t file_offset; /* where that part begins */
};

struct manifest_totals {
	uint64_t entries; /* lines; without the one for "." */
	uint64_t files;	  /* regular files */
	uint64_t bytes;	  /* sum of the slices' bytes */
	uint64_t unread;  /* entries with an unread code */
	uint64_t slices;
	bool has_content; /* false where something was unread */
	uint8_t content[DIGEST_SHA256_BYTES]; /* FORMATS section 3 */
};

struct manifest_summary {
	struct manifest_totals totals;
	uint64_t stored_bytes;
	uint8_t sha256[DIGEST_SHA256_BYTES];	  /* of the stored bytes */
	uint8_t prehash[SIGNATURE_PREHASH_BYTES]; /* what minisign signs */
};

/*
 * The order of a manifest: as bytes, with '/' before every other byte.
 * <0, 0, >0.
 */
int manifest_compare_paths(
    const char *a, size_t a_length, const char *b, size_t b_length);

/* A name of manifest_entry.type as it stands in the file ("dir"). */
const char *manifest_type_name(enum manifest_type type);

/*
 * Append the trusted comment that a manifest with this header is signed with.
 */
void manifest_trusted_comment(
    const struct manifest_header *header, struct bytes *out);

/* A signature file, and what it must say. */
struct manifest_signature {
	const char *text;
	size_t length;
	const char *trusted_comment; /* see above; NULL: any */
};

/*
 * Verify the signature over all that is stored behind fd (by pread, from
 * offset 0).  Gives the SHA-256 of the same bytes (ret_sha256 may be NULL).
 * Errors are those of signature_verify; another trusted comment is
 * ERROR_SIGNATURE.
 */
int manifest_verify_signature(int fd, const struct signature_keys *trusted,
    const struct manifest_signature *signature,
    uint8_t ret_sha256[DIGEST_SHA256_BYTES], struct error *err) ERROR_CHECKED;

/* ---- writing ---- */

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

/* ---- reading ---- */

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

/* How a slice begins. */
struct manifest_start {
	bool inside_file; /* a part of one large file (the first included) */
	uint64_t offset;
	uint8_t state[DIGEST_SHA256_BYTES]; /* after the file's first `offset`
					       bytes */
};

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
