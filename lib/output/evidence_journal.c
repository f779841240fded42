/* The journal's entries of the period, their proofs, and the keys. */
#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/output/evidence_internal.h"
#include "lib/store/query.h"

#define FOLDER EVIDENCE_PAYLOAD "journal/"

static int
add_leaf(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	struct evidence_making *making = context;

	(void)seq;
	(void)err;
	evidence_bag_add(&making->bag, leaf, length);
	evidence_bag_add(&making->bag, "\n", 1);
	return 0;
}

static void
append_hashes(
    struct bytes *out, const struct merkle_proof *proof, const char *before)
{
	for (unsigned int i = 0; i < proof->count; i++) {
		bytes_append_text(out, before);
		bytes_append_base64(out, proof->hash[i], MERKLE_HASH_BYTES);
	}
}

/* "SEQ HASH HASH ...", hashes of RFC 6962 section 2.1.1 in base64. */
static int
put_inclusions(struct evidence_making *making, struct error *err)
{
	struct catalog *catalog = making->request->catalog;
	struct bytes line = BYTES_EMPTY;
	struct merkle_proof proof;
	int rc = evidence_bag_open(&making->bag, FOLDER "proofs.txt", err);

	for (uint64_t seq = making->first; rc == 0 && seq <= making->last;
	     seq++) {
		rc = journal_inclusion(
		    catalog, seq, making->end.size, &proof, err);
		if (rc != 0)
			break;
		bytes_clear(&line);
		bytes_append_format(&line, "%llu", (unsigned long long)seq);
		append_hashes(&line, &proof, " ");
		bytes_append_u8(&line, '\n');
		rc = bytes_check(&line, err);
		evidence_bag_add(&making->bag, line.data, line.length);
	}
	bytes_done(&line);
	return rc == 0 ? evidence_bag_close(&making->bag, err) : -1;
}

/* The first line has both sizes, the others a hash each. */
static int
put_consistency(struct evidence_making *making, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	struct merkle_proof proof;
	int rc = -1;

	if (journal_consistency(making->request->catalog, making->start.size,
		making->end.size, &proof, err) != 0)
		return -1;
	bytes_append_format(&text, "%llu %llu",
	    (unsigned long long)making->start.size,
	    (unsigned long long)making->end.size);
	append_hashes(&text, &proof, "\n");
	bytes_append_u8(&text, '\n');
	rc = evidence_bag_put(
	    &making->bag, FOLDER "consistency.txt", &text, err);
	bytes_done(&text);
	return rc;
}

/* A checkpoint, and beside it what minisign alone can check. */
static int
put_checkpoint(struct evidence_making *making, const char *path,
    const struct journal_note *note, struct error *err)
{
	const struct evidence_request *request = making->request;
	struct bytes signature = BYTES_EMPTY;
	char beside[EVIDENCE_PATH_BYTES];
	int rc = evidence_bag_put(&making->bag, path, &note->text, err);

	(void)snprintf(beside, sizeof(beside), "%s.minisig", path);
	if (rc == 0 && request->sign_head != NULL) {
		rc = request->sign_head(
		    request->context, note->size, &signature, err);
		if (rc == 0)
			rc = evidence_bag_put(
			    &making->bag, beside, &signature, err);
	}
	bytes_done(&signature);
	return rc;
}

int
evidence_put_journal(struct evidence_making *making, struct error *err)
{
	struct evidence_bag *bag = &making->bag;

	if (put_checkpoint(
		making, FOLDER "checkpoint-end.txt", &making->end, err) != 0)
		return -1;
	if (making->start.size > 0 &&
	    put_checkpoint(making, FOLDER "checkpoint-start.txt",
		&making->start, err) != 0)
		return -1;
	if (put_consistency(making, err) != 0 ||
	    evidence_bag_open(bag, FOLDER "entries.jsonl", err) != 0 ||
	    journal_each(making->request->catalog, making->first,
		making->last + 1, add_leaf, making, err) != 0 ||
	    evidence_bag_close(bag, err) != 0)
		return -1;
	return put_inclusions(making, err);
}

static int
put_proof(struct evidence_making *making, size_t number, const char *ending,
    const struct bytes *content, struct error *err)
{
	char path[EVIDENCE_PATH_BYTES];

	(void)snprintf(path, sizeof(path), EVIDENCE_PAYLOAD "keys/%03zu.%s",
	    number, ending);
	return evidence_bag_put(&making->bag, path, content, err);
}

static int
put_key(struct evidence_making *making, const char *path, const char *line,
    struct error *err)
{
	struct signature_public public;
	struct bytes file = BYTES_EMPTY;
	int rc = -1;

	if (line == NULL)
		return 0;
	if (signature_public_decode(line, strlen(line), &public, err) == 0) {
		signature_public_encode(&public, &file);
		rc = evidence_bag_put(&making->bag, path, &file, err);
	}
	bytes_done(&file);
	return rc;
}

/* Those in force after the period's last entry. */
static int
put_keys(const struct query_origin *row, void *context, struct error *err)
{
	struct evidence_making *making = context;

	if (put_key(making, EVIDENCE_PAYLOAD "keys/daemon.pub", row->daemon_key,
		err) != 0)
		return -1;
	return put_key(making, EVIDENCE_PAYLOAD "keys/facility.pub",
	    row->facility_key, err);
}

int
evidence_put_keys(struct evidence_making *making, struct error *err)
{
	const struct evidence_request *request = making->request;

	for (size_t i = 0; i < request->proof_count; i++) {
		const struct keyring_proof *proof = &request->proofs[i];

		if (put_proof(making, i + 1, "txt", &proof->text, err) != 0 ||
		    put_proof(making, i + 1, "authority.minisig",
			&proof->authority, err) != 0 ||
		    put_proof(making, i + 1, "new.minisig", &proof->new, err) !=
			0)
			return -1;
	}
	return query_origin(
	    request->catalog, making->context.at, put_keys, making, err);
}
