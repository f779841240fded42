/*
 * digest: SHA-256 that can be stopped and resumed, and HMAC over it.
 *
 * Layer 2.  Uses: nothing.  Owns: OpenSSL's libcrypto.
 *
 * Everywhere in hikae a digest is SHA-256 (FIPS 180-4) in 32 bytes.  Its state
 * after a multiple of 64 bytes is eight 32-bit words, the chaining value,
 * which is all that is needed to go on from there: this is how one slice of a
 * large file is verified alone (FORMATS section 2).
 *
 * Data may be NULL where its length is 0.
 */
#ifndef HIKAE_CRYPTO_DIGEST_H
#define HIKAE_CRYPTO_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define DIGEST_SHA256_BYTES 32

/* Offsets at which a state can be exported are multiples of this. */
#define DIGEST_SHA256_BLOCK_BYTES 64

/* A digest in the making; plain memory, copied by assignment. */
struct digest_sha256 {
	_Alignas(8) uint8_t opaque[128];
};

/* The state before the first byte: FIPS 180-4 section 5.3.3, big-endian. */
extern const uint8_t digest_sha256_initial[DIGEST_SHA256_BYTES];

void digest_sha256_init(struct digest_sha256 *digest);
void digest_sha256_update(
    struct digest_sha256 *digest, const void *data, size_t length);

/* The digest of all that was updated; afterwards, init again before use. */
void digest_sha256_final(
    struct digest_sha256 *digest, uint8_t ret_out[DIGEST_SHA256_BYTES]);

/*
 * The eight chaining values, big-endian.  To be called only where a multiple
 * of 64 bytes has gone in.
 */
void digest_sha256_export(
    const struct digest_sha256 *digest, uint8_t ret_state[DIGEST_SHA256_BYTES]);

/*
 * Init, but as if `offset` bytes (a multiple of 64, below 2^61) had gone in
 * and left this state.
 */
void digest_sha256_resume(struct digest_sha256 *digest,
    const uint8_t state[DIGEST_SHA256_BYTES], uint64_t offset);

/* How many bytes have gone in. */
uint64_t digest_sha256_offset(const struct digest_sha256 *digest);

/*
 * For who compresses blocks by other means (digest_pair): the eight words of
 * the state, where a multiple of 64 bytes has gone in; and the words after so
 * many blocks more.
 */
void digest_sha256_get_words(
    const struct digest_sha256 *digest, uint32_t ret_words[8]);
void digest_sha256_advance(
    struct digest_sha256 *digest, const uint32_t words[8], uint64_t blocks);

/* init, update, final in one. */
void digest_sha256_of(
    const void *data, size_t length, uint8_t ret_out[DIGEST_SHA256_BYTES]);

/* HMAC-SHA-256 (RFC 2104). */
void digest_hmac_sha256(const void *key, size_t key_length, const void *data,
    size_t length, uint8_t ret_out[DIGEST_SHA256_BYTES]);

#endif
