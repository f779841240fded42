/*
 * manifest: the signed list of a copy's files (FORMATS section 2).
 *
 * Layer 3.  Uses: base, crypto, format/mtree.  Owns: nothing.
 *
 * What a manifest holds, and its signature.  model/manifest_writer writes one,
 * model/manifest_reader reads it; what both share is in manifest_text (the
 * comments) and manifest_rules (the entries).
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

/* How a slice begins. */
struct manifest_start {
	bool inside_file; /* a part of one large file (the first included) */
	uint64_t offset;
	uint8_t state[DIGEST_SHA256_BYTES]; /* after the file's first `offset`
					       bytes */
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
 * Set what a manifest is of, each cut to its room; a source that is not known
 * is "".
 */
void manifest_header_name(struct manifest_header *header, const char *system,
    const char *generation, const char *medium, const char *source);

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

#endif
