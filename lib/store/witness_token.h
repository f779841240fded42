/*
 * witness_token: which medium this is, by the signed text on it.
 *
 * Layer 5.  Uses: crypto/medium_token, keyring.
 */
#ifndef HIKAE_STORE_WITNESS_TOKEN_H
#define HIKAE_STORE_WITNESS_TOKEN_H

#include "lib/crypto/keyring.h"
#include "lib/crypto/medium_token.h"

enum witness_token {
	WITNESS_TOKEN_NONE,
	WITNESS_TOKEN_GOOD,
	WITNESS_TOKEN_OTHER,   /* another medium of this installation */
	WITNESS_TOKEN_FOREIGN, /* another installation's */
	WITNESS_TOKEN_INVALID,
};

/* What a child took apart: never NONE, and INVALID unless a key signed it. */
enum witness_token witness_token_check(const struct keyring *keyring,
    const char *medium, const struct medium_token *token,
    const struct note_signatures *signatures);

/* Make a new token for a medium, and append it signed. */
int witness_token_make(const struct keyring *keyring, const char *medium,
    struct medium_token *ret_token, struct bytes *out,
    struct error *err) ERROR_CHECKED;

#endif
