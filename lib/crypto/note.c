#include "lib/crypto/note.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/crypto/digest.h"
#include "lib/crypto/note_parts.h"

/* c2sp.org/signed-note, "Signature types": Ed25519. */
#define TYPE_ED25519 0x01

void
note_key_hash(const char *name, const struct signature_public *public,
    uint8_t ret_hash[NOTE_KEY_HASH_BYTES])
{
	static const uint8_t middle[] = {'\n', TYPE_ED25519};
	uint8_t out[DIGEST_SHA256_BYTES];
	struct digest_sha256 digest;

	digest_sha256_init(&digest);
	digest_sha256_update(&digest, name, strlen(name));
	digest_sha256_update(&digest, middle, sizeof(middle));
	digest_sha256_update(&digest, public->key, sizeof(public->key));
	digest_sha256_final(&digest, out);
	memcpy(ret_hash, out, NOTE_KEY_HASH_BYTES);
}

int
note_verifier_key_format(const char *name,
    const struct signature_public *public, struct bytes *out, struct error *err)
{
	uint8_t hash[NOTE_KEY_HASH_BYTES], key[1 + SIGNATURE_PUBLIC_BYTES];
	char text[2 * NOTE_KEY_HASH_BYTES + 1];

	if (!note_parts_is_name(name, strlen(name)))
		return error_set(err, ERROR_INPUT,
		    _("this name cannot be the name of a key"));
	note_key_hash(name, public, hash);
	bytes_format_hex(hash, sizeof(hash), text);
	key[0] = TYPE_ED25519;
	memcpy(key + 1, public->key, SIGNATURE_PUBLIC_BYTES);
	bytes_append_format(out, "%s+%s+", name, text);
	bytes_append_base64(out, key, sizeof(key));
	return bytes_check(out, err);
}

int
note_sign(const char *text, size_t length, const char *name,
    const struct signature_secret *secret, struct bytes *out, struct error *err)
{
	struct note_signature signature;
	struct signature_public public;

	if (!note_parts_is_name(name, strlen(name)))
		return error_set(err, ERROR_INPUT,
		    _("this name cannot be the name of a key"));
	if (length == 0 || length > NOTE_BYTES_MAX / 2 ||
	    text[length - 1] != '\n' || !note_parts_is_text(text, length))
		return error_set(err, ERROR_INPUT,
		    _("this text cannot be signed as a note"));
	signature_public_of(secret, &public);
	note_key_hash(name, &public, signature.key_hash);
	signature_sign_raw(secret, text, length, signature.raw);
	bytes_append(out, text, length);
	bytes_append_text(out, "\n");
	bytes_append_text(out, NOTE_PARTS_DASH);
	bytes_append_text(out, name);
	bytes_append_text(out, " ");
	bytes_append_base64(out, &signature, sizeof(signature));
	bytes_append_text(out, "\n");
	return bytes_check(out, err);
}

void
note_checkpoint_format(
    const struct note_checkpoint *checkpoint, struct bytes *out)
{
	bytes_append_format(
	    out, "%s\n%" PRIu64 "\n", checkpoint->origin, checkpoint->size);
	bytes_append_base64(out, checkpoint->root, NOTE_ROOT_BYTES);
	bytes_append_text(out, "\n");
}

int
note_checkpoint_encode(const struct note_checkpoint *checkpoint,
    const struct signature_secret *secret, struct bytes *out, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	int rc = -1;

	note_checkpoint_format(checkpoint, &text);
	if (bytes_check(&text, err) == 0)
		rc = note_sign((const char *)text.data, text.length,
		    checkpoint->origin, secret, out, err);
	bytes_done(&text);
	return rc;
}

int
note_verify(const char *note, size_t length, const char *name,
    const struct signature_public *public, size_t *ret_text_length,
    struct error *err)
{
	struct note_signatures signatures;
	size_t text_length;

	if (note_parts_take(
		note, length, name, &signatures, &text_length, err) != 0 ||
	    note_parts_verify(
		note, text_length, name, &signatures, public, err) != 0)
		return -1;
	*ret_text_length = text_length;
	return 0;
}

int
note_checkpoint_decode(const char *text, size_t length, const char *name,
    const struct signature_public *public, struct note_checkpoint *ret,
    struct error *err)
{
	struct note_checkpoint checkpoint;
	size_t text_length = 0;

	if (note_verify(text, length, name, public, &text_length, err) != 0)
		return -1;
	if (note_parts_parse_checkpoint(text, text_length, &checkpoint) != 0)
		return error_set(
		    err, ERROR_INPUT, _("the note is no checkpoint"));
	if (strcmp(checkpoint.origin, name) != 0)
		return error_set(err, ERROR_NOT_FOUND,
		    _("the checkpoint is of another journal"));
	*ret = checkpoint;
	return 0;
}
