/*
 * evidence_check: what is known of a bundle while it is read.
 *
 * Layer 7, internal to evidence_verify.  evidence_check_list.c has the lists
 * of files, evidence_check_content.c what each file holds,
 * evidence_check_packs.c the requirements, evidence_check_proof.c what all of
 * them prove together.
 */
#ifndef HIKAE_OUTPUT_EVIDENCE_CHECK_H
#define HIKAE_OUTPUT_EVIDENCE_CHECK_H

#include "lib/crypto/digest.h"
#include "lib/output/evidence_bag.h"
#include "lib/output/evidence_verify.h"

/* Limits of what is held; a bundle that hikae makes is far below. */
#define EVIDENCE_CHECK_FILES_MAX 20000
#define EVIDENCE_CHECK_LIST_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define EVIDENCE_CHECK_SMALL_BYTES_MAX ((size_t)256 * 1024)

struct evidence_listed {
	char path[EVIDENCE_PATH_BYTES];
	uint8_t sha256[DIGEST_SHA256_BYTES];
	bool is_seen;
};

/* Small files that are kept until all are there. */
enum evidence_kept {
	EVIDENCE_KEPT_SIGNATURE,
	EVIDENCE_KEPT_TAGMANIFEST,
	EVIDENCE_KEPT_MANIFEST,
	EVIDENCE_KEPT_INFO,
	EVIDENCE_KEPT_START,
	EVIDENCE_KEPT_END,
	EVIDENCE_KEPT_START_SIGNATURE,
	EVIDENCE_KEPT_END_SIGNATURE,
	EVIDENCE_KEPT_CONSISTENCY,
	EVIDENCE_KEPT_DAEMON_KEY,
	EVIDENCE_KEPT_NONE, /* not kept */
};

/* Requirements: evidence_check_packs.h. */
struct evidence_packs {
	json_t *claimed;    /* of compliance.json, or NULL */
	json_t *journalled; /* of the newest entry `config`, or NULL */
	struct bytes leaf;  /* the entry that is read */
	bool is_long;
};

struct evidence_check;

/* What a file holds is taken piece by piece; NULL: only its digest counts. */
typedef int evidence_content_fn(struct evidence_check *check,
    const uint8_t *data, size_t length, struct error *err);

struct evidence_check {
	const struct evidence_question *question;
	struct evidence_report *report;
	char folder[EVIDENCE_PATH_BYTES];
	struct evidence_listed *listed; /* in the order in which they stand */
	size_t count, capacity;
	size_t next; /* of them, from here on */
	struct bytes kept[EVIDENCE_KEPT_NONE];
	struct keyring_proof proofs[KEYRING_STATEMENTS_MAX];

	/* The file that is being read. */
	char path[EVIDENCE_PATH_BYTES];
	evidence_content_fn *content;
	struct bytes *into; /* where a small file goes */
	struct bytes line;  /* not ended yet */
	uint64_t lines;
	bool is_faulty; /* told already */

	/* From bag-info.txt: what all else must agree with. */
	bool has_info, says_signed;
	struct evidence_statement info;
	uint64_t start_size;
	uint8_t start_root[MERKLE_HASH_BYTES];

	/* Entries: their hashes, and the one that is being made. */
	uint8_t (*leaves)[MERKLE_HASH_BYTES];
	size_t leaf_count, leaf_capacity;
	struct digest_sha256 leaf;
	bool is_in_leaf;
	uint64_t proven;
	struct evidence_packs packs;
};

/* Tell a fault, of the file at path. */
void evidence_check_fault(struct evidence_check *check,
    enum evidence_fault fault, const char *path, const char *detail);
bool evidence_check_is_full(const struct evidence_check *check);

/* Add the lines of a list; false, and told, where it is malformed. */
int evidence_check_take_list(struct evidence_check *check,
    const struct bytes *text, bool of_payload, struct error *err) ERROR_CHECKED;

/*
 * The listed file with that path, marked as seen; NULL, and told, where there
 * is none, or it was seen.  One out of its order is told, too.
 */
const struct evidence_listed *evidence_check_find(
    struct evidence_check *check, const char *path);

/* Tell what is missing. */
void evidence_check_missing(struct evidence_check *check);

/* A file begins, goes on (check->content), and ended. */
void evidence_check_begin_file(struct evidence_check *check, const char *path);
/* Keep the file that begins, whatever it is called. */
void evidence_check_keep(struct evidence_check *check, enum evidence_kept kept);
int evidence_check_end_file(
    struct evidence_check *check, struct error *err) ERROR_CHECKED;

/* After the last file. */
void evidence_check_proof(struct evidence_check *check);

#endif
