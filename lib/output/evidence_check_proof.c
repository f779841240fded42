/* What all files of a bundle prove together, once they are read. */
#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/output/evidence_check_packs.h"

#define KEYS EVIDENCE_PAYLOAD "keys/"
#define JOURNAL EVIDENCE_PAYLOAD "journal/"

/* Keys of a bundle: as its statements have it, or the one that is given. */
struct keys {
	struct keyring_chain chain;
	/* Who put each of the daemon's keys in force. */
	struct signature_public authorities[KEYRING_PUBLICS_MAX];
	/* All that a checkpoint may be signed by. */
	struct signature_public known[KEYRING_PUBLICS_MAX + 2];
	size_t known_count;
};

static bool
is_same(const struct signature_public *a, const struct signature_public *b)
{
	return memcmp(a->key_id, b->key_id, sizeof(a->key_id)) == 0 &&
	       memcmp(a->key, b->key, sizeof(a->key)) == 0;
}

/* Statement by statement, as long as there are any. */
static void
read_history(struct evidence_check *check, struct keys *keys)
{
	struct keyring_statement statement;
	struct error why = {0};
	char path[EVIDENCE_PATH_BYTES];

	for (size_t i = 0; i < KEYRING_STATEMENTS_MAX; i++) {
		const struct keyring_proof *proof = &check->proofs[i];
		size_t before = keys->chain.daemon_count;

		if (proof->text.length == 0 && proof->authority.length == 0 &&
		    proof->new.length == 0)
			continue;
		(void)snprintf(path, sizeof(path), KEYS "%03zu.txt", i + 1);
		if (keyring_chain_take(&keys->chain, proof, &statement, &why) !=
		    0) {
			evidence_check_fault(
			    check, EVIDENCE_HISTORY, path, why.text);
			return;
		}
		if (keys->chain.daemon_count > before)
			keys->authorities[before] = statement.authority;
	}
	if (keys->chain.count > 0 &&
	    strcmp(keys->chain.origin, check->info.origin) != 0)
		evidence_check_fault(check, EVIDENCE_HISTORY, KEYS,
		    _("it is of another installation"));
}

/* The key that lies beside the statements must be one of theirs. */
static void
read_daemon_key(struct evidence_check *check, struct keys *keys)
{
	const struct bytes *text = &check->kept[EVIDENCE_KEPT_DAEMON_KEY];
	struct signature_public public;

	if (text->length == 0)
		return;
	if (signature_public_decode(
		(const char *)text->data, text->length, &public, NULL) != 0) {
		evidence_check_fault(
		    check, EVIDENCE_HISTORY, KEYS "daemon.pub", "");
		return;
	}
	for (size_t i = 0; i < keys->chain.daemon_count; i++)
		if (is_same(&keys->chain.daemons[i], &public))
			return;
	if (keys->chain.count > 0)
		evidence_check_fault(
		    check, EVIDENCE_HISTORY, KEYS "daemon.pub", "");
	else
		keys->known[keys->known_count++] = public;
}

static void
read_keys(struct evidence_check *check, struct keys *keys)
{
	const struct signature_public *trusted = check->question->trusted;

	read_history(check, keys);
	for (size_t i = 0; i < keys->chain.daemon_count; i++)
		keys->known[keys->known_count++] = keys->chain.daemons[i];
	read_daemon_key(check, keys);
	if (trusted != NULL && keys->chain.count == 0)
		keys->known[keys->known_count++] = *trusted;
}

/* ---- the signature over all ---- */

/* Whether the key that is trusted stands behind the one that signed. */
static bool
is_behind(const struct keys *keys, const struct signature_public *trusted,
    const struct signature_public *signer)
{
	const struct keyring_chain *chain = &keys->chain;

	if (is_same(trusted, signer))
		return true;
	for (size_t i = 0; i < chain->daemon_count; i++)
		if (is_same(&chain->daemons[i], signer) &&
		    (is_same(trusted, &keys->authorities[i]) ||
			is_same(trusted, &chain->facility)))
			return true;
	return false;
}

static const struct signature_public *
find_signer(const struct keys *keys, const struct signature_public *trusted,
    const struct signature_seen *seen)
{
	if (trusted != NULL &&
	    memcmp(trusted->key_id, seen->key_id, sizeof(seen->key_id)) == 0)
		return trusted;
	for (size_t i = 0; i < keys->known_count; i++)
		if (memcmp(keys->known[i].key_id, seen->key_id,
			sizeof(seen->key_id)) == 0)
			return &keys->known[i];
	return NULL;
}

