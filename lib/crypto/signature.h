/*
 * signature: Ed25519 keys and signatures in minisign's file formats.
 *
 * Layer 2.  Uses: base.  Owns: libsodium, minisign's formats (FORMATS 5).
 * Keys are in signature_key.c, signing and verifying in signature.c, the lines
 * that both read in signature_text.c.
 *
 * Texts are parsed strictly: the exact lines, each with its line feed, nothing
 * before or after, no control characters but the tab in comments, valid UTF-8.
 * Errors: ERROR_INPUT, the text is not in the format; ERROR_NOT_FOUND, the key
 * that signed is none of the given ones; ERROR_SIGNATURE, the signature does
 * not hold; ERROR_INTERNAL, no memory.
 */
#ifndef HIKAE_CRYPTO_SIGNATURE_H
#define HIKAE_CRYPTO_SIGNATURE_H

#include "lib/base/bytes.h"

#define SIGNATURE_KEY_ID_BYTES 8
#define SIGNATURE_PUBLIC_BYTES 32
#define SIGNATURE_SECRET_BYTES 64
#define SIGNATURE_RAW_BYTES 64
#define SIGNATURE_PREHASH_BYTES 64

/* Bytes of a trusted comment that is accepted, with its NUL. */
#define SIGNATURE_COMMENT_BYTES 1024

/* No key or signature file that is accepted is longer. */
#define SIGNATURE_FILE_BYTES_MAX 4096

#define SIGNATURE_KEY_ID_TEXT_BYTES 17 /* with its NUL */

struct signature_public {
	uint8_t key_id[SIGNATURE_KEY_ID_BYTES];
	uint8_t key[SIGNATURE_PUBLIC_BYTES];
};

/* To be wiped with signature_wipe as soon as it is not needed. */
struct signature_secret {
	uint8_t key_id[SIGNATURE_KEY_ID_BYTES];
	uint8_t key[SIGNATURE_SECRET_BYTES]; /* RFC 8032 seed, public key */
};

void signature_generate(struct signature_secret *ret_secret);
void signature_public_of(
    const struct signature_secret *secret, struct signature_public *ret_public);

/* Overwrite memory in a way that the compiler cannot leave out. */
void signature_wipe(void *memory, size_t length);

/* A key id as minisign prints it: 16 upper-case digits, last byte first. */
void signature_key_id_text(const uint8_t key_id[SIGNATURE_KEY_ID_BYTES],
    char ret_text[SIGNATURE_KEY_ID_TEXT_BYTES]);

/*
 * Append a secret key file to out.  With a passphrase it is encrypted with a
 * key that scrypt makes of it at minisign's cost, which takes seconds and
 * 1 GiB of memory (ERROR_LIMIT where there is not as much); passphrase NULL
 * writes it in clear.  The caller wipes out->data before freeing it.
 */
int signature_secret_encode(const struct signature_secret *secret,
    const char *passphrase, size_t passphrase_length, struct bytes *out,
    struct error *err) ERROR_CHECKED;

/*
 * Read a secret key file.  A wrong passphrase is ERROR_SIGNATURE, a missing
 * one ERROR_DENIED, one for a file in clear is not looked at.  A file that
 * asks scrypt for more than signature_secret_encode does (1 GiB, 2^25
 * operations) is ERROR_LIMIT.  The key halves must belong together; a checksum
 * of zeroes, which minisign writes for keys in clear, is taken as none.
 */
int signature_secret_decode(const char *text, size_t length,
    const char *passphrase, size_t passphrase_length,
    struct signature_secret *ret_secret, struct error *err) ERROR_CHECKED;

/* Whether a secret key file needs a passphrase; false where it is none. */
bool signature_secret_is_encrypted(const char *text, size_t length);

/* Append a public key file (two lines); its second line is the bare key. */
void signature_public_encode(
    const struct signature_public *public, struct bytes *out);

/* Read a public key file, or the bare key with or without a line feed. */
int signature_public_decode(const char *text, size_t length,
    struct signature_public *ret_public, struct error *err) ERROR_CHECKED;

/* The digest that is signed: BLAKE2b-512 (RFC 7693) of the message. */
struct signature_prehash {
	_Alignas(64) uint8_t opaque[384];
};

void signature_prehash_init(struct signature_prehash *prehash);
void signature_prehash_update(
    struct signature_prehash *prehash, const void *data, size_t length);
void signature_prehash_final(struct signature_prehash *prehash,
    uint8_t ret_out[SIGNATURE_PREHASH_BYTES]);

/*
 * Append the signature file for a message with that prehash.  The trusted
 * comment is signed too; both comments are one line as described above, the
 * trusted one below SIGNATURE_COMMENT_BYTES, the untrusted one below 1,000
 * bytes (else ERROR_INPUT).
 */
int signature_sign(const struct signature_secret *secret,
    const uint8_t prehash[SIGNATURE_PREHASH_BYTES], const char *trusted_comment,
    const char *untrusted_comment, struct bytes *out,
    struct error *err) ERROR_CHECKED;

/* What a signature that holds said. */
struct signature_seen {
	uint8_t key_id[SIGNATURE_KEY_ID_BYTES];
	char trusted_comment[SIGNATURE_COMMENT_BYTES];
};

/* The public keys that are trusted; the caller's. */
struct signature_keys {
	const struct signature_public *keys;
	size_t count;
};

/*
 * Check a signature file against the prehash of what was signed.  It must be
 * by one of the keys and of the prehashed kind ("ED"), and its signature over
 * the trusted comment must hold too.  ret_seen may be NULL.
 */
int signature_verify(const struct signature_keys *trusted,
    const uint8_t prehash[SIGNATURE_PREHASH_BYTES], const char *text,
    size_t length, struct signature_seen *ret_seen,
    struct error *err) ERROR_CHECKED;

/* A whole message in memory; data may be NULL where length is 0. */
struct signature_message {
	const void *data;
	size_t length;
};

/* The same against the message itself; takes the older kind ("Ed") as well. */
int signature_verify_message(const struct signature_keys *trusted,
    const struct signature_message *message, const char *text, size_t length,
    struct signature_seen *ret_seen, struct error *err) ERROR_CHECKED;

/* A plain Ed25519 signature (RFC 8032) over a message; whether one holds. */
void signature_sign_raw(const struct signature_secret *secret,
    const void *message, size_t length, uint8_t ret_raw[SIGNATURE_RAW_BYTES]);
bool signature_verify_raw(const struct signature_public *public,
    const void *message, size_t length,
    const uint8_t raw[SIGNATURE_RAW_BYTES]) ERROR_CHECKED;

#endif
