/*
 * digest_any: the digests that other programs left beside their backups.
 *
 * Layer 2.  Uses: base.  Owns: OpenSSL's libcrypto (with crypto/digest).
 *
 * hikae itself relies on SHA-256 alone; MD5 (RFC 1321), SHA-1 and the other
 * members of SHA-2 (FIPS 180-4) and CRC-32C (RFC 3720 section 12.1) are only
 * computed to be compared with what a producer wrote.  They tell of damage;
 * MD5, SHA-1 and CRC-32C do not tell of forgery.
 */
#ifndef HIKAE_CRYPTO_DIGEST_ANY_H
#define HIKAE_CRYPTO_DIGEST_ANY_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

/* Bytes of the longest one. */
#define DIGEST_ANY_BYTES_MAX 64

enum digest_algorithm {
	DIGEST_MD5,
	DIGEST_SHA1,
	DIGEST_SHA224,
	DIGEST_SHA256,
	DIGEST_SHA384,
	DIGEST_SHA512,
	DIGEST_CRC32C, /* least significant byte first, as PostgreSQL has it */
};
#define DIGEST_ALGORITHMS (DIGEST_CRC32C + 1)

/* Bytes of its digests. */
size_t digest_algorithm_bytes(enum digest_algorithm algorithm);

/* "sha512": for messages and tests. */
const char *digest_algorithm_name(enum digest_algorithm algorithm);

/* A digest in the making. */
struct digest_any;

/* NULL: no memory.  It stands before the first byte. */
struct digest_any *digest_any_new(enum digest_algorithm algorithm);

/* Stand before the first byte again. */
void digest_any_restart(struct digest_any *digest);

void digest_any_update(
    struct digest_any *digest, const void *data, size_t length);

/* Afterwards, restart before use. */
void digest_any_final(
    struct digest_any *digest, uint8_t ret_out[DIGEST_ANY_BYTES_MAX]);

void digest_any_free(struct digest_any *digest);

#endif
