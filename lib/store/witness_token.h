/*
 * witness_token: which medium this is, in a signed text on it.
 *
 * Layer 5.  Uses: crypto/note, keyring.  FORMATS section 11 has the form.
 */
#ifndef HIKAE_STORE_WITNESS_TOKEN_H
#define HIKAE_STORE_WITNESS_TOKEN_H

#include "lib/base/bytes.h"
#include "lib/crypto/keyring.h"

enum witness_token {
	WITNESS_TOKEN_NONE,
	WITNESS_TOKEN_GOOD,
	WITNESS_TOKEN_OTHER,   /* another medium of this installation */
	WITNESS_TOKEN_FOREIGN, /* another installation's */
	WITNESS_TOKEN_INVALID,
};

/* ret_digest: SHA-256 of the random part, where it is GOOD or OTHER. */
enum witness_token witness_token_check(const struct keyring *keyring,
    const char *medium, const struct bytes *text,
    uint8_t ret_digest[DIGEST_SHA256_BYTES]);

/* Append a new token for a medium. */
int witness_token_make(const struct keyring *keyring, const char *medium,
    struct bytes *out, struct error *err) ERROR_CHECKED;

#endif