/* What it says must be what bag-info.txt says. */
static bool
is_same_statement(
    const struct evidence_statement *a, const struct evidence_statement *b)
{
	return strcmp(a->origin, b->origin) == 0 && a->from == b->from &&
	       a->to == b->to && a->size == b->size &&
	       memcmp(a->root, b->root, sizeof(a->root)) == 0;
}

static void
check_signer(struct evidence_check *check, const struct keys *keys,
    const struct signature_seen *seen)
{
	const struct keyring_chain *chain = &keys->chain;
	const struct signature_public *trusted = check->question->trusted;
	const struct signature_public *signer =
	    find_signer(keys, trusted, seen);
	struct evidence_statement said;

	signature_key_id_text(seen->key_id, check->report->signer);
	if (evidence_comment_parse(seen->trusted_comment, &said, NULL) != 0 ||
	    !is_same_statement(&said, &check->info)) {
		evidence_check_fault(check, EVIDENCE_SIGNATURE, EVIDENCE_SEAL,
		    _("the signature was made for something else"));
		return;
	}
	if (chain->count > 0 && signer != NULL &&
	    !is_same(signer, &chain->daemons[chain->daemon_count - 1])) {
		evidence_check_fault(check, EVIDENCE_SIGNATURE, EVIDENCE_SEAL,
		    _("the key was no longer in force"));
		return;
	}
	check->report->is_signed = true;
	if (trusted == NULL || signer == NULL)
		return;
	check->report->is_anchored = is_behind(keys, trusted, signer);
	if (!check->report->is_anchored)
		evidence_check_fault(check, EVIDENCE_KEY, EVIDENCE_SEAL, "");
}

/* No signature covers the first line, so that it has one form only. */
static bool
is_begun_right(const struct bytes *file)
{
	static const char line[] =
	    "untrusted comment: " EVIDENCE_UNTRUSTED_COMMENT "\n";

	return file->length > strlen(line) &&
	       memcmp(file->data, line, strlen(line)) == 0;
}

static void
check_signature(struct evidence_check *check, const struct keys *keys)
{
	const struct bytes *file = &check->kept[EVIDENCE_KEPT_SIGNATURE];
	const struct bytes *text = &check->kept[EVIDENCE_KEPT_TAGMANIFEST];
	const struct signature_message message = {text->data, text->length};
	struct signature_public candidates[KEYRING_PUBLICS_MAX + 3];
	struct signature_keys trusted = {candidates, keys->known_count};
	struct signature_seen seen;
	struct error why = {0};

	if (file->length == 0) {
		if (check->says_signed)
			evidence_check_fault(
			    check, EVIDENCE_MISSING, EVIDENCE_SEAL, "");
		return;
	}
	if (!is_begun_right(file))
		evidence_check_fault(
		    check, EVIDENCE_CHANGED, EVIDENCE_SEAL, "");
	memcpy(candidates, keys->known, sizeof(keys->known));
	if (check->question->trusted != NULL)
		candidates[trusted.count++] = *check->question->trusted;
	if (signature_verify_message(&trusted, &message,
		(const char *)file->data, file->length, &seen, &why) != 0)
		evidence_check_fault(check,
		    why.code == ERROR_NOT_FOUND ? EVIDENCE_KEY
						: EVIDENCE_SIGNATURE,
		    EVIDENCE_SEAL, why.text);
	else
		check_signer(check, keys, &seen);
}

/* ---- the journal ---- */

/* What minisign says of a checkpoint; earlier versions made none. */
static void
check_head(struct evidence_check *check, const struct keys *keys, bool is_start,
    const struct note_checkpoint *expected)
{
	const struct bytes *file =
	    &check->kept[is_start ? EVIDENCE_KEPT_START_SIGNATURE
				  : EVIDENCE_KEPT_END_SIGNATURE];
	const struct bytes *text =
	    &check->kept[is_start ? EVIDENCE_KEPT_START : EVIDENCE_KEPT_END];
	const char *path = is_start ? JOURNAL "checkpoint-start.txt.minisig"
				    : JOURNAL "checkpoint-end.txt.minisig";
	const struct signature_message message = {text->data, text->length};
	const struct signature_keys known = {keys->known, keys->known_count};
	char comment[EVIDENCE_COMMENT_BYTES];
	struct signature_seen seen;
	struct error why = {0};

	if (file->length == 0)
		return;
	evidence_head_comment_format(expected->origin, expected->size, comment);
	if (signature_verify_message(&known, &message, (const char *)file->data,
		file->length, &seen, &why) != 0)
		evidence_check_fault(
		    check, EVIDENCE_CHECKPOINT, path, why.text);
	else if (strcmp(seen.trusted_comment, comment) != 0)
		evidence_check_fault(check, EVIDENCE_CHECKPOINT, path,
		    _("the signature was made for something else"));
}

