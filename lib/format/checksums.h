/*
 * checksums: the lists of digests that producers leave beside their backups.
 *
 * Layer 2.  Uses: base, format/json.  Owns: nothing.
 *
 * Four syntaxes become one stream of {path, algorithm, digest, size}:
 *
 *   LINES       sha256sum(1) and its relatives (GNU coreutils manual, "md5sum
 *               invocation"): "HEX  name", "HEX *name", the tagged form
 *               "SHA256 (name) = HEX", names escaped with a leading backslash
 *   SIDECAR     the same in NAME.sha256, where a digest may stand alone
 *   BAGIT       manifest-ALGORITHM.txt (RFC 8493 section 2.1.3)
 *   BAG_INFO    bag-info.txt (section 2.2.2), for its Payload-Oxum alone
 *   POSTGRESQL  backup_manifest, versions 1 and 2 (PostgreSQL documentation,
 *               "Backup Manifest Format")
 *
 * Bytes are hostile.  They are pushed in pieces of any size; memory does not
 * grow with the list.  This runs in a parser.
 */
#ifndef HIKAE_FORMAT_CHECKSUMS_H
#define HIKAE_FORMAT_CHECKSUMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

/* A list's size, and of its longest line or JSON object, bytes. */
#define CHECKSUMS_BYTES_MAX ((uint64_t)1 << 30)
#define CHECKSUMS_LINE_BYTES_MAX ((size_t)256 * 1024)

/* Entries of a list, and bytes of a path in it. */
#define CHECKSUMS_ENTRIES_MAX ((uint64_t)1 << 24)
#define CHECKSUMS_PATH_BYTES_MAX ((size_t)32 * 1024)

#define CHECKSUMS_DIGEST_BYTES_MAX 64
#define CHECKSUMS_OWN_BYTES 32

enum checksums_syntax {
	CHECKSUMS_LINES,
	CHECKSUMS_SIDECAR,
	CHECKSUMS_BAGIT,
	CHECKSUMS_BAG_INFO,
	CHECKSUMS_POSTGRESQL,
};
#define CHECKSUMS_SYNTAXES (CHECKSUMS_POSTGRESQL + 1)

enum checksums_algorithm {
	CHECKSUMS_NONE,	 /* there is no digest, only a name and a size */
	CHECKSUMS_OTHER, /* one that hikae does not compute */
	CHECKSUMS_MD5,
	CHECKSUMS_SHA1,
	CHECKSUMS_SHA224,
	CHECKSUMS_SHA256,
	CHECKSUMS_SHA384,
	CHECKSUMS_SHA512,
	CHECKSUMS_CRC32C,
};
#define CHECKSUMS_ALGORITHMS (CHECKSUMS_CRC32C + 1)

/* Bytes of its digests; 0 for NONE and OTHER. */
size_t checksums_digest_bytes(enum checksums_algorithm algorithm);

/*
 * The algorithm that the name of a file tells ("manifest-sha512.txt",
 * "MD5SUMS", "x.sha1"), else OTHER.
 */
enum checksums_algorithm checksums_algorithm_of_name(const char *name);

struct checksums_entry {
	/*
	 * Relative to the list's own folder: bytes without NUL, without empty
	 * components and without "." and "..".
	 */
	const uint8_t *path;
	size_t path_length;
	enum checksums_algorithm algorithm;
	uint8_t digest[CHECKSUMS_DIGEST_BYTES_MAX];
	bool has_size;
	uint64_t size; /* bytes */
};

/* Called for each entry; pointers are good for the call.  -1 ends the work. */
typedef int checksums_fn(
    void *context, const struct checksums_entry *entry, struct error *err);

struct checksums_summary {
	uint64_t entries;   /* handed out */
	uint64_t outside;   /* names that lead out of the list's folder */
	uint64_t malformed; /* lines that are not understood */

	bool has_oxum; /* BAG_INFO */
	uint64_t oxum_bytes, oxum_files;

	/*
	 * POSTGRESQL: the SHA-256 of the list's first own_bytes bytes, as it
	 * says itself.  To be checked by the caller.
	 */
	bool has_own;
	uint8_t own[CHECKSUMS_OWN_BYTES];
	uint64_t own_bytes;
};

struct checksums_options {
	enum checksums_syntax syntax;
	/* OTHER: whatever fits a digest's length; of a bag, unknown. */
	enum checksums_algorithm algorithm;
	const char *name; /* SIDECAR: of the file that it lies beside */
	checksums_fn *each;
	void *context;
};

struct checksums;

/* The options' name must outlive it.  NULL: ERROR_INTERNAL, no memory. */
struct checksums *checksums_new(
    const struct checksums_options *options, struct error *err) ERROR_CHECKED;

/*
 * The list's next bytes.  ERROR_INPUT: it does not follow its syntax (lines
 * that do not are only counted); ERROR_LIMIT: one of the limits above; or what
 * `each` failed with.  After an error only checksums_free is allowed.
 */
int checksums_feed(struct checksums *list, const void *data, size_t length,
    struct error *err) ERROR_CHECKED;

/* Nothing follows.  ERROR_VERSION: a backup_manifest of a later version. */
int checksums_finish(struct checksums *list,
    struct checksums_summary *ret_summary, struct error *err) ERROR_CHECKED;

void checksums_free(struct checksums *list);

#endif
