#include "lib/store/witness_check.h"

#include <string.h>

/* Of the hash, in the base64 character that it shares with the signature. */
#define SHARED_HASH_BITS 2

/* Bits in which two hashes of keys differ. */
static int
count_different(const uint8_t *a, const uint8_t *b)
{
	int count = 0;

	for (size_t i = 0; i < NOTE_KEY_HASH_BYTES; i++)
		count += __builtin_popcount((unsigned)(a[i] ^ b[i]));
	return count;
}

/*
 * A signature by one of the keys of which the hash rotted, or one character
 * that holds the end of the hash and the beginning of the signature: that makes
 * no unknown key.
 */
static bool
is_rotten(const struct keyring *keyring, const struct bytes *text,
    const struct note_signature *signature)
{
	uint8_t hash[NOTE_KEY_HASH_BYTES];

	for (size_t i = 0; i < keyring->public_count; i++) {
		const struct signature_public *public = &keyring->publics[i];

		note_key_hash(keyring->origin, public, hash);
		if (count_different(hash, signature->key_hash) <=
			SHARED_HASH_BITS ||
		    signature_verify_raw(
			public, text->data, text->length, signature->raw))
			return true;
	}
	return false;
}

/* WITNESS_EXTENDS: it is signed by whichever of the keys. */
static enum witness_verdict
verify(const struct keyring *keyring, const struct bytes *text,
    const struct note_signatures *signatures)
{
	struct error why = {0};

	for (size_t i = 0; i < keyring->public_count; i++) {
		if (note_parts_verify((const char *)text->data, text->length,
			keyring->origin, signatures, &keyring->publics[i],
			&why) == 0)
			return WITNESS_EXTENDS;
		if (why.code == ERROR_SIGNATURE)
			return WITNESS_UNSIGNED;
	}
	for (size_t i = 0; i < signatures->count; i++)
		if (!is_rotten(keyring, text, &signatures->items[i]))
			return WITNESS_UNKNOWN_KEY;
	return WITNESS_UNSIGNED;
}

/* What its words are worth; WITNESS_EXTENDS: they count. */
static int
weigh(const struct keyring *keyring, const struct witness_seen *seen,
    enum witness_verdict *ret_verdict, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	int rc;

	if (!seen->has_checkpoint) {
		*ret_verdict = WITNESS_MALFORMED;
		return 0;
	}
	if (strcmp(seen->checkpoint.origin, keyring->origin) != 0) {
		*ret_verdict = WITNESS_FOREIGN;
		return 0;
	}
	note_checkpoint_format(&seen->checkpoint, &text);
	rc = bytes_check(&text, err);
	if (rc == 0)
		*ret_verdict = verify(keyring, &text, &seen->signatures);
	bytes_done(&text);
	return rc;
}

int
witness_check(struct catalog *catalog, const struct keyring *keyring,
    const struct witness_seen *seen, struct witness_result *ret_result,
    struct error *err)
{
	const struct note_checkpoint *checkpoint = &seen->checkpoint;
	struct witness_result result = {.verdict = WITNESS_MALFORMED};
	uint64_t size;
	bool extends = false;

	if (weigh(keyring, seen, &result.verdict, err) != 0)
		return -1;
	if (result.verdict != WITNESS_EXTENDS) {
		*ret_result = result;
		return 0;
	}
	result.size = checkpoint->size;
	memcpy(result.root, checkpoint->root, sizeof(result.root));
	result.is_damaged =
	    seen->entries != checkpoint->size ||
	    memcmp(seen->root, checkpoint->root, sizeof(seen->root)) != 0;
	if (journal_size(catalog, &size, err) != 0 ||
	    journal_extends(catalog, checkpoint, &extends, err) != 0)
		return -1;
	if (!extends)
		result.verdict = checkpoint->size > size ? WITNESS_ROLLED_BACK
							 : WITNESS_REWRITTEN;
	*ret_result = result;
	return 0;
}
