/*
 * content: are two copies the same generation, whatever holds them?
 *
 * Layer 3.  Uses: base, crypto/digest.  Owns: nothing.
 *
 * The content digest of FORMATS section 3: SHA-256 over a record for each
 * regular file and symbolic link.  It is computed in one pass although the
 * number of leading folders to strip is known only at the end: one digest runs
 * for each number that all records so far would allow.
 */
#ifndef HIKAE_MODEL_CONTENT_H
#define HIKAE_MODEL_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/bytes.h"
#include "lib/crypto/digest.h"

/* Common leading folders beyond this number are not stripped. */
#define CONTENT_STRIP_MAX 16

/* Strip what all records have in common. */
#define CONTENT_STRIP_COMMON (-1)

/* In the caller's storage; the members are the module's own. */
struct content_digest {
	int strip;
	bool is_begun;
	unsigned int common;  /* folders common to all records so far */
	struct bytes folders; /* those folders, each with its '/' */
	struct digest_sha256 candidates[CONTENT_STRIP_MAX + 1];
};

/*
 * strip: CONTENT_STRIP_COMMON, or exactly that many (>= 0) leading components;
 * a path with fewer keeps its last.  Records are digested as they come: in
 * manifest order of the full paths, which where the stripped part is the same
 * for all is also the order of the stripped paths.
 */
void content_init(struct content_digest *content, int strip);
void content_done(struct content_digest *content);

/* path: raw bytes without "./"; digest: SHA-256 of the file's bytes. */
void content_add_file(struct content_digest *content, const char *path,
    size_t path_length, uint64_t size,
    const uint8_t digest[DIGEST_SHA256_BYTES]);
void content_add_link(struct content_digest *content, const char *path,
    size_t path_length, const char *target, size_t target_length);

/*
 * The digest; *ret_stripped (may be NULL) is how many components were
 * stripped.  -1 when memory had run out.  Only content_done may follow.
 */
int content_final(struct content_digest *content,
    uint8_t ret_digest[DIGEST_SHA256_BYTES],
    unsigned int *ret_stripped) ERROR_CHECKED;

#endif
