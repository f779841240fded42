/*
 * evidence_bag: the files of a bag while it is filled, and how they are packed.
 *
 * Layer 7, internal to evidence.  Uses: os/file, crypto/digest,
 * format/archive_pack.
 *
 * Contents go to one temporary file without a name, since an archive wants
 * each size beforehand; memory holds a line a file.
 */
#ifndef HIKAE_OUTPUT_EVIDENCE_BAG_H
#define HIKAE_OUTPUT_EVIDENCE_BAG_H

#include "lib/base/bytes.h"
#include "lib/crypto/digest.h"
#include "lib/format/archive_pack.h"

#define EVIDENCE_PAYLOAD "data/"
#define EVIDENCE_MANIFEST "manifest-sha256.txt"
#define EVIDENCE_TAGMANIFEST "tagmanifest-sha256.txt"
#define EVIDENCE_SEAL EVIDENCE_TAGMANIFEST ".minisig"
#define EVIDENCE_INFO "bag-info.txt"

/* Bytes of a path in a bag, with its NUL. */
#define EVIDENCE_PATH_BYTES 128

struct evidence_file {
	char path[EVIDENCE_PATH_BYTES];
	uint64_t offset, length; /* in the temporary file */
	uint8_t sha256[DIGEST_SHA256_BYTES];
};

struct evidence_bag {
	int fd;
	struct evidence_file *files;
	size_t count, capacity;
	uint64_t size;
	struct bytes pending;
	struct digest_sha256 digest; /* of the file that is open */
	struct error failure;	     /* the first; told by close */
};

/* fd, at whose beginning the contents go, stays the caller's. */
void evidence_bag_begin(struct evidence_bag *bag, int fd);
void evidence_bag_done(struct evidence_bag *bag);

/* A file: open it, add to it, close it, which tells what failed. */
int evidence_bag_open(struct evidence_bag *bag, const char *path,
    struct error *err) ERROR_CHECKED;
void evidence_bag_add(
    struct evidence_bag *bag, const void *data, size_t length);
void evidence_bag_add_text(struct evidence_bag *bag, const char *text);
int evidence_bag_close(
    struct evidence_bag *bag, struct error *err) ERROR_CHECKED;

/* The three in one. */
int evidence_bag_put(struct evidence_bag *bag, const char *path,
    const struct bytes *content, struct error *err) ERROR_CHECKED;

/* Files and bytes below data/. */
void evidence_bag_count(
    const struct evidence_bag *bag, uint64_t *ret_files, uint64_t *ret_bytes);

/* Put the manifest of data/ (payload), or append that of the rest. */
int evidence_bag_put_manifest(
    struct evidence_bag *bag, struct error *err) ERROR_CHECKED;
void evidence_bag_append_tagmanifest(
    struct evidence_bag *bag, struct bytes *out);

/*
 * Pack it below a folder `name`: what is in `heads` (path and content, ended
 * by NULL), the files beside data/, those below it.
 */
struct evidence_head {
	const char *path;
	const struct bytes *content;
};
int evidence_bag_pack(struct evidence_bag *bag, const char *name,
    const struct evidence_head *heads, struct archive_pack *pack,
    struct error *err) ERROR_CHECKED;

#endif
