/*
 * evidence: a bundle for an inspector, who needs sha256sum and minisign.
 *
 * Layer 7.  Uses: document, judge, store's queries, crypto,
 * format/archive_pack. FORMATS section 8 has every file of a bundle.
 *
 * A bundle is a BagIt bag (RFC 8493) in a tar or a zip.  A period that is over
 * always gives the same bytes: everything in it follows from the journal up to
 * the period's last entry, from two checkpoints that were kept, from the
 * requirements in force then, and from this version of hikae.
 */
#ifndef HIKAE_OUTPUT_EVIDENCE_H
#define HIKAE_OUTPUT_EVIDENCE_H

#include "lib/crypto/keyring_statement.h"
#include "lib/crypto/merkle.h"
#include "lib/crypto/note.h"
#include "lib/format/archive_pack.h"
#include "lib/format/json.h"
#include "lib/model/requirement.h"
#include "lib/store/catalog.h"

/* Entries in one bundle; whoever checks it holds a hash of each. */
#define EVIDENCE_ENTRIES_MAX UINT64_C(4000000)

/* No single JSON object in a bundle is longer. */
#define EVIDENCE_JSON_BYTES_MAX ((size_t)32 * 1024 * 1024)

/* What the signature of a bundle says it is. */
struct evidence_statement {
	char origin[NOTE_NAME_BYTES];
	int64_t from, to;		 /* instants, both included */
	uint64_t size;			 /* of the end checkpoint */
	uint8_t root[MERKLE_HASH_BYTES]; /* likewise */
};

/* The untrusted comment, which no signature covers: always this one. */
#define EVIDENCE_UNTRUSTED_COMMENT "signature from hikae"

/* Room for a trusted comment. */
#define EVIDENCE_COMMENT_BYTES (NOTE_NAME_BYTES + 256)

/*
 * "hikae evidence ORIGIN FROM TO SIZE ROOT", dates in ISO 8601 in the zone of
 * the process, the root in hexadecimal.
 */
void evidence_comment_format(const struct evidence_statement *statement,
    char ret_comment[EVIDENCE_COMMENT_BYTES]);
int evidence_comment_parse(const char *comment,
    struct evidence_statement *ret_statement, struct error *err) ERROR_CHECKED;

/* That of a checkpoint's signature: "hikae checkpoint ORIGIN SIZE". */
void evidence_head_comment_format(const char *origin, uint64_t size,
    char ret_comment[EVIDENCE_COMMENT_BYTES]);

/*
 * Whether a text has the form of a bundle's tagmanifest-sha256.txt: the only
 * thing that may be signed as one.  ERROR_INPUT.
 */
int evidence_tagmanifest_check(
    const void *text, size_t length, struct error *err) ERROR_CHECKED;

/* Append the signature (minisign's file) of the tag manifest. */
typedef int evidence_sign_fn(void *context,
    const struct evidence_statement *statement, const struct bytes *tagmanifest,
    struct bytes *out, struct error *err);

/*
 * Append the signature (minisign's file) of a checkpoint that was kept: of the
 * text of the one that has so many entries.
 */
typedef int evidence_sign_head_fn(
    void *context, uint64_t size, struct bytes *out, struct error *err);

struct evidence_request {
	struct catalog *catalog;
	int64_t from, to; /* instants, both included */
	/* A period that goes on is judged as of its newest checkpoint. */
	int64_t now;
	/* Files of requirements of now (judge/basis). */
	const struct requirement_texts *today;
	const char *pack, *system; /* NULL: all */
	bool has_paths;		   /* add nonces and paths: patients' ids */
	int spill_fd;		   /* an empty file for contents meanwhile */
	int documents_fd;	   /* attached documents; -1: not to be had */
	const struct keyring_proof *proofs; /* statements about keys */
	size_t proof_count;
	evidence_sign_fn *sign;		  /* NULL: the bundle is not signed */
	evidence_sign_head_fn *sign_head; /* NULL with it, and only then */
	void *context;
};

struct evidence_result {
	struct evidence_statement statement;
	uint64_t first, last; /* entries of the journal */
	uint64_t files, bytes;
	uint64_t documents_missing;
	bool is_over;	  /* the same period gives the same bytes again */
	bool is_of_today; /* judged by today's requirements, for want of others
			   */
	bool is_signed;
};

/* What is told of a bundle: FORMATS section 8, but for its file. */
int evidence_describe(const struct evidence_result *result, json_t **ret,
    struct error *err) ERROR_CHECKED;

/*
 * Write a bundle to fd.  ERROR_UNAVAILABLE: the period has no entry of the
 * journal under a checkpoint; ERROR_NOT_FOUND: there is no such pack or system;
 * ERROR_USAGE: the period ends before it begins; ERROR_LIMIT.  What stands in
 * fd after a failure is nothing.
 */
int evidence_export(const struct evidence_request *request,
    enum archive_pack_kind kind, int fd, struct evidence_result *ret_result,
    struct error *err) ERROR_CHECKED;

#endif
