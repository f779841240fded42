/*
 * note: checkpoints of the journal as C2SP signed notes.
 *
 * Layer 2.  Uses: base, digest, signature.
 *
 * c2sp.org/signed-note and c2sp.org/tlog-checkpoint: three lines (origin,
 * number of leaves, root hash in base64), an empty line, one or more signature
 * lines.  Signatures are of type 0x01 (Ed25519).  hikae writes no extension
 * lines and refuses them: what is signed is what the three lines say.
 */
#ifndef HIKAE_CRYPTO_NOTE_H
#define HIKAE_CRYPTO_NOTE_H

#include "lib/base/bytes.h"
#include "lib/crypto/signature.h"

/* Bytes of an origin or key name, with its NUL. */
#define NOTE_NAME_BYTES 256

#define NOTE_ROOT_BYTES 32
#define NOTE_KEY_HASH_BYTES 4

/*
 * A note that is read has at most so many signature lines and bytes: the 16
 * that the specification asks for, post-quantum ones of 5 kB included.
 */
#define NOTE_SIGNATURES_MAX 16
#define NOTE_BYTES_MAX 131072

struct note_checkpoint {
	char origin[NOTE_NAME_BYTES];
	uint64_t size; /* leaves */
	uint8_t root[NOTE_ROOT_BYTES];
};

/* Append its text: the three lines, which are what is signed. */
void note_checkpoint_format(
    const struct note_checkpoint *checkpoint, struct bytes *out);

/*
 * Append the checkpoint signed with secret under its origin as key name.
 * ERROR_INPUT where the origin cannot be a key name (empty, spaces, control
 * characters, plus signs, not UTF-8); ERROR_INTERNAL without memory.
 */
int note_checkpoint_encode(const struct note_checkpoint *checkpoint,
    const struct signature_secret *secret, struct bytes *out,
    struct error *err) ERROR_CHECKED;

/*
 * Read and verify a checkpoint.  The origin must be `name`, and a signature by
 * `name` and `public` must be there and hold; signatures by others are
 * ignored.  ERROR_INPUT: not the format; ERROR_NOT_FOUND: another origin, or
 * not signed by this key; ERROR_SIGNATURE: the signature does not hold.
 */
int note_checkpoint_decode(const char *text, size_t length, const char *name,
    const struct signature_public *public, struct note_checkpoint *ret,
    struct error *err) ERROR_CHECKED;

/*
 * Append the signed note of any text ending in a line feed (the general form,
 * of which a checkpoint is one).
 */
int note_sign(const char *text, size_t length, const char *name,
    const struct signature_secret *secret, struct bytes *out,
    struct error *err) ERROR_CHECKED;

/*
 * Verify a signed note; *ret_text_length is the length of the text at its
 * beginning that the signature covers.  Errors as above.
 */
int note_verify(const char *note, size_t length, const char *name,
    const struct signature_public *public, size_t *ret_text_length,
    struct error *err) ERROR_CHECKED;

/* SHA-256(name || 0x0A || 0x01 || key), its first four bytes. */
void note_key_hash(const char *name, const struct signature_public *public,
    uint8_t ret_hash[NOTE_KEY_HASH_BYTES]);

/*
 * Append the verifier key that other tools take: "NAME+HEX8+BASE64", base64 of
 * 0x01 and the key.  ERROR_INPUT where name cannot be a key name.
 */
int note_verifier_key_format(const char *name,
    const struct signature_public *public, struct bytes *out,
    struct error *err) ERROR_CHECKED;

#endif