static void
check_checkpoint(struct evidence_check *check, const struct keys *keys,
    bool is_start, const struct note_checkpoint *expected)
{
	const struct bytes *text =
	    &check->kept[is_start ? EVIDENCE_KEPT_START : EVIDENCE_KEPT_END];
	const char *path = is_start ? JOURNAL "checkpoint-start.txt"
				    : JOURNAL "checkpoint-end.txt";
	struct note_checkpoint seen;
	struct error why = {0};

	check_head(check, keys, is_start, expected);
	for (size_t i = 0; i < keys->known_count; i++) {
		if (note_checkpoint_decode((const char *)text->data,
			text->length, expected->origin, &keys->known[i], &seen,
			&why) != 0)
			continue;
		if (seen.size != expected->size ||
		    memcmp(seen.root, expected->root, sizeof(seen.root)) != 0)
			evidence_check_fault(check, EVIDENCE_CHECKPOINT, path,
			    _("it is another one than bag-info.txt says"));
		return;
	}
	evidence_check_fault(check, EVIDENCE_CHECKPOINT, path, why.text);
}

/* The first line has both sizes, the others a hash each. */
static bool
read_proof(const struct evidence_check *check, struct merkle_proof *proof)
{
	const struct bytes *text = &check->kept[EVIDENCE_KEPT_CONSISTENCY];
	const char *at = (const char *)text->data;
	size_t left = text->length;
	char sizes[64];
	int length = snprintf(sizes, sizeof(sizes), "%llu %llu\n",
	    (unsigned long long)check->start_size,
	    (unsigned long long)check->info.size);

	*proof = (struct merkle_proof){.count = 0};
	if (left < (size_t)length || memcmp(at, sizes, (size_t)length) != 0)
		return false;
	at += length;
	left -= (size_t)length;
	while (left > 0) {
		const char *end = memchr(at, '\n', left);
		struct bytes raw = BYTES_EMPTY;
		bool is_good =
		    end != NULL && proof->count < MERKLE_PROOF_MAX &&
		    bytes_parse_base64(at, (size_t)(end - at), &raw) == 0 &&
		    raw.length == MERKLE_HASH_BYTES;

		if (is_good)
			memcpy(proof->hash[proof->count++], raw.data,
			    MERKLE_HASH_BYTES);
		bytes_done(&raw);
		if (!is_good)
			return false;
		left -= (size_t)(end - at) + 1;
		at = end + 1;
	}
	return true;
}

static void
check_journal(struct evidence_check *check, const struct keys *keys)
{
	const struct evidence_statement *info = &check->info;
	struct note_checkpoint expected = {.size = info->size};
	struct merkle_proof proof;
	uint64_t entries = check->report->last - check->report->first + 1;

	memcpy(expected.origin, info->origin, sizeof(expected.origin));
	memcpy(expected.root, info->root, sizeof(expected.root));
	check_checkpoint(check, keys, false, &expected);
	if (check->start_size > 0) {
		expected.size = check->start_size;
		memcpy(expected.root, check->start_root, sizeof(expected.root));
		check_checkpoint(check, keys, true, &expected);
	}
	if (!read_proof(check, &proof) ||
	    !merkle_verify_consistency(check->start_size, check->start_root,
		info->size, info->root, &proof))
		evidence_check_fault(check, EVIDENCE_CONSISTENCY,
		    "data/journal/consistency.txt", "");
	check->report->entries = check->proven;
	if (check->leaf_count != entries || check->proven != entries)
		evidence_check_fault(check, EVIDENCE_INCLUSION,
		    "data/journal/proofs.txt",
		    _("not every entry of the period is there and proven"));
}

void
evidence_check_proof(struct evidence_check *check)
{
	struct keys keys = {.known_count = 0};

	/* Without it nothing is said that could be proven. */
	if (!check->has_info)
		return;
	read_keys(check, &keys);
	check_signature(check, &keys);
	check_journal(check, &keys);
	evidence_check_packs_proof(check);
}
